"""Workbooks (xlsx, xlsm, xls) as grids of text; what is damaged, locked or no workbook at all is said in a sentence."""

import os
import re
import struct
import sys
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import numpy as np
import pyarrow as pa
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from eligibility_audit.errors import InputError
from eligibility_audit.readers.grid import MAX_CELLS, Grid, columns_of

MAX_UNPACKED: Final = 2 << 30
MAX_RATIO: Final = 300  # a large sheet of like cells packs about 60 to 1
SMALL: Final = 64 << 20  # below this the ratio does not matter
BLOCK: Final = 4 << 20
MAX_INDEX: Final = 1 << 20  # bytes of workbook.xml
OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SUFFIXES: Final = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xls"})
OTHER_SHEETS: Final = frozenset({".xlsb", ".ods", ".numbers", ".et"})


@dataclass
class SheetFacts:
    """What calamine does not tell: hidden rows, formulas without a stored value, errors; rows and columns from 1."""

    hidden_rows: set[int] = field(default_factory=set)
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0


def workbook_grids(path: Path, name: str, wanted: Sequence[str] = ()) -> Iterator[Grid]:
    """The sheets of a workbook in its order (only the `wanted`, if any); `name` is what messages call the file.

    Raises InputError where the file is locked, damaged, too large, or no workbook.
    """
    facts = _facts(path, name)
    old = path.suffix.lower() == ".xls"
    with _reading(name, quiet=old):
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = workbook.sheets_metadata
    known = [sheet.name for sheet in sheets]
    for missing in [sheet for sheet in wanted if sheet not in known]:
        raise InputError(
            f"{name}: không có trang tính “{missing}”; tệp có: {', '.join(known)}. / "
            f"{name}: there is no sheet “{missing}”; the file has: {', '.join(known)}."
        )
    for meta in sheets:
        if meta.typ == SheetTypeEnum.WorkSheet and (not wanted or meta.name in wanted):
            with _reading(name, quiet=old):
                sheet = workbook.get_sheet_by_name(meta.name)
                grid = _grid(sheet, facts.get(meta.name, SheetFacts()), name)
            yield _marked(grid, hidden=meta.visible != SheetVisibleEnum.Visible)


@contextmanager
def _reading(name: str, *, quiet: bool = False) -> Iterator[None]:
    try:
        with _quiet() if quiet else nullcontext():
            yield
    except InputError:
        raise
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile):
        raise _damaged(name) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the Rust reader gave up on a broken file
            raise _damaged(name) from None
        raise


@contextmanager
def _quiet() -> Iterator[None]:
    """The Rust reader of old workbooks, giving up on a broken one, would print where in its code it did."""
    sys.stderr.flush()
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def _damaged(name: str) -> InputError:
    return InputError(
        f"{name}: tệp bảng tính bị hỏng hoặc tải về chưa đủ; hãy mở bằng Excel, lưu lại rồi chạy lại. / "
        f"{name}: the workbook is damaged or incomplete; open it in Excel, save it again and run again."
    )


def _marked(grid: Grid, *, hidden: bool) -> Grid:
    return Grid(
        grid.sheet, grid.columns, grid.rows, grid.hidden_rows, grid.merged, hidden=hidden, warnings=grid.warnings
    ).trimmed()


def _grid(sheet: CalamineSheet, facts: SheetFacts, name: str) -> Grid:
    start = sheet.start
    if start is None:
        return Grid(sheet.name, (), np.zeros(0, dtype="int64"), np.zeros(0, dtype=bool))
    first_column, height = start[1], (sheet.end or start)[0] + 1
    if height * sheet.width > MAX_CELLS:
        raise _too_large(name)
    rows: Iterator[Sequence[object]] = sheet.iter_rows()
    columns = list(columns_of(_with_formulas(rows, facts, first_column), f"{name}, {sheet.name}"))
    blank = pa.chunked_array([pa.nulls(height, pa.large_string()).fill_null("")])
    columns = [blank] * first_column + columns
    numbers = np.arange(1, height + 1, dtype="int64")
    hidden = np.isin(numbers, np.fromiter(facts.hidden_rows, dtype="int64", count=len(facts.hidden_rows)))
    merged = tuple((a, b, c, d) for (a, b), (c, d) in sheet.merged_cell_ranges or ())
    return Grid(sheet.name, tuple(columns), numbers, hidden, merged, warnings=_formula_warning(sheet.name, facts))


