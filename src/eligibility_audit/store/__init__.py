"""What people act on, in SQL: here the table of runs."""

from eligibility_audit.store.runs import RunRow, Store

__all__ = ["RunRow", "Store"]
