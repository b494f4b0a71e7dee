"""The director's page: one query a figure, read from `ix_cases_figures`; small numbers of people are protected."""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, insert, select

from eligibility_audit.domain.review.guards import LEAST_REASON
from eligibility_audit.domain.review.limits import reversals_allowed
from eligibility_audit.domain.review.measures import protected
from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.domain.review.states import State
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger, reversals
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import AGES, OPEN, away, in_scope, of_age
from eligibility_audit.store.tables import CaseRow, StepRow, UserRow
from eligibility_audit.store.team_tables import AbsenceRow, CaseFindingRow, RuleDecisionRow

MAY_SEE: Final = frozenset({Role.AUTHORITY, Role.INSPECTOR, Role.ADMINISTRATOR})
CHAIN: Final = "rules"
DAYS_OF_WORK: Final = 30
AGE_BANDS: Final = ((0, 15), (16, 59), (60, 69), (70, 79), (80, 200))


@dataclass(frozen=True)
class Group:
    """Cases of a programme, a place or a rule: how many there ever were, how many are open, overdue."""

    name: str
    total: int
    open: int
    overdue: int

    @property
    def settled(self) -> int:
        """How many are done with."""
        return self.total - self.open


@dataclass(frozen=True)
class Money:
    """Sums in đồng of open cases, and how many cases: what the office may owe, and what is to be made clear."""

    owed: int
    owed_cases: int
    to_clarify: int
    to_clarify_cases: int


@dataclass(frozen=True)
class OfRule:
    """Reversals of a rule. `held`: past its limit, and nobody has decided since."""

    rule_id: str
    reversals: int
    signed: int
    allowed: int
    held: bool


@dataclass(frozen=True)
class Work:
    """What an officer has in hand, and how many steps they took in the last days."""

    user_id: str
    name: str
    unit: str
    open: int
    overdue: int
    steps: int
    is_away: bool


@dataclass(frozen=True)
class Overview:
    """All figures of the page."""

    states: Mapping[str, int]
    overdue: int
    today: int
    week: int
    ages: Mapping[str, int]
    money: Money
    programmes: tuple[Group, ...]
    districts: tuple[Group, ...]
    communes: tuple[Group, ...]
    rules: tuple[Group, ...]
    reversals: tuple[OfRule, ...]
    work: tuple[Work, ...]
    unassigned: int
    sexes: Mapping[str, int | None]
    age_bands: Mapping[str, int | None]

    @property
    def total(self) -> int:
        """N: all cases that were ever opened."""
        return sum(self.states.values())

    @property
    def settled(self) -> int:
        """n: those that are done with."""
        return sum(self.states.get(state, 0) for state in (State.CLEARED, State.CLOSED))


def overview(office: Office, actor: Actor, district: str = "") -> Overview:
    """The figures in the actor's scope, the communes of one district where it is named. Raises RefusedError."""
    if actor.role not in MAY_SEE:
        raise RefusedError(
            ["Trang này cho lãnh đạo, thanh tra, quản trị. / This page is for those who lead or inspect."]
        )
    today = office.today()
    scope = in_scope(actor)
    is_open = and_(scope, CaseRow.state.in_(OPEN))
    due = CaseRow.due_on
    with office.cases.reading() as connection:
        states = _counts(connection, CaseRow.state, scope)
        late, now, week = connection.execute(
            select(
                func.count().filter(due < today),
                func.count().filter(due == today),
                func.count().filter(due.between(today, today + timedelta(days=7))),
            ).where(is_open)
        ).one()
        opened = connection.execute(select(*(func.count().filter(of_age(today, age)) for age in AGES)).where(is_open))
        work, unassigned = _work(connection, today, is_open, everybody=not actor.districts and not actor.communes)
        of_district = and_(scope, CaseRow.district == district)
        return Overview(
            states=states,
            overdue=int(late),
            today=int(now),
            week=int(week),
            ages=dict(zip(AGES, map(int, opened.one()), strict=True)),
            money=_money(connection, is_open),
            programmes=_groups(connection, CaseRow.programme, scope, today),
            districts=_groups(connection, CaseRow.district, scope, today),
            communes=_groups(connection, CaseRow.commune, of_district, today) if district else (),
            rules=_rules(connection, scope, today),
            reversals=_reversals(connection),
            work=work,
            unassigned=unassigned,
            sexes=protected(_sexes(connection, is_open)),
            age_bands=protected(_bands(connection, is_open, today)),
        )


