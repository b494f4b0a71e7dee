"""The order of the queue, written once: by deadline, then what the office can settle alone, never by amount.

Sick people draw the most money (procedure.md, 8). The order is kept with each case as one text, so that every page is a
range of an index.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

KEPT_WITH: Final = ("queue_key", "name_tail")
_NO_DAY: Final = "9999-99-99"  # a case without a day comes last


def queue_key(case_id: str, due_on: date | None, *, office_can_settle: bool) -> str:
    """Where a case stands in the queue: texts sort as the cases do, and no two are equal."""
    return f"{due_on.isoformat() if due_on else _NO_DAY} {int(not office_can_settle)} {case_id}"


def name_tail(name_key: str) -> str:
    """The words of a folded name from the last to the first: its end is then a beginning."""
    return " ".join(reversed(name_key.split()))


def kept_with(case_id: str, columns: Mapping[str, Any]) -> dict[str, str]:
    """What the store keeps of a case beside the columns of a run, so as to find it."""
    key = queue_key(case_id, columns.get("due_on"), office_can_settle=bool(columns.get("office_can_settle")))
    return {"queue_key": key, "name_tail": name_tail(str(columns.get("name_key") or ""))}
