"""National id numbers of 9 and of 12 digits."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import MISSING, Flags, Ints, Levels, codes_of, combine, encode, gather
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, distinct_texts
from eligibility_audit.linkage.comparisons.date import DateComparison
from eligibility_audit.linkage.levels import Level

MOST_NAMES_OF_AN_ID = 6  # misspellings and a sibling's number included; beyond it the number is a placeholder


class NationalIdComparison(Comparison):
    """National id numbers. Of 9 and 12 digits they cannot be compared, but 12 digits tell birth year and sex."""

    tells_apart = True

    def __init__(
        self,
        field: str,
        ids: "pd.Series[Any]",
        date: DateComparison | None,
        sex: "pd.Series[Any] | None",
        levels: tuple[Level, ...] = known.NATIONAL_ID,
        names: Ints | None = None,
    ) -> None:
        self.field, self.levels = field, levels
        self._code = {level.name: code for code, level in enumerate(self.levels, 1)}
        self._records, texts = encode(ids)
        texts = ["".join(c for c in text.upper() if c.isalnum()) for text in texts]
        self._records = gather(codes_of(texts), self._records)
        texts = distinct_texts(codes_of(texts), texts)
        if names is not None:
            self._records = np.asarray(_without_placeholders(self._records, names), dtype=np.int32)
        width = max((len(text) for text in texts), default=1)
        packed = np.array([text.encode("ascii", "replace") for text in texts], dtype=f"S{width}")
        self._digits = packed.view(np.uint8).reshape(len(texts), width)
        self._length = np.array([len(text) for text in texts], dtype=np.int16)
        self._number = np.array([int(t) if t.isdigit() and len(t) < 19 else -1 for t in texts], dtype=np.int64)
        told = np.array([_told(text) for text in texts], dtype=np.int16).reshape(-1, 2)
        self._told_year, self._told_male = told[:, 0], told[:, 1]
        size = len(self._records)
        self._year = date.year if date is not None else np.zeros(size, dtype=np.int16)
        self._date_field = date.field if date is not None else ""
        self._male = _male(sex) if sex is not None else np.full(size, MISSING, dtype=np.int8)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """The number itself."""
        return {"national_id": self._records}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.zeros(len(a), dtype=np.int8)
        both = (a >= 0) & (b >= 0)
        same_kind = np.zeros(len(a), dtype=bool)
        same_kind[both] = self._length[a[both]] == self._length[b[both]]
        out[both & (a == b)] = self._code["equal"]
        rows = np.flatnonzero(same_kind & (a != b))
        out[rows] = self._unequal(a[rows], b[rows])
        rows = np.flatnonzero(~same_kind & ((a >= 0) | (b >= 0)))
        out[rows] = self._told_levels(left[rows], right[rows], before, rows)
        return out

    def _unequal(self, a: Ints, b: Ints) -> Levels:
        out = np.full(len(a), self._code["different"], dtype=np.int8)
        for start in range(0, len(a), 1_000_000):
            part = slice(start, start + 1_000_000)
            unlike = self._digits[a[part]] != self._digits[b[part]]
            count = unlike.sum(axis=1, dtype=np.int8)
            typo = count == 1
            two = np.flatnonzero(count == 2)
            typo[two] = _swapped(self._digits[a[part]][two], self._digits[b[part]][two], unlike[two])
            x, y = self._number[a[part]], self._number[b[part]]
            near = (x >= 0) & (y >= 0) & (np.abs(x - y) <= 9)
            out[part] = np.select([near, typo], [self._code["neighbour"], self._code["typo"]], self._code["different"])
        return out

    def _told_levels(self, left: Ints, right: Ints, before: Compared, rows: Ints) -> Levels:
        """What a number of 12 digits on one side says of birth year and sex on the other."""
        agree, contradict = np.zeros(len(left), dtype=bool), np.zeros(len(left), dtype=bool)
        for one, other in ((left, right), (right, left)):
            code = self._records[one]
            year, male = gather(self._told_year, code, 0), gather(self._told_male, code)
            stated_year, stated_male = self._year[other], self._male[other]
            year_known, sex_known = (year > 0) & (stated_year > 0), (male >= 0) & (stated_male >= 0)
            wrong = (year_known & (year != stated_year)) | (sex_known & (male != stated_male))
            contradict |= wrong
            agree |= year_known & ~wrong
        out = np.where(contradict, self._code["regimes_contradict"], np.where(agree, self._code["regimes_agree"], 0))
        if self._date_field in before:  # the birth dates have been compared already: the number adds nothing
            out[before[self._date_field][rows] > 0] = known.NOT_COMPARABLE
        return out.astype(np.int8)


def _without_placeholders(ids: Ints, names: Ints) -> Ints:
    """Numbers that stand for many names (000000000, 123456789) identify nobody: they count as missing."""
    pairs = combine([ids, names])
    first = np.unique(pairs, return_index=True)[1]
    holders = np.bincount(ids[first][pairs[first] >= 0], minlength=int(ids.max(initial=0)) + 1)
    return np.where((ids >= 0) & (holders[np.maximum(ids, 0)] > MOST_NAMES_OF_AN_ID), MISSING, ids)


def _told(text: str) -> tuple[int, int]:
    """Birth year and male (1/0) in a number of 12 digits: PPP C YY SSSSSS, C = century and sex; (0, -1) otherwise."""
    if len(text) != 12 or not text.isdigit():
        return 0, MISSING
    century = int(text[3])
    return 1900 + 100 * (century // 2) + int(text[4:6]), 1 - century % 2


def _male(sex: "pd.Series[Any]") -> Levels:
    codes, texts = encode(sex)
    told = np.array([{"M": 1, "F": 0}.get(text.upper(), MISSING) for text in texts], dtype=np.int8)
    return np.asarray(gather(told, codes), dtype=np.int8)


def _swapped(a: Ints, b: Ints, unlike: Flags) -> Flags:
    """Two neighbouring digits exchanged, where exactly two digits differ."""
    if not len(a):
        return np.zeros(0, dtype=bool)
    first = unlike.argmax(axis=1)
    last = unlike.shape[1] - 1 - unlike[:, ::-1].argmax(axis=1)
    rows = np.arange(len(a))
    exchanged = (a[rows, first] == b[rows, last]) & (a[rows, last] == b[rows, first])
    return np.asarray(exchanged & (last - first == 1), dtype=bool)
