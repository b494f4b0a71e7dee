"""Packs: what a commune gets, and that nothing of another commune is in it."""

import hashlib
import json
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
import pyzipper
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from pypdf import PdfReader
from typer.testing import CliRunner

from eligibility_audit.cli import app
from eligibility_audit.errors import UsageError
from eligibility_audit.publish import RECOMMENDATIONS, write_csv
from eligibility_audit.settings import load_settings
from eligibility_audit.use_cases.packs.make_packs import Packs, make_packs
from eligibility_audit.use_cases.packs.own_lines import ELSEWHERE, Everybody, Hidden, everybody, own_lines, sequence
from eligibility_audit.use_cases.run_folder import file_digest
from tests.publish.invented import MAYBE_DEAD, VERIFY, recommendations

TODAY = date(2026, 11, 22)
AN, BINH, CAM = ("Huyện Một", "Xã An Giả"), ("Huyện Một", "Xã Bình Giả"), ("Huyện Hai", "Xã Cam Giả")
PEOPLE = {  # a line a record: place, name, national id, dossier, source row
    AN: (("Nguyễn Văn Ẩn", "034048000001", "HH-0001", 7), ("Lý Thị Thanh Hà", "034048000002", "HH-0002", 8)),
    BINH: (("Trịnh Văn Kín", "034048000003", "HH-0003", 20), ("Lý Thị Thanh", "034048000004", "HH-0004", 21)),
    CAM: (("Đoàn Thị Giấu", "034048000005", "HH-0005", 30), ("Nguyễn Văn Ẩn", "034048000006", "HH-0006", 31)),
}
FILE = "rosters/cdhh.xlsx"


def evidence(*pieces: tuple[str, int]) -> str:
    return json.dumps([{"vi": vi, "en": "", "file": FILE, "sheet": "T", "row": row} for vi, row in pieces])


