"""Coefficient and amount of social assistance for any group, level and age, on the days on which one of them changes.

The answers are from Article 6(1) of Decree 20/2021 as domain.md tells it, written here a second time in plain words.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_audit.rules.assess import cases_frame, import_rules
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import RULES
from tests.rules.social_assistance.test_amounts_and_ages import KINDS, LINE

DAYS = (date(2020, 12, 31), date(2021, 6, 30), date(2021, 7, 1), date(2024, 6, 30), date(2024, 7, 1), date(2025, 6, 30))
BASES = ((date(2024, 7, 1), 500_000), (date(2021, 7, 1), 360_000), (date(2015, 1, 1), 270_000))
GROUPS = ("NKT nặng", "NKT đặc biệt nặng", "Người cao tuổi nghèo", "Từ đủ 80 tuổi", "Trẻ mồ côi", "Người nhiễm HIV")
COEFFICIENTS = (1.0, 1.5, 2.0, 2.5, 3.0)
birthdays = st.builds(
    lambda years, days: (years, timedelta(days=days)), st.sampled_from((4, 16, 22, 23, 60, 80)), st.integers(-1, 1)
)


def due(group: str, age: int) -> float | None:
    """The one coefficient of a group at an age; None where the group does not go with it."""
    dependent = age < 16 or age >= 60
    return {
        "NKT nặng": 2.0 if dependent else 1.5,
        "NKT đặc biệt nặng": 2.5 if dependent else 2.0,
        "Người cao tuổi nghèo": 2.0 if age >= 80 else 1.5,
        "Từ đủ 80 tuổi": 1.0,
        "Trẻ mồ côi": 2.5 if age < 4 else 1.5,
        "Người nhiễm HIV": 2.5 if age < 4 else 2.0 if age < 16 else 1.5,
    }[group]


def base(day: date) -> int:
    return next(amount for since, amount in BASES if since <= day)


def born(day: date, years: int, days: timedelta) -> date:
    """A birth date that turns so many years old on the day, or a day before or after it."""
    return date(day.year - years, day.month, min(day.day, 28)) + days


def age_on(day: date, birth: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def decided(rule_id: str, day: date, lines: list[Mapping[str, object]]) -> list[bool | None]:
    import_rules()
    made = RULES[rule_id]
    rows = [{**LINE, **line, "record_id": f"r-{n}"} for n, line in enumerate(lines)]
    names = list(rows[0])
    records = pd.DataFrame(
        {name: pd.array([row[name] for row in rows], dtype=KINDS.get(name, "string[pyarrow]")) for name in names}
    )
    answer = made.decide(cases_frame(records, [], [made]), made.law(LawPack.load("social_assistance"), day))
    return [None if pd.isna(value) else bool(value) for value in answer]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(DAYS), birthdays)
def test_the_coefficient_is_that_of_group_level_and_age(day: date, at: tuple[int, timedelta]) -> None:
    birth = born(day, *at)
    lines = [
        {"group": group, "date_of_birth": birth.isoformat(), "coefficient": coefficient}
        for group in GROUPS
        for coefficient in COEFFICIENTS
    ]
    age = age_on(day, birth)
    expected = [line["coefficient"] == due(str(line["group"]), age) for line in lines]
    assert decided("SA_COEF", day, lines) == expected


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(DAYS), st.sampled_from(COEFFICIENTS), st.sampled_from((0, -1, 1)))
def test_the_amount_is_the_coefficient_times_the_base_of_the_day(day: date, coefficient: float, off: int) -> None:
    lines = [{"coefficient": coefficient, "monthly_amount": round(coefficient * amount) + off} for _, amount in BASES]
    assert decided("SA_AMOUNT", day, lines) == [amount == base(day) and off == 0 for _, amount in BASES]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(DAYS), birthdays)
def test_the_ages_hold_to_the_day(day: date, at: tuple[int, timedelta]) -> None:
    birth = born(day, *at)
    age, written = age_on(day, birth), birth.isoformat()
    assert decided("SA_80_YOUNGER", day, [{"group": "Từ đủ 80 tuổi", "date_of_birth": written}]) == [age >= 80]
    assert decided("SA_ELDERLY_YOUNGER", day, [{"group": "Người cao tuổi nghèo", "date_of_birth": written}]) == [
        age >= 60
    ]
    child = None if 16 <= age <= 22 else age < 16
    assert decided("SA_AGED_OUT", day, [{"group": "Trẻ mồ côi", "date_of_birth": written}]) == [child]
    assert decided("SA_STUDENT_AGED_OUT", day, [{"group": "Đang học văn hóa", "date_of_birth": written}]) == [age <= 22]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(DAYS), st.sampled_from(GROUPS), st.sampled_from(COEFFICIENTS))
def test_an_unknown_birth_date_accepts_every_coefficient_of_the_group(
    day: date, group: str, coefficient: float
) -> None:
    known = {due(group, age) for age in (1, 10, 30, 70, 85)}
    if group == "Người cao tuổi nghèo":
        known = {1.5, 2.0}
    lines = [{"group": group, "date_of_birth": None, "coefficient": coefficient}]
    assert decided("SA_COEF", day, lines) == [coefficient in known]
