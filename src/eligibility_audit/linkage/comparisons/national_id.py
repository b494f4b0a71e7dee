"""National id numbers of 9 and of 12 digits."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA, Hamming
from rapidfuzz.process import cpdist

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import (
    MISSING,
    Flags,
    Ints,
    Levels,
    distinct_pairs,
    gather,
    grouped,
    mixed,
    text_numbers,
)
from eligibility_audit.linkage.comparisons.base import Compared, Comparison
from eligibility_audit.linkage.comparisons.date import DateComparison
from eligibility_audit.linkage.levels import Level
from eligibility_audit.linkage.texts import Codes, dictionary, encode, letters_and_digits, listed

MOST_DIGITS = 16  # of a number that is compared as one
LENGTH_BITS = 6
NONE = -(1 << 62)
NEIGHBOURS = 9  # numbers of one family, issued together, are as far apart
CLOSE = 100  # numbers of one village and day are as far apart: a slip of the last digits is as likely another person
MOST_NAMES_OF_AN_ID = 6  # misspellings and a sibling's number included; beyond it the number is a placeholder


class NationalIdComparison(Comparison):
    """National id numbers. Of 9 and 12 digits they cannot be compared, but 12 digits tell birth year and sex."""

    tells_apart = True
    KINDS = ("none", "nine", "twelve", "other")

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
        records, numbers, self._odd = _read(ids)
        self._received = records
        self._records = records if names is None else _without_placeholders(records, names)
        self._number, self._length = numbers >> LENGTH_BITS, (numbers & (1 << LENGTH_BITS) - 1).astype(np.int8)
        self._digits = _packed(self._number)
        self._told_year, self._told_male = _told(self._number, self._length == 12)
        size = len(self._records)
        self._year = date.year if date is not None else np.zeros(size, dtype=np.int16)
        self._date_field = date.field if date is not None else ""
        self._male = _male(sex) if sex is not None else np.full(size, MISSING, dtype=np.int8)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """The number itself."""
        return {"national_id": self._records}

    @property
    def stable(self) -> Mapping[str, Ints]:
        """See `Comparison`; and `national_id_received`, placeholders too."""
        odd = mixed(text_numbers(self._odd))
        number = mixed(self._number << LENGTH_BITS | self._length)
        texts = np.flatnonzero(self._number < 0)
        number[texts] = odd[-1 - self._number[texts]]
        return {
            "national_id": gather(number, self._records),
            "national_id_received": gather(number, self._received),
        }

    @property
    def kinds(self) -> Ints:
        """The kind of number of each record, as a position in `KINDS`."""
        length = gather(self._length, self._records, 0)
        return np.select([self._records < 0, length == 9, length == 12], [0, 1, 2], 3)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out: Levels = ((a == b) & (a >= 0)).astype(np.int8) * np.int8(self._code["equal"])
        rows = np.flatnonzero((a != b) & ((a | b) >= 0))
        x, y = a[rows].astype(np.intp), b[rows].astype(np.intp)
        alike = np.flatnonzero(self._length[x] == self._length[y])
        compared = rows[alike]
        out[compared] = self._unequal(x[alike], y[alike])
        rest = a != b
        rest[compared] = False
        if self._date_field in before:  # where birth dates have been compared the number adds nothing
            rest &= before[self._date_field] == known.NOT_COMPARABLE
        rest = np.flatnonzero(rest)
        out[rest] = self._told_levels(left[rest], right[rest])
        return out

    def _unequal(self, a: Ints, b: Ints) -> Levels:
        """Numbers of one length."""
        x, y = self._number[a], self._number[b]
        count = _unlike_digits(self._digits[a] ^ self._digits[b])
        out = np.full(len(a), self._code["different"], dtype=np.int8)
        two = np.flatnonzero(count == 2)
        typo = np.append(np.flatnonzero(count == 1), two[_exchanged(self._digits[a[two]], self._digits[b[two]])])
        close = np.abs(x[typo] - y[typo]) < CLOSE
        out[typo] = np.where(close, self._code["close"], self._code["typo"])
        out[np.flatnonzero(np.abs(x - y) <= NEIGHBOURS)] = self._code["neighbour"]
        if len(self._odd):
            rows = np.flatnonzero((x < 0) | (y < 0))
            out[rows] = self._unequal_texts(a[rows], b[rows])
        return out

    def _unequal_texts(self, a: Ints, b: Ints) -> Levels:
        """Of one length, with letters in one of the two at least."""
        first, second, back = distinct_pairs(a, b)
        one, two = self._texts(first), self._texts(second)
        unlike = cpdist(one, two, scorer=Hamming.distance, dtype=np.int32)
        edits = cpdist(one, two, scorer=OSA.distance, score_cutoff=1, dtype=np.int32)
        typo = (unlike == 1) | ((unlike == 2) & (edits == 1))
        return np.where(typo, self._code["typo"], self._code["different"]).astype(np.int8)[back]

    def _texts(self, codes: Ints) -> list[str]:
        numbers, lengths = self._number[codes].tolist(), self._length[codes].tolist()
        texts = zip(numbers, lengths, strict=True)
        return [self._odd[-1 - number] if number < 0 else str(number).zfill(length) for number, length in texts]

    def _told_levels(self, left: Ints, right: Ints) -> Levels:
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
        return out.astype(np.int8)


def _without_placeholders(ids: Codes, names: Ints) -> Codes:
    """Numbers that stand for many names (000000000, 123456789) identify nobody: they count as missing."""
    rows, _ = grouped([ids, names])
    first = np.flatnonzero(np.diff(ids[rows], prepend=-1) | np.diff(names[rows], prepend=-1))
    holders = np.bincount(ids[rows[first]], minlength=int(ids.max(initial=0)) + 1)
    return gather(np.where(holders > MOST_NAMES_OF_AN_ID, MISSING, np.arange(len(holders))).astype(np.int32), ids)


def _read(ids: "pd.Series[Any]") -> tuple[Codes, npt.NDArray[np.int64], list[str]]:
    """Codes of the ids; for each distinct one its number with its length in the last bits, a negative number for what
    is no number of `MOST_DIGITS` digits at most; and the texts of those: number -1 is the first."""
    texts: Any = pa.array(ids.astype("string[pyarrow]"), from_pandas=True)
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    plain = _is_number(texts)
    if not plain.all():
        cleaned = _padded(letters_and_digits(texts.filter(pa.array(~plain))))
        texts = pc.replace_with_mask(texts, pa.array(~plain), cleaned.cast(texts.type))
        plain = _is_number(texts)
    length = np.asarray(pc.binary_length(texts).fill_null(0), dtype=np.int64)
    value = np.asarray(pc.if_else(pa.array(plain), texts, None).cast(pa.int64()).fill_null(0)) << LENGTH_BITS | length
    odd_rows = np.flatnonzero(~plain)
    odd, odd_texts = dictionary(texts.take(pa.array(odd_rows)).cast(pa.string()))
    odd_length = np.minimum(length[odd_rows], (1 << LENGTH_BITS) - 1)
    value[odd_rows] = np.where(odd < 0, NONE, (-1 - odd.astype(np.int64)) << LENGTH_BITS | odd_length)
    codes, distinct = pd.factorize(value)
    return (*_without_none(codes.astype(np.int32), np.asarray(distinct, dtype=np.int64)), listed(odd_texts))


def _without_none(codes: Codes, distinct: npt.NDArray[np.int64]) -> tuple[Codes, npt.NDArray[np.int64]]:
    none = np.flatnonzero(distinct == NONE)
    if not len(none):
        return codes, distinct
    return np.where(codes == none[0], MISSING, codes - (codes > none[0])), np.delete(distinct, none[0])


def _is_number(texts: pa.StringArray) -> Flags:
    """Digits alone, of a length that none was lost of; false of null."""
    length = np.asarray(pc.binary_length(texts).fill_null(0))
    fine = np.asarray(pc.ascii_is_decimal(texts).fill_null(False)) & (length <= MOST_DIGITS)
    return np.asarray(fine & ~np.isin(length, [8, 10, 11]))


def _padded(texts: pa.StringArray) -> pa.StringArray:
    """Numbers of 9 and 12 digits with the leading zeros that a spreadsheet has taken."""
    short = pc.match_substring_regex(texts, "^[0-9]{8}$")
    long = pc.match_substring_regex(texts, "^[0-9]{10,11}$")
    told = pc.if_else(short, pc.utf8_lpad(texts, 9, "0"), pc.if_else(long, pc.utf8_lpad(texts, 12, "0"), texts))
    return cast(pa.StringArray, told)


def _packed(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """The digits of each number, four bits each, the last digit lowest."""
    rest = np.maximum(numbers, 0)
    packed = np.zeros(len(rest), dtype=np.uint64)
    for place in range(MOST_DIGITS):
        if not rest.any():
            break
        rest, digit = np.divmod(rest, 10)
        packed |= digit.astype(np.uint64) << np.uint64(4 * place)
    return packed


def _told(numbers: npt.NDArray[np.int64], twelve: Flags) -> tuple[Ints, Levels]:
    """Birth year and male (1/0) in numbers of 12 digits: PPP C YY SSSSSS, C = century and sex; (0, -1) otherwise."""
    century = numbers // 10**8 % 10
    year = 1900 + 100 * (century // 2) + numbers // 10**6 % 100
    fine = twelve & (numbers >= 0)
    return np.where(fine, year, 0).astype(np.int16), np.where(fine, 1 - century % 2, MISSING).astype(np.int8)


def _male(sex: "pd.Series[Any]") -> Levels:
    codes, texts = encode(sex)
    told = np.array([{"M": 1, "F": 0}.get(text.upper(), MISSING) for text in texts], dtype=np.int8)
    return np.asarray(gather(told, codes), dtype=np.int8)


def _unlike_digits(apart: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    """How many digits differ, of two packed numbers by exclusive or."""
    apart = apart | apart >> np.uint64(2)
    apart |= apart >> np.uint64(1)
    return np.asarray(np.bitwise_count(apart & np.uint64(0x1111111111111111)))


def _exchanged(a: npt.NDArray[np.uint64], b: npt.NDArray[np.uint64]) -> Flags:
    """Two neighbouring digits exchanged, where exactly two differ."""
    places = np.arange(0, 4 * MOST_DIGITS, 4, dtype=np.uint64)
    one, two = (side[:, None] >> places & np.uint64(15) for side in (a, b))
    unlike = one != two
    first, rows = unlike.argmax(axis=1), np.arange(len(one))
    next_to = np.minimum(first + 1, MOST_DIGITS - 1)
    exchanged = (one[rows, first] == two[rows, next_to]) & (one[rows, next_to] == two[rows, first])
    return np.asarray(exchanged & unlike[rows, next_to], dtype=bool)
