"""What blocking lost: an honest estimate of the pairs of one person that no rule has made.

A pair is lost where errors in several fields meet, so that no rule finds all its keys equal. How often the keys of a
field survive is told by the pairs that were found; were errors of different fields independent, the share of lost
pairs would follow (capture and recapture, the fields being the traps). Pairs that some rules cannot find are rarer
among those found than among all, which expectation-maximisation mends. Errors do come together (a hurried clerk), so
the estimate is multiplied by how much more often than that the found pairs err in two fields at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eligibility_audit.linkage.arrays import Flags, Floats, Ints
from eligibility_audit.linkage.blocking import Rule

ROUNDS = 80
DRAWS = 20  # of the interval
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
    """`found_matches`, `lost_matches`, `lost_share` and its interval (`lost_share_from`, `_to`: 5 and 95 in a
    hundred by chance, from independent errors to such as come together twice as strongly as those found do).

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
    caught = _caught(told, shape, rules)
    cell = np.ravel_multi_index([field.at for field in told], shape)
    counts: Floats = np.bincount(cell, weights=probability, minlength=int(np.prod(shape))).astype(np.float64)
    counts = np.where(caught, counts, 0.0)
    alone, together = _lost(counts, caught, shape)
    draw = np.random.default_rng(20201231)
    spread = [_lost(draw.poisson(counts).astype(np.float64), caught, shape) for _ in range(DRAWS)]
    low = float(np.quantile([draw.poisson(lost) for lost, _ in spread], 0.05))
    high = float(np.quantile([draw.poisson(lost * more**2) for lost, more in spread], 0.95))
    matches, lost = float(counts.sum()), alone * together
    return {
        "found_matches": round(matches, 1),
        "lost_matches": round(lost, 1),
        "lost_share": _share(lost, matches),
        "lost_share_from": _share(low, matches),
        "lost_share_to": _share(high, matches),
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


def _lost(counts: Floats, caught: Flags, shape: tuple[int, ...]) -> tuple[float, float]:
    """Expected number of pairs in combinations that no rule catches, were errors independent, and how many times more
    often errors come together."""
    found = float(counts.sum())
    if found <= 0:
        return 0.0, 1.0
    full, chance = counts.copy(), np.zeros(0)
    for _ in range(ROUNDS):
        chance = _product(full, shape)
        share = float(chance[caught].sum())
        full = np.where(caught, counts, found * chance / max(share, 1e-9))
    missed = found * float(chance[~caught].sum()) / max(float(chance[caught].sum()), 1e-9)
    return missed, _together(counts, chance * (found + missed), caught, shape)


def _product(full: Floats, shape: tuple[int, ...]) -> Floats:
    """The shares of all combinations, were fields independent."""
    table = full.reshape(shape)
    chance = np.ones(shape)
    for axis in range(len(shape)):
        margin = table.sum(axis=tuple(k for k in range(len(shape)) if k != axis))
        form = [1] * len(shape)
        form[axis] = -1
        chance *= (margin / max(float(margin.sum()), 1e-9)).reshape(form)
    return chance.ravel()


def _together(counts: Floats, expected: Floats, caught: Flags, shape: tuple[int, ...]) -> float:
    """How many times more often than expected the found pairs err in two fields at once, and no less than once."""
    best = [
        int(counts.reshape(shape).sum(axis=tuple(k for k in range(len(shape)) if k != a)).argmax())
        for a in range(len(shape))
    ]
    where = np.unravel_index(np.arange(len(counts)), shape)
    errors = np.sum([where[a] != best[a] for a in range(len(shape))], axis=0)
    several = caught & (errors >= 2)
    return max(float((counts[several].sum() + 1) / (expected[several].sum() + 1)), 1.0)
