"""The list of poor households: its year, its households, its persons, and who seems not to be paid. Questions only."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from eligibility_audit.recommend import recommend
from eligibility_audit.rules.assess import assess
from eligibility_audit.rules.facts.list_days import list_day
from tests.rules.asked import asked_of
from tests.rules.facts.invented import DAY, NO_PAIRS, lists

KEY = b"k" * 16
HEAD = {
    "name": "Vũ Thị Khác",
    "date_of_birth": "1990-03-04",
    "national_id": "034190000009",
    "sex": "F",
    "household_no": "1",
    "household_class": "poor",
    "household_size": 2,
    "sheet_title": "DANH SÁCH HỘ NGHÈO (Kết quả rà soát đến 31/12/2019)",
}
CHILD = {**HEAD, "name": "Vũ Văn Con", "date_of_birth": "2012-08-09", "national_id": None, "sex": "M", "member": 1}
NOT_PAID = {"PH_OLD_NOT_PAID", "PH_RELIEF_NOT_PAID"}


def findings(*listed: dict[str, Any], day: date = DAY, **other: list[dict[str, Any]]) -> pd.DataFrame:
    return asked_of("poor_households", lists(poor_households=list(listed), **other), day=day)


def rules(*listed: dict[str, Any], day: date = DAY, **other: list[dict[str, Any]]) -> list[str]:
    return sorted(findings(*listed, day=day, **other)["rule_id"])


@pytest.mark.parametrize(
    ("title", "day"),
    [
        pytest.param("DANH SÁCH HỘ NGHÈO (rà soát đến 31/12/2019)", "2019-12-31", id="a day"),
        pytest.param("Hộ nghèo tại ngày 31 tháng 12 năm 2020", "2020-12-31", id="a day written out"),
        pytest.param("DANH SÁCH HỘ CẬN NGHÈO CUỐI NĂM 2021", "2021-12-31", id="the end of a year"),
        pytest.param("DANH SÁCH HỘ NGHÈO NĂM 2020", "2020", id="a year alone"),
        pytest.param("HỘ NGHÈO NĂM 2020 | Thái Bình, ngày 05 tháng 01 năm 2020", "2020", id="a year, and a signature"),
        pytest.param("HỘ NGHÈO | Thái Bình, ngày 05 tháng 01 năm 2020", None, id="a signature alone"),
        pytest.param("Hộ nghèo đến 15/12/2019", "2019-12-15", id="another day"),
        pytest.param("Hộ nghèo | 05/01/2020 | đến 31.12.2019", "2019-12-31", id="31 December goes first"),
        pytest.param("DANH SÁCH HỘ NGHÈO", None, id="nothing"),
        pytest.param("ho_ngheo_20190001.xlsx", None, id="a number that is no year"),
    ],
)
def test_the_day_of_a_list_is_read_from_its_title(title: str, day: str | None) -> None:
    assert list_day(title) == day


@pytest.mark.parametrize(
    ("title", "day", "expected"),
    [
        pytest.param("rà soát đến 31/12/2019", date(2020, 12, 31), [], id="serves the next year to its last day"),
        pytest.param("rà soát đến 31/12/2019", date(2021, 1, 1), [], id="a begun month is not counted"),
        pytest.param("rà soát đến 31/12/2019", date(2021, 1, 31), ["PH_OTHER_YEAR"], id="thirteen months"),
        pytest.param("năm 2019", date(2020, 12, 31), [], id="a year alone, to its end"),
        pytest.param("năm 2019", date(2021, 12, 31), ["PH_OTHER_YEAR"], id="a year alone, two years on"),
        pytest.param("hộ nghèo", date(2020, 12, 31), ["PH_NO_YEAR"], id="no year: said once, not an old list"),
    ],
)
def test_a_list_is_asked_about_once_not_each_household(title: str, day: date, expected: list[str]) -> None:
    other = {**HEAD, "household_no": "2", "household_size": 1, "name": "Lê Thị Hai", "national_id": None}
    assert rules(*({**line, "sheet_title": title} for line in (HEAD, CHILD, other)), day=day) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, [], id="two persons, two named"),
        pytest.param({"household_size": 3}, ["PH_SIZE"], id="three persons, two named"),
        pytest.param({"household_size": 1}, ["PH_SIZE"], id="one person, two named"),
        pytest.param({"household_size": None}, [], id="no size stated"),
    ],
)
def test_size_against_members(change: dict[str, Any], expected: list[str]) -> None:
    assert rules({**HEAD, **change}, {**CHILD, **change}) == expected


def test_a_list_of_heads_alone_is_not_compared_with_sizes() -> None:
    assert rules({**HEAD, "household_size": 5}) == []


def test_a_household_without_a_head_where_the_list_marks_heads() -> None:
    with_head = [{**HEAD, "relation": "Chủ hộ"}, {**CHILD, "relation": "con"}]
    without = [{**CHILD, "household_no": "2", "relation": "con", "household_size": 1, "name": "Ngô Văn Ba"}]
    for line in [*with_head, *without]:
        line["received_relation"] = line["relation"]
    assert rules(*with_head, *without) == ["PH_NO_HEAD"]
    assert rules(*without, {**without[0], "name": "Ngô Thị Tư", "date_of_birth": "1999-01-02"}) == ["PH_SIZE"]


def test_a_blank_class_in_a_column_of_the_list_is_asked_for_once_a_household() -> None:
    blank = {"household_class": None, "received_household_class": ""}
    found = findings({**HEAD, **blank}, {**CHILD, **blank})
    assert list(found["rule_id"]) == ["PH_CLASS"]
    assert rules({**HEAD, "household_class": None}, {**CHILD, "household_class": None}) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, ["PH_TWO_HOUSEHOLDS"] * 2, id="the same number and name"),
        pytest.param({"national_id": None}, ["PH_TWO_HOUSEHOLDS"] * 2, id="name, full date and commune"),
        pytest.param({"national_id": None, "date_of_birth": "1990"}, [], id="name and year: a namesake may be"),
        pytest.param({"national_id": None, "commune": "Xã Khác"}, [], id="name and date in another commune"),
        pytest.param({"name": "Trần Văn Lạ"}, [], id="the same number, another name"),
        pytest.param({"sheet_title": "rà soát đến 31/12/2020"}, [], id="a list of another year"),
    ],
)
def test_one_person_in_two_households(change: dict[str, Any], expected: list[str]) -> None:
    second = {**HEAD, "household_no": "2", "household_size": 1, "source_sheet": "Khác", **change}
    assert [r for r in rules(HEAD, CHILD, second) if r == "PH_TWO_HOUSEHOLDS"] == expected


def test_a_number_in_two_communes_is_asked_about_unless_numbers_start_anew_in_each() -> None:
    def numbered(number: str, commune: str) -> dict[str, Any]:
        name = f"Họ Tên {number} {commune}"
        return {"name": name, "household_no": number, "commune": commune, "received_household_no": number}

    common = {"household_class": "poor", "national_id": None, "date_of_birth": None, "sheet_title": "31/12/2019"}
    by_province = [numbered(str(n), f"Xã {n % 3}") for n in range(100, 130)] + [numbered("100", "Xã 2")]
    by_commune = [numbered(str(n), commune) for n in range(5) for commune in ("Xã 1", "Xã 2")]
    assert rules(*({**common, **line} for line in by_province)) == ["PH_NUMBER_TWICE"] * 2
    assert rules(*({**common, **line} for line in by_commune)) == []


DEATH = {k: HEAD[k] for k in ("name", "date_of_birth", "national_id", "sex")}


@pytest.mark.parametrize(
    ("died", "title", "expected"),
    [
        pytest.param("2019-12-30", "31/12/2019", ["PH_DIED_BEFORE"], id="the day before"),
        pytest.param("2019-12-31", "31/12/2019", [], id="on the day"),
        pytest.param("2020-03-01", "31/12/2019", [], id="after: no fault of the list"),
        pytest.param("2018-03-01", "năm 2019", ["PH_DIED_BEFORE"], id="before the year of the list"),
        pytest.param("2019-03-01", "năm 2019", [], id="within the year of the list: not known"),
    ],
)
def test_who_died_before_the_day_of_the_list(died: str, title: str, expected: list[str]) -> None:
    listed = [{**line, "sheet_title": title} for line in (HEAD, CHILD)]
    assert rules(*listed, deaths=[{**DEATH, "died_on": died}]) == expected


OLD = {**HEAD, "date_of_birth": "1940-12-31", "household_size": 1, "national_id": "034140000009"}
PAID_FOR_AGE = {"group": "NCT 80 tuổi", "date_of_birth": "1930", "name": "Bùi Văn Cụ", "national_id": None}
PENSION = {"name": "Hồ Văn Hưu", "national_id": None, "date_of_birth": "1950"}


@pytest.mark.parametrize(
    ("born", "day", "expected"),
    [
        pytest.param("1940-12-31", date(2020, 12, 31), True, id="80 on the day"),
        pytest.param("1941-01-01", date(2020, 12, 31), False, id="80 tomorrow"),
        pytest.param("1940", date(2020, 12, 30), False, id="perhaps not yet"),
        pytest.param("1950-06-30", date(2025, 6, 30), False, id="75 under the old law"),
        pytest.param("1955-07-01", date(2025, 7, 1), True, id="70, of a poor household, the social pension"),
        pytest.param("1955-07-02", date(2025, 7, 1), False, id="70 tomorrow"),
    ],
)
def test_old_enough_and_on_no_list_of_payments(born: str, day: date, expected: bool) -> None:
    found = rules({**OLD, "date_of_birth": born}, day=day, social_assistance=[PAID_FOR_AGE], pensions=[PENSION])
    assert ("PH_OLD_NOT_PAID" in found) is expected


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"social_assistance": [PAID_FOR_AGE]}, id="no list of pensions"),
        pytest.param({"pensions": [PENSION]}, id="no list of social assistance"),
        pytest.param({"social_assistance": [{**PAID_FOR_AGE, "commune": "Xã Xa"}], "pensions": [PENSION]}, id="afar"),
        pytest.param(
            {
                "social_assistance": [PAID_FOR_AGE, {"group": "NCT 80 tuổi", **{k: OLD[k] for k in DEATH}}],
                "pensions": [],
            },
            id="paid",
        ),
        pytest.param({"social_assistance": [PAID_FOR_AGE], "pensions": [{k: OLD[k] for k in DEATH}]}, id="a pension"),
        pytest.param(
            {"social_assistance": [PAID_FOR_AGE], "pensions": [PENSION], "deaths": [{k: OLD[k] for k in DEATH}]},
            id="perhaps dead",
        ),
    ],
)
def test_who_is_not_said_to_be_unpaid(other: dict[str, Any]) -> None:
    assert "PH_OLD_NOT_PAID" not in rules(OLD, **other)


def _commune(paid: int, of: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    people = [
        {"name": f"Người Thứ {n}", "national_id": f"0340900000{n:02}", "date_of_birth": f"1990-01-{n + 2:02}"}
        for n in range(of)
    ]
    listed = [{**HEAD, **p, "household_no": str(n), "household_size": None} for n, p in enumerate(people)]
    return listed, [{**p, "group": "Hộ nghèo", "amount": 750_000} for p in people[:paid]]


@pytest.mark.parametrize(
    ("paid", "of", "expected"),
    [
        pytest.param(9, 10, 1, id="one of ten not paid"),
        pytest.param(7, 10, 3, id="seven of ten paid: the roster reaches the commune"),
        pytest.param(6, 10, 0, id="six of ten: it may not"),
        pytest.param(8, 9, 0, id="too few to say"),
    ],
)
def test_listed_persons_who_were_not_paid_the_relief(paid: int, of: int, expected: int) -> None:
    listed, roster = _commune(paid, of)
    assert rules(*listed, covid_relief=roster).count("PH_RELIEF_NOT_PAID") == expected


def test_only_the_list_of_the_day_that_the_law_names_entitles_to_the_relief() -> None:
    listed, roster = _commune(9, 10)
    for title in ("31/12/2020", "năm 2019", "hộ nghèo"):
        assert "PH_RELIEF_NOT_PAID" not in rules(*({**x, "sheet_title": title} for x in listed), covid_relief=roster)


def test_the_list_is_never_a_reason_to_stop_anything() -> None:
    second = {**HEAD, "household_no": "2", "household_size": 9, "household_class": None, "received_household_class": ""}
    dead = {**DEATH, "died_on": "2018-01-01", "registration_no": "5"}
    records = lists(poor_households=[HEAD, CHILD, second, OLD], deaths=[dead], social_assistance=[PAID_FOR_AGE])
    found = assess(records, NO_PAIRS, as_of=DAY, key=KEY)
    made = recommend(found, records, as_of=DAY, key=KEY)
    listed = made[made["programme"] == "poor_households"]
    assert set(listed["action"]) <= {"verify", "ask_papers"}
    assert listed["legal_act"].isna().all()
    assert listed["amount_to_clarify"].isna().all()


WORDS = ("Ba", "Ke", "Mon", "Tuy", "Vinh", "Hoa", "Gang", "Phuc", "Xet", "Lom")  # no two sound or look alike


@pytest.mark.parametrize("born", ["1939", "1940", "1940-12", "1940-12-31", "1941-01-01"])
def test_nulling_what_the_list_says_of_a_person_adds_no_finding_but_a_paper_or_a_year(born: str) -> None:
    """A household as it is and once for each cell nulled, each of another person."""
    lines = []
    for n, drop in enumerate([None, *sorted(OLD)]):
        person = {"name": f"Vũ Thị {WORDS[n % 10]} {WORDS[n // 10]}", "national_id": f"0341400001{n:02}"}
        line = {**OLD, "date_of_birth": born, "received_household_class": "nghèo", "household_no": f"9{n}", **person}
        lines.append(line if drop is None else {**line, drop: None})
    said = findings(*lines, social_assistance=[PAID_FOR_AGE], pensions=[PENSION])
    of_line = {n: set(found) for n, found in said.groupby(said["record_id"].str.rsplit("-", n=1).str[1])["rule_id"]}
    before = of_line.get("0", set())
    assert ("PH_OLD_NOT_PAID" in before) is (born != "1941-01-01")
    assert all(after - before <= {"PH_NO_YEAR"} for after in of_line.values())


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2021, 12, 31), date(2024, 12, 31), date(2026, 6, 30)])
def test_the_law_of_each_year_is_there(day: date) -> None:
    found = findings(HEAD, CHILD, {**OLD, "household_size": 4, "household_no": "7"}, day=day)
    assert found["legal_basis"].notna().all()
