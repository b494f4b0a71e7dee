"""Names in the forms that are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.linkage.words import fold, read_name, sound


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", id="tone on a or on o"),
        pytest.param("Trần Thị Thuý", "Trần Thị Thúy", id="tone on y or on u"),
        pytest.param("Le\u0302 Va\u0306n An", "Lê Văn An", id="decomposed and composed"),
        pytest.param("  LÊ  VĂN   AN ", "Lê Văn An", id="capitals and spaces"),
    ],
)
def test_one_spelling(one: str, two: str) -> None:
    assert read_name(one).spelled == read_name(two).spelled


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param("Lê Văn Tân", "Lê Văn Tấn", id="another tone is another name"),
        pytest.param("Lê Văn An", "Lê Văn Ân", id="another vowel is another name"),
    ],
)
def test_another_spelling_though_the_letters_agree(one: str, two: str) -> None:
    assert read_name(one).folded == read_name(two).folded
    assert read_name(one).spelled != read_name(two).spelled


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("tram", "cham"),
        ("xuan", "suan"),
        ("nhan", "nhang"),
        ("lan", "nan"),
        ("dung", "giung"),
        ("rung", "dung"),
        ("quyen", "quien"),
        ("cuon", "cuong"),
    ],
)
def test_words_mistaken_by_ear(one: str, two: str) -> None:
    assert sound(one) == sound(two)


def test_parts_surname_first_given_name_last() -> None:
    name = read_name("Đặng Thị Thu Hà")
    assert (name.surname, name.middle, name.given) == ("dang", "thi thu", "ha")


def test_a_single_word_is_a_given_name() -> None:
    name = read_name("Hà")
    assert (name.surname, name.middle, name.given) == ("", "", "ha")


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    name = read_name(text)
    assert fold(name.folded) == name.folded
    assert len(name.parts) == len(name.folded.split())
