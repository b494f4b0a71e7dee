"""Time limits: data by date; days, working days and months told apart; counted across Tết and the ends of years."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.domain.clocks import Clock, Unit, WorkingDays, due, due_day
from eligibility_audit.errors import LawError
from eligibility_audit.recommend.acts import Acts, working_days
from eligibility_audit.recommend.wording import check

OFFICES = WorkingDays()
CLOCKS = Acts.load("agent_orange").clocks


@pytest.mark.parametrize(
    ("start", "number", "unit", "day"),
    [
        pytest.param("2023-05-10", 5, "working_days", "2023-05-17", id="over a weekend"),
        pytest.param("2023-05-12", 1, "working_days", "2023-05-15", id="from a Friday"),
        pytest.param("2023-05-13", 1, "working_days", "2023-05-15", id="from a Saturday: Monday is the first"),
        pytest.param("2020-01-22", 1, "working_days", "2020-01-30", id="Tết 2020: 23 to 29 January are free"),
        pytest.param("2020-01-20", 5, "working_days", "2020-02-03", id="five working days around Tết 2020"),
        pytest.param("2021-02-09", 1, "working_days", "2021-02-17", id="Tết 2021: 10 to 16 February are free"),
        pytest.param("2021-02-08", 5, "working_days", "2021-02-22", id="five working days around Tết 2021"),
        pytest.param("2024-02-07", 1, "working_days", "2024-02-15", id="Tết 2024: 8 to 14 February are free"),
        pytest.param("2024-02-06", 5, "working_days", "2024-02-20", id="five working days around Tết 2024"),
        pytest.param("2024-04-26", 1, "working_days", "2024-05-02", id="29 April 2024 was swapped for 4 May"),
        pytest.param("2024-05-03", 1, "working_days", "2024-05-04", id="a Saturday that was worked"),
        pytest.param("2020-12-31", 1, "working_days", "2021-01-04", id="over New Year"),
        pytest.param("2023-12-29", 3, "days", "2024-01-02", id="days that end on New Year"),
        pytest.param("2023-05-10", 3, "days", "2023-05-15", id="days that end on a Saturday"),
        pytest.param("2020-01-15", 12, "days", "2020-01-30", id="days that end in Tết 2020"),
        pytest.param("2020-12-31", 60, "days", "2021-03-01", id="60 days"),
        pytest.param("2024-01-31", 1, "months", "2024-02-29", id="a month that has no 31st"),
        pytest.param("2023-11-30", 3, "months", "2024-02-29", id="months over the end of the year"),
        pytest.param("2020-10-25", 3, "months", "2021-01-25", id="three months"),
        pytest.param("2024-03-04", 25, "day_of_month", "2024-03-25", id="the 25th of this month"),
        pytest.param("2024-03-25", 25, "day_of_month", "2024-03-25", id="the 25th itself"),
        pytest.param("2024-03-26", 25, "day_of_month", "2024-04-25", id="after the 25th: of the next month"),
        pytest.param("2024-12-26", 25, "day_of_month", "2025-02-03", id="a 25th in Tết 2025 is moved behind it"),
    ],
)
def test_due_days(start: str, number: int, unit: Unit, day: str) -> None:
    assert due_day(date.fromisoformat(start), number, unit, OFFICES) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("start", "day"),
    [
        pytest.param("2024-03-04", "2024-03-22", id="24 March 2024 is a Sunday: the Friday before"),
        pytest.param("2024-03-23", "2024-04-24", id="this month's has gone by"),
        pytest.param("2025-01-20", "2025-01-24", id="before Tết"),
    ],
)
def test_what_must_be_met_before_a_day_is_moved_forward(start: str, day: str) -> None:
    assert due_day(date.fromisoformat(start), 24, "day_of_month", OFFICES, "before") == date.fromisoformat(day)


def test_a_swapped_day_of_ours_stands_before_the_calendar() -> None:
    ours = WorkingDays({date(2023, 5, 15): False, date(2023, 5, 13): True})
    assert due_day(date(2023, 5, 12), 1, "working_days", ours) == date(2023, 5, 13)
    assert due_day(date(2023, 5, 13), 1, "working_days", ours) == date(2023, 5, 16)


def test_the_swapped_days_of_the_law_can_be_read() -> None:
    assert working_days().is_working(date(2024, 5, 4))


def test_a_year_of_which_nobody_knows_the_holidays_is_an_error() -> None:
    with pytest.raises(LawError, match="2101"):
        due_day(date(2100, 12, 30), 5, "days", OFFICES)


# procedure.md, section 4.
@pytest.mark.parametrize(
    ("name", "day", "number", "unit"),
    [
        ("signs", "2022-02-15", 5, "working_days"),
        ("conclusion", "2022-02-15", 5, "working_days"),
        ("resume", "2022-02-15", 12, "days"),
        ("death_decision", "2022-02-15", 12, "days"),
        ("unit_decoding", "2022-02-15", 5, "working_days"),
        ("medical_board", "2022-02-15", 60, "days"),
        ("second_opinion", "2022-02-15", 90, "days"),
        ("final_opinion", "2022-02-15", 90, "days"),
        ("payer_report", "2020-12-31", 19, "day_of_month"),
        ("payer_changes", "2020-12-31", 24, "day_of_month"),
        ("payer_report", "2022-09-05", 19, "day_of_month"),
        ("payer_changes", "2022-09-05", 24, "day_of_month"),
        ("complaint_file", "2020-12-31", 90, "days"),
        ("complaint_accept", "2026-06-30", 10, "days"),
        ("complaint_accept", "2026-07-01", 7, "working_days"),
        ("complaint_first", "2020-12-31", 30, "days"),
        ("complaint_first_complex", "2020-12-31", 45, "days"),
        ("complaint_first_remote", "2020-12-31", 45, "days"),
        ("complaint_first_remote_complex", "2020-12-31", 60, "days"),
        ("complaint_second", "2020-12-31", 45, "days"),
        ("complaint_second_complex", "2020-12-31", 60, "days"),
        ("complaint_second_remote", "2020-12-31", 60, "days"),
        ("complaint_second_remote_complex", "2020-12-31", 70, "days"),
        ("reception_reply", "2020-12-31", 10, "working_days"),
        ("reply", "2020-12-31", 30, "days"),
    ],
)
def test_the_clocks_of_the_procedure(name: str, day: str, number: int, unit: str) -> None:
    on = date.fromisoformat(day)
    found = due(CLOCKS[name], on, on, OFFICES)
    assert found is not None
    assert (found.clock.number, found.clock.unit) == (number, unit)


@pytest.mark.parametrize("name", sorted(CLOCKS))
def test_every_clock_is_cited_does_not_overlap_and_accuses_nobody(name: str) -> None:
    versions: tuple[Clock, ...] = tuple(CLOCKS[name])
    for earlier, later in pairwise(versions):
        assert earlier.valid_to is not None
        assert earlier.valid_to < later.valid_from
    for clock in versions:
        assert clock.citation in clock.vi or "nội bộ" in clock.citation
        assert all(check(text) == () for text in (clock.vi, clock.start, clock.stops, clock.note))


def test_a_clock_that_is_not_yet_law_falls_back_to_our_own_and_says_so() -> None:
    found = Acts.load("agent_orange").due("medical_board", date(2020, 12, 31))
    assert found.day == date(2021, 2, 1), "30 January 2021 is a Saturday"
    assert "nội bộ" in found.clock.vi


def test_which_version_holds_is_asked_for_a_day_of_its_own() -> None:
    acts = Acts.load("agent_orange")
    assert acts.due("complaint_accept", date(2026, 6, 30), on=date(2026, 7, 1)).clock.unit == "working_days"


DAYS = st.dates(date(2019, 12, 1), date(2027, 3, 1))
UNITS = st.sampled_from(["days", "working_days", "months", "day_of_month"])
NUMBERS = st.integers(1, 28)


@given(DAYS, NUMBERS, UNITS, st.sampled_from(["next", "before"]))
def test_the_due_day_is_a_working_day_and_not_before_the_start(
    start: date, number: int, unit: Unit, closed: str
) -> None:
    day = due_day(start, number, unit, OFFICES, closed)  # type: ignore[arg-type]
    assert OFFICES.is_working(day)
    assert day >= start or (unit == "days" and closed == "before")


@given(DAYS, NUMBERS)
def test_the_count_of_working_days_is_exact(start: date, number: int) -> None:
    day = due_day(start, number, "working_days", OFFICES)
    between = (start + timedelta(days=n) for n in range(1, (day - start).days + 1))
    assert sum(OFFICES.is_working(one) for one in between) == number


@given(DAYS, NUMBERS)
def test_a_limit_in_days_never_ends_earlier_than_counted_nor_later_than_the_next_working_day(
    start: date, number: int
) -> None:
    counted, day = start + timedelta(days=number), due_day(start, number, "days", OFFICES)
    assert counted <= day
    skipped = (counted + timedelta(days=n) for n in range((day - counted).days))
    assert not any(OFFICES.is_working(one) for one in skipped)


@given(DAYS, st.integers(0, 40), NUMBERS, st.integers(0, 5), UNITS)
def test_later_or_longer_is_never_due_earlier(start: date, later: int, number: int, longer: int, unit: Unit) -> None:
    day = due_day(start, number, unit, OFFICES)
    assert due_day(start + timedelta(days=later), number, unit, OFFICES) >= day
    if unit != "day_of_month":
        assert due_day(start, number + longer, unit, OFFICES) >= day
