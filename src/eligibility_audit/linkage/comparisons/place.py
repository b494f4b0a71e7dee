"""Communes and districts."""

from collections.abc import Mapping, Sequence

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import MISSING, Ints, Levels, combine, distinct_pairs, gather, mixed, text_numbers
from eligibility_audit.linkage.comparisons.base import Compared, Comparison
from eligibility_audit.linkage.mergers import merged, number_of_places, place_code


class PlaceComparison(Comparison):
    """Commune and district; a commune name that several districts have is ambiguous without its district.

    `postal`: where communes are postal codes, the code as text by commune code: of these a digit may slip. `texts`: the
    communes and the districts by their codes, as texts; by them communes are known that were merged.
    """

    levels = known.PLACE

    def __init__(
        self,
        field: str,
        commune: Ints,
        district: Ints,
        kind: Ints | None = None,
        postal: Sequence[str] = (),
        texts: tuple[Sequence[str], Sequence[str]] | None = None,
    ) -> None:
        self.field = field
        self._texts = texts
        self._postal = postal
        self._kind = kind
        self._commune, self._district = commune, district
        self._code = {level.name: code for code, level in enumerate(self.levels, 1)}
        self._level = self._levels()
        self._merged = np.zeros(0, dtype=np.int64)
        self._districts, self._places = 0, 0
        if texts is not None and not postal:
            self._districts, self._places = len(texts[1]), number_of_places(*texts)
            self._merged = merged(*texts, (commune, district))

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Commune with its district, and the district."""
        return {"commune": combine([self._commune, self._district]), "district": self._district}

    @property
    def stable(self) -> Mapping[str, Ints]:
        """See `Comparison`."""
        if self._texts is None:
            return {}
        numbers = [mixed(text_numbers(texts)) for texts in self._texts]
        commune, district = (
            gather(number, code) for number, code in zip(numbers, (self._commune, self._district), strict=True)
        )
        both = (commune >= 0) & (district >= 0)
        return {"commune": np.where(both, mixed(commune + 3 * district), MISSING), "district": district}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        c, c2, d, d2 = self._commune[left], self._commune[right], self._district[left], self._district[right]
        known_districts = (d | d2) >= 0
        circumstances = known_districts.astype(np.uint8)
        for bit, flags in ((2, d == d2), (4, c == c2), (8, (c | c2) >= 0)):
            circumstances |= flags.view(np.uint8) * np.uint8(bit)
        if self._kind is not None:
            circumstances |= (self._kind[left] == self._kind[right]).view(np.uint8) * np.uint8(16)
        level = self._level.take(circumstances)
        if self._postal:
            rows = np.flatnonzero(np.isin(level, [self._code["same_district"], self._code["different"]]))
            first, second, back = distinct_pairs(c[rows], c2[rows])
            one, two = ([self._postal[k] for k in codes] for codes in (first, second))
            slips = cpdist(one, two, scorer=OSA.distance, score_cutoff=1)[back] <= 1
            level[rows[slips]] = self._code["slip"]
        if len(self._merged):
            self._set_merged(level, left, right)
        return level

    def _set_merged(self, level: Levels, left: Ints, right: Ints) -> None:
        """A commune under its old and its new name is no disagreement."""
        rows = np.flatnonzero(np.isin(level, [self._code[n] for n in ("same_district", "different")]))
        one, two = (
            place_code(self._commune[side[rows]], self._district[side[rows]], self._districts) for side in (left, right)
        )
        level[rows[np.isin(one * self._places + two, self._merged)]] = self._code["merged"]

    def _levels(self) -> Levels:
        """Levels by circumstances, a bit each: both districts are known, are equal, communes are equal, are known, both
        records are of one list."""
        out = np.full(32, self._code["different"], dtype=np.int8)
        bits = np.arange(32)
        districts, same_district, same_name, communes, one_list = (bits & 1 << k > 0 for k in range(5))
        same = districts & same_district & same_name
        out[districts & same_district] = self._code["same_district"]
        out[same] = self._code["same_commune"]
        out[districts & ~same_district & same_name] = self._code["same_name"]
        out[one_list] = self._code["elsewhere_one_list"]  # a list does not pay twice in one commune: there a second
        out[one_list & same] = self._code["same_commune_one_list"]  # place is no surprise
        out[~communes | (same_name & ~districts)] = known.NOT_COMPARABLE
        return out
