"""A third record: within a group, two that show little in common are one person where a third is the same as both.

Of records A, B, C all are one person, or two, or none. Where A and C, and C and B are linked, what A and B share adds
nothing to that, but what is against them counts: the weight of A with B is that of all three being one against the
cases in which A is with C, or C with B, or neither. Two strong links make a third that is nearly as strong, a doubtful
one makes one as doubtful. Only records of one group are looked at, where all evidence has been weighed together, and
only of lists with a field that would show two people to be two (a full date, a number): where nothing can contradict,
links go on from one to the next without end.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from eligibility_audit.linkage.arrays import Flags, Floats, Ints
from eligibility_audit.linkage.blocking import home_pairs
from eligibility_audit.linkage.engine import PROBABILITY_DECIMALS, Task, Weighed, evidence
from eligibility_audit.linkage.model import WEIGHT_DECIMALS, Model
from eligibility_audit.linkage.rivals import Evidence, strongest

LEAST_GAIN = 0.01  # bits
# Bits against two records that a third explains: two lines of one person, an error on each, seldom fit more badly. On
# invented lists of three seeds (21, 22, 3) anything from 3 to 14 gives the same F1 within 0.0003.
LET_PASS = 6.0
PART = 1_000_000


class _Paths(NamedTuple):
    """Pairs as codes in order, and the weights of the two links of the best path between them."""

    codes: Ints
    one: Floats
    two: Floats


def with_thirds(task: Task, model: Model, found: Weighed, label: Ints) -> tuple[Weighed, Ints]:
    """The pairs with what a third record of their group (`label` by record) adds; those that it alone makes likely are
    added, in order. Second, where the pairs stand that were there before."""
    if not any(comparison.tells_apart for comparison in task.comparisons):
        return found, np.arange(len(found.left))
    return lifted_by_thirds(found, label, task.size, evidence(task, model), task.allowed)


def lifted_by_thirds(
    found: Weighed, label: Ints, records: int, weigh: Evidence, allowed: Callable[[Ints, Ints], Flags]
) -> tuple[Weighed, Ints]:
    """See `with_thirds`. `weigh`: weight of any two records without rivals, and whether they contradict each other;
    `allowed`: which two may be one person at all."""
    size = np.int64(records)
    known = found.left.astype(np.int64) * size + found.right
    paths = _paths(found, known, label, size)
    left, right = (paths.codes // size).astype(np.int32), (paths.codes % size).astype(np.int32)
    fine = np.flatnonzero(allowed(left, right)) if len(left) else np.zeros(0, dtype=np.int64)
    if not len(fine):
        return found, np.arange(len(found.left))
    left, right, codes, one, two = left[fine], right[fine], paths.codes[fine], paths.one[fine], paths.two[fine]
    base, against = weigh(left, right)
    weight = np.where(_among(known, codes), found.weight[_at(known, codes)], base)
    both = one + two + np.minimum(base + LET_PASS, 0.0)
    gain = np.logaddexp2(both, weight) - np.logaddexp2(np.logaddexp2(one, two), 0.0) - weight
    gain = np.where(against | (gain < LEAST_GAIN), 0.0, np.round(gain, WEIGHT_DECIMALS))
    return _lifted(found, known, (codes[gain > 0], np.round(base, WEIGHT_DECIMALS)[gain > 0], gain[gain > 0]), size)


def _paths(found: Weighed, known: Ints, label: Ints, size: np.int64) -> _Paths:
    """The pairs of a group with a path stronger than what they weigh themselves."""
    members = np.bincount(label, minlength=int(size))
    linked = (found.weight > 0) & (label[found.left] == label[found.right]) & (members[label[found.left]] > 2)
    strong = np.flatnonzero(linked)
    source = np.concatenate([found.left[strong], found.right[strong]])
    other = np.concatenate([found.right[strong], found.left[strong]]).astype(np.int64)
    link = np.tile(found.weight[strong], 2)
    keep = strongest(source, link)
    source, other, link = source[keep], other[keep], link[keep]
    best = _Paths(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    for i, j in home_pairs(source.astype(np.int32), PART):
        codes = np.minimum(other[i], other[j]) * size + np.maximum(other[i], other[j])
        path = -np.logaddexp2(-link[i], -link[j])
        weaker = ~_among(known, codes) | (found.weight[_at(known, codes)] < path)
        best = _best(
            _Paths(
                np.concatenate([best.codes, codes[weaker]]),
                np.concatenate([best.one, link[i][weaker]]),
                np.concatenate([best.two, link[j][weaker]]),
            )
        )
    return best


def _best(paths: _Paths) -> _Paths:
    """Of each pair the path whose weaker link is the strongest."""
    order = np.lexsort((-np.maximum(paths.one, paths.two), np.logaddexp2(-paths.one, -paths.two), paths.codes))
    first = order[np.diff(paths.codes[order], prepend=-1) != 0]
    return _Paths(paths.codes[first], paths.one[first], paths.two[first])


def _at(known: Ints, codes: Ints) -> Ints:
    return np.minimum(np.searchsorted(known, codes), max(len(known) - 1, 0))


def _among(known: Ints, codes: Ints) -> Flags:
    return np.asarray(known[_at(known, codes)] == codes)


def _lifted(found: Weighed, known: Ints, lifted: tuple[Ints, Floats, Floats], size: np.int64) -> tuple[Weighed, Ints]:
    codes, base, gain = lifted
    every = np.union1d(known, codes)
    weight, others = np.zeros(len(every)), np.zeros(len(every))
    weight[np.searchsorted(every, codes)] = base
    here = np.searchsorted(every, known)
    weight[here], others[here] = found.weight, found.rival
    at = np.searchsorted(every, codes)
    weight[at] += gain
    others[at] += gain
    weight, others = np.round(weight, WEIGHT_DECIMALS) + 0.0, np.round(others, WEIGHT_DECIMALS) + 0.0
    probability = np.round(1 / (1 + np.exp2(-np.clip(weight, -500, 500))), PROBABILITY_DECIMALS)
    left, right = (every // size).astype(np.int32), (every % size).astype(np.int32)
    return Weighed(left, right, weight, probability, others), here
