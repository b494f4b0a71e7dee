"""Conditions over dates known to the day, the month or the year: wrong only where every day they may be is wrong."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility_audit.domain.dates import day_number, span

Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.float64]


def is_within(dates: "pd.Series[Any]", earliest: str | None = None, latest: str | None = None) -> Bools:
    """Some day that the date may be lies in [earliest, latest] (ISO days). Null counts as within."""
    first, last = days(dates)
    within = np.ones(len(dates), dtype=bool)
    if earliest is not None:
        within &= ~(last < day_number(date.fromisoformat(earliest)))
    if latest is not None:
        within &= ~(first > day_number(date.fromisoformat(latest)))
    return within


def is_in_order(
    before: "pd.Series[Any]", after: "pd.Series[Any]", least_years: int = 0, most_years: int | None = None
) -> Bools:
    """`after` may lie at least `least_years` and at most `most_years` after `before`. True where either is null.

    The anniversary of 29 February is 1 March.
    """
    first_before, last_before = days(before)
    first_after, last_after = days(after)
    in_order = ~(last_after < _years_later(first_before, least_years))
    if most_years is not None:
        in_order &= ~(first_after > _years_later(last_before, most_years))
    return np.asarray(in_order)


def _years_later(day_numbers: Days, years: int) -> Days:
    known = ~np.isnan(day_numbers)
    days_known = day_numbers[known].astype("int64").astype("datetime64[D]")
    months = days_known.astype("datetime64[M]")
    later = day_numbers.copy()
    later[known] = ((months + 12 * years).astype("datetime64[D]") + (days_known - months)).astype("int64")
    return later


def days(dates: "pd.Series[Any]") -> tuple[Days, Days]:
    """First and last possible day numbers of each date; NaN where it is unknown."""
    if isinstance(dates.dtype, pd.CategoricalDtype):
        codes, distinct = dates.cat.codes.to_numpy(), dates.cat.categories
    else:
        codes, distinct = pd.factorize(dates, use_na_sentinel=True)
    spans = span(pd.Series(distinct, dtype="str"))
    first, last = (
        np.append(spans[end].to_numpy(dtype="float64", na_value=np.nan), np.nan) for end in ("first", "last")
    )
    return first[codes], last[codes]
