"""Money, numbers, percentages and sex."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.standardise import amounts


@pytest.mark.parametrize(
    ("received", "dong"),
    [
        pytest.param("1.624.000", 1624000, id="dots"),
        pytest.param("2,062,000 đ", 2062000, id="commas, đ"),
        pytest.param("2.062.000 đồng", 2062000, id="đồng"),
        pytest.param("1 234 000", 1234000, id="spaces"),
        pytest.param("2062000.0", 2062000, id="a number of Excel"),
        pytest.param("1624000,00", 1624000, id="decimals of nothing"),
        pytest.param("1,6 triệu", 1600000, id="millions"),
        pytest.param("405 nghìn", 405000, id="thousands"),
        pytest.param("2.062.000đ/tháng", 2062000, id="a month"),
        pytest.param("", None, id="blank"),
        pytest.param("-", None, id="dash"),
    ],
)
def test_money(received: str, dong: int | None) -> None:
    assert amounts.read_money(received) == (dong, "")


@pytest.mark.parametrize("received", ["một triệu", "chưa rõ", "?", "theo QĐ mới", "1.624.000 + 500.000", "-270000"])
def test_an_amount_in_words_is_no_amount(received: str) -> None:
    assert amounts.read_money(received) == (None, "text_in_amount")


def test_digits_run_together_are_no_amount() -> None:
    assert amounts.read_money("9" * 30) == (None, "unreadable_number")
    assert amounts.read_money("9e999") == (None, "unreadable_number")


def test_a_column_of_thousands() -> None:
    assert amounts.read_money("1.624", 1000).value == 1_624_000


@given(st.integers(0, 10**10), st.sampled_from(["{:,}", "{:,} đ", "{}", "{}.0"]))
def test_every_form_of_an_amount_reads_alike(dong: int, form: str) -> None:
    text = form.format(dong)
    assert amounts.read_money(text).value == dong
    assert amounts.read_money(text.replace(",", ".") if "," in text else text).value == dong


@pytest.mark.parametrize(
    ("received", "percent", "problem"),
    [
        pytest.param("46%", 46, "", id="sign"),
        pytest.param("46.0", 46, "", id="number"),
        pytest.param("0.46", 46, "", id="what Excel holds for 46 %"),
        pytest.param("61-80%", None, "number_is_a_range", id="a band is no rate"),
        pytest.param("146", None, "unreadable_number", id="more than a hundred"),
    ],
)
def test_percent(received: str, percent: float | None, problem: str) -> None:
    assert amounts.read_percent(received) == (percent, problem)


def test_numbers() -> None:
    assert amounts.read_number("2,5").value == 2.5
    assert amounts.read_whole("03 tháng").value == 3
    assert amounts.read_whole("1,5") == (None, "amount_not_whole")


@pytest.mark.parametrize(
    ("relation", "sex"), [("vợ", "F"), ("chồng", "M"), ("con gái", "F"), ("con", None), ("bà nội", "F"), ("cháu", None)]
)
def test_a_relation_may_state_the_sex(relation: str, sex: str | None) -> None:
    assert amounts.sex_of_relation(relation) == sex


@pytest.mark.parametrize("received", ["1.407.000ñ", "1.407.000 ñoàng", "1.407.000®", "1 407 000 ®ång", "1.407.000 VNÑ"])
def test_the_dong_of_an_old_font_is_no_text_in_an_amount(received: str) -> None:
    assert amounts.read_money(received) == amounts.ReadNumber(1_407_000)
