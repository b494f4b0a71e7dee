"""Free text and single names of any language; numbers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import Ints, Levels, combine, distinct_pairs, gather
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, Table, chance_equal
from eligibility_audit.linkage.comparisons.tokens import Words, plain_texts
from eligibility_audit.linkage.texts import dictionary, listed, recoded

CLOSE = 0.93  # Jaro-Winkler
MOSTLY, HALF = 0.85, 0.5  # of the letters of the words
SEVERAL = 0.3  # of the texts have several words: only then single words are keys
FAR = 5  # levels from here on (similar, numbers, different) are no agreement


class TextComparison(Comparison):
    """Free text and single names of any language: equal, the same words, close (Jaro-Winkler or one edit), one within
    the other, similar, alike but for the numbers in it, different. Case, marks and punctuation do not count."""

    levels = known.TEXT

    def __init__(self, field: str, values: "pd.Series[Any]") -> None:
        self.field = field
        codes, texts = dictionary(values)
        self.records, self.texts = recoded(codes, plain_texts(texts))
        self._start, _ = recoded(self.records, pc.utf8_slice_codeunits(self.texts, 0, 4))
        self._words = Words(self.texts)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """The plain text and its first four letters; of texts of several words the rarest two and the first number."""
        found = {self.field: self.records, f"{self.field}_start": self._start}
        if self._words.several >= SEVERAL:
            rarest = self._words.rarest_two(self.records)
            found |= {f"{self.field}_rare": rarest[0], f"{self.field}_rare2": rarest[1]}
            found |= {f"{self.field}_number": gather(self._words.first_number, self.records)}
        return found

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self.records[left], self.records[right]
        different = len(self.levels)
        out = np.where(a == b, 1, different).astype(np.int8)
        out[(a < 0) | (b < 0)] = known.NOT_COMPARABLE
        rows = np.flatnonzero(out == different)
        if len(rows):
            first, second, back = distinct_pairs(a[rows], b[rows])
            out[rows] = self._unlike(first, second)[back]
        return out

    def _unlike(self, first: Ints, second: Ints) -> Levels:
        """The levels of texts that are not equal."""
        one, two = (listed(self.texts, side) for side in (first, second))
        alike = cpdist(one, two, scorer=JaroWinkler.similarity, score_cutoff=0.8, dtype=np.float32)
        close = alike >= CLOSE
        unsure = np.flatnonzero(~close)
        edits = cpdist([one[k] for k in unsure], [two[k] for k in unsure], scorer=OSA.distance, score_cutoff=1)
        long = np.array([min(len(one[k]), len(two[k])) > 3 for k in unsure], dtype=np.bool_)
        close[unsure[(edits <= 1) & long]] = True
        shared = self._words.shared(first, second)
        conditions = [shared.all >= 1, close, shared.shorter >= MOSTLY, (alike >= 0.85) | (shared.all >= HALF)]
        level = np.select(conditions, [2, 3, 4, 5], 7)
        return np.where((level < 7) & shared.numbers_differ, 6, level).astype(np.int8)

    @property
    def tables(self) -> Mapping[str, Table]:
        """The values."""
        return {self.field: Table(self.texts, self.records)}

    @property
    def adjusted(self) -> Mapping[int, str]:
        """Equal values, and those that are nearly so."""
        return dict.fromkeys((1, 2, 3), self.field)

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """Equal values."""
        return {1: chance_equal(self.records[persons])}


class SwapComparison(Comparison):
    """Surname and given name in each other's column: looked at where neither of the two agrees."""

    levels = known.SWAPPED

    def __init__(self, field: str, surname: TextComparison, given_name: TextComparison) -> None:
        self.field = field
        self.needs = (surname.field, given_name.field)
        texts = pa.concat_arrays([surname.texts, given_name.texts])
        both, self._texts = dictionary(texts)
        self._surname = gather(both[: len(surname.texts)], surname.records)
        self._given = gather(both[len(surname.texts) :], given_name.records)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Both names, whichever is in which column."""
        low, high = np.minimum(self._surname, self._given), np.maximum(self._surname, self._given)
        return {"both_names": combine([low, high])}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        rows = np.flatnonzero(np.logical_and.reduce([before[field] >= FAR for field in self.needs]))
        out = np.zeros(len(left), dtype=np.int8)
        out[rows] = 2
        for one, two in ((self._surname, self._given), (self._given, self._surname)):
            a, b = one[left[rows]], two[right[rows]]
            swapped = a == b
            unlike = np.flatnonzero(~swapped)
            first, second, back = distinct_pairs(a[unlike], b[unlike])
            names = (listed(self._texts, side) for side in (first, second))
            swapped[unlike] = (cpdist(*names, scorer=JaroWinkler.similarity, dtype=np.float32) >= CLOSE)[back]
            rows = rows[swapped]
        out[rows] = 1
        return out


class NumberComparison(Comparison):
    """Numbers and codes of digits: equal, one digit apart, different."""

    levels = known.NUMBER

    def __init__(self, field: str, values: "pd.Series[Any]") -> None:
        self.field = field
        codes, texts = dictionary(values)
        plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, r"\.0$", ""))
        plain = pc.replace_substring_regex(plain, r"([0-9])[\s()/.-]+([0-9]{3})", r"\1\2")  # as telephones are written
        plain = pc.replace_substring_regex(plain, r"^\(|([0-9])[\s()/-]+", r"\1")
        self._records, self._texts = recoded(codes, plain)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """The number."""
        return {self.field: self._records}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.where(a == b, 1, 3).astype(np.int8)
        out[(a < 0) | (b < 0)] = known.NOT_COMPARABLE
        rows = np.flatnonzero(out == 3)
        if len(rows):
            first, second, back = distinct_pairs(a[rows], b[rows])
            one, two = (listed(self._texts, side) for side in (first, second))
            edits = cpdist(one, two, scorer=OSA.distance, score_cutoff=1)
            out[rows] = np.where(edits <= 1, 2, 3).astype(np.int8)[back]
        return out

    @property
    def tables(self) -> Mapping[str, Table]:
        """The values."""
        return {self.field: Table(self._texts, self._records)}

    @property
    def adjusted(self) -> Mapping[int, str]:
        """Equal values."""
        return {1: self.field}

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """Equal values."""
        return {1: chance_equal(self._records[persons])}
