"""The acts as data."""

from datetime import date
from itertools import pairwise

import pytest

from eligibility_audit.domain.kinds import ROSTERS
from eligibility_audit.domain.words import STOPS
from eligibility_audit.errors import LawError
from eligibility_audit.recommend.acts import Acts, due_day
from eligibility_audit.rules.registry import GROUNDS


@pytest.mark.parametrize("programme", ROSTERS)
def test_every_ground_is_answered_and_a_stop_always_names_its_act(programme: str) -> None:
    acts = Acts.load(programme)
    for ground in GROUNDS:
        step = acts.step(ground)
        assert step.action not in STOPS or step.act
        assert acts.step(ground, stop_allowed=False).action not in STOPS


@pytest.mark.parametrize("programme", ROSTERS)
@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2022, 6, 1), date(2025, 3, 1), date(2025, 7, 1)])
def test_every_act_has_a_basis_a_decider_and_a_clock_on_the_day(programme: str, day: date) -> None:
    acts = Acts.load(programme)
    for name, act in acts.acts.items():
        if programme == "social_assistance" and name == "tam_dung" and day < date(2021, 7, 1):
            assert acts.basis(name, day) is None
            continue
        assert acts.basis(name, day) is not None
        assert acts.decider(name, day) is not None
        assert acts.due(act.clock, day)[0] > day


def test_dated_words_do_not_overlap() -> None:
    for programme in ROSTERS:
        for act in Acts.load(programme).acts.values():
            for values in (act.basis, act.decider, act.preparer, act.form):
                for earlier, later in pairwise(values):
                    assert earlier.valid_to is not None
                    assert earlier.valid_to < later.valid_from


def test_the_decider_changes_with_the_offices() -> None:
    acts = Acts.load("agent_orange")
    said = [acts.decider("cham_dut", day) for day in (date(2025, 2, 28), date(2025, 3, 1), date(2025, 7, 1))]
    assert [d.mark for d in said if d] == ["confirmed", "to_verify", "to_verify"]
    assert "Lao động" in said[0].vi if said[0] else False


def test_a_ground_of_which_nothing_is_said_is_an_error() -> None:
    with pytest.raises(LawError, match="nowhere"):
        Acts.load("agent_orange").step("nowhere")


@pytest.mark.parametrize(
    ("start", "number", "unit", "due"),
    [
        pytest.param(date(2023, 5, 10), 5, "working_days", date(2023, 5, 17), id="over a weekend"),
        pytest.param(date(2023, 1, 18), 5, "working_days", date(2023, 2, 1), id="over Tết"),
        pytest.param(date(2023, 5, 10), 3, "days", date(2023, 5, 15), id="days end on a Saturday"),
        pytest.param(date(2023, 12, 29), 3, "days", date(2024, 1, 2), id="days end on New Year"),
    ],
)
def test_due_days(start: date, number: int, unit: str, due: date) -> None:
    assert due_day(start, number, unit) == due  # type: ignore[arg-type]
