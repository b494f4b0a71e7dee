"""Forgetting: the key of a case goes, then every word about the person; what is left is who acted when, and the hashes.

The ledger says so first and still verifies. The database lets history be blanked only once that entry stands and the
key is gone, and nothing else of a row be changed. On PostgreSQL this is the store owner's work, not the application's.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, delete, func, or_, select, update

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.domain.review.states import State
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.file_tables import CaseLinkRow, DecisionBindingRow, EarlierDecisionRow, OpinionDraftRow
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.tables import (
    CaseKeyRow,
    CaseRow,
    ComplaintRow,
    ComplaintStepRow,
    DocumentRow,
    DossierRow,
    JudgementRow,
    LedgerRow,
    NoticeRow,
    OrderRow,
    ReporterRow,
    SessionRow,
    StepRow,
    UnmaskingRow,
    UnsentRow,
)
from eligibility_audit.store.team_tables import AssignmentRow, BulkLineRow, KeptRow, SampleRow, SecondLookRow

CHAIN: Final = "retention"
GONE: Final = "(đã xóa theo thời hạn lưu trữ)"
FORGOTTEN: Final[Mapping[str, Any]] = {
    "forgotten": True,
    "recommendation": {},
    "findings": [],
    "record": {},
    "others": [],
}
ENDED: Final = (State.CLEARED.value, State.CLOSED.value)
_OF_CASE: Final[Mapping[Any, Mapping[str, Any]]] = {
    StepRow: {"reason": GONE, "stated": {}},
    DossierRow: {"frozen": FORGOTTEN},
    DocumentRow: {"title": GONE, "number": None, "file_name": None},
    JudgementRow: {"reason": GONE, "evidence": GONE},
    UnmaskingRow: {"reason": GONE},
    AssignmentRow: {"note": GONE},
    OpinionDraftRow: {"text": GONE, "source": GONE},
    BulkLineRow: {"stated": {}, "why": GONE},
    OrderRow: {"body": GONE, "question": GONE, "reason": GONE},
    NoticeRow: {"kind": GONE},
    ComplaintRow: {"subject": GONE, "filer": None},
}
_OF_PERSON: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("dossier_no", "name", "date_of_birth", "national_id", "sex", "commune", "monthly_amount")),
    "amount_to_clarify": None,
    "name_key": "",
    "name_tail": "",
}
_DECISION: Final = {"number": GONE, "dossier_no": None, "name": None, "date_of_birth": None, "source": GONE}


def ended_on(office: Office, programmes: Sequence[str]) -> list[tuple[str, date]]:
    """Cases of these programmes that are over, whose key is still there, and since when."""
    last = func.max(StepRow.on_day)
    query = (
        select(CaseRow.case_id, last)
        .join(StepRow, StepRow.case_id == CaseRow.case_id)
        .join(CaseKeyRow, CaseKeyRow.chain == CaseRow.case_id)
        .where(CaseRow.programme.in_(list(programmes)), CaseRow.state.in_(ENDED))
        .group_by(CaseRow.case_id)
        .order_by(CaseRow.case_id)
    )
    with office.cases.reading() as connection:
        return [(case_id, on) for case_id, on in connection.execute(query)]


def programme_of(office: Office, actor: Actor, case_id: str) -> str | None:
    """The programme of a case of the actor's area whose key is still there; None where there is none."""
    query = select(CaseRow.programme).join(CaseKeyRow, CaseKeyRow.chain == CaseRow.case_id)
    with office.cases.reading() as connection:
        return connection.scalar(query.where(CaseRow.case_id == case_id, in_scope(actor)))


