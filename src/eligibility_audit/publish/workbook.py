"""The lists as one plain workbook: a cover, totals by commune, and one sheet a list (procedure.md, 7).

Plain means: it opens everywhere, prints on A4 landscape, and nothing in it is a formula. The same recommendations give
the same bytes. Rows go to the file as they are made: what grows is the lines' own frame, three kilobytes a line.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import segno
from xlsxwriter import Workbook

from eligibility_audit.publish.heights import line_count
from eligibility_audit.publish.lines import HEADINGS, LINE_POINTS, POINTS, SIZES, Cell, Style, height
from eligibility_audit.publish.lists import ADJUST, ListKind, listed
from eligibility_audit.publish.papers import (
    BY_PLACE,
    COUNTRY,
    MOTTO,
    Batch,
    Entry,
    Heading,
    ListPaper,
    PlaceSum,
    Seal,
    Sums,
    control_sums,
    place_sums,
    programme_name,
    rows,
    shown_kinds,
    totals,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FILE_NAME: Final = "danh-sach-de-xuat.xlsx"
COVER: Final = "Tổng hợp"
BY_COMMUNE: Final = "Theo xã"
FONT: Final = "Times New Roman"
LONG_AGO: Final = datetime(2000, 1, 1)  # noqa: DTZ001 (a fixed day: the same lists give the same bytes)
LAST: Final = len(HEADINGS) - 1
MOST_ROWS: Final = 1_040_000  # of a sheet; it can hold 1,048,576
SCALE: Final = 90  # per cent; breaks set by hand hold only where the sheet is not fitted to the page's width
PAGE_POINTS: Final = 550.0  # of rows on a printed page at that scale, headings among them; a little less than there is
BANNER_POINTS: Final = 17.0
HEADING_POINTS: Final = 4 * LINE_POINTS + 4
QR_POINTS: Final = 72.0
CLOSING_POINTS: Final = 14 * LINE_POINTS + QR_POINTS
BORDER: Final = {"border": 1, "border_color": "#808080"}
CELL: Final = {"text_wrap": True, "valign": "top", "quote_prefix": True, **BORDER}
STYLES: Final[dict[str, dict[str, Any]]] = {
    "title": {"bold": True, "font_size": 14, "align": "center", "valign": "vcenter", "text_wrap": True},
    "middle": {"align": "center", "valign": "vcenter", "text_wrap": True},
    "middle_bold": {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True},
    "note": {"italic": True, "align": "left", "valign": "vcenter", "text_wrap": True},
    "motto": {"bold": True, "underline": 1, "align": "center", "valign": "vcenter"},
    "dated": {"italic": True, "align": "center", "valign": "vcenter"},
    "fine_left": {"font_size": 9, "align": "left", "valign": "top", "text_wrap": True},
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
RUNS: Final[dict[Style, dict[str, Any]]] = {  # runs inside a cell
    "plain": {},
    "bold": {"bold": True},
    "fine": {},
    "fine_bold": {"bold": True},
    "small": {"font_color": "#404040"},
    "mark": {"bold": True, "font_color": "#9C0006"},
}


@dataclass(frozen=True)
class Shown:
    """A list as the cover tells of it."""

    kind: ListKind
    sums: Sums
    seal: Seal


def write_lists(folder: Path, recommendations: pd.DataFrame, batch: Batch) -> tuple[Path, ...]:
    """Write the workbook of lists into `folder` (made if it is not there) and return the paths of what was written.

    `recommendations`: the columns of `contracts.RECOMMENDATIONS`, one row a record; every row stands on exactly one
    list. Raises ValueError for an action that no list takes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    lines = listed(recommendations)
    shown = shown_kinds(lines)
    with _book(path, "Danh sách đề xuất", batch) as book:
        writer = _Writer(book, batch)
        cover, by_commune = writer.sheet(COVER, (30, *(14.5,) * 7)), writer.sheet(BY_COMMUNE, _widths_by_commune(shown))
        told = [writer.list_sheets(kind, lines[lines["list"] == kind.code]) for kind in shown]
        writer.cover(cover, lines, told)
        writer.communes(by_commune, lines, shown)
    return (path,)


