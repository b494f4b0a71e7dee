"""Lists, tables and reports that leave the system."""

from eligibility_audit.publish.contracts import (
    COUNCILS,
    ENTITLED,
    FINDINGS,
    LATER,
    LINKS,
    RECOMMENDATIONS,
    RECONCILIATION,
    REJECTS,
    conform,
)
from eligibility_audit.publish.csv_files import read_csv, write_csv
from eligibility_audit.publish.interchange import write_interchange
from eligibility_audit.publish.lists import count_lists
from eligibility_audit.publish.papers import Batch, Letterhead
from eligibility_audit.publish.report import ReportData, write_braked, write_report
from eligibility_audit.publish.workbook import write_lists

__all__ = [
    "COUNCILS",
    "ENTITLED",
    "FINDINGS",
    "LATER",
    "LINKS",
    "RECOMMENDATIONS",
    "RECONCILIATION",
    "REJECTS",
    "Batch",
    "Letterhead",
    "ReportData",
    "conform",
    "count_lists",
    "read_csv",
    "write_braked",
    "write_csv",
    "write_interchange",
    "write_lists",
    "write_report",
]
