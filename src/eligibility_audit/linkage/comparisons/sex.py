"""Sex."""

from typing import Any

import numpy as np
import pandas as pd

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import Ints, Levels, encode
from eligibility_audit.linkage.comparisons.base import Compared, Comparison


class SexComparison(Comparison):
    """Sex, which says nothing new where the names agree: given name and middle name tell it."""

    levels = known.SEX

    def __init__(self, field: str, sex: "pd.Series[Any]", name_field: str | None) -> None:
        self.field = field
        self._name = name_field
        self._records, _ = encode(sex)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.where(a == b, 1, 2).astype(np.int8)
        out[(a < 0) | (b < 0)] = known.NOT_COMPARABLE
        if self._name is not None and self._name in before:
            named = before[self._name]
            out[(out == 1) & (named > 0) & (named < len(known.NAME))] = known.NOT_COMPARABLE
        return out
