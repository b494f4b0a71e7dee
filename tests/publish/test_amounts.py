"""Numbers, days and sums in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.publish.amounts import day, money, words


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (14, "mười bốn"),
        (24, "hai mươi tư"),
        (104, "một trăm linh bốn"),
        (125_000_000, "một trăm hai mươi lăm triệu"),
        (55, "năm mươi lăm"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (1005, "một nghìn không trăm linh năm"),
        (1_000_000, "một triệu"),
        (2_062_000, "hai triệu không trăm sáu mươi hai nghìn"),
        (1_000_000_001, "một tỷ không trăm linh một"),
        (1_234_567_890_000, "một nghìn hai trăm ba mươi tư tỷ năm trăm sáu mươi bảy triệu tám trăm chín mươi nghìn"),
        (-3, "âm ba"),
    ],
)
def test_a_sum_in_words(value: int, expected: str) -> None:
    assert words(value) == expected


@given(value=st.integers(0, 10**13))
def test_words_tell_sums_apart_and_never_stumble(value: int) -> None:
    said = words(value)
    assert said != words(value + 1)
    assert "  " not in said
    assert said == said.strip()


def test_money_has_points_between_thousands() -> None:
    assert money(1234567) == "1.234.567 đồng"


@pytest.mark.parametrize(
    ("iso", "expected"),
    [("1948-07-15", "15/07/1948"), ("1951-03", "03/1951"), ("1948", "1948"), ("không rõ", "không rõ")],
)
def test_a_day_is_written_to_its_precision(iso: str, expected: str) -> None:
    assert day(iso) == expected
