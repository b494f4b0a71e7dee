"""Six offices lay their lists out in six ways; each is read as its people would read it."""

import pickle
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eligibility_audit.domain.received import NOT_PERSON_REASONS, ReceivedSheet
from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.readers import SourceSpec, read_source
from tests.readers.offices import (
    CHILDREN,
    GROUPS,
    HOUSEHOLDS,
    NAMES,
    SPLIT_NAME,
    TWO_TIERS,
    TWO_TIERS_MERGED,
    Row,
    legacy,
    old_workbook,
    workbook,
)


def read(path: Path, kind: str, columns: Mapping[str, str] | None = None) -> ReceivedSheet:
    """The first sheet of a file."""
    return next(read_source(SourceSpec(kind, path.name, columns=columns or {}), path.parent))


def column(sheet: ReceivedSheet, name: str) -> list[str]:
    return [str(text) for text in sheet.lines[name]]


@pytest.mark.parametrize("merged", [pytest.param(TWO_TIERS_MERGED, id="merged"), pytest.param((), id="blanks only")])
def test_two_tiers_with_district_and_commune_rows(tmp_path: Path, merged: Sequence[str]) -> None:
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": TWO_TIERS}, merged), "merit_other")
    assert sheet.header_rows == (5, 6)
    assert sheet.lines["source_row"].tolist() == [10, 11, 14, 17]
    assert column(sheet, "birth_if_male") == ["1945", "", "5/1948", ""]
    assert column(sheet, "birth_if_female") == ["", "12/3/1950", "", "1939"]
    assert column(sheet, "national_id") == ["012345678", "", "12345679", ""]
    assert column(sheet, "decision_date")[0] == "3/4/1996"
    assert column(sheet, "heading_district") == ["HUYỆN ĐÔNG GIANG"] * 3 + ["HUYỆN TÂY GIANG"]
    assert column(sheet, "heading_commune") == ["Xã Bình Minh"] * 2 + ["Thị trấn Sông Con", "Xã Hòa Bình"]
    assert set(sheet.unmapped) == {"CMND/CCCD | Ngày cấp", "CMND/CCCD | Nơi cấp", "Ký nhận"}
    assert sheet.control_persons == 4
    assert sheet.not_person == {
        "title": 3, "blank": 3, "header": 2, "column_numbers": 1, "group": 5, "subtotal": 1, "total": 1, "signature": 4,
    }  # fmt: skip
    assert sheet.confidence > 0.9


def test_birth_date_in_three_columns_sex_by_crosses_parent_under_a_tier(tmp_path: Path) -> None:
    sheet = read(workbook(tmp_path / "a.xlsx", {"Con": CHILDREN}), "agent_orange")
    assert column(sheet, "birth_year") == ["1970", "1971", "1981"]
    assert column(sheet, "birth_day") == ["1", "11", "30"]
    assert column(sheet, "sex") == ["Nam", "Nữ", "Nữ"]
    assert column(sheet, "parent_dossier_no") == ["HH001", "HH002", "HH003"]
    assert column(sheet, "name")[0] == NAMES[0]


@pytest.mark.parametrize("merged", [pytest.param(("B1:C1",), id="merged"), pytest.param((), id="blank beside it")])
def test_name_over_two_columns_under_one_heading(tmp_path: Path, merged: Sequence[str]) -> None:
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": SPLIT_NAME}, merged), "agent_orange")
    assert column(sheet, "surname_middle") == ["Nguyễn Văn", "Trần Thị", "Lê Văn"]
    assert column(sheet, "given_name") == ["Tám", "Chín", "Ý"]
    assert {"service_from", "service_to", "unit", "place", "percent", "dossier_no"} <= sheet.header.keys()
    assert sheet.not_person == {"header": 1, "column_numbers": 1}


def test_members_on_lines_of_their_own(tmp_path: Path) -> None:
    sheet = read(workbook(tmp_path / "a.xlsx", {"Xã Bình Minh": HOUSEHOLDS}), "poor_households")
    assert sheet.lines["source_row"].tolist() == [4, 5, 6]
    assert column(sheet, "relation") == ["Chủ hộ", "Vợ", "Chủ hộ"]
    assert column(sheet, "household_no") == ["H01", "", "H02"]
    assert sheet.control_persons == 3  # khẩu, not hộ
    assert sheet.lines["heading_commune"].isna().all()  # a hamlet's row is no commune


