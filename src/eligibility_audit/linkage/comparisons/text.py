"""Free text and single names of any language; numbers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import Ints, Levels, distinct_pairs
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, Table, chance_equal
from eligibility_audit.linkage.names import fold_texts
from eligibility_audit.linkage.texts import dictionary, listed, recoded


class TextComparison(Comparison):
    """Free text and single names of any language: equal, close (Jaro-Winkler or one edit), similar, different."""

    levels = known.TEXT

    def __init__(self, field: str, values: "pd.Series[Any]") -> None:
        self.field = field
        codes, texts = dictionary(values)
        self._records, self._texts = recoded(codes, fold_texts(texts))
        self._start, _ = recoded(self._records, pc.utf8_slice_codeunits(self._texts, 0, 4))

    @property
    def keys(self) -> Mapping[str, Ints]:
        """The folded text, and its first four letters."""
        return {self.field: self._records, f"{self.field}_start": self._start}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.where(a == b, 1, 4).astype(np.int8)
        out[(a < 0) | (b < 0)] = known.NOT_COMPARABLE
        rows = np.flatnonzero(out == 4)
        if not len(rows):
            return out
        first, second, back = distinct_pairs(a[rows], b[rows])
        one, two = (listed(self._texts, side) for side in (first, second))
        alike = cpdist(one, two, scorer=JaroWinkler.similarity, score_cutoff=0.8, dtype=np.float32)
        level = np.select([alike >= 0.93, alike >= 0.85], [2, 3], 4).astype(np.int8)
        unsure = np.flatnonzero(level > 2)
        edits = cpdist([one[k] for k in unsure], [two[k] for k in unsure], scorer=OSA.distance, score_cutoff=1)
        long = np.array([min(len(one[k]), len(two[k])) > 3 for k in unsure], dtype=np.bool_)
        level[unsure[(edits <= 1) & long]] = 2
        out[rows] = level[back]
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


class NumberComparison(Comparison):
    """Numbers and codes of digits: equal, one digit apart, different."""

    levels = known.NUMBER

    def __init__(self, field: str, values: "pd.Series[Any]") -> None:
        self.field = field
        codes, texts = dictionary(values)
        plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(texts, r"\.0$", ""))
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
