"""Records of one person from pairs: groups that do not chain.

Pairs are taken from the strongest down. Two groups are joined only while at least half of the pairs between them are
links themselves and the group stays within the cap; what is refused is reported, the weakest link first.
"""

from dataclasses import dataclass

import numpy as np

from eligibility_audit.linkage.arrays import Floats, Ints

SUPPORT = 0.5  # share of the pairs between two groups that must be links
LARGEST = 50  # records in a group


@dataclass(frozen=True)
class Clusters:
    """`label`: by record the position of the first record of its group. `refused`: positions of pairs left out."""

    label: Ints
    refused: Ints


def cluster(left: Ints, right: Ints, weight: Floats, size: int, largest: int = LARGEST) -> Clusters:
    """Groups of `size` records from links (positions left, right, with their weights)."""
    label = _components(left, right, size)
    members = np.bincount(label, minlength=size)
    links = np.bincount(label[left], minlength=size)
    whole = (links == members * (members - 1) // 2) & (members <= largest)
    loose = np.flatnonzero(~whole[label[left]])
    if not len(loose):
        return Clusters(label, np.zeros(0, dtype=np.int64))
    touched = np.flatnonzero(~whole[label])
    label[touched] = touched
    order = loose[np.lexsort((right[loose], left[loose], -weight[loose]))]
    refused = _join(left, right, order, label, largest)
    return Clusters(label, refused)


def _components(left: Ints, right: Ints, size: int) -> Ints:
    """Connected components by the lowest position, halving paths until nothing changes."""
    label = np.arange(size)
    while True:
        low = np.minimum(label[left], label[right])
        before = label.copy()
        np.minimum.at(label, label[left], low)
        np.minimum.at(label, label[right], low)
        label = label[label]
        if np.array_equal(before, label):
            return label


def _join(left: Ints, right: Ints, order: Ints, label: Ints, largest: int) -> Ints:
    """Join groups in place along the pairs in order; returns the pairs that were refused."""
    groups: dict[int, list[int]] = {}
    between: dict[int, dict[int, int]] = {}  # links between groups
    for pair in order.tolist():
        a, b = int(left[pair]), int(right[pair])
        for one, two in ((a, b), (b, a)):
            groups.setdefault(one, [one])
            between.setdefault(one, {})[two] = 1
    waiting = order.tolist()
    while True:
        refused: list[int] = []
        for pair in waiting:
            a, b = int(label[left[pair]]), int(label[right[pair]])
            if a == b:
                continue
            possible = len(groups[a]) * len(groups[b])
            if between[a].get(b, 0) < SUPPORT * possible or len(groups[a]) + len(groups[b]) > largest:
                refused.append(pair)
                continue
            _merge(min(a, b), max(a, b), groups, between, label)
        if len(refused) == len(waiting):
            return np.array(refused[::-1], dtype=np.int64)
        waiting = refused  # a group that has grown may have found its support


def _merge(a: int, b: int, groups: dict[int, list[int]], between: dict[int, dict[int, int]], label: Ints) -> None:
    for member in groups[b]:
        label[member] = a
    groups[a] += groups.pop(b)
    for other, links in between.pop(b).items():
        if other == a:
            continue
        between[a][other] = between[a].get(other, 0) + links
        between[other][a] = between[other].get(a, 0) + links
        between[other].pop(b, None)
    between[a].pop(b, None)
