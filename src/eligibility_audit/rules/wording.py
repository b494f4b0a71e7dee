"""Sentences and evidence for flagged rows, column by column."""

import json
from typing import Any, Final, TypeAlias

import pandas as pd

Column: TypeAlias = "pd.Series[Any]"
Item: TypeAlias = list[dict[str, object]]  # a piece of evidence for each case
TEXT: Final = "string[pyarrow]"


def text(column: Column) -> Column:
    """Any column as text; null as an empty text."""
    return column.astype(TEXT).fillna("")


def dated(column: Column) -> Column:
    """ISO dates to their precision, as Vietnamese write them: 15/07/1944, 03/1951, 1948."""
    return (
        text(column)
        .str.replace(r"^(\d{4})-(\d{2})-(\d{2})$", r"\3/\2/\1", regex=True)
        .str.replace(r"^(\d{4})-(\d{2})$", r"\2/\1", regex=True)
    )


def money(column: Column) -> Column:
    """Whole đồng with points: 2.062.000; null as an empty text."""
    return pd.Series(
        [
            "" if value is None else f"{value:,}".replace(",", ".")
            for value in column.astype(object).where(column.notna(), None)
        ],
        index=column.index,
        dtype=TEXT,
    )


def number(column: Column) -> Column:
    """Numbers as Vietnamese write them: 29, 61,5; null as an empty text."""
    return text(column).str.replace(r"\.0+$", "", regex=True).str.replace(".", ",", regex=False)


def quoted(column: Column) -> Column:
    """Text as it stands on the list, in quotation marks."""
    return "“" + text(column) + "”"


def item(cases: pd.DataFrame, vi: "Column | str", en: "Column | str") -> Item:
    """One piece of evidence a case, found on the case's own line."""
    columns = [_spread(vi, cases), _spread(en, cases), text(cases["source_file"]), text(cases["source_sheet"])]
    rows = [int(row) for row in cases["source_row"]]
    return [
        {"vi": v, "en": e, "file": f, "sheet": s, "row": r}
        for v, e, f, s, r in zip(*(list(c) for c in columns), rows, strict=True)
    ]


def pieces(cases: pd.DataFrame, *items: Item) -> Column:
    """Pieces of evidence together, as the JSON text of a finding; a piece with an empty sentence is left out."""
    rows = zip(*items, strict=True) if items else ([] for _ in range(len(cases)))
    return pd.Series(
        [json.dumps([i for i in row if i["vi"]], ensure_ascii=False) for row in rows], index=cases.index, dtype=TEXT
    )


def _spread(value: "Column | str", cases: pd.DataFrame) -> Column:
    return pd.Series(value, index=cases.index, dtype=TEXT) if isinstance(value, str) else text(value)
