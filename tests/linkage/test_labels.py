"""What judged pairs teach: the weights of their levels move towards what was judged, and no others."""

import numpy as np
import pandas as pd
import pytest

from eligibility_audit.linkage import link_people
from eligibility_audit.linkage.labels import LEAST
from tests.linkage.conftest import Crowd

ROW: dict[str, str | None] = {"sex": "M", "commune": "Xã Số 3", "district": "Huyện 0", "kind": "agent_orange"}


def planted(count: int) -> list[dict[str, str | None]]:
    """Pairs of lines of one name and birth year in one commune, a date known to the year on one side."""
    rows: list[dict[str, str | None]] = []
    draw = np.random.default_rng(5)
    for k in range(count):
        person = ROW | {
            "name": f"Lê Văn {['Hùng', 'Dũng', 'Sơn', 'Hải'][k % 4]} {k}",
            "date_of_birth": f"{1940 + k % 40}-03-07",
        }
        coarse = person | {"date_of_birth": str(1940 + k % 40), "kind": "covid_relief"}
        place = {"commune": f"Xã Số {int(draw.integers(30))}", "district": f"Huyện {k % 6}"}
        rows += [person | {"record_id": f"p-{k}-a"}, coarse | place | {"record_id": f"p-{k}-b"}]
    return rows


@pytest.mark.parametrize(
    ("judgement", "up"), [pytest.param("match", True, id="matches"), pytest.param("no_match", False, id="others")]
)
def test_levels_of_judged_pairs_move(crowd: Crowd, judgement: str, up: bool) -> None:
    people = crowd(planted(LEAST + 10), 400)
    judged = pd.DataFrame(
        {
            "left": [f"p-{k}-a" for k in range(LEAST + 10)],
            "right": [f"p-{k}-b" for k in range(LEAST + 10)],
            "judgement": judgement,
        }
    )
    plain, taught = link_people(people).model, link_people(people, judgements=judged).model
    before, after = (
        next(level for level in model.comparisons["date_of_birth"] if level.name == "year") for model in (plain, taught)
    )
    assert (after.judged > 0) is up
    assert after.weight == pytest.approx(before.weight + after.judged, abs=1e-3)
    unseen = next(level for level in taught.comparisons["date_of_birth"] if level.name == "swapped")
    assert unseen.judged == 0


def test_few_judgements_teach_nothing(crowd: Crowd) -> None:
    people = crowd(planted(3), 200)
    judged = pd.DataFrame({"left": ["p-0-a"], "right": ["p-0-b"], "judgement": ["match"]})
    assert link_people(people, judgements=judged).model == link_people(people).model
