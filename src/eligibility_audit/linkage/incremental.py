"""New against all: what a full run with the same model would find, comparing only pairs that touch what changed.

What a pair weighs depends, beside its two records, on others in few ways, and each is seen here: keys that are told
from the whole (a district from its communes, an id that too many names bear), blocks (one over the cap is split by its
size), rivals, groups. Keys and blocks of the last records and of those of today are both made (no comparison is needed
for that) and set against each other; a record whose keys or blocks are not those of the others that were with it is
compared anew. Rivals and groups are counted over all pairs. So the result is that of a full run, to the byte.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility_audit.linkage.arrays import Flags, Floats, Ints
from eligibility_audit.linkage.blocking import PART, Blocks, Pairs, RuleReport
from eligibility_audit.linkage.engine import (
    PROBABILITY_DECIMALS,
    Task,
    Weighed,
    all_blocks,
    evidence,
    with_rivals,
)
from eligibility_audit.linkage.model import WEIGHT_DECIMALS, Model

_TAKEN = r'"field": "{field}", "level": "\w+", "weight": (-?[0-9.e+-]+)'


@dataclass(frozen=True)
class Before:
    """The last run: its task, for each record of today its position then (-1 = new or changed), and its pairs, of
    positions then, with their weights before rivals."""

    task: Task
    was: Ints
    left: Ints
    right: Ints
    weight: Floats


def weights_before_rivals(pairs: pd.DataFrame) -> Floats:
    """The weights (log2) that the pairs of a result had before rivals and judgements."""
    return steps_taken(pairs)[0]


def steps_taken(pairs: pd.DataFrame) -> tuple[Floats, Floats]:
    """The weights (log2) that the pairs of a result had before rivals and judgements, and what rivals took."""
    told = pairs["comparisons"].astype("string[pyarrow]")
    taken = [
        told.str.extract(_TAKEN.format(field=field), expand=False).astype("Float64").fillna(0.0).to_numpy(np.float64)
        for field in ("rival", "judgement")
    ]
    weight = pairs["match_weight"].to_numpy(dtype=np.float64) - taken[0] - taken[1]
    return np.asarray(np.round(weight, WEIGHT_DECIMALS) + 0.0, dtype=np.float64), np.asarray(taken[0], dtype=np.float64)


def run_since(task: Task, model: Model, floor: float, before: Before) -> tuple[Weighed, dict[str, Any]]:
    """All pairs at or above the floor as `engine.run` gives them, and the report: `touched` records and `compared`
    pairs, the only ones that were weighed, and `carried` pairs of the last run."""
    blocks, reports = all_blocks(task)
    old_blocks, _ = all_blocks(before.task)
    touched = _touched(task, before, blocks, old_blocks)
    now = _positions_now(before, touched)
    extra = _codes(blocks, task.size)
    old_extra = _mapped_codes(old_blocks, now, task.size)
    parts = [*_touching(task, blocks, reports, touched, extra, old_extra)]
    weigh = evidence(task, model)
    carried, turned = _carried(before, now, blocks, extra, task.size)
    parts.append(turned)
    weights = [weigh(left, right)[0] for left, right in parts]
    left = np.concatenate([*(part[0] for part in parts), carried[0]]).astype(np.int32)
    right = np.concatenate([*(part[1] for part in parts), carried[1]]).astype(np.int32)
    weight = np.round(np.concatenate([*weights, carried[2]]), WEIGHT_DECIMALS) + 0.0
    probability = np.round(1 / (1 + np.exp2(-np.clip(weight, -500, 500))), PROBABILITY_DECIMALS)
    keep = np.flatnonzero(probability >= floor)
    keep = keep[np.lexsort((right[keep], left[keep]))]
    found = Weighed(left[keep], right[keep], weight[keep], probability[keep], np.zeros(len(keep)))
    found, report = with_rivals(task, model, found, reports)
    return found, report | {"touched": int(touched.sum()), "carried": len(carried[0])}


def unchanged(old: pd.DataFrame, new: pd.DataFrame, columns: Sequence[str], key: Sequence[str]) -> Ints:
    """For each row of `new` the position in `old` of the row with the same `key` and the same `columns`; -1 = none."""
    names = [*key, *columns]
    frames = [frame[names].astype("string[pyarrow]").reset_index(drop=True) for frame in (old, new)]
    both = pd.concat(frames, ignore_index=True)
    number = both.groupby(names, dropna=False, sort=False).ngroup().to_numpy()
    at = np.full(int(number.max(initial=-1)) + 1, -1)
    at[number[: len(old)]] = np.arange(len(old))
    return np.asarray(at[number[len(old) :]])


def positions_of(ids: "pd.Series[str]", wanted: "pd.Series[str]") -> Ints:
    """The position of each wanted id; -1 where there is none."""
    known = pd.Index(ids.astype("string[pyarrow]"))
    return np.asarray(known.get_indexer(pd.Index(wanted.astype("string[pyarrow]"))), dtype=np.int64)


def before(task: Task, was: Ints, ends: tuple[Ints, Ints], pairs: pd.DataFrame) -> Before:
    """The last run from its pairs and candidates; `ends`: positions then of left and right (-1 = not there)."""
    here = (ends[0] >= 0) & (ends[1] >= 0)
    return Before(task, was, ends[0][here], ends[1][here], weights_before_rivals(pairs)[here])


def _touched(task: Task, before: Before, blocks: Sequence[Blocks], old_blocks: Sequence[Blocks]) -> Flags:
    """Records that are new or changed, or whose keys or blocks are not those of the others that were with them."""
    touched = before.was < 0
    if _plan(task) != _plan(before.task):
        return np.ones(task.size, dtype=bool)
    rows = np.flatnonzero(~touched)
    then = before.was[rows]
    keys, old_keys = task.keys(), before.task.keys()
    columns = [(old_keys[name], codes) for name, codes in keys.items()]
    columns += list(zip(before.task.allowed.relations(), task.allowed.relations(), strict=True))
    for old, new in columns:
        touched[rows[off(old[then], new[rows])]] = True
    alone_then, alone_now = -2 - np.arange(len(rows)), -2 - np.arange(len(rows))
    for old_block, block in zip(old_blocks, blocks, strict=False):
        old, new = old_block.home[then], block.home[rows]
        touched[rows[off(np.where(old < 0, alone_then, old), np.where(new < 0, alone_now, new))]] = True
    return np.asarray(touched, dtype=bool)


def _plan(task: Task) -> tuple[object, ...]:
    """What is compared and by which rules: of another plan nothing can be carried over."""
    compared = [(comparison.field, type(comparison).__name__) for comparison in task.comparisons]
    return compared, [rule.name for rule in task.rules], task.cap, task.two_sided


def off(old: Ints, new: Ints) -> Flags:
    """Where codes then and now do not go one to one: those outside the largest groups that do. Missing is missing."""
    old_codes, new_codes = pd.factorize(old)[0], pd.factorize(new)[0]
    width = int(new_codes.max(initial=0)) + 1
    both, distinct = pd.factorize(old_codes.astype(np.int64) * width + new_codes)
    distinct = np.asarray(distinct, dtype=np.int64)
    counts = np.bincount(both, minlength=len(distinct))
    order = np.argsort(-counts, kind="stable")
    fine = np.zeros(len(distinct), dtype=bool)
    first_old = order[np.unique((distinct // width)[order], return_index=True)[1]]
    again = first_old[np.argsort(-counts[first_old], kind="stable")]
    fine[again[np.unique((distinct % width)[again], return_index=True)[1]]] = True
    return np.asarray(~fine[both] | ((old == -1) != (new == -1)), dtype=bool)


def _positions_now(before: Before, touched: Flags) -> Ints:
    """For each record of the last run its position now; -1 = gone or touched."""
    now = np.full(before.task.size, -1)
    rows = np.flatnonzero(~touched)
    now[before.was[rows]] = rows
    return now


def _codes(blocks: Sequence[Blocks], size: int) -> npt.NDArray[np.int64]:
    """All pairs that come as pairs, not by a block, as sorted codes."""
    codes = [left.astype(np.int64) * size + right for each in blocks for left, right in each.extra]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *codes]))


def _mapped_codes(blocks: Sequence[Blocks], now: Ints, size: int) -> npt.NDArray[np.int64]:
    codes = [now[left] * size + now[right] for each in blocks for left, right in each.extra]
    gone = [(now[left] < 0) | (now[right] < 0) for each in blocks for left, right in each.extra]
    kept = [code[~out] for code, out in zip(codes, gone, strict=True)]
    return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *kept]))


def _touching(
    task: Task,
    blocks: Sequence[Blocks],
    reports: Sequence[RuleReport],
    touched: Flags,
    extra: npt.NDArray[np.int64],
    old_extra: npt.NDArray[np.int64],
) -> Iterator[Pairs]:
    """Every candidate pair with a touched record, and those that come as pairs and did not before."""
    homes = [each.home for each in blocks]
    for rank, home in enumerate(homes):
        for left, right in touching_pairs(home, touched, PART):
            keep = task.allowed(left, right) & ~_at_home(homes[:rank], left, right)
            reports[rank].new_pairs += int(keep.sum())
            yield left[keep], right[keep]
    left, right = (extra // task.size).astype(np.int32), (extra % task.size).astype(np.int32)
    wanted = touched[left] | touched[right] | ~np.isin(extra, old_extra)
    left, right = left[wanted], right[wanted]
    keep = task.allowed(left, right) & ~_at_home(homes, left, right)
    if len(reports):
        reports[-1].new_pairs += int(keep.sum())
    yield left[keep], right[keep]


def touching_pairs(home: Ints, touched: Flags, part: int) -> Iterator[Pairs]:
    """All pairs of positions with the same home of which one at least is touched, left < right, in parts."""
    members = np.flatnonzero(home >= 0)
    members = members[np.lexsort((~touched[members], home[members]))]
    if not len(members):
        return
    block = home[members]
    ends = np.flatnonzero(np.append(block[1:] != block[:-1], True)) + 1
    after = np.repeat(ends, np.diff(ends, prepend=0)) - np.arange(len(members)) - 1
    after = np.where(touched[members], after, 0)
    upto = np.cumsum(after)
    start = 0
    while start < len(members):
        done = int(upto[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(upto, done + part, side="right")))
        counts = after[start:stop]
        first = np.repeat(np.arange(start, stop), counts)
        begin = np.repeat(np.cumsum(counts) - counts, counts)
        one, two = members[first], members[first + 1 + np.arange(len(first)) - begin]
        yield np.minimum(one, two).astype(np.int32), np.maximum(one, two).astype(np.int32)
        start = stop


def _at_home(homes: Sequence[Ints], left: Ints, right: Ints) -> Flags:
    together = np.zeros(len(left), dtype=bool)
    for home in homes:
        at = home[left]
        together |= (at >= 0) & (at == home[right])
    return together


def _carried(
    before: Before, now: Ints, blocks: Sequence[Blocks], extra: npt.NDArray[np.int64], size: int
) -> tuple[tuple[Ints, Ints, Floats], Pairs]:
    """The pairs of the last run of which neither record is touched and which are candidates still; and those of them
    whose records now stand the other way round, which are weighed anew."""
    left, right = now[before.left], now[before.right]
    rows = np.flatnonzero((left >= 0) & (right >= 0))
    low, high = np.minimum(left[rows], right[rows]), np.maximum(left[rows], right[rows])
    still = _at_home([each.home for each in blocks], low, high) | np.isin(low.astype(np.int64) * size + high, extra)
    same_way = still & (left[rows] == low)
    turned = still & (left[rows] != low)
    return (low[same_way], high[same_way], before.weight[rows][same_way]), (
        low[turned].astype(np.int32),
        high[turned].astype(np.int32),
    )
