"""The frames that expectations look at, made from records of one or more files: only the columns that the suite names.

Text becomes categories, so that a condition is asked once for each distinct value. Beside the records' own columns:
- `received_<field>`: the cell's text as received, from the field's own column or the pieces it was split into
  (null: the sheet has no such column; "": blank, or a dash, or "không có"). Null for further members in a cell, which
  is the head's.
- `received_<field>_of_veteran`: the same, null where the claim is known not to be a veteran's.
- `<column>_occurrences`: how often the value stands in its file. `line_occurrences` counts lines, not members.
- `service_read`: what was read of the service, from the cell or cells that it stands in.
- `household_members`, `household_classes`: persons and distinct classes found under the record's household number.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from eligibility_audit.standardise.names import fold

PLACE: Final = ("record_id", "source_file", "source_sheet", "source_row")
SPLIT: Final = {
    "name": ("surname_middle", "given_name", "members"),
    "date_of_birth": ("birth_if_male", "birth_if_female", "birth_day", "birth_month", "birth_year"),
    "sex": ("birth_if_male", "birth_if_female"),
    "service_from": ("service",),
    "unit": ("unit_place",),
    "place": ("unit_place",),
    "decision_no": ("decision",),
}
NOTHING: Final = frozenset({"khong", "khong co", "chua co", "chua cap", "chua lam", "mat", "k", "ko", "khong ro"})
DIGIT: Final = re.compile(r"\d")
LETTER: Final = re.compile(r"[^\W_]")
OCCURRENCES: Final = "_occurrences"
OF_VETERAN: Final = "_of_veteran"


def of_records(records: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """One row a record, in the order of `records`, on a RangeIndex: the columns asked for, made where need be."""
    return pd.DataFrame({name: _compact(_column(records, name)) for name in columns}, index=range(len(records)))


def of_sheets(records: pd.DataFrame, fields: Iterable[str]) -> pd.DataFrame:
    """One row a sheet: source_file, source_sheet, and for each field `has_<field>`: the sheet has such a column."""
    place = [records["source_file"], records["source_sheet"].fillna("")]
    has = {}
    for field in fields:
        there = np.zeros(len(records), dtype=bool)
        for name in (field, *SPLIT.get(field, ())):
            if f"received_{name}" in records:
                there |= records[f"received_{name}"].notna().to_numpy(dtype=bool)
        has[f"has_{field}"] = there
    return pd.DataFrame(has, index=records.index).groupby(place, sort=False).any().reset_index()


def _column(records: pd.DataFrame, name: str) -> "pd.Series[Any]":
    if name in MADE:
        made = MADE[name](records)
    elif name.startswith("received_") and name.endswith(OF_VETERAN):
        known_child = records["claim"].eq("child").fillna(False).to_numpy(dtype=bool)
        made = _received(records, name.removeprefix("received_").removesuffix(OF_VETERAN)).mask(known_child)
    elif name.startswith("received_"):
        made = _received(records, name.removeprefix("received_"))
    elif name.endswith(OCCURRENCES):
        made = _occurrences([records["source_file"], records[name.removesuffix(OCCURRENCES)]])
    else:
        made = records[name].reset_index(drop=True)
    return made


def _received(records: pd.DataFrame, field: str) -> "pd.Series[Any]":
    sources = [
        records[c].reset_index(drop=True) for n in (field, *SPLIT.get(field, ())) if (c := f"received_{n}") in records
    ]
    if not sources:
        return pd.Series(pd.NA, index=range(len(records)), dtype="str")
    text = sources[0]
    for further in sources[1:]:
        both = text.str.cat(further, sep=" ").str.strip()
        text = both.where(text.notna() & further.notna(), text.fillna(further))
    codes, distinct = pd.factorize(text, use_na_sentinel=True)
    said, unique = pd.factorize(pd.Series([*map(_said, distinct.to_numpy(dtype=object))], dtype="str"))
    codes = np.where((codes < 0) | (records["member"] > 0).to_numpy(dtype=bool), -1, np.append(said, -1)[codes])
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(unique)))


def _said(text: str) -> str:
    """The text of a cell; "" for a dash, dots or words that say that there is nothing."""
    if DIGIT.search(text):
        return text
    plain = fold(text)
    return "" if plain in NOTHING or not LETTER.search(plain) else text


def _occurrences(columns: "list[pd.Series[Any]]") -> "pd.Series[Any]":
    """How often a row's values occur together; null where one of them is."""
    together = np.zeros(len(columns[0]), dtype="int64")
    missing = np.zeros(len(together), dtype=bool)
    for column in columns:
        codes, distinct = pd.factorize(column, use_na_sentinel=True)
        missing |= codes < 0
        together = pd.factorize(together * (len(distinct) + 1) + codes)[0]
    together[missing] = -1
    counts = np.bincount(together[~missing], minlength=1)
    return pd.Series(np.where(missing, np.nan, counts[together]), dtype="float64")


def _of_household(records: pd.DataFrame, count: Callable[[Any], Any]) -> "pd.Series[Any]":
    by_household = records.reset_index(drop=True).groupby(["source_file", "household_no"], sort=False, dropna=True)
    return count(by_household).astype("float64")  # type: ignore[no-any-return]


def _service_read(records: pd.DataFrame) -> "pd.Series[Any]":
    """The service's beginning; where one cell holds both ends, either of them."""
    begins = records["service_from"].reset_index(drop=True)
    if "received_service" not in records:
        return begins
    one_cell = records["received_service"].notna().reset_index(drop=True)
    return begins.where(begins.notna() | ~one_cell, records["service_to"].reset_index(drop=True))


MADE: Final[dict[str, Callable[[pd.DataFrame], "pd.Series[Any]"]]] = {
    "line_occurrences": lambda records: _occurrences([records["source_file"], records["line"], records["member"]]),
    "service_read": _service_read,
    "household_members": lambda records: _of_household(records, lambda g: g["record_id"].transform("size")),
    "household_classes": lambda records: _of_household(records, lambda g: g["household_class"].transform("nunique")),
}


def _compact(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Text as categories, numbers as float64 with NaN, truth as bool categories: what costs little to take apart."""
    if isinstance(column.dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(column.dtype):
        return column
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column.astype("float64")
    codes, distinct = pd.factorize(column, use_na_sentinel=True)
    return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(distinct)), index=column.index)
