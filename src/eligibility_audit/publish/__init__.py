"""Lists, tables and reports that leave the system."""

from eligibility_audit.publish.contracts import FINDINGS, LINKS, RECOMMENDATIONS, RECONCILIATION, REJECTS, conform
from eligibility_audit.publish.csv_files import read_csv, write_csv

__all__ = [
    "FINDINGS",
    "LINKS",
    "RECOMMENDATIONS",
    "RECONCILIATION",
    "REJECTS",
    "conform",
    "read_csv",
    "write_csv",
]
