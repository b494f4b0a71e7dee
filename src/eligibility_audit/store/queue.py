"""The queue: by deadline, then what the office can settle alone; never by amount (procedure.md, 8: sick people draw the
most money)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Subquery,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union,
)
from sqlalchemy.orm import InstrumentedAttribute

from eligibility_audit.domain.dates import VIETNAM
from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.domain.review.states import State
from eligibility_audit.standardise.names import fold
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue_order import name_tail
from eligibility_audit.store.tables import CaseCountRow, CaseRow, ConflictRow, UserRow
from eligibility_audit.store.team_tables import AbsenceRow, CaseFindingRow

PAGE: Final = 25
MOST_FOUND: Final = 1_000  # of a search: who finds more writes more of the name
LAST_LETTER: Final = "\U0010ffff"
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
    """A page of the queue, with how many cases the filter finds. `is_cut`: a search found more than `MOST_FOUND`."""

    lines: tuple[Line, ...]
    count: int
    filter: Filter
    is_cut: bool = False

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


Counted = type[CaseRow] | type[CaseCountRow]


def in_scope(actor: Actor, source: Counted = CaseRow) -> ColumnElement[bool]:
    """The cases that an actor may see at all; every query of cases goes through here."""
    hides = actor.role in (Role.VIEWER, Role.COMMUNE_OFFICER)
    protected = source.is_protected.is_(False) if hides else true()
    if not actor.districts and not actor.communes:
        return and_(true(), protected)
    parts: list[ColumnElement[bool]] = []
    if actor.districts:
        parts.append(_one_of(source.district, actor.districts))
    if actor.communes:
        parts.append(tuple_(CaseRow.commune, CaseRow.district).in_(sorted(actor.communes)))
    return and_(or_(*parts), protected)


def _one_of(column: InstrumentedAttribute[str | None], values: Collection[str]) -> ColumnElement[bool]:
    """One value is asked for as such: then an index gives the order of the queue as well."""
    return column == next(iter(values)) if len(values) == 1 else column.in_(sorted(values))


def queue(office: Office, actor: Actor, wanted: Filter) -> Page:
    """A page of the queue of an actor, the nearest deadline first."""
    today, page = office.today(), max(1, wanted.page)
    start, end = (page - 1) * PAGE, page * PAGE
    with office.cases.reading() as connection:
        if wanted.words:
            found = _ids(connection, today, actor, wanted, MOST_FOUND + 1)
            count, is_cut = min(len(found), MOST_FOUND), len(found) > MOST_FOUND
            found = found[:count]
        else:
            count, is_cut = _count(connection, today, actor, wanted), False
            found = _ids(connection, today, actor, wanted, end) if count > start else ()
        lines = _lines(connection, found[start:end])
    return Page(lines, count, replace(wanted, page=page), is_cut)


def ids_of(office: Office, actor: Actor, wanted: Filter, most: int) -> tuple[str, ...]:
    """The cases that a filter finds, in the order of the queue, `most` of them."""
    with office.cases.reading() as connection:
        return _ids(connection, office.today(), actor, wanted, most)


def away(day: date) -> ColumnElement[bool]:
    """The absences that hold on a day."""
    return and_(AbsenceRow.from_day <= day, AbsenceRow.to_day >= day, AbsenceRow.ended_on.is_(None))


def neighbour(office: Office, actor: Actor, wanted: Filter, case_id: str) -> str | None:
    """The case after this one in the queue; None at its end, or where the case is not in it."""
    today = office.today()
    with office.cases.reading() as connection:
        in_it = (_where(today, actor, wanted), CaseRow.state.in_(_at(actor, wanted)), CaseRow.case_id == case_id)
        here = connection.scalar(select(CaseRow.queue_key).where(*in_it))
        found = () if here is None else _ids(connection, today, actor, wanted, 1, after=here)
    return found[0] if found else None


def first_page(office: Office, actor: Actor) -> FirstPage:
    """The counts of the first page."""
    today, mine = office.today(), _states(actor)
    source = _source(actor)
    kinds = _kinds(source, in_scope(actor, source))
    due, settles, n = kinds.c.due_on, kinds.c.office_can_settle, kinds.c.n
    parts = (due == today, due < today, settles, kinds.c.direction == "tăng")
    of_state = select(kinds.c.state, func.sum(n), *(func.sum(n).filter(part) for part in parts)).group_by(kinds.c.state)
    with office.cases.reading() as connection:
        found = {state: [int(count or 0) for count in counts] for state, *counts in connection.execute(of_state)}
    none = [0] * 5
    waiting, now, late, alone, _ = (sum(each) for each in zip(*(found.get(state, none) for state in mine), strict=True))
    owed = sum(found.get(state, none)[-1] for state in OPEN)
    return FirstPage(
        now, late, alone, waiting, owed, {state: counts[0] for state, counts in found.items() if counts[0]}
    )


def places(office: Office, actor: Actor, district: str = "") -> dict[str, list[str]]:
    """Districts that have cases in the actor's scope, for the filter; of the one that is named its communes too."""
    source = _source(actor)
    districts = select(source.district).where(in_scope(actor, source)).distinct().order_by(source.district)
    communes = select(CaseRow.commune).where(in_scope(actor), CaseRow.district == district).distinct()
    with office.cases.reading() as connection:
        found: dict[str, list[str]] = {name or "": [] for name in connection.scalars(districts)}
        if district in found:
            found[district] = [name or "" for name in connection.scalars(communes.order_by(CaseRow.commune))]
    return found


def _lines(connection: Connection, ids: Sequence[str]) -> tuple[Line, ...]:
    """The lines of some cases, in their order."""
    given = CaseRow.assigned_to.is_not(None).label("is_assigned")
    rows = select(*(getattr(CaseRow, name) for name in _SHOWN), given).where(CaseRow.case_id.in_(ids))
    found = {row["case_id"]: _line(row) for row in connection.execute(rows).mappings()} if ids else {}
    return tuple(found[case_id] for case_id in ids)


