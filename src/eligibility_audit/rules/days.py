"""Which day's law a case is judged by: the run's, that of the decision to grant, or that of the payment.

A file granted in 2007 is judged by the law of 2007 (Ordinance 02/2020, Article 58; Decree 131/2021, Article 184). A
date that is coarse or missing is a span of days: it is decided only where the law is one and the same over all of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.rules.parameters import Basis, LawPack, Parameters, Value

if TYPE_CHECKING:
    from eligibility_audit.rules.registry import Rule

Day = Literal["as_of", "granting", "payment"]
DAY_COLUMN: Final = {"granting": "decision_date", "payment": "paid_on"}
DAY_VI: Final = {"as_of": "ngày rà soát", "granting": "ngày quyết định hưởng", "payment": "ngày chi"}
DAY_EN: Final = {
    "as_of": "the day of the audit",
    "granting": "the day of the decision",
    "payment": "the day of payment",
}
Mask: TypeAlias = NDArray[np.bool_]
_NEVER: Final = day_number(date.min)
_State: TypeAlias = tuple[tuple[Value, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Version:
    """The law of a rule over some days: the same values, the same provisions. `first`: the first of those days."""

    first: date
    law: Parameters
    basis: Basis


@dataclass(frozen=True)
class Unjudged:
    """Cases of a programme that some rules left undetermined because of their day; it counts against nobody.

    `before`: no law is known here for the day. `unclear`: the day is missing or coarse, and the law changed within it.
    """

    programme: str
    day: Day
    before: int
    unclear: int
    rule_ids: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """One sentence for the run's notes."""
        kind, rules = KINDS[self.programme], ", ".join(self.rule_ids)
        return (
            f"{kind.vi}: chưa xét theo luật của {DAY_VI[self.day]} {self.before + self.unclear} hồ sơ "
            f"({self.before} trước ngày đầu tiên có luật ở đây, {self.unclear} không rõ ngày mà luật đã thay đổi), "
            f"quy tắc {rules}; không tính vào phần bất lợi / {kind.en}: not judged by the law of {DAY_EN[self.day]}: "
            f"{self.before} before the first law known here, {self.unclear} whose day is not clear while the law "
            "changed; held against nobody"
        )


def day_column(day: Day, programme: str) -> str | None:
    """The date column that says the day of a case; None: the day of the audit, for every case.

    The payment of a list that states no day of payment is the one under audit.
    """
    column = DAY_COLUMN.get(day)
    return column if column in KINDS[programme].field_names else None


def versions(rule: "Rule", pack: LawPack, as_of: date) -> list[tuple[date, Version | None, bool]]:
    """The law of a rule up to `as_of`: from which day, which law (None: none is known), whether the rule applies."""
    found: list[tuple[date, Version | None, bool]] = []
    earlier: tuple[_State | None, bool] | None = None
    for first in _turns(rule, pack, as_of):
        applies = rule.in_force(first)
        state = _state(rule, pack, first) if applies else None
        if earlier is None or not _same((state, applies), earlier):
            found.append((first, version_on(rule, pack, first) if state else None, applies))
        earlier = state, applies
    return found


def by_version(
    rule: "Rule", pack: LawPack, cases: pd.DataFrame, as_of: date
) -> tuple[list[tuple[Version, Mask | None]], Mask, Mask]:
    """Cases by the version of the law that judges them (a mask; None: all of them), then those that none judges.

    The last two masks: those whose day lies before the first law that is known, and those whose day is not clear.
    Raises `LawError` where the rule applies on `as_of` and has no law on that day.
    """
    none = np.zeros(len(cases), dtype=bool)
    now = version_on(rule, pack, as_of) if rule.in_force(as_of) else None
    column = day_column(rule.day, pack.programme)
    if column is None:
        return [(now, None)] if now else [], none, none
    first, last = _possible(
        cases, column, as_of, min(pack.citations[key].valid_from for key in rule.basis[pack.programme])
    )
    told = versions(rule, pack, as_of)
    asks = _alike(rule, pack, told)
    starts = np.array([day_number(day) for day, _, _ in told])
    at, until = (np.searchsorted(starts, days, side="right") - 1 for days in (first, last))
    known = np.array([version is not None for _, version, _ in told])
    applied = np.array([applies for _, _, applies in told])
    one = asks[at] == asks[until]
    parts = [(v, one & (until == n)) for n, (_, v, _) in enumerate(told) if v is not None]
    before = one & ~known[at] & applied[at]
    judged = [(version, None if where.all() else where) for version, where in parts if where.any()]
    return judged, before, ~one


