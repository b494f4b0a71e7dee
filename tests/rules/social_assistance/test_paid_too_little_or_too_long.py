"""Under-paid as well as over-paid: children, levels, bases of a province, start months, the social pension."""

from datetime import date

import pandas as pd
import pytest

from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.facts.assistance import base_of_list
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import RULES
from tests.rules.asked import asked
from tests.rules.facts.invented import lists
from tests.rules.social_assistance.test_amounts_and_ages import MET, NOT_MET, UNKNOWN, answer, said

IN_2020, IN_2023, PENSION_LAW = date(2020, 12, 31), date(2023, 12, 31), date(2025, 7, 1)


@pytest.mark.parametrize(
    ("born", "paid", "direction", "difference"),
    [
        pytest.param("1940-12-31", 1.5, "tăng", 135_000, id="turned 80 on the day, still on the lower coefficient"),
        pytest.param("1941-01-01", 1.5, None, None, id="80 tomorrow: still right"),
        pytest.param("1941-01-01", 2.0, "giảm", 135_000, id="80 tomorrow, already on the higher one"),
        pytest.param(None, 1.5, None, None, id="birth not known: either"),
    ],
)
def test_elderly_and_poor_who_turn_80(
    born: str | None, paid: float, direction: str | None, difference: int | None
) -> None:
    cells = {"group": "NCT nghèo cô đơn", "date_of_birth": born, "coefficient": paid}
    assert answer("SA_COEF", **cells) is (MET if direction is None else NOT_MET)
    if direction:
        words = said("SA_COEF", **cells)
        assert (words["direction"], words["amount_at_stake"]) == (direction, difference)


@pytest.mark.parametrize(
    ("born", "paid", "direction"),
    [
        pytest.param("2017-01-01", 1.5, "tăng", id="an orphan of three paid as of four: too little"),
        pytest.param("2016-12-31", 1.5, None, id="four on the day"),
        pytest.param("2016-12-31", 2.5, "giảm", id="four on the day, still paid as of three"),
    ],
)
def test_the_small_child(born: str, paid: float, direction: str | None) -> None:
    cells = {"group": "Trẻ em mồ côi", "date_of_birth": born, "coefficient": paid}
    assert answer("SA_COEF", **cells) is (direction is None)
    if direction:
        assert said("SA_COEF", **cells)["direction"] == direction


@pytest.mark.parametrize(
    ("group", "coefficient", "day", "expected"),
    [
        pytest.param("Đơn thân nuôi 1 con", 1.0, IN_2020, MET, id="one child"),
        pytest.param("Đơn thân nuôi 1 con", 2.0, IN_2020, NOT_MET, id="one child paid as two"),
        pytest.param("Đơn thân nuôi 02 con", 1.0, IN_2020, NOT_MET, id="two children paid as one"),
        pytest.param("Đơn thân nuôi ba con", 2.0, IN_2020, MET, id="three, under the old law either"),
        pytest.param("Đơn thân nuôi ba con", 2.0, date(2021, 7, 1), NOT_MET, id="three, 1.0 each from July 2021"),
        pytest.param("Đơn thân nuôi con nhỏ", 2.0, IN_2023, UNKNOWN, id="how many is not said"),
        pytest.param("NKT nặng", 1.5, IN_2023, UNKNOWN, id="another group"),
        pytest.param("Đơn thân nuôi 2 con", None, IN_2023, UNKNOWN, id="no coefficient"),
    ],
)
def test_a_single_parent_by_children(group: str, coefficient: float | None, day: date, expected: bool | None) -> None:
    assert answer("SA_CHILDREN", day, group=group, coefficient=coefficient) is expected


def test_a_single_parent_paid_for_too_few_children_is_owed_the_rest() -> None:
    words = said("SA_CHILDREN", group="Đơn thân nuôi 2 con", coefficient=1.0)
    assert (words["direction"], words["amount_at_stake"], words["months"]) == ("tăng", 270_000, 1)


@pytest.mark.parametrize(
    ("amount", "base_of_the_list", "expected"),
    [
        pytest.param(405_000, None, MET, id="1.5 × 270,000"),
        pytest.param(450_000, None, NOT_MET, id="1.5 × 300,000, alone"),
        pytest.param(450_000, 300_000, UNKNOWN, id="as nearly the whole list: the province may have set it"),
        pytest.param(405_000, 300_000, MET, id="the national base on such a list"),
        pytest.param(460_000, 300_000, NOT_MET, id="neither"),
        pytest.param(375_000, 250_000, NOT_MET, id="a list below the national base is no province's higher base"),
    ],
)
def test_a_higher_base_of_the_province(amount: int, base_of_the_list: int | None, expected: bool | None) -> None:
    assert answer("SA_AMOUNT", monthly_amount=amount, base_of_list=base_of_the_list) is expected


