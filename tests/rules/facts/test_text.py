"""Names compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.rules.facts.text import (
    each_word,
    fold,
    folded,
    same_but_for_spelling,
    says,
    sound,
    spelling,
    spelling_of_word,
    with_alias,
)


def test_both_tone_placements_are_one_spelling() -> None:
    assert spelling("Hoà Thuý") == spelling("HÒA THÚY")
    assert spelling("Thanh") != spelling("Thành")


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_many_texts_fold_as_each_alone() -> None:
    """Every letter of the planes that lists are written in, alone, in a word, as a mark upon a letter; odd spaces."""
    letters = [chr(code) for code in range(0x2100) if not 0xD800 <= code < 0xE000]
    texts = [made for letter in letters for made in (letter, f"Bà{letter}ng", f"a{letter} ", f" {letter}\u00a0_Đ-ệ")]
    assert folded(texts) == [fold(text) for text in texts]
    assert each_word(texts, spelling_of_word) == [spelling(text) for text in texts]
    heard = [" ".join(map(sound, text.split())) for text in folded(texts)]
    assert each_word(folded(texts), sound) == heard


@pytest.mark.parametrize(
    ("left", "right", "one"),
    [
        pytest.param("nguyen van xuan", "nguyen van suan", True, id="x and s"),
        pytest.param("pham huy cuong", "pham huy cuon", True, id="ng and n"),
        pytest.param("do thi ngoc quyen", "do thi ngoc quien", True, id="i and y"),
        pytest.param("giang thi nhan", "giang thi lhan", True, id="l and n"),
        pytest.param("vu trong tam", "vu tam", True, id="middle word left out"),
        pytest.param("nguyen ba kinh", "nguyen ba minh", False, id="brothers"),
        pytest.param("nguyen thi lan", "nguyen thi loan", False, id="sisters"),
        pytest.param("vu trong tam", "vo tam", False, id="another surname"),
    ],
)
def test_spelling(left: str, right: str, one: bool) -> None:
    assert same_but_for_spelling(left, right, one_letter=len(left) == len(right)) is one


def test_an_alias_of_one_word_replaces_the_given_name() -> None:
    assert with_alias("Trần Văn Tuân", "Mạnh") == "tran van manh"
    assert with_alias("Trần Văn Tuân", "Lê Mạnh") == "le manh"


def test_marks_count_in_words() -> None:
    assert says("Đã huỷ", ["hủy"])
    assert not says("con là Huy", ["hủy"])
    assert not says("con la Huy", ["hủy"])
    assert says("DA HUY bo", ["hủy bỏ"])
