"""Tables that name their own columns: parquet files and SQL tables, as grids of text."""

from __future__ import annotations  # the classes of pyarrow take no arguments at run time

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.readers.grid import CHUNK, MAX_CELLS, TEXT, Grid, as_text, blanked, columns_of, text_array

if TYPE_CHECKING:
    import sqlalchemy as sa

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*){1,2}")


def parquet_grid(path: Path, name: str) -> Grid:
    """The file as one grid; lines are numbered from 1 in the order of the file."""
    try:
        file = pq.ParquetFile(path)
        names = tuple(file.schema_arrow.names)
        _check_size(file.metadata.num_rows, len(names), name)
        columns: list[list[pa.Array[Any]]] = [[] for _ in names]
        for batch in file.iter_batches(batch_size=CHUNK):
            batch.validate(full=True)
            for position, column in enumerate(batch.columns):
                columns[position].append(_as_texts(column))
    except (pa.ArrowException, OSError, ValueError):
        raise InputError(
            f"{name}: tệp Parquet bị hỏng hoặc tải về chưa đủ; hãy lấy lại từ nguồn. / "
            f"{name}: the Parquet file is damaged or incomplete; get it again from its source."
        ) from None
    return _numbered([pa.chunked_array(chunks, TEXT) for chunks in columns], names)


def _check_size(height: int, width: int, name: str) -> None:
    if height * width > MAX_CELLS:
        raise InputError(
            f"{name}: bảng quá lớn ({height} dòng, {width} cột); hãy tách ra. / "
            f"{name}: the table is too large ({height} lines, {width} columns); split it."
        )


def _as_texts(column: pa.Array[Any]) -> pa.Array[Any]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(pa.large_string())
        kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return blanked(column.cast(TEXT).fill_null(""))
    if pa.types.is_nested(kind):
        return text_array([None if v is None else json.dumps(v, ensure_ascii=False) for v in column.to_pylist()])
    return text_array(column.to_pylist())


def _numbered(columns: Sequence[pa.ChunkedArray[Any]], names: tuple[str, ...]) -> Grid:
    height = len(columns[0]) if columns else 0
    rows = np.arange(1, height + 1, dtype="int64")
    return Grid("", tuple(columns), rows, np.zeros(height, dtype=bool), names=names)


def sql_grid(sql: str, order_by: str) -> Grid:
    """A table of the database whose URL is in EA_SQL_<ALIAS>; `sql` is alias.table or alias.schema.table.

    Lines are numbered from 1 in the order of `order_by` (columns, `;` or `,` between them, each may end in ` desc`),
    else of the primary key. The URL stands in no message.
    """
    if not _NAME.fullmatch(sql):
        raise UsageError(f"sql: “{sql}” phải là bí_danh.bảng. / sql: “{sql}” must be alias.table.")
    alias, _, table = sql.partition(".")
    variable = f"EA_SQL_{alias.upper()}"
    url = os.environ.get(variable)
    if not url:
        raise UsageError(
            f"sql:{sql}: chưa đặt biến môi trường {variable} (địa chỉ cơ sở dữ liệu). / "
            f"sql:{sql}: the environment variable {variable} (the database's URL) is not set."
        )
    return _read_table(url, sql, table, order_by, variable)


def _read_table(url: str, sql: str, table: str, order_by: str, variable: str) -> Grid:
    import sqlalchemy as sa

    schema, _, bare = table.rpartition(".")
    try:
        engine = sa.create_engine(url)
    except (sa.exc.SQLAlchemyError, ImportError):
        raise UsageError(
            f"sql:{sql}: biến {variable} không phải là địa chỉ cơ sở dữ liệu đọc được. / "
            f"sql:{sql}: {variable} is not a database URL that can be used."
        ) from None
    try:
        reflected = sa.Table(bare, sa.MetaData(), schema=schema or None, autoload_with=engine)
        order = _order(reflected, order_by, sql)
        names = tuple(column.name for column in reflected.columns)
        with engine.connect().execution_options(stream_results=True, yield_per=CHUNK) as connection:
            result = connection.execute(sa.select(*reflected.columns).order_by(*order))
            columns = columns_of(_rows(result), f"sql:{sql}")
    except sa.exc.NoSuchTableError:
        raise InputError(
            f"sql:{sql}: không có bảng này trong cơ sở dữ liệu. / sql:{sql}: there is no such table in the database."
        ) from None
    except sa.exc.SQLAlchemyError as error:
        raise InputError(
            f"sql:{sql}: không đọc được cơ sở dữ liệu ({type(error).__name__}); hãy kiểm tra {variable}, quyền đọc. / "
            f"sql:{sql}: the database cannot be read ({type(error).__name__}); check {variable} and your rights."
        ) from None
    finally:
        engine.dispose()
    if not columns:
        columns = tuple(pa.chunked_array([pa.array([], TEXT)]) for _ in names)
    return _numbered(columns, names)


def _rows(result: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    for row in result:
        yield [as_text(value) for value in row]


def _order(table: sa.Table, order_by: str, sql: str) -> list[sa.ColumnElement[Any]]:
    order: list[sa.ColumnElement[Any]] = []
    for part in filter(None, (p.strip() for p in re.split("[,;]", order_by))):
        column, _, direction = part.partition(" ")
        if column not in table.columns or direction.strip().lower() not in {"", "asc", "desc"}:
            known = ", ".join(table.columns.keys())
            raise UsageError(
                f"sql:{sql}: order_by “{part}” không phải là cột của bảng; các cột: {known}. / "
                f"sql:{sql}: order_by “{part}” is not a column of the table; its columns: {known}."
            )
        chosen = table.columns[column]
        order.append(chosen.desc() if direction.strip().lower() == "desc" else chosen.asc())
    order = order or [column.asc() for column in table.primary_key.columns]
    if not order:
        raise UsageError(
            f"sql:{sql}: cần `order_by:` vì bảng không có khóa chính. / "
            f"sql:{sql}: `order_by:` is needed, for the table has no primary key."
        )
    return order