def decide_rule(office: Office, actor: Actor, rule_id: str, reason: str, *, goes_on: bool) -> None:
    """A named person decides on a rule past its limit of reversals: its proposals go on, or stay held.

    Raises RefusedError for a rule that is not held, without a reason, or by who is no authority.
    """
    if actor.role != Role.AUTHORITY:
        raise RefusedError(["Chỉ người có thẩm quyền quyết định. / Only an authority decides this."])
    if len(reason.strip()) < LEAST_REASON:
        raise RefusedError(["Hãy ghi lý do (ít nhất 10 chữ). / Give a reason of ten letters at least."])
    with office.cases.writing() as connection:
        held = reversals.held(connection, [rule_id])
        if rule_id not in held:
            raise RefusedError(["Quy tắc này không bị tạm giữ. / This rule is not held."])
        told = {"rule_id": rule_id, "reversals": held[rule_id][0], "goes_on": goes_on, "reason": reason.strip()}
        who = {"decision_id": f"q-{secrets.token_hex(8)}", "decided_by": actor.user_id, "decided_at": office.clock()}
        connection.execute(insert(RuleDecisionRow), [told | who])
        ledger.append(
            connection, CHAIN, now=office.clock(), actor_id=actor.user_id, act="decide_rule",
            after="goes_on" if goes_on else "held", content=told,
        )  # fmt: skip


def decisions(office: Office) -> list[Mapping[str, Any]]:
    """What was decided about rules, the newest first, with who decided."""
    query = (
        select(RuleDecisionRow, UserRow.name)
        .join(UserRow, UserRow.user_id == RuleDecisionRow.decided_by)
        .order_by(RuleDecisionRow.decided_at.desc())
        .limit(50)
    )
    columns = (RuleDecisionRow.rule_id, RuleDecisionRow.goes_on, RuleDecisionRow.reason, RuleDecisionRow.decided_at)
    with office.cases.reading() as connection:
        return [dict(row) for row in connection.execute(query.with_only_columns(*columns, UserRow.name)).mappings()]


def _counts(connection: Connection, column: Any, where: ColumnElement[bool]) -> dict[str, int]:
    rows = connection.execute(select(column, func.count()).where(where).group_by(column))
    return {str(name or ""): int(count) for name, count in rows}


def _columns(today: date) -> tuple[Any, ...]:
    is_open = CaseRow.state.in_(OPEN)
    late = func.count(case((and_(is_open, CaseRow.due_on < today), 1)))
    return func.count(), func.count(case((is_open, 1))), late


def _groups(connection: Connection, column: Any, where: ColumnElement[bool], today: date) -> tuple[Group, ...]:
    rows = connection.execute(select(column, *_columns(today)).where(where).group_by(column))
    return _sorted(Group(str(name or ""), int(total), int(open_), int(late)) for name, total, open_, late in rows)


def _rules(connection: Connection, scope: ColumnElement[bool], today: date) -> tuple[Group, ...]:
    same = and_(CaseFindingRow.case_id == CaseRow.case_id, CaseFindingRow.round == CaseRow.round)
    rows = connection.execute(
        select(CaseFindingRow.rule_id, *_columns(today))
        .join(CaseRow, same)
        .where(scope)
        .group_by(CaseFindingRow.rule_id)
    )
    return _sorted(Group(str(rule), int(total), int(open_), int(late)) for rule, total, open_, late in rows)


