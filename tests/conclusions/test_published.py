"""What leaves the system: the ledger to be filled in, and the report; and what comes back."""

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from eligibility_audit.domain.ledger import LEDGER
from eligibility_audit.publish.implementation import Implementation, accusing_words, write_implementation
from eligibility_audit.use_cases.load_conclusions import read_outcomes
from tests.conclusions.invented import CLEARS, DAY, FIRST, FORGED, NOBODY, SECOND, conclusion, ledger, outcome

PLAN = {"level": "plan", "number": "1/KH", "date": "2017-07-01", "body": "UBND tỉnh", "due": "2018-12-31"}
FILE = conclusion(stated=3, mandates=[PLAN], findings=[{"group": "Hồ sơ giả mạo", "stated": 2, "quoted": "2 hồ sơ"}])


def published(folder: Path, *findings: dict[str, Any], **more: Any) -> Path:
    made = ledger(*findings, **more)
    accusing = write_implementation(folder, Implementation(made, "Rà soát thử", DAY, "abc123"))
    assert accusing == ()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lines = FIRST | FORGED, FIRST | NOBODY, {**FIRST, **SECOND, **CLEARS}
    return published(tmp_path / "conclusions", *lines, conclusions=(FILE,))


def test_the_files_of_the_folder(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        *("ledger.csv", "candidates.csv", "reconciliation.csv", "ledger.xlsx"),
        *("report.html", "report-kl-1.html", "report-kl-2.html"),
    }
    with (folder / "ledger.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == LEDGER
    assert [row["state"] for row in rows] == ["cleared", "not_found", "cleared"]


def test_the_report_has_the_parts_of_an_official_report(folder: Path) -> None:
    text = (folder / "report.html").read_text(encoding="utf-8")
    for part in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: ……/BC-……",
        "BÁO CÁO",
        "Kết quả thực hiện Kết luận thanh tra số KL-1 ngày 15/06/2017; số KL-2 ngày 10/09/2019",
        "1/KH",
        "31/12/2018",
        "Tạ Thị Vắng",
        "thiếu 1",
        "Nơi nhận",
    ):
        assert part in text, part
    assert "://" not in text  # nothing is fetched


def test_the_same_ledger_gives_the_same_bytes(tmp_path: Path) -> None:
    one, other = (published(tmp_path / name, FIRST, FIRST | NOBODY, conclusions=(FILE,)) for name in ("one", "other"))
    assert {p.name: p.read_bytes() for p in one.iterdir()} == {p.name: p.read_bytes() for p in other.iterdir()}


def test_what_the_sources_say_is_escaped(tmp_path: Path) -> None:
    text = (published(tmp_path, FIRST | NOBODY | {"name": "<script>x</script>"}) / "report.html").read_text("utf-8")
    assert "<script" not in text


def test_the_linter_sees_an_accusing_word_and_not_a_quotation() -> None:
    assert accusing_words("<body><p>Người này vi phạm.</p></body>") == ("vi phạm",)
    assert accusing_words("<body><p>Nhóm “Hồ sơ giả mạo”</p></body>") == ()


def test_a_report_without_annex_lines_can_be_written(tmp_path: Path) -> None:
    made = ledger(FIRST)
    empty = type(made)(made.heads, made.lines.iloc[:0], made.candidates, made.reconciliation.iloc[:0])
    assert write_implementation(tmp_path, Implementation(empty, "Thử", DAY, "x")) == ()


def fill(book: Path, at: int, **cells: str) -> None:
    """What an officer does: open the workbook, write into the yellow cells of a line, save."""
    opened = openpyxl.load_workbook(book)
    sheet = opened.active
    assert sheet is not None
    headings = [cell.value for cell in sheet[4]]
    for heading, value in cells.items():
        sheet.cell(5 + at, headings.index(heading.replace("_", " ")) + 1, value)
    opened.save(book)


def test_what_is_filled_into_the_workbook_comes_back_in_the_next_run(folder: Path) -> None:
    fill(
        folder / "ledger.xlsx",
        1,
        Kết_quả="đã có quyết định dừng hoặc chấm dứt",
        Ngày_có_kết_quả="10/10/2019",
        Người_ghi="Nguyễn Thị Ghi",
        Số_văn_bản="12/QĐ",
        Ngày_văn_bản="09/10/2019",
    )
    results = read_outcomes(folder / "ledger.xlsx")
    assert [(found.state, found.document_no) for found in results] == [("stopped", "12/QĐ")]
    lines = FIRST | FORGED, FIRST | NOBODY, {**FIRST, **SECOND, **CLEARS}
    assert ledger(*lines, outcomes=results).lines["state"].tolist() == ["cleared", "stopped", "cleared"]


def test_the_filled_csv_comes_back_too(folder: Path) -> None:
    path = folder / "ledger.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[1] |= {"result_state": "reviewed", "result_on": "2019-10-10", "result_by": "Nguyễn Thị Ghi"}
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, LEDGER)
        writer.writeheader()
        writer.writerows(rows)
    assert [found.obligation_id for found in read_outcomes(path)] == [rows[1]["obligation_id"]]


def test_results_with_their_documents_stand_in_the_report(tmp_path: Path) -> None:
    code = str(ledger(FIRST).lines["obligation_id"].iloc[0])
    said = outcome(code, "reviewed", "2018-03-01", document_no="12/BB", note="Chờ trả lời")
    text = (published(tmp_path, FIRST, outcomes=(said,)) / "report.html").read_text(encoding="utf-8")
    assert "1/1</strong> dòng đã rà soát" in text
    assert "12/BB" in text
    assert "“Chờ trả lời”" in text
