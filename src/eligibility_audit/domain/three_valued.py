"""Three-valued conditions over columns: True, False, or NA where it is not known.

pandas leaks: with plain strings `None != "a"` is True and `NaT < x` is False, so an unknown would count against a
person. Rules use these helpers, whose answers are always the nullable `boolean` and NA wherever an operand is.
"""

from collections.abc import Collection
from typing import Any

import pandas as pd

Truth = Any  # pd.Series of dtype "boolean"; the stubs have no name for it


def known(column: "pd.Series[Any]") -> Truth:
    """True where the column has a value; never NA."""
    return column.notna().astype("boolean")


def eq(left: "pd.Series[Any]", right: "pd.Series[Any] | object") -> Truth:
    """Equal; NA where either side is null."""
    return _where_known(left, right, left == right)


def lt(left: "pd.Series[Any]", right: "pd.Series[Any] | object") -> Truth:
    """Less than; NA where either side is null."""
    return _where_known(left, right, left < right)


def le(left: "pd.Series[Any]", right: "pd.Series[Any] | object") -> Truth:
    """Less than or equal; NA where either side is null."""
    return _where_known(left, right, left <= right)


def in_list(column: "pd.Series[Any]", values: Collection[object]) -> Truth:
    """One of the values; NA where the column is null."""
    return _where_known(column, 0, column.isin(list(values)))


def overlaps(first: "pd.Series[Any]", last: "pd.Series[Any]", start: int, end: int) -> Truth:
    """A period from `first` to `last` (day numbers) shares a day with [start, end].

    NA where a missing end leaves it open; False only where a known end excludes it.
    """
    begins_in_time = le(first, end)
    ends_in_time = le(start_column(start, last), last)
    return begins_in_time & ends_in_time


def start_column(start: int, like: "pd.Series[Any]") -> "pd.Series[Any]":
    """`start` as a column of the same index."""
    return pd.Series(start, index=like.index, dtype="Int32")


def _where_known(left: "pd.Series[Any]", right: "pd.Series[Any] | object", answer: "pd.Series[Any]") -> Truth:
    missing = left.isna()
    if isinstance(right, pd.Series):
        missing = missing | right.isna()
    elif right is None or right is pd.NA:
        missing = pd.Series(True, index=left.index)
    return answer.astype("boolean").mask(missing)
