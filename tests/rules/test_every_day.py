"""Every programme has its law on every day of the years that are audited, or says in a sentence that it has not."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.errors import LawError
from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import RULES, rules_of

import_rules()
FIRST, LAST = date(2019, 7, 1), date(2026, 12, 31)
BEGINS = {"covid_relief": date(2020, 4, 24)}  # before, there was no such programme: an audit of it says so and ends


@cache
def turning_days(programme: str) -> tuple[date, ...]:
    """The day before and after, and the day itself, of every beginning and end in the law of a programme."""
    pack = LawPack.load(programme)
    spans = [(value.valid_from, value.valid_to) for each in pack.parameters.values() for value in each.values]
    spans += [(each.valid_from, each.valid_to) for each in pack.citations.values()]
    spans += [(rule.valid_from, rule.valid_to) for rule in RULES.values() if programme in rule.programmes]
    known = {day for both in spans for day in both if day and FIRST < day < LAST}
    return tuple(sorted({day + timedelta(days=step) for day in known for step in (-1, 0, 1)}))


def law_of(programme: str, day: date) -> None:
    """Ask the law of every rule that applies on a day; what is cited is in force on it."""
    pack = LawPack.load(programme)
    if day < BEGINS.get(programme, FIRST):
        with pytest.raises(LawError, match=r"[^/]+ / .+"):
            _ = [rule.law(pack, day) for rule in rules_of(programme, day)]
        return
    for rule in rules_of(programme, day):
        if not rule.in_force(day):
            continue
        rule.law(pack, day)
        basis = pack.basis(rule.basis[programme], day)
        assert basis.in_force, rule.id
        assert all(each.in_force(day) for each in basis.in_force)
        assert not any(each.in_force(day) for each in basis.later)


@pytest.mark.parametrize("programme", AUDITED)
def test_on_the_days_on_which_the_law_changes(programme: str) -> None:
    for day in (FIRST, *turning_days(programme), LAST):
        law_of(programme, day)


@settings(max_examples=60, deadline=None)
@given(programme=st.sampled_from(AUDITED), day=st.dates(FIRST, LAST))
def test_on_any_day_of_the_years_that_are_audited(programme: str, day: date) -> None:
    law_of(programme, day)


@pytest.mark.parametrize("programme", AUDITED)
def test_a_day_before_the_first_law_is_an_error_in_a_sentence(programme: str) -> None:
    pack = LawPack.load(programme)
    for name, parameter in pack.parameters.items():
        first = min(value.valid_from for value in parameter.values)
        if first > date(1900, 1, 1):
            with pytest.raises(LawError, match=r".+ / .+"):
                pack.value(name, first - timedelta(days=1))
        assert pack.value(name, first).valid_from == first
