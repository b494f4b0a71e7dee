"""From a grid of text to a received sheet: header, people, and an account of all other lines."""

from __future__ import annotations  # the classes of pyarrow take no arguments at run time

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.received import ReceivedSheet
from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.readers import contents
from eligibility_audit.readers.grid import (
    TEXT,
    Grid,
    Mask,
    Positions,
    blank_where,
    crossed,
    joined,
    nonblank,
    take,
    together,
)
from eligibility_audit.readers.header import (
    LOOK,
    Candidates,
    Header,
    find_candidates,
    sample_columns,
    understand,
    without_header,
)
from eligibility_audit.readers.headings import plain
from eligibility_audit.readers.legacy import Decoder, sheet_encoding
from eligibility_audit.readers.lines import Lines, chosen_texts, classify, counts_of, title_headings

TITLES: Final = 4  # lines above a later header that may be its titles
TEXT_DTYPE: Final = pd.StringDtype("pyarrow")


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
    return _look(grid, Decoder(sheet_encoding(grid)), overrides)


def look_at(looked: Looked, part: Grid) -> Looked:
    """A part of a sheet that was looked at, as a sheet of its own."""
    return _look(part, looked.decode, {})


def _look(grid: Grid, decode: Decoder, overrides: Mapping[str, str]) -> Looked:
    head = [decode.line(line) for line in grid.head(LOOK)]
    place = find_candidates(grid, head, overrides) or without_header(grid, overrides)
    headings = {plain(tier) for tiers in place.tiers for tier in tiers} if place else set()
    columns = sample_columns(grid, place.last + 1 if place else 0, headings)
    columns = [contents.Column(decode.column(column.texts), column.filled) for column in columns]
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
    if lines.headers and looked.grid.names is None:
        starts = _starts_of_tables(looked, kind, header, lines, where)
        if len(starts) > 1 and (whole := _in_parts(looked, starts, kind, source_file, overrides)):
            return whole
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


_TELLING: Final = ("name", "given_name", "date_of_birth", "birth_if_male", "birth_year", "national_id", "dossier_no")
MOST_TABLES: Final = 200


def _starts_of_tables(looked: Looked, kind: str, header: Header, lines: Lines, where: str) -> list[int]:
    """Where tables begin whose columns stand in another order than those above; the first begins at 0."""
    starts, now = [0], header
    for position in lines.headers[:MOST_TABLES]:
        start = _start(looked, position)
        after = next((p for p in lines.headers if p > position), len(looked.grid))
        part = look_at(looked, looked.grid.part(start, after))
        if part.place is None:
            continue
        try:
            other = understand(kind, part.place, part.columns, {}, where)
        except InputError:
            continue
        if {"name", "given_name"} & other.columns.keys() and _stands_elsewhere(now, other):
            starts.append(start)
            now = other
    return starts


def _stands_elsewhere(one: Header, two: Header) -> bool:
    both = [name for name in _TELLING if name in one.columns and name in two.columns]
    moved = [name for name in both if one.columns[name] != two.columns[name]]
    return not both or (bool(moved) and (moved[0] in {"name", "given_name"} or len(moved) > 1))


def _start(looked: Looked, position: int) -> int:
    """The first line of the titles that stand directly above a header."""
    above = looked.grid.lines(range(max(0, position - TITLES), position))
    start = position
    for line in reversed(above):
        texts = [cell for cell in line if cell]
        if not texts or len(texts) > 2 or any(contents.is_money(text) for text in texts):
            break
        start -= 1
    return start


def _in_parts(
    looked: Looked, starts: Sequence[int], kind: str, source_file: str, overrides: Mapping[str, str]
) -> ReceivedSheet | None:
    """A sheet of several tables, each read by its own header; null where one of them cannot be read by itself."""
    ends = [*starts[1:], len(looked.grid)]
    try:
        parts = [
            receive(look_at(looked, looked.grid.part(start, end)), kind, source_file, overrides)
            for start, end in zip(starts, ends, strict=True)
        ]
    except InputError:
        return None
    full = [part for part in parts if len(part.lines)]
    if not full:
        return None
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(part.not_person)
    totals = [part.control_persons for part in full]
    return replace(
        full[0],
        lines=_one_frame([_with_title(part) for part in full]),
        not_person=counts_of(counts),
        total_lines=len(looked.grid),
        header={name: text for part in reversed(full) for name, text in part.header.items()},
        header_rows=tuple(row for part in full for row in part.header_rows),
        unmapped=tuple(dict.fromkeys(heading for part in full for heading in part.unmapped)),
        confidence=min(part.confidence for part in full),
        warnings=tuple(dict.fromkeys(warning for part in full for warning in part.warnings)),
        control_persons=None if None in totals else sum(total or 0 for total in totals),
    )


