"""Lists of offices that nobody told the reader of. Each case: the headings as typed, and the field each column is."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from eligibility_audit.domain.received import ReceivedSheet
from eligibility_audit.readers import SourceSpec, inspect_file, read_source
from eligibility_audit.readers.workbooks import letters
from tests.readers.offices import NAMES, Row, workbook

CELLS: Mapping[str, Sequence[object]] = {
    "name": NAMES,
    "parent_name": ("Hồ Văn Cha", "Cao Văn Ông", "Bùi Thị Bà", "Hồ Văn Tư", "Cao Văn Năm", "Bùi Văn Sáu"),
    "surname_middle": ("Nguyễn Văn", "Trần Thị", "Lê Văn", "Phạm Thị", "Vũ Đức", "Đặng Thị"),
    "given_name": ("Tám", "Chín", "Mười", "Bưởi", "Lợi", "Quế"),
    "date_of_birth": ("01/02/1945", "3/4/1950", "1947", "5/1948", "07/08/1949", "1951"),
    "birth_if_male": ("1945", "", "1947", "", "1949", ""),
    "birth_if_female": ("", "1950", "", "1948", "", "1951"),
    "sex": ("Nam", "Nữ", "Nam", "Nữ", "Nam", "Nữ"),
    "national_id": ("012345678", "", "034145000001", "012345670", "", "012345671"),
    "dossier_no": ("TL/101", "TL/102", "TL/103", "HH/104", "HH/105", "HH/106"),
    "parent_dossier_no": ("HH/901", "HH/902", "HH/903", "HH/904", "HH/905", "HH/906"),
    "address": tuple(f"Thôn {n}, xã Bình Minh, huyện Đông Giang" for n in range(6)),
    "hamlet": tuple(f"Thôn {n}" for n in range(6)),
    "commune": ("Xã Bình Minh", "Xã Hòa Bình") * 3,
    "district": ("Huyện Đông Giang",) * 6,
    "home_place": ("Bình Minh, Hải An",) * 6,
    "service_from": ("1/1965", "2/1966", "3/1967", "4/1968", "5/1969", "6/1970"),
    "service_to": ("1/1971", "2/1972", "3/1973", "4/1974", "5/1975", "4/1975"),
    "unit": ("C1 D2 E3", "D5 F6") * 3,
    "place": ("Quảng Trị", "B2", "Nam Lào") * 2,
    "disease": ("Đái tháo đường týp 2", "Bệnh Parkinson") * 3,
    "percent": ("41", "61%", "21", "35", "81", "45"),
    "papers": ("Lý lịch quân nhân", "Quyết định phục viên") * 3,
    "paper_date": ("1/2/1976", "3/4/1977") * 3,
    "decision_no": tuple(f"{n}/QĐ-SLĐ" for n in range(10, 16)),
    "decision_date": ("1/2/2001", "3/4/2002") * 3,
    "start_month": ("2/2001", "5/2002") * 3,
    "monthly_amount": (1_234_000, 2_056_000, "974.000") * 2,
    "group": ("Thương binh", "Bệnh binh") * 3,
    "coefficient": (1, 1.5, "2,0") * 2,
    "certificate_no": tuple(f"{n}/GXNKT" for n in range(1, 7)),
    "disability_level": ("Vận động - nặng", "Nghe nói - nặng") * 3,
    "guardian": ("Hồ Văn Cha", "", "Bùi Thị Bà") * 2,
    "months": (1, 3) * 3,
    "amount": (750_000, 1_500_000) * 3,
    "paid_on": ("15/5/2020", "20/6/2020") * 3,
    "relation": ("Chủ hộ", "Vợ", "Con") * 2,
    "household_no": ("HN101", "HN101", "HN102") * 2,
    "household_class": ("Hộ nghèo", "Hộ cận nghèo") * 3,
    "registration_no": tuple(f"{n}/2019" for n in range(1, 7)),
    "registered_on": ("1/2/2019", "3/4/2019") * 3,
    "died_on": ("30/1/2019", "1/4/2019") * 3,
    "book_no": tuple(f"34{n}1234567" for n in range(6)),
    "pension_kind": ("Hưu trí", "Mất sức lao động") * 3,
    "finding_text": ("Giấy tờ bị tẩy xóa", "Không xác định được địa bàn") * 3,
    "handling": ("Đình chỉ trợ cấp", "Xác minh tiếp") * 3,
    "ordinal": (1, 2, 3, 4, 5, 6),
    "day": (1, 3, 5, 7, 9, 11),
    "month": (2, 4, 6, 8, 10, 12),
    "year": (2017, 2018, 2019, 2017, 2018, 2019),
    "first cross": ("x", "", "x", "", "x", ""),
    "second cross": ("", "x", "", "x", "", "x"),
    "something": ("Kinh", "Tày") * 3,
}


def rows(columns: Sequence[str]) -> list[Row]:
    """Six people, the columns' cells as above."""
    return [[CELLS[name.partition("=")[0]][n] for name in columns] for n in range(6)]


