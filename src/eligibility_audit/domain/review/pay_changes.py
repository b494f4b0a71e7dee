"""A change of payment that a signed and served decision makes: what the payer is told of it (procedure.md, 7)."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

Section = Literal["arrears", "more", "less", "stop", "repay"]
SECTIONS: Final[tuple[Section, ...]] = ("arrears", "more", "less", "stop", "repay")  # what the office owes comes first
STOPS: Final = frozenset({"pause", "end"})
GIVES: Final = frozenset({"more", "resume"})
_OF_EFFECT: Final[dict[str, Section]] = {
    "more": "more",
    "resume": "more",
    "less": "less",
    "pause": "stop",
    "end": "stop",
    "repay": "repay",
}


@dataclass(frozen=True)
class PayChange:
    """One decision that changes what is paid from a month on. Money in whole đồng; None is not known.

    `effect`: of the act (`law/<programme>/acts.yaml`), with the direction; `month`: the pay run (YYYY-MM) it was put on
    the list of; `monthly`: paid a month, as the last run of the review read it; `new_amount`: as the decision states
    it; `owed`: arrears that the office pays once; `from_month`: the first month that the arrears are for.
    """

    case_id: str
    programme: str
    act: str
    effect: str
    month: str
    decision_no: str
    decision_date: str
    served_on: str
    means: str
    dossier_no: str | None = None
    name: str | None = None
    date_of_birth: str | None = None
    national_id: str | None = None
    commune: str | None = None
    district: str | None = None
    monthly: int | None = None
    new_amount: int | None = None
    owed: int | None = None
    months_owed: int | None = None
    from_month: str | None = None

    @property
    def section(self) -> Section:
        """Where it stands on the list: once, arrears owed by the office before everything else."""
        return "arrears" if self.owed and self.effect in GIVES else _OF_EFFECT[self.effect]

    @property
    def before(self) -> int | None:
        """Paid a month until then: nothing before a resumption."""
        return 0 if self.effect == "resume" else self.monthly

    @property
    def after(self) -> int | None:
        """Paid a month from then on."""
        if self.effect in STOPS:
            return 0
        if self.effect == "resume":
            return self.new_amount if self.new_amount is not None else self.monthly
        return self.monthly if self.effect == "repay" else self.new_amount

    @property
    def change(self) -> int | None:
        """What a month's payment rises (or falls) by."""
        return None if self.before is None or self.after is None else self.after - self.before

    def expected(self, month: str) -> int | None:
        """What the run of a month pays: the new amount, with the arrears in the month of the list itself.

        Of a repayment nothing is expected: how it is paid back stands in the decision.
        """
        if self.effect == "repay" or self.after is None:
            return None
        once = self.owed or 0 if month == self.month else 0
        return self.after + once


def first_day(month: str) -> date:
    """The first day of a month written YYYY-MM or MM/YYYY. Raises ValueError."""
    one, _, two = month.strip().replace("/", "-").partition("-")
    year, number = (one, two) if len(one) == 4 else (two, one)
    if len(year) != 4 or not 1 <= len(number) <= 2:
        raise ValueError(month)
    return date(int(year), int(number), 1)
