"""The CSV files of a run: the same frame gives the same bytes, and Excel opens them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from eligibility_audit.publish.contracts import FRACTION, WHOLE, conform
from eligibility_audit.publish.inert import as_received, inert

BOM: Final = b"\xef\xbb\xbf"
DECIMALS: Final = 6


def write_csv(frame: pd.DataFrame, path: Path, columns: Sequence[str]) -> None:
    """Write `columns` of the frame in the order of its rows: UTF-8 with BOM, comma, `\\n`, every text in quotes.

    Whole numbers stand without a point, fractions rounded to six decimals, truth as `true`/`false`, nulls as nothing.
    Texts that a spreadsheet would run are made inert (`publish.inert`). Columns that the frame lacks come empty.
    """
    table = pa.Table.from_pandas(conform(frame, columns), preserve_index=False).replace_schema_metadata(None)
    for position, name in enumerate(table.column_names):
        table = table.set_column(position, name, _fixed(table.column(position)))
    with path.open("wb") as out:
        out.write(BOM)
        pacsv.write_csv(table, out, pacsv.WriteOptions(include_header=True, quoting_style="needed"))


def read_csv(path: Path) -> pd.DataFrame:
    """A CSV file of a run as it was before writing: texts `string[pyarrow]`, exactly as received, numbers nullable."""
    header = pd.read_csv(path, encoding="utf-8-sig", nrows=0).columns
    types = {
        name: pa.int64() if name in WHOLE else pa.float64() if name in FRACTION else pa.string() for name in header
    }
    table = pacsv.read_csv(
        path,
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=pacsv.ConvertOptions(
            column_types=types, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        ),
    )
    frame = table.to_pandas(types_mapper=_nullable)
    for name in frame.columns:
        if types[name] == pa.string():
            frame[name] = as_received(frame[name])
    return frame


def _fixed(column: "pa.ChunkedArray[Any]") -> "pa.ChunkedArray[Any]":
    """The column in the one form in which it is written."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return inert(column)
    if pa.types.is_floating(column.type):
        return pc.add(pc.round(column, DECIMALS), 0.0)  # -0.0 becomes 0.0
    if pa.types.is_integer(column.type) or pa.types.is_boolean(column.type) or pa.types.is_decimal(column.type):
        return column
    return inert(column.cast(pa.string()))  # a column of nulls only, or of dates


def _nullable(kind: pa.DataType) -> pd.api.extensions.ExtensionDtype | None:
    if pa.types.is_integer(kind):
        return pd.Int64Dtype()
    return pd.Float64Dtype() if pa.types.is_floating(kind) else pd.StringDtype("pyarrow")
