"""Every error that a person sees: one tree, each with its exit code.

EligibilityAuditError
├── UsageError            2  the command, plan or settings are wrong
├── InputError            2  a source cannot be read as what it is said to be
├── LawError              2  no value in force, or a citation outside its in-force dates
├── RefusedError          2  a step that this person may not take on this case now
├── StaleError            2  somebody else acted first
├── BrakeTrippedError     3  too much is wrong: nothing is published
└── IntegrityError        4  a file is not what the manifest says

The message is a sentence: what is wrong, where, and what to do. It never holds a person's data.
"""

from collections.abc import Sequence


class EligibilityAuditError(Exception):
    """An error that is shown without a traceback."""

    exit_code = 2


class UsageError(EligibilityAuditError):
    """The command line, the plan or a setting is wrong."""


class InputError(EligibilityAuditError):
    """A source is missing or cannot be read as what it is said to be."""


class LawError(EligibilityAuditError):
    """A parameter has no value on the day asked for, or a citation is not in force."""


class RefusedError(EligibilityAuditError):
    """A step in a review that is refused; `reasons`: a sentence each."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = tuple(reasons)


class StaleError(EligibilityAuditError):
    """The case was changed by somebody else since it was read: nothing was written."""


class BrakeTrippedError(EligibilityAuditError):
    """A brake stopped the run before anything was published."""

    exit_code = 3


class IntegrityError(EligibilityAuditError):
    """Stored content does not match its hash."""

    exit_code = 4