def test_groups_are_carried_down_and_an_empty_name_stays(tmp_path: Path) -> None:
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": GROUPS}), "social_assistance")
    assert sheet.lines["source_row"].tolist() == [4, 5, 7, 9, 10, 11, 13]
    assert column(sheet, "name")[5] == ""
    assert column(sheet, "heading_group") == [
        "Người cao tuổi | Từ đủ 80 tuổi trở lên",
        "Người cao tuổi | Từ đủ 80 tuổi trở lên",
        "Người cao tuổi | Người cao tuổi thuộc hộ nghèo",
        "Người khuyết tật",
        "Người khuyết tật",
        "Người khuyết tật",
        "NKT đặc biệt nặng",
    ]
    assert sheet.control_persons == 7


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
def test_legacy_encodings_headings_and_heading_rows_are_understood_cells_left_as_they_are(
    tmp_path: Path, encoding: str
) -> None:
    rows = [[legacy(c, encoding) if isinstance(c, str) else c for c in row] for row in TWO_TIERS]
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": rows}, TWO_TIERS_MERGED), "merit_other")
    assert sheet.lines["source_row"].tolist() == [10, 11, 14, 17]
    assert sheet.header["name"].casefold() == "họ và tên"
    assert column(sheet, "name")[0] == legacy(NAMES[0], encoding)
    assert column(sheet, "heading_commune")[0].casefold() == "xã bình minh"


def test_an_old_workbook_with_hidden_rows(tmp_path: Path) -> None:
    sheet = read(old_workbook(tmp_path / "a.xls", SPLIT_NAME, hidden_rows=[4]), "agent_orange")
    assert sheet.lines["hidden"].tolist() == [False, True, False]
    assert column(sheet, "given_name") == ["Tám", "Chín", "Ý"]


def test_hidden_rows_are_read_and_hidden_copies_set_aside(tmp_path: Path) -> None:
    import openpyxl

    other = [GROUPS[0], (1, "Ngô Văn Khác", 1950, "Thôn Z", 1, 270_000, "")]
    statistics = [("STT", "Huyện", "Số người"), (1, "Đông Giang", 10), (2, "Tây Giang", 12)]
    path = workbook(tmp_path / "a.xlsx", {"DS": GROUPS, "TH": statistics, "cũ": GROUPS, "khác": other}, hidden_rows=[5])
    book = openpyxl.load_workbook(path)
    book["cũ"].sheet_state = "hidden"
    book["khác"].sheet_state = "veryHidden"
    book.save(path)
    sheets = {s.source_sheet: s for s in read_source(SourceSpec("social_assistance", "a.xlsx"), tmp_path)}
    assert sheets["DS"].lines["hidden"].tolist() == [False, True, False, False, False, False, False]
    assert sheets["TH"].not_person == {"no_table": 3}
    assert sheets["TH"].warnings
    assert sheets["cũ"].not_person == {"hidden_copy": len(GROUPS)}
    assert sheets["khác"].hidden
    assert sheets["khác"].lines["hidden"].tolist() == [True]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        pytest.param("Ngày tháng năm sinh (ghi rõ)", "date_of_birth", id="more words"),
        pytest.param("so_cmnd", "national_id", id="a database's name"),
        pytest.param("Số giấy CMND (CCCD)", "national_id", id="a telling word inside"),
        pytest.param("HO VA TEN", "name", id="capitals without marks"),
        pytest.param("Nơi cư trú (xã)", "commune", id="what the brackets say"),
        pytest.param("Tỉ lệ thương tật", "percent", id="another spelling"),
        pytest.param("Người nhận thay", None, id="nobody's column in this kind"),
        pytest.param("Ký nhận", None, id="a signature column"),
        pytest.param("Ngày cấp", None, id="the card's day of issue"),
    ],
)
def test_headings(heading: str, field: str | None) -> None:
    from eligibility_audit.domain.kinds import KINDS
    from eligibility_audit.readers.headings import scores

    possible = {f: s for f, s in scores((heading,)).items() if f in KINDS["merit_other"].field_names}
    best = max(possible, key=lambda f: possible[f], default=None)
    assert (best if best and possible[best] >= 0.75 else None) == field


