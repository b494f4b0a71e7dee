"""A frame as JSON that any program can read: columns in order, each with its type and its values."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


def canonical(content: object) -> bytes:
    """JSON in one form: keys in order, no spaces, UTF-8. The same content gives the same bytes."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def told(frame: pd.DataFrame) -> dict[str, Any]:
    """The frame as `framed` reads it back: rows, and its columns in order; one without a value has its type alone."""
    return {"rows": len(frame), "columns": [_column(str(name), frame[name]) for name in frame.columns]}


def framed(content: Mapping[str, Any]) -> pd.DataFrame:
    """The frame of `told`."""
    rows = int(content["rows"])
    columns = {}
    for column in content["columns"]:
        values = column.get("values", [None] * rows)
        columns[column["name"]] = pd.Series(pd.array(values, dtype=column["type"]), index=pd.RangeIndex(rows))
    return pd.DataFrame(columns, index=pd.RangeIndex(rows))


def flat(frame: pd.DataFrame, key: list[str], left_out: frozenset[str] = frozenset()) -> dict[str, str]:
    """`<key>.<column>` to the value as text, for each row and each column that has one. Two rows of one key count."""
    found: dict[str, str] = {}
    said: dict[str, int] = {}
    columns = [str(name) for name in frame.columns if name not in left_out and name not in key]
    values = {name: _values(frame[name]) for name in columns}
    for at, named in enumerate(zip(*(_values(frame[name]) for name in key), strict=True)):
        whole = "|".join("" if part is None else str(part) for part in named)
        said[whole] = said.get(whole, 0) + 1
        row = whole if said[whole] == 1 else f"{whole}#{said[whole]}"
        found[row] = "+"
        found |= {f"{row}.{name}": _text(values[name][at]) for name in columns if values[name][at] is not None}
    return found


def _column(name: str, column: "pd.Series[Any]") -> dict[str, Any]:
    kind = "string" if str(column.dtype) == "str" else str(column.dtype)
    content: dict[str, Any] = {"name": name, "type": "string[pyarrow]" if kind.startswith("string") else kind}
    return content if column.isna().all() else content | {"values": _values(column)}


def _values(column: "pd.Series[Any]") -> list[Any]:
    return [_plain(value) for value in column.tolist()]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
