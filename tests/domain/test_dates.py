"""A date known less precisely is a span of days."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.domain.dates import EPOCH, day_number, span


def days(text: str | None) -> tuple[date, date] | None:
    row = span(pd.Series([text], dtype="string[pyarrow]")).iloc[0]
    if row.isna().any():
        return None
    return EPOCH + timedelta(days=int(row["first"])), EPOCH + timedelta(days=int(row["last"]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("1944-07-15", (date(1944, 7, 15), date(1944, 7, 15)), id="a day"),
        pytest.param("1951-03", (date(1951, 3, 1), date(1951, 3, 31)), id="a month"),
        pytest.param("1952-02", (date(1952, 2, 1), date(1952, 2, 29)), id="February of a leap year"),
        pytest.param("1951-12", (date(1951, 12, 1), date(1951, 12, 31)), id="December"),
        pytest.param("1948", (date(1948, 1, 1), date(1948, 12, 31)), id="a year"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_span(text: str | None, expected: tuple[date, date] | None) -> None:
    assert days(text) == expected


@given(st.dates(date(1890, 1, 1), date(2100, 12, 31)))
def test_a_coarser_date_spans_the_finer_one(day: date) -> None:
    finer = days(day.isoformat())
    assert finer is not None
    for text in (f"{day:%Y-%m}", f"{day:%Y}"):
        coarser = days(text)
        assert coarser is not None
        assert coarser[0] <= finer[0] <= finer[1] <= coarser[1]


def test_an_empty_column_has_an_empty_span() -> None:
    assert span(pd.Series([], dtype="string[pyarrow]")).empty


def test_days_before_1970_are_negative() -> None:
    assert day_number(date(1969, 12, 31)) == -1
