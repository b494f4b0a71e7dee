"""A birth date in three columns stays a birth date, whatever other dates the list has."""

from pathlib import Path

import openpyxl
import pytest

from eligibility_audit.readers import SourceSpec, read_source

EXTRA = {
    "covid_relief": ("Thời gian (tháng)", "Thành tiền", "Ngày chi trả"),
    "deaths": ("Số giấy chứng tử", "Ngày đăng ký", "Ngày chết"),
    "merit_other": ("Số, ngày quyết định", "Mức trợ cấp", "Thời điểm hưởng"),
}
CELLS = {
    "covid_relief": (3, 1_500_000, "12/05/2020"),
    "deaths": ("12/2019", "05/03/2019", "03/03/2019"),
    "merit_other": ("15/QĐ ngày 03/02/2010", 1_624_000, "03/2010"),
}


@pytest.mark.parametrize("kind", EXTRA)
def test_day_month_and_year_of_birth(tmp_path: Path, kind: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["TT", "Họ và tên", "Ngày sinh", None, None, "Giới tính", "Xã", *EXTRA[kind]])
    sheet.append([None, None, "Ngày", "Tháng", "Năm"])
    for n in range(1, 9):
        sheet.append([n, f"Nguyễn Văn {'ABCDEGHK'[n - 1]}n", n + 10, n, 1940 + n, "Nam", "Xã Thử", *CELLS[kind]])
    book.save(tmp_path / "list.xlsx")
    (read,) = read_source(SourceSpec(kind=kind, path="list.xlsx"), tmp_path)
    assert {"birth_day", "birth_month", "birth_year"} <= set(read.header)
    assert read.lines["birth_year"].tolist() == [str(1940 + n) for n in range(1, 9)]