def read(path: Path, kind: str) -> ReceivedSheet:
    return next(read_source(SourceSpec(kind, path.name), path.parent))


# kind | what stands in a column = its heading, with ` > ` between tiers; "something" is to be left alone
LAYOUTS = {
    "a national form: names at birth, personal number, two residences": """agent_orange
        ordinal=STT; dossier_no=Số hiệu hồ sơ; name=Họ, chữ đệm và tên khai sinh
        birth_if_male=Ngày, tháng, năm sinh > Nam; birth_if_female=Ngày, tháng, năm sinh > Nữ; national_id=Số ĐDCN
        address=Nơi ĐKTT; service_from=Thời gian tham gia\\nHĐKC > Từ tháng năm
        service_to=Thời gian tham gia\\nHĐKC > Đến tháng năm; place=Địa bàn tham gia\\nkháng chiến
        disease=Tình trạng bệnh, tật; percent=Tỷ lệ tổn\\nthương cơ thể (%); decision_no=Quyết định trợ cấp > Số QĐ
        decision_date=Quyết định trợ cấp > Ngày, tháng, năm; monthly_amount=Mức trợ cấp\\n(đồng/tháng)""",
    "the exposed parent under a long tier": """agent_orange
        ordinal=TT; name=Thông tin con đẻ > Họ và tên; date_of_birth=Thông tin con đẻ > Ngày sinh
        parent_name=Bố (mẹ) là người HĐKC bị nhiễm > Họ và tên
        parent_dossier_no=Bố (mẹ) là người HĐKC bị nhiễm > Số hồ sơ; disease=Dạng dị tật; percent=% suy giảm
        monthly_amount=Trợ cấp đang hưởng > Mức (đồng); start_month=Trợ cấp đang hưởng > Từ tháng""",
    "the exposed parent in columns of his own": """agent_orange
        ordinal=Stt; dossier_no=Mã HS con; name=Họ và tên con; date_of_birth=Năm sinh con
        parent_name=Họ tên bố (mẹ) bị nhiễm; parent_dossier_no=Số HS của bố/mẹ; hamlet=Thôn; commune=Xã
        district=Huyện; disease=Dị dạng, dị tật; percent=% suy giảm; monthly_amount=Tiền trợ cấp""",
    "an export of a database": """agent_orange
        dossier_no=SOHS; name=HOTEN; date_of_birth=NGSINH; sex=GTINH; national_id=SOCMT; something=MAHUYEN
        district=TENHUYEN; commune=TENXA; home_place=NGUYENQUAN; service_from=TUNGAY; service_to=DENNGAY; unit=DONVI
        place=DIABAN; disease=BENHTAT; percent=TLTT; decision_no=SOQD; decision_date=NGAYQD; monthly_amount=MUCTC""",
    "three tiers": """social_assistance
        ordinal=STT; name=Thông tin đối tượng > Họ và tên; birth_if_male=Thông tin đối tượng > Năm sinh > Nam
        birth_if_female=Thông tin đối tượng > Năm sinh > Nữ; address=Thông tin đối tượng > Địa chỉ
        disability_level=Thông tin khuyết tật > Mức độ; certificate_no=Thông tin khuyết tật > Số GXN
        coefficient=Trợ cấp > Hệ số; monthly_amount=Trợ cấp > Mức tiền; start_month=Trợ cấp > Thời điểm hưởng
        guardian=Người giám hộ/nhận thay > Họ và tên; something=Người giám hộ/nhận thay > Quan hệ""",
    "numbered headings, a hyphen at the line's end": """merit_other
        ordinal=S\\nT\\nT; name=1. Họ và tên người\\nhưởng trợ cấp; date_of_birth=2. Ngày, tháng, năm si-\\nnh
        sex=3. Giới tính; national_id=4. Số CMND; hamlet=5. Thôn; commune=6. Xã; group=7. Diện ưu đãi
        monthly_amount=9. Mức trợ cấp""",
    "two amounts: the sum paid, not the rate": """covid_relief
        ordinal=TT; name=Họ và tên; date_of_birth=Năm sinh; national_id=Số CMND/ Thẻ căn cước/ĐDCN
        address=Nơi ở hiện nay; group=Nhóm đối tượng theo NQ42; months=Số tháng hỗ trợ
        amount=Tổng số tiền hỗ trợ; paid_on=Đã nhận tiền ngày""",
    "members with the head's name beside": """poor_households
        ordinal=STT; something=Dân tộc; name=Họ tên thành viên; date_of_birth=Ngày sinh; sex=Giới tính
        relation=Quan hệ với chủ hộ; national_id=Số CMND; hamlet=Thôn; household_class=Phân loại hộ""",
    "the register of deaths": """deaths
        registration_no=Số; registered_on=Ngày, tháng, năm đăng ký; name=Họ, chữ đệm, tên người chết
        date_of_birth=Ngày, tháng, năm sinh; sex=Giới tính; something=Dân tộc; address=Nơi cư trú cuối cùng
        national_id=Số giấy tờ tùy thân; died_on=Chết vào lúc""",
    "pensions in English": """pensions
        name=full_name; date_of_birth=dob; sex=gender; national_id=id_no; address=address; book_no=insurance_no
        pension_kind=benefit_type; monthly_amount=monthly_benefit""",
    "army records": """service_records
        ordinal=TT; name=Họ tên; date_of_birth=Sinh; address=Nơi đăng ký HKTT; home_place=Quê quán; service_from=Ngày NN
        service_to=Ngày XN/PV; unit=Đơn vị khi đi B; place=Nơi công tác, chiến đấu""",
    "an annex of inspection": """inspection_findings
        ordinal=TT; name=Họ và tên người hưởng; dossier_no=Số hồ sơ; date_of_birth=Sinh năm; address=Nơi cư trú
        finding_text=Kết quả xác minh; something=Căn cứ kết luận; handling=Kiến nghị xử lý""",
    "a paper and its date": """agent_orange
        ordinal=TT; name=Họ và tên\\n(Bí danh); date_of_birth=Ngày\\ntháng\\nnăm sinh
        service_from=Thời gian, địa bàn > Từ; service_to=Thời gian, địa bàn > Đến
        papers=Giấy tờ chứng minh > Tên giấy tờ; paper_date=Giấy tờ chứng minh > Ngày lập
        disease=Tình hình bệnh tật, dị tật; percent=Kết luận của HĐ GĐYK (tỷ lệ %)
        monthly_amount=Mức trợ cấp hiện hưởng""",
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_every_column_is_understood_and_the_kind_guessed(tmp_path: Path, layout: str) -> None:
    kind, _, rest = layout.partition("\n")
    columns = [part.strip() for part in rest.replace("\n", ";").split(";") if part.strip()]
    tiers = [column.partition("=")[2].replace("\\n", "\n").split(" > ") for column in columns]
    depth = max(map(len, tiers))
    header = [[t[level] if level < len(t) else "" for t in tiers] for level in range(depth)]
    for upper in header[:-1]:  # a tier over several columns is typed once
        for column in range(len(upper) - 1, 0, -1):
            upper[column] = "" if upper[column] == upper[column - 1] and upper[column] else upper[column]
    merged = _merged(tiers, depth, first_row=3)
    path = workbook(tmp_path / "ds.xlsx", {"Trang 1": [("Biểu số 01",), (), *header, *rows(columns)]}, merged)

    sheet = read(path, kind)
    expected = {c.partition("=")[0] for c in columns} - {"something"}
    assert set(sheet.header) == expected
    for position, described in enumerate(columns):
        name = described.partition("=")[0]
        if name != "something":
            assert list(sheet.lines[name]) == [str(CELLS[name][n]) for n in range(6)]
        else:
            assert " | ".join(" ".join(t.split()) for t in tiers[position]) in sheet.unmapped
    assert inspect_file(path).kind == kind


def _merged(tiers: Sequence[Sequence[str]], depth: int, first_row: int) -> list[str]:
    """Cells of one heading, over its columns or down to the last tier."""
    found = []
    for level in range(depth):
        column = 0
        while column < len(tiers):
            if level >= len(tiers[column]):
                column += 1
                continue
            end = column
            while end + 1 < len(tiers) and tiers[end + 1][: level + 1] == tiers[column][: level + 1]:
                end += 1
            down = depth - 1 if level == len(tiers[column]) - 1 else level
            if (end, down) != (column, level):
                found.append(f"{letters(column + 1)}{first_row + level}:{letters(end + 1)}{first_row + down}")
            column = end + 1
    return found


def test_a_date_in_three_columns_is_one_date(tmp_path: Path) -> None:
    columns = ["ordinal", "name", "date_of_birth", "day", "month", "year", "registration_no"]
    header: list[Row] = [
        ("STT", "Họ và tên", "Năm sinh", "Ngày chết", "", "", "Số đăng ký"),
        ("", "", "", "Ngày", "Tháng", "Năm", ""),
    ]
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": [*header, *rows(columns)]}, ["D1:F1"]), "deaths")
    assert sheet.lines["died_on"].tolist()[:2] == ["1/2/2017", "3/4/2018"]


def test_crosses_under_one_heading_say_the_heading_they_stand_under(tmp_path: Path) -> None:
    columns = ["ordinal", "name", "date_of_birth", "first cross", "second cross", "hamlet"]
    header: list[Row] = [
        ("STT", "Họ và tên chủ hộ", "Năm sinh", "Phân loại hộ", "", "Thôn"),
        ("", "", "", "Hộ nghèo", "Hộ cận nghèo", ""),
    ]
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": [*header, *rows(columns)]}, ["D1:E1"]), "poor_households")
    assert sheet.lines["household_class"].tolist() == ["Hộ nghèo", "Hộ cận nghèo"] * 3


def test_surname_middle_and_given_name_in_three_columns(tmp_path: Path) -> None:
    people: list[Row] = [
        (1, "Nguyễn", "Văn", "Tám", 1945),
        (2, "Trần", "Thị", "Chín", 1950),
        (3, "Lê", "", "Mười", 1951),
    ]
    path = workbook(tmp_path / "a.xlsx", {"DS": [("STT", "Họ", "Tên đệm", "Tên", "Năm sinh"), *people]})
    sheet = read(path, "merit_other")
    assert sheet.lines["surname_middle"].tolist() == ["Nguyễn Văn", "Trần Thị", "Lê"]
    assert sheet.lines["given_name"].tolist() == ["Tám", "Chín", "Mười"]


def test_headings_that_run_on_in_the_line_below(tmp_path: Path) -> None:
    columns = ["ordinal", "name", "date_of_birth", "sex", "national_id", "address", "group", "monthly_amount"]
    header: list[Row] = [
        ("TT", "HỌ VÀ", "NGÀY THÁNG", "GIỚI", "SỐ", "NƠI", "ĐỐI", "MỨC TRỢ CẤP"),
        ("", "TÊN", "NĂM SINH", "TÍNH", "CMND", "Ở", "TƯỢNG", "(đồng)"),
    ]
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": [*header, *rows(columns)]}), "merit_other")
    assert set(sheet.header) == set(columns)
    assert sheet.header_rows == (1, 2)


def test_two_tables_in_one_sheet_each_with_its_own_header(tmp_path: Path) -> None:
    veterans = ["ordinal", "name", "date_of_birth", "dossier_no", "disease", "percent", "monthly_amount"]
    children = ["ordinal", "dossier_no", "name", "date_of_birth", "sex", "parent_name", "percent", "monthly_amount"]
    sheet_rows: list[Row] = [
        ("I. NGƯỜI HOẠT ĐỘNG KHÁNG CHIẾN",),
        ("TT", "Họ và tên", "Năm sinh", "Số hồ sơ", "Bệnh tật", "Tỷ lệ", "Mức TC"),
        *rows(veterans),
        (),
        ("II. CON ĐẺ CỦA NGƯỜI HĐKC",),
        ("TT", "Số hồ sơ", "Họ và tên con", "Ngày sinh", "Giới tính", "Họ tên cha/mẹ", "Tỷ lệ", "Mức TC"),
        *rows(children),
    ]
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": sheet_rows}), "agent_orange")
    assert sheet.lines["source_row"].tolist() == [3, 4, 5, 6, 7, 8, 12, 13, 14, 15, 16, 17]
    assert sheet.lines["name"].tolist() == [*NAMES, *NAMES]
    assert sheet.lines["sex"].tolist()[5:8] == ["", "Nam", "Nữ"]  # the first table has no such column
    assert sheet.lines["heading_group"].tolist()[5:7] == ["NGƯỜI HOẠT ĐỘNG KHÁNG CHIẾN", "CON ĐẺ CỦA NGƯỜI HĐKC"]
    assert sheet.not_person == {"title": 2, "header": 2, "blank": 1}


def test_the_same_header_again_on_every_page_begins_no_new_table(tmp_path: Path) -> None:
    header = ("TT", "Họ và tên", "Năm sinh", "Số hồ sơ", "Mức TC")
    page = rows(["ordinal", "name", "date_of_birth", "dossier_no", "monthly_amount"])
    carried: list[Row] = [("Cộng trang 1", "", "", "", 8_528_000), header, ("Mang sang", "", "", "", 8_528_000)]
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": [header, *page, *carried, *page]}), "merit_other")
    assert len(sheet.lines) == 12
    assert sheet.not_person == {"header": 1, "repeated_header": 1, "subtotal": 2}


@pytest.mark.parametrize(
    ("row", "group"),
    [
        pytest.param(("16-22 tuổi đang học",), "16-22 tuổi đang học", id="a range of ages is no number of a heading"),
        pytest.param(("III", "Người khuyết tật"), "Người khuyết tật", id="a Roman number in its own cell"),
        pytest.param(("IV. Trẻ em mồ côi",), "Trẻ em mồ côi", id="a Roman number before the words"),
    ],
)
def test_a_group_row_is_carried_to_the_people_below(tmp_path: Path, row: Row, group: str) -> None:
    header = ("TT", "Họ và tên", "Năm sinh", "Thôn", "Hệ số", "Số tiền")
    people = rows(["ordinal", "name", "date_of_birth", "hamlet", "coefficient", "monthly_amount"])
    above: list[Row] = [header, ("I. Người cao tuổi",), *people, row, *people]
    sheet = read(workbook(tmp_path / "a.xlsx", {"DS": above}), "social_assistance")
    assert sheet.lines["heading_group"].tolist() == ["Người cao tuổi"] * 6 + [group] * 6


def test_sheets_of_statistics_and_of_codes_hold_no_people(tmp_path: Path) -> None:
    codes: list[Row] = [
        ("Mã xã", "Tên xã", "Huyện"),
        ("12001", "Bình Minh", "Đông Giang"),
        ("12002", "Hòa Bình", "Tây Giang"),
    ]
    sums: list[Row] = [
        ("STT", "Tên xã", "Tổng số", "NCT", "NKT"),
        (1, "Xã Bình Minh", 10, 5, 5),
        ("", "Cộng", 10, 5, 5),
    ]
    people = [("STT", "Họ và tên", "Năm sinh"), *rows(["ordinal", "name", "date_of_birth"])]
    path = workbook(tmp_path / "a.xlsx", {"Tổng hợp": sums, "DS": people, "DM xã": codes})
    sheets = list(read_source(SourceSpec("social_assistance", path.name), tmp_path))
    assert [len(sheet.lines) for sheet in sheets] == [0, 6, 0]
