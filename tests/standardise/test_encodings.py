"""Legacy encodings: what is repaired, and what is left alone."""

import unicodedata

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.invention import legacy
from eligibility_audit.standardise import encodings

# our own inverse mapping: a few syllables written as an office's old fonts stored them
TCVN3 = {
    "Nguyễn": "NguyÔn",
    "Văn": "V¨n",
    "Thành": "Thµnh",
    "Lương": "L\xad¬ng",
    "Quý": "Quý",
    "Đặng": "§Æng",
    "Hạ": "H¹",
}
VNI = {
    "Nguyễn": "Nguyeãn",
    "Văn": "Vaên",
    "Thành": "Thaønh",
    "Lương": "Löông",
    "Quý": "Quyù",
    "Đặng": "Ñaëng",
    "Hạ": "Haï",
}


@pytest.mark.parametrize(
    ("received", "encoding", "meant"),
    [
        pytest.param("NguyÔn V¨n Thµnh", "tcvn3", "Nguyễn Văn Thành", id="TCVN3"),
        pytest.param("HOµNG THÞ TØNH", "tcvn3", "HOÀNG THỊ TỈNH", id="TCVN3 capitals have the codes of small letters"),
        pytest.param("L\xad¬ng", "tcvn3", "Lương", id="a soft hyphen is ư"),
        pytest.param("Nguyeãn Vaên Thaønh", "vni", "Nguyễn Văn Thành", id="VNI"),
        pytest.param("NGUYEÃN THÒ HÖÔØNG", "vni", "NGUYỄN THỊ HƯỜNG", id="VNI capitals"),
        pytest.param("Hoàng Thị Lâm", "unicode", "Hoàng Thị Lâm", id="Unicode"),
        pytest.param("Hoàng", "unicode", "Hoàng", id="also VNI for Hồng: Unicode wins a tie"),
        pytest.param("Lâm", "unicode", "Lâm", id="also TCVN3 for Lõm: Unicode wins a tie"),
        pytest.param("Lôc", "unicode", "Lôc", id="a tone left out is careless, not legacy"),
        pytest.param("Y Blô Niê", "unicode", "Y Blô Niê", id="a name that is not Kinh"),
        pytest.param("Müller", "unicode", "Müller", id="a foreign name"),
    ],
)
def test_guess_and_decode(received: str, encoding: str, meant: str) -> None:
    assert encodings.guess([received]) == encoding
    assert encodings.decode(received, encoding) == meant


def test_the_column_decides_where_the_cell_does_not() -> None:
    column = pd.Series(["Nguyeãn", "Thaønh", "Hoàng", None], dtype="string[pyarrow]")
    repaired, read_as = encodings.repair(column)
    assert repaired.tolist()[:3] == ["Nguyễn", "Thành", "Hồng"]
    assert read_as.tolist()[:3] == ["vni", "vni", "vni"]
    assert repaired.isna().tolist() == [False, False, False, True]


def test_a_pasted_row_goes_its_own_way() -> None:
    names = ["Trần Thị Bưởi", "Lê Văn Chữ", "NguyÔn V¨n B¶y", "Lâm"]
    places = ["Xã Lâm Đồi", "Xã Lâm Đồi", "Lâm", "Lâm"]
    sheet = pd.DataFrame({"name": names, "commune": places}, dtype="string[pyarrow]")
    repaired, changed = encodings.repair_rows(sheet)
    assert repaired["name"].tolist() == ["Trần Thị Bưởi", "Lê Văn Chữ", "Nguyễn Văn Bảy", "Lâm"]
    assert repaired["commune"].tolist() == ["Xã Lâm Đồi", "Xã Lâm Đồi", "Lõm", "Lâm"]
    assert changed.tolist() == [False, False, True, False]


def test_utf8_read_as_windows_1252_is_undone() -> None:
    received = "Nguyễn Văn Thành".encode().decode("cp1252", errors="surrogateescape")
    assert encodings.repair(pd.Series([received], dtype="string[pyarrow]"))[0].tolist() == ["Nguyễn Văn Thành"]


def test_combining_marks_are_composed() -> None:
    received = unicodedata.normalize("NFD", "Nguyễn Thị Hường")
    assert encodings.repair(pd.Series([received], dtype="string[pyarrow]"))[0].tolist() == ["Nguyễn Thị Hường"]


def test_a_legacy_name_after_a_unicode_label() -> None:
    received = pd.Series(["Phường §«ng S¬n"], dtype="string[pyarrow]")
    assert encodings.repair(received)[0].tolist() == ["Phường Đông Sơn"]


