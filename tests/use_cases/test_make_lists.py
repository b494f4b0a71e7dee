"""The command `lists`: the lists of a finished run again, of all of it or of a place, in the formats asked for."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.publish import RECOMMENDATIONS, read_csv, write_csv
from eligibility_audit.use_cases.make_lists import Wanted, cut, make_lists
from eligibility_audit.use_cases.run_folder import file_digest
from tests.publish.invented import EVERY, VERIFY, recommendations

ELSEWHERE = {**VERIFY, "district": "Huyện Hai", "commune": "Xã Bình Giả"}


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The folder of a finished run, as far as lists need it."""
    folder = tmp_path / "run"
    folder.mkdir()
    write_csv(recommendations([*EVERY, ELSEWHERE]), folder / "recommendations.csv", RECOMMENDATIONS)
    manifest = {
        "run_id": "0123456789ab",
        "as_of": "2020-12-31",
        "plan": {"name": "Rà soát thử", "as_of": "2020-12-31", "sources": [{"kind": "deaths", "path": "a.csv"}]},
        "files": {"recommendations.csv": file_digest(folder / "recommendations.csv")},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_lists_of_one_commune_hold_no_other(run: Path, tmp_path: Path) -> None:
    wanted = Wanted(("xlsx", "csv", "docx"), communes=("xã  bình giả",))
    made = make_lists(run, tmp_path / "out", wanted)
    assert [path.name for path in made] == [
        *("danh-sach-de-xuat.xlsx", "recommendations.csv", "can-xac-minh-xa-binh-gia.docx"),
    ]
    assert read_csv(tmp_path / "out" / "recommendations.csv")["commune"].unique().tolist() == ["Xã Bình Giả"]
    assert {oct(path.stat().st_mode & 0o777) for path in made} == {"0o600"}


def test_a_place_is_cut_to_in_all_ways_that_it_is_written() -> None:
    lines = recommendations([ELSEWHERE, {**ELSEWHERE, "commune": "XÃ BÌNH GIẢ"}])
    assert len(cut(lines, Wanted((), communes=("xã bình giả",)))) == 2


def test_only_the_list_that_is_asked_for_with_a_slip_a_case(run: Path, tmp_path: Path) -> None:
    made = make_lists(run, tmp_path / "out", Wanted(("pdf",), lists=("suspend",), slips=True))
    assert [path.name for path in made] == ["trinh-tam-dung.pdf", "phieu-trinh-tam-dung.pdf"]


def test_a_place_that_the_run_has_not_is_named_with_the_nearest(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Xã Bình Giả"):
        make_lists(run, tmp_path / "out", Wanted(("csv",), communes=("Xã Bình Gia",)))


def test_a_table_that_was_changed_gives_no_list(run: Path, tmp_path: Path) -> None:
    table = run / "recommendations.csv"
    table.write_bytes(table.read_bytes().replace(b"135000", b"935000"))
    with pytest.raises(IntegrityError, match=r"recommendations\.csv"):
        make_lists(run, tmp_path / "out", Wanted(("csv",)))


def test_what_is_there_is_not_written_over(run: Path, tmp_path: Path) -> None:
    wanted = Wanted(("csv",))
    make_lists(run, tmp_path / "out", wanted)
    with pytest.raises(UsageError, match="--out"):
        make_lists(run, tmp_path / "out", replace(wanted, formats=("jsonl",)))


def test_a_folder_that_is_no_run_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="run that published lists"):
        make_lists(tmp_path, tmp_path / "out", Wanted(("csv",)))
