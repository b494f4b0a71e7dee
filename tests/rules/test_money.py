"""Months and sums: the month of death is paid, each month has its own table, what is unknown adds nothing."""

from datetime import date
from itertools import product

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.domain.clocks import due
from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.review.resumption import months_owed, resumed_from
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.rules.money import Table, arrears, first_run, month, month_after, monthly_sums, says_month
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.price_tables import PRICED_BY, owed_between, tables

AMOUNTS = (1_234_000, 2_062_000, 2_891_000, 3_703_000, 974_000, 1_624_000)  # Agent Orange, 2019 to June 2023


def whole(*values: int | None) -> "pd.Series[int]":
    return pd.Series(list(values), dtype="Int64")


def table(programme: str, day: date) -> tuple[Table, ...]:
    return tables(programme, LawPack.load(programme).at(day, PRICED_BY[programme]))


def sums(programme: str, first: date, last: date, amount: int | None, today: date) -> tuple[object, object, object]:
    """Months, amount and months of no known amount, from the month of `first` to that of `last`."""
    found = monthly_sums(whole(month(first)), whole(month(last) + 1), whole(amount), table(programme, today), today)
    return tuple(None if pd.isna(v) else int(v) for v in found.iloc[0])  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("died", "unpaid_from", "run"),
    [
        pytest.param("2020-11-01", "12/2020", "12/2020", id="on the 1st: November is paid whole"),
        pytest.param("2020-11-24", "12/2020", "12/2020", id="on the 24th: December's list can still be changed"),
        pytest.param("2020-11-25", "12/2020", "01/2021", id="on the 25th: December's list is with the payer"),
        pytest.param("2020-11-26", "12/2020", "01/2021", id="on the 26th too"),
        pytest.param("2020-11-30", "12/2020", "01/2021", id="on the last day of the month"),
        pytest.param("2020-12-31", "01/2021", "02/2021", id="the end of the year"),
    ],
)
def test_a_death_ends_pay_with_its_month_and_late_in_it_misses_the_next_run(
    died: str, unpaid_from: str, run: str
) -> None:
    days = whole(day_number(date.fromisoformat(died)))
    before = int(str(LawPack.load("agent_orange").value("list_to_payer_before", date(2020, 12, 31)).value))
    assert says_month(month_after(days))[0] == unpaid_from
    assert says_month(first_run(days, before))[0] == run


def test_an_unknown_day_of_death_gives_no_month() -> None:
    assert month_after(whole(None)).isna().all()
    assert first_run(whole(None), 25).isna().all()
    assert says_month(whole(None))[0] == ""


@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2022, 9, 5), date(2026, 1, 1)])
def test_the_cut_off_of_rules_and_the_clock_of_acts_are_one(day: date) -> None:
    clock = due(Acts.load("agent_orange").clocks["payer_changes"], day, day, Acts.load("agent_orange").working_days)
    assert clock is not None
    assert LawPack.load("agent_orange").value("list_to_payer_before", day).value == clock.clock.number + 1


