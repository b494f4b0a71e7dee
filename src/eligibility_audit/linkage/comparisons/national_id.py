"""National id numbers of 9 and of 12 digits."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import (
    MISSING,
    Flags,
    Ints,
    Levels,
    combine,
    encode,
    firsts,
    gather,
)
from eligibility_audit.linkage.comparisons.base import Compared, Comparison
from eligibility_audit.linkage.comparisons.date import DateComparison
from eligibility_audit.linkage.levels import Level
from eligibility_audit.linkage.texts import dictionary, letters_and_digits, recoded

MOST_LETTERS = 32  # of a number; what follows is not looked at
NEIGHBOURS = 9  # numbers of one family, issued together, are as far apart
CLOSE = 100  # numbers of one village and day are as far apart: a slip of the last digits is as likely another person
FAR = 10**18
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
        codes, raw = dictionary(ids)
        records, texts = recoded(codes, _padded(letters_and_digits(raw)))
        self._records = records if names is None else _without_placeholders(records, names)
        self._letters = _packed(texts)
        self._length = np.asarray(pc.utf8_length(texts), dtype=np.int16)
        self._number = _numbers(texts)
        self._told_year, self._told_male = _told(self._letters, (self._number >= 0) & (self._length == 12))
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
        out = np.where((a == b) & (a >= 0), self._code["equal"], 0).astype(np.int8)
        rows = np.flatnonzero(a != b)
        x, y = a[rows], b[rows]
        comparable = (x >= 0) & (y >= 0)
        comparable[comparable] = self._length[x[comparable]] == self._length[y[comparable]]
        out[rows[comparable]] = self._unequal(x[comparable], y[comparable])
        rest = rows[~comparable]
        out[rest] = self._told_levels(left[rest], right[rest], before, rest)
        return out

    def _unequal(self, a: Ints, b: Ints) -> Levels:
        count = np.zeros(len(a), dtype=np.uint8)
        for eight in self._letters:
            count += _unlike_bytes(eight[a] ^ eight[b])
        typo = count == 1
        two = np.flatnonzero(count == 2)
        typo[two] = _exchanged(*(np.stack([eight[side[two]] for eight in self._letters], axis=1) for side in (a, b)))
        x, y = self._number[a], self._number[b]
        apart = np.where((x >= 0) & (y >= 0), np.abs(x - y), FAR)
        codes = [self._code[level] for level in ("neighbour", "close", "typo", "different")]
        told = np.where(typo, np.where(apart < CLOSE, codes[1], codes[2]), codes[3])
        return np.where(apart <= NEIGHBOURS, codes[0], told).astype(np.int8)

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
    holders = np.bincount(ids[firsts(combine([ids, names]))], minlength=int(ids.max(initial=0)) + 1)
    return gather(np.where(holders > MOST_NAMES_OF_AN_ID, MISSING, np.arange(len(holders))).astype(np.int32), ids)


def _padded(texts: pa.StringArray) -> pa.StringArray:
    """Numbers of 9 and 12 digits with the leading zeros that a spreadsheet has taken."""
    short = pc.match_substring_regex(texts, "^[0-9]{8}$")
    long = pc.match_substring_regex(texts, "^[0-9]{10,11}$")
    told = pc.if_else(short, pc.utf8_lpad(texts, 9, "0"), pc.if_else(long, pc.utf8_lpad(texts, 12, "0"), texts))
    return cast(pa.StringArray, told)


def _packed(texts: pa.StringArray) -> list[npt.NDArray[np.uint64]]:
    """The letters of each text, eight to a number; what is longer than `MOST_LETTERS` is cut."""
    plain = pc.utf8_slice_codeunits(pc.replace_substring_regex(texts, r"[^\x00-\x7F]", "?"), 0, MOST_LETTERS)
    width = max(8, -(-(pc.max(pc.binary_length(plain)).as_py() or 0) // 8) * 8)
    padded: Any = pc.ascii_rpad(plain, width, "\0")
    letters = np.frombuffer(padded.buffers()[2] or b"", dtype=np.uint8, count=len(texts) * width)
    return list(np.ascontiguousarray(letters.view(np.uint64).reshape(len(texts), width // 8).T))


def _numbers(texts: pa.StringArray) -> npt.NDArray[np.int64]:
    """What is a number of at most 18 digits, as a number; otherwise -1."""
    plain = np.asarray(pc.ascii_is_decimal(texts)) & (np.asarray(pc.binary_length(texts)) < 19)
    numbers: Any = pc.if_else(pa.array(plain), texts, None)
    return np.asarray(numbers.cast(pa.int64()).fill_null(-1))


def _told(letters: list[npt.NDArray[np.uint64]], numbers: Flags) -> tuple[Ints, Levels]:
    """Birth year and male (1/0) in numbers of 12 digits: PPP C YY SSSSSS, C = century and sex; (0, -1) otherwise."""
    digits = letters[0].view(np.uint8).reshape(-1, 8).astype(np.int16) - ord("0")
    year = 1900 + 100 * (digits[:, 3] // 2) + 10 * digits[:, 4] + digits[:, 5]
    male = 1 - digits[:, 3] % 2
    return np.where(numbers, year, 0).astype(np.int16), np.where(numbers, male, MISSING).astype(np.int8)


def _male(sex: "pd.Series[Any]") -> Levels:
    codes, texts = encode(sex)
    told = np.array([{"M": 1, "F": 0}.get(text.upper(), MISSING) for text in texts], dtype=np.int8)
    return np.asarray(gather(told, codes), dtype=np.int8)


def _unlike_bytes(differing: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """How many of the eight bytes are not zero: the high bit of each is set where it is not, and these are counted."""
    low = np.uint64(0x7F7F7F7F7F7F7F7F)
    return np.asarray(np.bitwise_count((((differing & low) + low) | differing) & ~low))


def _exchanged(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> Flags:
    """Two neighbouring digits exchanged, where exactly two differ."""
    one, two = (np.ascontiguousarray(side).view(np.uint8).reshape(len(side), 8 * side.shape[1]) for side in (a, b))
    unlike = one != two
    first, rows = unlike.argmax(axis=1), np.arange(len(one))
    next_to = np.minimum(first + 1, one.shape[1] - 1)
    exchanged = (one[rows, first] == two[rows, next_to]) & (one[rows, next_to] == two[rows, first])
    return np.asarray(exchanged & unlike[rows, next_to], dtype=bool)
