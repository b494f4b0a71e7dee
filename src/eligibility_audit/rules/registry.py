"""What a rule is, and the list of them.

A rule is one condition of entitlement: a function over the frame of cases of a programme that answers True (met), False
(not met) or NA (undetermined), and a second one that puts the flagged rows into words. It gets the columns and the
parameters that it declares and no others. Importing a module with rules registers them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, Literal

import pandas as pd

from eligibility_audit.domain.kinds import AUDITED, KINDS
from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.domain.words import TIERS
from eligibility_audit.rules.days import Day, day_column
from eligibility_audit.rules.parameters import LawPack, Parameters

GROUNDS: Final = (
    *("death_sure", "death_signal", "death_cancelled", "duplicate", "forgery_concluded", "inspection_open"),
    *("inspection_cleared", "doubt", "identity_contradiction", "id_shared", "rate", "paper_missing", "paper_late"),
    *("unit_code_only", "child_without_parent", "overlap", "not_listed", "one_off_amount", "one_off_death"),
    "legal_review",
)
LOCATION: Final = ("source_file", "source_sheet", "source_row")
_DATE_FORMS: Final = {"date", "month"}
Predicate = Callable[[pd.DataFrame, Parameters], Truth]
Words = Callable[[pd.DataFrame, Parameters], pd.DataFrame]


def date_columns() -> frozenset[str]:
    """The columns of all kinds of list that hold dates to their precision."""
    return _date_columns(tuple(KINDS))


@lru_cache(maxsize=8)
def _date_columns(kinds: tuple[str, ...]) -> frozenset[str]:
    fields = (field for kind in kinds for field in KINDS[kind].fields)
    return frozenset(field.name for field in fields if field.form in _DATE_FORMS) | {"date_of_birth"}


@dataclass(eq=False)
class Rule:
    """One condition of entitlement. Made by `rule(...)`; the words are added by `@its_name.words`.

    `basis`, `parameters`: keys in `law/<programme>/`; a mapping gives each programme its own. `reads`: columns that
    the answer depends on; a date column brings `<column>_first` and `<column>_last`. `shows`: further columns, for
    the words alone. `day`: whose law applies, that of the audit, of the decision or of the payment (`rules/days.py`).
    `false_is`: the outcome of the entitlement where the answer is False (`undetermined` where the
    condition is one of evidence). `undetermined_is`: the ground of NA where the cell `cell` is blank, or says there is
    none, in a column that the sheet has; None: NA is no finding.
    """

    id: str
    programmes: tuple[str, ...]
    basis: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, tuple[str, ...]]
    reads: tuple[str, ...]
    day: Day
    ground: str
    tier: str
    title_vi: str
    title_en: str
    predicate: Predicate
    false_is: Literal["not_met", "undetermined"] = "not_met"
    undetermined_is: str | None = None
    cell: str | None = None
    shows: tuple[str, ...] = ()
    simplifications: tuple[str, ...] = ()
    condition_vi: str = ""
    valid_from: date = date.min
    valid_to: date = date.max
    _words: list[Words] = field(default_factory=list)

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        """What the predicate's docstring says."""
        return self.predicate.__doc__

    def words(self, function: Words) -> Words:
        """Decorator: the function that puts flagged rows into words."""
        self._words.append(function)
        return function

    def in_force(self, day: date) -> bool:
        """Whether the rule is applied on a day."""
        return self.valid_from <= day <= self.valid_to

    def columns(self) -> tuple[str, ...]:
        """Columns that the predicate may read."""
        dates = [name for name in self.reads if name in date_columns()]
        return (*self.reads, *(f"{name}_{end}" for name in dates for end in ("first", "last")), *self._cell())

    def dated_by(self) -> tuple[str, ...]:
        """Columns that say the day whose law applies to a case; the predicate does not read them."""
        columns = {day_column(self.day, programme) for programme in self.programmes} - {None}
        return tuple(f"{name}_{end}" for name in sorted(map(str, columns)) for end in ("first", "last"))

    def law(self, pack: LawPack, day: date) -> Parameters:
        """Its parameters on a day."""
        return pack.at(day, self.parameters[pack.programme])

    def decide(self, cases: pd.DataFrame, law: Parameters) -> Truth:
        """The answer for each case, from what is declared alone; reading any other column is a `KeyError`."""
        answer = self.predicate(cases.loc[:, list(dict.fromkeys(self.columns()))], law)
        if str(answer.dtype) == "bool[pyarrow]":  # what a comparison of Arrow text gives; nullable too
            answer = answer.astype("boolean")
        if answer.dtype != "boolean" or not answer.index.equals(cases.index):
            raise TypeError(f"{self.id} must answer with a nullable boolean column of the same index")
        return answer

    def say(self, flagged: pd.DataFrame, law: Parameters) -> pd.DataFrame:
        """The flagged cases in words: one row a finding, indexed like `flagged` (a case may have several)."""
        return self._words[-1](flagged.loc[:, self.shown()], law)

    def shown(self) -> list[str]:
        """Columns that the words may read."""
        return list(dict.fromkeys((*self.columns(), *self.shows, *LOCATION)))

    @property
    def has_words(self) -> bool:
        """Whether a words function was given."""
        return bool(self._words)

    def _cell(self) -> tuple[str, ...]:
        return (f"received_{self.cell}",) if self.cell else ()


