"""Dates, known as far as they are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import MISSING, Ints, Levels, distinct_pairs, encode, gather
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, chance_equal
from eligibility_audit.linkage.levels import Level


class DateComparison(Comparison):
    """Dates known to the day, the month or the year (ISO text to its precision)."""

    tells_apart = True

    def __init__(self, field: str, dates: "pd.Series[Any]", levels: tuple[Level, ...] = known.DATE) -> None:
        self.field, self.levels = field, levels
        self._code = {level.name: code for code, level in enumerate(self.levels, 1)}
        self._records, texts = encode(dates)
        parts = np.array([_date_parts(text) for text in texts], dtype=np.int16).reshape(-1, 3)
        self._year, self._month, self._day = parts[:, 0], parts[:, 1], parts[:, 2]
        self._records = np.where(gather(self._year, self._records, 0) > 0, self._records, MISSING).astype(np.int32)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Birth year, and the full date where it is known to the day."""
        full = np.where(gather(self._day, self._records, 0) > 0, self._records, MISSING)
        return {"year": gather(self._year, self._records), "date": full}

    @property
    def year(self) -> Ints:
        """The year by record, 0 where unknown."""
        return gather(self._year, self._records, 0)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.zeros(len(a), dtype=np.int8)
        rows = np.flatnonzero((a >= 0) & (b >= 0))
        if not len(rows):
            return out
        first, second, back = distinct_pairs(a[rows], b[rows])
        out[rows] = self._level(first, second)[back]
        return out

    def _level(self, a: Ints, b: Ints) -> Levels:
        y, y2, m, m2, d, d2 = (t[i] for t in (self._year, self._month, self._day) for i in (a, b))
        full = (d > 0) & (d2 > 0)
        gap = np.abs(y - y2)
        months = ~full & (m > 0) & (m2 > 0) & (gap == 0)
        wrong = _unlike_digits(y, y2, 4) + _unlike_digits(m, m2, 2) + _unlike_digits(d, d2, 2)
        conditions = [
            (full & (gap == 0) & (m == m2) & (d == d2), "day"),
            (full & (gap == 0) & (m == d2) & (d == m2), "swapped"),
            (full & (wrong == 1), "typo"),
            (full & (gap == 0), "same_year"),
            (full, "different"),
            (months & (m == m2), "month"),
            (months & ((m == d2) | (m2 == d)), "month_swapped"),
            (months, "month_differs"),
            (gap == 0, "year"),
            (gap <= 2, "near_year"),
        ]
        codes = [self._code[name] for _, name in conditions]
        return np.select([c for c, _ in conditions], codes, self._code["year_differs"]).astype(np.int8)

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """The same full date."""
        return {self._code["day"]: chance_equal(self.keys["date"][persons])}


def _date_parts(text: str) -> tuple[int, int, int]:
    """Year, month, day (0 = unknown) of ISO text, of eight digits, or of day/month/year; all 0 where it is no date."""
    pieces = text.split("T", maxsplit=1)[0].split(" ", maxsplit=1)[0].replace("/", "-").replace(".", "-").split("-")
    if len(pieces) == 1 and len(text) == 8:
        pieces = [text[:4], text[4:6], text[6:]]
    elif len(pieces) > 1 and len(pieces[-1]) == 4:
        pieces = pieces[::-1]
    parts = [int(piece) if piece.isdigit() else 0 for piece in (*pieces, "0", "0")[:3]]
    fine = 0 < parts[0] < 10_000 and parts[1] < 13 and parts[2] < 32
    return (parts[0], parts[1], parts[2] if parts[1] else 0) if fine else (0, 0, 0)


def _unlike_digits(a: Ints, b: Ints, width: int) -> Ints:
    """How many of the last `width` digits differ."""
    count = np.zeros(len(a), dtype=np.int8)
    for _ in range(width):
        count += a % 10 != b % 10
        a, b = a // 10, b // 10
    return count
