"""Sex."""

from typing import Any

import numpy as np
import pandas as pd

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import Ints, Levels
from eligibility_audit.linkage.comparisons.base import Compared, Comparison
from eligibility_audit.linkage.texts import encode


class SexComparison(Comparison):
    """Sex, which says nothing new where the names agree: given name and middle name tell it."""

    levels = known.SEX

    def __init__(self, field: str, sex: "pd.Series[Any]", name_field: str | None) -> None:
        self.field = field
        self._name = name_field
        self._records = encode(sex)[0].astype(np.int16)
        self._told = np.zeros(len(known.NAME) + 1, dtype=bool)  # by level of the name: the sexes are one by the name
        self._told[1 : len(known.NAME)] = name_field is not None

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out: Levels = (a != b).astype(np.int8) + np.int8(1)
        out *= (a | b) >= 0
        if self._name is not None and self._name in before:
            out *= (out != 1) | ~self._told.take(before[self._name])
        return out
