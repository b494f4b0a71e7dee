"""From a source of the plan to received sheets: files, file patterns, SQL tables."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.received import ReceivedSheet
from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.readers.grid import Grid
from eligibility_audit.readers.headings import plain
from eligibility_audit.readers.kinds import guess_kind
from eligibility_audit.readers.sheets import check_columns, look, receive, set_aside
from eligibility_audit.readers.spec import SourceSpec
from eligibility_audit.readers.tables import parquet_grid, sql_grid
from eligibility_audit.readers.texts import text_grid
from eligibility_audit.readers.workbooks import OTHER_SHEETS, SUFFIXES, workbook_grids

TEXTS: Final = frozenset({".csv", ".tsv", ".txt"})
PARQUETS: Final = frozenset({".parquet", ".pq"})
READABLE: Final = SUFFIXES | TEXTS | PARQUETS
COPY: Final = 0.95  # a hidden sheet repeats another if this share of its people stands there too
CONTRADICTS: Final = 0.8  # so sure of another kind than the plan's, the reader says so
_PATTERN: Final = frozenset("*?[")


def read_source(source: SourceSpec, base: Path) -> Iterator[ReceivedSheet]:
    """The sheets of a source, file after file in the order of their names. `base`: the folder that paths start from.

    Raises UsageError for a source that is not written rightly, InputError for one that cannot be read.
    """
    for item in source_files(source, base):
        name = f"sql:{item}" if isinstance(item, str) else file_name(item, base)
        yield from read_file(item, name, source)


def source_files(source: SourceSpec, base: Path) -> list[Path | str]:
    """The files of a source in the order of their names, or the one SQL table (`alias.table`)."""
    if bool(source.path) == bool(source.sql):
        raise UsageError(
            f"Nguồn {source.kind} phải có đúng một trong `path:` và `sql:`. / "
            f"Source {source.kind} must have one of `path:` and `sql:`."
        )
    if source.sql:
        return [source.sql]
    if not _PATTERN & set(source.path):
        path = base / source.path
        if not path.is_file():
            raise InputError(
                f"{source.path}: không có tệp này; hãy kiểm tra đường dẫn trong kế hoạch. / "
                f"{source.path}: there is no such file; check the path in the plan."
            )
        return [path]
    found = sorted(p for p in _matching(source.path, base) if p.is_file() and not p.name.startswith(("~$", ".")))
    if not found:
        raise InputError(
            f"{source.path}: không có tệp nào khớp mẫu này. / {source.path}: no file matches this pattern."
        )
    return list(found)


def _matching(pattern: str, base: Path) -> Iterator[Path]:
    path = Path(pattern)
    if not path.is_absolute():
        return base.glob(pattern)
    return Path(path.anchor).glob(str(path.relative_to(path.anchor)))


def file_name(path: Path, base: Path) -> str:
    """POSIX path relative to the base folder; outside of it, with `..`."""
    try:
        return path.resolve().relative_to(base.resolve(), walk_up=True).as_posix()  # type: ignore[call-arg]
    except (TypeError, ValueError):
        import os

        return Path(os.path.relpath(path.resolve(), base.resolve())).as_posix()


def read_file(item: Path | str, source_file: str, source: SourceSpec) -> Iterator[ReceivedSheet]:
    """The sheets of one file (or SQL table, where `item` is a text). `source_file` is what records will call it."""
    if source.kind not in KINDS:
        raise UsageError(
            f"Không có loại danh sách “{source.kind}”; các loại: {', '.join(KINDS)}. / "
            f"There is no kind “{source.kind}”; the kinds: {', '.join(KINDS)}."
        )
    check_columns(source.kind, source.columns)
    sheets = _with_overrides(_received(item, source_file, source), source, source_file)
    yield from without_copies(list(sheets)) if isinstance(item, Path) and item.suffix.lower() in SUFFIXES else sheets


def _stands(wanted: str, heading: str) -> bool:
    """Whether this heading is the one that the plan names: all its tiers, one of them, or the column's letters."""
    tiers = [plain(tier) for tier in heading.split("|")]
    key = plain(wanted.replace("|", " "))
    return key in {plain(heading.replace("|", " ")), *tiers} or re.fullmatch(r"[A-Z]{1,3}", wanted.strip()) is not None


