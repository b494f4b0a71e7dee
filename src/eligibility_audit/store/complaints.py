"""Complaints in the store: entering them, their steps, who may see them, and what they say of a rule.

Every act is in the ledger: in the chain of the case; of a denunciation, or where there is no case, in a chain of its
own, so that nobody learns of it from the case. A denunciation is there for few (`visible`).
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, false, func, insert, or_, select, tuple_, update

from eligibility_audit.domain.review.complaints import (
    OPEN,
    REVERSED,
    ComplaintFacts,
    Kind,
    Level,
    Move,
    Rule,
    Stage,
    refused,
    rule_of,
    rules_for,
)
from eligibility_audit.domain.review.measures import upper_bound
from eligibility_audit.domain.review.people import Actor, Conflicts, Role
from eligibility_audit.domain.review.states import State
from eligibility_audit.errors import RefusedError, StaleError
from eligibility_audit.store import ledger
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.tables import (
    CaseRow,
    ComplaintRow,
    ComplaintStepRow,
    ConflictRow,
    DocumentRow,
    NoticeRow,
    ReporterRow,
    StepRow,
    UserRow,
)
from eligibility_audit.store.team_tables import CaseFindingRow

SEES_DENUNCIATIONS: Final = frozenset({Role.AUTHORITY, Role.INSPECTOR})
DECIDED: Final = frozenset(
    {State.SIGNED, State.SERVED, State.ON_PAYMENT_LIST, State.AWAITING_CONCLUSION, State.CLEARED, State.CLOSED}
)
Stated = Mapping[str, Any]


@dataclass(frozen=True)
class Decision:
    """A signed decision of a case. `served_on`: as proven; None: not served, and no time to complain runs."""

    case_id: str
    seq: int
    round: int
    effect: str
    act: str
    number: str
    signed_on: date
    served_on: date | None
    month: str  # of the payment list it reached, `2021-05`, or empty


@dataclass(frozen=True)
class Intake:
    """What came in, as it was classified. `reporter`: (name, contact), of a denunciation alone."""

    kind: Kind
    subject: str
    filed_on: date
    received_on: date
    via: str
    case_id: str | None = None
    against_step: int | None = None
    served_on: date | None = None
    level: Level = Level.FIRST
    previous: str | None = None
    matter: str = ""
    filer: str = ""
    people: int = 1
    bodies: tuple[str, ...] = ()
    commune: str | None = None
    district: str | None = None
    is_remote: bool = False
    settler: str = ""
    due_on: date | None = None
    reporter: tuple[str, str] | None = None


@dataclass(frozen=True)
class ComplaintPage:
    """A complaint as one person sees it. `steps` are those of their role, each with why not."""

    complaint: Mapping[str, Any]
    facts: ComplaintFacts
    case: Mapping[str, Any] | None
    decision: Decision | None
    history: tuple[Mapping[str, Any], ...]
    same_matter: tuple[Mapping[str, Any], ...]
    steps: tuple[tuple[Rule, tuple[str, ...]], ...]
    verifiers: tuple[tuple[str, str], ...]
    names: Mapping[str, str]


@dataclass(frozen=True)
class Counts:
    """Of what came in one way and is done: before its day, on it, after it; of what is open: due yet, overdue."""

    early: int = 0
    on_time: int = 0
    late: int = 0
    still_due: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class Precision:
    """What complaints said of the decisions of a rule. `bound`: one-sided 95 % upper bound of the share reversed."""

    rule_id: str
    n: int
    upheld: int
    reversed: int
    bound: float


def visible(actor: Actor) -> ColumnElement[bool]:
    """What an actor may see at all: of their area, and of denunciations what is theirs to handle."""
    own = or_(ComplaintRow.entered_by == actor.user_id, ComplaintRow.verifier == actor.user_id)
    hidden = and_(ComplaintRow.kind == Kind.DENUNCIATION.value, ~own)
    may = ComplaintRow.complaint_id.is_not(None) if actor.role in SEES_DENUNCIATIONS else ~hidden
    return and_(may, or_(ComplaintRow.verifier == actor.user_id, _of_area(actor)))


def _of_area(actor: Actor) -> ColumnElement[bool]:
    cases = select(CaseRow.case_id).where(in_scope(actor)).scalar_subquery()
    of_case = ComplaintRow.case_id.in_(cases)
    if not actor.districts and not actor.communes:
        return or_(ComplaintRow.case_id.is_(None), of_case)
    parts: list[ColumnElement[bool]] = [false()]
    if actor.districts:
        parts.append(ComplaintRow.district.in_(sorted(actor.districts)))
    if actor.communes:
        parts.append(tuple_(ComplaintRow.commune, ComplaintRow.district).in_(sorted(actor.communes)))
    return or_(of_case, and_(ComplaintRow.case_id.is_(None), or_(*parts)))


def listed(
    office: Office, actor: Actor, *, kind: str = "", via: str = "", case_id: str = "", is_open: bool = True
) -> list[Mapping[str, Any]]:
    """What an actor may see, the nearest deadline first; at most 500 lines."""
    where = [visible(actor)]
    if is_open:
        where.append(ComplaintRow.stage.in_([*(s.value for s in OPEN), Stage.SETTLED.value]))
    where += [
        column == value
        for column, value in (
            (ComplaintRow.kind, kind),
            (ComplaintRow.via, via),
            (ComplaintRow.case_id, case_id),
        )
        if value
    ]
    rows = (
        select(ComplaintRow.__table__, CaseRow.name.label("person"), CaseRow.dossier_no)
        .outerjoin(CaseRow, CaseRow.case_id == ComplaintRow.case_id)
        .where(*where)
        .order_by(ComplaintRow.due_on.is_(None), ComplaintRow.due_on, ComplaintRow.complaint_id)
        .limit(500)
    )
    with office.cases.reading() as connection:
        return [dict(row) for row in connection.execute(rows).mappings()]


def complaints_of(connection: Connection, actor: Actor, case_id: str) -> tuple[Mapping[str, Any], ...]:
    """What of a case an actor may see, in order of the day it was sent."""
    query = select(ComplaintRow.__table__).where(ComplaintRow.case_id == case_id, visible(actor))
    return tuple(dict(row) for row in connection.execute(query.order_by(ComplaintRow.filed_on)).mappings())


def decisions(office: Office, actor: Actor, case_id: str) -> list[Decision]:
    """The signed decisions of a case in the actor's area, the newest first."""
    with office.cases.reading() as connection:
        seen = connection.scalar(select(CaseRow.case_id).where(CaseRow.case_id == case_id, in_scope(actor)))
        return [] if seen is None else _decisions(connection, case_id)


