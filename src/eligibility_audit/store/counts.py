"""How many cases there are of each kind, kept by the store itself, so that no page counts two hundred thousand."""

from typing import Final

from sqlalchemy import Connection, text

_INTO: Final = """
INSERT INTO case_counts (due_on, district, programme, state, action, direction, office_can_settle, is_protected, n)
"""
_SUMS: Final = """
SELECT due_on, district, programme, state, action, direction, office_can_settle, is_protected, SUM(n)
FROM {} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING SUM(n) <> 0
"""


def sum_up(connection: Connection) -> None:
    """Replace the counts by their sums, in the transaction that is open: what others add meanwhile stays."""
    if connection.dialect.name == "postgresql":
        gone = "WITH gone AS (DELETE FROM case_counts RETURNING *)"
        connection.execute(text(f"{gone} {_INTO} {_SUMS.format('gone')}"))
        return
    last = connection.scalar(text("SELECT MAX(entry_no) FROM case_counts"))
    connection.execute(text(_INTO + _SUMS.format("case_counts")))
    connection.execute(text("DELETE FROM case_counts WHERE entry_no <= :last"), {"last": last or 0})