def forget_case(office: Office, case_id: str, *, by: str, reason: str) -> None:
    """Forget a case that is over. Raises RefusedError for one that is not, or about which a complaint is open."""
    with office.cases.writing() as connection:
        state = connection.scalar(select(CaseRow.state).where(CaseRow.case_id == case_id))
        still_open = select(ComplaintRow.complaint_id).where(
            ComplaintRow.case_id == case_id, ComplaintRow.settled_on.is_(None)
        )
        if state not in ENDED or connection.scalar(still_open.limit(1)):
            raise RefusedError(
                [f"{case_id}: hồ sơ chưa kết thúc hoặc còn đơn. / The case, or a complaint about it, is not over."]
            )
        ledger.append(
            connection, case_id, now=office.clock(), actor_id=by, act="forget", content={"reason": reason.strip()}
        )
        connection.execute(delete(CaseKeyRow).where(CaseKeyRow.chain == case_id))
        digests = connection.scalars(select(DocumentRow.sha256).where(DocumentRow.case_id == case_id)).all()
        _blank(connection, case_id)
        held = connection.scalars(
            select(DocumentRow.sha256).where(DocumentRow.sha256.in_(digests), DocumentRow.case_id != case_id)
        ).all()
    for digest in {d for d in digests if d} - set(held):
        _file(office.attachments, digest).unlink(missing_ok=True)
    for capsule in office.capsules.glob(f"{case_id}-*.zip"):
        capsule.unlink()


def _blank(connection: Connection, case_id: str) -> None:
    for table, blank in _OF_CASE.items():
        connection.execute(update(table).where(table.case_id == case_id).values(**blank))
    complaints = select(ComplaintRow.complaint_id).where(ComplaintRow.case_id == case_id)
    mine = ComplaintStepRow.complaint_id.in_(complaints)
    connection.execute(update(ComplaintStepRow).where(mine).values(reason=GONE, stated={}))
    connection.execute(
        update(ReporterRow).where(ReporterRow.complaint_id.in_(complaints)).values(name=GONE, contact=GONE)
    )
    looks = select(SampleRow.look_id).where(SampleRow.case_id == case_id)
    connection.execute(update(SecondLookRow).where(SecondLookRow.look_id.in_(looks)).values(reason=GONE))
    linked = or_(CaseLinkRow.left_case == case_id, CaseLinkRow.right_case == case_id)
    connection.execute(update(CaseLinkRow).where(linked).values(reason=GONE))
    bound = select(DecisionBindingRow.decision_id).where(DecisionBindingRow.case_id == case_id)
    connection.execute(update(EarlierDecisionRow).where(EarlierDecisionRow.decision_id.in_(bound)).values(**_DECISION))
    connection.execute(delete(UnsentRow).where(UnsentRow.case_id == case_id))
    connection.execute(update(CaseRow).where(CaseRow.case_id == case_id).values(**_OF_PERSON))


def _file(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest


def months_kept(office: Office) -> list[str]:
    """The months of which copies of lines that were not flagged are still there."""
    forgotten = select(LedgerRow.entry_no).where(
        LedgerRow.chain == CHAIN, LedgerRow.act == "forget", LedgerRow.after == KeptRow.month
    )
    with office.cases.reading() as connection:
        return sorted(connection.scalars(select(KeptRow.month).where(~forgotten.exists()).distinct()))


def forget_kept(office: Office, month: str, *, by: str) -> None:
    """Blank the copies of a month's lines; their hashes stay."""
    with office.cases.writing() as connection:
        content = {"month": month}
        ledger.append(connection, CHAIN, now=office.clock(), actor_id=by, act="forget", after=month, content=content)
        connection.execute(update(KeptRow).where(KeptRow.month == month).values(frozen={}))


def stale(office: Office, what: str, before: datetime) -> int:
    """How many logins, or unsent reasons, were last used before a moment."""
    column = {"sessions": SessionRow.seen_at, "unsent_reasons": UnsentRow.changed_at}[what]
    with office.cases.reading() as connection:
        return connection.scalar(select(func.count()).where(column < before)) or 0


def delete_stale(office: Office, what: str, before: datetime, *, by: str) -> int:
    """Delete them; how many is in the ledger."""
    table, column = {
        "sessions": (SessionRow, SessionRow.seen_at),
        "unsent_reasons": (UnsentRow, UnsentRow.changed_at),
    }[what]
    with office.cases.writing() as connection:
        gone = connection.execute(delete(table).where(column < before)).rowcount
        content = {"what": what, "rows": gone}
        ledger.append(connection, CHAIN, now=office.clock(), actor_id=by, act="delete", after=what, content=content)
    return gone


def months_before(day: date, months: int) -> date:
    """The day so many months before: the last of a shorter month where there is no such day."""
    whole = day.year * 12 + day.month - 1 - months
    first = date(whole // 12, whole % 12 + 1, 1)
    after = date((whole + 1) // 12, (whole + 1) % 12 + 1, 1)
    return min(first + timedelta(day.day - 1), after - timedelta(1))