def test_contents_settle_what_a_heading_leaves_open(tmp_path: Path) -> None:
    decided = [
        ("TT", "Họ tên", "Năm sinh", "Số QĐ"),
        *((i, n, 1950, f"{i}/QĐ ngày 1/2/2005") for i, n in enumerate(NAMES)),
    ]
    bare = [("TT", "Họ tên", "Năm sinh", "Số QĐ"), *((i, n, 1950, f"{i}/QĐ-UBND") for i, n in enumerate(NAMES))]
    assert "decision" in read(workbook(tmp_path / "a.xlsx", {"DS": decided}), "merit_other").header
    assert "decision_no" in read(workbook(tmp_path / "b.xlsx", {"DS": bare}), "merit_other").header


def test_old_card_and_new_card_complete_each_other(tmp_path: Path) -> None:
    rows = [
        ("TT", "Họ tên", "CMND", "CCCD"),
        (1, NAMES[0], "012345678", ""),
        (2, NAMES[1], "012345679", "034045000001"),
    ]
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": rows}), "merit_other")
    assert column(sheet, "national_id") == ["012345678", "034045000001"]


def test_two_columns_of_names_are_an_error_that_the_plan_settles(tmp_path: Path) -> None:
    rows: list[Row] = [("TT", "Họ tên", "Năm sinh", "Họ tên")]
    rows += [(i, a, 1950 + i, b) for i, (a, b) in enumerate(zip(NAMES, reversed(NAMES), strict=True))]
    path = workbook(tmp_path / "a.xlsx", {"DS": rows})
    with pytest.raises(InputError, match="hai cột cùng tên"):
        read(path, "merit_other")
    assert column(read(path, "merit_other", {"name": "D"}), "name") == list(reversed(NAMES))


def test_people_without_a_header_name_the_sheet_and_what_to_write(tmp_path: Path) -> None:
    rows = [(i, name, f"1/2/194{i}") for i, name in enumerate(NAMES)]
    path = workbook(tmp_path / "a.xlsx", {"Xã X": rows})
    with pytest.raises(InputError, match=r"a\.xlsx, Xã X.*columns: \{name:"):
        read(path, "merit_other")
    assert column(read(path, "merit_other", {"name": "B", "date_of_birth": "C"}), "name") == list(NAMES)


def test_the_plans_columns_bind(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"DS": GROUPS})
    assert column(read(path, "social_assistance", {"hamlet": "Địa chỉ"}), "hamlet")[0] == "Thôn A"
    with pytest.raises(UsageError, match="không có thật"):
        list(read_source(SourceSpec("social_assistance", "a.xlsx", columns={"note": "không có thật"}), tmp_path))
    with pytest.raises(UsageError, match="gần nhất: “name”"):
        read(path, "social_assistance", {"nmae": "B"})


def test_a_received_sheet_travels_between_processes(tmp_path: Path) -> None:
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": GROUPS}), "social_assistance")
    again = pickle.loads(pickle.dumps(sheet))  # noqa: S301
    assert again.lines.equals(sheet.lines)
    assert {str(d) for d in sheet.lines.dtypes} <= {"int64", "bool", "string"}


_CELLS = st.sampled_from(
    ["", "1", "Nguyễn Văn An", "Trần Thị Ý", "1945", "Nam", "012345678", "Cộng", "Xã Bình Minh", "(1)"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_CELLS, min_size=5, max_size=5), max_size=12))
def test_every_line_is_a_person_or_counted(tmp_path: Path, rows: list[list[str]]) -> None:
    header = ("STT", "Họ và tên", "Năm sinh", "Giới tính", "CMND")
    first = (1, "Lê Văn Mười", "1950", "Nam", "012345670")
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": [header, first, *rows]}), "merit_other")
    assert len(sheet.lines) + sum(sheet.not_person.values()) == sheet.total_lines
    assert set(sheet.not_person) <= set(NOT_PERSON_REASONS)
    assert sheet.lines["source_row"].is_unique
    named = [
        r + 3
        for r, row in enumerate(rows)
        if row[1].startswith(("Nguyễn", "Trần")) and row[2] == "1945" and row[0] == "1"
    ]
    assert set(named) <= set(sheet.lines["source_row"])
