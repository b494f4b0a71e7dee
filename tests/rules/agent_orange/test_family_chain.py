"""A child's claim hangs on the parent's: a fall reopens what rests on it; nobody falls by association alone."""

from itertools import product
from typing import Any, Final

import pandas as pd
import pytest

from eligibility_audit.domain.words import ACTIONS, STOPS
from eligibility_audit.recommend import recommend
from eligibility_audit.rules.assess import assess
from tests.rules.facts.invented import DAY, lists, pairs

KEY: Final = b"k" * 16
PARENT: Final = {
    "record_id": "agent_orange-father",
    "claim": "veteran",
    "name": "Trịnh Văn Thử",
    "dossier_no": "HH037155",
    "date_of_birth": "1948-05-20",
    "service_from": "1968-02",
    "service_to": "1973-06",
    "place": "Quảng Trị",
    "disease": "Đái tháo đường type 2",
    "percent": 45.0,
    "papers": "Quyết định phục viên",
    "monthly_amount": 2_062_000,
    "paper_dates": "1976-03-01",
    "decision_date": "2008-01-01",
    "national_id": None,
}
CHILD: Final = {
    "claim": "child",
    "date_of_birth": "1975-03-04",
    "disease": "Dị tật bẩm sinh bàn tay",
    "percent": 70.0,
    "monthly_amount": 974_000,
    "decision_date": "2008-01-01",
    "national_id": None,
    "sex": "F",
    "parent_name": "Trịnh Văn Thử",
    "parent_dossier_no": "HH037155",
    "dossier_no": None,
}
ONE: Final = {**CHILD, "record_id": "agent_orange-one", "name": "Trịnh Thị Một"}
TWO: Final = {**CHILD, "record_id": "agent_orange-two", "name": "Trịnh Thị Hai", "date_of_birth": "1978-09-01"}
OTHERS: Final = {
    **CHILD,
    "record_id": "agent_orange-others",
    "name": "Lê Thị Ba",
    "date_of_birth": "1980-01-02",
    "parent_name": "Lê Văn Khác",
    "parent_dossier_no": "HH000999",
}
SAYS: Final = {
    "forged": ("Hồ sơ giả mạo", "Lý lịch bị sửa; kết luận giả mạo"),
    "cleared": ("Đã xác minh", "Hồ sơ đủ điều kiện, tiếp tục hưởng"),
    "no_place": ("Địa bàn", "Chưa chứng minh được địa bàn"),
    "verify_more": ("Xác minh", "Đề nghị xác minh thêm"),
}


def _conclusion(says: str, year: int) -> dict[str, Any]:
    group, words = SAYS[says]
    number = {"conclusion_no": f"KL-{year}", "conclusion_date": f"{year}-09-10", "finding_group": group}
    person = {"name": "Trịnh Văn Thử", "date_of_birth": "1948", "national_id": None, "dossier_no": "HH037155"}
    return {**person, **number, "finding_text": words}


def _actions(conclusions: list[dict[str, Any]], *roster: dict[str, Any]) -> "pd.Series[str]":
    """What is proposed of each line, `keep` where nothing is."""
    records = lists(agent_orange=list(roster), inspection_findings=conclusions)
    found = assess(records, pairs(), as_of=DAY, key=KEY)
    said = recommend(found, records, DAY, KEY).set_index("record_id")["action"]
    return said.reindex([str(line["record_id"]) for line in roster]).fillna("keep")


@pytest.mark.parametrize(
    ("conclusions", "father", "child"),
    [
        pytest.param([], "keep", "keep", id="nothing said"),
        pytest.param([_conclusion("forged", 2019)], "suspend", "verify", id="the father's file falls"),
        pytest.param(
            [_conclusion("forged", 2017), _conclusion("cleared", 2019)], "keep", "keep", id="and is restored later"
        ),
        pytest.param(
            [_conclusion("cleared", 2017), _conclusion("forged", 2019)], "suspend", "verify", id="cleared, then falls"
        ),
        pytest.param([_conclusion("no_place", 2019)], "verify", "keep", id="open: the child rests on it unchanged"),
    ],
)
def test_a_fall_reopens_what_rests_on_it_and_a_clearing_restores(
    conclusions: list[dict[str, Any]], father: str, child: str
) -> None:
    actions = _actions(conclusions, PARENT, ONE, TWO, OTHERS)
    assert actions.tolist() == [father, child, child, "keep"]


CHANGED: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"place": None},
    {"place": "Hải Phòng"},
    {"service_from": None},
    {"service_from": "1976", "service_to": "1978"},
    {"disease": "Tăng huyết áp"},
    {"percent": 10.0},
    {"monthly_amount": 0},
    {"date_of_birth": None},
    {"date_of_birth": "1970", "service_from": "1972"},
    {"sex": "F"},
    {"note": "Đã chết"},
    {"note": "Đào ngũ"},
    {"dossier_no": None},
    {"name": "Phạm Quang Lạ"},
)
SAID: Final = ((), ("forged",), ("cleared", "forged"), ("forged", "cleared"), ("no_place",), ("forged", "verify_more"))


def _family(
    number: int, said: tuple[str, ...], changed: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines of an invented family and the conclusions on its father, oldest first."""
    name = f"Trịnh Văn {'ABCDEĐGHIK'[number // 10]}{'ABCDEĐGHIK'[number % 10]}"
    person = {"name": name, "dossier_no": f"HH8{number:05}"}
    father = {**PARENT, **person, "record_id": f"agent_orange-f{number}", **changed}
    cites = {"parent_name": name, "parent_dossier_no": person["dossier_no"]}
    one = {**ONE, **cites, "record_id": f"agent_orange-a{number}", "name": f"Trịnh Thị Một {number}"}
    two = {**TWO, **cites, "record_id": f"agent_orange-b{number}", "name": f"Trịnh Thị Hai {number}"}
    return [father, one, two], [{**_conclusion(each, 2010 + n), **person} for n, each in enumerate(said)]


def test_whatever_is_said_of_the_parent_a_child_is_verified_at_most_and_no_other_family_is_touched() -> None:
    families = [_family(n, *each) for n, each in enumerate(product(SAID, CHANGED))]
    conclusions = [conclusion for _, said in families for conclusion in said]
    lines = [line for roster, _ in families for line in roster]
    actions = _actions(conclusions, *lines, OTHERS)
    children = actions[actions.index.str.match(r"agent_orange-[ab]\d")]
    assert set(children) <= {"keep", "verify"}
    assert not set(children) & set(STOPS)
    assert actions["agent_orange-others"] == "keep"
    quiet = [n for n, (said, changed) in enumerate(product(SAID, CHANGED)) if not said and not changed]
    assert set(actions[[f"agent_orange-{who}{n}" for n in quiet for who in "fab"]]) == {"keep"}
    fallen = [n for n, (said, changed) in enumerate(product(SAID, CHANGED)) if said == ("forged",) and not changed]
    assert set(actions[[f"agent_orange-{who}{n}" for n in fallen for who in "ab"]]) == {"verify"}


def test_a_childs_own_trouble_is_no_brothers() -> None:
    troubled = {**ONE, "monthly_amount": 1_624_000, "note": "Con nuôi"}
    actions = _actions([], PARENT, troubled, TWO)
    assert actions.tolist() == ["keep", "verify", "keep"]
    assert set(actions) <= {"keep", *ACTIONS}
