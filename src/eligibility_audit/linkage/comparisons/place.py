"""Communes and districts."""

from collections.abc import Mapping

import numpy as np

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import Ints, Levels, combine
from eligibility_audit.linkage.comparisons.base import Compared, Comparison


class PlaceComparison(Comparison):
    """Commune and district; a commune name that several districts have is ambiguous without its district."""

    levels = known.PLACE

    def __init__(self, field: str, commune: Ints, district: Ints, kind: Ints | None = None) -> None:
        self.field = field
        self._kind = kind
        self._commune, self._district = commune, district
        self._code = {level.name: code for code, level in enumerate(self.levels, 1)}

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Commune with its district, and the district."""
        return {"commune": combine([self._commune, self._district]), "district": self._district}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        c, c2, d, d2 = self._commune[left], self._commune[right], self._district[left], self._district[right]
        out = np.full(len(c), self._code["different"], dtype=np.int8)
        known_districts = (d >= 0) & (d2 >= 0)
        out[known_districts & (d == d2)] = self._code["same_district"]
        same = known_districts & (d == d2) & (c == c2)
        out[same] = self._code["same_commune"]
        if self._kind is not None:  # a list does not pay twice in one commune: there a second place is no surprise
            one_list = self._kind[left] == self._kind[right]
            out[one_list] = self._code["elsewhere_one_list"]
            out[one_list & same] = self._code["same_commune_one_list"]
        unknown = (c < 0) | (c2 < 0) | ((c == c2) & ~known_districts)
        out[unknown] = known.NOT_COMPARABLE
        return out
