"""From several lists to findings: what the rules on other lists say, and what they stay silent about."""

import json
from typing import Any

import pandas as pd
import pytest

from tests.rules.asked import asked
from tests.rules.facts.invented import lists

DIED = {"died_on": "2019-03-04", "registered_on": "2019-03-10", "registration_no": "12/2019"}
FORGED = {
    "dossier_no": "HH000123",
    "date_of_birth": "1948",
    "national_id": None,
    "conclusion_no": "KL-1",
    "conclusion_date": "2019-09-10",
    "finding_group": "Hồ sơ giả mạo",
    "finding_text": "Lý lịch bị sửa; kết luận giả mạo",
    "handling": "Đình chỉ, thu hồi",
}
VETERAN = {
    "dossier_no": "HH000123",
    "claim": "veteran",
    "service_from": "1968-02",
    "service_to": "1973-06",
    "place": "Quảng Trị",
    "monthly_amount": 1_000_000,
}
LINKED = r"DEAD|DUP|TWO_GROUPS|INSP|ID_SHARED|SVC"


def found(**by_kind: list[dict[str, Any]]) -> pd.DataFrame:
    return asked(LINKED, lists(**by_kind))


def test_a_sure_death_names_the_register_the_line_and_the_months_after_the_month_of_death() -> None:
    (finding,) = found(agent_orange=[VETERAN], deaths=[DIED]).to_dict("records")
    assert (finding["rule_id"], finding["ground"], finding["stop_allowed"]) == ("AO_DEAD_CLEAR", "death_sure", True)
    assert finding["months"] == 18  # July 2019 to December 2020: no table of April to June 2019 is here
    assert finding["amount_at_stake"] == 18_000_000
    assert "Còn 3 tháng không rõ mức khi đó" in finding["evidence_against"]
    places = [(item["file"], item["row"]) for item in json.loads(finding["evidence"])]
    assert places == [("deaths.csv", 2), ("agent_orange.csv", 2)]
    assert finding["other_record_ids"] == '["deaths-0"]'


@pytest.mark.parametrize(("died", "said"), [("2020-10-24", False), ("2020-10-25", True), ("2020-10-26", True)])
def test_a_death_after_the_list_went_to_the_payer_says_so(died: str, said: bool) -> None:
    (finding,) = found(agent_orange=[VETERAN], deaths=[{**DIED, "died_on": died}]).to_dict("records")
    assert finding["months"] == 2  # November, December
    assert ("danh sách kỳ chi trả tháng 11/2020 đã chuyển cơ quan chi trả" in finding["evidence_against"]) is said


def test_a_death_in_the_month_of_the_review_has_no_sum_yet() -> None:
    (finding,) = found(agent_orange=[VETERAN], deaths=[{**DIED, "died_on": "2020-12-02"}]).to_dict("records")
    assert (finding["months"], finding["amount_at_stake"]) == (0, 0)


def test_a_list_that_gives_no_day_of_death_proves_none_and_no_sum_stands_beside_a_signal() -> None:
    """Whoever names a pension list `deaths` in the plan must not stop living pensioners."""
    (finding,) = found(
        social_assistance=[{"monthly_amount": 270_000}], deaths=[{**DIED, "died_on": None, "registered_on": None}]
    ).to_dict("records")
    assert finding["rule_id"] == "SA_DEAD_FUZZY"
    assert not finding["stop_allowed"]
    assert pd.isna(finding["amount_at_stake"])


@pytest.mark.parametrize("death", [{"note": "Hủy đăng ký"}, {"died_on": "2021-02-01", "registered_on": "2021-02-02"}])
def test_silent_deaths(death: dict[str, Any]) -> None:
    assert found(merit_other=[{}], deaths=[{**DIED, **death}]).empty


@pytest.mark.parametrize(
    ("died", "rules"),
    [
        pytest.param("2020-03-31", ["CV_DEAD_CLEAR"], id="the day before the relief began"),
        pytest.param("2020-04-01", [], id="on its first day"),
        pytest.param("2020-08-01", [], id="after the payment"),
        pytest.param("2020", [], id="some day of that year"),
    ],
)
def test_relief_is_questioned_only_for_deaths_before_it(died: str, rules: list[str]) -> None:
    said = found(covid_relief=[{"group": "Hộ nghèo", "amount": 750_000}], deaths=[{**DIED, "died_on": died}])
    assert said["rule_id"].tolist() == rules
    assert said["ground"].tolist() == ["one_off_death"] * len(rules)


def test_both_lines_of_a_pair_are_named_and_name_each_other() -> None:
    away = {**VETERAN, "commune": "Xã Xa", "dossier_no": "HH000777"}
    said = found(agent_orange=[VETERAN, away])
    assert said["rule_id"].tolist() == ["AO_DUP", "AO_DUP"]
    assert said["subject"].tolist() == ["agent_orange-1", "agent_orange-0"]
    assert said["case_id"].nunique() == 2


def test_merit_of_two_kinds_is_lawful() -> None:
    assert found(merit_other=[{"group": "Thương binh"}, {"group": "Tuất liệt sĩ"}]).empty


@pytest.mark.parametrize(
    ("groups", "rules"),
    [
        pytest.param(("NKT nặng", "Người cao tuổi từ 80"), {"SA_TWO_GROUPS"}, id="not together"),
        pytest.param(("NKT nặng", "Đơn thân nuôi con"), set(), id="a single parent may have both"),
        pytest.param(("NKT nặng", "NKT nặng"), {"SA_DUP"}, id="one group twice"),
    ],
)
def test_groups_of_social_assistance(groups: tuple[str, str], rules: set[str]) -> None:
    said = found(social_assistance=[{"group": g, "commune": f"Xã {n}"} for n, g in enumerate(groups)])
    assert set(said["rule_id"]) == rules