def _ids(
    connection: Connection, today: date, actor: Actor, wanted: Filter, most: int, *, after: str = ""
) -> tuple[str, ...]:
    """The first cases that a filter finds, in the order of the queue, `after` one of its keys.

    A query for each state, or for each way to find words: each walks along one index and ends after `most` cases.
    """
    where = _where(today, actor, wanted)
    later = [CaseRow.queue_key > after] if after else []
    if ways := _search(wanted.words):
        at = CaseRow.state == wanted.state if wanted.state else true()
        parts = [and_(way, at) for way in ways]
    else:
        parts = [CaseRow.state == state for state in _at(actor, wanted)]
    each = [select(CaseRow.queue_key, CaseRow.case_id).where(where, part, *later) for part in parts]
    if not ways:
        each = [query.order_by(CaseRow.queue_key) for query in each]
    found = union(*(select(query.limit(most).subquery()) for query in each)).subquery()
    return tuple(connection.scalars(select(found.c.case_id).order_by(found.c.queue_key).limit(most)))


def _count(connection: Connection, today: date, actor: Actor, wanted: Filter) -> int:
    """How many cases a filter without words finds: from the store's own counts, where these tell it."""
    source = _source(actor, wanted)
    where = and_(source.state.in_(_at(actor, wanted)), _where(today, actor, wanted, source))
    kinds = _kinds(source, where)
    return int(connection.scalar(select(func.sum(kinds.c.n))) or 0)


_OF_KIND: Final = ("due_on", "district", "programme", "state", "action", "direction", "office_can_settle")


def _source(actor: Actor, wanted: Filter | None = None) -> Counted:
    """Where cases are counted: in the store's own counts, but by commune, rule, age, officer or sum one by one."""
    one_by_one = wanted and (wanted.commune or wanted.rule or wanted.age or wanted.whose or wanted.owes == "clarify")
    return CaseRow if actor.communes or one_by_one else CaseCountRow


def _kinds(source: Counted, where: ColumnElement[bool]) -> Subquery:
    n = source.n if source is CaseCountRow else literal(1).label("n")
    return select(*(getattr(source, name) for name in _OF_KIND), n).where(where).subquery()


def _line(row: RowMapping) -> Line:
    told = {name: row[name] if row[name] is not None or name == "due_on" else "" for name in row}
    return Line(**told)  # type: ignore[arg-type]  # the columns of the query are the fields


_SHOWN: Final = (
    *("case_id", "name", "date_of_birth", "dossier_no", "commune", "district", "programme", "action", "state"),
    *("due_on", "office_can_settle", "law_mark"),
)


def _states(actor: Actor) -> tuple[str, ...]:
    return tuple(state.value for state in _MINE.get(actor.role, ())) or OPEN


def _at(actor: Actor, wanted: Filter) -> tuple[str, ...]:
    """The states at which the cases of a filter stand."""
    if wanted.state:
        return (wanted.state,)
    return _states(actor) if wanted.mine else OPEN


def _where(today: date, actor: Actor, wanted: Filter, source: Counted = CaseRow) -> ColumnElement[bool]:
    """What a filter asks for, but for the state and the words."""
    parts = [in_scope(actor, source)]
    for name in ("programme", "action", "district"):
        if getattr(wanted, name):
            parts.append(getattr(source, name) == getattr(wanted, name))
    if wanted.alone:
        parts.append(source.office_can_settle.is_(True))
    if wanted.due in _DUE:
        parts.append(_DUE[wanted.due](source.due_on, today))
    if wanted.owes == "we":
        parts.append(source.direction == "tăng")
    return and_(*parts, *_one_by_one(today, actor, wanted))


def _one_by_one(today: date, actor: Actor, wanted: Filter) -> list[ColumnElement[bool]]:
    """What a filter asks for that only the cases themselves tell."""
    parts: list[ColumnElement[bool]] = []
    if wanted.commune:
        parts.append(CaseRow.commune == wanted.commune)
    if wanted.age in AGES:
        parts.append(of_age(today, wanted.age))
    if wanted.rule:
        same = and_(CaseFindingRow.case_id == CaseRow.case_id, CaseFindingRow.round == CaseRow.round)
        parts.append(exists().where(same, CaseFindingRow.rule_id == wanted.rule))
    if wanted.whose:
        parts.append(_given_to(today, actor, wanted.whose))
    if wanted.owes == "clarify":
        parts += [func.coalesce(CaseRow.direction, "") != "tăng", CaseRow.amount_to_clarify > 0]
    return parts


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


_DUE: Final[Mapping[str, Callable[[Any, date], ColumnElement[bool]]]] = {
    "overdue": lambda due, day: due < day,
    "today": lambda due, day: due == day,
    "week": lambda due, day: due.between(day, day + timedelta(days=7)),
}


def _search(words: str) -> list[ColumnElement[bool]]:
    """The ways to find words: a whole dossier number or id, or a name in any spelling by its beginning or its end."""
    text = " ".join(words.split())
    if not text:
        return []
    ways = [CaseRow.dossier_no.in_({text, text.upper()}), CaseRow.national_id == text, CaseRow.case_id == text]
    folded = fold(text)
    if folded:
        tail = name_tail(folded)
        ways += [_begins_with(CaseRow.name_key, folded), CaseRow.name_tail == tail]
        ways.append(_begins_with(CaseRow.name_tail, tail + " "))
    return ways


def _begins_with(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """As a range, which every index in the order of bytes answers."""
    return and_(column >= text, column < text + LAST_LETTER)