def _with_formulas(
    rows: Iterator[Sequence[object]], facts: SheetFacts, first_column: int
) -> Iterator[Sequence[object]]:
    """A formula without a stored value and an error are handed on as text: blank would read as 'there is none'."""
    if not facts.formulas and not facts.errors:
        return rows
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), formula in (facts.errors | facts.formulas).items():
        by_row.setdefault(row, {})[column - 1 - first_column] = formula
    return (_patched(row, by_row.get(number)) for number, row in enumerate(rows, start=1))


def _patched(row: Sequence[object], formulas: dict[int, str] | None) -> Sequence[object]:
    if not formulas:
        return row
    cells = list(row)
    for position, formula in formulas.items():
        if 0 <= position < len(cells) and cells[position] in ("", 0.0):
            cells[position] = formula
        elif position >= len(cells):
            cells += [""] * (position - len(cells)) + [formula]
    return cells


def _formula_warning(sheet: str, facts: SheetFacts) -> tuple[str, ...]:
    if not facts.formulas:
        return ()
    row, column = min(facts.formulas)
    cell, count = f"{letters(column)}{row}", len(facts.formulas)
    return (
        f"Trang “{sheet}”: {count} ô công thức chưa có giá trị được lưu (đầu tiên: {cell}); "
        f"hãy mở bằng Excel, lưu lại rồi chạy lại. / "
        f"Sheet “{sheet}”: {count} formula cells have no stored value (first: {cell}); "
        f"open the file in Excel, save it and run again.",
    )


def letters(column: int) -> str:
    """The letters Excel gives a column; the first is 1: 1 -> A, 28 -> AB."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(text: str) -> int:
    """The number of a column's letters; A is 1."""
    number = 0
    for letter in text:
        number = number * 26 + ord(letter) - 64
    return number


# What kind of file it is -------------------------------------------------------------------------


def _facts(path: Path, name: str) -> dict[str, SheetFacts]:
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(OLE):
        _check_not_locked(path, name)
        with _reading(name):
            return _xls_facts(path)
    if not start.startswith(b"PK"):
        raise _wrong_type(name, start)
    try:
        with zipfile.ZipFile(path) as archive:
            return _xlsx_facts(archive, name)
    except InputError:
        raise
    except (zipfile.BadZipFile, ET.ParseError, KeyError, OSError, EOFError, ValueError, NotImplementedError):
        raise _damaged(name) from None
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise _damaged(name) from None
        raise


def _check_not_locked(path: Path, name: str) -> None:
    import msoffcrypto

    with path.open("rb") as file:
        try:
            locked = msoffcrypto.OfficeFile(file).is_encrypted()
        except Exception as error:
            raise _wrong_type(name, OLE) from error
    if locked:
        raise InputError(
            f"{name}: tệp có mật khẩu; hãy mở bằng Excel, bỏ mật khẩu (Tệp > Thông tin > Bảo vệ sổ tính), lưu lại. / "
            f"{name}: the file has a password; open it in Excel, remove the password and save it again."
        )


def _wrong_type(name: str, start: bytes) -> InputError:
    vi, en = _content_name(start)
    return InputError(
        f"{name}: nội dung là {vi}, không phải bảng tính Excel; hãy mở rồi lưu lại thành .xlsx (hoặc đặt đúng đuôi "
        f"tệp). / {name}: the content is {en}, not an Excel workbook; open it and save it as .xlsx (or give it its "
        f"right name)."
    )


_STARTS: Final = (
    ((b"%pdf",), ("tệp PDF", "a PDF file")),
    ((b"<!doctype", b"<html", b"<table", b"<meta", b"<head", b"<style", b"<div"), ("trang web (HTML)", "a web page")),
    ((b"<?xml",), ("XML", "XML")),
    ((b"par1",), ("tệp Parquet", "a Parquet file")),
    ((b"\xff\xd8", b"\x89png"), ("tệp ảnh", "a picture")),
    ((OLE,), ("tài liệu Office khác", "another Office document")),
)


