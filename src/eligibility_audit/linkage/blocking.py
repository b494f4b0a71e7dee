"""Which pairs are compared: blocks of records that share a key, split where they are too large.

A rule is a path of keys. Records that share its first keys form a block; a block larger than the cap is split by the
next key of the path, and what lacks that key is set against the whole block. Every rule gives each record at most one
block, so whether an earlier rule has already made a pair is seen by looking at two numbers: no sort, no hash table.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility_audit.errors import UsageError
from eligibility_audit.linkage.arrays import MISSING, Flags, Ints, grouped
from eligibility_audit.linkage.workers import Threads, Workers

CAP = 400  # rows in a block
CAPS = (
    400,
    280,
    200,
    140,
    100,
    70,
    50,
    35,
    25,
    18,
    12,
    8,
    6,
    4,
    3,
    2,
)  # what a cap is lowered to, so that a few rows change none
PAIRS_A_RECORD = 0.5  # that one rule may make: as lists grow, larger blocks say less, and time grows with the rows
LEAST_CAP = 12  # to which a rule's own bound lowers its cap; below it goes only what all rules share
PAIRS_OF_ALL = 8.0  # that all rules may make a record, in a table of so many records (SHARED_FROM): a rule that makes
SHARED_FROM = 1_000_000  # fewer than its share leaves the rest to the others
SAMPLE = 150_000  # records of whole blocks, from which it is told what a cap would come to
ALWAYS = 300_000  # pairs that a rule may make whatever the number of records
_SPREAD = np.int64(0x1E3779B97F4A7C15)  # odd: neighbouring codes fall far apart
PART = 250_000  # candidate pairs at a time: what is made of them stays in the cache
_KEY = r"\s*[^\s&>()]+\s*"
_RULE = re.compile(rf"(?P<path>{_KEY}(&{_KEY})*(>{_KEY})*)(\(cap (?P<cap>[1-9][0-9]*)\))?")
Pairs = tuple[Ints, Ints]  # positions of records, the lower one left


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
        path = " & ".join(self.keys) + "".join(f" > {key}" for key in self.then)
        return path if self.cap is None else f"{path} (cap {self.cap})"

    @classmethod
    def read(cls, text: str) -> "Rule":
        """A rule as it is written in the model: `words & commune > year > date (cap 100)`.

        Raises UsageError where it is no such text.
        """
        found = _RULE.fullmatch(text.strip())
        if found is None:
            raise UsageError(
                f"Không hiểu quy tắc chia khối “{text}”; hãy viết như: words & commune > year (cap 100)."
                f" / The blocking rule “{text}” is not understood; write it as: words & commune > year (cap 100)."
            )
        keys, *then = found["path"].split(">")
        cap = None if found["cap"] is None else int(found["cap"])
        return cls(tuple(key.strip() for key in keys.split("&")), tuple(key.strip() for key in then), cap)


@dataclass
class RuleReport:
    """What a rule made: blocks, blocks split, pairs in its blocks, pairs that its splits left out."""

    rule: str
    cap: int = CAP
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


_Side = tuple[Ints, Ints]  # records, and the group of each


def _parted(one: _Side, two: _Side, key: Ints) -> tuple[_Side, _Side]:
    """Groups split by a key: what lacks it on one side against all of the other, equal keys against each other."""
    (a, group), (b, group2) = one, two
    code, code2 = key[a].astype(np.int64), key[b].astype(np.int64)
    width, span = int(group.max(initial=0)) + 1, int(key.max(initial=0)) + 1
    has, has2 = code >= 0, code2 >= 0
    same = pd.factorize(np.concatenate([group[has] * span + code[has], group2[has2] * span + code2[has2]]))[0]
    left = np.concatenate([group[~has], width + group[has], 2 * width + same[: int(has.sum())]])
    right = np.concatenate([group2, width + group2[~has2], 2 * width + same[int(has.sum()) :]])
    return (np.concatenate([a[~has], a[has], a[has]]), left), (np.concatenate([b, b[~has2], b[has2]]), right)


class _Splitter:
    """Splits the blocks of one rule that are over the cap, all of them a key at a time."""

    def __init__(self, path: Sequence[Ints], cap: int, blocks: Blocks, next_home: int) -> None:
        self._path, self._cap, self._blocks, self._next = path, cap, blocks, next_home

    def split(self, rows: Ints, block: Ints) -> int:
        """Give homes to these records of these blocks; returns how many pairs stay within homes or are emitted."""
        made = 0
        for depth, key in enumerate(self._path):
            if not len(rows):
                return made
            codes = key[rows]
            having, lacking = codes >= 0, codes < 0
            made += self._across_all(rows, block, having, depth + 1)
            parts = [
                self._home(rows[having], [block[having], codes[having]]),
                self._home(rows[lacking], [block[lacking]]),
            ]
            made += parts[0][2] + parts[1][2]
            rows = np.concatenate([parts[0][0], parts[1][0]])
            block = np.concatenate([parts[0][1], parts[1][1] + int(parts[0][1].max(initial=-1)) + 1])
        return made + self._windows(rows, block)

    def _home(self, rows: Ints, codes: Sequence[Ints]) -> tuple[Ints, Ints, int]:
        """Homes for groups within the cap; returns the records of the others, their groups, and the pairs at home."""
        order, bounds = grouped(codes)
        counts = np.diff(bounds)
        fits = (counts > 1) & (counts <= self._cap)
        home = np.where(fits, self._next + np.cumsum(fits) - 1, MISSING)
        group = np.repeat(np.arange(len(counts)), counts)
        members = rows[order]
        self._blocks.home[members] = home[group]
        self._next += int(fits.sum())
        more = counts[group] > self._cap
        return members[more], group[more], int((counts[fits] * (counts[fits] - 1) // 2).sum())

    def _across_all(self, rows: Ints, block: Ints, having: Flags, depth: int) -> int:
        """Pairs between the records of each block that lack a key and those that have it, split by the rest of the path
        where they are too many; all blocks at once."""
        made, one, two = self._cross((rows[~having], block[~having]), (rows[having], block[having]))
        for key in self._path[depth:]:
            if not len(one[0]):
                break
            more, one, two = self._cross(*_parted(one, two, key))
            made += more
        return made

    def _cross(self, one: _Side, two: _Side) -> tuple[int, _Side, _Side]:
        """Emit the pairs across of the groups that have few; returns how many, and the groups that have too many."""
        group = pd.factorize(np.concatenate([one[1], two[1]]))[0]
        ends = group[: len(one[1])], group[len(one[1]) :]
        width = int(group.max(initial=-1)) + 1
        counts = [np.bincount(end, minlength=width) for end in ends]
        both = counts[0] * counts[1]
        few, many = (both > 0) & (both <= self._cap * self._cap), both > self._cap * self._cap
        left, right = np.flatnonzero(few[ends[0]]), np.flatnonzero(few[ends[1]])
        right = right[np.argsort(ends[1][right], kind="stable")]
        first = np.searchsorted(ends[1][right], ends[0][left])
        times = counts[1][ends[0][left]]
        begin = np.repeat(first - (np.cumsum(times) - times), times)
        self._emit(np.repeat(one[0][left], times), two[0][right[begin + np.arange(int(times.sum()))]])
        rest = [many[end] for end in ends]
        return (
            int(times.sum()),
            (one[0][rest[0]], ends[0][rest[0]]),
            (two[0][rest[1]], ends[1][rest[1]]),
        )

    def _windows(self, rows: Ints, block: Ints) -> int:
        """The path is at its end: each record against those of its block that follow it closely."""
        order = np.lexsort((rows, block))
        rows, block = rows[order], block[order]
        made = 0
        for step in range(1, min(max(1, self._cap // 8), len(rows) - 1) + 1):
            near = np.flatnonzero(block[:-step] == block[step:])
            self._emit(rows[near], rows[near + step])
            made += len(near)
        return made

    def _emit(self, one: Ints, two: Ints) -> None:
        low, high = np.minimum(one, two), np.maximum(one, two)
        self._blocks.extra.append((low.astype(np.int32), high.astype(np.int32)))


def make_blocks(
    rule: Rule, keys: Mapping[str, Ints], size: int, cap: int = CAP, *, bounded: bool = False
) -> tuple[Blocks, RuleReport]:
    """The blocks of one rule over `size` records; `bounded`: the cap is lowered until the rule makes no more pairs than
    it may."""
    blocks = Blocks(np.full(size, MISSING, dtype=np.int32))
    rows, bounds = grouped([keys[key] for key in rule.keys])
    counts = np.diff(bounds)
    if bounded:
        cap = _bounded_cap(counts, cap, max(PAIRS_A_RECORD * size, ALWAYS))
    report = RuleReport(rule.name, cap)
    report.blocks = int((counts > 1).sum())
    fits = (counts > 1) & (counts <= cap)
    home = np.where(fits, np.cumsum(fits) - 1, MISSING).astype(np.int32)
    blocks.home[rows] = np.repeat(home, counts)
    report.pairs = int((counts[fits] * (counts[fits] - 1) // 2).sum())
    over = counts > cap
    if over.any():
        block = np.repeat(np.where(over, np.arange(len(counts)), MISSING), counts)
        splitter = _Splitter([keys[key] for key in rule.then], cap, blocks, int(fits.sum()))
        made = splitter.split(rows[block >= 0], block[block >= 0])
        report.split = int(over.sum())
        report.pairs += made
        report.not_compared = int((counts[over] * (counts[over] - 1) // 2).sum()) - made
    return blocks, report


def _bounded_cap(counts: Ints, cap: int, pairs: float) -> int:
    """The highest cap at which blocks of these sizes have no more pairs than these."""
    for each in (cap, *(lower for lower in CAPS if LEAST_CAP <= lower < cap)):
        fitting = counts[counts <= each]
        if int((fitting * (fitting - 1) // 2).sum()) <= pairs:
            return each
    return min(cap, LEAST_CAP)


def shared_caps(rules: Sequence[Rule], keys: Mapping[str, Ints], size: int, cap: int) -> list[int]:
    """The cap of each rule: its own, and in large tables one at which all rules together make no more pairs a record
    than they may, so that the work grows with the records and not with their namesakes."""
    caps = [min(cap, rule.cap or cap) for rule in rules]
    if size < SHARED_FROM:
        return caps
    samples = [_Sample(rule, keys, size) for rule in rules]
    caps = [sample.own_cap(own) for sample, own in zip(samples, caps, strict=True)]
    made = [sample.pairs(own) for sample, own in zip(samples, caps, strict=True)]
    share = _share(made, PAIRS_OF_ALL * size)
    for number, (sample, pairs) in enumerate(zip(samples, made, strict=True)):
        if pairs > share:
            caps[number] = sample.cap_for(share, caps[number])
    return caps


def _share(made: Sequence[float], most: float) -> float:
    """How many pairs each rule may make for all to make `most`; those that make fewer leave the rest to the others."""
    share, rest = most, sorted(made)
    for done, each in enumerate(rest):
        share = most / (len(rest) - done)
        if each > share:
            return share
        most -= each
    return max([share, *made])


class _Sample:
    """Some of the blocks of a rule, whole, as many as have about `SAMPLE` records."""

    def __init__(self, rule: Rule, keys: Mapping[str, Ints], size: int) -> None:
        self._rule, self._times = rule, max(size // SAMPLE, 1)
        code = np.zeros(size, dtype=np.int64)
        lacking = np.zeros(size, dtype=bool)
        for key in rule.keys:
            lacking |= keys[key] < 0
            code = code * _SPREAD + keys[key]
        rows = np.flatnonzero(((code * _SPREAD >> 40) % self._times == 0) & ~lacking)
        self._size, self._all = len(rows), size
        self._keys = {key: keys[key][rows] for key in (*rule.keys, *rule.then)}
        self._counts = np.diff(grouped([self._keys[key] for key in rule.keys])[1])

    def own_cap(self, cap: int) -> int:
        """The cap that the rule's own bound leaves."""
        return _bounded_cap(self._counts, cap, max(PAIRS_A_RECORD * self._all, ALWAYS) / self._times)

    def pairs(self, cap: int) -> float:
        """How many pairs the rule would make with this cap."""
        return float(make_blocks(self._rule, self._keys, self._size, cap)[1].pairs * self._times)

    def cap_for(self, pairs: float, cap: int) -> int:
        """The highest cap below this one at which the rule makes no more than so many pairs."""
        lower = [each for each in CAPS if each < cap]
        return next((each for each in lower if self.pairs(each) <= pairs), min(CAPS[-1], cap))


