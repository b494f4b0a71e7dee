"""One highest group, months within the limit, the province's own scheme, the list of the day and no other."""

from datetime import date
from typing import Any

import pytest

from eligibility_audit.law.files import Law, law_folder, using
from eligibility_audit.recommend import recommend
from eligibility_audit.rules.assess import assess
from tests.rules.asked import asked_of
from tests.rules.facts.invented import DAY, NO_PAIRS, lists, pairs

KEY = b"k" * 16
OTHER = {"name": "Vũ Thị Khác", "date_of_birth": "1990-03-04", "national_id": "034190000009", "sex": "F"}
HEAD = {**OTHER, "household_no": "1", "household_class": "poor"}
CHILD = {**HEAD, "name": "Vũ Văn Con", "date_of_birth": "2012-08-09", "national_id": None, "sex": "M", "member": 1}
ROSTER = {"group": "NKT nặng", "decision_date": "2018-05-01", "monthly_amount": 405_000}
BOTH = pairs(("social_assistance-0", "covid_relief-0", 0.99))


def rules(paid: dict[str, Any], found: Any = NO_PAIRS, day: date = DAY, **other: list[dict[str, Any]]) -> set[str]:
    return set(asked_of("covid_relief", lists(covid_relief=[paid], **other), found, day)["rule_id"])


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        pytest.param({"group": "NLĐ tạm hoãn HĐ", "months": 3, "amount": 5_400_000}, set(), id="three months"),
        pytest.param({"group": "NLĐ tạm hoãn HĐ", "months": 4, "amount": 7_200_000}, {"CV_MONTHS"}, id="four months"),
        pytest.param({"group": "NLĐ tạm hoãn HĐ", "months": None, "amount": 3_600_000}, set(), id="no months: two fit"),
        pytest.param(
            {"group": "LĐ tự do", "months": None, "amount": 1_500_000}, {"CV_AMOUNT"}, id="no months: none fit"
        ),
        pytest.param(
            {"group": "LĐ tự do", "months": None, "amount": 4_000_000}, {"CV_AMOUNT"}, id="four months' worth"
        ),
        pytest.param({"group": "LĐ tự do", "months": 2, "amount": 1_000_000}, {"CV_AMOUNT"}, id="a month too little"),
        pytest.param({"group": "NCC", "months": None, "amount": 1_500_000}, set(), id="once, no months stated"),
        pytest.param({"group": "Nhóm lạ", "months": 9, "amount": 9}, set(), id="a group that is not known"),
    ],
)
def test_months_and_amounts(paid: dict[str, Any], expected: set[str]) -> None:
    assert rules(paid) == expected


def test_who_was_paid_too_few_months_is_owed_the_rest() -> None:
    records = lists(covid_relief=[{"group": "LĐ tự do", "months": 2, "amount": 1_000_000}])
    made = recommend(assess(records, NO_PAIRS, as_of=DAY, key=KEY), records, as_of=DAY, key=KEY)
    assert made[["action", "direction", "amount_to_clarify"]].to_numpy().tolist() == [["adjust", "tăng", 1_000_000]]


@pytest.mark.parametrize(
    ("paid", "roster", "probability", "expected"),
    [
        pytest.param({}, {}, 0.99, True, id="poor, and on a monthly roster since 2018"),
        pytest.param({"amount": 1_500_000}, {}, 0.99, False, id="paid the higher amount"),
        pytest.param({"group": "BTXH", "amount": 1_500_000}, {}, 0.99, False, id="paid as social assistance"),
        pytest.param({}, {"decision_date": "2020-04-01"}, 0.99, False, id="decided on the day"),
        pytest.param({}, {"decision_date": "2020-03-31"}, 0.99, True, id="decided the day before"),
        pytest.param({}, {"decision_date": "2020"}, 0.99, False, id="decided some day of 2020"),
        pytest.param({}, {"decision_date": None}, 0.99, False, id="no day of the decision"),
        pytest.param({}, {}, 0.89, False, id="perhaps another person"),
        pytest.param({"group": "Nghèo phát sinh"}, {}, 0.99, False, id="paid by the province"),
    ],
)
def test_paid_as_poor_though_a_monthly_allowance_is_helped_with_more(
    paid: dict[str, Any], roster: dict[str, Any], probability: float, expected: bool
) -> None:
    line = {"group": "Hộ nghèo", "amount": 750_000, "months": 3, **paid}
    found = pairs(("social_assistance-0", "covid_relief-0", probability))
    assert ("CV_LOWER_GROUP" in rules(line, found, social_assistance=[{**ROSTER, **roster}])) is expected


def test_who_was_paid_in_both_groups_is_a_matter_of_two_groups_alone() -> None:
    paid = [{"group": "Hộ nghèo", "amount": 750_000, "months": 3}, {"group": "BTXH", "amount": 1_500_000, "months": 3}]
    findings = asked_of("covid_relief", lists(covid_relief=paid, social_assistance=[ROSTER]), BOTH)
    assert "CV_LOWER_GROUP" not in set(findings["rule_id"])
    assert "CV_TWO_GROUPS" in set(findings["rule_id"])


