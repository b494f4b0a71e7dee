"""What the readers hand on: a sheet as received, and what standardising makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

NOT_PERSON_REASONS = (
    "title",
    "header",
    "repeated_header",
    "column_numbers",
    "group",
    "subtotal",
    "total",
    "note",
    "signature",
    "blank",
    "no_table",
    "hidden_copy",
)


@dataclass(frozen=True)
class ReceivedSheet:
    """One sheet (or file without sheets) as received: its person lines, and an account of all others.

    `lines` has one row a line that looks like a person, all columns `string[pyarrow]` but the first two:
    source_row (int64: the row number Excel shows), hidden (bool), line (all cells but the ordinal, tab-separated: the
    canonical line), heading_commune, heading_district, heading_group (carried down from heading rows, null where there
    was none), then one column for each field found: the cell's text, "" where the cell is blank. A field that the sheet
    does not have is not a column. Text is as received (legacy encodings not yet decoded).
    """

    kind: str
    source_file: str
    source_sheet: str
    lines: pd.DataFrame
    not_person: Mapping[str, int]
    total_lines: int
    title: str = ""  # text above the header, cells joined by " | ", decoded
    header: Mapping[str, str] = field(default_factory=dict)  # field -> heading as received, decoded
    header_rows: tuple[int, ...] = ()
    unmapped: tuple[str, ...] = ()  # headings that no field took
    confidence: float = 1.0  # 0..1: how surely the header was understood
    encoding: str = ""  # of the bytes of a text file: utf-8, utf-16, cp1258, tcvn3; "" for workbooks
    hidden: bool = False
    warnings: tuple[str, ...] = ()  # sentences, Vietnamese / English
    control_persons: int | None = None  # persons that the sheet's own total row counts, if it counts persons


@dataclass(frozen=True)
class StandardisedSheet:
    """The records of one sheet and what could not be read in it.

    `records`: the columns of design.md section 5, then `received_<field>` for every field the sheet has ("" = blank),
    null where the sheet has no such column. `rejects`: source_file, source_sheet, source_row, stage (`line`|`field`),
    field, code, message, raw.
    """

    records: pd.DataFrame
    rejects: pd.DataFrame
    notes: Mapping[str, int] = field(default_factory=dict)  # counts: zeros restored, rows decoded, ...
