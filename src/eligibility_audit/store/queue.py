"""The queue: by deadline, then what the office can settle alone; never by amount (procedure.md, 8: sick people draw the
most money)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, RowMapping, Select, and_, false, func, or_, select, tuple_

from eligibility_audit.domain.dates import VIETNAM
from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.domain.review.states import State
from eligibility_audit.standardise.names import fold
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import CaseRow, ConflictRow, UserRow
from eligibility_audit.store.team_tables import AbsenceRow, CaseFindingRow

PAGE: Final = 25
OPEN: Final = tuple(state.value for state in State if state not in (State.CLEARED, State.CLOSED))
_MINE: Final[Mapping[Role, tuple[State, ...]]] = {
    Role.COMMUNE_OFFICER: (State.RECOMMENDED, State.ASKED, State.VERIFYING, State.SIGNED),
    Role.OFFICER: (
        *(State.RECOMMENDED, State.OFFICE_LOOKUP, State.ASKED, State.VERIFYING, State.SIGNS_RECORDED),
        *(State.SIGNED, State.SERVED, State.ON_PAYMENT_LIST, State.AWAITING_CONCLUSION),
    ),
    Role.CHECKER: (State.SUBMITTED,),
    Role.AUTHORITY: (State.CHECKED,),
}


@dataclass(frozen=True)
class Filter:
    """What of the queue is shown; empty = everything. `due`: `overdue`, `today`, `week`.

    `age`: days since a case was opened (`AGES`); `whose`: `me` (those one stands in for among them), `unit`, `nobody`,
    or an account; `owes`: `we` (the office may owe), `clarify` (a sum to be made clear). `words`: name, dossier or id.
    """

    state: str = ""
    programme: str = ""
    action: str = ""
    district: str = ""
    commune: str = ""
    due: str = ""
    alone: bool = False
    mine: bool = True
    words: str = ""
    page: int = 1
    rule: str = ""
    age: str = ""
    whose: str = ""
    owes: str = ""

    def as_text(self) -> dict[str, str]:
        """The filter without the words that were searched for: a name does not go into an address."""
        told = {name: value for name, value in asdict(self).items() if name != "words"}
        return {name: str(int(value) if isinstance(value, bool) else value) for name, value in told.items()}


@dataclass(frozen=True)
class Line:
    """A case in the queue."""

    case_id: str
    name: str
    date_of_birth: str
    dossier_no: str
    commune: str
    district: str
    programme: str
    action: str
    state: str
    due_on: date | None
    office_can_settle: bool
    law_mark: str
    is_assigned: bool


@dataclass(frozen=True)
class Page:
    """A page of the queue, with how many cases the filter finds."""

    lines: tuple[Line, ...]
    count: int
    filter: Filter

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True)
class FirstPage:
    """What the first page says: due today, overdue, what the office can settle alone, what waits for this person."""

    due_today: int
    overdue: int
    alone: int
    waiting: int
    owed: int  # cases in which the office may owe the person
    by_state: Mapping[str, int]


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The cases that an actor may see at all; every query of cases goes through here."""
    protected = CaseRow.is_protected.is_(False) if actor.role in (Role.VIEWER, Role.COMMUNE_OFFICER) else None
    if not actor.districts and not actor.communes:
        scope: ColumnElement[bool] = CaseRow.case_id.is_not(None)
    else:
        parts: list[ColumnElement[bool]] = [false()]
        if actor.districts:
            parts.append(CaseRow.district.in_(sorted(actor.districts)))
        if actor.communes:
            parts.append(tuple_(CaseRow.commune, CaseRow.district).in_(sorted(actor.communes)))
        scope = or_(*parts)
    return scope if protected is None else and_(scope, protected)


