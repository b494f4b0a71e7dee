"""What the ledger of inspection conclusions hands to those who publish it."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from eligibility_audit.domain.conclusions import Conclusion, Outcome

# Columns of conclusions/ledger.csv, one row an obligation; the last ones are for the office to fill in.
LEDGER: Final = (
    "obligation_id",
    "conclusion_no",
    "conclusion_date",
    "finding_group",
    "finding_text",
    "category",
    "handling",
    "handlings",
    "handling_unknown",
    "dossier_no",
    "name",
    "date_of_birth",
    "commune",
    "district",
    "unit",
    "due_on",
    "due_basis",
    "is_overdue",
    "bound",
    "match_probability",
    "person_record_ids",
    "identity_agrees",
    "identity_differs",
    "doubled_with",
    "changed_by",
    "changed_to",
    "candidates",
    "state",
    "state_because",
    "state_on",
    "state_by",
    "document_no",
    "document_date",
    "state_note",
    "source_file",
    "source_sheet",
    "source_row",
    "result_state",
    "result_on",
    "result_by",
    "result_document_no",
    "result_document_date",
    "result_note",
)
CANDIDATES: Final = (
    "obligation_id",
    "candidate_record_id",
    "candidate_kind",
    "match_probability",
    "agrees",
    "why_not_sure",
    "name",
    "date_of_birth",
    "dossier_no",
    "commune",
    "district",
    "source_file",
    "source_sheet",
    "source_row",
)


@dataclass(frozen=True)
class Head:
    """A conclusion as the ledger knows it: from its file, else from what its annex says alone."""

    number: str
    day: date | None
    file: Conclusion | None

    @property
    def title(self) -> str:
        """Its number, with its day where known."""
        return f"{self.number} ngày {self.day:%d/%m/%Y}" if self.day else self.number


@dataclass(frozen=True)
class Ledger:
    """All conclusions, earliest first, and the frames of what became of them.

    `lines`: one row an obligation, columns `LEDGER` and `person` (lines of one number speak of one person), `is_last`
    (no later conclusion takes the line's place). `candidates`: who a person not found may be. `reconciliation`: one row
    a conclusion (finding_group empty) and one a group: stated, lines, unreadable, doubled, persons, by_dossier,
    by_identity, by_other_line, several, not_found, difference, explanation. `notes`: sentences, Vietnamese / English.
    `unplaced`: results whose line is in no annex any more.
    """

    heads: tuple[Head, ...]
    lines: pd.DataFrame
    candidates: pd.DataFrame
    reconciliation: pd.DataFrame
    notes: tuple[str, ...] = ()
    unplaced: tuple[Outcome, ...] = ()
