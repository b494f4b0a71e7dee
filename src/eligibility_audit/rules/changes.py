"""What facts could be otherwise, so that a condition would be met: declared beside each rule, one function a change.

A change says which columns it would alter, to what, and who can bring it about. `least_change` looks for the smallest
set of them that clears a case; nothing here judges whether a change is true.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

import pandas as pd

from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import Rule
from eligibility_audit.rules.wording import Column, money

Who = Literal["office", "entry", "citizen"]
Values = Callable[[pd.DataFrame, Parameters], pd.DataFrame]
Said = str | Callable[[pd.DataFrame, Parameters], Column]
Value = str | int | float | None | Callable[[pd.DataFrame, Parameters], "Column | str | int | float"]

# In the order in which they are proposed: what the office can look up comes before what a person must bring.
WHO: Final[dict[Who, tuple[str, str]]] = {
    "office": ("cơ quan tự tra cứu", "the office can look up"),
    "entry": ("sửa nếu nhập liệu sai", "to be mended if it was entered wrongly"),
    "citizen": ("người hưởng cung cấp", "only the person can bring"),
}


@dataclass(frozen=True)
class Change:
    """One fact that could be otherwise.

    `values(cases, law)`: for the flagged cases in which the change is possible, what `columns` would hold; rows left
    out are not offered it. `vi`, `en`: what would have to be found, as a phrase without a full stop.
    """

    rule_id: str
    who: Who
    columns: tuple[str, ...]
    vi: Said
    en: Said
    values: Values


CHANGES: Final[dict[str, list[Change]]] = {}


def change(rule: Rule, who: Who, *columns: str, vi: Said, en: Said) -> Callable[[Values], Change]:
    """Decorator: declare a change that would clear what `rule` found. Raises `ValueError` for an undeclared column.

    The columns are among those that the rule reads (or its cell as received): a change that the rule cannot see would
    clear nothing.
    """
    if not columns or set(columns) - set(rule.columns()):
        raise ValueError(f"{rule.id} does not read {sorted(set(columns) - set(rule.columns()))}")

    def register(values: Values) -> Change:
        made = Change(rule.id, who, columns, vi, en, values)
        CHANGES.setdefault(rule.id, []).append(made)
        return made

    return register


def changes_of(rules: Iterable[Rule]) -> list[Change]:
    """The changes that these rules know, in the order of `WHO`, then of the rules."""
    found = [each for rule in rules for each in CHANGES.get(rule.id, ())]
    return sorted(found, key=lambda each: list(WHO).index(each.who))


def would_be(rule: Rule, who: Who, *, vi: Said, en: Said, **columns: Value) -> Change:
    """A change by which columns would hold values: constants (None: blank), or what a function gives for each case.

    A case for which a function gives null is not offered the change.
    """

    @change(rule, who, *columns, vi=vi, en=en)
    def values(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        said = {name: value(cases, law) if callable(value) else value for name, value in columns.items()}
        asked = [name for name, value in columns.items() if callable(value)]
        found = pd.DataFrame({name: pd.Series(value, index=cases.index) for name, value in said.items()})
        return found.dropna(subset=asked) if asked else found

    return values


def amount_would_be(rule: Rule, who: Who, amount: Callable[[pd.DataFrame, Parameters], Column]) -> Change:
    """A change by which the monthly amount would be what a function gives for each case, in đồng."""
    return would_be(
        rule,
        who,
        vi=lambda cases, law: "mức được điều chỉnh thành " + money(amount(cases, law)) + " đồng/tháng",
        en=lambda cases, law: "the amount becomes " + money(amount(cases, law)) + " đồng a month",
        monthly_amount=amount,
    )


def answered(rule: Rule, who: Who, *columns: str, vi: Said, en: Said) -> Change:
    """A change by which what another list seemed to say falls away: the columns would hold nothing."""

    @change(rule, who, *columns, vi=vi, en=en)
    def nothing(cases: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        return pd.DataFrame({name: cases[name].mask(cases[name].notna()) for name in columns})

    return nothing