def programme(office: Office, actor: Actor, case_id: str) -> str | None:
    """The programme of a case in the actor's area."""
    with office.cases.reading() as connection:
        return connection.scalar(select(CaseRow.programme).where(CaseRow.case_id == case_id, in_scope(actor)))


def _decisions(connection: Connection, case_id: str) -> list[Decision]:
    rows = connection.execute(select(StepRow.__table__).where(StepRow.case_id == case_id).order_by(StepRow.seq))
    made: list[Decision] = []
    act = ""
    for row in rows.mappings():
        stated = row["stated"]
        if row["step"] == "submit":
            act = str(stated.get("act") or "")
        elif row["step"] == "sign":
            signed = _day(stated.get("decision_date")) or row["on_day"]
            number = str(stated.get("decision_no") or "")
            made.append(Decision(case_id, row["seq"], row["round"], row["effect"], act, number, signed, None, ""))
        elif row["step"] in ("serve", "put_on_payment_list") and made:
            told = {**made[-1].__dict__}
            if row["step"] == "serve":
                told["served_on"] = _day(stated.get("served_on"))
            else:
                told["month"] = str(stated.get("month") or "")[:7]
            made[-1] = Decision(**told)
    return made[::-1]


def enter(office: Office, actor: Actor, intake: Intake) -> str:
    """Enter what came in; returns its id. Raises RefusedError where the case or the decision is not there."""
    complaint_id, now = f"k-{secrets.token_hex(8)}", office.clock()
    told = {
        name: getattr(intake, name)
        for name in (
            *("subject", "filed_on", "received_on", "via", "case_id", "against_step", "served_on", "previous"),
            *("people", "commune", "district", "is_remote", "settler", "due_on"),
        )
    }
    begin = {"stage": Stage.RECEIVED.value, "seq": 0, "is_complex": False, "entered_by": actor.user_id}
    row = {
        **told,
        **begin,
        "complaint_id": complaint_id,
        "kind": intake.kind.value,
        "level": intake.level.value,
        "matter": intake.matter or complaint_id,
        "bodies": list(intake.bodies),
        "filer": None if intake.kind == Kind.DENUNCIATION else (intake.filer or None),
        "entered_at": now,
    }
    with office.cases.writing() as connection:
        if intake.case_id is not None:
            place = connection.execute(
                select(CaseRow.commune, CaseRow.district).where(CaseRow.case_id == intake.case_id, in_scope(actor))
            ).first()
            if place is None:
                raise RefusedError([_NO_CASE])
            row |= {"commune": place.commune, "district": place.district}
        connection.execute(insert(ComplaintRow), [row])
        if intake.reporter is not None:
            name, contact = intake.reporter
            kept = {"complaint_id": complaint_id, "name": name, "contact": contact}
            connection.execute(insert(ReporterRow), [kept])
        content = {"complaint": complaint_id, "kind": intake.kind.value, "subject": intake.subject}
        _in_ledger(connection, row, now, actor.user_id, "enter", "", Stage.RECEIVED.value, content)
    return complaint_id


