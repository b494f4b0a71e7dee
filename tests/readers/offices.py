"""Files as invented offices would hand them over. All people, places and numbers are made up."""

import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import xlwt

from eligibility_audit.standardise import encodings

Row = Sequence[object]

NAMES = ("Nguyễn Văn Tám", "Trần Thị Chín", "Lê Văn Mười", "Phạm Thị Bưởi", "Vũ Đức Lợi", "Đặng Thị Quế")


def _codes(encoding: str) -> dict[str, str]:
    """Letter -> code, taken from the decoder, so that there is one table."""
    base = [chr(c) for c in range(0xA1, 0x100)]
    codes = [*base, *(vowel + code for vowel in "aeouyôöAEOUYÔÖ" for code in base)] if encoding == "vni" else base
    table: dict[str, str] = {}
    for code in codes:
        letter = encodings.decode(code, encoding)
        if len(letter) == 1 and letter != code:
            table.setdefault(letter, code)
    return table


_TABLES = {encoding: _codes(encoding) for encoding in ("tcvn3", "vni")}


def legacy(text: str, encoding: str) -> str:
    """The text in a legacy encoding, as a Unicode program shows it."""
    table = _TABLES[encoding]
    return "".join(table.get(letter, table.get(letter.lower(), letter)) for letter in text)


def cp1258(text: str) -> bytes:
    """Windows-1258: vowels with their hats, tones apart."""
    found = b""
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tones = [m for m in marks if m in "\u0300\u0301\u0303\u0309\u0323"]
        rest = unicodedata.normalize("NFC", "".join(m for m in marks if m not in tones))
        found += (rest + "".join(tones)).encode("cp1258")
    return found


def workbook(
    path: Path, sheets: Mapping[str, Sequence[Row]], merged: Sequence[str] = (), hidden_rows: Sequence[int] = ()
) -> Path:
    """An xlsx file; `merged` and `hidden_rows` are those of its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    for cells in merged:
        book.worksheets[0].merge_cells(cells)
    for row in hidden_rows:
        book.worksheets[0].row_dimensions[row].hidden = True
    book.save(path)
    return path


def old_workbook(path: Path, rows: Sequence[Row], hidden_rows: Sequence[int] = ()) -> Path:
    """An xls file."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Trang 1")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell != "":
                sheet.write(number, column, cell)
    for row in hidden_rows:
        sheet.row(row - 1).hidden = True
    book.save(str(path))
    return path


