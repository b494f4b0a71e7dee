"""Communes and districts: of the province that the data speak of, on the day asked for."""

from datetime import date

import pytest

from eligibility_audit.standardise.places import Gazetteer

BEFORE, AFTER = date(2020, 12, 31), date(2026, 1, 1)


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return Gazetteer.of_data(BEFORE, ["PHÒNG LĐTBXH HƯNG HÀ", "Xã Thụy Trường, Thái Thụy"])


def test_the_province_is_found_from_the_data(places: Gazetteer) -> None:
    assert places.province == "Tỉnh Thái Bình"
    assert Gazetteer.of_data(BEFORE, ["Danh sách", "không rõ"]).province is None


@pytest.mark.parametrize(
    ("received", "commune", "district"),
    [
        pytest.param("Xã An Khê, huyện Quỳnh Phụ, tỉnh Thái Bình", "Xã An Khê", "Huyện Quỳnh Phụ", id="in full"),
        pytest.param("An Khê, Quỳnh Phụ", "Xã An Khê", "Huyện Quỳnh Phụ", id="without type words"),
        pytest.param("Xã An Khê - H. Quỳnh Phụ", "Xã An Khê", "Huyện Quỳnh Phụ", id="dash and H."),
        pytest.param("xã An Khê huyện Quỳnh Phụ", "Xã An Khê", "Huyện Quỳnh Phụ", id="no separator"),
        pytest.param("AN KHÊ", "Xã An Khê", "Huyện Quỳnh Phụ", id="capitals; the district by the gazetteer"),
        pytest.param("An Khe, Q.Phu", "Xã An Khê", "Huyện Quỳnh Phụ", id="no marks, abbreviated district"),
        pytest.param(
            "Thôn Đông, Quỳnh Hoàng", "Xã Quỳnh Hoàng", "Huyện Quỳnh Phụ", id="hamlet and commune, no district"
        ),
        pytest.param("Xã Mới, Quỳnh Phụ", "Xã Mới", "Huyện Quỳnh Phụ", id="an unknown commune of a known district"),
        pytest.param("P.Đề Thám", "Phường Đề Thám", "Thành phố Thái Bình", id="P."),
        pytest.param("Đề Thám, TPTB", "Phường Đề Thám", "Thành phố Thái Bình", id="initials of a district"),
        pytest.param("Đề Thám, Thái Bình", "Phường Đề Thám", "Thành phố Thái Bình", id="town or province"),
        pytest.param("TT. Quỳnh Côi", "Thị trấn Quỳnh Côi", "Huyện Quỳnh Phụ", id="TT."),
        pytest.param("xã Tân Hoà, Hưng Hà", "Xã Tân Hòa", "Huyện Hưng Hà", id="tone on either vowel"),
        pytest.param("Vũ Quí, Kiến Xương", "Xã Vũ Quí", "Huyện Kiến Xương", id="i for y"),
        pytest.param("Xã Đông Trung", "Xã Đông Trung", "Huyện Tiền Hải", id="merged since: kept, its district known"),
        pytest.param("Phương Công, Tiền Hải", "Xã Phương Công", "Huyện Tiền Hải", id="Phương is no Phường"),
        pytest.param("Dương Phúc, Thái Thụy", "Xã Dương Phúc", "Huyện Thái Thụy", id="Dương is no đường"),
        pytest.param("X. Đông Mỹ", "Xã Đông Mỹ", "Thành phố Thái Bình", id="X. is no Roman ten"),
        pytest.param("I. Xã An Khê", "Xã An Khê", "Huyện Quỳnh Phụ", id="a Roman one is"),
        pytest.param("Xã Lạ Lẫm, huyện Xa Xôi", "Xã Lạ Lẫm", "Huyện Xa Xôi", id="unknown: as stated"),
        pytest.param("Tân Hòa", "Tân Hòa", None, id="of two districts: ambiguous"),
        pytest.param("Phường Quang Trung", "Phường Quang Trung", "Thành phố Thái Bình", id="its type tells which"),
    ],
)
def test_what_a_text_says(places: Gazetteer, received: str, commune: str, district: str | None) -> None:
    place = places.resolve(received)
    assert (place.commune, place.district) == (commune, district)


def test_an_ambiguous_name_is_settled_by_the_district_around_it(places: Gazetteer) -> None:
    assert places.resolve("Tân Hòa").ambiguous
    assert places.resolve("Tân Hòa").code is None
    settled = places.resolve("Tân Hòa", "Hưng Hà")
    assert (settled.commune, settled.district, settled.ambiguous) == ("Xã Tân Hòa", "Huyện Hưng Hà", False)
    assert settled.code is not None


def test_a_stated_district_goes_before_the_one_around(places: Gazetteer) -> None:
    assert places.resolve("An Khê, Quỳnh Phụ", "Hưng Hà").district == "Huyện Quỳnh Phụ"


