"""What comes with the steps: documents, notices, orders, the confirmation of the law; each act in the ledger."""

import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.domain.review.states import MEANS, Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.tables import CaseRow, DocumentRow, NoticeRow, OrderRow

Stated = Mapping[str, Any]


def confirm_law(office: Office, actor: Actor, case_id: str, reason: str) -> None:
    """A named legal officer confirms the law of a case: before it, nothing is signed. Raises RefusedError."""
    if not actor.confirms_law:
        raise RefusedError(["Chỉ cán bộ pháp chế có tên được xác nhận. / Only a named legal officer confirms the law."])
    if len(reason.strip()) < 10:
        raise RefusedError(["Hãy ghi đã đối chiếu văn bản nào. / Say which text was compared."])
    now = office.clock()
    with office.cases.writing() as connection:
        changed = connection.execute(
            update(CaseRow).where(CaseRow.case_id == case_id, in_scope(actor)).values(law_confirmed_by=actor.user_id)
        )
        if not changed.rowcount:
            raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])
        content = {"reason": reason.strip()}
        ledger.append(connection, case_id, now=now, actor_id=actor.user_id, act="confirm_law", content=content)


def write_along(
    office: Office, actor: Actor, case_id: str, step: Step, stated: Stated
) -> Callable[[Connection, int], None]:
    """What a step leaves besides itself, written in its transaction."""

    def write(connection: Connection, round_: int) -> None:
        _write(office, actor, case_id, step, stated, connection, round_)

    return write


def _write(
    office: Office, actor: Actor, case_id: str, step: Step, stated: Stated, connection: Connection, round_: int
) -> None:
    base = {"case_id": case_id, "round": round_}
    today = office.today()
    if step == Step.ASK:
        notice = {"notice_id": _new("n"), "kind": str(stated.get("addressee")), "issued_on": today}
        own = {"issued_by": actor.user_id, "reply_due": _day(stated["due_on"])}
        connection.execute(insert(NoticeRow), [base | notice | own])
    elif step == Step.ORDER_VERIFICATION:
        asked = {name: str(stated[name]) for name in ("kind", "body", "question", "reason")}
        order = {"order_id": _new("o"), "finding_id": str(stated["finding"])[:40], "due_on": _day(stated["due_on"])}
        connection.execute(
            insert(OrderRow), [base | asked | order | {"ordered_by": actor.user_id, "ordered_on": today}]
        )
    elif step == Step.RECORD_RESULT:
        document = _document(office, actor, base, "result", str(stated["document"]), connection)
        _last_open(
            connection,
            OrderRow,
            OrderRow.result,
            case_id,
            round_,
            {
                "result": str(stated["result"]),
                "result_on": today,
                "result_document": document,
                "recorded_by": actor.user_id,
            },
        )
    elif step == Step.RECORD_ANSWER:
        document = _document(office, actor, base, "reply", str(stated["document"]), connection)
        replied = {"replied_on": today, "reply_document": document}
        _last_open(connection, NoticeRow, NoticeRow.replied_on, case_id, round_, replied)
    elif step == Step.RECORD_SIGNS:
        number, on = str(stated["document_no"]), _day(stated["document_date"])
        _document(office, actor, base, "signs", number, connection, number=number, dated_on=on)
    elif step == Step.SERVE:
        _document(office, actor, base, "service", str(stated["proof"]), connection)


def add_document(
    office: Office, actor: Actor, case_id: str, kind: str, title: str, *, number: str = "", dated_on: date | None = None
) -> str:
    """Put a document on a case; returns its id. Raises RefusedError for a case out of scope or a blank title."""
    if not title.strip():
        raise RefusedError(["Hãy ghi tên văn bản. / Name the document."])
    with office.cases.writing() as connection:
        row = connection.execute(select(CaseRow.round).where(CaseRow.case_id == case_id, in_scope(actor))).first()
        if row is None:
            raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])
        base = {"case_id": case_id, "round": row.round}
        made = _document(office, actor, base, kind, title, connection, number=number, dated_on=dated_on)
        ledger.append(
            connection,
            case_id,
            now=office.clock(),
            actor_id=actor.user_id,
            act="add_document",
            content={"document": made, "kind": kind, "title": title, "number": number},
        )
    return made


def record_notice_served(
    office: Office, actor: Actor, case_id: str, notice_id: str, served_on: date, means: str, proof: str
) -> None:
    """Record that a notice was served, with its proof: from then the time to reply runs. Raises RefusedError."""
    if means not in MEANS or not proof.strip() or served_on > office.today():
        raise RefusedError(
            ["Cần cách giao, chứng cứ giao, và ngày giao không ở tương lai. / Means, proof and a past day are needed."]
        )
    with office.cases.writing() as connection:
        row = connection.execute(select(CaseRow.round).where(CaseRow.case_id == case_id, in_scope(actor))).first()
        if row is None:
            raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])
        base = {"case_id": case_id, "round": row.round}
        document = _document(office, actor, base, means, proof, connection, dated_on=served_on)
        done = connection.execute(
            update(NoticeRow)
            .where(NoticeRow.notice_id == notice_id, NoticeRow.case_id == case_id, NoticeRow.served_on.is_(None))
            .values(served_on=served_on, means=means, proof_document=document)
        )
        if not done.rowcount:
            raise RefusedError(
                ["Thông báo này đã ghi giao, hoặc không có. / This notice is served already, or is none."]
            )
        content = {"notice": notice_id, "served_on": served_on, "means": means, "proof": document}
        ledger.append(
            connection, case_id, now=office.clock(), actor_id=actor.user_id, act="serve_notice", content=content
        )


def _document(
    office: Office,
    actor: Actor,
    base: Mapping[str, Any],
    kind: str,
    title: str,
    connection: Connection,
    *,
    number: str = "",
    dated_on: date | None = None,
) -> str:
    document_id = _new("d")
    told = {"kind": kind, "title": title[:300], "number": number or None, "dated_on": dated_on}
    added = {"document_id": document_id, "added_by": actor.user_id, "added_at": office.clock()}
    connection.execute(insert(DocumentRow), [dict(base) | told | added])
    return document_id


def _last_open(
    connection: Connection,
    table: Any,
    is_open: Any,
    case_id: str,
    round_: int,
    values: Mapping[str, Any],
) -> None:
    """Fill in the newest row of a case that has no answer yet."""
    key = table.__mapper__.primary_key[0]
    newest = connection.scalar(
        select(key)
        .where(table.case_id == case_id, table.round == round_, is_open.is_(None))
        .order_by(key.desc())
        .limit(1)
    )
    if newest is not None:
        connection.execute(update(table).where(key == newest).values(**values))


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise RefusedError([f"Ngày không đúng: {value}. Viết như 2021-03-31. / Not a day: write 2021-03-31."]) from None


def _new(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(8)}"
