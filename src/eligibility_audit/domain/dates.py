"""Dates known to the day, the month or the year: text such as 1944-07-15, 1951-03, 1948, and the days they may be.

A date is kept as ISO text to its precision (design.md, 5). For deciding, it is a span of days; a condition is decided
only where every day of the span decides it alike.
"""

from datetime import date, datetime, timedelta, timezone
from typing import Final

import numpy as np
import pandas as pd

EPOCH: Final = date(1970, 1, 1)
VIETNAM: Final = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")  # no summer time


def day_in_vietnam(moment: datetime) -> date:
    """The day that it is in Vietnam; `moment` has a time zone."""
    return moment.astimezone(VIETNAM).date()


def day_number(day: date) -> int:
    """Days since 1970-01-01; earlier days are negative."""
    return (day - EPOCH).days


def span(texts: "pd.Series[str]") -> pd.DataFrame:
    """The first and last possible day of each date, as day numbers.

    `texts`: ISO text to its precision, or null. Returns a frame with the same index and two `Int32` columns,
    `first` and `last`; both null where the date is unknown.
    """
    codes, distinct = pd.factorize(texts, use_na_sentinel=True)
    first = np.zeros(len(distinct) + 1, dtype="int32")
    last = np.zeros(len(distinct) + 1, dtype="int32")
    said = np.asarray(distinct.to_numpy("object"), dtype="object")
    plain = np.array([text.isascii() and len(text) == 10 and text[4::3] == "--" for text in said], dtype=bool)
    first[:-1][plain] = last[:-1][plain] = said[plain].astype("datetime64[D]").astype("int32")
    for position in np.flatnonzero(~plain):
        first[position], last[position] = _days(str(said[position]))
    missing = codes < 0
    return pd.DataFrame(
        {
            "first": pd.arrays.IntegerArray(first[codes], missing.copy()),
            "last": pd.arrays.IntegerArray(last[codes], missing.copy()),
        },
        index=texts.index,
    )


def _days(text: str) -> tuple[int, int]:
    parts = [int(part) for part in text.split("-")]
    year, month, day = parts[0], (parts[1] if len(parts) > 1 else 0), (parts[2] if len(parts) > 2 else 0)
    if day:
        exact = day_number(date(year, month, day))
        return exact, exact
    if month:
        after = date(year + month // 12, month % 12 + 1, 1)
        return day_number(date(year, month, 1)), day_number(after) - 1
    return day_number(date(year, 1, 1)), day_number(date(year, 12, 31))