@pytest.mark.parametrize(
    ("programme", "first", "last", "amount", "today", "expected"),
    [
        pytest.param(
            *("social_assistance", date(2021, 6, 1), date(2021, 7, 1), 540_000, date(2021, 7, 31)),
            (2, 405_000 + 540_000, 0),
            id="coefficient 1.5: June 2021 at 270.000, July at 360.000",
        ),
        pytest.param(
            *("social_assistance", date(2020, 7, 1), date(2021, 7, 1), 360_000, date(2021, 12, 31)),
            (13, 12 * 270_000 + 360_000, 0),
            id="coefficient 1.0: twelve months of the old base and one of the new",
        ),
        pytest.param(
            *("social_assistance", date(2021, 6, 1), date(2021, 7, 1), 400_000, date(2021, 7, 31)),
            (1, 400_000, 1),
            id="no coefficient: only months of the present base, as stated",
        ),
        pytest.param(
            *("agent_orange", date(2023, 6, 1), date(2023, 7, 1), 2_610_000, date(2023, 12, 31)),
            (2, 2_062_000 + 2_610_000, 0),
            id="41-60: June 2023 by Decree 75, July by Decree 55",
        ),
        pytest.param(
            *("agent_orange", date(2024, 6, 1), date(2024, 7, 1), 6_358_000 + 2_789_000, date(2024, 7, 31)),
            (2, 4_685_000 + 2_055_000 + 6_358_000 + 2_789_000, 0),
            id="from 81 % with the serving person or the special supplement, which are one amount",
        ),
        pytest.param(
            *("agent_orange", date(2019, 4, 1), date(2020, 12, 1), 2_062_000, date(2020, 12, 31)),
            (18, 18 * 2_062_000, 3),
            id="no table before July 2019 is here: three months open",
        ),
        pytest.param(
            *("merit_other", date(2019, 7, 1), date(2022, 6, 1), 1_000_000, date(2022, 6, 30)),
            (36, 36_000_000, 0),
            id="merit: one standard from July 2019 to June 2023",
        ),
        pytest.param(
            *("merit_other", date(2023, 6, 1), date(2023, 7, 1), 1_000_000, date(2023, 7, 31)),
            (1, 1_000_000, 1),
            id="merit: the standard moved in July 2023",
        ),
        pytest.param(
            *("merit_other", date(2018, 5, 1), date(2018, 6, 1), 1_000_000, date(2018, 6, 30)),
            (1, 1_000_000, 1),
            id="merit: an unknown standard, the month of the list alone",
        ),
        pytest.param(
            *("agent_orange", date(2020, 1, 1), date(2020, 12, 1), None, date(2020, 12, 31)),
            (12, None, None),
            id="no stated amount: months, no sum",
        ),
        pytest.param(
            *("agent_orange", date(2021, 3, 1), date(2020, 12, 1), 2_062_000, date(2020, 12, 31)),
            (0, 0, 0),
            id="later than the audit: nothing",
        ),
    ],
)
def test_each_month_counts_what_was_paid_in_it(
    programme: str, first: date, last: date, amount: int | None, today: date, expected: tuple[object, ...]
) -> None:
    assert sums(programme, first, last, amount, today) == expected


BEFORE, NOW = month(date(2018, 1, 1)), month(date(2024, 12, 1))


@given(
    st.sampled_from(("agent_orange", "merit_other", "social_assistance")),
    st.lists(st.integers(BEFORE, NOW), min_size=3, max_size=3).map(sorted),
    st.sampled_from((*AMOUNTS, 270_000, 540_000, 750_000, 2_610_000, 3_542_000, 123_456)),
    st.sampled_from((date(2020, 12, 31), date(2021, 7, 31), date(2023, 12, 31), date(2024, 12, 31))),
)
def test_sums_add_up_over_months_and_grow_with_them(
    programme: str, months: list[int], amount: int, today: date
) -> None:
    a, b, c = months
    known = table(programme, today)
    parts = monthly_sums(whole(a, b, a), whole(b, c, c), whole(amount, amount, amount), known, today).fillna(0)
    for name in ("months", "amount", "open"):
        assert parts[name][0] + parts[name][1] == parts[name][2]
        assert str(parts[name].dtype) == "Int64"
    assert parts["months"][2] + parts["open"][2] == c - a
    assert (parts >= 0).all(axis=None)


@given(
    st.none() | st.integers(BEFORE, NOW),
    st.none() | st.integers(BEFORE, NOW),
    st.none() | st.sampled_from((*AMOUNTS, 123_456)),
)
def test_what_is_not_known_makes_no_sum(first: int | None, until: int | None, amount: int | None) -> None:
    known = table("agent_orange", date(2023, 12, 31))
    found = monthly_sums(whole(first), whole(until), whole(amount), known, date(2023, 12, 31)).iloc[0]
    if None in (first, until, amount):
        assert pd.isna(found["amount"])
    assert pd.isna(found["months"]) == (first is None or until is None)