def write_paper(path: Path, paper: ListPaper) -> Path:
    """Write one list of its own form as a workbook of one sheet, its control sums above its columns."""
    with _book(path, paper.kind.title, paper.batch) as book:
        _Writer(book, paper.batch).paper(paper)
    return path


def _book(path: Path, title: str, batch: Batch) -> Workbook:
    # Widths of columns are counted in digits of this font, seven pixels each; LibreOffice has its twin everywhere.
    options = {"constant_memory": True, "default_format_properties": {"font_name": "Arial", "font_size": 10}}
    inert = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(str(path), options | inert)
    book.set_properties({"title": title, "comments": batch.form.foot, "created": LONG_AGO})
    return book


def _widths_by_commune(shown: Sequence[ListKind]) -> tuple[float, ...]:
    return (30, *(11.5 for _ in shown), 10, 18, 18)


class _Writer:
    """The sheets of one workbook. Every method writes its rows from the top down: what is above is in the file."""

    def __init__(self, book: Workbook, batch: Batch) -> None:
        self.book = book
        self.batch = batch
        base = {"font_name": FONT, "font_size": POINTS}
        runs: dict[str, dict[str, Any]] = {name: {"font_size": SIZES[name], **more} for name, more in RUNS.items()}
        styles = STYLES | runs | {f"cell_{name}": CELL | more for name, more in runs.items()}
        self.formats: dict[str, Format] = {name: book.add_format({**base, **more}) for name, more in styles.items()}

    # -- the cover ---------------------------------------------------------------------------------------------------

    def cover(self, sheet: "Worksheet", lines: pd.DataFrame, told: Sequence[Shown]) -> None:
        """Totals by list, by programme and list, control sums in figures and words, signatures."""
        sheet.fit_to_pages(1, 1)
        last = 7
        row = self._head(sheet, last)
        sheet.merge_range(row, 0, row, last, "TỔNG HỢP CÁC DANH SÁCH ĐỀ XUẤT SAU RÀ SOÁT", self.formats["title"])
        sheet.set_row(row, 24)
        self._wide(sheet, row + 1, last, f"{self.batch.source} {self.batch.form.attached}", "middle")
        sums = Sums.of(lines)
        row = self._table_of_lists(sheet, row + 3, told, sums)
        row = self._control_sums(sheet, row + 1, last, sums)
        row = self._table_of_programmes(sheet, row + 1, lines, [one.kind for one in told])
        self._closing(sheet, row + 1, last)

    def _table_of_lists(self, sheet: "Worksheet", row: int, told: Sequence[Shown], sums: Sums) -> int:
        form = self.formats
        headings = (
            "Danh sách",
            "Số người",
            "Số tiền cần làm rõ (đồng)",
            "Căn cứ còn phải kiểm tra (dòng)",
        )
        for column, heading in enumerate(headings):
            sheet.write_string(row, column, heading, form["heading"])
        sheet.merge_range(row, 4, row, 7, "Mã kiểm tra danh sách (SHA-256)", form["heading"])
        sheet.set_row(row, 42)
        for one in told:
            row += 1
            sheet.write_url(row, 0, f"internal:'{one.kind.sheet}'!A1", form["link"], one.kind.sheet)
            self._counts(sheet, row, (one.sums.persons, one.sums.to_clarify + one.sums.upward, one.sums.unconfirmed))
            code = one.seal.digest if one.sums.persons else "–"
            sheet.merge_range(row, 4, row, 7, code, form["code"])
        row += 1
        sheet.write_string(row, 0, "Tổng số người", form["label_sum"])
        sheet.write_number(row, 1, sums.persons, form["count_sum"])
        sheet.write_blank(row, 2, None, form["label_sum"])
        sheet.write_number(row, 3, sums.unconfirmed, form["count_sum"])
        return row + 1

    def _counts(self, sheet: "Worksheet", row: int, counts: Sequence[int]) -> None:
        for column, count in enumerate(counts, 1):
            sheet.write_number(row, column, count, self.formats["count"])

    def _control_sums(self, sheet: "Worksheet", row: int, last: int, sums: Sums) -> int:
        for style, texts in (("strong", control_sums(sums)), ("note", self.batch.form.notes)):
            for text in texts:
                self._wide(sheet, row, last, text, style)
                row += 1
        return row

    def _table_of_programmes(self, sheet: "Worksheet", row: int, lines: pd.DataFrame, shown: Sequence[ListKind]) -> int:
        form = self.formats
        columns = [kind for kind in shown if kind is not ADJUST][:7]
        counted = lines.groupby([lines["programme"].fillna("").astype(str), "list"]).size()
        sheet.write_string(row, 0, "Chương trình (số người)", form["heading"])
        for column, kind in enumerate(columns, 1):
            sheet.write_string(row, column, kind.sheet, form["heading"])
        sheet.set_row(row, 30)
        for programme in sorted({key[0] for key in counted.index}):
            row += 1
            label = programme_name(programme)
            sheet.write_string(row, 0, label, form["label"])
            sheet.set_row(row, LINE_POINTS * line_count(label, 30, POINTS) + 3)
            self._counts(sheet, row, [int(counted.get((programme, kind.code), 0)) for kind in columns])
        return row + 1

    # -- totals by commune -------------------------------------------------------------------------------------------

    def communes(self, sheet: "Worksheet", lines: pd.DataFrame, shown: Sequence[ListKind]) -> None:
        """Persons by district, commune and list, with a subtotal a district."""
        sheet.fit_to_pages(1, 0)
        form = self.formats
        last = len(shown) + 3
        sheet.merge_range(0, 0, 0, last, BY_PLACE, form["title"])
        sheet.set_row(0, 24)
        self._wide(sheet, 1, last, self.batch.source, "middle")
        headings = (
            *("Huyện, xã", *(kind.sheet for kind in shown), "Tổng số người"),
            *("Số tiền cần làm rõ, không kể điều chỉnh tăng (đồng)", "Số tiền cần làm rõ, điều chỉnh tăng (đồng)"),
        )
        for column, heading in enumerate(headings):
            sheet.write_string(3, column, heading, form["heading"])
        sheet.set_row(3, 44)
        sheet.repeat_rows(3)
        sheet.freeze_panes(4, 1)
        of = {
            key if isinstance(key, tuple) else (key,): int(count)
            for names in (["list"], ["district", "list"], ["district", "commune", "list"])
            for key, count in lines.groupby(names if len(names) > 1 else names[0]).size().items()
        }
        row = 4
        for place in (*place_sums(lines), PlaceSum("Tổng cộng", (), Sums.of(lines))):
            self._commune_row(sheet, row, place, [of.get((*place.key, kind.code), 0) for kind in shown])
            row += 1
        self._closing(sheet, row + 1, last)

    def _commune_row(self, sheet: "Worksheet", row: int, place: PlaceSum, counts: Sequence[int]) -> None:
        weight = "_sum" if place.is_district else ""
        label = place.name if place.is_district else f"   {place.name}"
        sheet.write_string(row, 0, label, self.formats[f"label{weight}"])
        for column, value in enumerate((*counts, place.sums.persons, place.sums.to_clarify, place.sums.upward), 1):
            sheet.write_number(row, column, value, self.formats[f"count{weight}"])

    # -- a list ------------------------------------------------------------------------------------------------------

    def list_sheets(self, kind: ListKind, lines: pd.DataFrame) -> Shown:
        """One list: head, title, nine columns, groups with their sums, total in figures and words, seal, signatures.

        More lines than a sheet can hold go on on a next one.
        """
        seal, sums = Seal(kind, self.batch), Sums.of(lines)
        sheet, row, room = self._list_head(kind, kind.sheet)
        if not len(lines):
            self._wide(sheet, row, LAST, "Không có hồ sơ nào trong danh sách này.", "strong")
            self._closing(sheet, row + 2, LAST)
            return Shown(kind, sums, seal)
        self._lines(kind, _together(rows(lines, seal)), (sheet, row, room), totals(sums), seal)
        return Shown(kind, sums, seal)

    def paper(self, paper: ListPaper) -> None:
        """A list that is there whole, on one sheet or more."""
        begun = self._list_head(paper.kind, paper.kind.sheet, paper.summary + paper.batch.form.notes)
        self._lines(paper.kind, _together(iter(paper.rows)), begun, paper.closing, paper.seal)

    def _lines(
        self,
        kind: ListKind,
        groups: "Iterator[list[Heading | Entry]]",
        begun: "tuple[Worksheet, int, float]",
        closing: tuple[str, str],
        seal: Seal,
    ) -> None:
        """The groups of rows after a sheet's head (`_list_head`), going on on a next sheet; then the closing."""
        sheet, row, room = begun
        breaks: list[int] = []
        number, is_first = 1, True
        for group in groups:
            if row > MOST_ROWS:
                number += 1
                name = f"{kind.sheet} ({number})"
                self._wide(sheet, row, LAST, f"Còn tiếp ở trang “{name}”.", "strong")
                sheet.print_area(0, 0, row, LAST)
                sheet.set_h_pagebreaks(breaks)
                sheet, row, room = self._list_head(kind, name)
                breaks = []
            elif not is_first and _begins_programme(group):
                room = 0.0  # each programme begins a page
            is_first = False
            room, row = self._group(sheet, row, group, room, breaks)
        if room < CLOSING_POINTS:
            breaks.append(row)
        figures, in_words = closing
        self._banner(sheet, row, figures, "sum")
        self._wide(sheet, row + 1, LAST, in_words, "left")
        self._closing(sheet, row + 3, LAST, seal)
        sheet.set_h_pagebreaks(breaks)

    def _list_head(self, kind: ListKind, name: str, told: Sequence[str] = ()) -> "tuple[Worksheet, int, float]":
        """A new sheet down to the headings of its columns; its next row, and the room left on its first page."""
        batch_form = self.batch.form
        sheet = self.sheet(name, batch_form.widths)
        form = self.formats
        sheet.set_print_scale(SCALE)
        row = self._head(sheet, LAST)
        sheet.merge_range(row, 0, row, LAST, kind.title, form["title"])
        sheet.set_row(row, 22)
        used = 4 * 15.0 + 22
        above = ((f"{self.batch.source} {batch_form.attached}", "middle"), (kind.note, "note"))
        for text, style in (*above, *((sentence, "strong") for sentence in told)):
            row += 1
            used += self._wide(sheet, row, LAST, text, style)
        for column, heading in enumerate(batch_form.headings):
            sheet.write_string(row + 1, column, heading, form["heading"])
        sheet.set_row(row + 1, HEADING_POINTS - LINE_POINTS)
        for column in range(len(HEADINGS)):
            sheet.write_string(row + 2, column, f"({column + 1})", form["ordinal"])
        sheet.repeat_rows(row + 1, row + 2)
        sheet.freeze_panes(row + 3, 0)
        sheet.outline_settings(visible=True, symbols_below=False)
        return sheet, row + 3, PAGE_POINTS - used - HEADING_POINTS

    def _group(
        self, sheet: "Worksheet", row: int, group: Sequence[Heading | Entry], room: float, breaks: list[int]
    ) -> tuple[float, int]:
        """Rows that stay on one page; returns the room that they leave on it, and the next row."""
        heights = [_row_height(one, self.batch.form.widths) for one in group]
        if sum(heights) > room:
            breaks.append(row)
            room = PAGE_POINTS - HEADING_POINTS
        for one, high in zip(group, heights, strict=True):
            if isinstance(one, Heading):
                text = f"   {one.text}" if one.level == "commune" else one.text
                self._banner(sheet, row, text, one.level, level=1 if one.level == "commune" else 0)
            else:
                for column, cell in enumerate(one.cells):
                    self._cell(sheet, row, column, cell)
                sheet.set_row(row, high, None, {"level": 2})
            row += 1
        return room - sum(heights), row

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

    def sheet(self, name: str, widths: Sequence[float]) -> "Worksheet":
        """A new sheet on A4 landscape with its foot."""
        sheet: Worksheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.set_footer(f'&L&"{FONT},Italic"&9{self.batch.form.foot}&R&"{FONT},Regular"&9{name} – trang &P/&N')
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width, self.formats["left"])
        sheet.set_zoom(110)
        return sheet

    def _head(self, sheet: "Worksheet", last: int) -> int:
        """The issuing body beside the national motto, number beside place and day; returns the next row but one."""
        form, half = self.formats, last // 2 - (last > 7)
        superior, office = self.batch.head.issuer
        pairs = (
            (superior, "middle", COUNTRY, "middle_bold"),
            (office, "middle_bold", MOTTO, "motto"),
            (self.batch.form.number, "middle", self.batch.head.day, "dated"),
        )
        for row, (left, left_form, right, right_form) in enumerate(pairs):
            sheet.merge_range(row, 0, row, half, left, form[left_form])
            sheet.merge_range(row, half + 1, row, last, right, form[right_form])
            sheet.set_row(row, 15)
        return 4

    def _wide(self, sheet: "Worksheet", row: int, last: int, text: str, style: str) -> float:
        """A text across the sheet, as high as it needs; returns its height."""
        sheet.merge_range(row, 0, row, last, text, self.formats[style])
        high = LINE_POINTS * line_count(text, 145, POINTS) + 3
        sheet.set_row(row, high)
        return high

    def _banner(self, sheet: "Worksheet", row: int, text: str, style: str, level: int = 0) -> None:
        form = self.formats[style]
        sheet.write_string(row, 0, text, form)
        for column in range(1, LAST + 1):
            sheet.write_blank(row, column, None, form)
        sheet.set_row(row, BANNER_POINTS, None, {"level": level} if level else {})

    def _closing(self, sheet: "Worksheet", row: int, last: int, seal: Seal | None = None) -> int:
        """The foot sentence, the seal, recipients and signatures, the print area; returns the last row."""
        form = self.formats
        sheet.merge_range(row, 0, row, last, self.batch.form.foot, form["foot"])
        if seal is not None:
            for text in seal.lines:
                row += 1
                sheet.merge_range(row, 0, row, last, text, form["fine_left"])
        row += 1
        quarter = (last + 1) / 4
        parts = [(round(n * quarter), round((n + 1) * quarter) - 1) for n in range(4)]
        recipients = "\n".join(f"- {each};" for each in self.batch.form.recipients)
        for texts, first_style, style, points in (
            (
                ("Nơi nhận:", *(title for title, _ in self.batch.form.signers)),
                "strong",
                "middle_bold",
                2 * LINE_POINTS + 3,
            ),
            ((recipients, *(note for _, note in self.batch.form.signers)), "fine_left", "middle", 4 * LINE_POINTS),
        ):
            for place, ((first, end), text) in enumerate(zip(parts, texts, strict=True)):
                sheet.merge_range(row, first, row, end, text, form[style if place else first_style])
            sheet.set_row(row, points)
            row += 1
        sheet.set_row(row, QR_POINTS + 4)
        if seal is not None:
            picture = io.BytesIO()
            code = segno.make(seal.code, error="m")
            code.save(picture, kind="png", scale=4, border=2)
            scale = QR_POINTS / (code.symbol_size(scale=4, border=2)[0] * 0.75)
            told = {"image_data": picture, "x_scale": scale, "y_scale": scale, "description": seal.code}
            sheet.insert_image(row, 0, "ma-kiem-tra.png", told)
        sheet.print_area(0, 0, row, last)
        return row


def _row_height(one: Heading | Entry, widths: Sequence[float]) -> float:
    """Points of a row as it is set."""
    if isinstance(one, Heading):
        return BANNER_POINTS
    highest = max(height(cell, width) for cell, width in zip(one.cells, widths, strict=True))
    return min(max(highest, LINE_POINTS) + 4, 409.0)


def _together(of: Iterator[Heading | Entry]) -> Iterator[list[Heading | Entry]]:
    """Rows that stand on one page: headings with the line after them, the sum of a district with the line before."""
    held: list[Heading | Entry] = []
    for one in of:
        is_sum = isinstance(one, Heading) and one.level == "sum"
        if not is_sum and any(isinstance(each, Entry) for each in held):
            yield held
            held = []
        held.append(one)
    if held:
        yield held


def _begins_programme(group: Sequence[Heading | Entry]) -> bool:
    first = group[0]
    return isinstance(first, Heading) and first.level == "programme"