_NO_CASE: Final = "Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."
_NONE: Final = "Không có đơn này trong địa bàn của bạn. / There is no such paper in your area."


def _in_ledger(
    connection: Connection,
    row: Mapping[str, Any],
    now: datetime,
    actor_id: str,
    act: str,
    before: str,
    after: str,
    content: Mapping[str, object],
) -> None:
    kept_apart = row["kind"] == Kind.DENUNCIATION.value or row["case_id"] is None
    chain = str(row["complaint_id"] if kept_apart else row["case_id"])
    ledger.append(
        connection,
        chain,
        now=now,
        actor_id=actor_id,
        act=f"complaint_{act}",
        before=before,
        after=after,
        content={"complaint": row["complaint_id"], **content},
    )


def found(office: Office, actor: Actor, complaint_id: str) -> Mapping[str, Any] | None:
    """A complaint in the actor's scope; None where there is none: nobody learns that there is one elsewhere."""
    with office.cases.reading() as connection:
        return _found(connection, actor, complaint_id)


def _found(connection: Connection, actor: Actor, complaint_id: str) -> dict[str, Any] | None:
    query = select(ComplaintRow.__table__).where(ComplaintRow.complaint_id == complaint_id, visible(actor))
    row = connection.execute(query).mappings().first()
    return None if row is None else {str(name): value for name, value in row.items()}