LINES = [
    VERIFY
    | {
        "district": AN[0],
        "commune": AN[1],
        "name": "Nguyễn Văn Ẩn",
        "dossier_no": "HH-0001",
        "source_row": 7,
        "reason_vi": "Trùng với Trịnh Văn Kín, số HH-0003, CCCD 034048000003, Xã Bình Giả; con: Lý Thị Thanh Hà.",
        "evidence_for": evidence(("Cột thời gian: 09/1976", 7), ("Cùng ngày sinh", 20), ("Số 034048000005", 7)),
        "evidence_against": evidence(("Nguyễn Văn Ẩn ở nơi khác", 31)),
        "identity_differs": "năm sinh của Đoàn Thị Giấu",
        "verify_with": "UBND Xã An Giả",
    },
    VERIFY
    | {
        "district": BINH[0],
        "commune": BINH[1],
        "name": "Trịnh Văn Kín",
        "dossier_no": "HH-0003",
        "source_row": 20,
        "evidence_for": evidence(("Trùng với Nguyễn Văn Ẩn", 7)),
        "evidence_against": evidence(("Lý Thị Thanh làm chứng", 21)),
    },
    VERIFY
    | {"district": CAM[0], "commune": CAM[1], "name": "Đoàn Thị Giấu", "dossier_no": "HH-0005", "source_row": 30},
    MAYBE_DEAD | {"name": "Người Không Nơi Ở", "dossier_no": "HH-0009"},
]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of three communes."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "records").mkdir()
    records = pd.DataFrame(
        [
            {"record_id": f"r-{place[1]}-{row}", "name": name, "national_id": number, "dossier_no": dossier}
            | {"district": place[0], "commune": place[1], "source_file": FILE, "source_sheet": "T", "source_row": row}
            for place, people in PEOPLE.items()
            for name, number, dossier, row in people
        ]
    )
    records.to_parquet(folder / "records" / "agent_orange.parquet")
    write_csv(recommendations(LINES), folder / "recommendations.csv", RECOMMENDATIONS)
    manifest = {"status": "done", "run_id": "0123456789ab", "as_of": "2026-10-31"} | {
        "plan": {"name": "Rà soát thử", "as_of": "2026-10-31", "sources": [{"kind": "agent_orange", "path": "a.xlsx"}]},
        "files": {"recommendations.csv": file_digest(folder / "recommendations.csv")},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Packs:
    home = tmp_path_factory.mktemp("packs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EA_HOME", str(home / "home"))
        return make_packs(run, home / "out", load_settings(), today=TODAY)


def opened(made: Packs, district: str) -> dict[str, bytes]:
    assert made.passwords is not None
    words = dict(line.split("\t") for line in made.passwords.read_text(encoding="utf-8").splitlines())
    (pack,) = [one for one in made.packs if one.district == district]
    with pyzipper.AESZipFile(pack.path) as packed:
        packed.setpassword(words[district].encode())
        return {name: packed.read(name) for name in packed.namelist()}


def text_of(name: str, content: bytes) -> str:
    """All that a reader sees, and what the file says of itself."""
    if name.endswith(".pdf"):
        reader = PdfReader(BytesIO(content))
        said = " ".join(page.extract_text() for page in reader.pages) + str(reader.metadata)
        return said.replace("\u200b", "")
    book = load_workbook(BytesIO(content))
    cells = [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None]
    return "\n".join([*cells, *(str(sheet.oddFooter.left.text) for sheet in book)])


def test_a_pack_searched_for_anything_of_another_commune_has_none(made: Packs) -> None:
    searched = 0
    for pack in made.packs:
        for name, content in opened(made, pack.district).items():
            if name == "manifest.json":
                continue
            own = next((p for p in PEOPLE if name.startswith(sequence_slug(p[1]))), ("", ""))
            mine = {word for person in PEOPLE.get(own, ()) for word in person[:3]}
            text = re.sub(r"\s+", " ", text_of(name, content))
            for word in sorted(mine, key=len, reverse=True):
                text = text.replace(word, "…")
            others = {word for people in PEOPLE.values() for person in people for word in person[:3]} - mine
            others |= {place[1] for place in PEOPLE} - {own[1]}
            assert [word for word in sorted(others) if word in text] == [], name
            searched += 1
    assert searched == 12, "each of four places: workbook, list and slips"


def sequence_slug(commune: str) -> str:
    return {"Xã An Giả": "xa-an-gia/", "Xã Bình Giả": "xa-binh-gia/", "Xã Cam Giả": "xa-cam-gia/"}[commune]


def test_its_own_stays_and_what_is_elsewhere_is_said_to_be(run: Path) -> None:
    people = everybody(run)
    line = own_lines(recommendations(LINES[:1]), people.elsewhere(AN)).iloc[0]
    assert "Lý Thị Thanh Hà" in line["reason_vi"], "a longer name of its own is left whole"
    assert line["reason_vi"].count(ELSEWHERE) == 4
    held, against = json.loads(line["evidence_for"]), json.loads(line["evidence_against"])
    assert [piece["vi"] for piece in held] == ["Cột thời gian: 09/1976", "Một hồ sơ ở xã khác.", "Một hồ sơ ở xã khác."]
    assert against == [
        {"vi": "Một hồ sơ ở xã khác.", "en": "A record of another commune.", "file": "", "sheet": "", "row": None}
    ]
    assert line["verify_with"] == "UBND Xã An Giả"
    assert line["name"] == "Nguyễn Văn Ẩn"


def test_an_end_a_manifest_with_hashes_and_nothing_open(made: Packs, run: Path) -> None:
    assert made.expires_on == date(2026, 12, 22)
    of = opened(made, "Huyện Một")
    manifest = json.loads(of["manifest.json"])
    assert manifest["expires_on"] == "2026-12-22"
    assert {f["file"]: f["sha256"] for f in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in of.items() if name != "manifest.json"
    }
    for name, content in of.items():
        if name.endswith(".pdf"):
            pages = [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]
            assert all("dùng đến hết ngày 22/12/2026" in page for page in pages), name
        elif name.endswith(".xlsx"):
            book = load_workbook(BytesIO(content))
            assert all("22/12/2026" in str(sheet.oddFooter.left.text) for sheet in book), name
    for pack in made.packs:
        assert pack.path.stat().st_mode & 0o777 == 0o600
        assert {info.flag_bits & 1 for info in pyzipper.ZipFile(pack.path).infolist()} == {1}
        assert not any("Nguyễn" in name or "HH-" in name for name in pyzipper.ZipFile(pack.path).namelist())
    assert made.passwords is not None
    assert made.passwords.parent != made.packs[0].path.parent
    assert made.passwords.stat().st_mode & 0o777 == 0o600
    index = json.loads((made.packs[0].path.parent / "packs.json").read_text(encoding="utf-8"))
    assert [one["sha256"] for one in index["packs"]] == [one.sha256 for one in made.packs]


def test_a_wrong_password_opens_nothing(made: Packs) -> None:
    with pyzipper.AESZipFile(made.packs[0].path) as packed:
        packed.setpassword(b"khong phai mat khau nay")
        with pytest.raises(RuntimeError, match="password"):
            packed.read("manifest.json")


def test_what_is_asked_has_to_be_there(run: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="không có huyện"):
        make_packs(run, tmp_path / "out", load_settings(), today=TODAY, districts=["Huyện Ba"])
    with pytest.raises(UsageError, match="12"):
        make_packs(run, tmp_path / "out", load_settings(), today=TODAY, districts=["Huyện Hai"], ask=lambda _: "ngắn")


def test_by_command_no_password_is_on_the_line_or_the_screen(run: Path, tmp_path: Path) -> None:
    arguments = ["packs", str(run), "--out", str(tmp_path / "out"), "--district", "huyện hai"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    word = (tmp_path / "out.mat-khau.txt").read_text(encoding="utf-8").split("\t")[1].strip()
    assert word not in done.output
    assert len(word) >= 25


WORDS = st.sampled_from(["Lê", "Văn", "Thị", "An", "xã", "12", "034048"])
NAME = st.lists(WORDS, min_size=2, max_size=4).map(" ".join)


@given(own=st.sets(NAME, max_size=3), others=st.sets(NAME, min_size=1, max_size=3), text=st.lists(WORDS, max_size=12))
def test_after_the_look_no_name_of_elsewhere_stands_but_inside_one_of_its_own(
    own: set[str], others: set[str], text: list[str]
) -> None:
    mine = frozenset(map(sequence, own))
    hidden = Hidden(("", ""), frozenset(map(sequence, others)) - mine, mine, Everybody({}, {}))
    left = f" {sequence(hidden.without(' '.join(text)))} "
    for name in sorted(mine, key=len, reverse=True):
        left = left.replace(f" {name} ", " | ")
    if not mine:
        assert [name for name in hidden.sequences if f" {name} " in left] == []
    assert hidden.without(hidden.without(" ".join(text))) == hidden.without(" ".join(text))


def test_a_sign_that_grows_in_small_letters_hides_nothing() -> None:
    hidden = Hidden(("", ""), frozenset({"trịnh văn kín"}), frozenset(), Everybody({}, {}))
    assert "Kín" not in hidden.without("İ: trùng với Trịnh Văn Kín")


def test_passwords_of_packs_that_were_sent_are_never_written_over(run: Path, tmp_path: Path) -> None:
    kept = tmp_path / "goi.mat-khau.txt"
    kept.write_text("Huyện Một\tsent\n", encoding="utf-8")
    with pytest.raises(UsageError, match="--out"):
        make_packs(run, tmp_path / "goi", load_settings(), today=TODAY)
    assert kept.read_text(encoding="utf-8") == "Huyện Một\tsent\n"
