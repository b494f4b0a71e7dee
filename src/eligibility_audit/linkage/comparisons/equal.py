"""Codes that are equal or not."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import Ints, Levels, gather, mixed, text_numbers
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, Table, chance_equal
from eligibility_audit.linkage.levels import Level
from eligibility_audit.linkage.texts import dictionary, letters_and_digits, listed, recoded


class EqualComparison(Comparison):
    """Codes that are equal or not: dossier numbers, categories."""

    def __init__(
        self, field: str, values: "pd.Series[Any]", levels: tuple[Level, ...], frequency: bool = False
    ) -> None:
        self.field, self.levels, self._frequency = field, levels, frequency
        codes, texts = dictionary(values)
        self._records, self._texts = recoded(codes, letters_and_digits(texts))

    @property
    def keys(self) -> Mapping[str, Ints]:
        """The value."""
        return {self.field: self._records}

    @property
    def stable(self) -> Mapping[str, Ints]:
        """See `Comparison`."""
        return {self.field: gather(mixed(text_numbers(listed(self._texts))), self._records)}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.where(a == b, 1, 2).astype(np.int8)
        out[(a < 0) | (b < 0)] = known.NOT_COMPARABLE
        return out

    @property
    def tables(self) -> Mapping[str, Table]:
        """The values, where their frequency counts."""
        return {self.field: Table(self._texts, self._records)} if self._frequency else {}

    @property
    def adjusted(self) -> Mapping[int, str]:
        """Equal values, where their frequency counts."""
        return {1: self.field} if self._frequency else {}

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """Equal values."""
        return {1: chance_equal(self._records[persons])} if self._frequency else {}
