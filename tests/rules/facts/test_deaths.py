"""Whose death registration is it? Sure, a signal, or nobody's on the roster (procedure.md, 1)."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_audit.rules.facts.candidates import located
from eligibility_audit.rules.facts.deaths import death_facts
from eligibility_audit.rules.facts.people import gather_people
from tests.rules.facts.invented import DAY, NO_PAIRS, PERSON, lists, pairs

DIED = {"died_on": "2019-03-04", "registered_on": "2019-03-10", "registration_no": "12/2019"}


def facts(records: dict[str, pd.DataFrame], found: pd.DataFrame = NO_PAIRS) -> pd.DataFrame:
    people = gather_people(records)
    return death_facts(records, people, located(people, found), DAY)


def identity(
    record: dict[str, Any], death: dict[str, Any], found: pd.DataFrame = NO_PAIRS, **others: list[dict[str, Any]]
) -> str | None:
    records = lists(agent_orange=[record], deaths=[{**DIED, **death}], **others)
    said = facts(records, found)
    return None if said.empty else str(said["death_identity"].iloc[0])


@pytest.mark.parametrize(
    ("record", "death", "expected"),
    [
        pytest.param({}, {}, "sure", id="everything agrees"),
        pytest.param({}, {"name": "DINH VAN THU"}, "sure", id="without diacritics"),
        pytest.param({}, {"date_of_birth": "1948"}, "sure", id="same id, year and sex; the day not stated"),
        pytest.param(
            {}, {"sex": None, "national_id": "034048000001", "commune": "Xã Khác"}, "signal", id="sex not stated"
        ),
        pytest.param({}, {"date_of_birth": None}, "signal", id="same id, no birth date"),
        pytest.param({}, {"national_id": None}, "sure", id="full name, full date, commune"),
        pytest.param({}, {"national_id": None, "commune": "Xã Khác"}, "signal", id="full date, another commune"),
        pytest.param({}, {"national_id": None, "date_of_birth": "1948"}, "signal", id="year and commune alone"),
        pytest.param({}, {"national_id": "150048111"}, "sure", id="an id of the other form contradicts nothing"),
        pytest.param({}, {"national_id": "034048777777"}, "signal", id="another id contradicts"),
        pytest.param({}, {"national_id": "034048000007", "date_of_birth": "1948"}, "signal", id="one digit of the id"),
        pytest.param(
            {"date_of_birth": "1948-02-03"},
            {"national_id": None, "date_of_birth": "1948-03-02"},
            "signal",
            id="swapped",
        ),
        pytest.param(
            {}, {"national_id": None, "date_of_birth": "1948-07-01"}, None, id="namesake: same year, another day"
        ),
        pytest.param({}, {"national_id": None, "date_of_birth": "1920-05-20"}, None, id="father of the same name"),
        pytest.param({}, {"national_id": None, "name": "Đinh Văn Khác"}, None, id="brother"),
        pytest.param({}, {"national_id": None, "sex": "F", "commune": "Xã Khác"}, None, id="another sex"),
        pytest.param(
            {}, {"national_id": None, "date_of_birth": "1948", "commune": "Xã Khác"}, None, id="name and year"
        ),
        pytest.param(
            {"national_id": None}, {"national_id": None, "name": "Đinh Văn Thứ"}, "signal", id="another tone, no id"
        ),
    ],
)
def test_identity(record: dict[str, Any], death: dict[str, Any], expected: str | None) -> None:
    assert identity(record, death) == expected


def test_a_name_without_letters_is_not_a_name() -> None:
    assert identity({"name": "."}, {"name": "-"}) is None


def test_lists_without_a_line_say_nothing() -> None:
    assert facts(lists(agent_orange=[], deaths=[])).empty
    assert facts(lists(agent_orange=[{}], deaths=[])).empty


def test_an_id_that_another_person_holds_somewhere_makes_no_sure_identity() -> None:
    other = [{"name": "Lò Thị Khác", "date_of_birth": "1970", "sex": "F"}]
    assert identity({}, {"commune": "Xã Khác", "date_of_birth": "1948"}, pensions=other) == "signal"


def test_a_second_person_of_the_name_day_and_commune_makes_no_sure_identity() -> None:
    other = [{"national_id": "034048999999"}]
    assert identity({}, {"national_id": None}, pensions=other) == "signal"


@pytest.mark.parametrize(
    "note", ["Hủy - đăng ký nhầm", "Thu hồi trích lục do nhầm người", "Huỷ đăng ký", "dang ky nham"]
)
def test_a_cancelled_registration_is_marked(note: str) -> None:
    said = facts(lists(agent_orange=[{}], deaths=[{**DIED, "note": note}]))
    assert said["death_cancelled"].tolist() == [True]


@pytest.mark.parametrize("note", ["báo tử bởi con là Huy", "đăng ký lại", None])
def test_other_notes_cancel_nothing(note: str | None) -> None:
    said = facts(lists(agent_orange=[{}], deaths=[{**DIED, "note": note}]))
    assert said["death_cancelled"].tolist() == [False]


def test_a_registration_that_stands_counts_before_a_cancelled_one() -> None:
    said = facts(lists(agent_orange=[{}], deaths=[{**DIED, "note": "đã hủy"}, {**DIED, "died_on": "2020-02-01"}]))
    assert said["death_on"].tolist() == ["2020-02-01"]


def test_a_corrected_registration_is_never_sure() -> None:
    assert identity({}, {"note": "Cải chính họ tên"}) == "signal"


def test_a_death_after_the_day_is_not_looked_at() -> None:
    assert identity({}, {"died_on": "2021-01-05", "registered_on": "2021-01-06"}) is None


def test_a_coarse_birth_date_is_made_full_by_the_same_id_on_another_list_for_a_signal_only() -> None:
    death = {"national_id": None, "commune": "Xã Khác"}
    assert identity({"date_of_birth": "1948"}, death, covid_relief=[{}]) == "signal"


def test_linkage_alone_makes_a_signal_where_nothing_contradicts() -> None:
    death = {"national_id": None, "date_of_birth": "1948", "commune": "Xã Khác"}
    assert identity({}, death, pairs(("agent_orange-0", "deaths-0", 0.97))) == "signal"
    assert identity({}, {**death, "date_of_birth": "1950"}, pairs(("agent_orange-0", "deaths-0", 0.97))) is None


ORDER = {None: 0, "signal": 1, "sure": 2}
FIELDS = ("name", "date_of_birth", "sex", "national_id", "commune", "died_on", "registered_on")


@settings(max_examples=20, deadline=None)
@given(
    on_record=st.sets(st.sampled_from(FIELDS[1:5])),
    on_death=st.sets(st.sampled_from(FIELDS[1:])),
    nulled=st.sampled_from(FIELDS),
    of_death=st.booleans(),
    year_only=st.booleans(),
)
def test_nulling_what_speaks_against_never_makes_an_identity_surer(
    on_record: set[str], on_death: set[str], nulled: str, of_death: bool, year_only: bool
) -> None:
    """Lines that agree in all they state, some of it unknown; one more field becomes unknown."""
    death = {**PERSON, **DIED, **({"date_of_birth": "1948"} if year_only else {})}
    before = ({**PERSON, **dict.fromkeys(on_record)}, {**death, **dict.fromkeys(on_death)})
    after = ({**before[0]}, {**before[1]})
    after[of_death][nulled] = None
    assert ORDER[identity(*after)] <= ORDER[identity(*before)]
