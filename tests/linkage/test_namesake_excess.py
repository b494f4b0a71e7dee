"""How much oftener than by chance namesakes agree in year and commune: counted without labels, in two parts."""

import numpy as np
import pytest

from eligibility_audit.linkage.comparisons import NamesakeComparison
from eligibility_audit.linkage.comparisons.base import position
from eligibility_audit.linkage.fit import Chance, Patterns, chances_together, excess
from eligibility_audit.linkage.fit import _lifts as lifts
from eligibility_audit.linkage.levels import DATE, NAME, PLACE

RARITY = np.array([-2.0, -1.0, 0.0, 1.0, 2.0, 3.0])  # bits: how much rarer than usual a name is
LINES = np.array([0.3, 0.2, 0.2, 0.1, 0.1, 0.1])  # share of lines with such a name
YEAR_HERE, COARSE_YEAR = 1, 5
CODES = {
    "day": position(DATE, "day"),
    "other_day": position(DATE, "same_year"),
    "here": position(PLACE, "same_commune"),
}
CHANCE = Chance(
    share=1e-6,
    made=float(LINES @ np.exp2(-RARITY)),
    made_rare=float((LINES * np.exp2(-RARITY))[RARITY >= 1].sum()),
    rare_lines=float(LINES[RARITY >= 1].sum()),
)


def counted(by_chance: float, always: float, rest: float = 0.0) -> tuple[float, float]:
    """Lift and flat part of namesakes of one year and commune, where `by_chance` times what independence lets expect
    is there in proportion to how common a name is, and `always` times as much for every name alike."""
    comparison = NamesakeComparison("namesake", "name", "date_of_birth", "place")
    total = 1e10
    expected = CHANCE.share * total
    spread = by_chance * LINES * np.exp2(-RARITY) + always * LINES
    apart, same = expected * spread * np.exp2(-rest), 50_000 * LINES
    levels = np.zeros((2 * len(RARITY), 3), dtype=np.int8)
    levels[:, 0] = position(NAME, "equal")
    levels[: len(RARITY), 1], levels[len(RARITY) :, 1] = CODES["other_day"], CODES["day"]
    levels[:, 2] = CODES["here"]
    found = dict(zip(("name", "date_of_birth", "place"), levels.T, strict=True))
    patterns = Patterns(
        np.column_stack([levels, comparison.compare(np.zeros(0), np.zeros(0), found)]),
        np.tile(RARITY, 2),
        np.repeat([rest, 0.0], len(RARITY)),
        np.zeros(2 * len(RARITY), dtype=np.int64),
        np.concatenate([apart, same]),
    )
    lift, flat = lifts(
        comparison,
        patterns.levels[:, 3],
        comparison.telling(found),
        dict.fromkeys(range(1, 6), CHANCE),
        patterns,
        np.concatenate([np.zeros(len(RARITY)), same]),
        total,
    )
    return float(lift[YEAR_HERE - 1]), float(flat[YEAR_HERE - 1])


@pytest.mark.parametrize(
    ("by_chance", "always", "lift", "flat"),
    [
        pytest.param(1, 0, 1, 0, id="as chance lets expect: no excess"),
        pytest.param(3, 0, 3, 0, id="three times as often, whatever the name: all of it goes with how common it is"),
        pytest.param(1, 1, 2, 0.5, id="as often again, of rare names too: half is there however rare the name is"),
        pytest.param(1, 3, 4, 0.75, id="villages where families share their names"),
        pytest.param(0.2, 0, 1, 0, id="less often than chance: no excess, and no gain"),
    ],
)
def test_excess_is_told_apart_from_chance(by_chance: float, always: float, lift: float, flat: float) -> None:
    assert counted(by_chance, always) == (pytest.approx(lift, rel=0.02), pytest.approx(flat, abs=0.02))


def test_what_other_frequencies_have_told_is_not_counted_again() -> None:
    assert counted(3, 0, rest=1.0)[0] == pytest.approx(counted(3, 0)[0], rel=0.02)


def test_the_excess_takes_back_what_the_rare_name_gave_as_far_as_it_is_always_there() -> None:
    rarity = np.array([-3.0, 0.0, 3.0])
    assert excess(0.0, rarity).tolist() == [0, 0, 0]
    assert excess(1.0, rarity).tolist() == [3, 0, -3]
    half = excess(0.5, rarity)
    assert half[1] == 0
    assert 0 < half[0] < 3
    assert -3 < half[2] < 0
    assert (rarity + half <= 1.001).all(), "half the namesakes are there always: no name makes them rarer than half"


def test_chance_is_the_product_of_the_conditions() -> None:
    other_day = np.where(np.arange(100) < 10, CODES["other_day"], 0).astype(np.int8)
    here = np.where(np.arange(100) % 5 == 0, CODES["here"], 0).astype(np.int8)
    found = {"name": np.ones(100, dtype=np.int8), "date_of_birth": other_day, "place": here}
    rarity = np.array([0.0, 0.0, 1.0, 2.0])
    chance = chances_together(NamesakeComparison("namesake", *found), found, 0.01, rarity)[1]
    assert chance.share == pytest.approx(0.01 * 0.1 * 0.2)
    assert chance.made == pytest.approx((1 + 1 + 0.5 + 0.25) / 4)
    assert chance.made_rare == pytest.approx((0.5 + 0.25) / 4)
    assert chance.rare_lines == 0.5