def page(office: Office, actor: Actor, complaint_id: str, is_late: bool | None) -> ComplaintPage | None:
    """All that its page shows; None where there is none in the actor's scope."""
    with office.cases.reading() as connection:
        row = _found(connection, actor, complaint_id)
        if row is None:
            return None
        facts = _facts(connection, row, is_late)
        names = dict(connection.execute(select(UserRow.user_id, UserRow.name)).tuples().all())
        steps = select(ComplaintStepRow.__table__).where(ComplaintStepRow.complaint_id == complaint_id)
        history = connection.execute(steps.order_by(ComplaintStepRow.seq)).mappings().all()
        same = (
            select(ComplaintRow.__table__)
            .where(ComplaintRow.matter == row["matter"], ComplaintRow.complaint_id != complaint_id, visible(actor))
            .order_by(ComplaintRow.entered_at)
        )
        case = None
        if row["case_id"] is not None:
            query = select(CaseRow.__table__).where(CaseRow.case_id == row["case_id"])
            case = dict(connection.execute(query).mappings().one())
        return ComplaintPage(
            complaint=dict(row),
            facts=facts,
            case=case,
            decision=_decision(connection, row),
            history=tuple(dict(each) for each in history),
            same_matter=tuple(dict(each) for each in connection.execute(same).mappings()),
            steps=_steps(facts, actor, office.today()),
            verifiers=_verifiers(connection, facts, actor),
            names=names,
        )


def _decision(connection: Connection, row: Mapping[str, Any]) -> Decision | None:
    if row["case_id"] is None or row["against_step"] is None:
        return None
    return next((d for d in _decisions(connection, row["case_id"]) if d.seq == row["against_step"]), None)


def _facts(connection: Connection, row: Mapping[str, Any], is_late: bool | None) -> ComplaintFacts:
    case_id = row["case_id"]
    steps = connection.execute(
        select(StepRow.step, StepRow.actor_id, StepRow.actor_unit).where(StepRow.case_id == case_id)
    ).all()
    ties = connection.execute(select(ConflictRow.user_id, ConflictRow.tie).where(ConflictRow.case_id == case_id)).all()
    decided = {"submit", "record_signs", "check", "sign"}
    effect = connection.scalar(
        select(StepRow.effect).where(StepRow.case_id == case_id, StepRow.seq == row["against_step"])
    )
    return ComplaintFacts(
        kind=Kind(row["kind"]),
        level=Level(row["level"]),
        stage=Stage(row["stage"]),
        received_on=row["received_on"],
        commune=row["commune"],
        district=row["district"],
        effect=effect,
        hold=row["hold"],
        is_late=is_late,
        verifier=row["verifier"],
        dialogue_on=row["dialogue_on"],
        involved=frozenset({s.actor_id for s in steps} | {row["entered_by"]}) - {"system"},
        units=frozenset(s.actor_unit for s in steps if s.step in decided and s.actor_unit),
        conflicts=Conflicts(
            kin=frozenset(user for user, tie in ties if tie == "kin"),
            certified=frozenset(user for user, tie in ties if tie == "certified"),
        ),
    )


def _steps(facts: ComplaintFacts, actor: Actor, today: date) -> tuple[tuple[Rule, tuple[str, ...]], ...]:
    """The steps of the actor's role, with what stands against each but what its form will ask for."""
    made = []
    for rule in rules_for(facts.kind, facts.level, facts.stage, actor.role):
        stated: dict[str, object] = {**dict.fromkeys(rule.needs, "…"), "reason": "…" * 10}
        stated |= {"outcome": "right" if facts.kind == Kind.DENUNCIATION else "annulled", "ground": "other"}
        stated |= {"means": "signature", "hold": "yes"}
        made.append((rule, tuple(refused(facts, rule.move, actor, stated, today))))
    return tuple(made)


def _verifiers(connection: Connection, facts: ComplaintFacts, actor: Actor) -> tuple[tuple[str, str], ...]:
    """Who may verify: active, no part in the case, no tie, of no unit that made or signed, not of the commune."""
    roles = [r.value for r in (Role.OFFICER, Role.CHECKER, Role.INSPECTOR, Role.COMMUNE_OFFICER)]
    rows = connection.execute(
        select(UserRow.user_id, UserRow.name, UserRow.unit)
        .where(UserRow.is_active, UserRow.role.in_(roles))
        .order_by(UserRow.name)
    )
    barred = facts.involved | facts.conflicts.kin | facts.conflicts.certified | {actor.user_id}
    return tuple(
        (user, f"{name}, {unit}")
        for user, name, unit in rows
        if user not in barred and unit not in facts.units and unit != facts.commune
    )


