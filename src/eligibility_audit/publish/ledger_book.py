"""The ledger of conclusions as a workbook that an office fills in and sends back: `conclusions/ledger.xlsx`."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from eligibility_audit.domain.conclusions import FILLED, HANDLINGS, STATES
from eligibility_audit.publish.amounts import day

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

SHEET: Final = "Sổ theo dõi"
LONG_AGO: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (a fixed day: the same ledger gives the same bytes)
HEADING_ROW: Final = 3  # the fourth row
COLUMNS: Final[tuple[tuple[str, str, float], ...]] = (  # column, heading, width
    ("obligation_id", FILLED["obligation_id"], 13),
    ("conclusion_no", FILLED["conclusion_no"], 12),
    ("unit", "Đơn vị", 16),
    ("due_on", "Hạn", 11),
    ("name", FILLED["name"], 20),
    ("date_of_birth", "Ngày sinh", 11),
    ("dossier_no", FILLED["dossier_no"], 12),
    ("commune", "Xã", 16),
    ("finding_group", "Nhóm nội dung", 20),
    ("finding_text", "Nội dung kết luận", 32),
    ("handlings", "Việc phải làm", 20),
    ("changed_by", "Kết luận sau", 11),
    ("bound", "Tìm thấy người", 15),
    ("state", "Đang ở bước", 18),
    ("result_state", FILLED["result_state"], 24),
    ("result_on", FILLED["result_on"], 12),
    ("result_by", FILLED["result_by"], 18),
    ("result_document_no", FILLED["result_document_no"], 15),
    ("result_document_date", FILLED["result_document_date"], 12),
    ("result_note", FILLED["result_note"], 26),
)
BOUND_VI: Final = {
    "dossier": "theo số hồ sơ và nhân thân",
    "identity": "theo nhân thân",
    "other_line": "qua dòng của phụ lục khác",
    "several": "khớp nhiều hồ sơ",
    "": "chưa tìm thấy",
}
TITLE: Final = "SỔ THEO DÕI THỰC HIỆN KẾT LUẬN THANH TRA"
ASKED: Final = (
    "Chỉ ghi vào các cột màu vàng. Mỗi kết quả phải có ngày và tên người ghi; “đã ghi nhận dấu hiệu”, “đã có quyết "
    "định dừng” phải có số và ngày văn bản. Không sửa cột Mã dòng. Ngày ghi như 10/09/2019."
)


def write_ledger_book(path: Path, lines: pd.DataFrame, *, plan_name: str, as_of: date) -> None:
    """Write the lines as a sheet to be filled in: the yellow columns come back, see `readers.filled`."""
    from xlsxwriter import Workbook

    with Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": TITLE, "created": LONG_AGO})
        base = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
        cell = {**base, "text_wrap": True, "border": 1, "border_color": "#808080"}
        formats = {
            "title": book.add_format({**base, "font_size": 14, "bold": True}),
            "plain": book.add_format(base),
            "heading": book.add_format({**cell, "bold": True, "bg_color": "#E7E6E6", "align": "center"}),
            "cell": book.add_format({**cell, "num_format": "@"}),
            "fill": book.add_format({**cell, "num_format": "@", "bg_color": "#FFF6D5", "locked": False}),
        }
        _fill(book.add_worksheet(SHEET), lines, formats, f"{plan_name}; số liệu đến ngày {as_of:%d/%m/%Y}")


def _fill(sheet: "Worksheet", lines: pd.DataFrame, formats: dict[str, "Format"], about: str) -> None:
    for row, (text, style) in enumerate(((TITLE, "title"), (about, "plain"), (ASKED, "plain"))):
        sheet.write_string(row, 0, text, formats[style])
    for column, (name, heading, width) in enumerate(COLUMNS):
        style = formats["fill" if name.startswith("result_") else "cell"]
        sheet.set_column(column, column, width)
        sheet.write_string(HEADING_ROW, column, heading, formats["heading"])
        values = lines[name].astype("string").fillna("").tolist()
        for row, value in enumerate(values, start=HEADING_ROW + 1):
            sheet.write_string(row, column, _shown(name, value), style)
    last = HEADING_ROW + len(lines)
    states = [state.vi for state in STATES.values()]
    at = {name: place for place, (name, _, _) in enumerate(COLUMNS)}
    rule: dict[str, Any] = {
        "validate": "list",
        "source": states,
        "error_title": "Kết quả",
        "error_message": "Chọn một kết quả trong danh sách.",
    }
    sheet.data_validation(HEADING_ROW + 1, at["result_state"], max(last, HEADING_ROW + 1), at["result_state"], rule)
    sheet.autofilter(HEADING_ROW, 0, max(last, HEADING_ROW + 1), len(COLUMNS) - 1)
    sheet.freeze_panes(HEADING_ROW + 1, 5)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW)
    sheet.set_footer("&CTrang &P/&N")


def _shown(name: str, value: str) -> str:
    if name in ("due_on", "date_of_birth"):
        return day(value)
    if name == "state":
        return STATES[value].vi
    if name == "bound":
        return BOUND_VI[value]
    if name == "handlings":
        return "; ".join(HANDLINGS[code][0] for code in value.split(";") if code)
    return value