def test_spellings_of_one_commune_have_one_code(places: Gazetteer) -> None:
    assert places.resolve("Vũ Quí").code == places.resolve("xã Vũ Quý").code


def test_the_hamlet_is_kept_apart(places: Gazetteer) -> None:
    assert places.resolve("Thôn Đoài, xã An Khê, Quỳnh Phụ").hamlet == "Thôn Đoài"


@pytest.mark.parametrize(
    ("title", "district"),
    [
        pytest.param("PHÒNG LĐTBXH QUỲNH PHỤ", "Huyện Quỳnh Phụ", id="an office's name"),
        pytest.param("UBND TP THÁI BÌNH", "Thành phố Thái Bình", id="the town"),
        pytest.param("SỞ LĐTBXH THÁI BÌNH", None, id="the province is no town"),
        pytest.param("Hưng Hà và Vũ Thư", None, id="two districts"),
        pytest.param("02 Quynh Phu", "Huyện Quỳnh Phụ", id="a file's name"),
    ],
)
def test_districts_of_titles(places: Gazetteer, title: str, district: str | None) -> None:
    assert places.district_in(title) == district


def test_districts_of_initials(places: Gazetteer) -> None:
    assert places.district_of_initials("QP-Con") == "Huyện Quỳnh Phụ"
    assert places.district_of_initials("TPTB") == "Thành phố Thái Bình"
    assert places.district_of_initials("KL-A") is None


def test_a_hyphen_within_a_name_does_not_part_it() -> None:
    places = Gazetteer.of_data(BEFORE, ["TP Phan Rang - Tháp Chàm"])
    place = places.resolve("Đô Vinh - TP Phan Rang - Tháp Chàm")
    assert (place.commune, place.district) == ("Phường Đô Vinh", "Thành phố Phan Rang - Tháp Chàm")


def test_after_1_july_2025_there_are_no_districts() -> None:
    places = Gazetteer.of_data(AFTER, ["Xã Quỳnh Phụ, tỉnh Hưng Yên"])
    place = places.resolve("Xã Quỳnh Phụ, tỉnh Hưng Yên")
    assert (places.province, place.commune, place.district) == ("Tỉnh Hưng Yên", "Xã Quỳnh Phụ", None)
    assert place.code is not None


@pytest.mark.parametrize(
    ("province", "received", "place"),
    [
        pytest.param(
            "Tỉnh Phú Thọ",
            "P. Âu Cơ, TX Phú Thọ",
            ("Phường Âu Cơ", "Thị xã Phú Thọ", "07948"),
            id="a town of its province's name",
        ),
        pytest.param(
            "Tỉnh Sóc Trăng",
            "Phường 1, Thị xã Ngã Năm",
            ("Phường 1", "Thị xã Ngã Năm", "31732"),
            id="thị xã is one word: no xã begins in it",
        ),
        pytest.param(
            "Tỉnh Sóc Trăng", "P1 TX Ngã Năm", ("Phường 1", "Thị xã Ngã Năm", "31732"), id="a letter before a number"
        ),
        pytest.param("Thành phố Hồ Chí Minh", "P.5 Q.3", ("Phường 5", "Quận 3", "27151"), id="letters alone"),
        pytest.param(
            "Tỉnh Phú Thọ", "Xã Trị Quận", ("Xã Trị Quận", "Huyện Phù Ninh", "08242"), id="Quận as part of a name"
        ),
        pytest.param("Tỉnh Phú Thọ", "Xã Phượng Khoan", ("Xã Phượng Khoan", None, None), id="Phượng is no Phường"),
        pytest.param("Tỉnh Phú Thọ", "phuong khoan", ("Phuong Khoan", None, None), id="nor is it without its marks"),
        pytest.param(
            "Tỉnh Long An",
            "Xã Tân Hưng, Huyện Vĩnh Hưng",
            ("Xã Tân Hưng", "Huyện Vĩnh Hưng", None),
            id="a commune with the name of another district",
        ),
    ],
)
def test_type_words_and_names(province: str, received: str, place: tuple[str, str | None, str | None]) -> None:
    found = Gazetteer(BEFORE, province).resolve(received)
    assert (found.commune, found.district, found.code) == place


def test_a_commune_with_its_type_speaks_for_no_district_elsewhere() -> None:
    assert Gazetteer.of_data(BEFORE, ["Xã Tân Bình, Huyện Bình Tân"]).province == "Tỉnh Vĩnh Long"  # not Sài Gòn's
    assert Gazetteer.of_data(BEFORE, ["Huyện Lâm Hà"], communes=["Mê Linh", "Phúc Thọ"]).province == "Tỉnh Lâm Đồng"