def take(
    office: Office,
    actor: Actor,
    complaint_id: str,
    move: Move,
    stated: Stated,
    *,
    seq: int,
    is_late: bool | None,
    values: Mapping[str, Any],
) -> Stage:
    """Take a step on a complaint that the actor saw at `seq`; returns where it stands then.

    `values`: columns that go with the step (days, the next due day). Where the outcome changes or annuls the decision
    the case is opened again in the same transaction. Raises RefusedError with every reason, StaleError.
    """
    now = office.clock()
    with office.cases.writing() as connection:
        row = _found(connection, actor, complaint_id)
        if row is None:
            raise RefusedError([_NONE])
        if row["seq"] != seq:
            raise StaleError(
                "Người khác vừa xử lý đơn này; chưa ghi gì. Hãy mở lại rồi làm tiếp. / "
                "Somebody else has just acted on this; nothing was written. Open it again and go on."
            )
        facts = _facts(connection, row, is_late)
        unit = connection.scalar(select(UserRow.unit).where(UserRow.user_id == str(stated.get("verifier") or "")))
        why = refused(facts, move, actor, {**stated, "verifier_unit": unit}, office.today())
        rule = rule_of(facts, move)
        if why or rule is None:
            raise RefusedError(why)
        _write(connection, row, rule, actor, stated, office.today(), now)
        if values:
            connection.execute(update(ComplaintRow).where(ComplaintRow.complaint_id == complaint_id).values(**values))
        _document(connection, row, move, actor, stated, now)
        if rule.after == Stage.SETTLED and stated.get("outcome") in REVERSED:
            _reopen(office, connection, row, now)
        return rule.after


def _write(
    connection: Connection,
    row: Mapping[str, Any],
    rule: Rule,
    actor: Actor,
    stated: Stated,
    today: date,
    now: datetime,
) -> None:
    told = {name: value for name, value in stated.items() if name != "reason" and value not in (None, "")}
    plain = json.loads(json.dumps(told, ensure_ascii=False, default=str))
    step = {
        "complaint_id": row["complaint_id"],
        "seq": row["seq"] + 1,
        "step": rule.move.value,
        "before": rule.before.value,
        "after": rule.after.value,
        "actor_id": actor.user_id,
        "actor_role": actor.role.value,
        "at": now,
        "on_day": today,
        "reason": str(stated["reason"]).strip(),
        "stated": plain,
        "verifier": stated["verifier"] if rule.move == Move.ASSIGN_VERIFIER else None,
        "hold": stated["hold"] == "yes" if rule.move == Move.DECIDE_HOLD else None,
        "outcome": stated["outcome"] if rule.move in (Move.SETTLE, Move.JUDGE) else None,
    }
    connection.execute(insert(ComplaintStepRow), [step])
    content = {"seq": step["seq"], "reason": step["reason"], "stated": plain}
    _in_ledger(connection, row, now, actor.user_id, rule.move.value, rule.before.value, rule.after.value, content)


_TITLES: Final[Mapping[Move, tuple[str, str]]] = {
    Move.ACCEPT: ("complaint_accepted", "Thông báo thụ lý"),
    Move.REFUSE: ("complaint_refused", "Thông báo không thụ lý"),
    Move.TRANSFER: ("complaint_transferred", "Văn bản chuyển đơn"),
    Move.REPORT: ("complaint_report", "Báo cáo xác minh"),
    Move.HOLD_DIALOGUE: ("complaint_dialogue", "Biên bản đối thoại"),
    Move.SETTLE: ("complaint_settlement", "Quyết định giải quyết khiếu nại"),
    Move.JUDGE: ("complaint_judgment", "Bản án"),
    Move.WITHDRAW: ("complaint_withdrawn", "Đơn rút khiếu nại"),
    Move.SERVE: ("complaint_service", "Chứng cứ giao kết quả"),
}