RULES: Final[dict[str, Rule]] = {}
Keys = str | Sequence[str] | Mapping[str, str | Sequence[str]]


def rule(
    *,
    id: str,  # noqa: A002 (the contract's word)
    programmes: Sequence[str],
    basis: Keys,
    reads: Sequence[str],
    ground: str,
    tier: str,
    title_vi: str,
    title_en: str,
    parameters: Keys = (),
    day: Day = "as_of",
    false_is: Literal["not_met", "undetermined"] = "not_met",
    undetermined_is: str | None = None,
    cell: str | None = None,
    shows: Sequence[str] = (),
    simplifications: Sequence[str] = (),
    condition_vi: str = "",
    valid_from: str | None = None,
    valid_to: str | None = None,
) -> Callable[[Predicate], Rule]:
    """Decorator: make a rule of a predicate and register it. Raises `ValueError` for what no rule may be."""
    _check(id, programmes, {ground, undetermined_is or ground}, tier)
    if day == "granting" and not all(day_column(day, programme) for programme in programmes):
        raise ValueError(f"{id}: a list without a date of decision has no day of granting")
    if (undetermined_is is None) != (cell is None):
        raise ValueError(f"{id}: undetermined_is and cell go together")

    def register(predicate: Predicate) -> Rule:
        made = Rule(
            id=id,
            programmes=tuple(programmes),
            basis=_by_programme(basis, programmes),
            parameters=_by_programme(parameters, programmes),
            reads=tuple(reads),
            day=day,
            ground=ground,
            tier=tier,
            title_vi=title_vi,
            title_en=title_en,
            predicate=predicate,
            false_is=false_is,
            undetermined_is=undetermined_is,
            cell=cell,
            shows=tuple(shows),
            simplifications=tuple(simplifications),
            condition_vi=condition_vi,
            valid_from=date.fromisoformat(valid_from) if valid_from else date.min,
            valid_to=date.fromisoformat(valid_to) if valid_to else date.max,
        )
        RULES[id] = made
        return made

    return register


def rules_of(programme: str, day: date) -> list[Rule]:
    """The rules applied in an audit of a programme on a day, in order of id.

    One that is judged by another day may be law no more on this one.
    """
    return [r for _, r in sorted(RULES.items()) if programme in r.programmes and _applied(r, day)]


def _applied(rule: Rule, day: date) -> bool:
    return rule.in_force(day) if rule.day == "as_of" else rule.valid_from <= day


def _check(rule_id: str, programmes: Sequence[str], grounds: set[str], tier: str) -> None:
    if not re.fullmatch(r"[A-Z]+(_[A-Z0-9]+)+", rule_id):
        raise ValueError(f"{rule_id} is not a rule id")
    if rule_id in RULES:
        raise ValueError(f"there are two rules {rule_id}")
    if not programmes or set(programmes) - set(AUDITED):
        raise ValueError(f"{rule_id}: unknown programme")
    if grounds - set(GROUNDS) or tier not in TIERS:
        raise ValueError(f"{rule_id}: unknown ground or tier")


def _by_programme(keys: Keys, programmes: Sequence[str]) -> dict[str, tuple[str, ...]]:
    if isinstance(keys, Mapping):
        return {name: _tuple(keys[name]) for name in programmes}
    return {name: _tuple(keys) for name in programmes}


def _tuple(keys: str | Sequence[str]) -> tuple[str, ...]:
    return (keys,) if isinstance(keys, str) else tuple(keys)