PROVINCE = {"amount": 750_000, "months": 3}


@pytest.mark.parametrize(
    "paid",
    [
        pytest.param({"group": "Nghèo phát sinh"}, id="the group says so"),
        pytest.param({"group": "Cận nghèo phát sinh"}, id="near-poor later"),
        pytest.param({"group": "Hộ nghèo", "sheet_title": "CHI THEO NGHỊ QUYẾT HĐND"}, id="the title says so"),
        pytest.param({"group": "Hộ nghèo", "source_file": "covid_ext_tinh.csv"}, id="the file says so"),
        pytest.param({"group": "Giáo viên ngoài công lập", "amount": 1_800_000, "months": 1}, id="a teacher"),
    ],
)
def test_what_the_province_pays_is_not_held_against_the_list_of_2019(paid: dict[str, Any]) -> None:
    assert rules({**PROVINCE, **paid}, poor_households=[HEAD, CHILD]) == set()


def test_newly_poor_by_the_province_but_on_the_list_of_2019_by_number() -> None:
    paid = {**PROVINCE, "group": "Nghèo phát sinh"}
    listed = {"household_no": "2", "household_class": "poor", "name": "Tên Khác"}
    assert rules(paid, poor_households=[HEAD, CHILD, listed]) == {"CV_PROVINCE_LISTED"}
    assert rules(paid, poor_households=[HEAD, CHILD, {**listed, "national_id": None}]) == set()
    assert rules(paid) == set(), "no list at hand"


def test_the_rates_of_the_province_are_its_own_to_declare(tmp_path: Any) -> None:
    (tmp_path / "covid_relief").mkdir()
    (tmp_path / "pack.yaml").write_text("vi: Tỉnh\nen: Province\nversion: '1'\nknown_from: 2026-11-22\n")
    (tmp_path / "covid_relief" / "parameters.yaml").write_text(
        "scheme_rates:\n  values:\n    - valid_from: 2020-05-01\n      value: {teacher: 1800000}\n"
        "      mark: to_verify\n      source: nghị quyết của tỉnh\n      last_checked: 2026-11-22\n"
    )
    paid = {"group": "Giáo viên ngoài công lập", "months": 1}
    with using(Law((law_folder(tmp_path),))):
        assert rules({**paid, "amount": 1_800_000}) == set()
        assert rules({**paid, "amount": 1_000_000}) == {"CV_PROVINCE_AMOUNT"}
    assert rules({**paid, "amount": 1_000_000}) == set()


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("rà soát đến 31/12/2019", True, id="the list of the day"),
        pytest.param("năm 2020", True, id="a year alone that may be it"),
        pytest.param("DANH SÁCH HỘ NGHÈO", True, id="a list without a year is taken as it is"),
        pytest.param("rà soát đến 31/12/2020", False, id="the list of a year later proves nothing"),
        pytest.param("rà soát đến 31/12/2018", False, id="nor that of a year before"),
    ],
)
def test_only_the_list_of_the_day_is_a_condition(title: str, expected: bool) -> None:
    paid = {"group": "Hộ nghèo", "amount": 750_000, "months": 3}
    listed = [{**line, "sheet_title": title} for line in (HEAD, CHILD)]
    assert ("CV_POOR_NOT_LISTED" in rules(paid, poor_households=listed)) is expected


@pytest.mark.parametrize(
    ("paid_on", "expected"),
    [
        pytest.param("2020-04-24", False, id="the day of the decision"),
        pytest.param("2020-04-23", True, id="the day before"),
        pytest.param("2020-04", False, id="some day of April"),
        pytest.param("2020-03", True, id="March"),
        pytest.param(None, False, id="no day stated"),
    ],
)
def test_paid_before_the_relief_existed(paid_on: str | None, expected: bool) -> None:
    paid = {"group": "NCC", "amount": 1_500_000, "months": 3, "paid_on": paid_on}
    assert ("CV_PAID_EARLY" in rules(paid)) is expected


@pytest.mark.parametrize("day", [date(2020, 6, 30), date(2021, 12, 31), date(2024, 12, 31), date(2026, 6, 30)])
def test_a_payment_of_2020_is_judged_alike_in_every_later_year_and_stops_nothing(day: date) -> None:
    paid = [{"group": "Hộ nghèo", "amount": 500_000, "months": 5, "paid_on": "2020-01-01"}] * 2
    records = lists(covid_relief=paid, poor_households=[HEAD, CHILD], social_assistance=[ROSTER])
    findings = asked_of("covid_relief", records, BOTH, day)
    made = recommend(findings, records, as_of=day, key=KEY)
    mine = made[made["programme"] == "covid_relief"]
    assert {"CV_AMOUNT", "CV_DUP", "CV_PAID_EARLY"} <= set(findings["rule_id"])
    assert set(mine["action"]) <= {"verify", "adjust"}
