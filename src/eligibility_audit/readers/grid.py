"""A sheet as columns of text, before anything is understood of it."""

from __future__ import annotations  # the classes of pyarrow take no arguments at run time

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from math import isinf, isnan
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.errors import InputError

CHUNK = 20_000  # lines turned into columns at a time: bounds the memory of Python objects
MAX_COLUMNS = 2_000
MAX_CELLS = 80_000_000
TEXT: Final = pa.large_string()
_BLANK: Final = pa.scalar("", TEXT)


Positions = np.ndarray[tuple[int], np.dtype[np.int64]]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Grid:
    """Columns of text, "" where a cell is blank; `rows` the source row of each line (int64), `hidden_rows` (bool).

    `merged`: (first line, first column, last line, last column), 0-based positions in the grid. `names` are the
    names of columns where the source itself gives them (parquet, SQL) and no line is a header.
    """

    sheet: str
    columns: tuple[pa.ChunkedArray[Any], ...]
    rows: np.ndarray[tuple[int], np.dtype[np.int64]]
    hidden_rows: np.ndarray[tuple[int], np.dtype[np.bool_]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    names: tuple[str, ...] | None = None
    encoding: str = ""
    warnings: tuple[str, ...] = ()
    widths: Positions | None = None  # of a text file: the number of cells that each line has

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

    def part(self, first: int, after: int) -> Grid:
        """The lines from `first` up to `after`, without it."""
        return replace(
            self,
            columns=tuple(column.slice(first, after - first) for column in self.columns),
            rows=self.rows[first:after],
            hidden_rows=self.hidden_rows[first:after],
            merged=tuple((m[0] - first, m[1], m[2] - first, m[3]) for m in self.merged if first <= m[0] < after),
            widths=self.widths[first:after] if self.widths is not None else None,
        )

    def trimmed(self) -> Grid:
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
            widths=self.widths[:last] if self.widths is not None else None,
        )


def take(column: pa.ChunkedArray[Any], positions: Positions) -> pa.ChunkedArray[Any]:
    """The cells at some positions."""
    return column.take(pa.array(positions, pa.int64()))


def instead_of_blank(column: pa.ChunkedArray[Any], other: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """The cells of a column, where they are blank those of another."""
    answer: pa.ChunkedArray[Any] = pc.if_else(pc.equal(column, _BLANK), other, column)
    return answer


def blank_where(mask: Mask, column: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    """The cells of a column, blank where the mask is true."""
    answer: pa.ChunkedArray[Any] = pc.if_else(pa.array(mask), _BLANK, column) if mask.any() else column
    return answer


def joined(columns: Sequence[pa.ChunkedArray[Any]]) -> pa.ChunkedArray[Any]:
    """The cells of each line with tabs between them, without those that trail."""
    texts: Any = pc.binary_join_element_wise(*columns, pa.scalar("\t", TEXT))  # type: ignore[call-overload]
    answer: pa.ChunkedArray[Any] = pc.utf8_rtrim(texts, characters="\t")
    return answer


def together(columns: Sequence[pa.ChunkedArray[Any]], between: str) -> pa.ChunkedArray[Any]:
    """The texts of each line that are not blank, with `between` between them."""
    texts: Any = [pc.if_else(pc.equal(column, _BLANK), pa.scalar(None, TEXT), column) for column in columns]
    options: Any = pc.JoinOptions(null_handling="skip")
    answer: pa.ChunkedArray[Any] = pc.binary_join_element_wise(*texts, pa.scalar(between, TEXT), options=options)
    return answer


def crossed(columns: Sequence[tuple[pa.ChunkedArray[Any], str]]) -> pa.ChunkedArray[Any]:
    """Of columns with crosses, the words of those that are crossed."""
    texts = [pc.if_else(pc.equal(column, _BLANK), _BLANK, pa.scalar(words, TEXT)) for column, words in columns]
    return together(texts, "; ")


def nonblank(column: pa.ChunkedArray[Any]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """True where the cell has text."""
    return np.asarray(pc.not_equal(column, _BLANK).to_numpy(), dtype=bool)


def matches(column: pa.ChunkedArray[Any], pattern: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """True where the pattern (RE2) is found in the cell."""
    return np.asarray(pc.match_substring_regex(column, pattern).to_numpy(), dtype=bool)


def as_text(value: object) -> str:
    """The text of a cell's value: whole numbers without a fraction, dates in ISO, truth as Excel shows it."""
    if value is None:
        return ""
    for types, text in _TEXT_OF:
        if isinstance(value, types):
            return text(value)
    return str(value)


def _quickly(value: object) -> str:
    """`as_text`, whole numbers first: most cells that are no text are."""
    if type(value) is float and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return as_text(value)


def _number(value: float | Decimal) -> str:
    if isnan(value) or isinf(value):
        return ""
    if value == int(value) and abs(int(value)) < 10**15:
        return str(int(value))
    return f"{value:f}" if isinstance(value, Decimal) else f"{value:.15g}"


def _moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")


_TEXT_OF: Final[tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...]] = (
    (str, str),
    (bool, lambda value: "TRUE" if value else "FALSE"),
    ((float, Decimal), _number),
    (datetime, _moment),
    ((date, time), lambda value: value.isoformat()),
    (bytes, lambda value: value.decode("utf-8", "replace")),
)


def text_array(values: Sequence[object]) -> pa.Array[Any]:
    """A column of text; cells of spaces only are blank."""
    if set(map(type, values)) <= {str}:
        array: pa.Array[Any] = pa.array(values, TEXT)
    else:
        array = pa.array([v if type(v) is str else _quickly(v) for v in values], TEXT)
    return blanked(array)


def blanked(texts: pa.Array[Any]) -> pa.Array[Any]:
    """Cells of spaces only are blank."""
    answer: pa.Array[Any] = pc.if_else(pc.equal(pc.utf8_trim_whitespace(texts), _BLANK), _BLANK, texts)
    return answer


def columns_of(lines: Iterable[Sequence[object]], where: str) -> tuple[pa.ChunkedArray[Any], ...]:
    """Lines of any widths as columns of text, a bounded number of lines at a time."""
    chunks: list[list[pa.Array[Any]]] = []
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
            f"{where}: the table is too large ({height} lines, {width} columns); split it or delete unused columns."
        )