def version_on(rule: "Rule", pack: LawPack, day: date) -> Version:
    """The law of a rule on a day. Raises `LawError` where there is none."""
    return Version(day, rule.law(pack, day), pack.basis(rule.basis[pack.programme], day))


def counted(programme: str, left: Iterable[tuple["Rule", Mask, Mask]]) -> Iterator[Unjudged]:
    """What is to be told of the cases that rules left open, a sentence for each kind of day; each case once."""
    by_day: dict[Day, list[tuple[Rule, Mask, Mask]]] = {}
    for rule, before, unclear in left:
        if before.any() or unclear.any():
            by_day.setdefault(rule.day, []).append((rule, before, unclear))
    for day, parts in by_day.items():
        before = np.logical_or.reduce([part[1] for part in parts])
        unclear = np.logical_or.reduce([part[2] for part in parts]) & ~before
        names = tuple(sorted(part[0].id for part in parts))
        yield Unjudged(programme, day, int(before.sum()), int(unclear.sum()), names)


def _alike(rule: "Rule", pack: LawPack, told: list[tuple[date, Version | None, bool]]) -> NDArray[np.int64]:
    """A number for each version; neighbours that ask the same, under other provisions or marks, have one number."""
    values = [
        [pack.value(name, version.first).value for name in rule.parameters[pack.programme]] if version else None
        for _, version, _ in told
    ]
    changed = [
        n > 0 and (values[n] is None or values[n] != values[n - 1] or told[n][2] != told[n - 1][2])
        for n in range(len(told))
    ]
    return np.cumsum(changed)


def _possible(
    cases: pd.DataFrame, column: str, as_of: date, since: date
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last possible day: one that is missing may be any since the first provision of the rule; what is on the
    list was decided and paid by now.
    """
    first, last = cases[f"{column}_first"], cases[f"{column}_last"]
    today = day_number(as_of)
    begin = first.to_numpy("int64", na_value=max(_NEVER, day_number(since)))
    end = last.to_numpy("int64", na_value=today)
    return begin, np.where(begin <= today, np.minimum(end, today), end)


def _turns(rule: "Rule", pack: LawPack, as_of: date) -> list[date]:
    """The days up to `as_of` on which something of the rule's law begins or has ended."""
    spans: list[tuple[date, date | None]] = [(rule.valid_from, rule.valid_to)]
    for name in rule.parameters[pack.programme]:
        spans += [(value.valid_from, value.valid_to) for value in pack.parameters[name].values]
    for key in rule.basis[pack.programme]:
        spans.append((pack.citations[key].valid_from, pack.citations[key].valid_to))
    ends = [last + timedelta(days=1) for _, last in spans if last is not None and last < date.max]
    return sorted({day for day in (date.min, *(first for first, _ in spans), *ends) if day <= as_of})


def _state(rule: "Rule", pack: LawPack, day: date) -> _State | None:
    """The values and the provisions in force on a day; None where there is not all of it."""
    values = [pack.parameters[name].on(day) for name in rule.parameters[pack.programme]]
    cited = tuple(key for key in rule.basis[pack.programme] if pack.citations[key].in_force(day))
    found = tuple(value for value in values if value is not None)
    return (found, cited) if cited and len(found) == len(values) else None


def _same(one: tuple[_State | None, bool], other: tuple[_State | None, bool]) -> bool:
    if one[0] is None or other[0] is None:
        return one == other
    (values, cited), (before, cited_before) = one[0], other[0]
    alike = all(a.value == b.value and a.mark == b.mark for a, b in zip(values, before, strict=True))
    return one[1] == other[1] and cited == cited_before and alike
