"""Two different people cannot both be the same third one: what a rival takes from a pair.

A record that fits B and C, who contradict each other, is at most one of them: the odds of the pair with B are shared
with C. Where B and C merely are not linked (two namesakes without full dates), the rival counts only if B too has a
better partner in the list of the first record: then the four records are two people, one line in each list.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from eligibility_audit.linkage.arrays import Flags, Floats, Ints
from eligibility_audit.linkage.blocking import home_pairs

LEAST_WEIGHT = -2.0  # a rival weaker than this takes nothing worth counting
MOST_PARTNERS = 24  # strongest partners of a record that are looked at

Evidence = Callable[[Ints, Ints], tuple[Floats, Flags]]


def rival_weights(left: Ints, right: Ints, weight: Floats, kind: Ints, evidence: Evidence) -> Floats:
    """What to add to the weight of each pair (0 or less).

    `left < right` sorted; `evidence(a, b)` gives for any two records, a < b, their weight and whether a field that
    tells people apart contradicts.
    """
    strong = np.flatnonzero(weight > LEAST_WEIGHT)
    source = np.concatenate([left[strong], right[strong]])
    other = np.concatenate([right[strong], left[strong]])
    pair = np.concatenate([strong, strong])
    keep = strongest(source, weight[pair])
    source, other, pair = source[keep], other[keep], pair[keep]
    sure = np.full((2, len(left)), -np.inf)  # weight of the best rival who contradicts, by end of the pair
    likely = np.full((2, len(left)), -np.inf)
    for i, j in home_pairs(source.astype(np.int32), 1_000_000):
        contradicts, unlinked = _apart(other[i], other[j], left, right, weight, evidence)
        same_list = kind[other[i]] == kind[other[j]]
        for one, two in ((i, j), (j, i)):
            end = (source[one] == right[pair[one]]).astype(np.int64)
            rival = weight[pair[two]]
            np.maximum.at(sure, (end[contradicts], pair[one][contradicts]), rival[contradicts])
            weak = unlinked & same_list
            np.maximum.at(likely, (end[weak], pair[one][weak]), rival[weak])
    shared = _share(sure[0]) + _share(sure[1])
    both = np.minimum(_share(likely[0]), _share(likely[1]))
    taken = np.maximum(shared, both)
    return np.asarray(-np.where(taken < 1e-3, 0.0, np.ceil(taken * 1e4) / 1e4) + 0.0)  # up: of two equals none has half


def _share(rival: Floats) -> Floats:
    """Bits that a rival of this weight takes."""
    return np.asarray(np.logaddexp2(0.0, rival))


def strongest(source: Ints, weight: Floats) -> Ints:
    """Positions of the strongest partners of each record."""
    order = np.lexsort((-weight, source))
    at = source[order]
    starts = np.flatnonzero(np.append(True, at[1:] != at[:-1])) if len(at) else np.zeros(0, dtype=np.int64)
    rank = np.arange(len(at)) - np.repeat(starts, np.diff(np.append(starts, len(at))))
    return np.sort(order[rank < MOST_PARTNERS])


def _apart(one: Ints, two: Ints, left: Ints, right: Ints, weight: Floats, evidence: Evidence) -> tuple[Flags, Flags]:
    """Which of these records contradict each other, and which are at least not linked."""
    size = np.int64(max(int(right.max(initial=0)), int(left.max(initial=0))) + 1)
    low, high = np.minimum(one, two).astype(np.int64), np.maximum(one, two).astype(np.int64)
    codes, back = np.unique(low * size + high, return_inverse=True)
    known: npt.NDArray[np.int64] = left.astype(np.int64) * size + right
    at = np.minimum(np.searchsorted(known, codes), max(len(known) - 1, 0))
    linked = (known[at] == codes) & (weight[at] >= 0)
    contradicts, unlinked = np.zeros(len(codes), dtype=bool), np.zeros(len(codes), dtype=bool)
    rest = np.flatnonzero(~linked & (codes // size != codes % size))
    found, against = evidence((codes[rest] // size).astype(np.int32), (codes[rest] % size).astype(np.int32))
    contradicts[rest], unlinked[rest] = (found < 0) & against, found < 0
    return contradicts[back], unlinked[back]
