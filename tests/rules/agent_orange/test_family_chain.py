"""A child's claim hangs on the parent's: a fall reopens what rests on it; nobody falls by association alone."""

from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(SAYS)), st.integers(2010, 2020)), max_size=3),
    st.fixed_dictionaries(
        {},
        optional={
            "place": st.sampled_from([None, "Hải Phòng"]),
            "service_from": st.sampled_from([None, "1976", "1990"]),
            "disease": st.sampled_from([None, "Tăng huyết áp"]),
            "percent": st.sampled_from([None, 10.0]),
            "monthly_amount": st.sampled_from([None, 0, 9]),
            "date_of_birth": st.sampled_from([None, "1948", "1970"]),
            "sex": st.sampled_from([None, "F"]),
            "note": st.sampled_from([None, "Đã chết", "Đào ngũ"]),
            "dossier_no": st.just(None),
        },
    ),
)
def test_whatever_is_said_of_the_parent_a_child_is_verified_at_most(
    said: list[tuple[str, int]], changed: dict[str, Any]
) -> None:
    conclusions = [_conclusion(*each) for each in said]
    actions = _actions(conclusions, {**PARENT, **changed}, ONE, TWO, OTHERS)
    for child in ("agent_orange-one", "agent_orange-two"):
        assert actions[child] in {"keep", "verify"}
        assert actions[child] not in STOPS
    assert actions["agent_orange-others"] == "keep", "another family is not touched"


def test_a_childs_own_trouble_is_no_brothers() -> None:
    troubled = {**ONE, "monthly_amount": 1_624_000, "note": "Con nuôi"}
    actions = _actions([], PARENT, troubled, TWO)
    assert actions.tolist() == ["keep", "verify", "keep"]
    assert set(actions) <= {"keep", *ACTIONS}