def test_the_base_of_a_list_is_that_of_nearly_all_its_lines() -> None:
    def base(follow: int, others: int) -> int | None:
        amounts = pd.Series([450_000] * follow + [405_000] * others, dtype="Int64")
        return base_of_list(amounts, pd.Series([1.5] * len(amounts), dtype="Float64"))

    assert base(24, 6) == 300_000
    assert base(23, 7) is None, "fewer than four in five"
    assert base(29, 0) is None, "too few lines to say"
    assert base_of_list(pd.Series([], dtype="Int64"), pd.Series([], dtype="Float64")) is None


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"monthly_amount": 405_000}, MET, id="severe, grown: 1.5 × 270,000"),
        pytest.param({"monthly_amount": 404_999}, NOT_MET, id="one đồng less"),
        pytest.param({"monthly_amount": 540_000}, NOT_MET, id="as of a child"),
        pytest.param({"monthly_amount": 540_000, "date_of_birth": None}, MET, id="age not known: either"),
        pytest.param({"monthly_amount": 1, "coefficient": 1.5}, UNKNOWN, id="the coefficient is stated"),
        pytest.param({"monthly_amount": 1, "group": "Nhóm lạ"}, UNKNOWN, id="a group that is not known"),
        pytest.param({"monthly_amount": 450_000, "base_of_list": 300_000}, UNKNOWN, id="a higher base of the list"),
    ],
)
def test_amounts_where_no_coefficient_is_stated(changed: dict[str, object], expected: bool | None) -> None:
    assert answer("SA_AMOUNT_OF_GROUP", **{"coefficient": None, **changed}) is expected


@pytest.mark.parametrize(
    ("group", "level", "received", "expected"),
    [
        pytest.param("NKT nặng", "Nặng", "Nặng", {}, id="one level"),
        pytest.param("NKT nặng", "Đặc biệt nặng", "x", {"SA_LEVEL": NOT_MET}, id="two levels"),
        pytest.param("Khuyết tật", "Nhẹ", "Nhẹ", {"SA_LIGHT": NOT_MET}, id="light: not paid monthly"),
        pytest.param("Khuyết tật", None, "", {"SA_NO_LEVEL": UNKNOWN, "SA_LIGHT": UNKNOWN}, id="no level stated"),
        pytest.param("NCT 80 tuổi", "Nhẹ", "Nhẹ", {"SA_LIGHT": UNKNOWN}, id="paid for another reason"),
    ],
)
def test_the_level_of_disability(
    group: str, level: str | None, received: str, expected: dict[str, bool | None]
) -> None:
    cells = {"group": group, "disability_level": level, "received_disability_level": received}
    found = {name: answer(name, **cells) for name in ("SA_LEVEL", "SA_LIGHT", "SA_NO_LEVEL")}
    assert {name: found[name] for name in expected} == expected
    assert NOT_MET not in {value for name, value in found.items() if name not in expected}


@pytest.mark.parametrize(
    ("born", "guardian", "expected"),
    [
        pytest.param("2005-01-01", None, UNKNOWN, id="15: the cell is asked about"),
        pytest.param("2005-01-01", "không có", UNKNOWN, id="15: says there is none"),
        pytest.param("2005-01-01", "Vũ Thị Bà", MET, id="15: stated"),
        pytest.param("2004-12-31", None, MET, id="16 on the day"),
        pytest.param("2004", None, MET, id="may be 16"),
        pytest.param(None, None, MET, id="birth not known"),
    ],
)
def test_a_child_has_somebody_to_receive_for_it(born: str | None, guardian: str | None, expected: bool | None) -> None:
    assert answer("SA_NO_GUARDIAN", date_of_birth=born, guardian=guardian) is expected


