"""Names as common as they really are, and the old encodings as the tools of their time wrote them."""

import random
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.invention.legacy import encode, to_cp1258
from eligibility_audit.invention.names import Name, draw_name
from eligibility_audit.invention.planting import fold, other_tone_place
from eligibility_audit.standardise.encodings import decode

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VIETNAMESE = ["đ", *(unicodedata.normalize("NFC", v + t) for v in "aăâeêioôơuưy" for t in TONES)]


def test_surnames_and_namesakes_are_as_common_as_in_life() -> None:
    """Nearly a third are called Nguyễn; two people share a folded name with a chance of a few in 100,000."""
    rng = random.Random(4)
    names = [draw_name(rng, rng.choice("MF")) for _ in range(60_000)]
    assert 0.29 < sum(n.surname == "Nguyễn" for n in names) / len(names) < 0.34
    counts = Counter(fold(n.full) for n in names)
    pairs = sum(n * (n - 1) for n in counts.values()) / (len(names) * (len(names) - 1))
    assert 2e-5 < pairs < 1.2e-4


@pytest.mark.parametrize(
    ("text", "tcvn3", "vni"),
    [
        pytest.param("Nguyễn Văn Thành", "NguyÔn V¨n Thµnh", "Nguyeãn Vaên Thaønh", id="a name"),
        pytest.param("Chất độc hóa học", "ChÊt ®éc hãa häc", "Chaát ñoäc hoùa hoïc", id="a phrase"),
        pytest.param("Quý", "Quý", "Quyù", id="the same in TCVN3"),
        pytest.param("Đỗ Ơn", "§ç ¥n", "Ñoã Ôn", id="capitals that have a code"),
    ],
)
def test_old_encodings(text: str, tcvn3: str, vni: str) -> None:
    assert encode(text, "tcvn3") == tcvn3
    assert encode(text, "vni") == vni
    assert encode(unicodedata.normalize("NFD", text), "vni") == vni
    assert encode(text, "unicode") == text


@given(st.text(alphabet=st.sampled_from(VIETNAMESE), min_size=1, max_size=12), st.sampled_from(["tcvn3", "vni"]))
def test_what_is_written_in_small_letters_is_read_back(text: str, encoding: str) -> None:
    assert decode(encode(text, encoding), encoding) == text


@given(st.text(alphabet=st.sampled_from([*VIETNAMESE, *[v.upper() for v in VIETNAMESE]]), max_size=20))
def test_windows_1258_is_read_back(text: str) -> None:
    assert unicodedata.normalize("NFC", to_cp1258(text).decode("cp1258")) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Hòa", "Hoà", id="oa"),
        pytest.param("Thúy", "Thuý", id="uy"),
        pytest.param("Quý", "Quý", id="qu is a consonant"),
        pytest.param("Toàn", "Toàn", id="a closed syllable has one place"),
        pytest.param("Khỏe", "Khoẻ", id="oe"),
    ],
)
def test_the_other_place_of_the_tone_mark(one: str, other: str) -> None:
    assert other_tone_place(one) == other
    assert other_tone_place(other) == one


def test_a_name_without_a_middle_name_has_one_space() -> None:
    assert Name("Lê", "", "Hoa").full == "Lê Hoa"
    assert Name("Lê", "Thị Thu", "Hoa").surname_middle == "Lê Thị Thu"