def _content_name(start: bytes) -> tuple[str, str]:
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for starts, names in _STARTS:
        if plain.startswith(starts):
            return names
    if b"\x00" in start:
        return "dữ liệu không rõ loại", "data of an unknown type"
    return "văn bản (có thể là csv)", "text (perhaps csv)"


# xlsx: sizes, hidden rows, formulas ----------------------------------------------------------------

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_REL: Final = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def _xlsx_facts(archive: zipfile.ZipFile, name: str) -> dict[str, SheetFacts]:
    _check_sizes(archive, name)
    files = {entry.filename.lstrip("/"): entry for entry in archive.infolist()}
    if "xl/workbook.xml" not in files:
        raise _other_zip(name, files)
    if any(entry.flag_bits & 1 for entry in files.values()):
        raise _damaged(name)
    for shared in ("xl/sharedStrings.xml",):
        if shared in files:
            for _ in _blocks(archive, files[shared]):
                pass  # read once for its checksum: a size that lies is found here
    return {
        sheet: _scan(_blocks(archive, files[target]), name)
        for sheet, target in _targets(archive, files).items()
        if target in files
    }


def _check_sizes(archive: zipfile.ZipFile, name: str) -> None:
    unpacked = sum(entry.file_size for entry in archive.infolist())
    packed = sum(entry.compress_size for entry in archive.infolist()) or 1
    if unpacked > MAX_UNPACKED or (unpacked > SMALL and unpacked / packed > MAX_RATIO):
        raise _too_large(name)


def _too_large(name: str) -> InputError:
    return InputError(
        f"{name}: tệp khi giải nén lớn bất thường nên không đọc; hãy xóa các dòng, cột trống có định dạng rồi lưu lại, "
        f"hoặc tách tệp. / {name}: the file is abnormally large once unpacked and is not read; delete formatted empty "
        f"rows and columns and save it again, or split it."
    )


def _other_zip(name: str, files: dict[str, zipfile.ZipInfo]) -> InputError:
    if any(file.startswith("word/") for file in files):
        vi, en = "tài liệu Word", "a Word document"
    elif "xl/workbook.bin" in files:
        vi, en = "bảng tính nhị phân (.xlsb)", "a binary workbook (.xlsb)"
    elif "content.xml" in files:
        vi, en = "tài liệu OpenDocument", "an OpenDocument file"
    else:
        vi, en = "tệp nén", "a zip archive"
    return InputError(
        f"{name}: nội dung là {vi}, không phải bảng tính .xlsx; hãy mở rồi lưu lại thành .xlsx. / "
        f"{name}: the content is {en}, not an .xlsx workbook; open it and save it as .xlsx."
    )