@pytest.mark.parametrize(
    ("rule_id", "group", "born", "day", "expected"),
    [
        pytest.param("SA_STUDENT_AGED_OUT", "16-22 tuổi đang học", "1998-01-01", IN_2020, MET, id="student of 22"),
        pytest.param("SA_STUDENT_AGED_OUT", "16-22 tuổi đang học", "1997-12-31", IN_2020, NOT_MET, id="student of 23"),
        pytest.param("SA_STUDENT_AGED_OUT", "16-22 tuổi đang học", None, IN_2020, UNKNOWN, id="student, no birth date"),
        pytest.param("SA_ELDERLY_YOUNGER", "NCT nghèo cô đơn", "1960-12-31", IN_2020, MET, id="60 on the day"),
        pytest.param("SA_ELDERLY_YOUNGER", "NCT nghèo cô đơn", "1961-01-01", IN_2020, NOT_MET, id="60 tomorrow"),
        pytest.param("SA_ELDERLY_YOUNGER", "NKT nặng", "1990", IN_2020, UNKNOWN, id="another group"),
        pytest.param("SA_AREA_YOUNGER", "NCT từ đủ 75 tuổi", "1948-12-31", IN_2023, MET, id="75 on the day"),
        pytest.param("SA_AREA_YOUNGER", "NCT từ đủ 75 tuổi", "1949-01-01", IN_2023, NOT_MET, id="75 tomorrow"),
        pytest.param("SA_SP_AGE", "Trợ cấp hưu trí xã hội", "1950-07-01", PENSION_LAW, MET, id="75, social pension"),
        pytest.param("SA_SP_AGE", "Trợ cấp hưu trí xã hội", "1950-07-02", PENSION_LAW, UNKNOWN, id="74: if poor"),
        pytest.param("SA_SP_AGE", "Trợ cấp hưu trí xã hội", "1955-07-01", PENSION_LAW, UNKNOWN, id="70: if poor"),
        pytest.param("SA_SP_AGE", "Trợ cấp hưu trí xã hội", "1955-07-02", PENSION_LAW, NOT_MET, id="69"),
        pytest.param("SA_SP_AGE", "NCT 80 tuổi", "1956", PENSION_LAW, NOT_MET, id="the old group goes on under it"),
        pytest.param("SA_SP_AGE", "NKT nặng", "1990", PENSION_LAW, UNKNOWN, id="a disability"),
    ],
)
def test_ages(rule_id: str, group: str, born: str | None, day: date, expected: bool | None) -> None:
    assert answer(rule_id, day, group=group, date_of_birth=born) is expected


def test_the_allowance_for_80_ends_where_the_social_pension_begins() -> None:
    import_rules()
    last, first = date(2025, 6, 30), PENSION_LAW
    assert [RULES["SA_80_YOUNGER"].in_force(day) for day in (last, first)] == [True, False]
    assert [RULES["SA_SP_AGE"].in_force(day) for day in (last, first)] == [False, True]
    assert [RULES["SA_80_PENSION"].in_force(day) for day in (last, first)] == [True, False]
    assert [RULES["SA_SP_PENSION"].in_force(day) for day in (last, first)] == [False, True]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        pytest.param(500_000, MET, id="its amount"),
        pytest.param(499_999, NOT_MET, id="one đồng less"),
        pytest.param(600_000, MET, id="more: the province may add"),
        pytest.param(None, UNKNOWN, id="no amount"),
    ],
)
def test_the_amount_of_the_social_pension(amount: int | None, expected: bool | None) -> None:
    assert answer("SA_SP_AMOUNT", PENSION_LAW, group="Hưu trí xã hội", monthly_amount=amount) is expected


@pytest.mark.parametrize(
    ("group", "pension", "amount", "expected"),
    [
        pytest.param("Hưu trí xã hội", "pensions-1", 500_000, NOT_MET, id="a pension of the same amount"),
        pytest.param("Hưu trí xã hội", "pensions-1", 499_999, UNKNOWN, id="a lower one: the difference is not settled"),
        pytest.param("Hưu trí xã hội", "pensions-1", None, UNKNOWN, id="a pension, its amount not known"),
        pytest.param("Hưu trí xã hội", None, None, MET, id="no pension"),
        pytest.param("NCT 80 tuổi", "pensions-1", 3_000_000, NOT_MET, id="the old group goes on under it"),
        pytest.param("NKT nặng", "pensions-1", 3_000_000, UNKNOWN, id="a disability is not excluded"),
    ],
)
def test_a_pension_beside_the_social_pension(
    group: str, pension: str | None, amount: int | None, expected: bool | None
) -> None:
    cells = {"group": group, "pension_record_id": pension, "pension_amount": amount}
    assert answer("SA_SP_PENSION", PENSION_LAW, **cells) is expected


def test_the_higher_one_is_cited_by_the_law_of_its_day() -> None:
    import_rules()
    pack, keys = LawPack.load("social_assistance"), RULES["SA_TWO_GROUPS"].basis["social_assistance"]
    told = {day: pack.basis(keys, day).vi for day in (IN_2020, IN_2023, PENSION_LAW)}
    assert "136/2013" in told[IN_2020]
    assert "20/2021" in told[IN_2023]
    assert "176/2025" in told[PENSION_LAW]


