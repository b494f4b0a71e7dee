"""Namesakes: what agreement in name, birth year and commune together is worth less than each by itself."""

from collections.abc import Mapping

import numpy as np

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import Flags, Ints, Levels
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, position

SAME_YEAR = ("day", "swapped", "typo", "near_day", "same_year", "month", "month_swapped", "month_differs", "year")
HERE = ("same_commune", "same_commune_one_list")


class NamesakeComparison(Comparison):
    """Names go with generations and with villages: namesakes share birth year and commune more often than chance.

    `u` of a level is how many times more often; it is counted among pairs whose full dates show that they are two
    people (`telling`), so that no label is needed.
    """

    levels = known.NAMESAKE
    lifts = True

    def __init__(self, field: str, name: str, date: str | None, place: str | None) -> None:
        self.field = field
        self._name, self._date, self._place = name, date, place
        self._same_year = np.array([position(known.DATE, level) for level in SAME_YEAR])
        self._two_people = position(known.DATE, "same_year")
        self._here = np.array([position(known.PLACE, level) for level in HERE])
        self._names = position(known.NAME, "marks_differ")

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        name = before[self._name]
        exact = (name > 0) & (name <= self._names)
        year, here = self._year(before, len(name)), self._is_here(before, len(name))
        return np.select([exact & year & here, exact & year, exact & here], [1, 2, 3], 0).astype(np.int8)

    @property
    def adjusted(self) -> Mapping[int, str]:
        """All levels: how rare the name is tells how much of the excess there is."""
        return dict.fromkeys(range(1, len(self.levels) + 1), self._name)

    def _year(self, before: Compared, size: int) -> Flags:
        return np.isin(before[self._date], self._same_year) if self._date else np.zeros(size, dtype=bool)

    def _is_here(self, before: Compared, size: int) -> Flags:
        return np.isin(before[self._place], self._here) if self._place else np.zeros(size, dtype=bool)

    def telling(self, found: Compared) -> Mapping[int, tuple[Flags, ...]]:
        """By level, the conditions (independent of each other but for the dependence that is measured) under which
        pairs at that level are counted: name, date, place."""
        name, date, place = found[self._name], self._date, self._place
        exact = (name > 0) & (name <= self._names)
        every = np.ones(len(name), dtype=bool)
        two = found[date] == self._two_people if date else ~every
        other = (found[date] > 0) & ~np.isin(found[date], self._same_year) if date else every
        here = np.isin(found[place], self._here) if place else ~every
        return {1: (exact, two, here), 2: (exact, two, ~here), 3: (exact, other, here)}
