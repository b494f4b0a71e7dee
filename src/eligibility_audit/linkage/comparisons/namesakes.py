"""Namesakes: what agreement in name, birth year and commune together is worth less than each by itself."""

import types
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import MISSING, Flags, Ints, Levels
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, Table, flagged, position
from eligibility_audit.linkage.comparisons.date import COARSE, SAME_YEAR, DateComparison
from eligibility_audit.linkage.texts import taken, text_array

GENERATION = 10  # years
HERE = ("same_commune", "same_commune_one_list", "merged")


class NamesakeComparison(Comparison):
    """Names go with generations and with villages: namesakes share birth year and commune more often than chance.

    `u` of a level is how many times more often; it is counted among pairs whose full dates or places show that they are
    two people (`telling`), so that no label is needed. Coarse dates are those of the old, whose names are fewer; what
    cannot be counted of them in one commune is told by what can (`tied`).
    """

    levels = known.NAMESAKE
    lifts = True
    tied = types.MappingProxyType({4: (1, 5, 2)})  # level -> three others: the first, times the second, by the third

    def __init__(
        self, field: str, name: str, date: str | None, place: str | None, rare_by: tuple[str, ...] | None = None
    ) -> None:
        self.field = field
        self.rare_by = rare_by or (name,)
        self._name, self._date, self._place = name, date, place
        self.needs = tuple(field for field in (name, date, place) if field is not None)
        self._same_year = flagged(known.DATE, SAME_YEAR)
        self._coarse = flagged(known.DATE, COARSE)
        self._two_people = flagged(known.DATE, ("same_year",))
        self._here = flagged(known.PLACE, HERE)
        self._names = position(known.NAME, "marks_differ")

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        name = before[self._name]
        exact = (name > 0) & (name <= self._names)
        year, here = self._is(before, self._date, self._same_year), self._is(before, self._place, self._here)
        coarse = self._is(before, self._date, self._coarse)
        level = np.where(coarse, np.where(here, 4, 5), np.where(year, np.where(here, 1, 2), np.where(here, 3, 0)))
        return np.where(exact, level, 0).astype(np.int8)

    def like(self, code: int) -> tuple[int, ...]:
        """Of one precision of the date."""
        return {1: (1, 2), 2: (1, 2), 3: (3,), 4: (4, 5), 5: (4, 5)}[code]

    @staticmethod
    def _is(found: Compared, field: str | None, levels: Flags) -> Flags:
        return levels[found[field]] if field else np.zeros(len(next(iter(found.values()))), dtype=bool)

    def telling(self, found: Compared) -> Mapping[int, tuple[Flags, ...]]:
        """By level, the conditions (independent of each other but for the dependence that is measured) under which
        pairs at that level are counted: name, date, place."""
        name, date = found[self._name], self._date
        exact = (name > 0) & (name <= self._names)
        two = self._is(found, date, self._two_people)
        here, year = self._is(found, self._place, self._here), self._is(found, date, self._same_year)
        other = (found[date] > 0) & ~year if date else np.ones(len(name), dtype=bool)
        coarse = self._is(found, date, self._coarse)
        return {1: (exact, two, here), 2: (exact, two, ~here), 3: (exact, other, here), 5: (exact, coarse, ~here)}


class GenerationComparison(Comparison):
    """A middle or given name is common among people of one age and rare among others (old people have the plainer
    names): where name and birth year agree, what the agreement is worth is told by the names of that generation."""

    levels = known.GENERATION

    def __init__(self, field: str, name: str, date: DateComparison, part: str, table: Table) -> None:
        self.field = field
        self._name, self._date = name, date.field
        self.needs = (name, date.field)
        self._names = position(known.NAME, "marks_differ")
        self._same_year = flagged(known.DATE, SAME_YEAR)
        self._tables = by_generation(field, part, table, date.year)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        name = before[self._name]
        return ((name > 0) & (name <= self._names) & self._same_year[before[self._date]]).astype(np.int8)

    @property
    def tables(self) -> Mapping[str, Table]:
        """The part of the name with the years of birth, and these years."""
        return self._tables

    @property
    def adjusted(self) -> Mapping[int, str]:
        """How common the part is in the generation."""
        return {1: self.field}


def by_generation(field: str, part: str, table: Table, year: Ints) -> dict[str, Table]:
    """Values with the years of birth, and these years; `part` is the name of the table of the values."""
    decade, starts = _distinct(np.where(year > 0, np.asarray(year, dtype=np.int64) // GENERATION * GENERATION, MISSING))
    years = text_array([str(start) for start in starts.tolist()])
    both = (decade >= 0) & (table.codes >= 0)
    codes, values = _distinct(np.where(both, table.codes.astype(np.int64) * len(starts) + decade, MISSING))
    parts = values // max(len(starts), 1), values % max(len(starts), 1)
    texts = pc.binary_join_element_wise(taken(table.values, parts[0]), taken(years, parts[1]), pa.scalar("|"))  # type: ignore[call-overload]  # stubs: no mix
    named = ((part, parts[0]), (f"{field}_years", parts[1]))
    return {
        field: Table(texts, codes, named, True, table.of_lines),
        f"{field}_years": Table(years, decade, of_lines=table.of_lines),
    }


def _distinct(values: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Codes of the values, -1 where they are missing, and the distinct values."""
    codes = np.full(len(values), MISSING, dtype=np.int32)
    have = values >= 0
    codes[have], distinct = pd.factorize(values[have])
    return codes, np.asarray(distinct, dtype=np.int64)
