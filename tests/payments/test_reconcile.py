"""What the payer returned, beside the decisions in force: questions, and nobody is accused."""

from collections import Counter
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from eligibility_audit.cli import app
from eligibility_audit.domain.review.pay_changes import PayChange
from eligibility_audit.errors import InputError
from eligibility_audit.publish import read_csv
from eligibility_audit.recommend.wording import check as check_wording
from eligibility_audit.store.payments import in_force
from eligibility_audit.use_cases.payments.reconcile import (
    ASK_VI,
    RESULTS,
    TO_ASK,
    PaidLine,
    compared,
    paid_lines,
    reconcile,
)

from .conftest import MONTH, Desk, Filed

HEAD = "Số hồ sơ;Họ và tên;Năm sinh;Số tiền;Trạng thái\n"
RIGHT = (
    "HH000002;Trần Văn Giả;1950;1.200.000;đã chi\n"
    "HH000003;Lê Thị Bịa;1939;9.309.000;đã chi\n"  # 3.103.000, and two months of arrears
    "HH000999;Người Khác;1950;2.055.000;đã chi\n"
)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(RIGHT, {"agrees": 3, "not_listed": 1}, id="all as decided: who was stopped is not in the file"),
        pytest.param(
            RIGHT + "HH000001;Nguyễn Thị Thử;1948;2.055.000;đã chi\n",
            {"stopped_but_paid": 1, "agrees": 2, "not_listed": 1},
            id="stopped, and paid",
        ),
        pytest.param(
            RIGHT + "HH000001;Nguyễn Thị Thử;1948;2.055.000;chưa chi\n",
            {"agrees": 3, "not_listed": 1},
            id="stopped, in the file, and not paid",
        ),
        pytest.param(
            RIGHT.replace("9.309.000;đã chi", "9.309.000;chưa nhận"),
            {"resumed_but_not_paid": 1, "agrees": 2, "not_listed": 1},
            id="resumed, and not paid",
        ),
        pytest.param(
            RIGHT.replace("9.309.000", "3.103.000"),
            {"amount_differs": 1, "agrees": 2, "not_listed": 1},
            id="resumed without the arrears",
        ),
        pytest.param(
            RIGHT.replace("Người Khác;1950;2.055.000;đã chi", "Người Khác;1950;2.055.000;chưa chi"),
            {"not_listed_unpaid": 1, "agrees": 3},
            id="not on our list, and not paid: why?",
        ),
        pytest.param(
            RIGHT.replace("Trần Văn Giả;1950", "Trần Văn Giả;1951"),
            {"unsure": 1, "not_in_file": 1, "agrees": 2, "not_listed": 1},
            id="the number agrees, the birth year does not: nobody is guessed",
        ),
        pytest.param(
            RIGHT.replace("1.200.000;đã chi", "theo QĐ;đã chi"),
            {"not_comparable": 1, "agrees": 2, "not_listed": 1},
            id="an amount that cannot be read is not zero",
        ),
        pytest.param(
            RIGHT.replace("HH000002;Trần Văn Giả;1950;1.200.000", "HH000002;Trần Văn Giả;1950;600.000")
            + "HH000002;Trần Văn Giả;1950;600.000;đã chi\n",
            {"agrees": 3, "not_listed": 1},
            id="paid in two parts",
        ),
        pytest.param(
            RIGHT.replace("HH000003;Lê", ";Lê"),
            {"agrees": 3, "not_listed": 1},
            id="no number: name and birth year, which one person alone has",
        ),
    ],
)
def test_what_came_of_each_line(desk: Desk, filed: Filed, tmp_path: Path, lines: str, expected: dict[str, int]) -> None:
    found = reconcile(desk.office, filed(HEAD + lines), MONTH, tmp_path / "out.csv")
    assert found.counts == Counter(expected)
    assert found.agrees == (not set(expected) & set(TO_ASK))
    table = read_csv(tmp_path / "out.csv")
    assert table["result"].value_counts().to_dict() == expected
    paid = {name: int(of["paid"].fillna("0").astype("int64").sum()) for name, of in table.groupby("result")}
    assert {name: found.sums[name] for name in paid} == paid
    assert "Thị" not in found.told()
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600


def test_nothing_that_is_said_accuses() -> None:
    said = [*ASK_VI.values(), *(vi for vi, _ in RESULTS.values())]
    assert [text for text in said if check_wording(text)] == []
    assert not any(word in " ".join(said) for word in ("sai phạm", "lợi dụng", "hưởng sai"))


def test_a_stop_goes_on_counting_in_later_months(desk: Desk) -> None:
    assert {one.case_id for one in in_force(desk.office, "2026-11")} == {"c-3"}
    later = {one.case_id: one.expected("2027-01") for one in in_force(desk.office, "2027-01")}
    assert later == {"c-1": 0, "c-2": 1_200_000, "c-3": 3_103_000}, "arrears are paid once, in December"


