"""The list that moves money: signed, served decisions alone, what the office owes first, sums in figures and words."""

from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader
from typer.testing import CliRunner

from eligibility_audit.cli import app
from eligibility_audit.domain.review.pay_changes import PayChange, first_day
from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import UsageError
from eligibility_audit.publish.papers import Entry, line_digest
from eligibility_audit.recommend.wording import check as check_wording
from eligibility_audit.store import ledger
from eligibility_audit.store.payments import changes_of, in_force
from eligibility_audit.use_cases.payments.month_list import make_month_list, month_of
from tests.store.invented import OFFICER

from .conftest import MONTH, NOW, Desk

SAYS = (
    "Số quyết định: 3 (ba).",
    "Truy lĩnh cơ quan còn phải trả, chi một lần: 6.206.000 đồng (sáu triệu hai trăm linh sáu nghìn đồng).",
    "Tăng mỗi tháng: 3.103.000 đồng (ba triệu một trăm linh ba nghìn đồng).",
    "Giảm mỗi tháng: 2.334.000 đồng (hai triệu ba trăm ba mươi tư nghìn đồng).",
)


def test_only_what_is_signed_and_served_and_arrears_stand_first(desk: Desk, tmp_path: Path) -> None:
    made = make_month_list(desk.office, MONTH, tmp_path / "out")
    assert made.paper.summary == SAYS  # 3 owes two months; 1 ends at 2.055.000, 2 falls by 279.000
    lines = [row for row in made.paper.rows if isinstance(row, Entry)]
    assert [line.id for line in lines] == ["c-3", "c-2", "c-1"]
    assert (made.found.signed, made.found.served) == (1, 0), "4 is signed and not served: on no list"
    assert line_digest("".join(t for _, t in cell) for cell in lines[0].cells[:1]) != lines[0].digest
    again = make_month_list(desk.office, MONTH, tmp_path / "again")
    assert again.paper.seal.digest == made.paper.seal.digest
    with desk.office.cases.reading() as connection:
        assert ledger.faults(connection) == []


def test_workbook_pdf_and_docx_say_the_same(desk: Desk, tmp_path: Path) -> None:
    made = make_month_list(desk.office, MONTH, tmp_path / "out")
    of = {path.suffix: path for path in made.files}
    book = load_workbook(of[".xlsx"], read_only=False)
    cells = [str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    pdf = " ".join(page.extract_text() for page in PdfReader(of[".pdf"]).pages)
    paper = Document(str(of[".docx"]))
    docx = [p.text for p in paper.paragraphs] + [c.text for t in paper.tables for r in t.rows for c in r.cells]
    texts = ("\n".join(cells), pdf.replace("\u200b", ""), "\n".join(docx))
    for text in texts:
        said = " ".join(text.split())
        wanted = ("DANH SÁCH TĂNG, GIẢM THÁNG 12/2026", *SAYS, made.paper.seal.digest, "17/QĐ-SNV", "Trần Văn Giả")
        assert [each for each in wanted if each not in said] == []
        assert [line for line in text.splitlines() if check_wording(line)] == []
        assert "là đề xuất" not in said
        assert said.index("3.103.000") < said.index("TẠM DỪNG, CHẤM DỨT")
    assert {path.stat().st_mode & 0o777 for path in made.files} == {0o600}


def test_a_name_that_a_spreadsheet_would_run_is_inert(desk: Desk, tmp_path: Path) -> None:
    desk.step(4, Step.SERVE, OFFICER, served_on=NOW.date(), means="signature", proof="d-1")
    desk.listed(4)
    made = make_month_list(desk.office, MONTH, tmp_path / "out", formats=("csv",))
    assert "'=Phạm Văn Mẫu" in made.files[0].read_text(encoding="utf-8-sig")
    texts = [text for row in made.paper.rows if isinstance(row, Entry) for cell in row.cells for _, text in cell]
    assert "'=Phạm Văn Mẫu" in texts


def test_an_execution_that_is_held_is_left_out_and_named(desk: Desk, tmp_path: Path) -> None:
    desk.complained(1, hold="yes")
    desk.complained(2, hold="no")
    made = make_month_list(desk.office, MONTH, tmp_path / "out", formats=("csv",))
    assert made.found.held == ("c-1",)
    assert [row.id for row in made.paper.rows if isinstance(row, Entry)] == ["c-3", "c-2"]
    assert "c-1: hoãn thi hành" in made.told()


def test_what_is_held_leaves_the_decision_before_it_in_force(desk: Desk) -> None:
    """3 was stopped in October and resumed for December: the resumption held, the stop goes on, and is still told."""
    desk.complained(3, hold="yes")
    assert {one.case_id: one.effect for one in in_force(desk.office, "2026-12")}["c-3"] == "end"


def test_another_month_has_other_decisions(desk: Desk) -> None:
    assert [one.case_id for one in changes_of(desk.office, "2026-10").changes] == ["c-3"]
    assert changes_of(desk.office, "2027-01").changes == ()


@pytest.mark.parametrize(
    ("now", "late"),
    [
        pytest.param(NOW.replace(day=23), False, id="23 November, a Monday: in time for December"),
        pytest.param(NOW.replace(day=24), True, id="24 November is a holiday: the clock closed before it; it says so"),
    ],
)
def test_before_the_25th(desk: Desk, tmp_path: Path, now: object, late: bool) -> None:
    desk.on(now)  # type: ignore[arg-type]
    made = make_month_list(desk.office, MONTH, tmp_path / "out", formats=("csv",))
    assert ("Lập sau hạn gửi" in made.paper.batch.source) == late


def test_a_month_is_read_as_people_write_it() -> None:
    assert first_day("12/2026") == first_day("2026-12") == date(2026, 12, 1)
    for text in ("2026", "13/2026", "tháng 12", ""):
        with pytest.raises(UsageError, match="viết như"):
            month_of(text)


@pytest.mark.parametrize(
    ("effect", "monthly", "new", "before", "after"),
    [
        pytest.param("end", 900, None, 900, 0, id="an end"),
        pytest.param("pause", None, None, None, 0, id="a pause, amount not known"),
        pytest.param("resume", 900, None, 0, 900, id="a resumption"),
        pytest.param("resume", 900, 700, 0, 700, id="a resumption at another rate"),
        pytest.param("less", 900, 700, 900, 700, id="a lower rate"),
        pytest.param("more", 900, None, 900, None, id="a higher rate that the decision alone states"),
        pytest.param("repay", 900, None, 900, 900, id="a repayment leaves the month's payment as it is"),
    ],
)
def test_what_a_decision_does_to_a_month(
    effect: str, monthly: int | None, new: int | None, before: int | None, after: int | None
) -> None:
    one = PayChange("c", "agent_orange", "x", effect, "2026-12", "1", "", "", "", monthly=monthly, new_amount=new)
    assert (one.before, one.after) == (before, after)


def test_by_command(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EA_STORE_URL", str(desk.office.engine.url))
    monkeypatch.setenv("EA_HOME", str(tmp_path))
    run = CliRunner().invoke(app, ["payments", "list", "--month", "12/2026", "--out", str(tmp_path / "out")])
    assert run.exit_code == 0, run.output
    assert len(list((tmp_path / "out").iterdir())) == 4
    assert SAYS[1] in run.output
    assert "Thị" not in run.output, "no name on the screen"
