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
STEP = UNIT // 2  # of adjustments in patterns
CONTRADICTION = -6.0  # a level at or below this weight contradicts
NEVER = -500 * UNIT
NO_VALUE = np.iinfo(np.int32).min
Whole = npt.NDArray[np.int32]
Positions = npt.NDArray[np.int32]
Learnt = Mapping[str, Sequence[LearntLevel]]


class Pattern(NamedTuple):
    """Patterns taken apart: levels (patterns x comparisons), pair of kinds, frequency adjustments in bits: of what
    agrees by chance, and of all else."""

    levels: Levels
    group: Ints
    rarity: Floats
    rest: Floats


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
        self._adjust: list[list[tuple[Flags, Whole]]] = []
        self._weights: list[npt.NDArray[np.int64]] = []
        self._prior = np.zeros(0, dtype=np.int64)
        self._flat: list[Floats] = []
        rare_by = {field for each in comparisons for field in each.rare_by}
        self._chance = [each.field in rare_by for each in comparisons]

    def adjust_with(self, known: Mapping[str, Frequencies]) -> None:
        """Take the frequency tables."""
        if self._known is known:
            return
        self._known, shares = known, learning.shares_of_values(self.tables, known)
        self._adjust = [
            _by_record(len(each.levels), learning.adjustments(each, self.tables, shares, known))
            for each in self.comparisons
        ]

    def weigh_with(self, learnt: Learnt, prior: Floats) -> None:
        """Take the weights of levels, and the prior by pair of kinds."""
        by_level = [[0.0, *(level.weight for level in learnt[each.field])] for each in self.comparisons]
        self._weights = [np.round(np.array(each) * UNIT).astype(np.int64) for each in by_level]
        self._prior = np.round(prior * UNIT).astype(np.int64)
        self._flat = [np.array([0.0, *(level.flat for level in learnt[each.field])]) for each in self.comparisons]

    def use(self, model: Model, prior: Floats) -> None:
        """Take all from a model. Raises InputError where it is of another version."""
        model.must_fit({each.field: [level.name for level in each.levels] for each in self.comparisons})
        self.adjust_with(model.frequencies)
        self.weigh_with(model.comparisons, prior)

    def levels(self, left: Ints, right: Ints) -> dict[str, Levels]:
        """The level of each comparison, later ones seeing the earlier."""
        found: dict[str, Levels] = {}
        for comparison in self.comparisons:
            found[comparison.field] = comparison.compare(left, right, found)
        return found

    def steps(self, left: Ints, right: Ints) -> list[tuple[Levels, Whole]]:
        """The level of each comparison and the adjustment of its weight."""
        levels = list(self.levels(left, right).values())
        return list(zip(levels, self._adjustments(levels, left, right), strict=True))

    def rarity(self, left: Ints, right: Ints) -> Whole:
        """How much rarer than usual are the values that agree by chance."""
        levels = list(self.levels(left, right).values())
        chance = [number for number, each in enumerate(self._chance) if each]
        return self._sum([self._adjustment(number, levels[number], left, right) for number in chance], len(left))

    def _adjustments(self, levels: Sequence[Levels], left: Ints, right: Ints) -> list[Whole]:
        """By comparison; of those that lift, by what the others tell of chance."""
        found = [self._adjustment(number, level, left, right) for number, level in enumerate(levels)]
        rarity = self._sum([found[number] for number, each in enumerate(self._chance) if each], len(left))
        for number, comparison in enumerate(self.comparisons):
            if comparison.lifts:
                found[number] = self._lifted(number, levels[number], rarity)
        return found

    @staticmethod
    def _sum(parts: Sequence[Whole], size: int) -> Whole:
        total = np.zeros(size, dtype=np.int32)
        for part in parts:
            total += part
        return total

    def _lifted(self, number: int, level: Levels, rarity: Whole) -> Whole:
        bits = learning.excess(self._flat[number][level], rarity / UNIT)
        return np.asarray(np.round(bits * UNIT).astype(np.int32))

    def _adjustment(self, number: int, level: Levels, left: Ints, right: Ints) -> Whole:
        """The frequency adjustment of one comparison: of two values the rarer tells."""
        total = np.zeros(len(level), dtype=np.int32)
        for levels, by_record in self._adjust[number]:
            rows = np.flatnonzero(levels[level])
            one, two = by_record[left[rows]], by_record[right[rows]]
            total[rows] = np.where((one == NO_VALUE) | (two == NO_VALUE), 0, np.maximum(one, two))
        return total

    def excess(self, patterns: Ints, left: Ints, right: Ints) -> Whole:
        """The adjustments of pairs that are learnt from the patterns, and so are no part of them."""
        if not any(each.lifts for each in self.comparisons):
            return np.zeros(len(left), dtype=np.int32)
        levels = self.apart(patterns).levels
        chance = [number for number, each in enumerate(self._chance) if each]
        rarity = self._sum([self._adjustment(k, levels[:, k], left, right) for k in chance], len(left))
        lifting = [number for number, each in enumerate(self.comparisons) if each.lifts]
        return self._sum([self._lifted(k, levels[:, k], rarity) for k in lifting], len(left))

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
        for number, (level, bits) in enumerate(self.steps(left, right)):
            weights = self._weights[number]
            weight += weights[level] + bits
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
        parts = np.zeros((2, len(left)), dtype=np.int32)  # of chance, and of all else
        for number, level in enumerate(self.levels(left, right).values()):
            code *= self._widths[number]
            code += level
            if self._adjust[number]:
                parts[0 if self._chance[number] else 1] += self._adjustment(number, level, left, right)
        for part in parts:
            code *= learning.TF_BINS
            code += np.clip((part + STEP // 2) // STEP + learning.TF_BINS // 2, 0, learning.TF_BINS - 1)
        return code, parts[0] + parts[1]

    def apart(self, patterns: Ints) -> Pattern:
        """Patterns as levels, pair of kinds and frequency adjustment."""
        code, rest = np.divmod(patterns, learning.TF_BINS)
        code, tf = np.divmod(code, learning.TF_BINS)
        levels = np.zeros((len(code), len(self._widths)), dtype=np.int8)
        for number in reversed(range(len(self._widths))):
            levels[:, number] = code % self._widths[number]
            code = code // self._widths[number]
        bits = [(part - learning.TF_BINS // 2) * STEP / UNIT for part in (tf, rest)]
        return Pattern(levels, code, bits[0], bits[1])

    def weigh_patterns(self, patterns: Ints) -> tuple[npt.NDArray[np.int64], Floats]:
        """Weights of patterns without frequency adjustment, in units, and the most that adjustment may be, in bits."""
        told = self.apart(patterns)
        weight = self._prior[told.group]
        for number, weights in enumerate(self._weights):
            weight = weight + weights[told.levels[:, number]]
        highest = (learning.TF_BINS // 2 - 1) * STEP / UNIT
        full = (told.rarity >= highest) | (told.rest >= highest)
        return weight, np.where(full, np.inf, told.rarity + told.rest + 1)

    def may_reach(self, patterns: Ints, floor: float) -> Flags:
        """Which patterns may reach the floor (a weight), whatever the adjustment within its bit and by namesakes."""
        weight, most = self.weigh_patterns(patterns)
        lifts = sum(each.lifts for each in self.comparisons) * -learning.TF_LOWEST
        return np.asarray(weight + (most + lifts) * UNIT >= floor * UNIT)


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
