"""How texts, numbers and the two parts of a name are compared, level by level; words as keys."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.linkage.comparisons import (
    Comparison,
    NumberComparison,
    PlaceComparison,
    SwapComparison,
    TextComparison,
)
from eligibility_audit.linkage.frames import link_frames


def _column(*values: str | None) -> "pd.Series[str]":
    return pd.Series(values, dtype="string[pyarrow]")


def _level(comparison: Comparison, before: dict[str, "np.ndarray[tuple[int], np.dtype[np.int8]]"] | None = None) -> str:
    code = int(comparison.compare(np.array([0]), np.array([1]), before or {})[0])
    return comparison.levels[code - 1].name if code else ""


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param("12 Oak St.", "12  OAK ST", "equal", id="case, points and spaces do not count"),
        pytest.param("O'Brien", "OBrien", "equal", id="nor does an apostrophe"),
        pytest.param("Grill, The", "the grill", "reordered", id="the same words in another order"),
        pytest.param("Margaret", "Margret", "close", id="one letter"),
        pytest.param("South Side", "Society of the Great City South Side", "contained", id="all words in the longer"),
        pytest.param("Harbour House West", "Harbour House for Infants", "similar", id="half of the letters"),
        pytest.param("210 Mill Road", "214 Mill Road", "numbers_differ", id="another house in the street"),
        pytest.param("2 Mill Road, flat 7", "Mill Road 2", "contained", id="one number is shared"),
        pytest.param("B701", "B702", "close", id="a code alone is no text with a number in it"),
        pytest.param("Đà Nẵng", "da nang", "equal", id="marks do not count"),
        pytest.param("北京", "北京市", "similar", id="a script without spaces"),
        pytest.param("Harbour", "Mill", "different", id="nothing"),
        pytest.param("Mill", None, "", id="nothing to compare"),
    ],
)
def test_texts(one: str, two: str | None, expected: str) -> None:
    assert _level(TextComparison("text", _column(one, two))) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param("404/555-0100", "404-555-0100", "equal", id="telephones, however parted"),
        pytest.param("(404) 555 0100", "4045550100", "equal", id="with the area in brackets"),
        pytest.param("1.5", "15", "close", id="a decimal point is no such sign"),
        pytest.param("12.0", "12", "equal", id="as a spreadsheet writes whole numbers"),
    ],
)
def test_numbers(one: str, two: str, expected: str) -> None:
    assert _level(NumberComparison("number", _column(one, two))) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param(("lowe", "harley"), ("harley", "loew"), "swapped", id="each in the other's column, with a slip"),
        pytest.param(("lowe", "harley"), ("harley", "green"), "not_swapped", id="one of the two alone"),
        pytest.param(("lowe", "harley"), ("lowe", "green"), "", id="one agrees where it is: nothing is swapped"),
        pytest.param((None, "harley"), ("harley", "lowe"), "", id="a name is missing"),
    ],
)
def test_names_in_each_others_column(one: tuple[str | None, str], two: tuple[str, str], expected: str) -> None:
    parts = [TextComparison(field, _column(one[k], two[k])) for k, field in enumerate(("surname", "given_name"))]
    before = {part.field: part.compare(np.array([0]), np.array([1]), {}) for part in parts}
    swap = SwapComparison("names_swapped", *parts)
    assert _level(swap, before) == expected


@pytest.mark.parametrize(
    ("districts", "codes", "expected"),
    [
        pytest.param((0, 0), ("4179", "4197"), "slip", id="two digits swapped"),
        pytest.param((0, 0), ("4179", "4791"), "same_district", id="more than that"),
        pytest.param((0, 1), ("4179", "4179"), "same_name", id="the state is another one"),
    ],
)
def test_postal_codes(districts: tuple[int, int], codes: tuple[str, str], expected: str) -> None:
    distinct = list(dict.fromkeys(codes))
    commune = np.array([distinct.index(code) for code in codes], dtype=np.int32)
    place = PlaceComparison("place", commune, np.array(districts, dtype=np.int32), postal=distinct)
    assert _level(place) == expected


def test_the_rarest_shared_word_and_the_number_are_keys() -> None:
    text = TextComparison(
        "site", _column("City School Orchard 12", "Orchard Infants City School", "City School Bay", "Bay")
    )
    rare = text.keys["site_rare"]
    assert rare[0] == rare[1] != rare[2]
    assert rare[2] == rare[3] >= 0
    assert (text.keys["site_number"] >= 0).tolist() == [True, False, False, False]


def test_single_words_give_no_keys_of_words() -> None:
    assert set(TextComparison("surname", _column("Lowe", "Green", "Mc Fadden", "Reid")).keys) == {
        "surname",
        "surname_start",
    }


@given(st.lists(st.text(alphabet="ab1 .'é", max_size=12), min_size=2, max_size=2))
def test_comparing_texts_is_symmetric(two: list[str]) -> None:
    text = TextComparison("text", _column(*two))
    ends = np.array([0]), np.array([1])
    assert text.compare(*ends, {}).tolist() == text.compare(*ends[::-1], {}).tolist()


def test_a_column_that_is_called_name_is_a_text_where_the_model_says_so() -> None:
    """The rules of people ask for whole names; a text called so has rules of its own."""
    rows = [(f"a{k}", f"{word} Kitchen {k}", str(k)) for k, word in enumerate(("Oak", "Elm", "Ash", "Fir") * 10)]
    table = pd.DataFrame(rows, columns=["id", "name", "phone"], dtype="string[pyarrow]")
    model = link_frames(table, None, {"id": "id", "columns": {"text": "name", "number": "phone"}}).model
    assert any(rule.startswith("name ") for rule in model.blocking)
    assert any(rule.startswith("name_") for rule in model.blocking)