def _document(
    connection: Connection, row: Mapping[str, Any], move: Move, actor: Actor, stated: Stated, now: datetime
) -> None:
    """The paper of a step on the case; nothing of a denunciation stands on the case."""
    if row["case_id"] is None or row["kind"] == Kind.DENUNCIATION.value or move not in _TITLES:
        return
    kind, title = _TITLES[move]
    round_ = connection.scalar(select(CaseRow.round).where(CaseRow.case_id == row["case_id"]))
    paper = {
        "document_id": f"d-{secrets.token_hex(8)}",
        "case_id": row["case_id"],
        "round": round_,
        "kind": kind,
        "title": str(stated.get("document") or stated.get("proof") or title)[:300],
        "number": stated.get("document_no"),
        "dated_on": stated.get("document_date") or stated.get("dialogue_on") or stated.get("served_on"),
        "added_by": actor.user_id,
        "added_at": now,
    }
    connection.execute(insert(DocumentRow), [paper])


def _reopen(office: Office, connection: Connection, row: Mapping[str, Any], now: datetime) -> None:
    """The case of a decision that fell begins again, unless a later round is under way."""
    decision = _decision(connection, row)
    if decision is None:
        return
    case = connection.execute(select(CaseRow.state, CaseRow.round).where(CaseRow.case_id == decision.case_id)).one()
    if case.round == decision.round and case.state in DECIDED:
        office.cases.reopen(connection, decision.case_id, f"complaint {row['complaint_id']}", now)


def answer_notice(office: Office, actor: Actor, complaint_id: str, replied_on: date) -> None:
    """An answer to a notice: the newest notice of the case that has none is answered by it."""
    with office.cases.writing() as connection:
        row = _found(connection, actor, complaint_id)
        if row is None or row["case_id"] is None:
            raise RefusedError([_NONE])
        round_ = connection.scalar(select(CaseRow.round).where(CaseRow.case_id == row["case_id"]))
        mine = (NoticeRow.case_id == row["case_id"], NoticeRow.round == round_, NoticeRow.replied_on.is_(None))
        newest = connection.scalar(
            select(NoticeRow.notice_id).where(*mine).order_by(NoticeRow.issued_on.desc()).limit(1)
        )
        paper = {"document_id": f"d-{secrets.token_hex(8)}", "case_id": row["case_id"], "round": round_}
        about = {"kind": "reply", "title": "Trả lời của người hưởng", "number": None, "dated_on": replied_on}
        by = {"added_by": actor.user_id, "added_at": office.clock()}
        connection.execute(insert(DocumentRow), [paper | about | by])
        if newest is not None:
            connection.execute(
                update(NoticeRow)
                .where(NoticeRow.notice_id == newest)
                .values(replied_on=replied_on, reply_document=paper["document_id"])
            )


def record_letter(office: Office, actor: Actor, case_id: str, *, kind: str, title: str, name: str, sha256: str) -> None:
    """Put a letter that was made on its case, with the hash of its file. Raises RefusedError."""
    now = office.clock()
    with office.cases.writing() as connection:
        round_ = connection.scalar(select(CaseRow.round).where(CaseRow.case_id == case_id, in_scope(actor)))
        if round_ is None:
            raise RefusedError([_NO_CASE])
        made = f"d-{secrets.token_hex(8)}"
        about = {"kind": kind, "title": title, "dated_on": office.today(), "file_name": name, "sha256": sha256}
        by = {"case_id": case_id, "round": round_, "added_by": actor.user_id, "added_at": now}
        connection.execute(insert(DocumentRow), [{"document_id": made} | about | by])
        content = {"document": made, "kind": kind, "sha256": sha256}
        ledger.append(connection, case_id, now=now, actor_id=actor.user_id, act="make_letter", content=content)


