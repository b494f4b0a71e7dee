"""Social assistance on 31/12/2020: base 270,000; coefficients by group and age; ages; the certificate of disability."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest

from eligibility_audit.domain.dates import span
from eligibility_audit.rules.assess import cases_frame, import_rules
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import RULES
from eligibility_audit.rules.social_assistance.age import completed_years

MET, NOT_MET, UNKNOWN = True, False, None
LINE: Mapping[str, object] = {
    "record_id": "r-0",
    "source_file": "a.xlsx",
    "source_sheet": "",
    "source_row": 5,
    "dossier_no": None,
    "group": "NKT nặng",
    "disability_level": None,
    "date_of_birth": "1980-01-01",
    "coefficient": 1.5,
    "monthly_amount": 405_000,
    "certificate_no": "12/GXN",
    "received_certificate_no": "12/GXN",
    "received_disability_level": None,
    "guardian": None,
    "received_guardian": None,
    "decision_date": None,
    "start_month": None,
    "base_of_list": None,
    "pension_record_id": None,
    "pension_file": None,
    "pension_sheet": None,
    "pension_row": None,
}
KINDS = {
    **dict.fromkeys(("source_row", "monthly_amount", "base_of_list", "pension_row", "pension_amount"), "Int64"),
    "coefficient": "Float64",
}


def cases(rule_id: str, **changed: object) -> pd.DataFrame:
    import_rules()
    line = {**LINE, **changed}
    records = pd.DataFrame({k: pd.array([v], dtype=KINDS.get(k, "string[pyarrow]")) for k, v in line.items()})
    return cases_frame(records, [], [RULES[rule_id]])


def answer(rule_id: str, day: date = date(2020, 12, 31), **changed: object) -> bool | None:
    made = RULES[rule_id]
    found = made.decide(cases(rule_id, **changed), made.law(LawPack.load("social_assistance"), day)).iloc[0]
    return None if pd.isna(found) else bool(found)


def said(rule_id: str, day: date = date(2020, 12, 31), **changed: object) -> "pd.Series[object]":
    made = RULES[rule_id]
    law = made.law(LawPack.load("social_assistance"), day)
    return made.say(cases(rule_id, **changed), law).iloc[0]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        ("1940-12-31", date(2020, 12, 31), 80),
        ("1941-01-01", date(2020, 12, 31), 79),
        ("2004-02-29", date(2020, 2, 28), 15),
        ("2004-02-29", date(2020, 3, 1), 16),
        ("2020-12-31", date(2020, 12, 31), 0),
        ("1899-06-15", date(2020, 6, 14), 120),
    ],
)
def test_completed_years(born: str, day: date, years: int) -> None:
    assert completed_years(span(pd.Series([born], dtype="string[pyarrow]"))["first"], day).tolist() == [years]


@pytest.mark.parametrize(
    ("group", "born", "expected"),
    [
        pytest.param("NCT 80 tuổi", "1940-12-31", MET, id="80 on the day"),
        pytest.param("NCT 80 tuổi", "1941-01-01", NOT_MET, id="80 tomorrow"),
        pytest.param("NCT 80 tuổi", "1940", MET, id="some day of 1940"),
        pytest.param("Từ đủ 80 tuổi trở lên", "1950", NOT_MET, id="70"),
        pytest.param("NCT 80 tuổi", None, UNKNOWN, id="birth not known"),
        pytest.param("Người cao tuổi", "1950", UNKNOWN, id="elderly, not said to be for 80"),
        pytest.param("NKT nặng", "1950", UNKNOWN, id="another group"),
    ],
)
def test_the_allowance_for_80(group: str, born: str | None, expected: bool | None) -> None:
    assert answer("SA_80_YOUNGER", group=group, date_of_birth=born) is expected


@pytest.mark.parametrize(
    ("group", "born", "expected"),
    [
        pytest.param("Trẻ em mồ côi", "2005-01-01", MET, id="15"),
        pytest.param("Trẻ em mồ côi", "2004-12-31", UNKNOWN, id="16: may be studying"),
        pytest.param("Trẻ em mồ côi", "1998-01-01", UNKNOWN, id="22: may be studying"),
        pytest.param("Trẻ em mồ côi", "1997-12-31", NOT_MET, id="23"),
        pytest.param("Trẻ em mồ côi", "1997", NOT_MET, id="23 on the day, whenever in 1997"),
        pytest.param("Trẻ em mồ côi", "1998", UNKNOWN, id="at most 22"),
        pytest.param("Mồ côi, đang học", "1990", UNKNOWN, id="the group of students"),
        pytest.param("NKT nặng", "1990", UNKNOWN, id="another group"),
    ],
)
def test_children_without_care(group: str, born: str, expected: bool | None) -> None:
    assert answer("SA_AGED_OUT", group=group, date_of_birth=born) is expected


@pytest.mark.parametrize(
    ("group", "level", "born", "coefficient", "expected"),
    [
        pytest.param("NKT nặng", None, "1980", 1.5, MET, id="severe, grown"),
        pytest.param("NKT nặng", None, "1980", 2.0, NOT_MET, id="severe, grown, paid as a child"),
        pytest.param("NKT nặng", None, "2010", 2.0, MET, id="severe, a child"),
        pytest.param("NKT nặng", None, "1960-12-31", 2.0, MET, id="severe, 60 on the day"),
        pytest.param("NKT nặng", None, "1961-01-01", 2.0, NOT_MET, id="severe, 60 tomorrow"),
        pytest.param("NKT nặng", None, "1960", 2.0, MET, id="severe, 60 this year"),
        pytest.param("NKT nặng", None, None, 2.0, MET, id="severe, age not known: either"),
        pytest.param("NKT nặng", None, None, 3.0, NOT_MET, id="severe, age not known: neither"),
        pytest.param("Khuyết tật", "Đặc biệt nặng", "1980", 2.0, MET, id="the level in its own column"),
        pytest.param("Khuyết tật", "Đặc biệt nặng", "1980", 2.5, NOT_MET, id="most severe, grown, paid as a child"),
        pytest.param("Khuyết tật", None, "1980", 3.0, UNKNOWN, id="level not known"),
        pytest.param("NCT 80 tuổi", None, "1935", 1.0, MET, id="80"),
        pytest.param("NCT 80 tuổi", None, "1935", 1.5, NOT_MET, id="80 paid 1.5"),
        pytest.param("NCT nghèo cô đơn", None, "1950", 1.5, MET, id="elderly poor"),
        pytest.param("NCT nghèo cô đơn", None, "1935", 2.0, MET, id="elderly poor, 80"),
        pytest.param("Trẻ em mồ côi", None, "2018", 2.5, MET, id="orphan of two"),
        pytest.param("Trẻ em mồ côi", None, "2010", 2.5, NOT_MET, id="orphan of ten paid as a small child"),
        pytest.param("Đơn thân nuôi 2 con", None, "1985", 2.0, MET, id="single parent of two"),
        pytest.param("Nhóm lạ", None, "1980", 9.0, UNKNOWN, id="a group that is not known"),
        pytest.param("NKT nặng", None, "1980", None, UNKNOWN, id="no coefficient"),
    ],
)
def test_coefficients(
    group: str, level: str | None, born: str | None, coefficient: float | None, expected: bool | None
) -> None:
    cells = {"group": group, "disability_level": level, "date_of_birth": born, "coefficient": coefficient}
    assert answer("SA_COEF", **cells) is expected


def test_a_wrong_coefficient_says_the_right_one_and_the_difference() -> None:
    words = said("SA_COEF", coefficient=2.0)
    assert "hệ số của nhóm là 1,5" in str(words["reason_vi"])
    assert (words["direction"], words["amount_at_stake"], words["months"]) == ("giảm", 135_000, 1)


@pytest.mark.parametrize(
    ("coefficient", "amount", "day", "expected"),
    [
        pytest.param(1.5, 405_000, date(2020, 12, 31), MET, id="1.5 × 270,000"),
        pytest.param(1.5, 404_999, date(2020, 12, 31), NOT_MET, id="one đồng less"),
        pytest.param(1.5, 540_000, date(2021, 7, 1), MET, id="1.5 × 360,000 from July 2021"),
        pytest.param(None, 405_000, date(2020, 12, 31), UNKNOWN, id="no coefficient"),
        pytest.param(1.5, None, date(2020, 12, 31), UNKNOWN, id="no amount"),
    ],
)
def test_amounts(coefficient: float | None, amount: int | None, day: date, expected: bool | None) -> None:
    assert answer("SA_AMOUNT", day, coefficient=coefficient, monthly_amount=amount) is expected


@pytest.mark.parametrize(
    ("group", "certificate", "expected"),
    [
        pytest.param("NKT nặng", "12/GXN", MET, id="stated"),
        pytest.param("NKT nặng", None, UNKNOWN, id="blank"),
        pytest.param("NKT nặng", "chưa có", UNKNOWN, id="says not yet"),
        pytest.param("NCT 80 tuổi", None, MET, id="no disability, no certificate"),
    ],
)
def test_the_certificate_of_disability(group: str, certificate: str | None, expected: bool | None) -> None:
    assert answer("SA_NO_CERT", group=group, certificate_no=certificate) is expected


@pytest.mark.parametrize(
    ("group", "rule_id", "expected"),
    [
        pytest.param("Người cao tuổi từ đủ 80 tuổi", "SA_80_YOUNGER", NOT_MET, id="for 80"),
        pytest.param("NCT nghèo từ 60 đến 80 tuổi", "SA_80_YOUNGER", UNKNOWN, id="up to 80 is not for 80"),
        pytest.param("Người cao tuổi từ đủ 60 đến dưới 80 tuổi", "SA_80_YOUNGER", UNKNOWN, id="below 80"),
        pytest.param("NCT nghèo 60-80 tuổi", "SA_80_YOUNGER", UNKNOWN, id="a range"),
        pytest.param("Người cao tuổi từ đủ 75 tuổi đến 80 tuổi", "SA_80_YOUNGER", UNKNOWN, id="Decree 20/2021's words"),
        pytest.param("Trẻ em mồ côi", "SA_AGED_OUT", NOT_MET, id="an orphan"),
        pytest.param("Khuyết tật đặc biệt nặng, mồ côi", "SA_AGED_OUT", UNKNOWN, id="an orphan with a disability"),
        pytest.param("Hộ gia đình nhận nuôi dưỡng trẻ mồ côi", "SA_AGED_OUT", UNKNOWN, id="who cares for an orphan"),
        pytest.param("Người chăm sóc trẻ mồ côi", "SA_AGED_OUT", UNKNOWN, id="a carer"),
        pytest.param("NKT nặng đang học nghề", "SA_STUDENT_AGED_OUT", UNKNOWN, id="learning, with a disability"),
    ],
)
def test_words_of_a_group_that_mean_another_accuse_nobody_by_age(
    group: str, rule_id: str, expected: bool | None
) -> None:
    assert answer(rule_id, group=group, date_of_birth="1955-03-04") is expected


@pytest.mark.parametrize(
    ("group", "coefficient", "expected"),
    [
        pytest.param("Trẻ em khuyết tật nặng", 2.0, MET, id="a child's disability is a disability"),
        pytest.param("Người chăm sóc NKT đặc biệt nặng", 1.0, UNKNOWN, id="a carer's is not the disabled person's"),
        pytest.param("Khuyết tật", 7.0, UNKNOWN, id="no level: nothing to hold it against"),
    ],
)
def test_a_coefficient_is_held_against_the_right_group(group: str, coefficient: float, expected: bool | None) -> None:
    assert answer("SA_COEF", group=group, coefficient=coefficient, date_of_birth="2012-03-04") is expected


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        pytest.param("đặc biệt nặng", MET, id="the certificate's level makes it right"),
        pytest.param(None, NOT_MET, id="without it the group's own level counts: the cell speaks for the person"),
        pytest.param("theo giấy", UNKNOWN, id="a level that cannot be read decides nothing"),
    ],
)
def test_a_level_in_its_own_cell_is_believed_before_the_groups(level: str | None, expected: bool | None) -> None:
    line = {"group": "NKT nặng", "date_of_birth": "1980-02-03", "coefficient": 2.0, "disability_level": level}
    assert answer("SA_COEF", **line) is expected  # type: ignore[arg-type]
