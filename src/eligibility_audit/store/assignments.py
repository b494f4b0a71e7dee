"""Who works on which case: assignment, absence with a deputy, hand-over, and the ties that bar somebody."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, and_, insert, or_, select, update

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import RefusedError, StaleError
from eligibility_audit.store import ledger
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import OPEN, away, in_scope
from eligibility_audit.store.tables import CaseRow, ConflictRow, PlaceRow, UserRow
from eligibility_audit.store.team_tables import AbsenceRow, AssignmentRow

CHAIN: Final = "assignments"
WORKS_ON: Final = frozenset({Role.COMMUNE_OFFICER, Role.OFFICER})
ASSIGNS: Final = frozenset({Role.OFFICER, Role.AUTHORITY, Role.ADMINISTRATOR})
FOR_OTHERS: Final = frozenset({Role.AUTHORITY, Role.ADMINISTRATOR})  # state the absence of another, hand over for one
TIES_VI: Final[dict[str, str]] = {
    "kin": "là người thân của người có tên trong hồ sơ / kin of the person",
    "certified": "đã xác nhận hồ sơ này / certified this file",
}
LEAST_NOTE: Final = 10


@dataclass(frozen=True)
class HandedOver:
    """What became of a hand-over: how many cases went over, and why the others did not."""

    given: int
    stayed: tuple[tuple[str, str], ...]  # case, why


def colleagues(office: Office, actor: Actor) -> list[Actor]:
    """Who may be given cases by this actor: officers at work of the same unit; for those who lead, of every unit."""
    wanted = [UserRow.is_active, UserRow.role.in_(sorted(role.value for role in WORKS_ON))]
    if actor.role not in FOR_OTHERS:
        wanted.append(UserRow.unit == actor.unit)
    with office.cases.reading() as connection:
        rows = connection.execute(select(UserRow).where(*wanted).order_by(UserRow.unit, UserRow.name)).mappings()
        return [_actor(row) for row in rows]


def assign(office: Office, actor: Actor, case_id: str, to_user: str, note: str, *, seq: int | None = None) -> None:
    """Give a case to an officer. `seq`: where the case stood when it was chosen.

    Raises RefusedError for who may not work on it (another area, a tie, absent), StaleError where it has moved since.
    """
    with office.cases.writing() as connection:
        why = why_not_given(office, connection, actor, case_id, to_user, note)
        if why:
            raise RefusedError(why)
        row = connection.execute(select(CaseRow.seq, CaseRow.assigned_to).where(CaseRow.case_id == case_id)).one()
        if seq is not None and row.seq != seq:
            raise StaleError("Hồ sơ đã thay đổi sau khi xem trước; chưa ghi gì. / The case changed after the preview.")
        _give(office, connection, actor, case_id, row.assigned_to, to_user, note)


def why_not_given(
    office: Office, connection: Connection, actor: Actor, case_id: str, to_user: str, note: str
) -> list[str]:
    """Why a case is not given to somebody by this actor; an empty list where it may be."""
    found = []
    if actor.role not in ASSIGNS and actor.user_id != to_user:
        found.append("Vai trò của bạn không giao việc cho người khác. / Your role does not assign to others.")
    if actor.role not in ASSIGNS | WORKS_ON:
        found.append("Vai trò của bạn không giao việc. / Your role does not assign cases.")
    if len(note.strip()) < LEAST_NOTE:
        found.append("Hãy ghi lý do, lời dặn (ít nhất 10 chữ). / Write a note of ten letters at least.")
    case = connection.execute(
        select(CaseRow.commune, CaseRow.district, CaseRow.is_protected).where(
            CaseRow.case_id == case_id, in_scope(actor)
        )
    ).first()
    if case is None:
        return [*found, "Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."]
    row = connection.execute(select(UserRow).where(UserRow.user_id == to_user, UserRow.is_active)).mappings().first()
    if row is None or Role(row["role"]) not in WORKS_ON:
        return [*found, "Người nhận không phải là cán bộ thụ lý đang làm việc. / No officer at work has this account."]
    taker = _actor(row)
    if actor.role not in FOR_OTHERS and taker.unit != actor.unit:
        found.append("Người nhận không cùng đơn vị. / The officer is of another unit.")
    if not taker.sees(case.commune, case.district) or (case.is_protected and taker.role == Role.COMMUNE_OFFICER):
        found.append("Hồ sơ không thuộc địa bàn của người nhận. / The case is not of that officer's area.")
    tie = connection.scalar(
        select(ConflictRow.tie).where(ConflictRow.case_id == case_id, ConflictRow.user_id == to_user).limit(1)
    )
    if tie:
        found.append(f"Người nhận {TIES_VI[tie]}: không được xử lý hồ sơ này.")
    if connection.scalar(select(AbsenceRow.absence_id).where(away(office.today()), AbsenceRow.user_id == to_user)):
        found.append("Người nhận đang vắng mặt. / The officer is away.")
    return found


def _give(
    office: Office,
    connection: Connection,
    actor: Actor,
    case_id: str,
    from_user: str | None,
    to_user: str,
    note: str,
) -> None:
    now = office.clock()
    told = {"case_id": case_id, "from_user": from_user, "to_user": to_user, "by_user": actor.user_id}
    connection.execute(update(CaseRow).where(CaseRow.case_id == case_id).values(assigned_to=to_user))
    connection.execute(insert(AssignmentRow), [told | {"assignment_id": _new("g"), "note": note.strip(), "at": now}])
    content = {"to": to_user, "from": from_user, "note": note.strip()}
    ledger.append(connection, case_id, now=now, actor_id=actor.user_id, act="assign", content=content)


def hand_over(office: Office, actor: Actor, from_user: str, to_user: str, note: str) -> HandedOver:
    """Give all open cases of one officer to another, each in its own transaction; what may not go over stays.

    Raises RefusedError where the actor is neither that officer nor one who leads.
    """
    _is_own(actor, from_user)
    if from_user == to_user:
        raise RefusedError(["Người giao và người nhận là một. / The two are one person."])
    with office.cases.reading() as connection:
        held = connection.scalars(
            select(CaseRow.case_id)
            .where(CaseRow.assigned_to == from_user, CaseRow.state.in_(OPEN), in_scope(actor))
            .order_by(CaseRow.case_id)
        ).all()
    by = actor if actor.role in ASSIGNS else replace(actor, role=Role.OFFICER)  # one's own cases
    given, stayed = 0, []
    for case_id in held:
        try:
            assign(office, by, case_id, to_user, note)
            given += 1
        except RefusedError as error:
            stayed.append((case_id, " ".join(error.reasons)))
    return HandedOver(given, tuple(stayed))


def state_absence(office: Office, actor: Actor, user_id: str, from_day: date, to_day: date, deputy_id: str) -> str:
    """Enter the days on which an officer is away and who stands in; returns its id. Raises RefusedError."""
    _is_own(actor, user_id)
    if to_day < from_day or to_day < office.today():
        raise RefusedError(["Ngày vắng mặt không đúng. / The days of the absence are not right."])
    with office.cases.writing() as connection:
        both = {
            row["user_id"]: _actor(row)
            for row in connection.execute(
                select(UserRow).where(UserRow.user_id.in_([user_id, deputy_id]), UserRow.is_active)
            ).mappings()
        }
        one, deputy = both.get(user_id), both.get(deputy_id)
        if one is None or deputy is None or user_id == deputy_id or deputy.role != one.role:
            raise RefusedError(
                ["Người thay phải là người khác, cùng vai trò. / The deputy is another person of the same role."]
            )
        overlap = and_(AbsenceRow.from_day <= to_day, AbsenceRow.to_day >= from_day, AbsenceRow.ended_on.is_(None))
        if connection.scalar(select(AbsenceRow.absence_id).where(overlap, AbsenceRow.user_id == deputy_id)):
            raise RefusedError(["Người thay cũng vắng mặt trong những ngày ấy. / The deputy is away, too."])
        row = {"absence_id": _new("v"), "user_id": user_id, "deputy_id": deputy_id, "from_day": from_day}
        told = {"to_day": to_day, "stated_by": actor.user_id, "stated_at": office.clock(), "ended_on": None}
        connection.execute(insert(AbsenceRow), [row | told])
        content = {"user": user_id, "deputy": deputy_id, "from": from_day, "to": to_day}
        _note(office, connection, actor, "absence", content)
    return str(row["absence_id"])


def end_absence(office: Office, actor: Actor, absence_id: str) -> None:
    """An officer is back before the last day. Raises RefusedError."""
    with office.cases.writing() as connection:
        row = connection.execute(select(AbsenceRow).where(AbsenceRow.absence_id == absence_id)).mappings().first()
        if row is None:
            raise RefusedError(["Không có lần vắng mặt này. / There is no such absence."])
        _is_own(actor, row["user_id"])
        own = AbsenceRow.absence_id == absence_id
        connection.execute(update(AbsenceRow).where(own).values(ended_on=office.today()))
        _note(office, connection, actor, "end_absence", {"absence": absence_id})


def absences(office: Office, actor: Actor) -> list[Mapping[str, Any]]:
    """The absences of today and to come that concern this actor; for those who lead, of everybody."""
    who, deputy = UserRow.__table__.alias(), UserRow.__table__.alias()
    query = (
        select(AbsenceRow, who.c.name.label("name"), deputy.c.name.label("deputy"))
        .join(who, who.c.user_id == AbsenceRow.user_id)
        .join(deputy, deputy.c.user_id == AbsenceRow.deputy_id)
        .where(AbsenceRow.to_day >= office.today(), AbsenceRow.ended_on.is_(None))
        .order_by(AbsenceRow.from_day)
    )
    if actor.role not in FOR_OTHERS:
        query = query.where(or_(AbsenceRow.user_id == actor.user_id, AbsenceRow.deputy_id == actor.user_id))
    with office.cases.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def state_tie(office: Office, actor: Actor, number: str, tie: str) -> str:
    """Say that one is kin of the person, or certified the file: from then one may take no step. Returns the case.

    `number`: of the case or of the dossier. A case given to the actor is theirs no more. Raises RefusedError.
    """
    if tie not in TIES_VI:
        raise RefusedError(["Hãy chọn quan hệ. / Choose the tie."])
    text = number.strip()
    with office.cases.writing() as connection:
        found = connection.scalars(
            select(CaseRow.case_id)
            .where(or_(CaseRow.case_id == text, CaseRow.dossier_no == text, CaseRow.dossier_no == text.upper()))
            .where(in_scope(actor))
        ).all()
        if not text or not found:
            raise RefusedError(["Không có hồ sơ số này trong địa bàn của bạn. / There is no such case in your area."])
        for case_id in found:
            key = {"case_id": case_id, "user_id": actor.user_id, "tie": tie}
            same = and_(*(getattr(ConflictRow, name) == value for name, value in key.items()))
            if connection.scalar(select(ConflictRow.tie).where(same)):
                continue
            now = office.clock()
            connection.execute(insert(ConflictRow), [key | {"stated_by": actor.user_id, "stated_at": now}])
            mine = and_(CaseRow.case_id == case_id, CaseRow.assigned_to == actor.user_id)
            connection.execute(update(CaseRow).where(mine).values(assigned_to=None))
            content = {"user": actor.user_id, "tie": tie}
            ledger.append(connection, case_id, now=now, actor_id=actor.user_id, act="state_tie", content=content)
    return str(found[0])


def ties(office: Office, actor: Actor) -> list[Mapping[str, Any]]:
    """What an actor has stated: the case's dossier number and the tie, no names."""
    query = (
        select(ConflictRow.case_id, ConflictRow.tie, ConflictRow.stated_at, CaseRow.dossier_no)
        .join(CaseRow, CaseRow.case_id == ConflictRow.case_id)
        .where(ConflictRow.user_id == actor.user_id)
        .order_by(ConflictRow.stated_at)
    )
    with office.cases.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def keep_place(office: Office, actor: Actor, wanted: Mapping[str, str], case_id: str | None = None) -> None:
    """Keep where somebody is: the filter of the queue, or the case they opened. Written only where it changed."""
    with office.cases.reading() as connection:
        known = connection.execute(select(PlaceRow).where(PlaceRow.user_id == actor.user_id)).mappings().first()
    told: dict[str, Any] = {"filter": dict(wanted)} if case_id is None else {"case_id": case_id}
    if known is not None and all(known[name] == value for name, value in told.items()):
        return
    now = {"changed_at": office.clock()}
    with office.cases.writing() as connection:
        own = PlaceRow.user_id == actor.user_id
        if connection.execute(update(PlaceRow).where(own).values(**told, **now)).rowcount == 0:
            start: dict[str, Any] = {"user_id": actor.user_id, "filter": {}, "case_id": None}
            connection.execute(insert(PlaceRow), [start | told | now])