def _received(item: Path | str, source_file: str, source: SourceSpec) -> Iterator[ReceivedSheet]:
    asked = False
    for grid in grids(item, source_file, source):
        looked = look(grid, source.columns)
        sheet = receive(looked, source.kind, source_file, source.columns)
        if not asked and len(sheet.lines):
            asked = True  # the first sheet with people speaks for the file
            kind, sure = guess_kind(looked, Path(source_file).name)
            if kind not in ("", source.kind) and sure >= CONTRADICTS:
                sheet = replace(sheet, warnings=(*sheet.warnings, _another_kind(source_file, source.kind, kind)))
        yield sheet


def _another_kind(name: str, planned: str, seen: str) -> str:
    return (
        f"{name}: kế hoạch ghi là “{KINDS[planned].vi}” nhưng nội dung giống “{KINDS[seen].vi}”; hãy xem lại `kind:` "
        f"trước khi dùng kết quả. / {name}: the plan says {planned}, it reads like {seen}; look at `kind:` before "
        "using the result."
    )


def grids(item: Path | str, name: str, source: SourceSpec) -> Iterator[Grid]:
    """The file's sheets as text, by what its name says it is."""
    if isinstance(item, str):
        yield sql_grid(item, source.order_by)
        return
    _check_there(item, name)
    suffix = item.suffix.lower()
    if suffix in SUFFIXES:
        yield from workbook_grids(item, name, source.sheets)
    elif suffix in PARQUETS:
        yield parquet_grid(item, name)
    elif suffix in TEXTS:
        yield text_grid(item, name, source.encoding)
    else:
        extra = "; hãy lưu lại thành .xlsx" if suffix in OTHER_SHEETS else ""
        extra_en = "; save it as .xlsx" if suffix in OTHER_SHEETS else ""
        raise InputError(
            f"{name}: không đọc loại tệp “{suffix}” (đọc được: {', '.join(sorted(READABLE))}){extra}. / "
            f"{name}: files of type “{suffix}” are not read (read are: {', '.join(sorted(READABLE))}){extra_en}."
        )


def _check_there(path: Path, name: str) -> None:
    try:
        size = path.stat().st_size if path.is_file() else -1
    except OSError:
        size = -1
    if size < 0:
        raise InputError(
            f"{name}: không có tệp này hoặc không được đọc. / {name}: there is no such file, or it may not be read."
        )
    if size == 0:
        raise InputError(
            f"{name}: tệp rỗng (0 byte); hãy kiểm tra lại với nơi gửi. / "
            f"{name}: the file is empty (0 bytes); check it with its sender."
        )


def _with_overrides(sheets: Iterator[ReceivedSheet], source: SourceSpec, name: str) -> Iterator[ReceivedSheet]:
    """Hands on the sheets; at the end raises UsageError for a heading of the plan that stands in none of them."""
    missing, headings = set(source.columns), []
    for sheet in sheets:
        missing -= {name for name in missing & set(sheet.header) if _stands(source.columns[name], sheet.header[name])}
        headings += [*sheet.header.values(), *sheet.unmapped]
        yield sheet
    if missing and headings:
        wanted = ", ".join(f"{name}: “{source.columns[name]}”" for name in sorted(missing))
        known = ", ".join(dict.fromkeys(f"“{h}”" for h in headings))
        raise UsageError(
            f"{name}: không tìm thấy cột đã ghi trong `columns:` ({wanted}); các tiêu đề: {known}. / "
            f"{name}: columns named in `columns:` were not found ({wanted}); the headings: {known}."
        )


def without_copies(sheets: list[ReceivedSheet]) -> Iterator[ReceivedSheet]:
    """The sheets of a workbook, hidden ones that repeat visible ones set aside."""
    if not any(sheet.hidden and len(sheet.lines) for sheet in sheets):
        yield from sheets
        return
    visible = {s.source_sheet: set(s.lines["line"]) for s in sheets if not s.hidden and len(s.lines)}
    for sheet in sheets:
        of = _copied_from(sheet, visible) if sheet.hidden and len(sheet.lines) else ""
        yield set_aside(sheet, of) if of else sheet


def _copied_from(sheet: ReceivedSheet, visible: dict[str, set[str]]) -> str:
    own = set(sheet.lines["line"])
    for name, lines in visible.items():
        if len(own & lines) >= COPY * len(own):
            return name
    everything = set().union(*visible.values())
    return ", ".join(visible) if len(own & everything) >= COPY * len(own) else ""
