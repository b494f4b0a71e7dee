"""Names: the alias out of the cell, and what is no name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.standardise.names import read_name


@pytest.mark.parametrize(
    ("received", "name", "alias"),
    [
        pytest.param("Lại Thị Bưởi (bí danh Hà)", "Lại Thị Bưởi", "Hà", id="in brackets"),
        pytest.param("ĐINH VĂN NA (TÊN KHÁC: TÝ)", "ĐINH VĂN NA", "TÝ", id="capitals"),
        pytest.param("Trần Sỹ Mơ (tức Kính)", "Trần Sỹ Mơ", "Kính", id="tức"),
        pytest.param("Trần Sỹ Mơ tức Kính", "Trần Sỹ Mơ", "Kính", id="without brackets"),
        pytest.param("Trần Sỹ Mơ - bí danh Kính", "Trần Sỹ Mơ", "Kính", id="after a dash"),
        pytest.param("Trần Sỹ Mơ, tên thường gọi Tý", "Trần Sỹ Mơ", "Tý", id="after a comma"),
        pytest.param("Nguyễn Văn Tức", "Nguyễn Văn Tức", None, id="Tức may be a name"),
        pytest.param("Lê Thị Ổi (đã chết)", "Lê Thị Ổi", None, id="a remark is no alias"),
        pytest.param("1. Lê Thị Ổi", "Lê Thị Ổi", None, id="an ordinal"),
        pytest.param("Ông Nguyễn Văn Mít", "Nguyễn Văn Mít", None, id="a title before a surname"),
        pytest.param("Lê Văn Mít 1950", "Lê Văn Mít", None, id="a year after it"),
        pytest.param("  phạm  văn mít ", "phạm văn mít", None, id="case as received, single spaces"),
        pytest.param("Y Blô Niê", "Y Blô Niê", None, id="not Kinh"),
        pytest.param("Tý", "Tý", None, id="one word"),
    ],
)
def test_names(received: str, name: str, alias: str | None) -> None:
    assert read_name(received) == (name, alias, "")


@pytest.mark.parametrize("received", ["", "-", "?", "123", "không", "chưa rõ", "(bí danh Hà)", "..."])
def test_what_is_no_name(received: str) -> None:
    assert read_name(received).problem == "empty_name"


@given(st.text(alphabet="aăâeêioôơuưy đNTH\u0301\u0300\u0323", min_size=2, max_size=24))
def test_names_are_nfc_and_reading_twice_changes_nothing(text: str) -> None:
    once = read_name(text).name
    if once is not None:
        assert unicodedata.is_normalized("NFC", once)
        assert read_name(once).name == once
