"""Paid as poor: in a household of the list, as far as the list reaches."""

from typing import Any

import pytest

from tests.rules.asked import asked
from tests.rules.facts.invented import NO_PAIRS, lists, pairs

PAID = {"group": "Hộ nghèo", "amount": 750_000, "months": 3}
OTHER = {"name": "Vũ Thị Khác", "date_of_birth": "1990-03-04", "national_id": "034190000009", "sex": "F"}
HEAD = {**OTHER, "household_no": "1", "household_class": "poor"}
CHILD = {**HEAD, "name": "Vũ Văn Con", "date_of_birth": "2012-08-09", "national_id": None, "sex": "M", "member": 1}


def flagged(paid: dict[str, Any], *listed: dict[str, Any], found: Any = NO_PAIRS) -> bool:
    records = lists(covid_relief=[{**PAID, **paid}], poor_households=list(listed))
    mine = asked("CV_POOR_NOT_LISTED", records, found)
    assert set(mine["ground"]) <= {"not_listed"}
    return not mine.empty


@pytest.mark.parametrize("group", ["Hộ nghèo", "Cận nghèo"])
def test_who_is_in_no_household_of_a_list_of_the_commune_is_asked_about(group: str) -> None:
    assert flagged({"group": group}, HEAD, CHILD)


@pytest.mark.parametrize(
    "paid",
    [
        pytest.param({"group": "NCC"}, id="paid as merit"),
        pytest.param({"group": "Nghèo phát sinh"}, id="became poor later"),
        pytest.param({"group": None}, id="no group"),
        pytest.param({"commune": "Xã Xa"}, id="a commune that the list lacks"),
        pytest.param({"commune": None, "district": None}, id="no commune stated"),
        pytest.param({"name": None}, id="no name stated"),
    ],
)
def test_what_is_not_asked(paid: dict[str, Any]) -> None:
    assert not flagged(paid, HEAD, CHILD)


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param({}, id="the same person"),
        pytest.param({"national_id": None}, id="by name and year"),
        pytest.param({"name": "Tên Ghi Khác"}, id="by number"),
        pytest.param({"national_id": None, "date_of_birth": None}, id="by name, no birth date on the list"),
        pytest.param({"national_id": None, "district": None, "commune": None}, id="by name, no district on the list"),
    ],
)
def test_who_is_on_the_list_in_any_way_is_not_asked_about(listed: dict[str, Any]) -> None:
    assert not flagged({}, HEAD, CHILD, {"household_no": "2", "household_class": "poor", **listed})


def test_a_pair_that_linkage_finds_counts() -> None:
    assert not flagged({}, HEAD, CHILD, found=pairs(("covid_relief-0", "poor_households-0", 0.7)))


def test_a_list_of_heads_alone_says_nothing() -> None:
    assert not flagged({}, HEAD)


def test_a_list_that_lacks_most_of_those_paid_says_nothing() -> None:
    paid = [{**PAID, "name": f"Lê Văn {name}", "national_id": None} for name in ("Một", "Hai", "Ba", "Bốn")]
    records = lists(covid_relief=paid, poor_households=[HEAD, CHILD])
    assert asked("CV_POOR_NOT_LISTED", records).empty
