"""The command line: data to stdout, progress and logs to stderr. Heavy libraries are imported where they are needed.

Exit codes: 0 done, 1 recommendations at or above --fail-on, 2 usage, configuration or input, 3 brake tripped,
4 integrity check failed.
"""

from eligibility_audit.cli import (
    audits,
    conclusions,
    documents,
    keeping,
    law,
    linking,
    nights,
    office,
    payments,
    reports,
)
from eligibility_audit.cli.application import app, main

__all__ = [
    "app",
    "audits",
    "conclusions",
    "documents",
    "keeping",
    "law",
    "linking",
    "main",
    "nights",
    "office",
    "payments",
    "reports",
]
