"""Keys for comparing names and words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.standardise.names import fold, same_spelling_key


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        pytest.param("Hòa", "Hoà", True, id="tone on either vowel"),
        pytest.param("THÚY", "thuý", True, id="capitals"),
        pytest.param("Quý", "Quí", False, id="i and y are kept apart"),
        pytest.param("Hòa", "Hoá", False, id="another tone"),
        pytest.param("Hoàn", "Hoan", False, id="no tone"),
    ],
)
def test_same_spelling(left: str, right: str, same: bool) -> None:
    assert (same_spelling_key(left) == same_spelling_key(right)) is same


def test_fold() -> None:
    assert fold("  ĐẶNG\u00a0Thị  Hoà ") == "dang thi hoa"


@given(st.text(max_size=20))
def test_keys_are_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert same_spelling_key(same_spelling_key(text)) == same_spelling_key(text)
