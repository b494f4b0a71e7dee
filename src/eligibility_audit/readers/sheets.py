"""From a grid of text to a received sheet: header, people, and an account of all other lines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.received import ReceivedSheet
from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.readers import contents
from eligibility_audit.readers.grid import TEXT, Grid, nonblank
from eligibility_audit.readers.header import (
    LOOK,
    Candidates,
    Header,
    find_candidates,
    sample_columns,
    understand,
    without_header,
)
from eligibility_audit.readers.legacy import Decoder, sheet_encoding
from eligibility_audit.readers.lines import Lines, chosen_texts, classify, counts_of


Positions = np.ndarray[tuple[int], np.dtype[np.int64]]


@dataclass(frozen=True)
class Looked:
    """A sheet looked at: where its header stands, and a sample of its columns; nothing is decided of its kind yet."""

    grid: Grid
    place: Candidates | None
    columns: tuple[contents.Column, ...]
    decode: Decoder
    title: str


def check_columns(kind: str, columns: Mapping[str, str]) -> None:
    """Raises UsageError where the plan names a field that lists of this kind do not have."""
    import difflib

    known = KINDS[kind].field_names
    for name in columns:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, 0.0)
            raise UsageError(
                f"columns: danh sách {kind} không có trường “{name}”; gần nhất: “{near[0]}”. / "
                f"columns: lists of kind {kind} have no field “{name}”; the nearest is “{near[0]}”."
            )


def look(grid: Grid, overrides: Mapping[str, str]) -> Looked:
    """Find the header and sample the columns."""
    decode = Decoder(sheet_encoding(grid))
    head = [decode.line(line) for line in grid.head(LOOK)]
    place = find_candidates(grid, head, overrides) or without_header(grid, overrides)
    columns = sample_columns(grid, place.last + 1 if place else 0)
    columns = [contents.Column(tuple(map(decode.cell, column.texts)), column.filled) for column in columns]
    above = head[: place.first] if place else head[:5]
    title = " | ".join(" ".join(cell.split()) for line in above for cell in line if cell.strip())
    return Looked(grid, place, tuple(columns), decode, title)


def receive(looked: Looked, kind: str, source_file: str, overrides: Mapping[str, str]) -> ReceivedSheet:
    """The sheet's people and an account of its other lines.

    Raises InputError where people stand in it but no header says which column is what.
    """
    grid, where = looked.grid, _where(source_file, looked.grid.sheet)
    if len(grid) == 0:
        return _nobody(looked, kind, source_file, ())
    header = understand(kind, looked.place, looked.columns, overrides, where) if looked.place else None
    if header is None or not {"name", "given_name"} & header.columns.keys():
        if _has_people(looked):
            raise _no_header(where, looked, header)
        return _nobody(looked, kind, source_file, grid.warnings)
    wide = _wide_lines(grid, header)
    lines = classify(grid, header, looked.decode, wide)
    if not len(lines.people):
        return _nobody(looked, kind, source_file, grid.warnings)
    warnings = (*grid.warnings, *header.warnings, *_wide_warning(where, wide))
    return ReceivedSheet(
        kind=kind,
        source_file=source_file,
        source_sheet=grid.sheet,
        lines=_frame(grid, header, lines, wide),
        not_person=counts_of(lines.not_person),
        total_lines=len(grid),
        title=looked.title,
        header=_headings(header),
        header_rows=tuple(int(grid.rows[r]) for r in range(header.first, header.last + 1)),
        unmapped=tuple(header.heading(c) for c in header.unmapped),
        confidence=header.confidence,
        encoding=grid.encoding,
        hidden=grid.hidden,
        warnings=warnings,
        control_persons=lines.total_persons,
    )


def _where(source_file: str, sheet: str) -> str:
    return f"{source_file}, {sheet}" if sheet else source_file


def _headings(header: Header) -> dict[str, str]:
    headings = {name: " + ".join(header.heading(c) for c in held) for name, held in header.columns.items()}
    marks = [header.heading(c) for c in header.sex_marks if c >= 0]
    return headings | ({"sex": " + ".join(marks)} if marks else {})


def _nobody(looked: Looked, kind: str, source_file: str, warnings: Sequence[str]) -> ReceivedSheet:
    """A sheet without people: all its lines are counted, and it is said."""
    grid, where = looked.grid, _where(source_file, looked.grid.sheet)
    said = (
        f"{where}: không có dòng nào ghi một người, nên cả trang không được dùng. / "
        f"{where}: no line is a person, so the sheet is not used."
    )
    empty = pd.DataFrame({"source_row": pd.array([], dtype="int64"), "hidden": pd.array([], dtype="bool")})
    for name in ("line", "heading_commune", "heading_district", "heading_group"):
        empty[name] = pd.array([], dtype=pd.StringDtype("pyarrow"))
    return ReceivedSheet(
        kind,
        source_file,
        grid.sheet,
        empty,
        {"no_table": len(grid)} if len(grid) else {},
        len(grid),
        title=looked.title,
        confidence=0.0,
        encoding=grid.encoding,
        hidden=grid.hidden,
        warnings=(*warnings, said),
    )


def _has_people(looked: Looked) -> bool:
    """Some column holds names, and another birth dates or ids."""
    start = looked.place.last + 1 if looked.place else 0
    if len(looked.grid) - start < 1:
        return False
    names = [c for c in looked.columns if len(c.texts) >= 2 and c.share(contents.is_name) >= 0.5]
    facts = [c for c in looked.columns if len(c.texts) >= 2 and max(c.share(contents.is_id), c.share(_is_birth)) >= 0.5]
    return bool(names and facts)


def _is_birth(text: str) -> bool:
    return contents.is_date(text) and not contents.is_money(text)


def _no_header(where: str, looked: Looked, header: Header | None) -> InputError:
    found = ", ".join(f"“{' | '.join(t)}”" for t in (looked.place.tiers if looked.place else ()) if t) or "—"
    missing = "tiêu đề cột họ tên" if header else "dòng tiêu đề"
    missing_en = "the heading of the names" if header else "a header"
    return InputError(
        f"{where}: có dòng ghi người nhưng không tìm thấy {missing} (đọc được: {found}); hãy ghi trong kế hoạch, ví dụ "
        f'`columns: {{name: "B", date_of_birth: "C"}}` (chữ của cột hoặc tiêu đề). / '
        f"{where}: there are people but {missing_en} was not found (read: {found}); write in the plan, for example, "
        f'`columns: {{name: "B", date_of_birth: "C"}}` (letters of columns, or headings).'
    )


def _wide_lines(grid: Grid, header: Header) -> Positions:
    """Lines of a text file with more cells than the header: their columns have shifted.

    Nothing of such a line surely stands in its column: its fields are handed on blank and it becomes a reject, not a guess.
    """
    width = len(header.tiers)
    while width and not header.tiers[width - 1]:
        width -= 1
    beyond = np.zeros(len(grid), dtype=bool)
    if not grid.sheet and grid.names is None and width >= 2:
        for column in grid.columns[width:]:
            beyond |= nonblank(column)
    beyond[: header.last + 1] = False
    positions = np.flatnonzero(beyond).astype(np.int64)
    return positions if len(positions) <= 0.5 * len(grid) else positions[:0]


def _wide_warning(where: str, wide: Positions) -> tuple[str, ...]:
    if not len(wide):
        return ()
    return (
        f"{where}: {len(wide)} dòng có nhiều ô hơn tiêu đề (thừa dấu phân cách); các dòng đó không đọc được. / "
        f"{where}: {len(wide)} lines have more cells than the header (stray delimiters); they cannot be read.",
    )


def _frame(grid: Grid, header: Header, lines: Lines, wide: Positions) -> pd.DataFrame:
    take = pa.array(lines.people)
    columns: dict[str, object] = {
        "source_row": grid.rows[lines.people],
        "hidden": grid.hidden_rows[lines.people] | grid.hidden,
        "line": _text(_line(grid, header.column_of("ordinal"), take)),
        "heading_commune": _text(pa.array(lines.commune, TEXT)),
        "heading_district": _text(pa.array(lines.district, TEXT)),
        "heading_group": _text(pa.array(lines.group, TEXT)),
    }
    unreadable = pa.array(np.isin(lines.people, wide))
    for name, held in header.columns.items():
        columns[name] = _text(_hidden_where(unreadable, chosen_texts(grid, held, lines.people)))
    if header.sex_marks != (-1, -1):
        columns["sex"] = _text(_hidden_where(unreadable, _sex(grid, header.sex_marks, take)))
    return pd.DataFrame(columns)


def _hidden_where(unreadable: pa.Array, column: pa.ChunkedArray) -> pa.ChunkedArray:
    if not pc.any(unreadable).as_py():
        return column
    return pc.if_else(unreadable, pa.scalar("", TEXT), column)


def _line(grid: Grid, ordinal: int, take: pa.Array) -> pa.ChunkedArray:
    cells = [column.take(take) for position, column in enumerate(grid.columns) if position != ordinal]
    joined = pc.binary_join_element_wise(*cells, pa.scalar("\t", TEXT))
    return pc.utf8_rtrim(joined, characters="\t")


def _sex(grid: Grid, marks: tuple[int, int], take: pa.Array) -> pa.Array:
    """Nam or Nữ from two columns of crosses; blank where neither or both are crossed."""
    male, female = (nonblank(grid.columns[c].take(take)) if c >= 0 else np.zeros(len(take), dtype=bool) for c in marks)
    return pa.array(np.where(male & ~female, "Nam", np.where(female & ~male, "Nữ", "")), TEXT)


def _text(array: pa.Array | pa.ChunkedArray) -> pd.Series:
    chunked = array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
    return pd.Series(pd.StringDtype("pyarrow").__from_arrow__(chunked))


def set_aside(sheet: ReceivedSheet, of: str) -> ReceivedSheet:
    """A hidden sheet that repeats a visible one: counted, not read twice."""
    where = _where(sheet.source_file, sheet.source_sheet)
    said = (
        f"{where}: trang ẩn lặp lại trang “{of}” nên được để riêng, không tính. / "
        f"{where}: the hidden sheet repeats “{of}” and is set aside."
    )
    return replace(
        sheet,
        lines=sheet.lines.iloc[:0],
        not_person={"hidden_copy": sheet.total_lines},
        warnings=(*sheet.warnings, said),
        control_persons=None,
    )
