"""The lists as one plain workbook: a cover, totals by commune, and one sheet a list (procedure.md, 7).

Plain means: it opens everywhere, prints on A4 landscape, and nothing in it is a formula. The same recommendations give
the same bytes.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.words import FOOT_VI
from eligibility_audit.publish.amounts import money, number, words
from eligibility_audit.publish.heights import line_count, shortened
from eligibility_audit.publish.lines import HEADINGS, Cell, cells
from eligibility_audit.publish.lists import (
    ADJUST,
    ADJUST_UP,
    LISTS,
    ListKind,
    by_name,
    listed,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FILE_NAME: Final = "danh-sach-de-xuat.xlsx"
COVER: Final = "Tổng hợp"
BY_COMMUNE: Final = "Theo xã"
FONT: Final = "Times New Roman"
POINTS: Final = 10.0
LINE_POINTS: Final = 12.4
MOST_LINES: Final = 32  # 32 lines are 397 points; a row of Excel cannot be higher than 409
CUT: Final = " … (cắt bớt; toàn văn trong recommendations.csv)"
WIDTHS: Final = (4.5, 14.5, 14.0, 10.5, 23.0, 31.0, 26.0, 26.0, 8.5)
LONG_AGO: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (a fixed day: the same lists give the same bytes)
LAST: Final = len(HEADINGS) - 1
BORDER: Final = {"border": 1, "border_color": "#808080"}
CELL: Final = {"text_wrap": True, "valign": "top", **BORDER}
STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 14, "align": "center", "valign": "vcenter"},
    "middle": {"align": "center", "valign": "vcenter", "text_wrap": True},
    "middle_bold": {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True},
    "note": {"italic": True, "align": "left", "valign": "vcenter", "text_wrap": True},
    "left": {"align": "left", "valign": "top", "text_wrap": True},
    "strong": {"bold": True, "align": "left", "valign": "top", "text_wrap": True},
    "heading": {
        "bold": True,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "bg_color": "#E7E6E6",
        **BORDER,
    },
    "ordinal": {"italic": True, "font_size": 8, "align": "center", "valign": "vcenter", **BORDER},
    "programme": {"bold": True, "font_size": 11, "valign": "vcenter", "bg_color": "#BDD7EE", "top": 1, "bottom": 1},
    "district": {"bold": True, "valign": "vcenter", "bg_color": "#DDEBF7", "top": 1, "bottom": 1},
    "commune": {"bold": True, "italic": True, "valign": "vcenter", "bottom": 4, "bottom_color": "#808080"},
    "sum": {"bold": True, "valign": "vcenter", "bg_color": "#F2F2F2", "top": 1, "bottom": 1},
    "cell_center": {**CELL, "align": "center"},
    "foot": {"bold": True, "italic": True, "valign": "vcenter", "text_wrap": True},
    "count": {"num_format": "#,##0;-#,##0;–", "align": "right", "indent": 1, "valign": "vcenter", **BORDER},
    "count_sum": {
        "num_format": "#,##0;-#,##0;–",
        "align": "right",
        "indent": 1,
        "bold": True,
        "bg_color": "#F2F2F2",
        **BORDER,
    },
    "label": {"align": "left", "valign": "vcenter", "text_wrap": True, **BORDER},
    "label_sum": {"align": "left", "valign": "vcenter", "bold": True, "bg_color": "#F2F2F2", **BORDER},
    "link": {"align": "left", "valign": "vcenter", "underline": 1, "font_color": "#0563C1", **BORDER},
    "code": {"align": "center", "valign": "vcenter", "font_name": "Courier New", "font_size": 9, **BORDER},
}
RUNS: Final[dict[str, dict[str, Any]]] = {  # runs inside a cell
    "plain": {},
    "bold": {"bold": True},
    "fine": {"font_size": 9},
    "fine_bold": {"font_size": 9, "bold": True},
    "small": {"font_size": 8, "font_color": "#404040"},
    "mark": {"bold": True, "font_size": 9, "font_color": "#9C0006"},
}


Line = Mapping[str, object]  # a row of `lists.listed`


@dataclass(frozen=True)
class Sums:
    """What a group of lines comes to: persons (one a line), and money with the lines that ask for more left apart."""

    persons: int
    to_clarify: int
    upward: int

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Sums":
        """The sums of lines; an unknown amount adds nothing."""
        upward = [line for line in lines if line["list"] == ADJUST_UP.code]
        return cls(len(lines), asked(lines) - asked(upward), asked(upward))

    def __str__(self) -> str:
        parts = [f"{number(self.persons)} người"]
        if self.to_clarify:
            parts.append(f"số tiền cần làm rõ: {money(self.to_clarify)}")
        if self.upward:
            parts.append(f"số tiền cần làm rõ (tăng): {money(self.upward)}")
        return "; ".join(parts)


def write_lists(
    folder: Path, recommendations: pd.DataFrame, *, plan_name: str, as_of: date, run_id: str
) -> tuple[Path, ...]:
    """Write the workbook of lists into `folder` (made if it is not there) and return the paths of what was written.

    `recommendations`: the columns of `contracts.RECOMMENDATIONS`, one row a record; every row stands on exactly one
    list. Raises ValueError for an action that no list takes.
    """
    from xlsxwriter import Workbook

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    lines: list[Line] = [{str(k): v for k, v in row.items()} for row in listed(recommendations).to_dict("records")]
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), options) as book:
        book.set_properties({"title": "Danh sách đề xuất", "comments": FOOT_VI, "created": LONG_AGO})
        writer = _Writer(
            book, f"Kế hoạch: {plan_name}. Số liệu tính đến ngày {as_of:%d/%m/%Y}. Mã đợt rà soát: {run_id}."
        )
        shown = [kind for kind in LISTS if kind is not ADJUST or _on(lines, ADJUST)]
        writer.cover(lines, shown)
        writer.communes(lines, shown)
        for kind in shown:
            writer.list_sheet(kind, _on(lines, kind))
    return (path,)


def check_code(lines: Sequence[Line]) -> str:
    """Twelve signs that change with any line of a list: of its ids, actions and amounts in their order."""
    columns = ("recommendation_id", "action", "amount_to_clarify")
    text = "\n".join("|".join(_plain(line[column]) for column in columns) for line in lines)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def asked(lines: Sequence[Line]) -> int:
    """The sum of the known amounts that are to be made clear."""
    return sum(amount for line in lines if isinstance(amount := line["amount_to_clarify"], int))


class _Writer:
    """The sheets of one workbook."""

    def __init__(self, book: "Workbook", source: str) -> None:
        self.book = book
        self.source = source
        base = {"font_name": FONT, "font_size": POINTS}
        styles = STYLES | RUNS | {f"cell_{name}": CELL | more for name, more in RUNS.items()}
        self.formats: dict[str, Format] = {name: book.add_format({**base, **more}) for name, more in styles.items()}

    # -- the cover ---------------------------------------------------------------------------------------------------

    def cover(self, lines: Sequence[Line], shown: Sequence[ListKind]) -> None:
        """Totals by list, by programme and list, control sums in figures and words, signatures."""
        sheet = self._sheet(COVER, (30, 16, 16, 16, 16, 16, 16, 16))
        sheet.fit_to_pages(1, 1)
        form = self.formats
        last = 7
        sheet.merge_range(0, 0, 0, 2, "CƠ QUAN: ……………………………………", form["middle_bold"])
        sheet.merge_range(0, 4, 0, last, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", form["middle_bold"])
        sheet.merge_range(1, 0, 1, 2, "Số: ……/……", form["middle"])
        sheet.merge_range(1, 4, 1, last, "Độc lập – Tự do – Hạnh phúc", form["middle_bold"])
        sheet.merge_range(3, 0, 3, last, "TỔNG HỢP CÁC DANH SÁCH ĐỀ XUẤT SAU RÀ SOÁT", form["title"])
        sheet.set_row(3, 24)
        self._wide(sheet, 4, last, self.source, "middle")
        row = self._table_of_lists(sheet, 6, lines, shown)
        row = self._control_sums(sheet, row + 1, last, lines)
        row = self._table_of_programmes(sheet, row + 1, lines, shown)
        self._closing(sheet, row + 1, last)

    def _table_of_lists(self, sheet: "Worksheet", row: int, lines: Sequence[Line], shown: Sequence[ListKind]) -> int:
        form = self.formats
        headings = (
            "Danh sách",
            "Số người",
            "Số tiền cần làm rõ (đồng)",
            "Căn cứ còn phải kiểm tra (dòng)",
            "Mã kiểm tra",
        )
        sheet.set_row(row, 30)
        for column, heading in enumerate(headings):
            sheet.write_string(row, column, heading, form["heading"])
        for kind in shown:
            row += 1
            part = _on(lines, kind)
            sheet.write_url(row, 0, f"internal:'{kind.sheet}'!A1", form["link"], kind.sheet)
            sheet.write_number(row, 1, len(part), form["count"])
            sheet.write_number(row, 2, asked(part), form["count"])
            sheet.write_number(row, 3, _unconfirmed(part), form["count"])
            sheet.write_string(row, 4, check_code(part) if part else "–", form["code"])
        row += 1
        sheet.write_string(row, 0, "Tổng số người", form["label_sum"])
        sheet.write_number(row, 1, len(lines), form["count_sum"])
        sheet.write_blank(row, 2, None, form["label_sum"])
        sheet.write_number(row, 3, _unconfirmed(lines), form["count_sum"])
        sheet.write_string(row, 4, check_code(lines) if lines else "–", form["code"])
        return row + 1

    def _control_sums(self, sheet: "Worksheet", row: int, last: int, lines: Sequence[Line]) -> int:
        sums = Sums.of(lines)
        texts = [
            f"Số người trên các danh sách: {number(sums.persons)} ({words(sums.persons)}).",
            f"Tổng số tiền cần làm rõ, không kể danh sách điều chỉnh tăng: {money(sums.to_clarify)} "
            f"({words(sums.to_clarify)} đồng).",
            f"Tổng số tiền cần làm rõ của danh sách điều chỉnh tăng: {money(sums.upward)} ({words(sums.upward)} đồng).",
        ]
        for text in texts:
            self._wide(sheet, row, last, text, "strong")
            row += 1
        for text in (
            "Mỗi dòng của danh sách gốc tính là một người; hai dòng có thể là cùng một người thì tính là hai. "
            "Mỗi dòng chỉ đứng ở một danh sách.",
            "Số tiền cần làm rõ chưa phải là số tiền phải nộp hay được nhận: chỉ quyết định có chữ ký mới xác định.",
            "Dòng có dấu “Căn cứ pháp lý cần kiểm tra trước khi ký” chưa được trình ký "
            "khi cán bộ pháp chế có tên chưa xác nhận.",
        ):
            self._wide(sheet, row, last, text, "note")
            row += 1
        return row

    def _table_of_programmes(
        self, sheet: "Worksheet", row: int, lines: Sequence[Line], shown: Sequence[ListKind]
    ) -> int:
        form = self.formats
        programmes = {_plain(line["programme"]) for line in lines}
        columns = [kind for kind in shown if kind is not ADJUST][:7]
        sheet.set_row(row, 30)
        sheet.write_string(row, 0, "Chương trình (số người)", form["heading"])
        for column, kind in enumerate(columns, 1):
            sheet.write_string(row, column, kind.sheet, form["heading"])
        for programme in sorted(programmes):
            row += 1
            label, counts = (
                programme_name(programme),
                _counts(ln for ln in lines if _plain(ln["programme"]) == programme),
            )
            sheet.set_row(row, LINE_POINTS * line_count(label, 30, POINTS) + 3)
            sheet.write_string(row, 0, label, form["label"])
            for column, kind in enumerate(columns, 1):
                sheet.write_number(row, column, counts[kind.code], form["count"])
        return row + 1

    # -- totals by commune -------------------------------------------------------------------------------------------

    def communes(self, lines: Sequence[Line], shown: Sequence[ListKind]) -> None:
        """Persons by district, commune and list, with a subtotal a district."""
        sheet = self._sheet(BY_COMMUNE, (30, *(11.5 for _ in shown), 10, 18, 18))
        form = self.formats
        last = len(shown) + 3
        sheet.merge_range(0, 0, 0, last, "TỔNG HỢP THEO HUYỆN VÀ XÃ", form["title"])
        sheet.set_row(0, 24)
        self._wide(sheet, 1, last, self.source, "middle")
        headings = ("Huyện, xã", *(kind.sheet for kind in shown), "Tổng số người")
        for column, heading in enumerate(
            (
                *headings,
                "Số tiền cần làm rõ, không kể điều chỉnh tăng (đồng)",
                "Số tiền cần làm rõ, điều chỉnh tăng (đồng)",
            )
        ):
            sheet.write_string(3, column, heading, form["heading"])
        sheet.set_row(3, 44)
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 1)
        row = 4
        for district, in_district in _groups(_by_name(lines), "district"):
            self._commune_row(sheet, row, district, in_district, shown, "_sum")
            row += 1
            for commune, part in _groups(in_district, "commune"):
                self._commune_row(sheet, row, f"   {commune}", part, shown, "")
                row += 1
        self._commune_row(sheet, row, "Tổng cộng", lines, shown, "_sum")
        self._closing(sheet, row + 2, last)

    def _commune_row(
        self, sheet: "Worksheet", row: int, label: str, part: Sequence[Line], shown: Sequence[ListKind], weight: str
    ) -> None:
        label_format, count_format = self.formats[f"label{weight}"], self.formats[f"count{weight}"]
        sums, counts = Sums.of(part), _counts(part)
        sheet.write_string(row, 0, label, label_format)
        for column, kind in enumerate(shown, 1):
            sheet.write_number(row, column, counts[kind.code], count_format)
        for column, value in enumerate((sums.persons, sums.to_clarify, sums.upward), len(shown) + 1):
            sheet.write_number(row, column, value, count_format)

    # -- a list ------------------------------------------------------------------------------------------------------

    def list_sheet(self, kind: ListKind, lines: Sequence[Line]) -> None:
        """One list: title, nine columns, groups with their sums, total in figures and words, foot, signatures."""
        sheet = self._sheet(kind.sheet, WIDTHS)
        form = self.formats
        sheet.merge_range(0, 0, 0, LAST, kind.title, form["title"])
        sheet.set_row(0, 22)
        self._wide(sheet, 1, LAST, f"{self.source} (Kèm theo Tờ trình số ……/TTr-…… ngày ……/……/……)", "middle")
        self._wide(sheet, 2, LAST, kind.note, "note")
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(3, column, heading, form["heading"])
            sheet.write_string(4, column, f"({column + 1})", form["ordinal"])
        sheet.set_row(3, 2 * LINE_POINTS + 4)
        sheet.repeat_rows(3, 4)
        sheet.freeze_panes(5, 0)
        sheet.outline_settings(visible=True, symbols_below=False)
        row = self._groups(sheet, 5, lines)
        if not lines:
            self._wide(sheet, row, LAST, "Không có hồ sơ nào trong danh sách này.", "strong")
            self._closing(sheet, row + 2, LAST)
            return
        sums = Sums.of(lines)
        self._banner(sheet, row, f"TỔNG CỘNG DANH SÁCH: {sums}", "sum")
        total = sums.to_clarify + sums.upward
        in_words = f"Bằng chữ: {words(sums.persons)} người" + (f"; {words(total)} đồng." if total else ".")
        self._wide(sheet, row + 1, LAST, f"{in_words} Mã kiểm tra danh sách: {check_code(lines)}.", "left")
        self._closing(sheet, row + 3, LAST)

    def _groups(self, sheet: "Worksheet", row: int, lines: Sequence[Line]) -> int:
        """The lines under their programme, district and commune; returns the row after the last."""
        place, breaks = 0, []
        for programme, of_programme in _groups(lines, "programme"):
            if place:
                breaks.append(row)
            name = programme_name(programme)
            self._banner(sheet, row, f"{name.upper()} – {Sums.of(of_programme)}", "programme")
            row += 1
            for district, of_district in _groups(of_programme, "district"):
                self._banner(sheet, row, f"{district} – {Sums.of(of_district)}", "district")
                row += 1
                for commune, of_commune in _groups(of_district, "commune"):
                    self._banner(sheet, row, f"   {commune} – {Sums.of(of_commune)}", "commune", level=1)
                    row += 1
                    for line in of_commune:
                        place += 1
                        self._line(sheet, row, cells(line, place))
                        row += 1
                self._banner(sheet, row, f"Cộng {district}: {Sums.of(of_district)}", "sum")
                row += 1
        sheet.set_h_pagebreaks(breaks)
        return row

    def _line(self, sheet: "Worksheet", row: int, nine: Sequence[Cell]) -> None:
        highest = LINE_POINTS
        for column, cell in enumerate(nine):
            shown = _fitting(cell, WIDTHS[column])
            highest = max(highest, height(shown, WIDTHS[column]))
            self._cell(sheet, row, column, shown)
        sheet.set_row(row, min(highest + 4, 409), None, {"level": 2})

    def _cell(self, sheet: "Worksheet", row: int, column: int, runs: Cell) -> None:
        """Write a cell; the first run is in the cell's own format, which is half the work for a cell of two."""
        if not runs:
            sheet.write_blank(row, column, None, self.formats["cell_plain"])
            return
        form = self.formats["cell_center" if column == 0 else f"cell_{runs[0][0]}"]
        if len(runs) == 1:
            sheet.write_string(row, column, runs[0][1], form)
            return
        rest = (part for style, text in runs[1:] for part in (self.formats[style], text))
        sheet.write_rich_string(row, column, runs[0][1], *rest, form)

    # -- what every sheet has ----------------------------------------------------------------------------------------

    def _sheet(self, name: str, widths: Sequence[float]) -> "Worksheet":
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f'&L&"{FONT},Italic"&8{FOOT_VI}&R&"{FONT},Regular"&8{name} – trang &P/&N')
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self.formats["left"])
        sheet.set_zoom(110)
        return sheet

    def _wide(self, sheet: "Worksheet", row: int, last: int, text: str, style: str) -> None:
        """A text across the sheet, as high as it needs."""
        sheet.merge_range(row, 0, row, last, text, self.formats[style])
        sheet.set_row(row, LINE_POINTS * line_count(text, 150, POINTS) + 3)

    def _banner(self, sheet: "Worksheet", row: int, text: str, style: str, level: int = 0) -> None:
        form = self.formats[style]
        sheet.write_string(row, 0, text, form)
        for column in range(1, LAST + 1):
            sheet.write_blank(row, column, None, form)
        sheet.set_row(row, 17, None, {"level": level} if level else {})

    def _closing(self, sheet: "Worksheet", row: int, last: int) -> None:
        """The foot sentence, the signatures and the print area."""
        form = self.formats
        sheet.merge_range(row, 0, row, last, FOOT_VI, form["foot"])
        thirds = ((0, last // 3), (last // 3 + 1, 2 * last // 3), (2 * last // 3 + 1, last))
        signers = ("NGƯỜI LẬP DANH SÁCH", "NGƯỜI KIỂM TRA\n(không phải người lập)", "THỦ TRƯỞNG CƠ QUAN")
        sheet.merge_range(row + 1, *(thirds[2][0], row + 1, last), "……………, ngày …… tháng …… năm ……", form["middle"])
        for (first, end), signer in zip(thirds, signers, strict=True):
            sheet.merge_range(row + 2, first, row + 2, end, signer, form["middle_bold"])
            sheet.merge_range(row + 3, first, row + 3, end, "(ký, ghi rõ họ tên)", form["middle"])
        sheet.set_row(row + 2, 2 * LINE_POINTS + 3)
        sheet.set_row(row + 4, 50)
        sheet.print_area(0, 0, row + 4, last)


def height(cell: Cell, width: float) -> float:
    """Points that a cell needs in a column `width` characters wide. A run in another size begins a line of its own."""
    points, part, size = 0.0, "", POINTS
    for style, text in (*cell, ("", "")):
        its_size = RUNS[style].get("font_size", POINTS) if style else 0.0
        if part and its_size != size:
            points += line_count(part.removeprefix("\n"), width, size) * LINE_POINTS * size / POINTS
            part = ""
        part, size = part + text, its_size
    return points


def _fitting(cell: Cell, width: float) -> Cell:
    """The cell, cut where a row cannot be high enough for it."""
    if height(cell, width) <= MOST_LINES * LINE_POINTS:
        return cell
    texts = shortened([text for _, text in cell], width, POINTS, MOST_LINES, CUT)
    return [(style, text) for (style, _), text in zip(cell, texts, strict=True) if text]


def programme_name(programme: str) -> str:
    """What people call a programme; its code where it is not one of ours."""
    return KINDS[programme].vi if programme in KINDS else programme or "Chưa rõ chương trình"


def _groups(lines: Sequence[Line], column: str) -> Iterator[tuple[str, list[Line]]]:
    """The groups of a column, whose equal values stand together."""
    for value, part in groupby(lines, key=lambda line: _plain(line[column])):
        yield value, list(part)


def _by_name(lines: Sequence[Line]) -> list[Line]:
    """Lines of all lists by district and commune."""
    return sorted(lines, key=lambda line: (by_name(_plain(line["district"])), by_name(_plain(line["commune"]))))


def _on(lines: Sequence[Line], kind: ListKind) -> list[Line]:
    return [line for line in lines if line["list"] == kind.code]


def _counts(lines: Iterable[Line]) -> Counter[str]:
    return Counter(str(line["list"]) for line in lines)


def _unconfirmed(lines: Sequence[Line]) -> int:
    return sum(_plain(line["law_mark"]) != "confirmed" for line in lines)


def _plain(value: object) -> str:
    return "" if value is None or value is pd.NA else str(value)
