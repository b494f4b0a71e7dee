"""All rows of a case that its court bundle tells, for those who may hand it over; nothing of a denunciation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from eligibility_audit.domain.review.ledger import Fault, chain_faults, head_faults
from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.file_tables import CaseLinkRow, DecisionBindingRow, EarlierDecisionRow
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.runs import RunRow
from eligibility_audit.store.tables import (
    CaseRow,
    ComplaintRow,
    ComplaintStepRow,
    DocumentRow,
    DossierRow,
    JudgementRow,
    LedgerRow,
    NoticeRow,
    OrderRow,
    RootHeadRow,
    RootRow,
    StepRow,
    UserRow,
)

HANDS_OVER: Final = frozenset({Role.OFFICER, Role.CHECKER, Role.AUTHORITY, Role.SYSTEM})
Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class CourtFile:
    """What the store holds of a case for a court. `root`: the newest root over its chain, with how far it reaches."""

    case: Mapping[str, Any]
    dossiers: Rows
    steps: Rows
    documents: Rows
    notices: Rows
    orders: Rows
    complaints: Rows
    complaint_steps: Rows
    judgements: Rows
    earlier: Rows
    links: Rows
    entries: Rows
    root: Mapping[str, Any] | None
    faults: tuple[str, ...]
    names: Mapping[str, str]
    days: Mapping[str, date]  # of each run: the day at which law and facts were taken


def court_file(office: Office, actor: Actor, case_id: str) -> CourtFile:
    """The rows of a case. Raises RefusedError for a case out of scope, or a role that does not hand files over."""
    if actor.role not in HANDS_OVER:
        raise RefusedError(["Vai trò của bạn không lập hồ sơ cho tòa án. / Your role hands no file to a court."])
    with office.cases.reading() as connection:
        in_area = CaseRow.case_id.is_not(None) if actor.role == Role.SYSTEM else in_scope(actor)
        case = connection.execute(select(CaseRow).where(CaseRow.case_id == case_id, in_area)).mappings().first()
        if case is None:
            raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])

        def of(table: Any, *order: Any) -> Rows:
            query = select(table.__table__).where(table.case_id == case_id).order_by(*order)
            return _rows(connection, query)

        no_denunciation = ComplaintRow.kind != "to_cao"  # who denounces, and what, goes another way
        complaints = _rows(
            connection,
            select(ComplaintRow.__table__)
            .where(ComplaintRow.case_id == case_id, no_denunciation)
            .order_by(ComplaintRow.filed_on),
        )
        own = [row["complaint_id"] for row in complaints]
        taken = select(ComplaintStepRow.__table__).where(ComplaintStepRow.complaint_id.in_(own))
        bound = (
            select(EarlierDecisionRow.__table__, DecisionBindingRow.bound_by)
            .join(DecisionBindingRow, DecisionBindingRow.decision_id == EarlierDecisionRow.decision_id)
            .where(DecisionBindingRow.case_id == case_id)
            .order_by(EarlierDecisionRow.dated_on)
        )
        linked = select(CaseLinkRow.__table__).where(
            or_(CaseLinkRow.left_case == case_id, CaseLinkRow.right_case == case_id)
        )
        chains = [case_id, *own]
        walked = [fault for chain in chains for fault in _faults(connection, chain)]
        entries = select(LedgerRow.__table__).where(LedgerRow.chain.in_(chains))
        users = connection.execute(select(UserRow.user_id, UserRow.name, UserRow.role, UserRow.unit))
        days = connection.execute(select(RunRow.run_id, RunRow.as_of))
        return CourtFile(
            case=dict(case),
            dossiers=of(DossierRow, DossierRow.round),
            steps=of(StepRow, StepRow.seq),
            documents=of(DocumentRow, DocumentRow.added_at, DocumentRow.document_id),
            notices=of(NoticeRow, NoticeRow.issued_on),
            orders=of(OrderRow, OrderRow.ordered_on),
            complaints=complaints,
            complaint_steps=_rows(connection, taken.order_by(ComplaintStepRow.complaint_id, ComplaintStepRow.seq)),
            judgements=of(JudgementRow, JudgementRow.judged_no),
            earlier=_rows(connection, bound),
            links=_rows(connection, linked.order_by(CaseLinkRow.linked_at)),
            entries=_rows(connection, entries.order_by(LedgerRow.chain, LedgerRow.n)),
            root=_root(connection, case_id),
            faults=tuple(fault.vi for fault in walked),
            names={u.user_id: u.name if not u.unit else f"{u.name} ({u.unit})" for u in users},
            days={row.run_id: row.as_of for row in days},
        )


def _rows(connection: Connection, query: Any) -> Rows:
    return [dict(row) for row in connection.execute(query).mappings()]


def _faults(connection: Connection, chain: str) -> list[Fault]:
    """What is wrong with one chain, by itself and against what was sealed of it."""
    entries = ledger.chains_of(connection, [chain])
    heads = select(RootHeadRow.n, RootHeadRow.hash).where(RootHeadRow.chain == chain)
    newest = connection.execute(heads.order_by(RootHeadRow.root_no.desc()).limit(1)).first()
    recorded = {} if newest is None else {chain: (newest.n, newest.hash)}
    return [*chain_faults(chain, entries), *head_faults(recorded, {chain: entries})]


def _root(connection: Connection, case_id: str) -> Mapping[str, Any] | None:
    """The newest root, and up to which entry of the chain it and those before it hold."""
    newest = connection.execute(select(RootRow.__table__).order_by(RootRow.root_no.desc()).limit(1)).mappings().first()
    held = connection.scalar(
        select(RootHeadRow.n).where(RootHeadRow.chain == case_id).order_by(RootHeadRow.root_no.desc()).limit(1)
    )
    return None if newest is None else {**newest, "up_to": held or 0}