def test_a_workbook_with_paid_and_unpaid_columns(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "chi.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["BÁO CÁO CHI TRẢ THÁNG 12/2026"])
        sheet.write_row(2, 0, ["TT", "Số hồ sơ", "Họ tên", "Số tiền đã chi", "Số tiền chưa chi"])
        sheet.write_row(3, 0, [1, "HH000002", "Trần Văn Giả", 1_200_000, ""])
        sheet.write_row(4, 0, [2, "HH000003", "Lê Thị Bịa", "", 9_309_000])
        sheet.write_row(5, 0, ["", "Tổng cộng", "", 1_200_000, 9_309_000])
    assert [(line.dossier_no, line.paid) for line in paid_lines(path)][:2] == [("HH000002", 1_200_000), ("HH000003", 0)]


@pytest.mark.parametrize(
    ("state", "paid"),
    [
        *(("đã chi", 1000), ("Hoàn thành", 1000), ("đã hoàn tất chi trả", 1000), ("x", 1000), ("", 1000)),
        *(("chưa chi", 0), ("không nhận", 0), ("hoãn chi", 0), ("đã trả lại kho bạc", 0), ("chưa hoàn thành", 0)),
        *(("đang chờ chi", None), ("xác minh", None), ("đã chi, không vướng mắc", None)),
    ],
)
def test_a_state_is_read_by_whole_words_and_what_does_not_tell_is_unknown(
    filed: Filed, state: str, paid: int | None
) -> None:
    (line,) = paid_lines(filed(f"{HEAD}HH000001;Nguyễn Thị Thử;1948;1.000;{state}\n"))
    assert line.paid == paid


def test_nothing_left_unpaid_is_all_of_it_paid(filed: Filed) -> None:
    (line,) = paid_lines(filed("Số hồ sơ;Số tiền;Chưa chi\nHH000001;2.055.000;0\n"))
    assert line.paid == 2_055_000


def test_lines_of_one_number_on_two_sheets_are_two_lines(desk: Desk) -> None:
    found = in_force(desk.office, "2026-12")
    dossier = next(str(one.dossier_no) for one in found if one.case_id == "c-2")
    lines = [PaidLine("5", number, "", "", "", "", 0) for number in (dossier, "HH000999")]
    assert compared(found, lines, MONTH).counts["not_listed_unpaid"] == 1


@pytest.mark.parametrize("text", ["", "a;b\n1;2\n", "Trạng thái\nđã chi\n"])
def test_a_file_that_says_nothing_is_a_sentence(filed: Filed, text: str) -> None:
    with pytest.raises(InputError, match="không có cột số hồ sơ"):
        list(paid_lines(filed(text)))


def test_exit_codes(desk: Desk, filed: Filed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EA_STORE_URL", str(desk.office.engine.url))
    monkeypatch.setenv("EA_HOME", str(tmp_path))
    for number, (lines, code) in enumerate(((RIGHT, 0), (RIGHT.replace("9.309", "9.308"), 1))):
        out = str(tmp_path / f"{number}.csv")
        run = CliRunner().invoke(
            app, ["payments", "reconcile", str(filed(HEAD + lines)), "--month", "2026-12", "--out", out]
        )
        assert run.exit_code == code, run.output


EFFECTS = st.sampled_from(["end", "pause", "less", "more", "resume", "repay"])
AMOUNTS = st.none() | st.sampled_from([0, 1, 500_000, 500_001])


@given(
    changes=st.lists(st.tuples(EFFECTS, AMOUNTS, AMOUNTS), max_size=4),
    lines=st.lists(st.tuples(st.integers(0, 5), AMOUNTS), max_size=6),
)
def test_every_line_and_every_decision_is_told_once(
    changes: list[tuple[str, int | None, int | None]], lines: list[tuple[int, int | None]]
) -> None:
    decided = [
        PayChange(
            f"c-{n}", "agent_orange", "x", effect, "2026-12", "1", "", "", "", str(n), monthly=old, new_amount=new
        )
        for n, (effect, old, new) in enumerate(changes)
    ]
    returned = [PaidLine(f"{row}", f"{who}", "", "", "", "", paid) for row, (who, paid) in enumerate(lines)]
    table = compared(decided, returned, MONTH).table
    rows = [row for cell in table["file_rows"] for row in str(cell).split("; ") if row]
    assert sorted(rows) == sorted(line.row for line in returned)
    told = table["case_id"].dropna().tolist()
    silent = {one.case_id for one in decided if one.effect == "repay"} - set(told)
    assert sorted(told) == sorted({one.case_id for one in decided} - silent)