@pytest.mark.parametrize(
    ("paid", "since", "today", "expected"),
    [
        pytest.param(2_062_000, date(2019, 7, 1), date(2023, 6, 30), None, id="the amount of the day: nothing is owed"),
        pytest.param(
            *(2_062_000, date(2019, 7, 1), date(2023, 7, 31)), ("07/2023", 1, 548_000), id="the first month of a rise"
        ),
        pytest.param(
            *(2_062_000, date(2019, 7, 1), date(2024, 8, 31)),
            ("07/2023", 14, 12 * 548_000 + 2 * 1_480_000),
            id="two rises missed: each month against its own table",
        ),
        pytest.param(
            *(2_062_000, date(2023, 11, 1), date(2023, 12, 31)),
            ("11/2023", 2, 2 * 548_000),
            id="paid since November: no month before it",
        ),
        pytest.param(
            2_062_000, None, date(2023, 12, 31), None, id="the first month paid is not known: none is counted"
        ),
        pytest.param(2_000_000, date(2019, 7, 1), date(2023, 12, 31), None, id="an amount of no table: none"),
        pytest.param(1_234_000, date(2019, 7, 1), date(2023, 12, 31), None, id="another band's amount: none"),
    ],
)
def test_a_rise_that_was_missed_is_owed_month_by_month(
    paid: int, since: date | None, today: date, expected: tuple[object, ...] | None
) -> None:
    known = table("agent_orange", today)
    band = whole(next(t.amounts["ao_41_60"] for t in reversed(known)))
    found = arrears(whole(paid), band, whole(None if since is None else month(since)), known, today)
    if expected is None:
        assert found.isna().all(axis=None)
    else:
        assert (says_month(found["first"])[0], found["months"][0], found["amount"][0]) == expected


@pytest.mark.parametrize("year", range(2020, 2026))
def test_nothing_is_owed_by_the_person_in_arrears_and_an_unknown_start_takes_them_away(year: int) -> None:
    """Every amount of the list against every amount of the day, paid since every month and since one not known."""
    today = date(year, 12, 31)
    known = table("agent_orange", today)
    every = list(product(AMOUNTS, set(known[-1].amounts.values()), (None, *range(BEFORE, NOW + 1))))
    paid, owed, since = (whole(*column) for column in zip(*every, strict=True))
    found = arrears(paid, owed, since, known, today)["amount"]
    assert found[since.isna()].isna().all()
    assert (found.dropna() > 0).all()
    assert found.notna().any() or year < 2023  # the first rise after July 2019


@pytest.mark.parametrize(
    ("programme", "monthly", "stated", "until", "owed"),
    [
        pytest.param("agent_orange", 2_062_000, {"ground": "cleared"}, "2023-06", 2 * 2_062_000, id="no rise between"),
        pytest.param(
            *("agent_orange", 2_062_000, {"ground": "cleared"}, "2023-09", 3 * 2_062_000 + 2 * 2_610_000),
            id="cleared, a rise in between: each month at its own table",
        ),
        pytest.param(
            *("agent_orange", 2_062_000, {"ground": "released", "event_date": "2023-06-30"}, "2023-09", 2 * 2_610_000),
            id="released in June: July and August, by the new table",
        ),
        pytest.param(
            "agent_orange", 1_000_000, {"ground": "cleared"}, "2023-09", None, id="an amount of no table, and a rise"
        ),
        pytest.param(
            "agent_orange", 1_000_000, {"ground": "cleared"}, "2023-06", 2_000_000, id="an amount of no table, no rise"
        ),
        pytest.param(
            "agent_orange", 2_062_000, {"ground": "cleared"}, "2023-04", 0, id="resumed in the month it was stopped"
        ),
    ],
)
def test_what_a_resumption_owes_is_counted_as_every_sum_is(
    programme: str, monthly: int, stated: dict[str, str], until: str, owed: int | None
) -> None:
    """Stopped from April 2023: the months of the resumption, the tables of the law."""
    since = resumed_from("2023-04", stated)
    first, last = (date.fromisoformat(f"{each}-01") for each in (since, until))
    assert months_owed(since, until) == month(last) - month(first)
    assert owed_between(programme, monthly, first, last) == owed
