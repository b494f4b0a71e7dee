"""Which pairs are compared: blocks of records that share a key, split where they are too large.

A rule is a path of keys. Records that share its first keys form a block; a block larger than the cap is split by the
next key of the path, and what lacks that key is set against the whole block. Every rule gives each record at most one
block, so whether an earlier rule has already made a pair is seen by looking at two numbers: no sort, no hash table.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from eligibility_audit.linkage.arrays import MISSING, Flags, Ints, combine

CAP = 400  # rows in a block
PART = 2_000_000  # candidate pairs at a time
Pairs = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class Rule:
    """Keys that must all be equal, and the keys by which a block over the cap is split, in order. A rule whose pairs
    are seldom one person has a lower cap of its own."""

    keys: tuple[str, ...]
    then: tuple[str, ...] = ()
    cap: int | None = None

    @property
    def name(self) -> str:
        """The rule as it is written in the model."""
        return " & ".join(self.keys) + "".join(f" > {key}" for key in self.then)


@dataclass
class RuleReport:
    """What a rule made: blocks, blocks split, pairs in its blocks, pairs that its splits left out."""

    rule: str
    blocks: int = 0
    split: int = 0
    pairs: int = 0
    new_pairs: int = 0
    not_compared: int = 0


@dataclass
class Blocks:
    """Blocks of one rule: the block of each record (-1 = none), and the pairs that come from records without a key."""

    home: npt.NDArray[np.int32]
    extra: list[Pairs] = field(default_factory=list)


class _Splitter:
    """Splits the blocks of one rule that are over the cap."""

    def __init__(self, path: Sequence[Ints], cap: int, blocks: Blocks, next_home: int, report: RuleReport) -> None:
        self._path, self._cap, self._blocks, self._next, self._report = path, cap, blocks, next_home, report

    def split(self, members: Ints, depth: int) -> int:
        """Give homes to the members; returns how many pairs stay within blocks or are emitted."""
        if len(members) < 2:
            return 0
        if len(members) <= self._cap:
            self._blocks.home[members] = self._next
            self._next += 1
            return len(members) * (len(members) - 1) // 2
        if depth == len(self._path):
            return self._windows(members)
        codes = self._path[depth][members]
        lacking, having = members[codes < 0], members[codes >= 0]
        made = sum(self.split(group, depth + 1) for group in _groups(having, codes[codes >= 0]))
        return made + self.split(lacking, depth + 1) + self._across(lacking, having, depth + 1)

    def _across(self, one: Ints, two: Ints, depth: int) -> int:
        """Pairs between records that lack a key and those that have it."""
        if not len(one) or not len(two):
            return 0
        if len(one) * len(two) <= self._cap * self._cap:
            self._emit(np.repeat(one, len(two)), np.tile(two, len(one)))
            return len(one) * len(two)
        if depth == len(self._path):
            return 0
        codes, codes2 = self._path[depth][one], self._path[depth][two]
        made = self._across(one[codes < 0], two, depth + 1) + self._across(one[codes >= 0], two[codes2 < 0], depth + 1)
        groups = {int(self._path[depth][group[0]]): group for group in _groups(two[codes2 >= 0], codes2[codes2 >= 0])}
        for group in _groups(one[codes >= 0], codes[codes >= 0]):
            made += self._across(group, groups.get(int(self._path[depth][group[0]]), group[:0]), depth + 1)
        return made

    def _windows(self, members: Ints) -> int:
        """The path is at its end: each record against those that follow it closely."""
        width = max(1, self._cap // 8)
        made = 0
        for step in range(1, min(width, len(members) - 1) + 1):
            self._emit(members[:-step], members[step:])
            made += len(members) - step
        return made

    def _emit(self, one: Ints, two: Ints) -> None:
        low, high = np.minimum(one, two), np.maximum(one, two)
        self._blocks.extra.append((low.astype(np.int32), high.astype(np.int32)))


def make_blocks(rule: Rule, keys: Mapping[str, Ints], size: int, cap: int = CAP) -> tuple[Blocks, RuleReport]:
    """The blocks of one rule over `size` records."""
    report = RuleReport(rule.name)
    blocks = Blocks(np.full(size, MISSING, dtype=np.int32))
    code = combine([keys[key] for key in rule.keys])
    counts = np.bincount(code[code >= 0]) if (code >= 0).any() else np.zeros(0, dtype=np.int64)
    report.blocks = int((counts > 1).sum())
    fits = (counts > 1) & (counts <= cap)
    here = (code >= 0) & (fits[code] if len(counts) else False)
    blocks.home[here] = code[here]
    report.pairs = int((counts[fits] * (counts[fits] - 1) // 2).sum())
    too_large = np.flatnonzero(counts > cap)
    if len(too_large):
        splitter = _Splitter([keys[key] for key in rule.then], cap, blocks, len(counts), report)
        inside = np.flatnonzero((code >= 0) & np.isin(code, too_large))
        for members in _groups(inside, code[inside]):
            whole = len(members) * (len(members) - 1) // 2
            made = splitter.split(members, 0)
            report.split += 1
            report.pairs += made
            report.not_compared += whole - made
    return blocks, report


def candidate_pairs(
    all_blocks: Sequence[Blocks], reports: Sequence[RuleReport], allowed: "Allowed", part: int = PART
) -> Iterator[Pairs]:
    """Every candidate pair once, left < right, in parts of at most about `part` pairs."""
    homes = [blocks.home for blocks in all_blocks]
    for rank, blocks in enumerate(all_blocks):
        for left, right in home_pairs(blocks.home, part):
            keep = allowed(left, right) & _not_made(homes[:rank], left, right)
            reports[rank].new_pairs += int(keep.sum())
            yield left[keep], right[keep]
    yield from _extra_pairs(all_blocks, homes, reports, allowed, part)


class Allowed:
    """Which pairs may be compared at all: not two of one line, and across sides only where there are two."""

    def __init__(self, line: Ints | None = None, side: Ints | None = None) -> None:
        self._line, self._side = line, side

    def relations(self) -> tuple[Ints, ...]:
        """The codes that decide, beside the sides."""
        return () if self._line is None else (self._line,)

    def two_lines(self, left: Ints, right: Ints) -> Flags:
        """True where the two are not of one source line: members of a household are different people."""
        if self._line is None:
            return np.ones(len(left), dtype=bool)
        return np.asarray((self._line[left] != self._line[right]) | (self._line[left] < 0), dtype=bool)

    def __call__(self, left: Ints, right: Ints) -> Flags:
        """True where the pair may be compared."""
        fine = self.two_lines(left, right)
        if self._side is not None:
            fine &= self._side[left] != self._side[right]
        return fine


def _not_made(homes: Sequence[Ints], left: Ints, right: Ints) -> Flags:
    keep = np.ones(len(left), dtype=bool)
    for home in homes:
        at = home[left]
        keep &= (at < 0) | (at != home[right])
    return keep


def home_pairs(home: Ints, part: int) -> Iterator[Pairs]:
    """All pairs of positions with the same home, in parts; within a home the earlier position is left."""
    members = np.flatnonzero(home >= 0).astype(np.int32)
    members = members[np.argsort(home[members], kind="stable")]
    if not len(members):
        return
    block = home[members]
    ends = np.flatnonzero(np.append(block[1:] != block[:-1], True)) + 1
    after = np.repeat(ends, np.diff(ends, prepend=0)) - np.arange(len(members)) - 1  # members behind each in its block
    upto = np.cumsum(after)
    start = 0
    while start < len(members):
        done = int(upto[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(upto, done + part, side="right")))
        counts = after[start:stop]
        first = np.repeat(np.arange(start, stop), counts)
        begin = np.repeat(np.cumsum(counts) - counts, counts)
        second = first + 1 + np.arange(len(first)) - begin
        yield members[first], members[second]
        start = stop


def _extra_pairs(
    all_blocks: Sequence[Blocks], homes: Sequence[Ints], reports: Sequence[RuleReport], allowed: Allowed, part: int
) -> Iterator[Pairs]:
    extra = [(rank, pairs) for rank, blocks in enumerate(all_blocks) for pairs in blocks.extra]
    if not extra:
        return
    size = np.int64(len(homes[0]))
    codes = np.concatenate([left.astype(np.int64) * size + right for _, (left, right) in extra])
    ranks = np.concatenate([np.full(len(left), rank, dtype=np.int8) for rank, (left, _) in extra])
    codes, at = np.unique(codes, return_index=True)
    ranks = ranks[at]
    for start in range(0, len(codes), part):
        left = (codes[start : start + part] // size).astype(np.int32)
        right = (codes[start : start + part] % size).astype(np.int32)
        keep = allowed(left, right) & _not_made(homes, left, right)
        for rank, count in enumerate(np.bincount(ranks[start : start + part][keep], minlength=len(reports)).tolist()):
            reports[rank].new_pairs += count
        yield left[keep], right[keep]


def _groups(members: Ints, codes: Ints) -> list[Ints]:
    """Members by code, in order of the code."""
    if not len(members):
        return []
    order = np.argsort(codes, kind="stable")
    return np.split(members[order], np.flatnonzero(np.diff(codes[order])) + 1)
