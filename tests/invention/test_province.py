"""An invented province: everybody accounted for, the key true to the files, every code planted, the same again."""

import csv
import importlib.util
import json
import random
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from eligibility_audit.errors import UsageError
from eligibility_audit.invention import InventedProvince, invent
from eligibility_audit.invention.communes import choose_province
from eligibility_audit.invention.legacy import encode
from eligibility_audit.invention.planting import RATES

SHARED = Path(__file__).parents[2].parent / "shared" / "rosters"
NOT_A_CODE = {"gone"}
MEDIA = {
    "comma": ("utf-8-sig", ","),
    "semicolon": ("utf-8-sig", ";"),
    "tab": ("utf-16", "\t"),
    "cp1258": ("cp1258", ","),
    "tcvn3": ("latin-1", ","),
}
Row = dict[str, Any]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> InventedProvince:
    return invent(2000, 11, tmp_path_factory.mktemp("invented"))


@pytest.fixture(scope="module")
def truth(made: InventedProvince) -> list[Row]:
    with (made.key_folder / "truth.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@pytest.fixture(scope="module")
def rejects(made: InventedProvince) -> list[dict[str, str]]:
    return table(made, "truth_rejects.csv")


@pytest.fixture(scope="module")
def files(made: InventedProvince) -> dict[tuple[str, str], list[list[str]]]:
    """Every sheet as rows of text."""
    found = {}
    for sheet in table(made, "truth_sheets.csv"):
        path = made.plan_path.parent / sheet["file"]
        if path.suffix == ".csv":
            encoding, delimiter = MEDIA[sheet["encoding"]]
            with path.open(encoding=encoding, newline="") as file:
                rows = list(csv.reader(file, delimiter=delimiter))
        else:
            page = CalamineWorkbook.from_path(path).get_sheet_by_name(sheet["sheet"])
            rows = [[str(cell) for cell in row] for row in page.to_python(skip_empty_area=False)]
        found[sheet["file"], sheet["sheet"]] = rows
    return found


def table(made: InventedProvince, name: str) -> list[dict[str, str]]:
    with (made.key_folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def test_it_has_as_many_people_as_asked_for(made: InventedProvince) -> None:
    assert made.persons == 2000
    assert sum(made.counts.values()) > 1.7 * made.persons


def test_every_code_and_trap_is_planted_at_least_twice_as_far_as_it_is_a_matter_of_lines(
    made: InventedProvince,
) -> None:
    missing = {code for code in RATES.keys() - NOT_A_CODE if made.planted.get(code, 0) < 2}
    assert missing == set()
    assert {
        "AO_PARENT_FORGED",
        "CV_DEAD_CLEAR",
        "CV_DEAD_FUZZY",
        "T_BASIS_NO_PCT",
        "T_MISSING_ID",
    } <= made.planted.keys()


def test_each_row_of_each_sheet_stands_once_in_the_key(
    truth: list[Row], rejects: list[dict[str, str]], files: dict[tuple[str, str], list[list[str]]]
) -> None:
    told: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    for row in truth:
        if row.get("member", 0) == 0:
            told[row["file"], row["sheet"]][row["excel_row"]] += 1
    for reject in rejects:
        told[reject["file"], reject["sheet"]][int(reject["excel_row"])] += 1
    assert told.keys() == files.keys()
    for sheet, rows in files.items():
        assert set(told[sheet].values()) == {1}, sheet
        assert sorted(told[sheet]) == list(range(1, len(rows) + 1)), sheet


def test_the_name_of_the_key_stands_on_its_row(
    made: InventedProvince, truth: list[Row], files: dict[tuple[str, str], list[list[str]]]
) -> None:
    encodings = {(s["file"], s["sheet"]): s["encoding"] for s in table(made, "truth_sheets.csv")}
    for row in truth:
        where = row["file"], row["sheet"]
        encoding = row.get("row_encoding", encodings[where])
        shown = " ".join(files[where][row["excel_row"] - 1])
        if encoding in ("tcvn3", "vni"):
            words = [encode(word, encoding) for word in row["name"].split()]
            assert all(word in shown for word in words), row
        else:
            assert all(word in plain(shown) for word in plain(row["name"]).split()), row


def test_a_header_that_is_repeated_is_the_same_again(
    made: InventedProvince, files: dict[tuple[str, str], list[list[str]]]
) -> None:
    for sheet in table(made, "truth_sheets.csv"):
        rows = json.loads(sheet["header_rows"])
        depth = max(len(heading.split(" | ")) for _, heading in json.loads(sheet["columns"]))
        shown = [files[sheet["file"], sheet["sheet"]][row - 1] for row in rows]
        assert all(shown[place] == shown[place % depth] for place in range(len(shown))), sheet["file"]


def test_a_number_of_the_key_stands_on_its_row(truth: list[Row], files: dict[tuple[str, str], list[list[str]]]) -> None:
    for row in truth:
        if row["id"]:
            cells = files[row["file"], row["sheet"]][row["excel_row"] - 1]
            digits = ["".join(c for c in cell.removesuffix(".0") if c.isdigit()) for cell in cells]
            assert row["id"].lstrip("0") in [d.lstrip("0") for d in digits], row


def test_a_birth_year_of_the_key_stands_on_its_row(
    truth: list[Row], files: dict[tuple[str, str], list[list[str]]]
) -> None:
    for row in truth:
        if row["dob"] and not {"dob_serial"} & set(row["noise"]):
            shown = " ".join(files[row["file"], row["sheet"]][row["excel_row"] - 1])
            assert row["dob"][2:4] in shown, row


def test_twelve_digit_numbers_agree_with_sex_and_year_but_for_the_planted(made: InventedProvince) -> None:
    people = table(made, "truth_entities.csv")
    for person in people:
        number, year = person["id12"], int(person["dob"][:4])
        assert len(number) == 12
        assert len(person["id9"]) == 9
        assert number[3] == str((person["sex"] == "F") + 2 * (year >= 2000))
        assert number[4:6] == person["dob"][2:4]
    for column in ("id9", "id12"):
        assert len({p[column] for p in people}) == len(people)


def test_a_clear_death_agrees_on_the_number_or_on_name_date_and_commune(truth: list[Row]) -> None:
    registered = defaultdict(list)
    for row in truth:
        if row["prog"] == "DE":
            registered[row["entity_id"]].append(row)
    clear = [r for r in truth if any(code.endswith("_DEAD_CLEAR") for code in r["planted"])]
    fuzzy = [r for r in truth if any(code.endswith("_DEAD_FUZZY") for code in r["planted"])]
    assert len(clear) >= 6
    assert all(any(sure(row, death) for death in registered[row["entity_id"]]) for row in clear)
    assert not any(sure(row, death) for row in fuzzy for death in registered[row["entity_id"]])


def sure(row: Row, death: Row) -> bool:
    by_number = row["id"] is not None and row["id"] == death["id"]
    by_all = plain(row["name"]) == plain(death["name"]) and len(row["dob"] or "") == 10 and row["dob"] == death["dob"]
    return by_number or (by_all and row["commune_code"] == death["commune_code"])


def test_a_person_twice_on_a_roster_has_two_lines_in_two_communes(truth: list[Row]) -> None:
    twice = defaultdict(list)
    for row in truth:
        for code in row["planted"]:
            if code in ("AO_DUP", "ME_DUP", "SA_DUP", "CV_DUP"):
                twice[code, row["entity_id"]].append(row)
    assert all(len(rows) == 2 for rows in twice.values())
    assert all(a["commune_code"] != b["commune_code"] for a, b in twice.values())
    assert {rows[0]["x"]["dup_kind"] for (code, _), rows in twice.items() if code == "AO_DUP"} == {
        "id_same", "name_dob", "id9v12_tone", "idtypo_year", "id_midswap", "weak",
    }  # fmt: skip


def test_links_are_all_pairs_of_rows_of_one_person(made: InventedProvince, truth: list[Row]) -> None:
    rows = Counter(row["entity_id"] for row in truth)
    links = table(made, "truth_links.csv")
    assert len(links) == sum(n * (n - 1) // 2 for n in rows.values())
    assert {link["evidence"] for link in links} >= {"id", "name_dob_commune", "name_year_commune", "weak"}


def test_at_least_six_offices_lay_out_their_lists_differently(made: InventedProvince) -> None:
    headings = {s["columns"] for s in table(made, "truth_sheets.csv") if s["file"].startswith("rosters/")}
    names = {json.loads(c)[1][1] for c in headings} | {json.loads(c)[2][1] for c in headings}
    assert len(headings) >= 12
    assert len(names) >= 6


@pytest.mark.parametrize(
    "files_as", ["auto", "parquet", *(pytest.param(f, marks=pytest.mark.slow) for f in ("workbooks", "csv"))]
)
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, files_as: Any) -> None:
    first, second = (invent(1500, 3, tmp_path / name, files_as) for name in ("a", "b"))
    assert first.counts == second.counts
    one, two = (sorted(p for p in (tmp_path / name).rglob("*") if p.is_file()) for name in ("a", "b"))
    assert [p.relative_to(tmp_path / "a") for p in one] == [p.relative_to(tmp_path / "b") for p in two]
    assert [a.name for a, b in zip(one, two, strict=True) if a.read_bytes() != b.read_bytes()] == []


def test_parquet_has_a_row_a_person(tmp_path: Path) -> None:
    made = invent(1500, 5, tmp_path, "parquet")
    rows = pq.read_table(tmp_path / "province" / "references" / "deaths.parquet").num_rows
    assert rows == made.counts["deaths"]


def test_other_seeds_give_other_provinces() -> None:
    provinces = [choose_province(random.Random(seed), 2000) for seed in range(12)]
    assert len({p.full for p in provinces}) > 8
    assert all(len(p.districts) >= 4 for p in provinces)
    assert all(c.full == f"{c.kind} {c.short}" for p in provinces for c in p.communes)
    assert all("(" not in c.full + c.district.brief for p in provinces for c in p.communes)


@pytest.mark.parametrize("persons", [0, 1499, 1_000_001])
def test_too_few_or_too_many_is_said(tmp_path: Path, persons: int) -> None:
    with pytest.raises(UsageError, match="from 1,500 to 1,000,000"):
        invent(persons, 1, tmp_path)


def test_a_folder_in_use_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="not empty"):
        invent(2000, 1, tmp_path)


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the example province is not here")
def test_nobody_of_the_example_province_is_in_it(made: InventedProvince) -> None:
    def whole(path: Path) -> set[tuple[str, ...]]:
        with path.open(encoding="utf-8", newline="") as file:
            return {(r["name"], r["dob"], r["commune"]) for r in csv.DictReader(file)}

    assert not whole(SHARED / "key" / "truth_entities.csv") & whole(made.key_folder / "truth_entities.csv")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the scoring script is not here")
def test_a_perfect_run_scores_in_full(
    made: InventedProvince,
    truth: list[Row],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A run that says exactly what the key says: the scoring script reads our key, and the key agrees with itself."""
    write_perfect_run(made, truth, tmp_path)
    spec = importlib.util.spec_from_file_location("score", SHARED / "score.py")
    assert spec is not None
    assert spec.loader is not None
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    result = tmp_path / "result.json"
    monkeypatch.setattr("sys.argv", ["score", str(tmp_path), str(made.key_folder), "--json", str(result)])
    score.main()
    capsys.readouterr()
    found = json.loads(result.read_text(encoding="utf-8"))
    assert found["sheets_right"][0] == found["sheets_right"][1]
    assert found["wrong_rejects"] == found["keep_flagged"][0] == 0
    assert all(right == of for _, right, of in found["codes"].values())
    assert found["stop_precision"][0] == found["stop_precision"][1] > 0
    assert found["links"]["recall"][0] == found["links"]["recall"][1]


def write_perfect_run(made: InventedProvince, truth: list[Row], folder: Path) -> None:
    rejects = table(made, "truth_rejects.csv")
    quarantine = [r for r in rejects if r["kind"] == "quarantine"]
    stays = Counter((r["file"], r["sheet"]) for r in quarantine if r["reason"] != "empty_name")
    nameless = Counter((r["file"], r["sheet"]) for r in quarantine if r["reason"] == "empty_name")
    nobody = Counter((r["file"], r["sheet"]) for r in rejects if r["kind"] == "no_person")
    heads = Counter((r["file"], r["sheet"]) for r in truth if r.get("member", 0) == 0)
    account = [
        [f, s, n + stays[f, s] + nameless[f, s] + nobody[f, s], n + stays[f, s], nameless[f, s], nobody[f, s]]
        for (f, s), n in heads.items()
    ]
    write(folder / "reconciliation.csv", "source_file source_sheet lines records rejects not_person", account)
    stage = {"empty_name": "line"}
    lines = [[r["file"], r["sheet"], r["excel_row"], stage.get(r["reason"], "field")] for r in quarantine]
    write(folder / "rejects.csv", "source_file source_sheet source_row stage", lines)
    actions = {"stop": "terminate"}
    flagged = [
        [r["file"], r["sheet"], r["excel_row"], actions.get(r["expected"], r["expected"])]
        for r in truth
        if r["expected"] != "keep"
    ]
    write(folder / "recommendations.csv", "source_file source_sheet source_row action", flagged)
    links = [
        [k["file_l"], k["sheet_l"], k["row_l"], k["file_r"], k["sheet_r"], k["row_r"], "1"]
        for k in table(made, "truth_links.csv")
    ]
    head = "left_file left_sheet left_row right_file right_sheet right_row match_probability"
    write(folder / "links.csv", head, links)


def write(path: Path, header: str, rows: list[list[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header.split(), *rows])
