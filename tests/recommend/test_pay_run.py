"""The pay run that a decision reaches: with the payer before the 25th it is the next month's, later the one after."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.recommend.acts import Acts
from eligibility_audit.recommend.pay_run import pay_run, says_pay_run

ACTS = Acts.load("agent_orange")


@pytest.mark.parametrize(
    ("decided", "sent", "run"),
    [
        pytest.param(date(2020, 6, 24), date(2020, 6, 24), date(2020, 7, 1), id="the 24th: the next run"),
        pytest.param(date(2020, 6, 25), date(2020, 7, 24), date(2020, 8, 1), id="the 25th: no longer before it"),
        pytest.param(date(2020, 6, 26), date(2020, 7, 24), date(2020, 8, 1), id="the 26th: missed"),
        pytest.param(date(2020, 12, 24), date(2020, 12, 24), date(2021, 1, 1), id="December to January"),
        pytest.param(date(2020, 12, 31), date(2021, 1, 22), date(2021, 2, 1), id="the 24th is a Sunday: the Friday"),
        pytest.param(date(2022, 10, 3), date(2022, 10, 24), date(2022, 11, 1), id="by Circular 44/2022"),
    ],
)
def test_the_run_that_a_decision_reaches(decided: date, sent: date, run: date) -> None:
    found, month = pay_run(ACTS, decided)
    assert (found.day, month) == (sent, run)


@given(st.dates(date(1995, 1, 1), date(2035, 1, 1)))
def test_a_run_lies_one_or_two_months_ahead_and_is_handed_over_in_the_month_before_it(decided: date) -> None:
    sent, run = pay_run(ACTS, decided)
    assert run.day == 1
    assert (run.year - decided.year) * 12 + run.month - decided.month in {1, 2}
    assert decided <= sent.day < run
    assert sent.day.day <= 24


def test_the_line_says_the_run_the_next_one_and_when_the_payer_reports() -> None:
    said = says_pay_run(ACTS, "tam_dung", date(2020, 12, 31))
    assert "đến hết ngày 22/01/2021 thì kịp kỳ chi trả tháng 02/2021, sau đó là tháng 03/2021" in said
    assert "trước ngày 20/02/2021 đối chiếu" in said


def test_a_one_off_payment_has_no_next_run() -> None:
    assert says_pay_run(Acts.load("covid_relief"), "dieu_chinh", date(2020, 12, 31)) == ""
