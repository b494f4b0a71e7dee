"""A line of people with merit against itself: a note of death, dates in no order, a rate that cannot be."""

from datetime import date

import pytest

from tests.rules.cases import answer, said

MET, NOT_MET, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        pytest.param("Đã chết", NOT_MET, id="died"),
        pytest.param("Từ trần ngày 05/03/2020", NOT_MET, id="with a day"),
        pytest.param("đã mất 3/2019.", NOT_MET, id="with a month"),
        pytest.param("Mất năm 2018", NOT_MET, id="with a year"),
        pytest.param("Mất giấy tờ năm 1999", UNKNOWN, id="papers were lost"),
        pytest.param("Mất sức 61%", UNKNOWN, id="loss of working capacity"),
        pytest.param("Bố đã từ trần năm 2004", UNKNOWN, id="of the father"),
        pytest.param("Vợ chết", UNKNOWN, id="of the wife"),
        pytest.param("NCC đã mất 2007", UNKNOWN, id="of the parent, on a child's line"),
        pytest.param(None, UNKNOWN, id="nothing said: nobody is proven alive"),
    ],
)
def test_a_note_of_death_is_a_signal(note: str | None, expected: bool | None) -> None:
    assert answer("NCC_NOTE_DIED", note=note) is expected
    assert not said("NCC_NOTE_DIED", note=note)["stop_allowed"]


@pytest.mark.parametrize(
    ("decided", "expected"),
    [("2021-01-01", NOT_MET), ("2020-12-31", MET), ("2020", MET), ("2021", NOT_MET), (None, UNKNOWN)],
)
def test_a_decision_of_tomorrow(decided: str | None, expected: bool | None) -> None:
    assert answer("NCC_DECISION_LATER", decision_date=decided) is expected


@pytest.mark.parametrize(
    ("born", "decided", "expected"),
    [
        pytest.param("1948-05-20", "1948-05-19", NOT_MET, id="the day before the birth"),
        pytest.param("1948-05-20", "1948", MET, id="some day of the year"),
        pytest.param("1948-05-20", None, UNKNOWN, id="no decision"),
    ],
)
def test_a_decision_before_the_birth(born: str, decided: str | None, expected: bool | None) -> None:
    assert answer("NCC_DECISION_BEFORE_BIRTH", date_of_birth=born, decision_date=decided) is expected


@pytest.mark.parametrize(
    ("rate", "expected"), [(0.0, MET), (100.0, MET), (100.5, NOT_MET), (-1.0, NOT_MET), (None, UNKNOWN)]
)
def test_a_rate_outside_nought_to_a_hundred(rate: float | None, expected: bool | None) -> None:
    assert answer("NCC_PERCENT_OUTSIDE", percent=rate) is expected


@pytest.mark.parametrize(
    ("number", "day", "expected"),
    [
        pytest.param("12/QĐ-SNV", date(2020, 12, 31), NOT_MET, id="Home Affairs before March 2025"),
        pytest.param("12/QĐ-SLĐTBXH", date(2020, 12, 31), UNKNOWN, id="the Department of Labour then"),
        pytest.param("12/QĐ-SLĐTBXH", date(2025, 2, 28), UNKNOWN, id="its last day"),
        pytest.param("12/QĐ-SLĐTBXH", date(2025, 3, 1), NOT_MET, id="the day it was no more"),
        pytest.param("12/QĐ-SNV", date(2025, 3, 1), UNKNOWN, id="Home Affairs from March 2025"),
        pytest.param("12/QĐ-UBND", date(2020, 12, 31), UNKNOWN, id="older deciders are not known"),
        pytest.param("12/QĐ", date(2020, 12, 31), UNKNOWN, id="no symbol"),
    ],
)
def test_a_body_without_power_on_the_day(number: str, day: date, expected: bool | None) -> None:
    assert answer("NCC_DECIDER", day=day, decision_no=number) is expected
    assert answer("NCC_DECIDER", day=day, decision_no=number, decision_date=None) is None, "who decided when is unknown"
