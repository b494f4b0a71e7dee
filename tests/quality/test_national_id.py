"""What the digits of a Vietnamese national id say."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.quality import national_id


def one(value: str | None) -> "pd.Series[str]":
    return pd.Series([value], dtype="str")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        pytest.param("151234567", True, id="nine digits: the old card"),
        pytest.param("15123456", False, id="eight digits"),
        pytest.param("1512345678", False, id="ten digits"),
        pytest.param("034150000001", True, id="twelve digits, Thái Bình, a woman born 1950"),
        pytest.param("03415000000", False, id="eleven digits: a zero lost"),
        pytest.param("0341500000011", False, id="thirteen digits"),
        pytest.param("001099000001", True, id="first province code, 001"),
        pytest.param("000099000001", False, id="no province 000"),
        pytest.param("096199000001", True, id="last province code, 096"),
        pytest.param("097199000001", False, id="no province 097"),
        pytest.param("003199000001", False, id="a number between provinces, 003"),
        pytest.param("033150000001", True, id="Hưng Yên of before 2025"),
        pytest.param("034350000001", True, id="century digit 3: a woman born 2050, the last that can be"),
        pytest.param("034450000001", False, id="century digit 4: 2100 and later"),
        pytest.param("03415000000A", False, id="a letter"),
        pytest.param("03415000000１", False, id="a digit of another script"),
        pytest.param(None, True, id="no id: nothing is wrong with it"),
    ],
)
def test_well_formed(text: str | None, fits: bool) -> None:
    assert national_id.is_well_formed(one(text)).tolist() == [fits]


def test_there_are_63_province_codes() -> None:
    assert len(national_id.province_codes()) == 63


@pytest.mark.parametrize(
    ("text", "sex", "agrees"),
    [
        pytest.param("034050000001", "M", True, id="0: a man of the 20th century"),
        pytest.param("034050000001", "F", False, id="0, and the list says woman"),
        pytest.param("034150000001", "F", True, id="1: a woman of the 20th century"),
        pytest.param("034150000001", "M", False, id="1, and the list says man"),
        pytest.param("034205000001", "M", True, id="2: a man of the 21st century"),
        pytest.param("034305000001", "M", False, id="3, and the list says man"),
        pytest.param("151234567", "M", True, id="nine digits say nothing of sex"),
        pytest.param("034150000001", None, True, id="sex unknown"),
        pytest.param(None, "M", True, id="id unknown"),
    ],
)
def test_agreement_with_sex(text: str | None, sex: str | None, agrees: bool) -> None:
    assert national_id.agrees_with_sex(one(text), one(sex)).tolist() == [agrees]


@pytest.mark.parametrize(
    ("text", "born", "agrees"),
    [
        pytest.param("034150000001", "1950-03-12", True, id="same year, date to the day"),
        pytest.param("034150000001", "1950-03", True, id="same year, date to the month"),
        pytest.param("034150000001", "1950", True, id="same year, date to the year"),
        pytest.param("034150000001", "1949-12-31", False, id="the day before the year begins"),
        pytest.param("034150000001", "1951-01-01", False, id="the day after it ends"),
        pytest.param("034350000001", "1950", False, id="same two digits, another century"),
        pytest.param("034205000001", "2005-06-01", True, id="born in this century"),
        pytest.param("151234567", "1950", True, id="nine digits say nothing of the year"),
        pytest.param("034150000001", None, True, id="birth unknown"),
        pytest.param(None, "1950", True, id="id unknown"),
    ],
)
def test_agreement_with_the_year_of_birth(text: str | None, born: str | None, agrees: bool) -> None:
    assert national_id.agrees_with_birth_year(one(text), one(born)).tolist() == [agrees]


@given(
    year=st.sampled_from([1900, 1949, 1950, 1951, 1999, 2000, 2049, 2050, 2099]),
    stated=st.sampled_from([1900, 1949, 1950, 1951, 1999, 2000, 2049, 2050, 2099]),
    woman=st.booleans(),
    said_woman=st.booleans(),
)
def test_an_id_agrees_with_the_person_it_was_made_for_and_no_other(
    year: int, stated: int, woman: bool, said_woman: bool
) -> None:
    text = f"034{(year - 1900) // 100 * 2 + woman}{year % 100:02d}000001"
    assert national_id.agrees_with_birth_year(one(text), one(str(stated)))[0] == (year == stated)
    assert national_id.agrees_with_sex(one(text), one("F" if said_woman else "M"))[0] == (woman == said_woman)
