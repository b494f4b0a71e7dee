"""What `inspect` prints as `columns:` may be pasted into the plan unchanged, for every sheet of the file."""

from pathlib import Path

import openpyxl
import pytest

from eligibility_audit.readers import SourceSpec, inspect_file, read_source

HEADINGS = {
    "một cột tên": ["STT", "Mã hồ sơ", "Họ và tên", "Ngày sinh", "Giới tính", "Xã", "Mức trợ cấp"],
    "hai cột tên": ["Số TT", "Số hồ sơ", "Họ và tên đệm", "Tên", "Năm sinh", "Nam/nữ", "Xã/Phường", "Số tiền TC"],
}


@pytest.mark.parametrize("names", [[*HEADINGS], [*HEADINGS][::-1], [*HEADINGS][1:]])
def test_pasted_unchanged(tmp_path: Path, names: list[str]) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name in names:
        sheet = book.create_sheet(name)
        sheet.append(HEADINGS[name])
        for n in range(1, 9):
            given = f"{'ABCDEGHK'[n - 1]}n"
            person = ["Nguyễn Văn", given] if len(HEADINGS[name]) == 8 else [f"Nguyễn Văn {given}"]
            sheet.append([n, f"TB00{n}", *person, f"0{n}/02/1950", "Nam", "Xã Thử", 1_624_000])
    book.save(tmp_path / "list.xlsx")
    block = inspect_file(tmp_path / "list.xlsx", "merit_other").columns
    plain = list(read_source(SourceSpec("merit_other", path="list.xlsx"), tmp_path))
    pasted = list(read_source(SourceSpec("merit_other", path="list.xlsx", columns=block), tmp_path))
    assert [dict(sheet.header) for sheet in pasted] == [dict(sheet.header) for sheet in plain]
    assert [len(sheet.lines) for sheet in pasted] == [8] * len(names)