def _with_title(part: ReceivedSheet) -> pd.DataFrame:
    """The lines of one table of several: its title says of which place and group they are, where no line does."""
    said = {level: _words([text] * len(part.lines)) for level, text in title_headings(part.title).items()}
    return part.lines.assign(**{name: part.lines[name].fillna(texts) for name, texts in said.items()})


def _one_frame(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One below the other; a field that a table does not have is blank there, headings above stay null."""
    frame = pd.concat(frames, ignore_index=True)
    for name in frame.columns.difference([*frames[0].columns[:6]]):
        frame[name] = frame[name].fillna("").astype(TEXT_DTYPE)
    return frame


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
        empty[name] = pd.array([], dtype=TEXT_DTYPE)
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
    """Lines of a text file with more cells than the header and than most lines: a stray delimiter shifted them.

    Nothing of such a line surely stands in its column: its fields are handed on blank, so it becomes a reject.
    """
    below = header.last + 1
    if grid.widths is None or below >= len(grid):
        return np.zeros(0, dtype=np.int64)
    usual = int(np.bincount(grid.widths[below:]).argmax())
    most = max(usual, int(grid.widths[header.first : below].max(initial=0)))
    return (below + np.flatnonzero(grid.widths[below:] > most)).astype(np.int64)


def _wide_warning(where: str, wide: Positions) -> tuple[str, ...]:
    if not len(wide):
        return ()
    return (
        f"{where}: {len(wide)} dòng có nhiều ô hơn tiêu đề (thừa dấu phân cách); các dòng đó không đọc được. / "
        f"{where}: {len(wide)} lines have more cells than the header (stray delimiters); they cannot be read.",
    )


def _frame(grid: Grid, header: Header, lines: Lines, wide: Positions) -> pd.DataFrame:
    people = lines.people
    unreadable = np.isin(people, wide)
    ordinal = header.column_of("ordinal")
    cells = [take(column, people) for position, column in enumerate(grid.columns) if position != ordinal]
    columns: dict[str, object] = {
        "source_row": grid.rows[people],
        "hidden": grid.hidden_rows[people] | grid.hidden,
        "line": _text(joined(cells)),
        "heading_commune": _words(lines.commune),
        "heading_district": _words(lines.district),
        "heading_group": _words(lines.group),
    }
    for name, held in header.columns.items():
        columns[name] = _text(blank_where(unreadable, _texts_of(grid, header, name, held, people)))
    if header.sex_marks != (-1, -1):
        columns["sex"] = _sex(grid, header.sex_marks, people, unreadable)
    return pd.DataFrame(columns)


def _texts_of(grid: Grid, header: Header, name: str, held: tuple[int, ...], people: Positions) -> pa.ChunkedArray[Any]:
    if name in header.joins:
        return together([take(grid.columns[c], people) for c in held], header.joins[name])
    if name in header.choices:
        return crossed([(take(grid.columns[c], people), words) for c, words in header.choices[name]])
    return chosen_texts(grid, held, people)


def _sex(grid: Grid, marks: tuple[int, int], people: Positions, unreadable: Mask) -> pd.Series[str]:
    """Nam or Nữ from two columns of crosses; blank where neither or both are crossed."""
    nowhere = np.zeros(len(people), dtype=bool)
    male, female = (nonblank(take(grid.columns[c], people)) & ~unreadable if c >= 0 else nowhere for c in marks)
    return _words(np.where(male & ~female, "Nam", np.where(female & ~male, "Nữ", "")).tolist())


def _words(texts: Sequence[str | None]) -> pd.Series[str]:
    return _text(pa.chunked_array([pa.array(texts, TEXT)]))


def _text(column: pa.ChunkedArray[Any]) -> pd.Series[str]:
    array: Any = pd.arrays.ArrowStringArray
    return pd.Series(array(column, dtype=TEXT_DTYPE))


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
