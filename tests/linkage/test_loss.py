"""How many pairs of one person blocking lost, against pairs whose loss is known."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from eligibility_audit.linkage.blocking import Rule
from eligibility_audit.linkage.loss import expected_loss, lost_pairs

RULES = (Rule(("name", "date")), Rule(("name", "commune")), Rule(("date", "commune")))
FIELDS = (("name",), ("date",), ("commune",))


@pytest.mark.parametrize(
    ("kept", "lost"),
    [
        pytest.param(0.9, 0.028, id="each field survives nine times in ten: two of three fail in 2.8 of a hundred"),
        pytest.param(0.97, 0.0026, id="few errors"),
        pytest.param(0.7, 0.216, id="many errors"),
    ],
)
def test_errors_that_meet_by_chance(kept: float, lost: float) -> None:
    draw, size = np.random.default_rng(3), 20_000
    left, right = np.arange(size), np.arange(size) + size
    equal = {name: draw.random(size) < kept for (name,) in FIELDS}
    keys = {name: np.concatenate([left, np.where(same, left, right)]) for name, same in equal.items()}
    found = np.sum([*equal.values()], axis=0) >= 2
    told = expected_loss(keys, FIELDS, RULES, (left[found], right[found], np.ones(int(found.sum()))))
    assert told["lost_share_from"] <= told["lost_share"] <= told["lost_share_to"]
    assert told["lost_share"] == pytest.approx(lost, rel=0.25)
    assert told["lost_matches"] == pytest.approx(size - found.sum(), rel=0.25)


def test_too_few_matches_tell_nothing() -> None:
    empty = np.zeros(0, dtype=np.int64)
    assert expected_loss({"name": empty}, FIELDS, RULES, (empty, empty, np.zeros(0))) == {}


ANY_TWO = tuple(Rule(two) for two in combinations(("name", "date", "commune", "id"), 2))
FOUR = (("name",), ("date",), ("commune",), ("id",))


def clerks(seed: int, hurry: float, size: int = 30_000) -> dict[str, Any]:
    """Pairs of which a fifth, of hurried clerks, has `hurry` times as many errors; a pair is lost where three of four
    fields err. What is told of it, and the truth."""
    draw = np.random.default_rng(seed)
    often = np.where(draw.random(size) < 0.2, hurry, 1.0) * 0.04
    equal = {name: draw.random(size) >= often for (name,) in FOUR}
    left, right = np.arange(size), np.arange(size) + size
    keys = {name: np.concatenate([left, np.where(same, left, right)]) for name, same in equal.items()}
    found = np.sum([*equal.values()], axis=0) >= 2
    sure = np.where(equal["id"] | (np.sum([*equal.values()], axis=0) >= 3), 0.999, 0.3)  # name and year say little
    listed = found & ((sure > 0.5) | (draw.random(size) < 0.5))  # half of the doubtful are below the floor
    told = expected_loss(keys, FOUR, ANY_TWO, (left[listed], right[listed], sure[listed]))
    return told | {"truth": 1 - float(found.mean())}


@pytest.mark.parametrize("hurry", [pytest.param(1.0, id="all alike"), pytest.param(4.0, id="some clerks hurry")])
def test_errors_that_come_together_and_pairs_that_cannot_be_told(hurry: float) -> None:
    told = [clerks(seed, hurry) for seed in range(3)]
    mean, low, high, truth = np.mean(
        [[each[key] for key in ("lost_share", "lost_share_from", "lost_share_to", "truth")] for each in told], axis=0
    )
    assert low <= truth <= high
    assert 0.6 * truth <= mean <= 1.6 * truth


def test_what_errs_in_twos_is_expected_to_err_in_threes() -> None:
    """Two in a hundred err in each field; in two at once three times as often as by chance."""
    cells = np.zeros((2, 2, 2, 2))
    cells[0, 0, 0, 0] = 10_000
    for one in range(4):
        cells[tuple(int(k == one) for k in range(4))] = 200
        for two in range(one):
            cells[tuple(int(k in (one, two)) for k in range(4))] = 12
    caught = np.indices((2, 2, 2, 2)).sum(axis=0) <= 2
    alone, in_twos = lost_pairs(cells, caught, caught)
    assert alone == pytest.approx(4 * 200**3 / 10_000**2, rel=0.5)
    assert in_twos == pytest.approx(4 * 3**3 * 200**3 / 10_000**2, rel=0.25)
