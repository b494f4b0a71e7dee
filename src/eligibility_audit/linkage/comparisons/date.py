"""Dates, known as far as they are."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import MISSING, Ints, Levels, gather
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, Table, chance_equal
from eligibility_audit.linkage.levels import Level
from eligibility_audit.linkage.texts import encode, text_array

Packed = npt.NDArray[np.uint32]  # a decimal digit in four bits, YYYYMMDD; 00 where month or day is unknown, 0 for none

COARSE = ("month", "month_swapped", "month_differs", "year")
SAME_YEAR = ("day", "swapped", "typo", "near_day", "same_year", *COARSE)
NEAR_DAYS = 31
NEAR_YEARS = 3  # papers of the army and the identity card differ by as much


class DateComparison(Comparison):
    """Dates known to the day, the month or the year (ISO text to its precision); 01/01 is taken for the year alone."""

    tells_apart = True
    PRECISIONS = ("day", "coarse", "new_year")  # as written: 01/01 is of the typist, a year alone often of the papers

    def __init__(self, field: str, dates: "pd.Series[Any]", levels: tuple[Level, ...] = known.DATE) -> None:
        self.field, self.levels = field, levels
        self._code = {level.name: code for code, level in enumerate(self.levels, 1)}
        codes, texts = encode(dates)
        told = np.array([int("{:04}{:02}{:02}".format(*_date_parts(text)), 16) for text in texts], dtype=np.uint32)
        self._dates: Packed = gather(told, codes, 0)
        self._number = gather(_number(told), codes, 0)
        written = np.array([_new_year(text) for text in texts], dtype=bool)
        self._new_year = gather(written, codes, missing=False)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Birth year; the full date, and its month and day, where it is known to the day."""
        full = np.where(_day(self._dates) > 0, self._dates, 0)
        dates = np.where(full > 0, pd.factorize(full)[0], MISSING).astype(np.int32)
        day_of_year = np.where(full > 0, full & np.uint32(0xFFFF), 0).astype(np.int32)
        return {
            "year": np.where(self._dates > 0, self.year, MISSING),
            "date": dates,
            "day_of_year": np.where(day_of_year > 0, day_of_year, MISSING),
        }

    @property
    def stable(self) -> Mapping[str, Ints]:
        """See `Comparison`."""
        known_to_the_day = np.where(_day(self._dates) > 0, self._dates, 0).astype(np.int64)
        keys = self.keys
        return {
            "year": keys["year"],
            "date": np.where(known_to_the_day > 0, known_to_the_day, MISSING),
            "day_of_year": keys["day_of_year"],
        }

    @property
    def year(self) -> Ints:
        """The year by record, 0 where unknown."""
        return _year(self._dates)

    @property
    def precision(self) -> Ints:
        """Of each record, as a position in `PRECISIONS`."""
        return np.asarray((_day(self._dates) == 0).astype(np.int8) + self._new_year, dtype=np.int8)

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Birth years, counted over lines: who is old is more often written without a day."""
        codes, years = pd.factorize(np.where(self.year > 0, self.year, MISSING), use_na_sentinel=False)
        unknown = np.flatnonzero(years < 0)
        codes = np.where(np.isin(codes, unknown), MISSING, codes).astype(np.int32)
        return {f"{self.field}_year": Table(text_array([str(year) for year in years.tolist()]), codes, of_lines=True)}

    @property
    def adjusted(self) -> Mapping[int, str]:
        """Where the year is the same: fewer share a rare one by chance."""
        return {self._code[name]: f"{self.field}_year" for name in SAME_YEAR}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._dates[left], self._dates[right]
        apart = a ^ b
        full = (_day(a) > 0) & (_day(b) > 0)
        one_digit = _unlike_digits(apart) == 1
        same_year = apart < 1 << 16
        codes = np.array([self._code[name] for name in ("different", "same_year", "different", "typo")], dtype=np.int8)
        out: Levels = codes.take(same_year.view(np.uint8) | one_digit.view(np.uint8) << np.uint8(1))
        near = np.abs(self._number[left] - self._number[right]) <= NEAR_DAYS
        out[np.flatnonzero(near & (out != codes[3]) & full)] = self._code["near_day"]
        rows = np.flatnonzero((apart & np.uint32(0xFFFF) == 0) & ~same_year)
        slip = one_digit[rows] | (np.abs(_year(a[rows]) - _year(b[rows])) <= NEAR_YEARS)
        out[rows[slip]] = self._code["year_slip"]
        out[np.flatnonzero(apart == 0)] = self._code["day"]
        rows = np.flatnonzero(full & same_year & (apart > 0))
        out[rows[(_month(a[rows]) == _day(b[rows])) & (_day(a[rows]) == _month(b[rows]))]] = self._code["swapped"]
        rows = np.flatnonzero(~full)
        out[rows] = self._coarse(a[rows], b[rows])
        return out

    def _coarse(self, a: Packed, b: Packed) -> Levels:
        """Where one side at least is not known to the day."""
        gap = np.abs(_year(a) - _year(b))
        m, m2, d, d2 = _month(a), _month(b), _day(a), _day(b)
        months = (m > 0) & (m2 > 0) & (gap == 0)
        conditions = [
            ((a == 0) | (b == 0), known.NOT_COMPARABLE),
            (months & (m == m2), self._code["month"]),
            (months & ((m == d2) | (m2 == d)), self._code["month_swapped"]),
            (months, self._code["month_differs"]),
            (gap == 0, self._code["year"]),
            (gap <= 2, self._code["near_year"]),
        ]
        levels = [level for _, level in conditions]
        return np.select([rows for rows, _ in conditions], levels, self._code["year_differs"]).astype(np.int8)

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """The same full date."""
        return {self._code["day"]: chance_equal(self.keys["date"][persons])}


def _date_parts(text: str) -> tuple[int, int, int]:
    """Year, month, day (0 = unknown) of ISO text, of eight digits, or of day/month/year; all 0 where it is no date."""
    parts = _written(text)
    return (parts[0], 0, 0) if parts[1:] == (1, 1) else parts


def _new_year(text: str) -> bool:
    """Whether the date is written as 01/01."""
    return _written(text)[1:] == (1, 1)


def _written(text: str) -> tuple[int, int, int]:
    """The same as it stands there, 01/01 too."""
    pieces = text.split("T", maxsplit=1)[0].split(" ", maxsplit=1)[0].replace("/", "-").replace(".", "-").split("-")
    if len(pieces) == 1 and len(text) == 8:
        pieces = [text[:4], text[4:6], text[6:]]
    elif len(pieces) > 1 and len(pieces[-1]) == 4:
        pieces = pieces[::-1]
    parts = [int(piece) if piece.isdigit() else 0 for piece in (*pieces, "0", "0")[:3]]
    if not (0 < parts[0] < 10_000 and parts[1] < 13 and parts[2] < 32):
        return (0, 0, 0)
    return (parts[0], parts[1], parts[2] if parts[1] else 0)


def _year(dates: Packed) -> npt.NDArray[np.int16]:
    digits = [(dates >> shift & 15).astype(np.int16) for shift in (28, 24, 20, 16)]
    return digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3]


def _month(dates: Packed) -> Packed:
    return dates >> np.uint32(8) & np.uint32(255)


def _day(dates: Packed) -> Packed:
    return dates & np.uint32(255)


def _number(dates: Packed) -> npt.NDArray[np.int32]:
    """A number that grows by one a day, by 31 a month and by 372 a year."""
    month, day = _month(dates), _day(dates)
    months, days = ((each >> np.uint32(4)) * 10 + (each & np.uint32(15)) for each in (month, day))
    return (372 * _year(dates).astype(np.int32) + (months * 31 + days).astype(np.int32)).astype(np.int32)


def _unlike_digits(apart: Packed) -> npt.NDArray[np.uint8]:
    """How many digits differ, of two packed dates by exclusive or."""
    return np.asarray(np.bitwise_count((apart | apart >> 1 | apart >> 2 | apart >> 3) & np.uint32(0x11111111)))