class Part(NamedTuple):
    """Some of the candidates: blocks `start` to `stop` of a rule, or of the pairs that come as pairs (rule = -1)."""

    rule: int
    start: int
    stop: int


class Candidates:
    """Every candidate pair once, left < right, by parts that any process makes alike from the columns alone."""

    def __init__(
        self, all_blocks: Sequence[Blocks], allowed: "Allowed", workers: Workers | None = None, part: int = PART
    ) -> None:
        self._allowed = allowed
        self._sorted = list((workers or Threads()).map(_members, [blocks.home for blocks in all_blocks]))
        self._homes = [_alone(blocks.home) for blocks in all_blocks]
        self._extra, self._extra_rule = _pair_codes(all_blocks)
        self.parts = [each for rule, (_, bounds) in enumerate(self._sorted) for each in _cut(rule, bounds, part)]
        self.parts += [Part(-1, start, start + part) for start in range(0, len(self._extra), part)]

    def pairs(self, part: Part) -> tuple[Pairs, Ints]:
        """The pairs of a part, and how many of them each rule has made."""
        if part.rule < 0:
            return self._as_pairs(part)
        rows, bounds = self._sorted[part.rule]
        left, right = _within(rows[bounds[part.start] : bounds[part.stop]], np.diff(bounds[part.start : part.stop + 1]))
        keep = np.flatnonzero(self._allowed(left, right) & _not_made(self._homes[: part.rule], left, right))
        made = np.zeros(len(self._homes), dtype=np.int64)
        made[part.rule] = len(keep)
        return (left[keep], right[keep]), made

    def _as_pairs(self, part: Part) -> tuple[Pairs, Ints]:
        size = len(self._homes[0])
        code = self._extra[part.start : part.stop]
        left, right = code // size, code % size
        keep = np.flatnonzero(self._allowed(left, right) & _not_made(self._homes, left, right))
        made = np.bincount(self._extra_rule[part.start : part.stop][keep], minlength=len(self._homes))
        return (left[keep], right[keep]), made


