"""One person twice on one roster; two persons under one number."""

from typing import Any

import pandas as pd
import pytest

from eligibility_audit.rules.facts.candidates import located
from eligibility_audit.rules.facts.duplicates import duplicate_facts, shared_number_facts
from eligibility_audit.rules.facts.people import gather_people
from tests.rules.facts.invented import DAY, NO_PAIRS, lists, pairs

AWAY = {"commune": "Xã Xa", "district": "Huyện Khác"}


def facts(kind: str, *lines: dict[str, Any], found: pd.DataFrame = NO_PAIRS) -> pd.DataFrame:
    records = lists(**{kind: list(lines)})
    people = gather_people(records)
    return duplicate_facts(records, people, located(people, found), DAY)


LINKED = pairs(("agent_orange-0", "agent_orange-1", 0.8))


@pytest.mark.parametrize(
    ("second", "kind"),
    [
        pytest.param({**AWAY}, "id_same", id="same id and name"),
        pytest.param({**AWAY, "name": "Đinh Thử"}, "id_midswap", id="middle word left out"),
        pytest.param(
            {**AWAY, "date_of_birth": "1948-05-21", "name": "Đinh Văn Thử"}, "id_same", id="same id, another day"
        ),
        pytest.param({**AWAY, "national_id": None}, "name_dob", id="full name and date, id missing"),
        pytest.param({**AWAY, "national_id": "150048111", "name": "Đinh Văn Thứ"}, "id9v12_tone", id="9 and 12 digits"),
        pytest.param(
            {**AWAY, "national_id": "034048000007", "date_of_birth": "1948"}, "idtypo_year", id="one digit, year"
        ),
        pytest.param({**AWAY, "national_id": "034048777777"}, None, id="namesake of one day: two ids of one form"),
        pytest.param({"name": "Đinh Văn Khác", "national_id": None}, None, id="twin"),
        pytest.param(
            {"name": "Đinh Văn Thu", "national_id": "034048000002"}, "idtypo_year", id="the name without tones"
        ),
        pytest.param({"name": "Đinh Văn Thi", "national_id": "034048000002"}, None, id="twins with numbers in a row"),
        pytest.param({**AWAY, "national_id": None, "date_of_birth": "1948-07-01"}, None, id="same year, another day"),
        pytest.param({**AWAY, "national_id": None, "date_of_birth": "1948"}, None, id="name and year in two communes"),
    ],
)
def test_kinds_of_second_lines(second: dict[str, Any], kind: str | None) -> None:
    said = facts("agent_orange", {}, second, found=LINKED)
    if kind is None:
        assert said.empty
    else:
        assert said["duplicate_kind"].tolist() == [kind, kind]
        assert said.loc["agent_orange-0", "duplicate_record_id"] == "agent_orange-1"


def test_every_other_line_is_named() -> None:
    said = facts("agent_orange", {}, {**AWAY}, {**AWAY, "commune": "Xã Ba"})
    assert said.loc["agent_orange-0", "duplicate_ids"] == "agent_orange-1;agent_orange-2"


@pytest.mark.parametrize(
    ("groups", "column"),
    [
        pytest.param(("NKT nặng", "Khuyết tật đặc biệt nặng"), "duplicate_record_id", id="two disability allowances"),
        pytest.param(("NKT nặng", "Người cao tuổi từ 80"), "overlap_record_id", id="two groups"),
        pytest.param(("NKT nặng", None), "duplicate_record_id", id="an unknown group parts nobody"),
    ],
)
def test_groups_part_a_second_payment_from_a_second_group(groups: tuple[str, str | None], column: str) -> None:
    said = facts("social_assistance", *({**AWAY, "group": group} for group in groups))
    assert said[column].notna().all()
    other = {"duplicate_record_id", "overlap_record_id"} - {column}
    assert said[other.pop()].isna().all()


@pytest.mark.parametrize(
    ("second", "shared"),
    [
        pytest.param({"name": "Đinh Thị Hai", "sex": "F"}, True, id="brother and sister"),
        pytest.param({"date_of_birth": "1920"}, True, id="father of the same name"),
        pytest.param({"date_of_birth": "1949"}, False, id="a year apart is a slip"),
        pytest.param({"name": "DINH VAN THU"}, False, id="one person, another spelling"),
        pytest.param({"name": "Đinh Văn Sử", "alias": "Thử"}, False, id="alias"),
    ],
)
def test_one_number_two_persons(second: dict[str, Any], shared: bool) -> None:
    people = gather_people(lists(agent_orange=[{}], merit_other=[second]))
    assert sorted(shared_number_facts(people).index) == (["agent_orange-0", "merit_other-0"] if shared else [])