def _targets(archive: zipfile.ZipFile, files: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """Sheet name -> file in the archive."""
    index, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if relations not in files or any(files[part].file_size > MAX_INDEX for part in (index, relations)):
        return {}
    paths = {
        str(rel.get("Id")): str(rel.get("Target"))
        for rel in ET.fromstring(archive.read(files[relations]))  # noqa: S314
    }
    root = ET.fromstring(archive.read(files[index]))  # noqa: S314
    found = {}
    for sheet in chain(root.iter(f"{_MAIN}sheet"), root.iter(f"{_STRICT}sheet")):
        target = paths.get(str(sheet.get(_REL) or sheet.get(_STRICT_REL)), "")
        found[str(sheet.get("name"))] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(entry) as file:
        while block := file.read(BLOCK):
            yield block


def _scan(blocks: Iterator[bytes], name: str) -> SheetFacts:
    """One pass over a sheet's XML. Rows are kept whole: what is left after the last '<row' goes to the next block."""
    facts = SheetFacts()
    rest = b""
    patterns: _Patterns | None = None
    for block in chain(blocks, [b""]):
        patterns = patterns or _Patterns(block[:4096])
        text = rest + block
        cut = text.rfind(patterns.row_start) if block else len(text)
        if cut <= 0:
            rest = text
            if len(rest) > MAX_UNPACKED // 8:
                raise _too_large(name)
            continue
        rest = text[cut:]
        _scan_part(text[:cut], patterns, facts)
    if facts.last_row * facts.last_column > MAX_CELLS:
        raise _too_large(name)
    return facts


class _Patterns:
    """Regular expressions for a sheet's XML, whose elements some programs write with a prefix (`<x:row`)."""

    def __init__(self, start: bytes) -> None:
        found = re.search(rb"<(\w+:)?worksheet\b", start)
        p = (found.group(1) or b"") if found else b""
        self.row_start = b"<" + p + b"row"
        self.row_number = re.compile(rb"<" + p + rb'row\b[^>]*?\br="(\d+)"')
        self.hidden = re.compile(rb"<" + p + rb'row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*?\br="(\d+)"')
        self.wide = re.compile(rb"<" + p + rb'c r="([A-Z]{2,3})(\d+)"[^>/]*>')
        self.formula_start = b"<" + p + b"f"
        self.formula = re.compile(
            rb"<%bc r=\"([A-Z]+)(\d+)\"([^>]*)><%bf\b[^>]*?(?:/>|>([^<]*)</%bf>)(<%bv\s*/>|<%bv></%bv>)?</%bc>"
            % (p, p, p, p, p, p, p)
        )
        self.error = re.compile(
            rb"<%bc r=\"([A-Z]+)(\d+)\"(?=[^>]*\bt=\"e\")[^>]*>(?:<%bf\b[^>]*?(?:/>|>[^<]*</%bf>))?<%bv>([^<]+)</%bv>"
            % (p, p, p, p, p)
        )


def _scan_part(text: bytes, patterns: _Patterns, facts: SheetFacts) -> None:
    last = text.rfind(patterns.row_start)
    if last >= 0 and (number := patterns.row_number.match(text, last)):
        facts.last_row = max(facts.last_row, int(number[1]))
    if b'hidden="' in text:
        facts.hidden_rows.update(int(row) for row in patterns.hidden.findall(text))
    facts.last_column = max(facts.last_column, 26)
    for column in {m[1] for m in patterns.wide.finditer(text)}:
        facts.last_column = max(facts.last_column, column_number(column.decode()))
    if b't="e"' in text:
        for column, row, error in patterns.error.findall(text):
            facts.errors[int(row), column_number(column.decode())] = error.decode("utf-8", "replace")
    if patterns.formula_start in text:
        for column, row, attributes, formula, empty in patterns.formula.findall(text):
            if not (b't="str"' in attributes and empty):  # a text result may be empty
                words = formula.decode("utf-8", "replace") or "…"
                facts.formulas[int(row), column_number(column.decode())] = f"={words}"


# xls: hidden rows ----------------------------------------------------------------------------------


def _xls_facts(path: Path) -> dict[str, SheetFacts]:
    """Hidden rows and errors of a legacy workbook, from its ROW, BOOLERR and FORMULA records."""
    import olefile  # type: ignore[import-untyped]

    with olefile.OleFileIO(str(path)) as ole:
        stream = next((s for s in ("Workbook", "Book") if ole.exists(s)), None)
        data = ole.openstream(stream).read() if stream else b""
    starts: dict[int, str] = {}
    facts: dict[str, SheetFacts] = {}
    current = ""
    for at, kind, body in _records(data):
        if kind == 0x0085 and len(body) > 8:  # BOUNDSHEET
            starts[struct.unpack_from("<I", body)[0]] = _short_text(body[6:])
        elif kind == 0x0809:  # BOF
            current = starts.get(at, "")
        elif current and kind in {0x0006, 0x0205, 0x0208}:
            _xls_cell(kind, body, facts.setdefault(current, SheetFacts()))
    return facts


_ERRORS: Final = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def _xls_cell(kind: int, body: bytes, facts: SheetFacts) -> None:
    code = -1
    if kind == 0x0208 and len(body) >= 14 and body[12] & 0x20:
        facts.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
    elif kind == 0x0205 and len(body) >= 8 and body[7]:
        code = body[6]
    elif kind == 0x0006 and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        code = body[8]
    if code in _ERRORS:
        row, column = struct.unpack_from("<HH", body)
        facts.errors[row + 1, column + 1] = _ERRORS[code]


def _records(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        yield at, kind, data[at + 4 : at + 4 + length]
        at += 4 + length


def _short_text(body: bytes) -> str:
    length, wide = body[0], body[1] & 1
    return body[2 : 2 + length * 2].decode("utf-16-le", "replace") if wide else body[2 : 2 + length].decode("latin-1")
