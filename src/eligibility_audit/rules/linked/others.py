"""Evidence that stands on a line of another list."""

import json
from typing import Final

import pandas as pd

from eligibility_audit.rules.wording import TEXT, Column, text

WHERE: Final = ("file", "sheet", "row")


def where(prefix: str) -> tuple[str, ...]:
    """The columns that say where the other line stands."""
    return tuple(f"{prefix}_{name}" for name in WHERE)


def other_item(cases: pd.DataFrame, prefix: str, vi: "Column | str", en: "Column | str") -> list[dict[str, object]]:
    """One piece of evidence a case, found on the line that `<prefix>_file`, `_sheet`, `_row` name."""
    said = [
        pd.Series(value, index=cases.index, dtype=TEXT) if isinstance(value, str) else text(value) for value in (vi, en)
    ]
    place = [text(cases[f"{prefix}_{name}"]) for name in ("file", "sheet")]
    rows = [None if pd.isna(row) else int(row) for row in cases[f"{prefix}_row"]]
    return [
        {"vi": v, "en": e, "file": f, "sheet": s, "row": r}
        for v, e, f, s, r in zip(*(list(column) for column in (*said, *place)), rows, strict=True)
    ]


def unlike(differs: Column) -> Column:
    """What does not agree, as a sentence; what could not be compared is not said to differ."""
    only = differs.str.startswith("không đủ để so")
    said = when(only, "K" + differs.str.slice(1) + ".") + when(~only, "Chưa khớp: " + differs + ".")
    return when(differs != "", said)


def in_place(cases: pd.DataFrame, prefix: str) -> Column:
    """Where the other line stands, in English: `a.xlsx, sheet X, row 7`."""
    sheet = text(cases[f"{prefix}_sheet"])
    file, row = text(cases[f"{prefix}_file"]), text(cases[f"{prefix}_row"])
    return file + when(sheet != "", ", sheet " + sheet) + ", row " + row


def ids(column: Column) -> Column:
    """`;`-separated ids as a JSON list."""
    return pd.Series([json.dumps(str(value).split(";")) for value in text(column)], index=column.index, dtype=TEXT)


def when(condition: Column, said: "Column | str") -> Column:
    """The sentence where the condition holds, else an empty text."""
    sentence = pd.Series(said, index=condition.index, dtype=TEXT) if isinstance(said, str) else text(said)
    return sentence.where(condition.fillna(False).astype("bool"), "")