def reporter_of(office: Office, actor: Actor, complaint_id: str, reason: str) -> tuple[str, str]:
    """Who denounced (name, contact), for the settler, the inspectors and the verifier; each look is recorded.

    Raises RefusedError.
    """
    if len(reason.strip()) < 10:
        raise RefusedError(["Hãy ghi lý do cần biết. / Say why it has to be known."])
    with office.cases.writing() as connection:
        row = _found(connection, actor, complaint_id)
        if row is None or (actor.role not in SEES_DENUNCIATIONS and row["verifier"] != actor.user_id):
            raise RefusedError(["Bạn không được xem người tố cáo. / You may not see who denounced."])
        kept = connection.execute(
            select(ReporterRow.name, ReporterRow.contact).where(ReporterRow.complaint_id == complaint_id)
        ).first()
        content = {"reason": reason.strip()}
        _in_ledger(connection, row, office.clock(), actor.user_id, "see_reporter", "", "", content)
    return (kept.name, kept.contact) if kept else ("", "")


def timeliness(office: Office, actor: Actor) -> dict[str, Counts]:
    """By the way it came in: what is done early, on time, late; what is open, due yet or overdue."""
    done_on = func.coalesce(ComplaintRow.result_served_on, ComplaintRow.settled_on)
    query = select(ComplaintRow.via, ComplaintRow.due_on, done_on.label("done_on")).where(
        visible(actor), ComplaintRow.due_on.is_not(None)
    )
    counted: dict[str, dict[str, int]] = {}
    today = office.today()
    with office.cases.reading() as connection:
        for via, due, done in connection.execute(query):
            which = _promptness(due, done, today)
            mine = counted.setdefault(via, {})
            mine[which] = mine.get(which, 0) + 1
    return {via: Counts(**counts) for via, counts in sorted(counted.items())}


def _promptness(due: date, done: date | None, today: date) -> str:
    if done is None:
        return "overdue" if today > due else "still_due"
    if done == due:
        return "on_time"
    return "early" if done < due else "late"


def precision_by_rule(office: Office) -> list[Precision]:
    """What complaints settled on the merits said of each rule's decisions, most reversed first.

    A matter counts once for a decision, by its last settled level; a decision rests on every rule of its round.
    """
    settled = (
        select(ComplaintRow.case_id, ComplaintRow.against_step, ComplaintRow.outcome, StepRow.round)
        .join(StepRow, and_(StepRow.case_id == ComplaintRow.case_id, StepRow.seq == ComplaintRow.against_step))
        .where(ComplaintRow.kind == Kind.COMPLAINT.value, ComplaintRow.outcome.is_not(None))
        .order_by(ComplaintRow.settled_on, ComplaintRow.entered_at)
    )
    with office.cases.reading() as connection:
        last = {(c, step): (round_, outcome) for c, step, outcome, round_ in connection.execute(settled)}
        rules = connection.execute(
            select(CaseFindingRow.case_id, CaseFindingRow.round, CaseFindingRow.rule_id)
            .where(CaseFindingRow.case_id.in_({case_id for case_id, _ in last}))
            .distinct()
        ).all()
    of_round: dict[tuple[str, int], list[str]] = {}
    for case_id, round_, rule in rules:
        of_round.setdefault((case_id, round_), []).append(rule)
    seen: dict[str, list[bool]] = {}
    for (case_id, _), (round_, outcome) in last.items():
        for rule in of_round.get((case_id, round_), ()):
            seen.setdefault(rule, []).append(outcome in REVERSED)
    told = [
        Precision(rule, len(each), len(each) - sum(each), sum(each), upper_bound(sum(each), len(each)))
        for rule, each in seen.items()
    ]
    return sorted(told, key=lambda p: (-p.reversed, p.rule_id))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
