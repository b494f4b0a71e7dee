"""Weighing pairs: levels, patterns of levels, frequency adjustments.

All weights are whole numbers of 1/10,000 bit here, so that a sum is the same in any order and on any machine.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility_audit.linkage import fit as learning
from eligibility_audit.linkage.arrays import Flags, Floats, Ints, Levels, gather
from eligibility_audit.linkage.comparisons import Comparison
from eligibility_audit.linkage.model import WEIGHT_DECIMALS, Frequencies, LearntLevel, Model

UNIT = 10**WEIGHT_DECIMALS
CONTRADICTION = -6.0  # a level at or below this weight contradicts
NEVER = -500 * UNIT
NO_VALUE = np.iinfo(np.int32).min
Whole = npt.NDArray[np.int32]
Positions = npt.NDArray[np.int32]
Learnt = Mapping[str, Sequence[LearntLevel]]


class Pattern(NamedTuple):
    """Patterns taken apart: levels (patterns x comparisons), pair of kinds, frequency adjustment in whole bits."""

    levels: Levels
    group: Ints
    tf: Ints


@dataclass(frozen=True)
class Scored:
    """What a part of the candidates came to: its patterns with their counts, and the pairs that may yet be links."""

    patterns: npt.NDArray[np.int64]
    counts: npt.NDArray[np.int64]
    left: Positions
    right: Positions
    pattern: npt.NDArray[np.int64]
    tf: Whole


class Scorer:
    """Levels, frequency adjustments and weights of pairs of the same records.

    `kind`: of each record, one of `kinds`; `one_line(left, right)`: which pairs are of one source line.
    """

    def __init__(
        self, comparisons: Sequence[Comparison], kind: Ints, kinds: int, two_lines: Callable[[Ints, Ints], Flags]
    ) -> None:
        self.comparisons = comparisons
        self._kind, self._kinds, self._two_lines = kind, kinds, two_lines
        self._widths = [len(comparison.levels) + 1 for comparison in comparisons]
        self.tables = {name: table for each in comparisons for name, table in each.tables.items()}
        self._known: Mapping[str, Frequencies] | None = None
        self._shares: Mapping[str, Floats] = {}
        self._adjust: list[list[tuple[Flags, Whole]]] = []
        self._weights: list[npt.NDArray[np.int64]] = []
        self._prior = np.zeros(0, dtype=np.int64)

    def adjust_with(self, known: Mapping[str, Frequencies], learnt: Learnt | None = None) -> None:
        """Take the frequency tables, and the levels where they are learnt already."""
        if self._known is not known:
            self._known, self._shares = known, learning.shares_of_values(self.tables, known)
            self._adjust = [[] for _ in self.comparisons]
        for number, each in enumerate(self.comparisons):
            if each.lifts or not self._adjust[number]:
                told = () if learnt is None else learnt[each.field]
                found = learning.adjustments(each, self.tables, self._shares, known, told)
                self._adjust[number] = _by_record(len(each.levels), found)

    def weigh_with(self, learnt: Learnt, prior: Floats) -> None:
        """Take the weights of levels, and the prior by pair of kinds."""
        by_level = [[0.0, *(level.weight for level in learnt[each.field])] for each in self.comparisons]
        self._weights = [np.round(np.array(each) * UNIT).astype(np.int64) for each in by_level]
        self._prior = np.round(prior * UNIT).astype(np.int64)

    def use(self, model: Model, prior: Floats) -> None:
        """Take all from a model. Raises InputError where it is of another version."""
        model.must_fit({each.field: [level.name for level in each.levels] for each in self.comparisons})
        self.adjust_with(model.frequencies, model.comparisons)
        self.weigh_with(model.comparisons, prior)

    def levels(self, left: Ints, right: Ints) -> dict[str, Levels]:
        """The level of each comparison, later ones seeing the earlier."""
        found: dict[str, Levels] = {}
        for comparison in self.comparisons:
            found[comparison.field] = comparison.compare(left, right, found)
        return found

    def adjustment(self, number: int, level: Levels, left: Ints, right: Ints) -> Whole:
        """The frequency adjustment of one comparison: of two values the rarer tells."""
        total = np.zeros(len(level), dtype=np.int32)
        for levels, by_record in self._adjust[number]:
            rows = np.flatnonzero(levels[level])
            one, two = by_record[left[rows]], by_record[right[rows]]
            total[rows] = np.where((one == NO_VALUE) | (two == NO_VALUE), 0, np.maximum(one, two))
        return total

    def excess(self, patterns: Ints, left: Ints, right: Ints) -> Whole:
        """The adjustments of pairs that are learnt from the patterns, and so are no part of them."""
        total = np.zeros(len(left), dtype=np.int32)
        levels = self.apart(patterns).levels
        for number, comparison in enumerate(self.comparisons):
            if comparison.lifts:
                total += self.adjustment(number, levels[:, number], left, right)
        return total

    def group(self, left: Ints, right: Ints) -> Ints:
        """The pair of kinds as a number."""
        if self._kinds == 1:
            return np.zeros(len(left), dtype=np.int64)
        return self._kind[left].astype(np.int64) * self._kinds + self._kind[right]

    def evidence(self, left: Ints, right: Ints) -> tuple[Floats, Flags]:
        """The weight of each pair, and whether a field that tells people apart contradicts (two of one line do)."""
        one_line = ~self._two_lines(left, right)
        weight = self._prior[self.group(left, right)]
        against = one_line.copy()
        for number, level in enumerate(self.levels(left, right).values()):
            weights = self._weights[number]
            weight += weights[level] + self.adjustment(number, level, left, right)
            if self.comparisons[number].tells_apart:
                against |= (weights <= CONTRADICTION * UNIT)[level]
        weight[one_line] = NEVER
        return weight / UNIT, against

    def score(self, left: Ints, right: Ints, floor: float) -> Scored:
        """The patterns of these pairs, and those pairs whose pattern may reach the floor (a weight)."""
        code, tf = self._patterns(left, right)
        number, distinct = pd.factorize(code)
        distinct = np.asarray(distinct, dtype=np.int64)
        counts = np.bincount(number, minlength=len(distinct))
        keep = np.flatnonzero(self.may_reach(distinct, floor)[number]) if len(distinct) else number
        return Scored(distinct, counts, left[keep].astype(np.int32), right[keep].astype(np.int32), code[keep], tf[keep])

    def _patterns(self, left: Ints, right: Ints) -> tuple[npt.NDArray[np.int64], Whole]:
        code = self.group(left, right).astype(np.int64, copy=False)
        tf = np.zeros(len(left), dtype=np.int32)
        for number, level in enumerate(self.levels(left, right).values()):
            code *= self._widths[number]
            code += level
            if self._adjust[number] and not self.comparisons[number].lifts:
                tf += self.adjustment(number, level, left, right)
        bins = (tf + UNIT // 2) // UNIT + learning.TF_BINS // 2
        code *= learning.TF_BINS
        code += np.clip(bins, 0, learning.TF_BINS - 1)
        return code, tf

    def apart(self, patterns: Ints) -> Pattern:
        """Patterns as levels, pair of kinds and frequency adjustment."""
        tf = patterns % learning.TF_BINS - learning.TF_BINS // 2
        code = patterns // learning.TF_BINS
        levels = np.zeros((len(code), len(self._widths)), dtype=np.int8)
        for number in reversed(range(len(self._widths))):
            levels[:, number] = code % self._widths[number]
            code = code // self._widths[number]
        return Pattern(levels, code, tf)

    def weigh_patterns(self, patterns: Ints) -> tuple[npt.NDArray[np.int64], Ints]:
        """Weights of patterns without frequency adjustment, in units, and that adjustment in whole bits."""
        told = self.apart(patterns)
        weight = self._prior[told.group]
        for number, weights in enumerate(self._weights):
            weight = weight + weights[told.levels[:, number]]
        return weight, told.tf

    def may_reach(self, patterns: Ints, floor: float) -> Flags:
        """Which patterns may reach the floor (a weight), whatever the adjustment within its bit and by namesakes."""
        weight, tf = self.weigh_patterns(patterns)
        most = weight + (tf + 1) * UNIT + sum(each.lifts for each in self.comparisons) * int(-learning.TF_LOWEST) * UNIT
        return np.asarray((most >= floor * UNIT) | (tf == learning.TF_BINS // 2 - 1))


def _by_record(levels: int, adjustments: Mapping[int, tuple[Floats, Ints]]) -> list[tuple[Flags, Whole]]:
    """For each of the adjustments (bits by value, values by record) the level codes that it is of, and it by record."""
    found: list[tuple[Flags, Whole]] = []
    seen: list[tuple[Floats, Ints]] = []
    for code, (bits, values) in adjustments.items():
        at = next((k for k, (b, v) in enumerate(seen) if v is values and np.array_equal(b, bits)), len(seen))
        if at == len(seen):
            seen.append((bits, values))
            whole = np.round(bits * UNIT).astype(np.int32)
            found.append((np.zeros(levels + 1, dtype=bool), gather(whole, values, NO_VALUE)))
        found[at][0][code] = True
    return found