def _members(home: Ints) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    return grouped([home])


def _alone(home: Ints) -> Ints:
    """Homes, each record without one in a home of its own: then two are together where their homes are equal."""
    return np.where(home < 0, -2 - np.arange(len(home), dtype=np.int32), home)


def _pair_codes(all_blocks: Sequence[Blocks]) -> tuple[npt.NDArray[np.int64], Ints]:
    """The pairs that come as pairs, each once, as codes in order, and the first rule that made each."""
    extra = [(rule, pairs) for rule, blocks in enumerate(all_blocks) for pairs in blocks.extra]
    if not extra:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    size = np.int64(len(all_blocks[0].home))
    codes = np.concatenate([left.astype(np.int64) * size + right for _, (left, right) in extra])
    rules = np.concatenate([np.full(len(left), rule, dtype=np.int8) for rule, (left, _) in extra])
    codes, at = np.unique(codes, return_index=True)
    return codes, rules[at]


def _cut(rule: int, bounds: Ints, part: int) -> Iterator[Part]:
    """Runs of whole blocks of about `part` pairs."""
    sizes = np.diff(bounds)
    upto = np.cumsum(sizes * (sizes - 1) // 2)
    start = 0
    while start < len(sizes):
        done = int(upto[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(upto, done + part, side="right")))
        yield Part(rule, start, stop)
        start = stop


def _within(rows: Ints, sizes: Ints) -> Pairs:
    """All pairs within blocks of these sizes; within a block the earlier position is left."""
    ends = np.repeat(np.cumsum(sizes), sizes)
    after = ends - np.arange(1, len(rows) + 1)  # members behind each in its block
    first = np.repeat(np.arange(len(rows)), after)
    upto = np.cumsum(after)
    shift = np.arange(1, len(rows) + 1) - (upto - after)
    second = np.arange(len(first)) + np.repeat(shift, after)
    rows = rows.astype(np.intp)  # what numpy gathers by without a copy
    return rows[first], rows[second]


def home_pairs(home: Ints, part: int) -> Iterator[Pairs]:
    """All pairs of positions with the same home, in parts; within a home the earlier position is left."""
    rows, bounds = grouped([home])
    for each in _cut(0, bounds, part):
        yield _within(rows[bounds[each.start] : bounds[each.stop]], np.diff(bounds[each.start : each.stop + 1]))


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
        keep &= home[left] != home[right]
    return keep
