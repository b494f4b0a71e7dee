"""What blocking lost: an honest estimate of the pairs of one person that no rule has made.

A pair is lost where errors in several fields meet, so that no rule finds all its keys equal. This is capture and
recapture with the fields as traps (Fienberg 1972; Bishop, Fienberg and Holland 1975, chapter 6). Pairs fall into cells
by which keys of each field are equal. The counts of the cells that no rule catches are not known; nor are those of the
cells in which pairs share so little that one person is not told from two (`DOUBTFUL`), and of all that share less yet:
many of their pairs are below any floor. A log-linear model is fitted to the known cells and gives the others; two are:

    independent   log n(cell) = a + sum over fields of b(field)
    in twos       log n(cell) = a + sum over fields of b(field) + sum over two fields of c(field, field)

Errors come together (a hurried clerk), so that the first is low. The second learns from the pairs found how often any
two fields err together, and takes three to meet as their twos let expect: it is the estimate, unless it is below the
first. Where few pairs have erred in two fields, `PSEUDO_PAIRS` speak for independence. Both are fitted by
expectation-maximisation: the unknown cells are filled by the model, its margins set to those of the filled table.

The interval is by chance (the counts drawn anew, and the number lost drawn from what is expected of it) and by what no
data tell, whether three errors meet more often than their twos: it goes from independent errors to such as exceed the
twos by as much as those exceed independence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from eligibility_audit.linkage.arrays import Flags, Floats, Ints
from eligibility_audit.linkage.blocking import Rule

ROUNDS = 80
ROUNDS_IN_TWOS = 60
PSEUDO_PAIRS = 0.5  # pairs in each cell of two fields that speak for independence
DOUBTFUL = 0.9  # mean probability of the pairs found in a cell, below which its count is not taken as known
DRAWS = 20  # of the counts, for the interval
DRAWS_OF_LOST = 50  # of the number lost, for each of them
LEAST_PAIRS = 30.0  # expected matches below which nothing is estimated
MOST_PROFILES = 24  # of one field; rarer ones are put together with the worst
MOST_CELLS = 20_000  # combinations of profiles


@dataclass(frozen=True)
class _Field:
    """Which keys of a field are equal: `profiles` (profiles x keys), and the profile of each pair."""

    keys: tuple[str, ...]
    profiles: npt.NDArray[np.bool_]
    at: Ints


def expected_loss(
    keys: Mapping[str, Ints], fields: Sequence[Sequence[str]], rules: Sequence[Rule], found: tuple[Ints, Ints, Floats]
) -> dict[str, Any]:
    """`found_matches`, `lost_matches`, `lost_share` and its interval (`lost_share_from`, `_to`: 5 and 95 in a hundred).

    `fields`: the keys that each field gives; `found`: left, right and probability of the pairs. Only what the rules'
    keys miss is estimated; what was left out where a block was split is counted beside it. Empty where there are too
    few matches to tell.
    """
    left, right, probability = found
    if probability.sum() < LEAST_PAIRS or not rules:
        return {}
    used = [[key for key in own if any(key in rule.keys for rule in rules)] for own in fields]
    used = [own for own in used if own]
    most = min(MOST_PROFILES, max(2, int(MOST_CELLS ** (1 / len(used)))))
    told = [_profiles(keys, own, (left, right, probability), most) for own in used]
    shape = tuple(len(field.profiles) for field in told)
    caught = _caught(told, shape, rules).reshape(shape)
    cell = np.ravel_multi_index([field.at for field in told], shape)
    size = int(np.prod(shape))
    counts: Floats = np.bincount(cell, weights=probability, minlength=size).astype(np.float64)
    counts = counts.reshape(shape)
    pairs = np.bincount(cell, minlength=size).reshape(shape)
    counts = np.where(caught, counts, 0.0)
    known = caught & ~_sharing_no_more((pairs > 0) & (counts < DOUBTFUL * pairs), told)
    known = known if known.any() else caught
    alone, in_twos = lost_pairs(counts, known, caught)
    draw = np.random.default_rng(20201231)
    drawn = [lost_pairs(draw.poisson(counts).astype(np.float64), known, caught) for _ in range(DRAWS)]
    spread = np.array(drawn).T
    expected = spread[0], spread[1] * in_twos / max(alone, 1e-9)
    low, high = (draw.poisson(each, (DRAWS_OF_LOST, DRAWS)) for each in expected)
    matches = float(counts.sum())
    return {
        "found_matches": round(matches, 1),
        "lost_matches": round(in_twos, 1),
        "lost_share": _share(in_twos, matches),
        "lost_share_from": _share(min(float(np.quantile(low, 0.05)), in_twos), matches),
        "lost_share_to": _share(max(float(np.quantile(high, 0.95)), in_twos), matches),
    }


def _share(lost: float, found: float) -> float:
    return round(lost / max(lost + found, 1e-9), 5)


def _profiles(keys: Mapping[str, Ints], own: Sequence[str], found: tuple[Ints, Ints, Floats], most: int) -> _Field:
    left, right, weight = found
    bits = np.zeros(len(left), dtype=np.int64)
    for place, key in enumerate(own):
        one, two = keys[key][left], keys[key][right]
        bits |= ((one == two) & (one >= 0)).astype(np.int64) << place
    distinct, at = np.unique(bits, return_inverse=True)
    often = np.argsort(-np.bincount(at, weights=weight), kind="stable")[: most - 1]
    kept = np.unique(np.concatenate([distinct[often], [0]]))  # nothing equal: what is lost, and never seen alone
    positions = np.searchsorted(kept, bits).clip(0, len(kept) - 1)
    at = np.where(kept[positions] == bits, positions, 0)
    profiles = (kept[:, None] >> np.arange(len(own)) & 1).astype(bool)
    return _Field(tuple(own), profiles, at)


def _caught(told: Sequence[_Field], shape: tuple[int, ...], rules: Sequence[Rule]) -> Flags:
    """By combination of profiles whether some rule has all its keys equal."""
    where = np.unravel_index(np.arange(int(np.prod(shape))), shape)
    equal = {key: field.profiles[where[n], k] for n, field in enumerate(told) for k, key in enumerate(field.keys)}
    caught = np.zeros(int(np.prod(shape)), dtype=bool)
    for rule in rules:
        caught |= np.logical_and.reduce([equal[key] for key in rule.keys])
    return caught


def _sharing_no_more(cells: Flags, told: Sequence[_Field]) -> Flags:
    """These cells, and all in which no key is equal that is not equal in one of them."""
    for axis, field in enumerate(told):
        no_more = (field.profiles[:, None, :] <= field.profiles[None, :, :]).all(axis=2)
        reached = np.tensordot(no_more.astype(np.int64), cells.astype(np.int64), axes=(1, axis))
        cells = np.moveaxis(reached, 0, axis) > 0
    return cells


def lost_pairs(counts: Floats, known: Flags, caught: Flags) -> tuple[float, float]:
    """Expected number of pairs in the cells that no rule catches: were errors independent, and as they come in twos.

    `counts`: pairs by cell, an axis a field; `known`: the cells whose count is taken to be true.
    """
    counts = np.where(known, counts, 0.0)
    if counts.sum() <= 0 or caught.all():
        return 0.0, 0.0
    alone = _independent(counts, known)
    in_twos = _in_twos(counts, known, alone)
    lost = float(alone[~caught].sum())
    return lost, max(float(in_twos[~caught].sum()), lost)


def _independent(counts: Floats, known: Flags) -> Floats:
    full, found = counts, counts.sum()
    for _ in range(ROUNDS):
        model = _product([full.sum(axis=_but(axis, counts.ndim)) / full.sum() for axis in range(counts.ndim)])
        model *= found / max(float(model[known].sum()), 1e-9)
        full = np.where(known, counts, model)
    return model


def _in_twos(counts: Floats, known: Flags, model: Floats) -> Floats:
    """From the model of independent errors, by iterative proportional fitting of the margins of any two fields."""
    found, axes = counts.sum(), range(counts.ndim)
    for _ in range(ROUNDS_IN_TWOS):
        full = np.where(known, counts, model)
        single = [full.sum(axis=_but(axis, counts.ndim), keepdims=True) for axis in axes]
        for one, two in combinations(axes, 2):
            others = _but((one, two), counts.ndim)
            expected = single[one] * single[two] / full.sum()
            seen = full.sum(axis=others, keepdims=True)
            wanted = expected * (seen + PSEUDO_PAIRS) / (expected + PSEUDO_PAIRS)
            model = model * (wanted / np.maximum(model.sum(axis=others, keepdims=True), 1e-12))
        model *= found / max(float(model[known].sum()), 1e-9)
    return model


def _product(margins: Sequence[Floats]) -> Floats:
    table = np.ones(())
    for margin in margins:
        table = np.multiply.outer(table, margin)
    return table


def _but(kept: int | tuple[int, ...], axes: int) -> tuple[int, ...]:
    return tuple(axis for axis in range(axes) if axis not in (kept if isinstance(kept, tuple) else (kept,)))
