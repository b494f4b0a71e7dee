"""Of which day a list of poor households is, as its title, its sheet or its file says."""

import re
from calendar import monthrange
from typing import Final

import pandas as pd

from eligibility_audit.rules.facts.text import fold

TEXT: Final = "string[pyarrow]"
_DAY: Final = re.compile(r"(?<!\d)(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(20\d\d)(?!\d)")
_SPELLED: Final = re.compile(r"ngay\s+(\d{1,2})\s+thang\s+(\d{1,2})\s+nam\s+(20\d\d)")
_END: Final = re.compile(r"(?:cuoi|het)\s+nam\s+(20\d\d)")
_YEAR: Final = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


def list_day(title: str) -> str | None:
    """The day that the title of a list names (ISO to its precision), or its year; null where it names none.

    The day on which the list was signed is not the day of the list: a 31 December goes before any other day, and a day
    written out (`ngày 05 tháng 01 năm 2020`) is taken for a signature unless it is one.
    """
    plain = fold(title)
    written, spelled = (
        [(int(d), int(m), int(y)) for d, m, y in found] for found in (_DAY.findall(title), _SPELLED.findall(plain))
    )
    ends = [y for d, m, y in [*written, *spelled] if (d, m) == (31, 12)] + [int(y) for y in _END.findall(plain)]
    if ends:
        return f"{ends[0]}-12-31"
    for d, m, y in written:
        if 1 <= m <= 12 and 1 <= d <= monthrange(y, m)[1]:
            return f"{y}-{m:02d}-{d:02d}"
    years = _YEAR.findall(_SPELLED.sub(" ", plain))
    return years[0] if years else None


def list_days(records: pd.DataFrame) -> "pd.Series[str]":
    """The day of the list each line stands on, by its title, else its sheet's name, else its file's."""
    named: pd.Series[str] = pd.Series(pd.NA, index=records.index, dtype=TEXT)
    for column in ("sheet_title", "source_sheet", "source_file"):
        if column in records:
            codes, titles = pd.factorize(records[column].astype(TEXT))
            days = pd.array([*(list_day(str(title)) for title in titles), None], dtype=TEXT)
            named = named.fillna(pd.Series(days.take(codes), index=records.index))
    return named
