"""Records of one person from pairs: groups that do not chain and do not hang on a threshold.

Two groups are joined while the evidence of all pairs between them, taken together, speaks for it, the most alike
first (average linkage over log-odds). A pair that was never a candidate, or fell below every threshold, counts
against: little where it merely shares little, much where a field that tells people apart contradicts. So one weak link
between two groups does not join them, and which pairs are listed at which threshold makes no difference.
Judgements bind: `same` is joined before anything else, `apart` is never joined, through whatever chain; nor are two
records of one list that contradict each other. Components in which all pairs are links go the quick way.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from eligibility_audit.linkage.arrays import Flags, Floats, Ints
from eligibility_audit.linkage.blocking import home_pairs

LARGEST = 50  # records in a group
EXACT = 200  # components up to this size are looked at pair by pair
# The three were chosen on real persons with errors (docs/linkage.md) and on invented lists; they matter little between
# half and double.
MOST_FOR = 10.0  # bits that one pair may bring: one sure pair does not outweigh many that contradict
MOST_AGAINST_UNLIKE = 0.5  # bits against of a pair that merely shares little: what unlike rows of one person show
CONTRADICTS = 4.0  # bits against of a pair that contradicts; rivals have taken their part already
NEVER = 1e9

Evidence = Callable[[Ints, Ints], tuple[Floats, Flags]]
REASONS = ("little_support", "contradiction", "judgement", "size")


def _no_pairs() -> Ints:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Bound:
    """Judgements in force, as positions: these pairs are the same, those are not."""

    same: tuple[Ints, Ints] = field(default_factory=lambda: (_no_pairs(), _no_pairs()))
    apart: tuple[Ints, Ints] = field(default_factory=lambda: (_no_pairs(), _no_pairs()))


@dataclass(frozen=True)
class Refused:
    """Links that lead out of their group: position of the pair, why, the two records that are the cause (-1 = none).

    `reason` is a position in `REASONS`.
    """

    pair: Ints
    reason: Ints
    cause_left: Ints
    cause_right: Ints


@dataclass(frozen=True)
class Clusters:
    """`label`: by record the position of the first record of its group.

    `refused`: links that were not followed. `inside`: pairs within a group that contradict each other though the group
    as a whole holds. `weakest`: by record the position of the weakest link that holds its group together (-1 = alone,
    or held by judgements).
    """

    label: Ints
    refused: Refused
    inside: tuple[Ints, Ints]
    weakest: Ints


@dataclass(frozen=True)
class _Graph:
    """Links (weight >= 0) and what is known of weaker pairs; `codes` of all pairs are sorted."""

    left: Ints
    right: Ints
    weight: Floats
    codes: Ints
    size: int
    link: Flags

    def find(self, one: Ints, two: Ints) -> Ints:
        """The position of each pair, -1 where it is not known; one < two."""
        code = one.astype(np.int64) * self.size + two
        at = np.minimum(np.searchsorted(self.codes, code), max(len(self.codes) - 1, 0))
        found = self.codes[at] == code if len(self.codes) else np.zeros(len(code), dtype=bool)
        return np.where(found, at, -1)


def cluster(
    left: Ints,
    right: Ints,
    weight: Floats,
    size: int,
    *,
    largest: int = LARGEST,
    evidence: Evidence | None = None,
    one_list: Ints | None = None,
    bound: Bound | None = None,
) -> Clusters:
    """Groups of `size` records from weighed pairs (positions left < right, each once; weight in log2 odds).

    `evidence` weighs any other pair and says whether it contradicts; without it such a pair counts against a little.
    `one_list`: the list of each record; two records of one list that contradict each other are never in one group.
    """
    bound = bound or Bound()
    order = np.lexsort((right, left))
    codes = left[order].astype(np.int64) * size + right[order]
    graph = _Graph(left[order], right[order], weight[order], codes, size, weight[order] >= 0)
    ends = [
        np.concatenate([graph.left[graph.link], bound.same[0]]),
        np.concatenate([graph.right[graph.link], bound.same[1]]),
    ]
    component = components(ends[0], ends[1], size)
    trouble = _troubled(graph, component, bound, largest)
    label = component.copy()
    label[trouble] = np.flatnonzero(trouble)
    home = np.where(trouble, component, -1)
    _cut_large(graph, home, bound, largest)
    one, two, for_it, contradicts = _all_pairs(graph, home, evidence, one_list, bound)
    _join_within(one, two, for_it, home, label, largest)
    refused = _refused(graph, label, (one, two, for_it), bound, largest)
    refused = Refused(order[refused.pair], refused.reason, refused.cause_left, refused.cause_right)
    inside = contradicts & (label[one] == label[two])
    weakest = _weakest(graph, label)
    return Clusters(
        label, refused, (one[inside], two[inside]), np.where(weakest < 0, -1, order[weakest] if len(order) else -1)
    )


def components(left: Ints, right: Ints, size: int) -> npt.NDArray[np.int64]:
    """Connected components by the lowest position, halving paths until nothing changes."""
    label = np.arange(size)
    while len(left):
        low = np.minimum(label[left], label[right])
        before = label.copy()
        np.minimum.at(label, label[left], low)
        np.minimum.at(label, label[right], low)
        label = label[label]
        if np.array_equal(before, label):
            break
    return label


def _troubled(graph: _Graph, component: Ints, bound: Bound, largest: int) -> Flags:
    """Records of components that are more than links between all: these are looked at closely."""
    members = np.bincount(component, minlength=graph.size)
    links = np.bincount(component[graph.left[graph.link]], minlength=graph.size)
    whole = (links == members * (members - 1) // 2) & (members <= largest)
    whole[component[bound.apart[0]]] = False
    whole[component[bound.same[0]]] = False
    return np.asarray(~whole[component], dtype=bool)


def _cut_large(graph: _Graph, home: Ints, bound: Bound, largest: int) -> None:
    """Cut components over `EXACT` in place into pieces of at most `largest`, by what is known of their pairs."""
    counts = np.bincount(home[home >= 0], minlength=graph.size)
    large = (home >= 0) & (counts[np.maximum(home, 0)] > max(EXACT, largest))
    if not large.any():
        return
    within = np.flatnonzero(large[graph.left] & (home[graph.left] == home[graph.right]))
    strength = np.clip(graph.weight[within], -MOST_AGAINST_UNLIKE, MOST_FOR)
    pairs = [
        *zip(graph.left[within].tolist(), graph.right[within].tolist(), strength.tolist(), strict=True),
        *((int(a), int(b), NEVER) for a, b in zip(*bound.same, strict=True) if large[a]),
        *((int(a), int(b), -NEVER) for a, b in zip(*bound.apart, strict=True) if large[a] and home[a] == home[b]),
    ]
    piece = np.where(large, np.arange(graph.size), home)
    _join_known(sorted(pairs, key=lambda pair: (-pair[2], pair[0], pair[1])), piece, largest)
    home[:] = piece


def _join_known(pairs: list[tuple[int, int, float]], label: Ints, largest: int) -> None:
    """Join groups in place, strongest pair first; a pair that is not known counts against."""
    groups: dict[int, list[int]] = {}
    between: dict[int, dict[int, tuple[float, int]]] = {}  # bits and number of known pairs between groups
    for a, b, bits in pairs:
        for one, two in ((a, b), (b, a)):
            groups.setdefault(one, [one])
            had = between.setdefault(one, {}).get(two, (0.0, 0))
            between[one][two] = (had[0] + bits, had[1] + 1)
    waiting = [(a, b) for a, b, bits in pairs if bits >= 0]
    while True:
        left_over: list[tuple[int, int]] = []
        for pair in waiting:
            a, b = int(label[pair[0]]), int(label[pair[1]])
            if a == b:
                continue
            bits, known = between[a].get(b, (0.0, 0))
            possible = len(groups[a]) * len(groups[b])
            too_large = len(groups[a]) + len(groups[b]) > largest and bits < NEVER / 2
            if too_large or bits <= MOST_AGAINST_UNLIKE * (possible - known):
                left_over.append(pair)
                continue
            _merge(min(a, b), max(a, b), groups, between, label)
        if len(left_over) == len(waiting):
            return
        waiting = left_over  # a group that has grown may have found its support


def _merge(
    a: int, b: int, groups: dict[int, list[int]], between: dict[int, dict[int, tuple[float, int]]], label: Ints
) -> None:
    for member in groups[b]:
        label[member] = a
    groups[a] += groups.pop(b)
    for other, (bits, known) in between.pop(b).items():
        between[other].pop(b, None)
        if other == a:
            continue
        had = between[a].get(other, (0.0, 0))
        between[a][other] = between[other][a] = (had[0] + bits, had[1] + known)


def _all_pairs(
    graph: _Graph, home: Ints, evidence: Evidence | None, one_list: Ints | None, bound: Bound
) -> tuple[Ints, Ints, Floats, Flags]:
    """All pairs of records with the same home, the bits for (or against) their being one, and which contradict."""
    parts = list(home_pairs(home.astype(np.int32), 4_000_000))
    empty = np.zeros(0, dtype=np.int32)
    one, two = (np.concatenate([empty, *(part[side] for part in parts)]).astype(np.int64) for side in (0, 1))
    at = graph.find(one, two)
    known = at >= 0
    weight = np.where(known, graph.weight[np.maximum(at, 0)] if len(graph.weight) else 0.0, -MOST_AGAINST_UNLIKE)
    contradicts = np.zeros(len(one), dtype=bool)
    rest = np.flatnonzero(~(known & (weight >= 0)))
    if evidence is not None and len(rest):
        found, against = evidence(one[rest].astype(np.int32), two[rest].astype(np.int32))
        contradicts[rest] = against & (found < 0)
        weight[rest] = np.where(known[rest], weight[rest], np.minimum(found, -MOST_AGAINST_UNLIKE))
    bits = np.clip(weight, -MOST_AGAINST_UNLIKE, MOST_FOR)
    bits[contradicts] = -CONTRADICTS
    if one_list is not None:
        bits[contradicts & (one_list[one] == one_list[two])] = -NEVER
    for pairs, told in ((bound.same, NEVER), (bound.apart, -NEVER)):
        where = _positions(one, two, pairs, graph.size)
        bits[where] = told
        contradicts[where] = False
    return one, two, bits, contradicts


def _positions(one: Ints, two: Ints, pairs: tuple[Ints, Ints], size: int) -> Ints:
    """Where these pairs stand among the pairs (one, two)."""
    if not len(pairs[0]):
        return _no_pairs()
    low, high = np.minimum(*pairs).astype(np.int64), np.maximum(*pairs)
    return np.flatnonzero(np.isin(one * size + two, low * size + high))


def _join_within(one: Ints, two: Ints, bits: Floats, home: Ints, label: Ints, largest: int) -> None:
    """Set the labels of the records of each home."""
    if not len(one):
        return
    of_pair = home[one]
    order = np.argsort(of_pair, kind="stable")
    starts = np.flatnonzero(np.diff(of_pair[order], prepend=-1))
    for rows in np.split(order, starts[1:]):
        members, local = np.unique(np.concatenate([one[rows], two[rows]]), return_inverse=True)
        matrix = np.zeros((len(members), len(members)))
        first, second = local[: len(rows)], local[len(rows) :]
        matrix[first, second] = matrix[second, first] = bits[rows]
        label[members] = members[_average_linkage(matrix, largest)]


def _average_linkage(bits: Floats, largest: int) -> npt.NDArray[np.int64]:
    """The group of each member, called after its first; joined while the mean bits between groups are positive."""
    size = len(bits)
    group = np.arange(size)
    total = bits.copy()
    np.fill_diagonal(total, -np.inf)
    number = np.ones(size)
    for _ in range(size - 1):
        mean = total / np.outer(number, number)
        too_large = (number[:, None] + number[None, :] > largest) & (total < NEVER / 2)
        mean[too_large] = -np.inf
        at = int(np.argmax(mean))
        a, b = sorted(divmod(at, size))
        if mean[a, b] <= 0:
            break
        total[a] += total[b]
        total[:, a] = total[a]
        total[a, a] = -np.inf
        total[b], total[:, b] = -np.inf, -np.inf
        number[a] += number[b]
        group[group == b] = a
    return group


def _refused(graph: _Graph, label: Ints, looked_at: tuple[Ints, Ints, Floats], bound: Bound, largest: int) -> Refused:
    """Links between groups, weakest first, each with the pair that is most against joining the two groups."""
    one, two, bits = looked_at
    out = np.flatnonzero(graph.link & (label[graph.left] != label[graph.right]))
    out = out[np.lexsort((graph.codes[out], graph.weight[out]))]
    groups = _between(label, graph.left[out], graph.right[out], graph.size)
    apart = np.flatnonzero((label[one] != label[two]) & (bits < 0))
    keys = _between(label, one[apart], two[apart], graph.size)
    order = np.lexsort((two[apart], one[apart], bits[apart], keys))
    keys, apart = keys[order], apart[order]
    at = np.minimum(np.searchsorted(keys, groups), max(len(keys) - 1, 0))
    found = keys[at] == groups if len(keys) else np.zeros(len(groups), dtype=bool)
    worst = apart[at[found]] if found.any() else _no_pairs()
    least = np.zeros(len(out))
    least[found] = bits[worst]
    members = np.bincount(label, minlength=graph.size)
    together = members[label[graph.left[out]]] + members[label[graph.right[out]]]
    reason = np.where(least <= -CONTRADICTS, REASONS.index("contradiction"), REASONS.index("little_support"))
    reason = np.where((least > -CONTRADICTS) & (together > largest), REASONS.index("size"), reason)
    cause_left, cause_right = np.full(len(out), -1), np.full(len(out), -1)
    cause_left[found], cause_right[found] = one[worst], two[worst]
    judged = _positions(cause_left, cause_right, bound.apart, graph.size)
    reason[judged] = REASONS.index("judgement")
    return Refused(out, reason, cause_left, cause_right)


def _between(label: Ints, left: Ints, right: Ints, size: int) -> npt.NDArray[np.int64]:
    low, high = np.minimum(label[left], label[right]), np.maximum(label[left], label[right])
    return np.asarray(low.astype(np.int64) * size + high)


def _weakest(graph: _Graph, label: Ints) -> Ints:
    """The weakest of the strongest links that hold each group together (the last of a greatest spanning tree)."""
    weakest = np.full(graph.size, -1)
    held = np.flatnonzero(graph.link & (label[graph.left] == label[graph.right]))
    members = np.bincount(label, minlength=graph.size)
    two = held[members[label[graph.left[held]]] == 2]
    weakest[label[graph.left[two]]] = two
    more = held[members[label[graph.left[held]]] > 2]
    more = more[np.lexsort((graph.codes[more], -graph.weight[more]))]
    root = {k: k for k in np.unique(np.concatenate([graph.left[more], graph.right[more]])).tolist()}

    def top(k: int) -> int:
        while root[k] != k:
            root[k] = root[root[k]]
            k = root[k]
        return k

    for pair, a, b in zip(more.tolist(), graph.left[more].tolist(), graph.right[more].tolist(), strict=True):
        x, y = top(a), top(b)
        if x != y:
            root[max(x, y)] = min(x, y)
            weakest[label[a]] = pair
    return np.asarray(weakest[label])