def _sorted(groups: Any) -> tuple[Group, ...]:
    """Most overdue first: never by money."""
    return tuple(sorted(groups, key=lambda group: (-group.overdue, -group.open, group.name)))


def _money(connection: Connection, is_open: ColumnElement[bool]) -> Money:
    owes = CaseRow.direction == "tăng"
    told = and_(func.coalesce(CaseRow.direction, "") != "tăng", CaseRow.amount_to_clarify > 0)
    amount = CaseRow.amount_to_clarify
    row = connection.execute(
        select(
            func.sum(amount).filter(owes), func.count().filter(owes), func.sum(amount).filter(told),
            func.count().filter(told),
        ).where(is_open)
    ).one()  # fmt: skip
    return Money(*(int(value or 0) for value in row))


def _reversals(connection: Connection) -> tuple[OfRule, ...]:
    counted = reversals.reversals(connection)
    if not counted:
        return ()
    signed, held = reversals.signed_acts(connection, counted), reversals.held(connection)
    rows = (
        OfRule(rule, count, signed.get(rule, 0), reversals_allowed(signed.get(rule, 0)), rule in held)
        for rule, count in counted.items()
    )
    return tuple(sorted(rows, key=lambda row: (not row.held, -row.reversals, row.rule_id)))


def _work(
    connection: Connection, today: date, is_open: ColumnElement[bool], *, everybody: bool
) -> tuple[tuple[Work, ...], int]:
    in_hand = {
        user: (int(count), int(late))
        for user, count, late in connection.execute(
            select(CaseRow.assigned_to, func.count(), func.count().filter(CaseRow.due_on < today))
            .where(is_open)
            .group_by(CaseRow.assigned_to)
        )
    }
    since = datetime.combine(today - timedelta(days=DAYS_OF_WORK), datetime.min.time(), UTC)
    steps = dict(
        connection.execute(select(StepRow.actor_id, func.count()).where(StepRow.at >= since).group_by(StepRow.actor_id))
        .tuples()
        .all()
    )
    gone = set(connection.scalars(select(AbsenceRow.user_id).where(away(today))))
    users = connection.execute(
        select(UserRow.user_id, UserRow.name, UserRow.unit)
        .where(UserRow.role.in_([Role.OFFICER.value, Role.COMMUNE_OFFICER.value]), UserRow.is_active)
        .order_by(UserRow.unit, UserRow.name)
    )
    found = tuple(
        Work(user, name, unit, *in_hand.get(user, (0, 0)), steps.get(user, 0), user in gone)
        for user, name, unit in users
        if everybody or user in in_hand
    )
    return found, in_hand.get(None, (0, 0))[0]


def _sexes(connection: Connection, is_open: ColumnElement[bool]) -> dict[str, int]:
    found = _counts(connection, CaseRow.sex, is_open)
    return {"nữ": found.get("F", 0), "nam": found.get("M", 0), "không rõ": found.get("", 0)}


def _bands(connection: Connection, is_open: ColumnElement[bool], today: date) -> dict[str, int]:
    years = _counts(connection, func.substr(CaseRow.date_of_birth, 1, 4), is_open)
    found = Counter({band_of(year, today.year): 0 for year in ("", *(str(today.year - low) for low, _ in AGE_BANDS))})
    for year, count in years.items():
        found[band_of(year, today.year)] += count
    return dict(found)


def band_of(date_of_birth: str | None, year: int) -> str:
    """The age band of somebody born then: `80+`, `70–79` …; `không rõ` where the year is not known."""
    born = str(date_of_birth or "")[:4]
    if not born.isdigit():
        return "không rõ"
    age = year - int(born)
    low, high = next((band for band in AGE_BANDS if band[0] <= age <= band[1]), AGE_BANDS[0])
    return f"{low}+" if high == AGE_BANDS[-1][1] else f"{low}–{high}"
