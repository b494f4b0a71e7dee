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
        self._level = self._levels()

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Commune with its district, and the district."""
        return {"commune": combine([self._commune, self._district]), "district": self._district}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        c, c2, d, d2 = self._commune[left], self._commune[right], self._district[left], self._district[right]
        known_districts = (d | d2) >= 0
        circumstances = known_districts.astype(np.uint8)
        for bit, flags in ((2, d == d2), (4, c == c2), (8, (c | c2) >= 0)):
            circumstances |= flags.view(np.uint8) * np.uint8(bit)
        if self._kind is not None:
            circumstances |= (self._kind[left] == self._kind[right]).view(np.uint8) * np.uint8(16)
        return self._level.take(circumstances)

    def _levels(self) -> Levels:
        """Levels by circumstances, a bit each: both districts are known, are equal, communes are equal, are known, both
        records are of one list."""
        out = np.full(32, self._code["different"], dtype=np.int8)
        bits = np.arange(32)
        districts, same_district, same_name, communes, one_list = (bits & 1 << k > 0 for k in range(5))
        same = districts & same_district & same_name
        out[districts & same_district] = self._code["same_district"]
        out[same] = self._code["same_commune"]
        out[one_list] = self._code["elsewhere_one_list"]  # a list does not pay twice in one commune: there a second
        out[one_list & same] = self._code["same_commune_one_list"]  # place is no surprise
        out[~communes | (same_name & ~districts)] = known.NOT_COMPARABLE
        return out
