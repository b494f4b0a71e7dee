"""National id numbers: digits are put back, never made up; a twelve-digit number can contradict the list."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.standardise.ids import id_facts, read_id
from eligibility_audit.standardise.places import province_codes


@pytest.mark.parametrize(
    ("received", "meant", "problem", "remark"),
    [
        pytest.param("151234568", "151234568", "", "", id="nine digits"),
        pytest.param("034051734630", "034051734630", "", "", id="twelve digits"),
        pytest.param("151 234 568", "151234568", "", "", id="spaces"),
        pytest.param("034.051.734.630", "034051734630", "", "", id="dots"),
        pytest.param("'034051734630", "034051734630", "", "", id="apostrophe"),
        pytest.param("151234568.0", "151234568", "", "", id="a number of Excel"),
        pytest.param("34051734630", "034051734630", "", "zero_restored", id="zero lost, twelve"),
        pytest.param("12345678.0", "012345678", "", "zero_restored", id="zero lost, nine"),
        pytest.param("1051734630", "001051734630", "", "zero_restored", id="two zeros lost: province 001"),
        pytest.param("3.4051734630E+10", "034051734630", "", "zero_restored", id="scientific, all digits there"),
        pytest.param("3.40E+10", None, "id_digits_lost", "", id="scientific, digits lost"),
        pytest.param("123", None, "id_wrong_length", "", id="too short"),
        pytest.param("9034051734630", None, "id_wrong_length", "", id="thirteen digits"),
        pytest.param("15123456x", None, "id_not_digits", "", id="a letter"),
        pytest.param("000000000", None, "id_placeholder", "", id="filler"),
        pytest.param("123456789", None, "id_placeholder", "", id="filler in a row"),
        pytest.param("151234568/034051734630", "034051734630", "", "", id="old and new: the new one"),
        pytest.param("CMND: 151234568", "151234568", "", "", id="label"),
        pytest.param("không", None, "", "", id="says there is none"),
        pytest.param("", None, "", "", id="blank"),
    ],
)
def test_what_a_cell_says(received: str, meant: str | None, problem: str, remark: str) -> None:
    assert read_id(received) == (meant, problem, remark)


@given(st.from_regex(r"[0-9]{1,14}", fullmatch=True), st.sampled_from(["{}", "'{}", "{}'", " {} ", "{}.0"]))
def test_no_digit_is_lost_or_made_up(digits: str, form: str) -> None:
    read = read_id(form.format(digits))
    if read.value is not None:
        assert read.value.lstrip("0") == digits.lstrip("0")
        assert len(read.value) in (9, 12)
        assert read_id(read.value).value == read.value


def facts(national_id: str | None, sex: str | None, born: str | None) -> "pd.Series[object]":
    column = [pd.Series([value], dtype="string[pyarrow]") for value in (national_id, sex, born)]
    return id_facts(column[0], column[1], column[2], province_codes()).iloc[0].astype(object)


@pytest.mark.parametrize(
    ("national_id", "sex", "born", "sex_contradicts", "year_contradicts"),
    [
        pytest.param("034051734630", "M", "1951", False, False, id="agrees"),
        pytest.param("034151734630", "M", "1951", True, False, id="third digit says a woman"),
        pytest.param("034051734630", "M", "1952-03-01", False, True, id="another year"),
        pytest.param("034210734630", "M", "2010", False, False, id="born in 2010"),
        pytest.param("034051734630", None, None, None, None, id="the list says nothing"),
        pytest.param("151234568", "M", "1951", None, None, id="nine digits say nothing"),
        pytest.param(None, "M", "1951", None, None, id="no number"),
    ],
)
def test_contradictions(
    national_id: str | None,
    sex: str | None,
    born: str | None,
    sex_contradicts: bool | None,
    year_contradicts: bool | None,
) -> None:
    found = facts(national_id, sex, born)
    for column, wanted in (("sex_contradicts", sex_contradicts), ("birth_year_contradicts", year_contradicts)):
        assert pd.isna(found[column]) if wanted is None else found[column] == wanted


def test_provinces() -> None:
    assert len(province_codes()) == 63
    assert facts("034051734630", "M", "1951")["id_province_known"]
    assert not facts("999051734630", "M", "1951")["id_province_known"]