def queue(office: Office, actor: Actor, wanted: Filter) -> Page:
    """A page of the queue of an actor, the nearest deadline first."""
    where = _where(office.today(), actor, wanted)
    page = max(1, wanted.page)
    rows = select(
        *(getattr(CaseRow, name) for name in _SHOWN), CaseRow.assigned_to.is_not(None).label("is_assigned")
    ).where(where)
    start = (page - 1) * PAGE
    with office.cases.reading() as connection:
        counts = connection.execute(select(func.count(), func.count(CaseRow.due_on)).select_from(CaseRow).where(where))
        count, dated = counts.one()
        soon = rows.where(CaseRow.due_on.is_not(None)).order_by(*_ORDER).limit(PAGE).offset(start)
        found = list(connection.execute(soon).mappings()) if start < dated else []
        if len(found) < PAGE and count > dated:  # those without a day come last
            open_ended = rows.where(CaseRow.due_on.is_(None)).order_by(*_ORDER)
            rest = open_ended.limit(PAGE - len(found)).offset(max(0, start - dated))
            found += connection.execute(rest).mappings()
    lines = tuple(_line(row) for row in found)
    return Page(lines, count, replace(wanted, page=page))


def ids_of(office: Office, actor: Actor, wanted: Filter, most: int) -> tuple[str, ...]:
    """The cases that a filter finds, in the order of the queue, `most` of them."""
    order = (CaseRow.due_on.is_(None), CaseRow.due_on, CaseRow.office_can_settle.desc(), CaseRow.case_id)
    query = select(CaseRow.case_id).where(_where(office.today(), actor, wanted)).order_by(*order).limit(most)
    with office.cases.reading() as connection:
        return tuple(connection.scalars(query))


def away(day: date) -> ColumnElement[bool]:
    """The absences that hold on a day."""
    return and_(AbsenceRow.from_day <= day, AbsenceRow.to_day >= day, AbsenceRow.ended_on.is_(None))


def neighbour(office: Office, actor: Actor, wanted: Filter, case_id: str) -> str | None:
    """The case after this one in the queue; None at its end, or where the case is not in it."""
    where = _where(office.today(), actor, wanted)
    with office.cases.reading() as connection:
        here = connection.execute(
            select(CaseRow.due_on, CaseRow.office_can_settle).where(where, CaseRow.case_id == case_id)
        ).first()
        if here is None:
            return None
        settles, id_ = CaseRow.office_can_settle, CaseRow.case_id
        later = and_(settles.is_(here.office_can_settle), id_ > case_id)
        beside = or_(later, settles.is_(False)) if here.office_can_settle else later
        dated = (
            [] if here.due_on is None else [and_(CaseRow.due_on == here.due_on, beside), CaseRow.due_on > here.due_on]
        )
        undated = CaseRow.due_on.is_(None) if dated else and_(CaseRow.due_on.is_(None), beside)
        for part in (*dated, undated):  # one after the other: each walks along an index
            found: str | None = connection.scalar(select(CaseRow.case_id).where(where, part).order_by(*_ORDER).limit(1))
            if found is not None:
                return found
    return None


def first_page(office: Office, actor: Actor) -> FirstPage:
    """The counts of the first page."""
    today = office.today()
    is_open = and_(in_scope(actor), CaseRow.state.in_(OPEN))
    mine = and_(in_scope(actor), CaseRow.state.in_(_states(actor)))
    counts: Select[Any] = select(
        func.count().filter(CaseRow.due_on == today),
        func.count().filter(CaseRow.due_on < today),
        func.count().filter(CaseRow.office_can_settle),
        func.count(),
    ).where(mine)
    owed = select(func.count()).where(is_open, CaseRow.direction == "tăng")
    by_state = select(CaseRow.state, func.count()).where(in_scope(actor)).group_by(CaseRow.state)
    with office.cases.reading() as connection:
        due, overdue, alone, waiting = connection.execute(counts).one()
        states = {state: int(count) for state, count in connection.execute(by_state).all()}
        return FirstPage(due, overdue, alone, waiting, int(connection.scalar(owed) or 0), states)


def places(office: Office, actor: Actor) -> dict[str, list[str]]:
    """Districts with their communes that have cases in the actor's scope, for the filter."""
    rows = (
        select(CaseRow.district, CaseRow.commune)
        .where(in_scope(actor))
        .distinct()
        .order_by(CaseRow.district, CaseRow.commune)
    )
    found: dict[str, list[str]] = {}
    with office.cases.reading() as connection:
        for district, commune in connection.execute(rows):
            found.setdefault(district or "", []).append(commune or "")
    return found


def _line(row: RowMapping) -> Line:
    told = {name: row[name] if row[name] is not None or name == "due_on" else "" for name in row}
    return Line(**told)  # type: ignore[arg-type]  # the columns of the query are the fields