def test_a_number_shared_within_the_monthly_rosters_is_asked_about_on_both_lines() -> None:
    sister = {"name": "Đinh Thị Hai", "sex": "F", "dossier_no": "HH000777"}
    said = found(agent_orange=[VETERAN, {**VETERAN, **sister}], covid_relief=[{"name": "Đinh Thị Hai", "sex": "F"}])
    assert said["rule_id"].tolist() == ["ID_SHARED", "ID_SHARED"]


def test_forgery_bound_by_number_and_identity_allows_a_stop() -> None:
    (finding,) = found(agent_orange=[VETERAN], inspection_findings=[FORGED]).to_dict("records")
    assert (finding["ground"], finding["stop_allowed"], finding["evidence_tier"]) == ("forgery_concluded", True, "A")
    assert "Kết luận KL-1 ngày 10/09/2019" in finding["reason_vi"]


@pytest.mark.parametrize("missing", [{"dossier_no": None}, {"dossier_no": "HH000124"}, {"date_of_birth": None}])
def test_forgery_that_is_not_bound_by_both_is_to_be_verified(missing: dict[str, Any]) -> None:
    (finding,) = found(agent_orange=[VETERAN], inspection_findings=[{**FORGED, **missing}]).to_dict("records")
    assert (finding["rule_id"], finding["ground"]) == ("INSP_FORGED", "inspection_open")
    assert not finding["stop_allowed"]


def test_a_cleared_file_has_no_finding() -> None:
    cleared = {
        **FORGED,
        "finding_group": "Đã xác minh",
        "finding_text": "Đủ điều kiện",
        "conclusion_date": "2020-02-01",
    }
    assert found(agent_orange=[VETERAN], inspection_findings=[FORGED, cleared]).empty


@pytest.mark.parametrize(
    ("army", "flagged"),
    [
        pytest.param({"place": "Hải Phòng"}, True, id="North in the same time"),
        pytest.param({"place": "Quân khu 3"}, True, id="a northern military region"),
        pytest.param({"place": "Hải Phòng", "service_from": "1974", "service_to": "1976"}, False, id="another time"),
        pytest.param({"place": "Hải Phòng", "service_to": None}, False, id="an end not known"),
        pytest.param({"place": "Hải Phòng, Quảng Trị"}, False, id="South as well"),
        pytest.param({"place": None}, False, id="no place"),
        pytest.param(
            {"place": "Hải Phòng", "date_of_birth": "1949"}, False, id="birth year off by one: another record"
        ),
    ],
)
def test_the_armys_record(army: dict[str, Any], flagged: bool) -> None:
    record = {"national_id": None, "service_from": "1968-02", "service_to": "1973-06", **army}
    said = found(agent_orange=[VETERAN], service_records=[record])
    assert said["rule_id"].tolist() == (["AO_SVC_CONFLICT"] if flagged else [])


def test_two_army_records_of_one_person_must_both_be_of_the_north() -> None:
    period = {"national_id": None, "service_from": "1968-02", "service_to": "1973-06"}
    army = [{**period, "place": "Hải Phòng"}, {**period, "place": "Quảng Trị"}]
    assert found(agent_orange=[VETERAN], service_records=army).empty


CHILD = {
    "name": "Đinh Thị Con",
    "date_of_birth": "1978-01-09",
    "national_id": None,
    "sex": "F",
    "dossier_no": "HH000900",
    "claim": "child",
    "parent_name": "Đinh Văn Thử",
    "parent_dossier_no": "HH 000123",
    "disease": "Dị tật bẩm sinh bàn tay",
    "percent": 70.0,
}


@pytest.mark.parametrize(
    ("finding", "expected"),
    [
        pytest.param({}, ["AO_PARENT_FORGED"], id="the parent's papers concluded forged"),
        pytest.param({"finding_group": "Địa bàn", "finding_text": "Chưa chứng minh được địa bàn"}, [], id="place open"),
        pytest.param({"finding_group": "Đã xác minh", "finding_text": "Hồ sơ đúng"}, [], id="cleared"),
        pytest.param({"date_of_birth": "1951"}, [], id="a namesake of the parent"),
    ],
)
def test_a_child_is_verified_never_stopped_for_the_parents_file(finding: dict[str, Any], expected: list[str]) -> None:
    records = lists(agent_orange=[VETERAN, CHILD], inspection_findings=[{**FORGED, **finding}])
    findings = asked("AO_PARENT_FORGED", records)
    mine = findings[findings["record_id"] == "agent_orange-1"]
    assert mine["rule_id"].tolist() == expected
    assert not mine["stop_allowed"].any()
    assert all("KL-1" in reason and "HH 000123" in reason for reason in mine["reason_vi"])


@pytest.mark.parametrize(
    ("dossier", "said"),
    [
        pytest.param("HH 000123", False, id="found by the dossier number"),
        pytest.param(None, True, id="found by name and place alone"),
    ],
)
def test_a_parent_found_by_name_alone_is_said_to_be(dossier: str | None, said: bool) -> None:
    records = lists(agent_orange=[VETERAN, {**CHILD, "parent_dossier_no": dossier}], inspection_findings=[FORGED])
    mine = asked("AO_PARENT_FORGED", records)
    assert len(mine) == 1
    assert ("chỉ được tìm theo họ tên" in mine["evidence_against"].iloc[0]) is said
