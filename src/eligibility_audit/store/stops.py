"""Acts that stop a payment: which one is in force, whether its execution is held, and how many go at once."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, select

from eligibility_audit.domain.review.limits import ADVERSE, STOPS_AT_ONCE, stops_at_once
from eligibility_audit.domain.review.people import Actor
from eligibility_audit.store.tables import CaseCountRow, CaseRow, ComplaintRow, StepRow
from eligibility_audit.store.team_tables import BulkLineRow, BulkRow, ProgrammeSizeRow

AT_ONCE: Final = timedelta(minutes=1)
_STOPS: Final = ("pause", "end")
_IN_BULK: Final = and_(
    BulkLineRow.case_id == StepRow.case_id,
    BulkLineRow.seq + 1 == StepRow.seq,
    BulkRow.bulk_id == BulkLineRow.bulk_id,
    BulkRow.step == "submit",
    BulkRow.actor_id == StepRow.actor_id,
)


@dataclass(frozen=True)
class Stopped:
    """The stop of a case that is in force. `month`: the first that is not paid."""

    effect: str
    month: str


def stopped(connection: Connection, case_id: str) -> Stopped | None:
    """The stop that nothing has lifted since; None where the payment goes on."""
    listed = (
        select(StepRow.effect, StepRow.stated)
        .where(StepRow.case_id == case_id, StepRow.step == "put_on_payment_list")
        .order_by(StepRow.seq.desc())
        .limit(1)
    )
    row = connection.execute(listed).first()
    return Stopped(row.effect, str(row.stated.get("month") or "")[:7]) if row and row.effect in _STOPS else None


def execution_is_held(connection: Connection, case_id: str, round_: int) -> bool:
    """Whether an open complaint against the act of this round was decided to hold its execution (Art 35)."""
    against = and_(StepRow.case_id == ComplaintRow.case_id, StepRow.seq == ComplaintRow.against_step)
    held = (ComplaintRow.case_id == case_id, ComplaintRow.hold.is_(True), ComplaintRow.settled_on.is_(None))
    found = select(ComplaintRow.complaint_id).outerjoin(StepRow, against)
    return bool(connection.scalar(found.where(*held, func.coalesce(StepRow.round, round_) == round_).limit(1)))


def persons_of(connection: Connection, programme: str) -> int | None:
    """How many people a programme had in the newest run that was counted; None where none was."""
    newest = select(ProgrammeSizeRow.persons).where(ProgrammeSizeRow.programme == programme)
    found: int | None = connection.scalar(newest.order_by(ProgrammeSizeRow.counted_at.desc()).limit(1))
    return found


def cases_of(connection: Connection, programme: str) -> int:
    """How many cases of a programme there are."""
    count = select(func.sum(CaseCountRow.n)).where(CaseCountRow.programme == programme)
    return int(connection.scalar(count) or 0)


def submitted(connection: Connection, actor_id: str, day: date, since: datetime | None = None) -> dict[str, int]:
    """The stops that an account has submitted on a day by whatever road, by programme; those a second signed for not.

    `since`: those of that moment and later alone.
    """
    lifted = select(BulkRow.bulk_id).where(_IN_BULK, BulkRow.second_id.is_not(None)).correlate(StepRow).exists()
    mine: list[ColumnElement[bool]] = [StepRow.actor_id == actor_id, StepRow.on_day == day, StepRow.step == "submit"]
    if since is not None:
        mine.append(StepRow.at > since)
    query = (
        select(CaseRow.programme, func.count())
        .select_from(StepRow)
        .join(CaseRow, CaseRow.case_id == StepRow.case_id)
        .where(*mine, StepRow.effect.in_(sorted(ADVERSE)), ~lifted)
        .group_by(CaseRow.programme)
    )
    return {programme: int(count) for programme, count in connection.execute(query)}


def too_many(
    connection: Connection, actor: Actor, case_id: str, programme: str, *, seq: int, day: date, now: datetime
) -> list[str]:
    """Why one more stop of this programme may not be submitted now, by whatever road it comes (procedure.md, 8).

    In bulk as many a day as `stops_at_once`, unless a second named signer has signed for the batch; one by one at most
    as many within a minute (one always), and 20 a day. The store's triggers ask the same.
    """
    of = and_(BulkLineRow.case_id == case_id, BulkLineRow.seq == seq, BulkRow.actor_id == actor.user_id)
    batch = connection.execute(
        select(BulkRow.second_id)
        .join(BulkLineRow, BulkLineRow.bulk_id == BulkRow.bulk_id)
        .where(of, BulkRow.step == "submit", BulkRow.confirmed_at.is_not(None), BulkLineRow.outcome == "will")
        .order_by(BulkRow.second_id.is_(None))
        .limit(1)
    ).first()
    if batch is not None and batch.second_id is not None:
        return []
    persons = persons_of(connection, programme)
    today = submitted(connection, actor.user_id, day).get(programme, 0)
    if batch is not None:
        allowed = stops_at_once(persons if persons is not None else cases_of(connection, programme))
        return [] if today < allowed else [_TOO_MANY]
    at_once = STOPS_AT_ONCE if persons is None else max(1, stops_at_once(persons))
    just_now = submitted(connection, actor.user_id, day, now - AT_ONCE).get(programme, 0)
    return [] if today < STOPS_AT_ONCE and just_now < at_once else [_TOO_MANY]


_TOO_MANY: Final = (
    "Trình dừng, giảm vượt giới hạn một lúc (20 hồ sơ, hoặc 0,5 % chương trình); hãy chờ, hoặc làm theo lô có "
    "người thứ hai có tên ký. / More stops than may be submitted at once (20, or 0.5 % of the programme): wait, or "
    "submit them as a batch that a second named signer signs for."
)


def paused_cases(connection: Connection) -> set[str]:
    """The cases of which a pause is in force: a run does not withdraw them."""
    listed = (
        select(StepRow.case_id, StepRow.effect)
        .where(StepRow.step == "put_on_payment_list")
        .order_by(StepRow.case_id, StepRow.seq)
    )
    last = dict(connection.execute(listed).tuples().all())
    return {case_id for case_id, effect in last.items() if effect == "pause"}
