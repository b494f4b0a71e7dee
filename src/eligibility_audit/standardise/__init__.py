"""Change the form of what was received, never its meaning: text, names, dates, numbers, places, compound cells."""

from eligibility_audit.standardise.places import as_read
from eligibility_audit.standardise.records import assign_record_ids
from eligibility_audit.standardise.sheet import standardise_sheet

__all__ = ["as_read", "assign_record_ids", "standardise_sheet"]
