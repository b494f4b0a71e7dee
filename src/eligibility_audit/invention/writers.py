"""Writing sheets as workbooks, text files and Parquet; the same lines always give the same bytes."""

import codecs
import csv
import importlib
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from eligibility_audit.invention.legacy import encode, to_cp1258
from eligibility_audit.invention.mess import Cell
from eligibility_audit.invention.sheets import Line, Sheet, lines

Sink = Callable[[Sheet, Line, int], None]  # told of each line and the number of its row
MADE: Final = datetime(2020, 12, 31, 8, 0)  # noqa: DTZ001 - a fixed stamp, so that the same seed gives the same bytes
_ZERO: Final = date(1899, 12, 30)
_XLS_ROWS: Final = 60_000
_BUFFER: Final = 1 << 20
_CSV: Final = {"csv-comma": (",", "utf-8-sig"), "csv-semicolon": (";", "utf-8-sig"), "csv-tab": ("\t", "utf-16")}


def ending(sheets: list[Sheet]) -> str:
    """The ending of the file that these sheets make.

    Where the library for old workbooks is not installed, or there is too much for one, it is a new workbook.
    """
    medium = sheets[0].office.medium
    if medium == "xls":
        fits = find_spec("xlwt") is not None and sum(len(s.entries) for s in sheets) < _XLS_ROWS
        return ".xls" if fits else ".xlsx"
    return ".csv" if medium.startswith("csv") else f".{medium}"


def write(path: Path, sheets: list[Sheet], rng: random.Random, sink: Sink) -> None:
    """Write one file; `path` has the ending that `ending` says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        _text(path, sheets[0], sheets[0].office.medium, rng, sink)
    elif path.suffix == ".parquet":
        _parquet(path, sheets[0], rng, sink)
    elif path.suffix == ".xls":
        _old_workbook(path, sheets, rng, sink)
    else:
        _workbook(path, sheets, rng, sink)


def _encoded(sheet: Sheet, rng: random.Random) -> Iterator[Line]:
    """The lines with the texts around the people in the sheet's encoding too."""
    encoding = sheet.office.habits.encoding
    for line in lines(sheet, rng):
        if encoding != "unicode" and line.kind not in ("person", "quarantine"):
            cells = [encode(_sentence(c), encoding) if isinstance(c, str) else c for c in line.cells]
            line = replace(line, cells=cells)  # noqa: PLW2901 - a repeated header is one object: not to be encoded twice
        yield line


def _sentence(text: str) -> str:
    """Old fonts have no toned capitals: titles are typed in small letters."""
    return text.capitalize() if text.isupper() and len(text) > 5 else text


def _workbook(path: Path, sheets: list[Sheet], rng: random.Random, sink: Sink) -> None:
    options = {
        "constant_memory": True,
        "strings_to_numbers": False,
        "strings_to_formulas": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"created": MADE, "author": ""})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for row, line in enumerate(_encoded(sheet, rng)):
                _row(page, row, line, day)
                sink(sheet, line, row + 1)


def _row(page: Any, row: int, line: Line, day: Any) -> None:  # Any: XlsxWriter is untyped
    if line.hidden:
        page.set_row(row, None, None, {"hidden": True})
    for column, cell in enumerate(line.cells):
        if cell is None or cell == "":
            continue
        if isinstance(cell, str):
            page.write_string(row, column, cell)
        elif isinstance(cell, date):
            page.write_number(row, column, (cell - _ZERO).days, day)
        else:
            page.write_number(row, column, cell)
    if line.merged:
        page.merge_range(row, 0, row, len(line.cells) - 1, "")
        place = next(n for n, c in enumerate(line.cells) if c is not None)
        page.write_string(row, 0, str(line.cells[place]))
    first = line.merges[0][0] if line.merges else 0
    for top, left, bottom, right in line.merges:
        # not merge_range: in constant memory it would close this row; the texts stand already
        page.merge.append([row, left, row + bottom - first if bottom > top else row, right])


def _old_workbook(path: Path, sheets: list[Sheet], rng: random.Random, sink: Sink) -> None:
    xlwt = importlib.import_module("xlwt")
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="dd/mm/yyyy")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for row, line in enumerate(_encoded(sheet, rng)):
            for column, cell in enumerate(line.cells):
                if isinstance(cell, date):
                    page.write(row, column, (cell - _ZERO).days, day)
                elif cell is not None and cell != "":
                    page.write(row, column, cell)
            if line.hidden:
                page.row(row).hidden = True
            sink(sheet, line, row + 1)
    book.save(str(path))


def plain(cell: Cell) -> str:
    """A cell as text in a file without cell types."""
    if cell is None:
        return ""
    return f"{cell.day:02d}/{cell.month:02d}/{cell.year}" if isinstance(cell, date) else str(cell)


def _text(path: Path, sheet: Sheet, medium: str, rng: random.Random, sink: Sink) -> None:
    delimiter, encoding = _CSV.get(medium, (",", "latin-1" if medium == "csv-tcvn3" else "utf-8"))
    buffer = io.StringIO()
    out = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    with path.open("wb") as file:
        file.write(codecs.BOM_UTF16_LE if encoding == "utf-16" else codecs.BOM_UTF8 if encoding == "utf-8-sig" else b"")
        code = {"utf-16": "utf-16-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
        for row, line in enumerate(_encoded(sheet, rng)):
            out.writerow([plain(cell) for cell in line.cells])
            sink(sheet, line, row + 1)
            if buffer.tell() > _BUFFER:
                file.write(_bytes(buffer, medium, code))
        file.write(_bytes(buffer, medium, code))


def _bytes(buffer: io.StringIO, medium: str, code: str) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return to_cp1258(text) if medium == "csv-cp1258" else text.encode(code)


def _parquet(path: Path, sheet: Sheet, rng: random.Random, sink: Sink) -> None:
    names = [column.heading[-1] for column in sheet.columns]
    columns: list[list[str]] = [[] for _ in names]
    row = 0
    for line in _encoded(sheet, rng):
        if line.kind not in ("person", "quarantine"):
            continue
        row += 1
        for values, cell in zip(columns, line.cells, strict=True):
            values.append(plain(cell))
        sink(sheet, line, row)
    pq.write_table(pa.table(dict(zip(names, columns, strict=True))), path)
