"""Who was on a monthly roster in time and is not on the relief's list: a table to look into, never a finding."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from eligibility_audit.recommend.wording import check
from eligibility_audit.rules.entitled import COLUMNS, entitled_not_paid, note
from tests.rules.facts.invented import NO_PAIRS, lists

DAY = date(2020, 12, 31)
HERE = {"commune": "Xã Gia Định Thử", "district": "Huyện Thử"}


def persons(count: int, **cells: Any) -> list[dict[str, Any]]:
    """As many persons of one commune, decided in 2015, each with a number of their own."""
    born = {"date_of_birth": "1950-03-05", "decision_date": "2015-01-01", "start_month": None, **HERE}
    return [
        {**born, "name": f"Người Thử {chr(65 + n)}", "national_id": f"0340500000{n:02d}", **cells} for n in range(count)
    ]


def left(rosters: dict[str, list[dict[str, Any]]], day: date = DAY) -> list[str]:
    table = entitled_not_paid(lists(**rosters), NO_PAIRS, day)
    assert {name: str(kind) for name, kind in table.dtypes.items()} == {
        name: str(pd.Series([], dtype=kind).dtype) for name, kind in COLUMNS.items()
    }
    return list(table["name"])


def paid(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**line, "group": "BTXH", "amount": 1_500_000} for line in lines]


@pytest.mark.parametrize(
    ("last", "named"),
    [
        pytest.param({}, True, id="decided in 2015"),
        pytest.param({"decision_date": "2020-03-31"}, True, id="decided on the last day before April 2020"),
        pytest.param({"decision_date": "2020-04-01"}, False, id="decided in April: not surely on April's list"),
        pytest.param({"decision_date": "2020"}, False, id="some day of 2020"),
        pytest.param({"decision_date": None}, False, id="no decision, no first month"),
        pytest.param({"decision_date": None, "start_month": "2020-03"}, True, id="paid from March"),
        pytest.param(
            {"commune": None, "district": None}, False, id="no commune: whether the list reaches is not known"
        ),
    ],
)
@pytest.mark.parametrize("roster", ["social_assistance", "agent_orange", "merit_other"])
def test_who_was_on_the_roster_in_time_and_was_not_paid_is_named(
    roster: str, last: dict[str, Any], named: bool
) -> None:
    everybody = persons(12)
    rosters = {roster: [*everybody[:11], {**everybody[11], **last}], "covid_relief": paid(everybody[:11])}
    assert left(rosters) == (["Người Thử L"] if named else [])


def test_nobody_is_named_where_the_list_of_payments_does_not_reach() -> None:
    everybody = persons(12)
    assert left({"social_assistance": everybody, "covid_relief": paid(everybody[:8])}) == []  # 8 of 12: below 70 %
    assert left({"social_assistance": everybody[:9], "covid_relief": paid(everybody[:8])}) == []  # fewer than ten
    assert left({"social_assistance": everybody, "covid_relief": []}) == []


def test_another_spelling_of_the_number_or_the_dead_are_not_named() -> None:
    everybody = persons(12)
    same_name = {**everybody[11], "national_id": None}
    assert left({"social_assistance": everybody, "covid_relief": paid([*everybody[:11], same_name])}) == []
    died = [{**everybody[11], "died_on": "2020-02-01"}]
    assert left({"social_assistance": everybody, "covid_relief": paid(everybody[:11]), "deaths": died}) == []


def test_before_the_relief_there_is_no_table_and_the_sentence_accuses_nobody() -> None:
    everybody = persons(12)
    rosters = {"social_assistance": everybody, "covid_relief": paid(everybody[:11])}
    assert left(rosters, date(2020, 4, 23)) == []
    table = entitled_not_paid(lists(**rosters), NO_PAIRS, DAY)
    assert (table["relief_group"][0], table["relief_amount"][0]) == ("social_assistance", 1_500_000)
    said = note(table)
    assert said is not None
    assert "Bảo trợ xã hội 1" in said
    assert check(said) == ()
    assert note(table.head(0)) is None