def place_of_work(office: Office, actor: Actor) -> Mapping[str, Any] | None:
    """Where somebody stopped: the filter, and the case that they had open with where it stands."""
    query = (
        select(PlaceRow.filter, PlaceRow.changed_at, CaseRow.case_id, CaseRow.dossier_no, CaseRow.name, CaseRow.state)
        .outerjoin(CaseRow, and_(CaseRow.case_id == PlaceRow.case_id, in_scope(actor)))
        .where(PlaceRow.user_id == actor.user_id)
    )
    with office.cases.reading() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def history_of(office: Office, actor: Actor, case_id: str) -> Sequence[Mapping[str, Any]]:
    """To whom a case was given, by whom, with which note."""
    to, by = UserRow.__table__.alias(), UserRow.__table__.alias()
    query = (
        select(AssignmentRow.at, AssignmentRow.note, to.c.name.label("to"), by.c.name.label("by"))
        .join(to, to.c.user_id == AssignmentRow.to_user)
        .join(by, by.c.user_id == AssignmentRow.by_user)
        .join(CaseRow, CaseRow.case_id == AssignmentRow.case_id)
        .where(AssignmentRow.case_id == case_id, in_scope(actor))
        .order_by(AssignmentRow.at, AssignmentRow.assignment_id)
    )
    with office.cases.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _is_own(actor: Actor, user_id: str) -> None:
    if actor.user_id != user_id and actor.role not in FOR_OTHERS:
        raise RefusedError(["Chỉ người ấy hoặc lãnh đạo được ghi. / Only that person, or one who leads, may."])


def _note(office: Office, connection: Connection, actor: Actor, act: str, content: Mapping[str, object]) -> None:
    ledger.append(connection, CHAIN, now=office.clock(), actor_id=actor.user_id, act=act, content=content)


def _actor(row: Any) -> Actor:
    communes = frozenset((commune, district) for commune, district in row["communes"])
    return Actor(row["user_id"], row["name"], Role(row["role"]), row["unit"], frozenset(row["districts"]), communes)


def _new(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(8)}"
