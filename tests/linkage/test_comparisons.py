"""Levels of agreement, pair by pair: the answer key of linkage."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import Levels
from eligibility_audit.linkage.comparisons import (
    Comparison,
    DateComparison,
    HabitComparison,
    NameComparison,
    NamesakeComparison,
    NationalIdComparison,
    PlaceComparison,
    SexComparison,
    position,
)
from eligibility_audit.linkage.people import places


def column(*values: str | None) -> "pd.Series[str]":
    return pd.Series(pd.array(values, dtype="string[pyarrow]"))


def level(comparison: Comparison, before: dict[str, Levels] | None = None) -> str:
    code = int(comparison.compare(np.array([0]), np.array([1]), before or {})[0])
    other = int(comparison.compare(np.array([1]), np.array([0]), before or {})[0])
    assert code == other, "comparing is symmetric"
    return "not comparable" if code == 0 else comparison.levels[code - 1].name


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param("Lê Văn An", "lê văn an", "equal", id="case does not count"),
        pytest.param("Trần Thị Hoà", "Trần Thị Hòa", "tone_placement", id="tone placement"),
        pytest.param("Tran Thi Hoa", "Trần Thị Hòa", "bare", id="marks lost on one side"),
        pytest.param("Vũ Đức Tung", "Vũ Đức Tùng", "marks_differ", id="one mark lost"),
        pytest.param("Vũ Đức Hùng", "Vũ Đức Hưng", "marks_differ", id="two names, same letters"),
        pytest.param("Phạm Văn Suân", "Phạm Văn Xuân", "slip", id="s for x"),
        pytest.param("Bùi Huy Cườn", "Bùi Huy Cường", "slip", id="a letter dropped"),
        pytest.param("Bùi Thị Quiên", "Bùi Thị Quyên", "slip", id="i for y"),
        pytest.param("Bùi Thị Tuyêts", "Bùi Thị Tuyết", "slip", id="a key too many"),
        pytest.param("Đỗ Thị An", "Đỗ Thị Ân", "marks_differ", id="short names"),
        pytest.param(
            "Đỗ Thị Hà",
            "Đỗ Thị Hoa",
            "near",
            id="a letter in a word of two may be a name of its own: how rare it is tells",
        ),
        pytest.param("Lê Văn Bảy", "Lã Văn Bảy", "near", id="another surname, one letter apart"),
        pytest.param("Vũ Tâm", "Vũ Trọng Tâm", "middle_dropped", id="middle name dropped"),
        pytest.param("Lê Thị Thu Hà", "Lê Thu Hà", "middle_dropped", id="one of two middle names dropped"),
        pytest.param("Lê Thị Hà", "Lê Ngọc Hà", "middle_differs", id="another middle name"),
        pytest.param("Ng. V. An", "Nguyễn Văn An", "abbreviated", id="abbreviated"),
        pytest.param("Ng. T. An", "Nguyễn Văn An", "different", id="an initial that does not fit"),
        pytest.param("Khôi Lê Văn", "Lê Văn Khôi", "reordered", id="given name first"),
        pytest.param("Lê Văn Khôi", "Lê Văn Bách", "given_differs", id="brothers, or another name"),
        pytest.param("Nguyễn Văn An", "Trần Thị Hoa", "different", id="different"),
        pytest.param(None, "Trần Thị Hoa", "not comparable", id="missing"),
        pytest.param("", "Trần Thị Hoa", "not comparable", id="blank"),
    ],
)
def test_names(one: str | None, two: str | None, expected: str) -> None:
    assert level(NameComparison("name", column(one, two))) == expected


@pytest.mark.parametrize(
    ("alias", "expected"),
    [
        pytest.param("Lê Văn Minh", "alias", id="the whole name"),
        pytest.param("Minh", "alias", id="the given name alone"),
        pytest.param("Tư", "given_differs", id="another alias"),
    ],
)
def test_alias_is_the_other_name(alias: str, expected: str) -> None:
    compared = NameComparison("name", column("Lê Văn Khôi", "Lê Văn Minh"), column(alias, None))
    assert level(compared) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param("1944-07-15", "1944-07-15", "day", id="same day"),
        pytest.param("1944-07-05", "1944-05-07", "swapped", id="day and month swapped"),
        pytest.param("1944-07-15", "1944-07-16", "typo", id="one digit in the day"),
        pytest.param("1944-07-15", "1974-07-15", "year_slip", id="one digit in the year"),
        pytest.param("1944-07-15", "1941-07-15", "year_slip", id="army papers and card: up to three years"),
        pytest.param("1944-07-15", "1944-08-02", "near_day", id="registered within the month"),
        pytest.param("1943-12-28", "1944-01-05", "near_day", id="across the new year"),
        pytest.param("1944-07-15", "1944-09-26", "same_year", id="namesake of the year: two full dates"),
        pytest.param("1944-07-15", "1968-02-03", "different", id="different"),
        pytest.param("1944-07-15", "1944-07", "month", id="a side knows the month only"),
        pytest.param("1955-02", "1955-07-02", "month_swapped", id="the month of a coarse date is the day of the other"),
        pytest.param("1944-07-15", "1944-08", "month_differs", id="known months differ"),
        pytest.param("1944-07-15", "1944", "year", id="a side knows the year only"),
        pytest.param("1944", "1944", "year", id="both know the year only"),
        pytest.param("1944-07-15", "1946", "near_year", id="two years off, coarse"),
        pytest.param("1944-07-15", "1947", "year_differs", id="three years off"),
        pytest.param("1944", "1978-09-26", "year_differs", id="father and son"),
        pytest.param("1944-01-01", "1944-07-15", "year", id="the first of January stands for the year"),
        pytest.param(None, "1944", "not comparable", id="missing"),
        pytest.param("19440715", "1944-07-15", "day", id="eight digits"),
        pytest.param("15/07/1944", "1944-07-15", "day", id="day first"),
    ],
)
def test_dates(one: str | None, two: str, expected: str) -> None:
    assert level(DateComparison("date_of_birth", column(one, two))) == expected


@pytest.mark.parametrize(
    ("dates", "numbers", "written", "held"),
    [
        pytest.param(
            ("1944", "1944"), (None, None), "both_coarse", "both_none", id="a year alone and no number, twice"
        ),
        pytest.param(("1944", "1944-07-15"), ("012345678", None), "one_coarse", "one_none", id="each known once"),
        pytest.param(
            ("1944-07-15", "1944-07-15"), ("012345678", "034044001234"), "both_day", "two_kinds", id="9 and 12 digits"
        ),
        pytest.param(("1944-07-15", "1944-07-16"), ("012345678", "012345679"), "both_day", "one_kind", id="one kind"),
        pytest.param(("1944", "1950"), (None, None), "not comparable", "not comparable", id="papers go with the year"),
        pytest.param(("1944-07-15", "1944-01-01"), (None, None), "one_new_year", "both_none", id="01/01 of the typist"),
        pytest.param(("01/01/1944", "1944"), (None, None), "coarse_new_year", "both_none", id="01/01 and a year alone"),
        pytest.param(("1944-01-01", "1944-01-01"), (None, None), "both_new_year", "both_none", id="01/01 twice"),
        pytest.param(("1944-07", "1944-07-15"), (None, None), "one_coarse", "both_none", id="a month and a day"),
    ],
)
def test_how_the_lines_of_one_list_are_written(
    dates: tuple[str, str], numbers: tuple[str | None, str | None], written: str, held: str
) -> None:
    date = DateComparison("date_of_birth", column(*dates))
    number = NationalIdComparison("national_id", column(*numbers), date, None)
    one, two = np.array([0]), np.array([1])
    before = {"date_of_birth": date.compare(one, two, {})}
    for kinds, names, levels, expected in (
        (date.precision, date.PRECISIONS, known.DATES_WRITTEN, written),
        (number.kinds, number.KINDS, known.NUMBERS_HELD, held),
    ):
        code = int(HabitComparison("habit", kinds, names, levels, date).compare(one, two, before)[0])
        assert (levels[code - 1].name if code else "not comparable") == expected


IDS = [
    pytest.param("151234567", "151234567", "equal", id="equal"),
    pytest.param("151234567", "151834567", "typo", id="one digit"),
    pytest.param("151234567", "151324567", "typo", id="neighbours exchanged"),
    pytest.param("151234567", "151234547", "close", id="one digit at the end: as near as the next applicants' numbers"),
    pytest.param("034044123456", "34044123456", "equal", id="a leading zero lost in a spreadsheet"),
    pytest.param("51234567", "051234567", "equal", id="a leading zero lost, nine digits"),
    pytest.param("151234567", "151234568", "neighbour", id="consecutive numbers, as in one family"),
    pytest.param("151234567", "152987654", "different", id="different"),
    pytest.param("151234567", "034044123456", "not comparable", id="nine and twelve digits"),
    pytest.param(None, "151234567", "not comparable", id="missing"),
]


@pytest.mark.parametrize(("one", "two", "expected"), IDS)
def test_ids(one: str | None, two: str, expected: str) -> None:
    assert level(NationalIdComparison("national_id", column(one, two), None, None)) == expected


@pytest.mark.parametrize(
    ("born", "sex", "expected"),
    [
        pytest.param("1944", "M", "regimes_agree", id="year and sex fit"),
        pytest.param("1945", "M", "regimes_contradict", id="another year"),
        pytest.param("1944", "F", "regimes_contradict", id="the other sex"),
        pytest.param(None, "M", "not comparable", id="nothing to test"),
    ],
)
def test_twelve_digits_tell_year_and_sex_where_a_birth_date_is_missing(
    born: str | None, sex: str, expected: str
) -> None:
    ids, dates, sexes = column("034044123456", "151234567"), column(None, born), column(None, sex)
    date = DateComparison("date_of_birth", dates)
    compared = NationalIdComparison("national_id", ids, date, sexes)
    assert level(compared, {"date_of_birth": date.compare(np.array([0]), np.array([1]), {})}) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param(("Xã An Khê", "Huyện A"), ("An Khê", "Huyện A"), "same_commune", id="type word left out"),
        pytest.param(("Xã An Khê", "Huyện A"), ("X. An Khê", "H. A"), "same_commune", id="type word abbreviated"),
        pytest.param(("Xã An Khê", "Huyện A"), ("Xã Vũ Lăng", "Huyện A"), "same_district", id="same district"),
        pytest.param(("Xã An Khê", "Huyện A"), ("Xã Vũ Lăng", "Huyện B"), "different", id="another district"),
        pytest.param(("Xã Vũ Lăng", None), ("Xã Vũ Lăng", "Huyện B"), "same_commune", id="only one district has it"),
        pytest.param(("Xã Tân Hòa", None), ("Xã Tân Hòa", "Huyện A"), "not comparable", id="two districts have it"),
        pytest.param((None, None), ("Xã An Khê", "Huyện A"), "not comparable", id="missing"),
    ],
)
def test_places(one: tuple[str | None, str | None], two: tuple[str, str], expected: str) -> None:
    communes = column(one[0], two[0], "Xã Tân Hòa", "Xã Tân Hòa", "Xã Vũ Lăng")
    districts = column(one[1], two[1], "Huyện A", "Huyện B", "Huyện B")
    commune, district, _ = places(communes, districts, column(None, None, None, None, None))
    assert level(PlaceComparison("place", commune, district)) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        pytest.param(("Xã An Khê", "Huyện Quỳnh Phụ"), ("Xã A Sào", None), "merged", id="merged on 2025-07-01"),
        pytest.param(("Xã A Sào", None), ("Xã An Khê", "Huyện Quỳnh Phụ"), "merged", id="the other way round"),
        pytest.param(
            ("Xã Quỳnh Trang", "Huyện Quỳnh Phụ"), ("Xã Trang Bảo Xá", "Huyện Quỳnh Phụ"), "merged", id="before 2025"
        ),
        pytest.param(("Xã Quỳnh Trang", "Huyện Quỳnh Phụ"), ("Xã Quỳnh An", None), "merged", id="merged twice"),
        pytest.param(("Xã An Khê", "Huyện Quỳnh Phụ"), ("Xã Quỳnh Phụ", None), "different", id="into another"),
        pytest.param(("Xã An Khê", "Huyện Quỳnh Phụ"), ("Xã An Khê", None), "same_commune", id="one district has it"),
    ],
)
def test_communes_under_their_old_and_their_new_name(
    one: tuple[str, str | None], two: tuple[str, str | None], expected: str
) -> None:
    names = [*zip(one, two, strict=True)]
    commune, district, texts = places(column(*names[0]), column(*names[1]), column(None, None))
    assert level(PlaceComparison("place", commune, district, texts=texts)) == expected


def test_a_commune_that_was_merged_is_never_a_disagreement() -> None:
    merged = next(each for each in known.PLACE if each.name == "merged")
    assert merged.floor == 0


def test_place_of_origin_stands_in_for_a_missing_commune() -> None:
    communes, districts = column(None, "Xã An Khê"), column(None, "Huyện Quỳnh Phụ")
    commune, district, _ = places(communes, districts, column("An Khê - Quỳnh Phụ - Thái Bình", None))
    assert level(PlaceComparison("place", commune, district)) == "same_commune"


def test_sex_says_nothing_new_where_names_agree() -> None:
    names = NameComparison("name", column("Lê Thị Hoa", "Lê Thị Hoa"))
    before = {"name": names.compare(np.array([0]), np.array([1]), {})}
    assert level(SexComparison("sex", column("F", "F"), "name"), before) == "not comparable"
    assert level(SexComparison("sex", column("F", "M"), "name"), before) == "different"


words = st.sampled_from(["Nguyễn", "Lê", "Văn", "Thị", "An", "Hòa", "Hoà", "Tùng", "Tung", "Ng.", "V.", "Xuân", "Suân"])
names = st.lists(words, min_size=0, max_size=5).map(" ".join)


@settings(max_examples=60)
@given(names, names)
def test_comparing_names_is_symmetric_and_a_name_equals_itself(one: str, two: str) -> None:
    level(NameComparison("name", column(one, two)))
    itself = level(NameComparison("name", column(one, one)))
    assert itself == ("equal" if one else "not comparable")


days = st.dates(min_value=date(1900, 1, 1))
dates = st.one_of(st.none(), days.map(str), days.map(lambda d: f"{d:%Y-%m}"), days.map(lambda d: f"{d:%Y}"))


@settings(max_examples=60)
@given(dates, dates)
def test_a_date_that_is_only_coarser_never_contradicts(one: str | None, two: str | None) -> None:
    level(DateComparison("date_of_birth", column(one, two)))
    if one is not None:
        for part in (one[:7], one[:4]):
            assert level(DateComparison("date_of_birth", column(one, part))) in ("day", "month", "year")


def test_namesakes_of_one_year_and_commune_are_a_level_of_their_own() -> None:
    compared = NamesakeComparison("namesake", "name", "date_of_birth", "place")
    name = np.array([1, 1, 1, 1, position(known.NAME, "different")], dtype=np.int8)
    date = np.array([position(known.DATE, level) for level in ("same_year", "year", "different", "year", "day")])
    place = np.array(
        [position(known.PLACE, level) for level in ("same_commune", *["same_commune"] * 2, "different", "same_commune")]
    )
    before = {"name": name, "date_of_birth": date.astype(np.int8), "place": place.astype(np.int8)}
    found = compared.compare(np.arange(5), np.arange(5), before)
    assert [compared.levels[code - 1].name if code else "" for code in found] == [
        "year_here",
        "coarse_year_here",
        "here",
        "coarse_year",
        "",
    ]
