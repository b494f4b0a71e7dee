"""How the lines of one list are written: what a person's papers do not hold, none of that person's lines holds."""

from collections.abc import Mapping, Sequence

import numpy as np

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import Floats, Ints, Levels
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, Table, flagged
from eligibility_audit.linkage.comparisons.date import SAME_YEAR, DateComparison
from eligibility_audit.linkage.comparisons.namesakes import by_generation
from eligibility_audit.linkage.levels import Level
from eligibility_audit.linkage.texts import text_array


class HabitComparison(Comparison):
    """Of which kind a thing is on two lines of one birth year: a date or a year alone, a number of 9 digits or of 12,
    or none.

    Papers go with age: nearly all who are very old have a year alone, children have no number. So what chance lets
    expect is counted among pairs of one birth year, and two of a kind that is usual at their age weigh little. A
    disagreement weighs the same at any age: where a kind with the share q is kept by a person with the chance k, two
    lines differ in it with the chance 2 (1 - k) q (1 - q), of two people with 2 q (1 - q).

    `kinds`: of each record, a position in `names`. `levels`: of those kinds that count alone, the level of two such;
    then of two that differ, and of two of any one kind (see `_level_of`).
    """

    def __init__(
        self, field: str, kinds: Ints, names: Sequence[str], levels: tuple[Level, ...], date: DateComparison
    ) -> None:
        self.field, self.levels = field, levels
        self._kinds, self._year, self._width = kinds.astype(np.int64), date.year, len(names)
        self._names = tuple(names)
        self._date, self.needs = date.field, (date.field,)
        self._same_year = flagged(known.DATE, SAME_YEAR)
        self._code = {level.name: code for code, level in enumerate(levels, 1)}
        pairs = [[self._level_of(one, two) for two in names] for one in names]
        self._level = np.array(pairs, dtype=np.int8).ravel()
        held = Table(text_array(list(names)), kinds.astype(np.int32), of_lines=True)
        self._tables = {f"{field}_kinds": held} | by_generation(field, f"{field}_kinds", held, date.year)

    def _level_of(self, one: str, two: str) -> int:
        """Two of a kind: the level `both_` and its name, or `one_kind`; two that differ: the level of both names, or
        `one_` and the name of the later or of the other, or `two_kinds`."""
        first, last = sorted((one, two), key=self._names.index)
        differ = (f"{first}_{last}", f"one_{last}", f"one_{first}", "two_kinds")
        wanted = (f"both_{one}", "one_kind") if one == two else differ
        return next(self._code[name] for name in wanted if name in self._code)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        level: Levels = self._level.take(self._kinds[left] * self._width + self._kinds[right])
        return level * self._same_year[before[self._date]]

    @property
    def tables(self) -> Mapping[str, Table]:
        """The kinds at each age."""
        return self._tables

    @property
    def adjusted(self) -> Mapping[int, str]:
        """Two of a kind: how usual it is at their age."""
        return {code: self.field for name, code in self._code.items() if name.startswith("both_") or name == "one_kind"}

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """All levels, among all pairs of lines of one birth year."""
        known_year = self._year > 0
        lines: Floats = np.zeros((int(self._year.max(initial=0)) + 1, self._width))
        np.add.at(lines, (self._year[known_year], self._kinds[known_year]), 1.0)
        pairs = lines.T @ lines - np.diag(lines.sum(axis=0))
        share = np.bincount(self._level, weights=pairs.ravel(), minlength=len(self.levels) + 1)
        return {code: float(share[code] / max(share.sum(), 1.0)) for code in range(1, len(self.levels) + 1)}
