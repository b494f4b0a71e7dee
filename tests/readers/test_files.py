"""Files of every kind arrive as text, cell for cell; what cannot be read is said in a sentence."""

import json
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from eligibility_audit.domain.received import ReceivedSheet
from eligibility_audit.errors import EligibilityAuditError, InputError, UsageError
from eligibility_audit.readers import SourceSpec, inspect_file, read_source, source_files
from eligibility_audit.readers import texts as text_files
from tests.readers.offices import DEATHS, GROUPS, NAMES, cp1258, legacy, old_workbook, workbook


def read(path: Path, kind: str = "deaths", encoding: str = "") -> ReceivedSheet:
    return next(read_source(SourceSpec(kind, path.name, encoding=encoding), path.parent))


# Text files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "encoding", "name"),
    [
        pytest.param(DEATHS.encode(), "utf-8", NAMES[0], id="utf-8"),
        pytest.param(DEATHS.encode("utf-8-sig"), "utf-8", NAMES[0], id="utf-8 with a mark"),
        pytest.param(DEATHS.replace("\n", "\r\n").encode("utf-16"), "utf-16", NAMES[0], id="utf-16 with a mark"),
        pytest.param(DEATHS.replace(",", "\t").encode("utf-16-le"), "utf-16-le", NAMES[0], id="utf-16, tabs, no mark"),
        pytest.param(DEATHS.replace(",", ";").encode("utf-16-be"), "utf-16-be", NAMES[0], id="utf-16 big-endian"),
        pytest.param(cp1258(DEATHS.replace(",", ";")), "cp1258", NAMES[0], id="cp1258, composed"),
        pytest.param(
            legacy(DEATHS, "tcvn3").encode("cp1252"), "tcvn3", legacy(NAMES[0], "tcvn3"), id="tcvn3, as received"
        ),
        pytest.param(legacy(DEATHS, "vni").encode("latin-1"), "vni", legacy(NAMES[0], "vni"), id="vni, as received"),
    ],
)
def test_encodings_delimiters_and_physical_lines(tmp_path: Path, content: bytes, encoding: str, name: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    sheet = read(path)
    assert sheet.encoding == encoding
    assert sheet.lines["source_row"].tolist() == [2, 3, 5]  # the third record spans two lines
    assert sheet.lines["name"].tolist() == [name, sheet.lines["name"].iloc[1], ""]
    assert sheet.lines["died_on"].tolist() == ["3/4/2019", "4/4/2019", "5/4/2019"]
    assert (sheet.total_lines, sheet.not_person) == (4, {"header": 1})


def test_blank_lines_are_counted_and_lines_with_stray_delimiters_are_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        DEATHS + "\n4/2019,Lê Văn Mười,1941,Nam,Xã X, huyện Y,5/4/2019,\n5/2019,Vũ Thị Ba,1942,Nữ,X,5/4/2019,\n"
    )
    sheet = read(path)
    assert sheet.not_person == {"header": 1, "blank": 1}
    shifted = sheet.lines[sheet.lines["source_row"] == 7].iloc[0]
    assert (shifted["name"], shifted["died_on"]) == ("", "")
    assert "Lê Văn Mười" in shifted["line"]
    assert sheet.lines["name"].iloc[-1] == "Vũ Thị Ba"
    assert "thừa dấu phân cách" in sheet.warnings[0]


