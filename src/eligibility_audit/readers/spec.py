"""What to read: one source of the plan, as the readers need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SourceSpec:
    """One source. `path` (a file or a pattern) or `sql` (`alias.table`) is given, not both.

    `columns` maps a field to the heading it stands under, or to a column letter; it overrides what the reader finds.
    `encoding` (utf-8, utf-16, cp1258, tcvn3, vni) overrides what is found for text files.
    """

    kind: str
    path: str = ""
    sql: str = ""
    order_by: str = ""
    sheets: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