@pytest.mark.parametrize(
    ("group", "born", "expected"),
    [
        pytest.param("Nhiễm HIV nghèo", "1980", NOT_MET, id="no steady income, and a pension"),
        pytest.param("Nhiễm HIV nghèo", "2004-12-31", NOT_MET, id="16"),
        pytest.param("Nhiễm HIV nghèo", "2005-01-01", MET, id="a child"),
        pytest.param("NKT nặng", "1980", MET, id="a disability is not excluded"),
    ],
)
def test_a_pension_beside_the_group_without_steady_income(group: str, born: str, expected: bool) -> None:
    assert answer("SA_HIV_PENSION", group=group, date_of_birth=born, pension_record_id="pensions-1") is expected


@pytest.mark.parametrize(
    ("born", "start", "expected", "months"),
    [
        pytest.param("1942-03-15", "2022-03", MET, 0, id="from the month of the birthday"),
        pytest.param("1942-03-15", "2022-04", NOT_MET, 1, id="a month late"),
        pytest.param("1942-03", "2022-05", NOT_MET, 2, id="born in a month"),
        pytest.param("1942", "2022-12", MET, 0, id="some day of 1942"),
        pytest.param("1942", "2023-02", NOT_MET, 2, id="some day of 1942, later than the year's end"),
        pytest.param("1941-06-30", "2022-05", UNKNOWN, 0, id="turned 80 before the provision held"),
        pytest.param("1942-03-15", None, UNKNOWN, 0, id="no start"),
    ],
)
def test_paid_too_late_is_owed_by_the_office(born: str, start: str | None, expected: bool | None, months: int) -> None:
    cells = {"group": "NCT 80 tuổi", "date_of_birth": born, "start_month": start, "monthly_amount": 360_000}
    assert answer("SA_START_LATE", IN_2023, **cells) is expected
    if expected is NOT_MET:
        words = said("SA_START_LATE", IN_2023, **cells)
        assert (words["direction"], words["months"]) == ("tăng", months)
        assert words["amount_at_stake"] == months * 360_000


@pytest.mark.parametrize(
    ("born", "start", "expected"),
    [
        pytest.param("1942-03-15", "2022-03", MET, id="the month of the birthday"),
        pytest.param("1942-03-15", "2022-02", NOT_MET, id="the month before"),
        pytest.param("1942", "2022-01", MET, id="some day of 1942"),
    ],
)
def test_paid_for_80_before_80(born: str, start: str, expected: bool) -> None:
    cells = {"group": "NCT 80 tuổi", "date_of_birth": born, "start_month": start}
    assert answer("SA_START_BEFORE_80", IN_2023, **cells) is expected


@pytest.mark.parametrize(
    ("decided", "flagged"),
    [
        pytest.param("2021-07-01", True, id="decided on the day the provision came"),
        pytest.param("2021-06-30", False, id="decided before: its law was not found"),
        pytest.param("2021", False, id="decided some day of 2021"),
        pytest.param(None, False, id="no day of the decision"),
    ],
)
def test_only_decisions_under_the_provision_are_held_against_it(decided: str | None, flagged: bool) -> None:
    line = {"group": "NCT 80 tuổi", "date_of_birth": "1942-03-15", "start_month": "2021-08", "decision_date": decided}
    found = asked("SA_START_BEFORE_80", lists(social_assistance=[line]), day=IN_2023)
    assert (not found.empty) is flagged


@pytest.mark.parametrize(
    ("group", "decided", "start", "expected"),
    [
        pytest.param("Trẻ em mồ côi", "2019-05-31", "2019-05", MET, id="the month of the decision"),
        pytest.param("Trẻ em mồ côi", "2019-05-01", "2019-04", NOT_MET, id="the month before"),
        pytest.param("Trẻ em mồ côi", "2019", "2019-01", MET, id="some day of 2019"),
        pytest.param("NKT nặng", "2019-05-01", "2019-01", UNKNOWN, id="a disability: from the certificate"),
        pytest.param("NCT 80 tuổi", "2019-05-01", "2019-01", UNKNOWN, id="80: from the birthday"),
        pytest.param("Trẻ em mồ côi", None, "2019-01", UNKNOWN, id="no decision stated"),
    ],
)
def test_paid_before_the_decision(group: str, decided: str | None, start: str, expected: bool | None) -> None:
    assert answer("SA_START_BEFORE_DECISION", group=group, decision_date=decided, start_month=start) is expected


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2021, 12, 31), date(2024, 12, 31), date(2026, 6, 30)])
@pytest.mark.parametrize("programme", ["social_assistance", "poor_households"])
def test_every_rule_has_its_law_in_every_year(programme: str, day: date) -> None:
    import_rules()
    pack = LawPack.load(programme)
    for made in RULES.values():
        if programme in made.programmes and made.in_force(day):
            made.law(pack, day)
            assert pack.basis(made.basis[programme], day).in_force, made.id