@given(st.lists(st.sampled_from(sorted(TCVN3)), min_size=1, max_size=6), st.sampled_from(["tcvn3", "vni"]))
def test_decode_undoes_encode(words: list[str], encoding: str) -> None:
    table = TCVN3 if encoding == "tcvn3" else VNI
    assert encodings.decode(" ".join(table[word] for word in words), encoding) == " ".join(words)


@given(st.lists(st.sampled_from([*TCVN3, "Hoà", "Thuý", "Quỳnh", "Xã", "Tý", "Oanh"]), min_size=1, max_size=8))
def test_correct_unicode_is_never_changed(words: list[str]) -> None:
    column = pd.Series([" ".join(words), *words], dtype="string[pyarrow]")
    once, _ = encodings.repair(column)
    assert once.tolist() == column.tolist()


@given(st.text(max_size=30))
def test_repair_gives_nfc_and_is_idempotent_on_what_it_left_as_unicode(text: str) -> None:
    once, read_as = encodings.repair(pd.Series([text], dtype="string[pyarrow]"))
    assert unicodedata.is_normalized("NFC", once[0])
    if read_as[0] == "unicode":
        assert encodings.repair(once)[0].tolist() == once.tolist()


def test_a_few_pasted_rows_do_not_make_the_encoding_of_a_column() -> None:
    districts = ["Mang Thít"] * 6 + ["Mang ThÝt"] * 2  # Vietnamese as it stands, and TCVN3 for Mang Thớt
    names = ["Lê Thị Bưởi"] * 5 + ["Ngô Thu Vân", "Lª V¨n B¶y", "§ç ThÞ Mai"]
    repaired, changed = encodings.repair_rows(pd.DataFrame({"n": names, "d": districts}, dtype="string[pyarrow]"))
    assert repaired["d"].tolist() == ["Mang Thít"] * 8
    assert repaired["n"].tolist()[5:] == ["Ngô Thu Vân", "Lê Văn Bảy", "Đỗ Thị Mai"]
    assert changed.tolist() == [False] * 6 + [True] * 2


def test_a_column_in_an_old_font_beside_unicode_columns() -> None:
    names = ["Lª V¨n B¶y", "§ç ThÞ Mai", "Quý", "Ph¹m §øc Lîi"]
    repaired, _ = encodings.repair_rows(pd.DataFrame({"n": names, "d": ["Huyện Đầm Hà"] * 4}, dtype="string[pyarrow]"))
    assert repaired["n"].tolist() == ["Lê Văn Bảy", "Đỗ Thị Mai", "Quý", "Phạm Đức Lợi"]


_SURNAMES = ["Nguyễn", "Trần", "Lê", "Ngô", "Võ", "Đỗ", "Hoàng", "Phan", "Lâm", "Tô"]
_MIDDLES = ["Văn", "Thị", "Thu", "Công", "Đình", "Xuân", "Thanh", "Quý"]
_GIVEN = ["Vân", "Lan", "Hòa", "Sơn", "Long", "Bình", "Tín", "Cúc", "Thông", "Hân", "Lộc", "Mận", "Yến"]
_PLACES = ["Sông Lô", "Mang Thít", "Bình Minh", "Tân Long", "Tam An", "Bắc Hà", "Thuận An", "Đông Anh", "Mê Linh"]
_NAME = st.tuples(*map(st.sampled_from, (_SURNAMES, _MIDDLES, _GIVEN))).map(" ".join)
_ROW = st.tuples(_NAME, st.sampled_from(_PLACES), st.sampled_from(["Xã ", "Thị trấn ", ""])).map(
    lambda row: (row[0], row[1], row[2] + row[1])
)


@given(
    st.lists(_ROW, min_size=4, max_size=12),
    st.lists(_ROW, max_size=3),
    st.sampled_from(["tcvn3", "vni"]),
    st.integers(0, 4),
)
def test_rows_in_unicode_stay_and_pasted_rows_are_decoded(
    own: list[tuple[str, str, str]], pasted: list[tuple[str, str, str]], encoding: str, at: int
) -> None:
    pasted = [row for row in pasted if _tells(row, encoding)]
    meant = own[:at] + pasted + own[at:]
    written = [*own[:at], *[tuple(legacy.encode(cell, encoding) for cell in row) for row in pasted], *own[at:]]
    sheet = pd.DataFrame(written, columns=["name", "district", "commune"], dtype="string[pyarrow]")
    repaired, _ = encodings.repair_rows(sheet)
    assert list(repaired.itertuples(index=False, name=None)) == meant


def _tells(row: tuple[str, str, str], encoding: str) -> bool:
    """Whether some cell of the row, as pasted, can be nothing else than that encoding."""
    return any(encodings.guess([legacy.encode(cell, encoding)]) == encoding for cell in row)