# Two tiers, district and commune rows, subtotals, column numbers, a signature block.
TWO_TIERS: Sequence[Row] = (
    ("UBND TỈNH HẢI AN", "", "", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    ("SỞ LAO ĐỘNG - TB VÀ XH", "", "", "", "", "Độc lập - Tự do - Hạnh phúc"),
    ("DANH SÁCH NGƯỜI CÓ CÔNG HƯỞNG TRỢ CẤP HÀNG THÁNG",),
    (),
    (
        "STT",
        "Họ và tên",
        "Năm sinh",
        "",
        "CMND/CCCD",
        "",
        "",
        "Diện hưởng",
        "Quyết định",
        "",
        "Mức TC (đồng)",
        "Ký nhận",
    ),
    ("", "", "Nam", "Nữ", "Số", "Ngày cấp", "Nơi cấp", "", "Số", "Ngày", "", ""),
    ("(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)", "(9)", "(10)", "(11)", "(12)"),
    ("A", "HUYỆN ĐÔNG GIANG"),
    ("I", "Xã Bình Minh"),
    (1, NAMES[0], 1945, "", "012345678", "1/2/1990", "CA Hải An", "Thương binh", "12/QĐ-UBND", "3/4/1996", 1_500_000),
    (2, NAMES[1], "", "12/3/1950", "", "", "", "Bệnh binh", "13/QĐ-UBND", "3/4/1996", 2_500_000),
    ("", "Cộng xã: 2 người", "", "", "", "", "", "", "", "", 4_000_000),
    ("II", "Thị trấn Sông Con"),
    (1, NAMES[2], "5/1948", "", 12345679, "", "", "Thương binh", "14/QĐ-UBND", "3/4/1997", 1_000_000),
    ("B", "HUYỆN TÂY GIANG"),
    ("I", "Xã Hòa Bình"),
    (1, NAMES[3], "", 1939, "", "", "", "Thân nhân liệt sĩ", "", "", 1_624_000),
    ("", "TỔNG CỘNG: 4 người", "", "", "", "", "", "", "", "", 6_624_000),
    (),
    ("", "", "", "", "", "", "", "", "Hải An, ngày 31 tháng 12 năm 2020"),
    ("", "NGƯỜI LẬP BIỂU", "", "", "", "", "", "", "GIÁM ĐỐC"),
    ("", "(Ký, ghi rõ họ tên)"),
    (),
    ("", "Đỗ Văn Ký", "", "", "", "", "", "", "Vũ Thị Duyệt"),
)
TWO_TIERS_MERGED = ("A3:L3", "A5:A6", "B5:B6", "C5:D5", "E5:G5", "H5:H6", "I5:J5", "K5:K6", "L5:L6")

# Three parts of a birth date, crosses for the sex, the exposed parent under a tier of its own, nothing merged.
CHILDREN: Sequence[Row] = (
    ("Con đẻ của người HĐKC bị nhiễm chất độc hóa học",),
    ("TT", "Họ và tên", "Ngày sinh", "", "", "Giới tính", "", "Thông tin người HĐKC", "", "Mức hưởng"),
    ("", "", "Ngày", "Tháng", "Năm", "Nam", "Nữ", "Họ tên", "Số HS", ""),
    (1, NAMES[0], 1, 2, 1970, "x", "", "Nguyễn Văn Bố", "HH001", "1.624.000"),
    (2, NAMES[1], 11, 12, 1971, "", "x", "Trần Văn Bố", "HH002", "974.000"),
    (3, NAMES[3], 30, 4, 1981, "", "x", "Phạm Văn Bố", "HH003", "974.000"),
)

# A name over two columns under one heading, column letters, short capitals.
SPLIT_NAME: Sequence[Row] = (
    ("STT", "HỌ VÀ TÊN", "", "NS", "GT", "SỐ HS", "TỪ", "ĐẾN", "ĐƠN VỊ", "CHIẾN TRƯỜNG", "TTCT"),
    ("A", "B", "C", "1", "2", "3", "4", "5", "6", "7", "8"),
    (1, "Nguyễn Văn", "Tám", "1/2/1945", "Nam", "A/12", "1/1965", "3/1970", "E3 F5", "Quảng Trị", "45%"),
    (2, "Trần Thị", "Chín", "1945", "Nữ", "A/13", "1/1966", "3/1971", "E3 F5", "Nam Lào", "45%"),
    (3, "Lê Văn", "Ý", "1946", "Nam", "A/14", "1/1966", "3/1971", "E3 F5", "B2", "61"),
)

# A line a member of the household, the household's number on the head's line only.
HOUSEHOLDS: Sequence[Row] = (
    ("TT", "Họ, tên chủ hộ và các thành viên", "Quan hệ với chủ hộ", "Năm sinh", "", "Dân tộc", "Diện", "Mã hộ"),
    ("", "", "", "Nam", "Nữ", "", "", ""),
    ("Thôn Đông",),
    (1, NAMES[0], "Chủ hộ", 1960, "", "Kinh", "Hộ nghèo", "H01"),
    ("", NAMES[1], "Vợ", "", 1962, "Kinh", "", ""),
    (2, NAMES[3], "Chủ hộ", "", 1955, "Kinh", "Hộ cận nghèo", "H02"),
    ("Tổng số: 2 hộ; 3 khẩu",),
)

# Groups with numbers of two kinds, a commune row late, a note that counts.
GROUPS: Sequence[Row] = (
    ("TT", "HỌ VÀ TÊN", "NĂM SINH", "ĐỊA CHỈ", "HỆ SỐ", "SỐ TIỀN", "GHI CHÚ"),
    ("A", "Người cao tuổi"),
    ("1", "Từ đủ 80 tuổi trở lên"),
    (1, NAMES[0], 1930, "Thôn A", 1, 270_000, ""),
    (2, NAMES[1], 1931, "Thôn A", 1, 270_000, ""),
    ("2", "Người cao tuổi thuộc hộ nghèo"),
    (1, NAMES[2], 1945, "Thôn B", 1.5, 405_000, ""),
    ("B", "Người khuyết tật", "", "", "", 810_000),
    (1, NAMES[3], 1980, "Thôn B", 1.5, 405_000, ""),
    (2, NAMES[4], "", "Thôn C", 1.5, 405_000, ""),
    (3, "", 1988, "Thôn C", 1.5, 405_000, ""),
    ("NKT đặc biệt nặng",),
    (1, NAMES[5], 1970, "", "1,5", "405.000", ""),
    ("", "Cộng", "", "", "", "2.565.000"),
    ("Ấn định danh sách: 07 đối tượng",),
)

# Headings of a database, a quoted line break, an empty name.
DEATHS = (
    "so_dk,ho_ten,ngay_sinh,gioi_tinh,noi_cu_tru,ngay_mat,ghi_chu\n"
    '1/2019,Nguyễn Văn Tám,1/2/1940,Nam,"Thôn 1, Xã Quỳnh Hoa",3/4/2019,\n'
    '2/2019,Đặng Thị Quế,1939,Nữ,"Tổ 2\nPhường Bồ Xuyên",4/4/2019,mất đột ngột\n'
    "3/2019,,1941,Nam,Xã Đông Hưng,5/4/2019,\n"
)
