"""How many pairs of one person blocking lost, against pairs whose loss is known."""

import numpy as np
import pytest

from eligibility_audit.linkage.blocking import Rule
from eligibility_audit.linkage.loss import expected_loss

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
