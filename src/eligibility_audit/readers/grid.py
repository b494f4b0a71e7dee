"""A sheet as columns of text, before anything is understood of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.errors import InputError

CHUNK = 20_000  # lines turned into columns at a time: bounds the memory of Python objects
MAX_COLUMNS = 2_000
MAX_CELLS = 80_000_000
TEXT = pa.large_string()


@dataclass(frozen=True)
class Grid:
    """Columns of text, "" where a cell is blank; `rows` the source row of each line (int64), `hidden_rows` (bool).

    `merged`: (first line, first column, last line, last column), 0-based positions in the grid. `names` are the columns'
    names where the source itself gives them (parquet, SQL) and no line is a header.
    """

    sheet: str
    columns: tuple[pa.ChunkedArray, ...]
    rows: "np.ndarray[tuple[int], np.dtype[np.int64]]"
    hidden_rows: "np.ndarray[tuple[int], np.dtype[np.bool_]]"
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    names: tuple[str, ...] | None = None
    encoding: str = ""
    warnings: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.rows)

    def head(self, count: int) -> list[list[str]]:
        """The first lines, as lists of cells."""
        return self.lines(range(min(count, len(self))))

    def lines(self, positions: Sequence[int]) -> list[list[str]]:
        """The lines at some positions, as lists of cells."""
        take = pa.array(list(positions), pa.int64())
        cells = [column.take(take).to_pylist() for column in self.columns]
        return [list(line) for line in zip(*cells, strict=True)] if cells else [[] for _ in positions]

    def trimmed(self) -> "Grid":
        """Without the blank lines after the last line that has text, and without blank columns at the right."""
        filled = [nonblank(column) for column in self.columns]
        last = max((int(np.flatnonzero(mask)[-1]) for mask in filled if mask.any()), default=-1) + 1
        width = max((position for position, mask in enumerate(filled) if mask.any()), default=-1) + 1
        return replace(
            self,
            columns=tuple(column.slice(0, last) for column in self.columns[:width]),
            rows=self.rows[:last],
            hidden_rows=self.hidden_rows[:last],
            merged=tuple(m for m in self.merged if m[0] < last and m[1] < width),
            names=self.names[:width] if self.names is not None else None,
        )


def nonblank(column: pa.ChunkedArray) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """True where the cell has text."""
    return np.asarray(pc.not_equal(column, pa.scalar("", TEXT)).to_numpy(), dtype=bool)


def matches(column: pa.ChunkedArray, pattern: str) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """True where the pattern (RE2) is found in the cell."""
    return np.asarray(pc.match_substring_regex(column, pattern).to_numpy(), dtype=bool)


def as_text(value: object) -> str:
    """The text of a cell's value: whole numbers without a fraction, dates in ISO, truth as Excel shows it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (float, Decimal)):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def _number(value: float | Decimal) -> str:
    if value != value or value in (float("inf"), float("-inf")):
        return ""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:f}" if isinstance(value, Decimal) else f"{value:.15g}"


def text_array(values: Sequence[object]) -> pa.Array:
    """A column of text; cells of spaces only are blank."""
    if set(map(type, values)) <= {str}:
        array = pa.array(values, TEXT)
    else:
        array = pa.array([v if type(v) is str else as_text(v) for v in values], TEXT)
    blank = pc.equal(pc.utf8_trim_whitespace(array), "")
    return pc.if_else(blank, pa.scalar("", TEXT), array)


def columns_of(lines: Iterable[Sequence[object]], where: str) -> tuple[pa.ChunkedArray, ...]:
    """Lines of any widths as columns of text, a bounded number of lines at a time."""
    chunks: list[list[pa.Array]] = []
    lengths: list[int] = []
    for chunk in _chunks(lines):
        width = max(map(len, chunk))
        _check_size(width, sum(lengths) + len(chunk), where)
        even = [line if len(line) == width else [*line, *[""] * (width - len(line))] for line in chunk]
        chunks.append([text_array(values) for values in zip(*even, strict=True)])
        lengths.append(len(chunk))
    width = max(map(len, chunks), default=0)
    _check_size(width, sum(lengths), where)
    blank = {length: pa.array([""] * length, TEXT) for length in set(lengths)}
    return tuple(
        pa.chunked_array([c[i] if i < len(c) else blank[n] for c, n in zip(chunks, lengths, strict=True)], TEXT)
        for i in range(width)
    )


def _chunks(lines: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    iterator = iter(lines)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _check_size(width: int, height: int, where: str) -> None:
    if width > MAX_COLUMNS or width * height > MAX_CELLS:
        raise InputError(
            f"{where}: bảng quá lớn ({height} dòng, {width} cột); hãy tách tệp hoặc xóa các cột thừa. / "
            f"{where}: the table is too large ({height} lines, {width} columns); split the file or delete unused columns."
        )
