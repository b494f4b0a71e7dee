"""The slips of lists as a workbook: a sheet a list, a page a case, a column of labels and one of answers."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import segno
from xlsxwriter import Workbook

from eligibility_audit.publish.heights import line_count
from eligibility_audit.publish.lists import LISTS, listed
from eligibility_audit.publish.papers import COUNTRY, MOTTO, Batch, Seal
from eligibility_audit.publish.slips import (
    HAND,
    LABEL_WIDTH,
    LINE,
    RESULT,
    SLIP_SIGNERS,
    SLIP_TITLE,
    TEXT_WIDTH,
    Slip,
    slips,
)
from eligibility_audit.publish.workbook import BORDER, FONT, LONG_AGO, QR_POINTS

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FILE_NAME: Final = "phieu.xlsx"
MOST_PAGES: Final = 1_000  # of a sheet: Excel keeps 1,023 page breaks


def write_slips(folder: Path, recommendations: pd.DataFrame, batch: Batch) -> Path:
    """Write the slips of all lists into `folder`; returns the workbook's path."""
    path = folder / FILE_NAME
    lines = listed(recommendations)
    options = {"constant_memory": True, "default_format_properties": {"font_name": "Arial", "font_size": 10}}
    inert = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(str(path), options | inert) as book:
        book.set_properties({"title": SLIP_TITLE, "comments": batch.form.foot, "created": LONG_AGO})
        writer = _Writer(book, batch)
        for kind in LISTS:
            part = lines[lines["list"] == kind.code]
            seal = Seal(kind, batch)
            made = list(slips(kind, part, seal))
            for number, begin in enumerate(range(0, len(made), MOST_PAGES), 1):
                name = kind.sheet if number == 1 else f"{kind.sheet} ({number})"
                writer.sheet(name, made[begin : begin + MOST_PAGES], seal)
    return path


class _Writer:
    """The sheets of one workbook, from the top down."""

    def __init__(self, book: Workbook, batch: Batch) -> None:
        self.book, self.batch = book, batch
        text: dict[str, object] = {"text_wrap": True, "valign": "top", "quote_prefix": True}
        styles: dict[str, dict[str, object]] = {
            "centre": {"align": "center", "valign": "vcenter"},
            "centre_bold": {"align": "center", "valign": "vcenter", "bold": True, "font_size": 10, "text_wrap": True},
            "title": {"align": "center", "valign": "vcenter", "bold": True, "font_size": 14},
            "dated": {"align": "center", "italic": True},
            "source": {"font_size": 9, "align": "center", "text_wrap": True},
            "small": {"font_size": 8, "text_wrap": True, "valign": "vcenter"},
            "hand": {"valign": "top", "bottom": 4},
            "bold": {"bold": True},
            "answers": {},
        }
        self.formats: dict[str, Format] = {
            name: book.add_format({"font_name": FONT, "font_size": 11, **style}) for name, style in styles.items()
        }
        for points in (11.5, 11.0, 10.5, 10.0, 9.5, 9.0):
            for bold in (False, True):
                look = {"font_name": FONT, "font_size": points - 0.5, "bold": bold, **text, **BORDER}
                self.formats[f"{points}{bold}"] = book.add_format(look)

    def sheet(self, name: str, made: Sequence[Slip], seal: Seal) -> None:
        """The slips of a list, each on a page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=0.8, right=0.4, top=0.5, bottom=0.6)
        sheet.set_print_scale(86)
        sheet.set_footer(f'&L&"{FONT},Italic"&9{self.batch.form.foot}&R&"{FONT},Regular"&9{name} – trang &P/&N')
        for column, width in enumerate((LABEL_WIDTH, TEXT_WIDTH / 2, TEXT_WIDTH / 2)):
            sheet.set_column(column, column, width)
        picture = io.BytesIO()
        code = segno.make(seal.code, error="m")
        code.save(picture, kind="png", scale=4, border=2)
        scale = QR_POINTS / (code.symbol_size(scale=4, border=2)[0] * 0.75)
        row, breaks = 0, []
        for slip in made:
            breaks.append(row)
            row = self._slip(sheet, row, slip)
            told = {"image_data": picture, "x_scale": scale, "y_scale": scale, "description": seal.code}
            sheet.insert_image(row, 0, "ma-kiem-tra.png", told)
            sheet.merge_range(row, 1, row, 2, "\n".join((slip.code, *seal.lines)), self.formats["small"])
            sheet.set_row(row, QR_POINTS + 4)
            row += 1
        sheet.set_h_pagebreaks(breaks[1:])
        sheet.print_area(0, 0, row - 1, 2)

    def _slip(self, sheet: "Worksheet", row: int, slip: Slip) -> int:
        form = self.formats
        superior, office = self.batch.head.issuer
        for left, right, style in (
            (superior, COUNTRY, "centre_bold"),
            (office, MOTTO, "centre_bold"),
            (self.batch.form.number, self.batch.head.day, "dated"),
        ):
            sheet.merge_range(row, 0, row, 1, left, form["centre"])
            sheet.write_string(row, 2, right, form[style])
            row += 1
        for text, style in ((SLIP_TITLE, "title"), (slip.title, "centre"), (self.batch.source, "source")):
            sheet.merge_range(row, 0, row, 2, text, form[style])
            sheet.set_row(row, 18 if style != "source" else 11.5 * line_count(text, LABEL_WIDTH + TEXT_WIDTH, 9) + 3)
            row += 1
        for label, text, bold in slip.rows:
            sheet.write_string(row, 0, label, form[f"{slip.points}True"])
            sheet.merge_range(row, 1, row, 2, text, form[f"{slip.points}{bold}"])
            count = max(line_count(label, LABEL_WIDTH, slip.points), line_count(text, TEXT_WIDTH, slip.points))
            sheet.set_row(row, count * slip.points * LINE + 2)
            row += 1
        sheet.merge_range(row, 0, row, 2, RESULT, form["bold"])
        row += 1
        sheet.merge_range(row, 0, row, 2, "     ".join(f"☐ {each}" for each in slip.answers), form["answers"])
        for said in HAND:
            row += 1
            sheet.merge_range(row, 0, row, 2, said, form["hand"])
            sheet.set_row(row, 25)
        row += 1
        for column, who in enumerate(SLIP_SIGNERS):
            sheet.write_string(row, column, who, form["centre_bold"])
        sheet.set_row(row, 64)
        return row + 1
