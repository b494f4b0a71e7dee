"""Time and place of a veteran's service: 1/8/1961 to 30/4/1975, in B, C, K or ten communes of Vĩnh Linh."""

import pytest

from tests.rules.cases import CHILD, answer, said

MET, NOT_MET, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        pytest.param("1961-08-01", "1961-08-01", MET, id="the first day is enough"),
        pytest.param("1960", "1961-07-31", NOT_MET, id="ends the day before"),
        pytest.param("1960", "1961-07", NOT_MET, id="ends in the month before"),
        pytest.param("1960", "1961", MET, id="ends some day of 1961: may have reached August"),
        pytest.param("1975-04-30", "1980", MET, id="begins on the last day"),
        pytest.param("1975-05-01", "1980", NOT_MET, id="begins the day after"),
        pytest.param("1975-04", "1979", MET, id="begins in April 1975 and runs on"),
        pytest.param("1975", "1979", MET, id="begins some day of 1975"),
        pytest.param("1976", "1979", NOT_MET, id="wholly after"),
        pytest.param("1976", None, NOT_MET, id="begins after, the end not known: no end can help"),
        pytest.param(None, "1979", UNKNOWN, id="the beginning not known"),
        pytest.param(None, "1960", NOT_MET, id="ends before, the beginning not known"),
        pytest.param("1968", None, UNKNOWN, id="the end not known"),
        pytest.param(None, None, UNKNOWN, id="nothing known"),
    ],
)
def test_service_shares_a_day_with_the_period(since: str | None, until: str | None, expected: bool | None) -> None:
    assert answer("AO_SERVICE_OUTSIDE", service_from=since, service_to=until) is expected


def test_a_child_has_no_service_of_its_own() -> None:
    assert answer("AO_SERVICE_OUTSIDE", CHILD) is MET
    assert answer("AO_PLACE", CHILD) is MET
    assert answer("AO_UNIT_CODE_ONLY", CHILD) is MET


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        pytest.param("Quảng Trị", MET, id="south"),
        pytest.param("Chiến trường B (Quảng Trị)", MET, id="B by its letter and by name"),
        pytest.param("B2 - Tây Ninh", MET, id="B2"),
        pytest.param("QUANG TRI", MET, id="capitals without diacritics"),
        pytest.param("C - Khăm Muộn (Lào)", MET, id="Laos"),
        pytest.param("K (Campuchia)", MET, id="Cambodia"),
        pytest.param("Vĩnh Quang, Vĩnh Linh", MET, id="one of the ten communes"),
        pytest.param("Vĩnh Linh", UNKNOWN, id="Vĩnh Linh, commune not named"),
        pytest.param("Quảng Bình", UNKNOWN, id="next to the line: not decided"),
        pytest.param("Hải Phòng", NOT_MET, id="plainly North"),
        pytest.param("Thái Bình (tỉnh đội)", NOT_MET, id="a provincial command in the North"),
        pytest.param("Lào Cai", NOT_MET, id="Lào Cai is not Laos"),
        pytest.param("Hà Nội, sau đi B", MET, id="North, then the South"),
        pytest.param("Hà Nội, Bản Đông", UNKNOWN, id="North, and a word that is not known"),
        pytest.param("Trà Vinh", MET, id="Trà Vinh is not Vinh"),
        pytest.param("Nà Nưa", UNKNOWN, id="a place that is not known"),
        pytest.param("E42 F3", UNKNOWN, id="a unit only"),
        pytest.param(None, UNKNOWN, id="nothing written"),
    ],
)
def test_only_a_place_plainly_in_the_north_is_doubted(place: str | None, expected: bool | None) -> None:
    assert answer("AO_PLACE", place=place, unit=None) is expected


def test_a_southern_sounding_unit_does_not_outweigh_a_northern_place_but_is_shown() -> None:
    assert answer("AO_PLACE", place="Hải Phòng", unit="Đoàn 559") is NOT_MET
    assert "Đoàn 559" in str(said("AO_PLACE", place="Hải Phòng", unit="Đoàn 559")["evidence_against"])


@pytest.mark.parametrize(
    ("unit", "place", "expected"),
    [
        pytest.param("Đơn vị 39777", None, NOT_MET, id="a numbered unit"),
        pytest.param("Hòm thư 79.606 YK", None, NOT_MET, id="a letter-box"),
        pytest.param("HT 32629A", None, NOT_MET, id="a letter-box, short"),
        pytest.param("HT32629A", None, NOT_MET, id="a letter-box, without a space"),
        pytest.param("Ký hiệu 98-686", None, NOT_MET, id="a sign"),
        pytest.param("Đơn vị 571.HT 92", None, NOT_MET, id="a numbered unit and its letter-box"),
        pytest.param("571.HT 92", None, NOT_MET, id="the same without the word for a unit"),
        pytest.param("Hòm thư số: 92.571 TB04", None, NOT_MET, id="a letter-box with letters before figures"),
        pytest.param("C2, D4, HT 86.500 YK", None, NOT_MET, id="company and battalion by a letter-box"),
        pytest.param("98.686/YK", None, NOT_MET, id="a bare number"),
        pytest.param("Đ/v 39777 (HT 86500) chưa giải mã", None, NOT_MET, id="two codes, said to be undeciphered"),
        pytest.param("1972", None, UNKNOWN, id="a year is no code"),
        pytest.param("1968 - 1972", None, UNKNOWN, id="years are no code"),
        pytest.param("Đơn vị 571, E3", None, UNKNOWN, id="a code and a regiment"),
        pytest.param("HT 92 Quảng Trị", None, MET, id="a letter-box and an area"),
        pytest.param("Đoàn 84 (phiên hiệu chưa giải mã)", None, NOT_MET, id="said to be undeciphered"),
        pytest.param(None, "Ký hiệu 98-686", NOT_MET, id="the code in the column for the place"),
        pytest.param("Ký hiệu 98-686", "Quảng Trị", MET, id="a code and an area"),
        pytest.param("Đơn vị 39777, Tây Ninh", None, MET, id="a code and an area in one cell"),
        pytest.param("Đơn vị 39777", "không rõ", NOT_MET, id="the cell for the place says it is not known"),
        pytest.param("Đoàn 559", None, UNKNOWN, id="a unit whose area is known"),
        pytest.param("E42 F3", None, UNKNOWN, id="regiment and division: not a code"),
        pytest.param("Đơn vị 39777, Bản Đông", None, UNKNOWN, id="a code and a word that is not known"),
        pytest.param(None, None, UNKNOWN, id="nothing written"),
    ],
)
def test_only_an_undeciphered_code_asks_the_army(unit: str | None, place: str | None, expected: bool | None) -> None:
    assert answer("AO_UNIT_CODE_ONLY", unit=unit, place=place) is expected


def test_a_code_with_its_form_37_is_deciphered() -> None:
    assert answer("AO_UNIT_CODE_ONLY", unit="HT 32629A", place=None, papers="Giấy giải mã (Mẫu 37)") is MET
    assert answer("AO_UNIT_CODE_ONLY", unit="HT 32629A", place=None, note="chưa giải mã") is NOT_MET
