"""Dates known to the day, month or year: out of order only where every day that they may be is."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.quality.dates_in_order import is_in_order, is_within


def one(value: str | None) -> "pd.Series[str]":
    return pd.Series([value], dtype="str")


@pytest.mark.parametrize(
    ("text", "within"),
    [
        pytest.param("2020-12-31", True, id="the last day"),
        pytest.param("2021-01-01", False, id="the day after"),
        pytest.param("2020", True, id="the last year"),
        pytest.param("2020-12", True, id="the last month"),
        pytest.param("2021", False, id="the year after"),
        pytest.param("1905-01-01", True, id="the first day"),
        pytest.param("1904-12-31", False, id="the day before"),
        pytest.param("1904", False, id="the year before"),
        pytest.param(None, True, id="unknown"),
    ],
)
def test_within(text: str | None, within: bool) -> None:
    assert is_within(one(text), "1905-01-01", "2020-12-31").tolist() == [within]


@pytest.mark.parametrize(
    ("before", "after", "least", "most", "in_order"),
    [
        pytest.param("2019-05-02", "2019-05-02", 0, None, True, id="the same day"),
        pytest.param("2019-05-02", "2019-05-01", 0, None, False, id="a day too early"),
        pytest.param("2019-05-02", "2019-05", 0, None, True, id="the month allows it"),
        pytest.param("2019-05-02", "2019", 0, None, True, id="the year allows it"),
        pytest.param("2019-05", "2019-04-30", 0, None, False, id="the day before the month"),
        pytest.param("2019", "2018", 0, None, False, id="the year before"),
        pytest.param("1950-03-12", "1962-03-12", 12, None, True, id="twelve that day"),
        pytest.param("1950-03-12", "1962-03-11", 12, None, False, id="the day before twelve"),
        pytest.param("1950", "1962-01", 12, None, True, id="born that year: may be twelve"),
        pytest.param("1950", "1961", 12, None, False, id="born that year: eleven at most"),
        pytest.param("1900-01-01", "2015-01-01", 0, 115, True, id="115 that day"),
        pytest.param("1900-01-01", "2015-01-02", 0, 115, False, id="the day after"),
        pytest.param("1900", "2015", 0, 115, True, id="115 or 114"),
        pytest.param("1952-02-29", "1965-02-28", 13, None, False, id="born 29 February: not on the 28th"),
        pytest.param("1952-02-29", "1965-03-01", 13, None, True, id="born 29 February: on 1 March"),
        pytest.param(None, "1900", 0, 1, True, id="first unknown"),
        pytest.param("2019", None, 0, 1, True, id="second unknown"),
    ],
)
def test_in_order(before: str | None, after: str | None, least: int, most: int | None, in_order: bool) -> None:
    assert is_in_order(one(before), one(after), least, most).tolist() == [in_order]


@given(day=st.dates(date(2019, 12, 1), date(2020, 2, 1)), shift=st.integers(-40, 40))
def test_a_coarser_date_is_never_out_of_order_where_the_exact_one_is_in_order(day: date, shift: int) -> None:
    before, after = day.isoformat(), (day + timedelta(days=shift)).isoformat()
    if is_in_order(one(before), one(after))[0]:
        for length in (4, 7):
            assert is_in_order(one(before), one(after[:length]))[0]
            assert is_in_order(one(before[:length]), one(after))[0]
    else:
        assert shift < 0
