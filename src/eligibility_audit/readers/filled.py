"""Filled ledgers as an office sends them back: rows of text by column, from csv or a workbook."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

from eligibility_audit.errors import InputError

SUFFIXES: Final = frozenset({".csv", ".xlsx", ".xls", ".ods"})
HEADER_WITHIN: Final = 30  # rows


def filled_rows(path: Path, names: Mapping[str, str], needed: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Row number (as Excel shows it) and cells by column, for every row below the heading row of each sheet.

    `names`: column -> what its heading may also be called. `needed`: the column without which a row is no heading row;
    a sheet that lacks it is passed over. Raises InputError where the file cannot be read, or no sheet has it.
    """
    wanted = {_plain(heading): column for column, said in names.items() for heading in (column, said)}
    found = False
    for rows in _sheets(path):
        columns: dict[int, str] = {}
        for number, cells in rows:
            if columns:
                yield number, {column: _text(cells[at]) for at, column in columns.items() if at < len(cells)}
            elif number <= HEADER_WITHIN:
                seen = {at: wanted[_plain(cell)] for at, cell in enumerate(cells) if _plain(cell) in wanted}
                columns = seen if needed in seen.values() else {}
                found = found or bool(columns)
    if not found:
        raise InputError(
            f"{path.name}: không có cột “{names[needed]}”; dùng sổ theo dõi do lần chạy ghi ra / "
            f"there is no column {needed}; use the ledger that a run has written"
        )


def _plain(cell: object) -> str:
    return " ".join(str(cell).casefold().split())


def _text(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _sheets(path: Path) -> Iterator[Iterable[tuple[int, list[object]]]]:
    if path.suffix.lower() not in SUFFIXES:
        raise InputError(f"{path.name}: sổ theo dõi là tệp csv hoặc xlsx / a filled ledger is csv or xlsx")
    try:
        if path.suffix.lower() == ".csv":
            yield _csv(path)
        else:
            yield from _workbook(path)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path.name}: không đọc được ({type(error).__name__}) / cannot be read; save it as xlsx or as CSV UTF-8"
        ) from None


def _csv(path: Path) -> list[tuple[int, list[object]]]:
    text = path.read_text(encoding="utf-8-sig")
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return [(rows.line_num, list(cells)) for cells in rows]


def _workbook(path: Path) -> Iterator[list[tuple[int, list[object]]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(path) as book:
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                yield [(number, list(cells)) for number, cells in enumerate(rows, start=1)]
    except CalamineError:
        raise InputError(
            f"{path.name}: không mở được như một sổ Excel (có mật khẩu hoặc hỏng?) / "
            "cannot be opened as a workbook (a password, or damaged?)"
        ) from None
