"""Dates as offices write them: what they say, and nothing more."""

import calendar
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.domain.dates import span
from eligibility_audit.standardise.dates import previous_century, read_date

AS_OF = date(2020, 12, 31)


@pytest.mark.parametrize(
    ("received", "meant"),
    [
        pytest.param("3/4/1950", "1950-04-03", id="day before month"),
        pytest.param("03.04.1950", "1950-04-03", id="dots"),
        pytest.param("3-4-50", "1950-04-03", id="two-digit year"),
        pytest.param("19-6-20", "2020-06-19", id="latest century not after the day of the audit"),
        pytest.param("3 4 1950", "1950-04-03", id="spaces"),
        pytest.param("ngày 3 tháng 4 năm 1950", "1950-04-03", id="in words"),
        pytest.param("1950-04-03", "1950-04-03", id="ISO of an Excel date cell"),
        pytest.param("1950-04-03 00:00:00", "1950-04-03", id="with a clock"),
        pytest.param("15499", "1942-06-07", id="Excel serial number"),
        pytest.param("15499.0", "1942-06-07", id="serial number as a fraction"),
        pytest.param("9170", "1925-02-07", id="serial number of four digits"),
        pytest.param("25041950", "1950-04-25", id="no separator"),
        pytest.param("04/25/1950", "1950-04-25", id="month first, where nothing else is possible"),
        pytest.param("8/1947", "1947-08", id="month"),
        pytest.param("12.1950", "1950-12", id="month, dot"),
        pytest.param("Tháng 2/1969", "1969-02", id="month in words"),
        pytest.param("../03/1942", "1942-03", id="day unknown"),
        pytest.param("1945", "1945", id="a year, not a serial number"),
        pytest.param("1945.0", "1945", id="year as a fraction"),
        pytest.param("00/00/1948", "1948", id="zeros"),
        pytest.param("../../1942", "1942", id="dots for unknown"),
        pytest.param("01/01/1950", "1950", id="1 January stands for the year"),
        pytest.param("1932-01-01", "1932", id="1 January in a date cell"),
        pytest.param("khoảng 1950", "1950", id="about"),
        pytest.param("K1950", "1950", id="about, short"),
        pytest.param("SN 1950", "1950", id="label"),
        pytest.param("", None, id="blank"),
        pytest.param("-", None, id="dash"),
    ],
)
def test_what_a_cell_says(received: str, meant: str | None) -> None:
    read = read_date(received, AS_OF)
    assert (read.value, read.problem) == (meant, "")


@pytest.mark.parametrize(
    ("received", "problem"),
    [
        pytest.param("31/02/1950", "no_such_day", id="31 February"),
        pytest.param("29/2/1949", "no_such_day", id="not a leap year"),
        pytest.param("45/06/1951", "no_such_day", id="day 45"),
        pytest.param("25/25/1950", "no_such_day", id="no month either way"),
        pytest.param("??/19?8", "unreadable_date", id="a digit unknown"),
        pytest.param("Giáp Thân", "unreadable_date", id="lunar year"),
        pytest.param("chưa rõ", "unreadable_date", id="not known"),
        pytest.param("70 tuổi", "unreadable_date", id="an age"),
        pytest.param("2045", "year_out_of_range", id="a slip for a year, not a serial number"),
        pytest.param("10/04/2025", "year_out_of_range", id="after the day of the audit"),
    ],
)
def test_what_cannot_be_read_is_null_with_a_reason(received: str, problem: str) -> None:
    assert read_date(received, AS_OF)[:2] == (None, problem)


def test_an_office_dates_its_own_acts_on_1_january() -> None:
    assert read_date("01/01/2014", AS_OF, placeholder=False).value == "2014-01-01"


def test_the_century_before() -> None:
    assert previous_century("2020-03-01") == "1920-03-01"
    assert previous_century("2000-02-29") is None  # 1900 was no leap year


FORMS = ("{d}/{m}/{y}", "{d:02}.{m:02}.{y}", "{d}-{m}-{y}", "{y}-{m:02}-{d:02}", "ngày {d} tháng {m} năm {y}")


@given(st.dates(date(1900, 1, 1), AS_OF), st.sampled_from(FORMS))
def test_every_form_of_a_day_reads_alike(day: date, form: str) -> None:
    read = read_date(form.format(d=day.day, m=day.month, y=day.year), AS_OF)
    assert read.value == (str(day.year) if (day.day, day.month) == (1, 1) else day.isoformat())


@given(st.text(alphabet="0123456789/.-? xthangăm", max_size=14))
def test_precision_is_never_invented(text: str) -> None:
    value = read_date(text, AS_OF).value
    if value is None:
        return
    digits = sum(c.isdigit() for c in text)
    serial = text.strip(" .-/").replace(".", "").isdigit() and digits >= 4
    assert len(value) <= 4 or digits >= {7: 3, 10: 4}[len(value)] or serial
    assert 1850 <= int(value[:4]) <= 2021
    if len(value) == 10:
        year, month, day = map(int, value.split("-"))
        assert day <= calendar.monthrange(year, month)[1]


@given(st.dates(date(1900, 1, 1), AS_OF), st.integers(0, 2))
def test_reading_what_was_read_changes_nothing(day: date, precision: int) -> None:
    text = day.isoformat()[: (4, 7, 10)[precision]]
    once = read_date(text, AS_OF).value
    assert once is not None
    assert read_date(once, AS_OF).value == once


def test_a_read_date_can_be_decided_on() -> None:
    import pandas as pd

    days = span(pd.Series([read_date("8/1947", AS_OF).value], dtype="string[pyarrow]"))
    assert int(days["last"].iloc[0] - days["first"].iloc[0]) == 30