_ORDER: Final = (CaseRow.due_on, CaseRow.office_can_settle.desc(), CaseRow.case_id)
_SHOWN: Final = (
    *("case_id", "name", "date_of_birth", "dossier_no", "commune", "district", "programme", "action", "state"),
    *("due_on", "office_can_settle", "law_mark"),
)


def _states(actor: Actor) -> tuple[str, ...]:
    return tuple(state.value for state in _MINE.get(actor.role, ())) or OPEN


def _where(today: date, actor: Actor, wanted: Filter) -> ColumnElement[bool]:
    parts = [in_scope(actor)]
    if wanted.state:
        parts.append(CaseRow.state == wanted.state)
    elif not wanted.words:
        parts.append(CaseRow.state.in_(_states(actor) if wanted.mine else OPEN))
    for name in ("programme", "action", "district", "commune"):
        if getattr(wanted, name):
            parts.append(getattr(CaseRow, name) == getattr(wanted, name))
    if wanted.alone:
        parts.append(CaseRow.office_can_settle.is_(True))
    if wanted.due in _DUE:
        parts.append(_DUE[wanted.due](today))
    if wanted.age in AGES:
        parts.append(of_age(today, wanted.age))
    if wanted.rule:
        found = select(CaseFindingRow.case_id, CaseFindingRow.round).where(CaseFindingRow.rule_id == wanted.rule)
        parts.append(tuple_(CaseRow.case_id, CaseRow.round).in_(found))
    if wanted.whose:
        parts.append(_given_to(today, actor, wanted.whose))
    if wanted.owes == "we":
        parts.append(CaseRow.direction == "tăng")
    elif wanted.owes == "clarify":
        parts += [func.coalesce(CaseRow.direction, "") != "tăng", CaseRow.amount_to_clarify > 0]
    return and_(*parts, *_search(wanted.words))


AGES: Final[Mapping[str, tuple[int, int | None]]] = {
    "0-7": (0, 7),
    "8-30": (8, 30),
    "31-90": (31, 90),
    "91": (91, None),
}


def of_age(today: date, age: str) -> ColumnElement[bool]:
    """The cases that were opened so many days ago (`AGES`), counted in days of Vietnam."""
    least, most = AGES[age]
    parts = [CaseRow.opened_at < _begins(today - timedelta(least - 1))]
    if most is not None:
        parts.append(CaseRow.opened_at >= _begins(today - timedelta(most)))
    return and_(*parts)


def _begins(day: date) -> datetime:
    """The moment at which a day begins in Vietnam."""
    return datetime.combine(day, time(), VIETNAM).astimezone(UTC)


def _given_to(today: date, actor: Actor, whose: str) -> ColumnElement[bool]:
    if whose == "nobody":
        return CaseRow.assigned_to.is_(None)
    if whose == "unit":
        return CaseRow.assigned_to.in_(select(UserRow.user_id).where(UserRow.unit == actor.unit))
    if whose != "me":
        return CaseRow.assigned_to == whose
    stood_in_for = select(AbsenceRow.user_id).where(away(today), AbsenceRow.deputy_id == actor.user_id)
    tied = select(ConflictRow.case_id).where(
        ConflictRow.case_id == CaseRow.case_id, ConflictRow.user_id == actor.user_id
    )
    return and_(or_(CaseRow.assigned_to == actor.user_id, CaseRow.assigned_to.in_(stood_in_for)), ~tied.exists())


_DUE: Final[Mapping[str, Callable[[date], ColumnElement[bool]]]] = {
    "overdue": lambda day: CaseRow.due_on < day,
    "today": lambda day: CaseRow.due_on == day,
    "week": lambda day: CaseRow.due_on.between(day, day + timedelta(days=7)),
}


def _search(words: str) -> list[ColumnElement[bool]]:
    """A name (in any spelling, its beginning or its end), a whole dossier number, or a whole id."""
    text = " ".join(words.split())
    if not text:
        return []
    folded = fold(text)
    exact = [CaseRow.dossier_no == text, CaseRow.dossier_no == text.upper(), CaseRow.national_id == text]
    key = CaseRow.name_key
    named = [key.startswith(folded, autoescape=True), key.endswith(" " + folded, autoescape=True)] if folded else []
    return [or_(*exact, CaseRow.case_id == text, *named)]
