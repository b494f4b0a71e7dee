"""Limits of haste: how many stops go in one batch, and how many reversals a rule may have (procedure.md, 5 and 8).

Both numbers are the office's own rule (quy định nội bộ, không phải luật). No counter changes the law: past a limit a
named person decides, in the ledger.
"""

from typing import Final

from eligibility_audit.domain.review.states import AFTER_REPLY, PAUSES, Step

STOPS_AT_ONCE: Final = 20
PER_MILLE_AT_ONCE: Final = 5  # of the people in the programme
IN_BULK: Final = (Step.LOOK_UP, Step.ASK, Step.ORDER_VERIFICATION, Step.CLEAR, Step.SUBMIT)
ADVERSE: Final = AFTER_REPLY | PAUSES
LEAST_REVERSALS: Final = 2
REVERSALS_PER_CENT: Final = 5


def stops_at_once(persons: int) -> int:
    """How many stops of a programme of so many people may be submitted in bulk: 20, or 0.5 %, the smaller."""
    return min(STOPS_AT_ONCE, persons * PER_MILLE_AT_ONCE // 1000)


def reversals_allowed(signed: int) -> int:
    """How many of a rule's signed adverse acts may be reversed before its open proposals are held."""
    return max(LEAST_REVERSALS, signed * REVERSALS_PER_CENT // 100)
