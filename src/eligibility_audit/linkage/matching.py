"""One to one: where each list has a person once, a record has at most one partner in the other list."""

import numpy as np

from eligibility_audit.linkage.arrays import Flags, Floats, Ints


def one_to_one(left: Ints, right: Ints, weight: Floats) -> Flags:
    """Which pairs stay when the strongest are taken first and each record is taken once; of equals the first in order.

    Pairs in rounds of mutual best, so that millions take few steps.
    """
    keep = np.zeros(len(left), dtype=bool)
    free = np.arange(len(left))
    size = int(max(left.max(initial=-1), right.max(initial=-1))) + 1
    order = np.lexsort((right, left, -weight))
    rank = np.empty(len(left), dtype=np.int64)
    rank[order] = np.arange(len(left))
    while len(free):
        best = np.full((2, size), len(left))
        np.minimum.at(best[0], left[free], rank[free])
        np.minimum.at(best[1], right[free], rank[free])
        mutual = free[(best[0][left[free]] == rank[free]) & (best[1][right[free]] == rank[free])]
        keep[mutual] = True
        taken = np.zeros((2, size), dtype=bool)
        taken[0, left[mutual]], taken[1, right[mutual]] = True, True
        free = free[~taken[0][left[free]] & ~taken[1][right[free]]]
    return keep