def test_an_encoding_given_by_the_plan_is_used(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(cp1258(DEATHS))
    assert read(path, encoding="cp1258").lines["name"].iloc[0] == NAMES[0]
    with pytest.raises(InputError, match="không biết bảng mã"):
        read(path, encoding="klingon")


# Workbooks ---------------------------------------------------------------------------------------


def test_cells_keep_every_digit_and_errors_and_formulas_are_text(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Họ và tên", "Ngày sinh", "Số CCCD", "Ghi chú", "Ngày chết"])
    sheet.append([NAMES[0], date(1945, 2, 3), 34007276862, True, "=TODAY()"])
    sheet.append([NAMES[1], 16528, "3.40E+10", time(7, 30), "#N/A"])
    sheet.append([NAMES[2], 1945.0, 1.5, datetime(2020, 1, 2, 3, 4), 0.1 + 0.2])  # noqa: DTZ001 as a cell holds it
    sheet["E3"].data_type = "e"
    sheet["D5"] = "=cmd()"
    sheet["D5"].data_type = "s"
    sheet["A5"], sheet["B5"] = NAMES[3], 1950
    book.save(tmp_path / "a.xlsx")
    got = read(tmp_path / "a.xlsx")
    assert got.lines["date_of_birth"].tolist() == ["1945-02-03", "16528", "1945", "1950"]
    assert got.lines["national_id"].tolist() == ["34007276862", "3.40E+10", "1.5", ""]
    assert got.lines["note"].tolist() == ["TRUE", "07:30:00", "2020-01-02 03:04:00", "=cmd()"]
    assert got.lines["died_on"].tolist() == ["=TODAY()", "#N/A", "0.3", ""]
    assert "công thức" in got.warnings[0]


def test_a_table_that_does_not_begin_in_the_first_cell(tmp_path: Path) -> None:
    rows = [(), (), *(("", "", *row) for row in GROUPS)]
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": rows}), "social_assistance")
    assert sheet.lines["source_row"].tolist() == [6, 7, 9, 11, 12, 13, 15]
    assert sheet.total_lines == len(rows)


def test_only_the_sheets_that_the_plan_names(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", {"Một": GROUPS, "Hai": GROUPS})
    spec = SourceSpec("social_assistance", "a.xlsx", sheets=("Hai",))
    assert [s.source_sheet for s in read_source(spec, tmp_path)] == ["Hai"]
    with pytest.raises(InputError, match=r"Ba.*Một, Hai"):
        list(read_source(SourceSpec("social_assistance", "a.xlsx", sheets=("Ba",)), tmp_path))


# Tables ------------------------------------------------------------------------------------------


def test_parquet_is_numbered_from_one(tmp_path: Path) -> None:
    table = pa.table(
        {
            "ho_ten": [NAMES[0], None, NAMES[2]],
            "ngay_sinh": [1940.0, 1941.0, None],
            "so_cccd": [34007276862, None, 1],
            "ngay_mat": pa.array([0, 1, None], pa.date32()),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    sheet = read(tmp_path / "a.parquet")
    assert sheet.lines["source_row"].tolist() == [1, 2, 3]
    assert sheet.lines["name"].tolist() == [NAMES[0], "", NAMES[2]]
    assert sheet.lines["national_id"].tolist() == ["34007276862", "", "1"]
    assert sheet.lines["died_on"].tolist() == ["1970-01-01", "1970-01-02", ""]
    assert (sheet.header_rows, sheet.not_person) == ((), {})


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "secret-name.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(
            sa.text("create table huu (id integer primary key, ho_ten text, ngay_sinh text, tien integer)")
        )
        connection.execute(sa.text("create table khong_khoa (ho_ten text, ngay_sinh text)"))
        for number, name in enumerate(NAMES):
            connection.execute(
                sa.text("insert into huu values (:i, :n, '1940', 1500000)"), {"i": 10 - number, "n": name}
            )
    engine.dispose()
    monkeypatch.setenv("EA_SQL_BHXH", f"sqlite:///{path}")
    return path


def test_sql_table_in_the_stated_order(database: Path) -> None:
    spec = SourceSpec("pensions", sql="bhxh.huu", order_by="id desc")
    sheet = next(read_source(spec, database.parent))
    assert (sheet.source_file, sheet.source_sheet) == ("sql:bhxh.huu", "")
    assert sheet.lines["name"].tolist() == list(NAMES)
    assert sheet.lines["source_row"].tolist() == [1, 2, 3, 4, 5, 6]
    by_key = next(read_source(SourceSpec("pensions", sql="bhxh.huu"), database.parent))
    assert by_key.lines["name"].tolist() == list(reversed(NAMES))


@pytest.mark.parametrize(
    ("sql", "order_by", "says"),
    [
        pytest.param("khac.huu", "", "EA_SQL_KHAC", id="no URL"),
        pytest.param("bhxh.khong_co", "", "không có bảng này", id="no such table"),
        pytest.param("bhxh.huu", "tuoi", "tuoi", id="no such column"),
        pytest.param("bhxh.khong_khoa", "", "order_by", id="no order"),
        pytest.param("bhxh.huu; drop table huu", "", "bí_danh.bảng", id="not a table's name"),
    ],
)
def test_sql_errors_never_show_the_url(database: Path, sql: str, order_by: str, says: str) -> None:
    with pytest.raises(EligibilityAuditError, match=says) as caught:
        list(read_source(SourceSpec("pensions", sql=sql, order_by=order_by), database.parent))
    assert "secret-name" not in str(caught.value)


# Sources -----------------------------------------------------------------------------------------


def test_patterns_are_sorted_and_names_are_relative(tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    for name in ("b.csv", "a.csv"):
        (folder / name).write_text(DEATHS)
    workbook(folder / "~$b.xlsx", {"DS": GROUPS})  # Excel's lock file
    spec = SourceSpec("deaths", "lists/*")
    assert [s.source_file for s in read_source(spec, tmp_path)] == ["lists/a.csv", "lists/b.csv"]
    assert source_files(spec, tmp_path) == [folder / "a.csv", folder / "b.csv"]
    with pytest.raises(InputError, match="không có tệp nào khớp"):
        source_files(SourceSpec("deaths", "lists/*.xls"), tmp_path)
    with pytest.raises(UsageError):
        source_files(SourceSpec("deaths"), tmp_path)


# Bad files ---------------------------------------------------------------------------------------


def _truncated(path: Path) -> None:
    workbook(path, {"DS": GROUPS})
    path.write_bytes(path.read_bytes()[:3000])


def _sheet_xml(body: str) -> Callable[[Path], None]:
    """A workbook whose sheet is this XML."""

    def make(path: Path) -> None:
        whole = workbook(path.with_name("whole.xlsx"), {"DS": GROUPS})
        start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, start + body if "sheet1" in name else old.read(name))

    return make


def _locked(path: Path) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    whole = workbook(path.with_name("whole.xlsx"), {"DS": GROUPS})
    with whole.open("rb") as file, path.open("wb") as out:
        OOXMLFile(file).encrypt("mat-khau", out)


def _word(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "x")


def _parquet(path: Path) -> None:
    pq.write_table(pa.table({"ho_ten": list(NAMES)}), path)
    path.write_bytes(path.read_bytes()[:-20])


def _renamed(path: Path) -> None:
    shutil.copy(workbook(path.with_name("whole.xlsx"), {"DS": GROUPS}), path)


def _bytes(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


@pytest.mark.parametrize(
    ("name", "make", "says"),
    [
        pytest.param("a.xlsx", lambda path: None, "không có tệp này", id="missing"),
        pytest.param("a.xlsx", _bytes(b""), "tệp rỗng", id="empty workbook"),
        pytest.param("a.csv", _bytes(b"\r\n \n"), "tệp rỗng", id="csv of blanks"),
        pytest.param("a.xlsx", _truncated, "bị hỏng", id="truncated workbook"),
        pytest.param("a.xls", _bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)), "Office|hỏng", id="damaged xls"),
        pytest.param("a.xlsx", _sheet_xml("<row r='1'><c r='A1'"), "bị hỏng", id="broken sheet"),
        pytest.param("a.xlsx", _sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row>' * 2_000_000), "lớn bất", id="bomb"),
        pytest.param(
            "a.xlsx",
            _sheet_xml('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'),
            "lớn bất thường",
            id="a cell at the far end",
        ),
        pytest.param("a.xlsx", _locked, "mật khẩu", id="password"),
        pytest.param("a.xlsx", _word, "Word", id="docx named xlsx"),
        pytest.param("a.xlsx", _bytes(b"%PDF-1.4"), "PDF", id="pdf named xlsx"),
        pytest.param("a.xls", _bytes(b"<html><table><tr><td>x"), "HTML", id="html named xls"),
        pytest.param("a.xlsx", _bytes(DEATHS.encode()), "csv", id="csv named xlsx"),
        pytest.param("a.csv", _renamed, "bảng tính", id="xlsx named csv"),
        pytest.param("a.docx", _renamed, "không đọc loại tệp", id="another type"),
        pytest.param("a.csv", _bytes(DEATHS.encode("utf-16")[:-1]), "utf-16", id="utf-16 cut in a letter"),
        pytest.param("a.parquet", _parquet, "Parquet bị hỏng", id="truncated parquet"),
        pytest.param("a.csv", _bytes(DEATHS.encode() + b"\xff\xfe\xc3\n"), "dòng 6", id="undecodable bytes"),
        pytest.param(
            "a.csv",
            _bytes(DEATHS.replace("Thôn 1, Xã Quỳnh Hoa\"", "Thôn 1, Xã Quỳnh Hoa").encode()),
            "dấu ngoặc kép mở ở dòng 2",
            id="open quote",
        ),
    ],
)  # fmt: skip
def test_bad_files_get_a_sentence_in_two_languages(
    tmp_path: Path, name: str, make: Callable[[Path], None], says: str
) -> None:
    make(tmp_path / name)
    with pytest.raises(InputError, match=says) as caught:
        list(read_source(SourceSpec("deaths", name), tmp_path))
    sentence = str(caught.value)
    assert " / " in sentence
    assert str(tmp_path) not in sentence
    assert not any(person in sentence for person in NAMES)


def test_delimiters() -> None:
    assert text_files.find_delimiter("a;b;c\n1,5;2;3\n2,5;2;3\n") == ";"
    assert text_files.find_delimiter("a\tb\n1\t2\n") == "\t"
    assert text_files.find_delimiter("name\nx\n") == ","


# Inspection --------------------------------------------------------------------------------------


def test_inspection_guesses_the_kind_and_writes_the_columns(tmp_path: Path) -> None:
    rows = [("DANH SÁCH ĐỐI TƯỢNG BẢO TRỢ XÃ HỘI",), *GROUPS]
    found = inspect_file(workbook(tmp_path / "a.xlsx", {"DS": rows}))
    assert (found.kind, found.sheets[0].people) == ("social_assistance", 7)
    assert found.kind_confidence > 0.6
    assert found.columns["name"] == "HỌ VÀ TÊN"
    again = inspect_file(tmp_path / "a.xlsx", columns=found.columns, kind=found.kind)
    assert again.sheets[0].received is not None
    assert {c.field for c in again.sheets[0].columns} == set(found.columns)


def test_inspection_says_the_kind_of_an_old_workbook(tmp_path: Path) -> None:
    rows = [("Số khai tử", "Họ tên người chết", "Năm sinh", "Ngày chết")]
    rows += [(f"{i}/2019", n, "1940", "3/4/2019") for i, n in enumerate(NAMES)]
    assert inspect_file(old_workbook(tmp_path / "a.xls", rows)).kind == "deaths"


def test_inspection_as_text_is_vietnamese_first_and_can_be_pasted_into_a_plan(tmp_path: Path) -> None:
    import yaml

    from eligibility_audit.use_cases.inspect_file import inspect_file as described

    text = described(workbook(tmp_path / "a.xlsx", {"DS": [("BẢO TRỢ XÃ HỘI",), *GROUPS]}))
    assert "Loại danh sách / Kind of list: social_assistance" in text
    assert "người / people: 7" in text
    assert not any(person in text for person in NAMES)
    block = text[text.index("  - kind:") :]
    assert yaml.safe_load(block)[0]["columns"]["date_of_birth"] == "NĂM SINH"


# The example province ----------------------------------------------------------------------------


@pytest.mark.shared
def test_the_example_province_line_for_line(shared: Path) -> None:
    import csv

    import yaml

    province, key = shared / "rosters" / "province", shared / "rosters" / "key"
    people: dict[tuple[str, str], set[int]] = defaultdict(set)
    with (key / "truth.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if not row.get("member"):
                people[row["file"], row["sheet"]].add(row["excel_row"])
    with (key / "truth_rejects.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] == "quarantine":
                people[row["file"], row["sheet"]].add(int(row["excel_row"]))
    plan = yaml.safe_load((province / "audit.yaml").read_text(encoding="utf-8"))
    got = {
        (sheet.source_file, sheet.source_sheet): set(sheet.lines["source_row"])
        for source in plan["sources"]
        for sheet in read_source(SourceSpec(source["kind"], source["path"]), province)
    }
    assert {where for where in people if people[where] != got.get(where)} == set()
    assert {where for where, rows in got.items() if rows and where not in people} == set()
