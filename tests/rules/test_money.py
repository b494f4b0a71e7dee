"""Months and sums: the month of death is paid, a list after the 24th misses the next run, what is unknown stays so."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.domain.dates import day_number
from eligibility_audit.rules.money import months_after, pay_run, says_pay_run, to_clarify
from eligibility_audit.rules.parameters import LawPack


@pytest.mark.parametrize(
    ("decided", "run"),
    [
        pytest.param(date(2020, 6, 24), "tháng 07/2020", id="the 24th: the next run"),
        pytest.param(date(2020, 6, 25), "tháng 08/2020", id="the 25th: no longer before it"),
        pytest.param(date(2020, 6, 26), "tháng 08/2020", id="the 26th: missed"),
        pytest.param(date(2020, 12, 24), "tháng 01/2021", id="December to January"),
        pytest.param(date(2020, 12, 31), "tháng 02/2021", id="the end of the year, missed"),
    ],
)
def test_the_run_that_a_decision_reaches(decided: date, run: str) -> None:
    before = LawPack.load("agent_orange").value("list_to_payer_before", decided).value
    assert says_pay_run(pay_run(decided, int(str(before)))) == f"kỳ chi trả {run}"


@pytest.mark.parametrize(
    ("died", "day", "months"),
    [
        pytest.param(date(2020, 12, 1), date(2020, 12, 31), 0, id="the month of death is paid"),
        pytest.param(date(2020, 11, 30), date(2020, 12, 1), 1, id="the month after"),
        pytest.param(date(2020, 12, 31), date(2021, 1, 1), 1, id="December to January"),
        pytest.param(date(2021, 3, 1), date(2020, 12, 31), 0, id="later than the review: none"),
        pytest.param(None, date(2020, 12, 31), None, id="an unknown day: unknown"),
    ],
)
def test_months_after_a_death(died: date | None, day: date, months: int | None) -> None:
    days = pd.Series([None if died is None else day_number(died)], dtype="Int64")
    found = months_after(days, day)[0]
    assert (None if pd.isna(found) else int(found)) == months


@given(st.none() | st.integers(0, 600), st.none() | st.integers(0, 10**8))
def test_a_sum_is_months_times_the_amount_in_whole_dong_or_unknown(months: int | None, amount: int | None) -> None:
    found = to_clarify(pd.Series([months], dtype="Int64"), pd.Series([amount], dtype="Int64"))
    assert str(found.dtype) == "Int64"
    assert pd.isna(found[0]) if months is None or amount is None else found[0] == months * amount


@given(st.dates(date(1990, 1, 1), date(2035, 1, 1)), st.integers(1, 28))
def test_a_run_lies_one_or_two_months_ahead(decided: date, before: int) -> None:
    run = pay_run(decided, before)
    assert run.day == 1
    assert (run.year - decided.year) * 12 + run.month - decided.month == (1 if decided.day < before else 2)
