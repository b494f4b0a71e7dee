"""Opinions filled in offline come back as drafts; a line that was changed is refused and named."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from eligibility_audit.cli import app
from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import InputError, RefusedError
from eligibility_audit.publish import Batch, write_lists
from eligibility_audit.publish.lines import HEADINGS
from eligibility_audit.store import ledger
from eligibility_audit.store.opinions import opinions_of
from eligibility_audit.store.tables import CaseRow
from eligibility_audit.use_cases.review.import_opinions import import_opinions
from tests.store.invented import CHECKER, COMMUNE, OFFICER

from .conftest import Desk, lines_of_run

SHEET = "Cần xác minh"
SAID = "Đã gặp ông; còn giấy tờ gốc."
Filled = Callable[..., Path]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    (path,) = write_lists(tmp_path_factory.mktemp("lists"), lines_of_run(), Batch("Thử", date(2026, 10, 31), "0" * 12))
    return path


@pytest.fixture
def filled(printed: Path, tmp_path: Path) -> Filled:
    """The workbook with cells written into the line of a case: column (from 1) -> text."""

    def fill(case: int, changes: dict[int, str], as_csv: bool = False) -> Path:
        book = load_workbook(printed)
        sheet = book[SHEET]
        wanted = f"HH{case:06}"
        (row,) = [r for r in sheet.iter_rows() if str(r[1].value).startswith(wanted)]
        for column, value in changes.items():
            sheet.cell(row[0].row, column, value)
        if not as_csv:
            book.save(tmp_path / "ghi.xlsx")
            return tmp_path / "ghi.xlsx"
        with (tmp_path / "ghi.csv").open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows([[cell.value for cell in r] for r in sheet.iter_rows()])
        return tmp_path / "ghi.csv"

    return fill


@pytest.mark.parametrize("as_csv", [False, True], ids=["workbook", "a sheet of it as csv"])
def test_an_opinion_comes_in_once_as_a_draft_and_takes_no_step(desk: Desk, filled: Filled, as_csv: bool) -> None:
    with desk.office.cases.reading() as connection:
        before = connection.execute(select(CaseRow.case_id, CaseRow.state, CaseRow.seq)).all()
    path = filled(5, {9: SAID}, as_csv)
    made = import_opinions(desk.office, COMMUNE, path, lines_of_run())
    assert (made.added, made.known, made.empty, made.refused) == (1, 0, 5, ())
    again = import_opinions(desk.office, COMMUNE, path, lines_of_run())
    assert (again.added, again.known) == (0, 1)
    (draft,) = opinions_of(desk.office, "c-5")
    assert (draft["text"], draft["writer"]) == (SAID, COMMUNE.name)
    assert draft["source"].startswith(path.name)
    with desk.office.cases.reading() as connection:
        assert connection.execute(select(CaseRow.case_id, CaseRow.state, CaseRow.seq)).all() == before
        assert ledger.faults(connection) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        pytest.param({3: "Người Khác\nsinh 1950"}, "cột “Họ tên – ngày sinh” đã bị sửa", id="the name"),
        pytest.param({5: "Không có dấu hiệu."}, "cột “Lý do” đã bị sửa", id="the reason"),
        pytest.param({1: "99"}, "đã bị sửa|không khớp", id="the number in the list"),
        pytest.param({1: "x"}, "cột TT bị sửa", id="no number"),
        pytest.param({2: "HH000005\nmã m-ffff\nkt 000000000000"}, "không phải dòng của lần chạy này", id="another id"),
    ],
)
def test_a_changed_line_is_refused_and_named(desk: Desk, filled: Filled, changes: dict[int, str], why: str) -> None:
    made = import_opinions(desk.office, COMMUNE, filled(5, {9: SAID, **changes}), lines_of_run())
    assert made.added == 0
    ((place, said),) = made.refused
    assert any(part in said for part in why.split("|")), said
    assert place.startswith("ghi.xlsx, dòng")
    assert opinions_of(desk.office, "c-5") == []
    assert "Người" not in made.told(), "no name is told"


def test_a_line_of_an_older_run_is_refused(desk: Desk, filled: Filled) -> None:
    later = lines_of_run().assign(reason_vi=pd.array(["Lý do mới."] * 6, dtype="string[pyarrow]"))
    made = import_opinions(desk.office, COMMUNE, filled(5, {9: SAID}), later)
    assert [why for _, why in made.refused] != []


def test_only_who_reviews_and_only_in_their_area(desk: Desk, filled: Filled) -> None:
    path = filled(5, {9: SAID})
    with pytest.raises(RefusedError, match="Vai trò"):
        import_opinions(desk.office, CHECKER, path, lines_of_run())
    elsewhere = Actor("u-officer", "Người Thụ Lý", Role.OFFICER, "Phòng", frozenset({"Huyện D"}))
    made = import_opinions(desk.office, elsewhere, path, lines_of_run())
    assert (made.added, next(why for _, why in made.refused)[:8]) == (0, "không có")


def test_a_file_that_is_no_list_is_a_sentence(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Số hồ sơ;Ý kiến\n1;2\n", encoding="utf-8")
    with pytest.raises(InputError, match="không có cột"):
        import_opinions(desk.office, OFFICER, tmp_path / "a.csv", lines_of_run())


def test_a_draft_is_history(desk: Desk, filled: Filled) -> None:
    import_opinions(desk.office, OFFICER, filled(5, {9: SAID}), lines_of_run())
    for statement in ("UPDATE opinion_drafts SET text = 'x'", "DELETE FROM opinion_drafts"):
        with pytest.raises(DatabaseError, match="history is only added to"), desk.office.engine.begin() as connection:
            connection.execute(text(statement))


def test_a_wrong_password_brings_nothing_in(
    desk: Desk, filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EA_STORE_URL", str(desk.office.engine.url))
    monkeypatch.setenv("EA_HOME", str(tmp_path))
    from eligibility_audit.store.accounts import add_account

    add_account(desk.office, login="lan", name="Lan", role=Role.OFFICER, unit="Phòng", password="mat khau thu 1")  # noqa: S106
    path = str(filled(5, {9: SAID}))
    run = CliRunner().invoke(app, ["opinions", "import", path, "--by", "lan"], input="sai mat khau\n")
    assert run.exit_code != 0
    assert "mật khẩu không đúng" in str(run.exception)
    assert opinions_of(desk.office, "c-5") == []


def test_the_heading_is_the_one_of_the_lists() -> None:
    assert HEADINGS[8] == "Khiếu nại; ý kiến cán bộ rà soát"
