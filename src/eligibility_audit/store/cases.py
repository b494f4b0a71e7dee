"""Cases from run to run, and the steps that people take on them. Every act is in the ledger, in its own transaction."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from eligibility_audit.domain.dates import day_in_vietnam
from eligibility_audit.domain.review.guards import CaseFacts, Notice, refusals
from eligibility_audit.domain.review.limits import ADVERSE
from eligibility_audit.domain.review.people import SYSTEM, Actor, Conflicts, PastStep
from eligibility_audit.domain.review.resumption import months_owed, resumed_from
from eligibility_audit.domain.review.states import State, Step, transition
from eligibility_audit.errors import RefusedError, StaleError
from eligibility_audit.rules.price_tables import owed_between
from eligibility_audit.store import ledger, reversals
from eligibility_audit.store.counts import sum_up
from eligibility_audit.store.evidence import facts
from eligibility_audit.store.queue_order import KEPT_WITH, kept_with
from eligibility_audit.store.reattached import Ties, write_ties
from eligibility_audit.store.stops import execution_is_held, paused_cases, stopped, too_many
from eligibility_audit.store.tables import (
    CaseKeyRow,
    CaseRow,
    ComplaintRow,
    ConflictRow,
    DocumentRow,
    DossierRow,
    NoticeRow,
    OrderRow,
    StepRow,
)
from eligibility_audit.store.team_tables import CaseFindingRow

AT_ONCE = 5_000  # cases written in one statement
OF_RUN = (
    *("programme", "record_id", "recommendation_id", "action", "legal_act", "law_mark", "direction", "dossier_no"),
    *("name", "name_key", "date_of_birth", "national_id", "sex", "commune", "district", "monthly_amount"),
    "amount_to_clarify",
    *("missing_papers", "about_death", "vulnerable", "refers_only", "is_protected", "due_on", "office_can_settle"),
)
_FIXED = ("programme", "about_death", "vulnerable", "refers_only", "is_protected")
_OF_FINDING = ("finding_id", "rule_id", "outcome")
NO_TIES = Ties()
_COUNTED = ("stopped_month", "months_owed", "owed", "second_signer")  # by the store, never as somebody states it
_BY_SYSTEM = "Hệ thống ghi nhận theo kết quả được dẫn."


@dataclass(frozen=True)
class Proposed:
    """A recommendation of a run for one case: the columns of `OF_RUN`, and the evidence to freeze.

    `frozen` holds what the system relied on; two runs with the same evidence have the same `frozen`.
    """

    case_id: str
    columns: Mapping[str, Any]
    frozen: Mapping[str, Any]

    @property
    def sha256(self) -> str:
        """Hash of the evidence."""
        text = json.dumps(self.frozen, ensure_ascii=False, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Attached:
    """What a run did to the cases: how many were opened, stayed, were opened again, were withdrawn."""

    opened: int = 0
    unchanged: int = 0
    reopened: int = 0
    withdrawn: int = 0

    def told(self) -> str:
        """The counts in a sentence."""
        opened, same, again, gone = self.opened, self.unchanged, self.reopened, self.withdrawn
        vi = f"Hồ sơ: mở mới {opened}, giữ nguyên {same}, mở lại {again}, rút {gone}."
        return f"{vi} / Cases: {opened} opened, {same} unchanged, {again} reopened, {gone} withdrawn."


class Cases:
    """The cases of a store."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; what the database refuses becomes a sentence."""
        with self._engine.connect().execution_options(writes=True) as connection:
            try:
                with connection.begin():
                    yield connection
            except IntegrityError as error:
                raise _as_sentence(error) from None
            except DatabaseError as error:
                raise _as_sentence(error) from None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads."""
        with self._engine.connect() as connection, connection.begin():
            yield connection

    def attach(self, run_id: str, proposed: Sequence[Proposed], now: datetime, ties: Ties = NO_TIES) -> Attached:
        """Bring the recommendations of a run to the cases.

        A new case is opened with its evidence frozen; a settled one is opened again where the evidence is no longer
        what it was; one that is no longer recommended is withdrawn where nobody has begun with it, else it stays with
        those who work on it. `ties`: cases that go on under another id, and cases that are one.
        """
        with self.writing() as connection:
            known = _known(connection)
            new = [each for each in proposed if each.case_id not in known]
            self._open(connection, run_id, new, now)
            again = [each for each in proposed if each.case_id in known]
            maybe = [each for each in again if known[each.case_id].opens_again(each.sha256)]
            reopened = [each for each in maybe if _says_more(connection, each, known[each.case_id])]
            alive = {*connection.scalars(select(CaseKeyRow.chain)), *(each.case_id for each in reopened)}
            # a forgotten case that says nothing new stays forgotten: its key is gone
            _refresh(connection, run_id, [each for each in again if each.case_id in alive])
            for each in reopened:
                self._by_system(connection, each.case_id, Step.REOPEN, {"cause": f"run {run_id}"}, now)
                _freeze(connection, run_id, [each], now, {each.case_id: known[each.case_id].round + 1})
            gone = sorted(set(known) - {each.case_id for each in proposed})
            untouched = [case_id for case_id in gone if known[case_id].state == State.RECOMMENDED]
            paused = paused_cases(connection) if untouched else set()
            withdrawn = [case_id for case_id in untouched if case_id not in paused]
            for case_id in withdrawn:
                self._by_system(connection, case_id, Step.WITHDRAW, {"cause": f"run {run_id}"}, now)
            for start in range(0, len(gone), AT_ONCE):
                part = gone[start : start + AT_ONCE]
                connection.execute(update(CaseRow).where(CaseRow.case_id.in_(part)).values(is_current=False))
            write_ties(connection, ties, run_id, now)
            sum_up(connection)
        self._count_anew()
        return Attached(len(new), len(again) - len(reopened), len(reopened), len(withdrawn))

    def _count_anew(self) -> None:
        """Let SQLite see how its columns are spread: without it the queue is sorted whole. PostgreSQL looks itself."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")
                connection.commit()

    def _open(self, connection: Connection, run_id: str, new: Sequence[Proposed], now: datetime) -> None:
        for start in range(0, len(new), AT_ONCE):
            part = new[start : start + AT_ONCE]
            begin = {"state": State.RECOMMENDED.value, "seq": 0, "round": 1, "effect": None, "is_current": True}
            rows = [
                {
                    **{name: each.columns.get(name) for name in OF_RUN},
                    **kept_with(each.case_id, each.columns),
                    **begin,
                    "case_id": each.case_id,
                    "run_id": run_id,
                    "law_confirmed_by": None,
                    "assigned_to": None,
                    "opened_at": now,
                    "changed_at": now,
                }
                for each in part
            ]
            connection.execute(insert(CaseRow), rows)
            _freeze(connection, run_id, part, now, {each.case_id: 1 for each in part})
            contents = {each.case_id: {"run": run_id, "evidence": each.sha256} for each in part}
            ledger.open_chains(connection, contents, now=now, act="open", after=State.RECOMMENDED.value)

    def _by_system(
        self, connection: Connection, case_id: str, step: Step, stated: Mapping[str, Any], now: datetime
    ) -> None:
        case = case_facts(connection, case_id)
        row = connection.execute(select(CaseRow.seq, CaseRow.round).where(CaseRow.case_id == case_id)).one()
        stated = {**stated, "reason": _BY_SYSTEM}
        _write_step(connection, case_id, step, case, SYSTEM, stated, row.seq, row.round, None, now)

    def take_step(
        self,
        case_id: str,
        step: Step,
        actor: Actor,
        stated: Mapping[str, Any],
        *,
        seq: int,
        now: datetime,
        effect: str | None = None,
        second: Actor | None = None,
        along: Callable[[Connection, int], None] | None = None,
    ) -> State:
        """Take a step on a case that the actor saw at `seq`; returns where the case stands then.

        `effect`: of the act that is submitted (`law/<programme>/acts.yaml`). `second`: who signs a repayment beside the
        actor, known by a password of their own. `along(connection, round)` writes what
        comes with the step, in its transaction. Raises RefusedError with every reason, and
        StaleError where somebody else acted first: then nothing was written.
        """
        with self.writing() as connection:
            row = connection.execute(
                select(CaseRow.seq, CaseRow.round, CaseRow.effect).where(CaseRow.case_id == case_id).with_for_update()
            ).first()
            if row is None:
                raise RefusedError(["Không có hồ sơ này. / There is no such case."])
            if row.seq != seq:
                raise _stale()
            proposed = effect if step == Step.SUBMIT else row.effect
            case = replace(case_facts(connection, case_id), effect=proposed, second_signer=second)
            day = day_in_vietnam(now)
            why = refusals(case, step, actor, stated, day)
            if not why and step == Step.SUBMIT and proposed in ADVERSE:
                why = too_many(connection, actor, case_id, case.programme, seq=seq, day=day, now=now)
            if why:
                raise RefusedError(why)
            typed = {name: value for name, value in stated.items() if name not in _COUNTED}
            stated = {**typed, **_resumed(connection, case_id, case, step, stated)}
            if second is not None and step == Step.SIGN:
                stated["second_signer"] = second.user_id
            after = _write_step(connection, case_id, step, case, actor, stated, seq, row.round, proposed, now)
            if along is not None:
                along(connection, row.round)
            if step == Step.REOPEN:
                _carry_over(connection, case_id, row.round, now)
            return after

    def reopen(self, connection: Connection, case_id: str, cause: str, now: datetime) -> None:
        """Open a case again, by the system, within a transaction; the evidence stays as it was frozen."""
        was = int(connection.scalar(select(CaseRow.round).where(CaseRow.case_id == case_id)) or 0)
        self._by_system(connection, case_id, Step.REOPEN, {"cause": cause}, now)
        _carry_over(connection, case_id, was, now)


def _resumed(
    connection: Connection, case_id: str, case: CaseFacts, step: Step, stated: Mapping[str, Any]
) -> dict[str, Any]:
    """What a resumption says besides: the month it counts from, and on the payment list how many months are owed."""
    if case.effect != "resume" or case.stopped_month is None:
        return {}
    if step == Step.SUBMIT:
        return {"stopped_month": case.stopped_month, "from_month": resumed_from(case.stopped_month, stated)}
    if step != Step.PUT_ON_PAYMENT_LIST:
        return {}
    submitted = select(StepRow.stated).where(StepRow.case_id == case_id, StepRow.step == Step.SUBMIT.value)
    told = connection.scalar(submitted.order_by(StepRow.seq.desc()).limit(1)) or {}
    programme, monthly = connection.execute(
        select(CaseRow.programme, CaseRow.monthly_amount).where(CaseRow.case_id == case_id)
    ).one()
    try:
        months = months_owed(told["from_month"], str(stated["month"]))
    except ValueError:
        raise RefusedError(["Hãy ghi tháng chi trả, như 2021-08. / Give the month of payment, as 2021-08."]) from None
    first, until = (date.fromisoformat(f"{str(each)[:7]}-01") for each in (told["from_month"], stated["month"]))
    known = monthly is not None and told.get("ground") != "lied_for_extra"
    owed = owed_between(programme, monthly, first, until) if known else None
    return {"from_month": told["from_month"], "months_owed": months, "owed": owed}


def case_facts(connection: Connection, case_id: str) -> CaseFacts:
    """What the checks need to know of a case, as the store has it."""
    row = connection.execute(select(CaseRow).where(CaseRow.case_id == case_id)).mappings().one()
    this_round = row["round"]

    def of_round(table: Any, *columns: Any) -> Sequence[Any]:
        return connection.execute(select(*columns).where(table.case_id == case_id, table.round == this_round)).all()

    steps = of_round(StepRow, StepRow.step, StepRow.actor_id, StepRow.actor_unit)
    findings = of_round(CaseFindingRow, CaseFindingRow.finding_id, CaseFindingRow.rule_id)
    ties = connection.execute(select(ConflictRow.user_id, ConflictRow.tie).where(ConflictRow.case_id == case_id)).all()
    notices = of_round(NoticeRow, NoticeRow.served_on, NoticeRow.reply_due, NoticeRow.replied_on)
    visits = of_round(OrderRow, OrderRow.kind, OrderRow.result)
    open_complaint = connection.scalar(
        select(ComplaintRow.complaint_id)
        .where(ComplaintRow.case_id == case_id, ComplaintRow.kind == "khieu_nai", ComplaintRow.settled_on.is_(None))
        .limit(1)
    )
    stop = stopped(connection, case_id)
    return CaseFacts(
        state=State(row["state"]),
        programme=row["programme"],
        commune=row["commune"],
        district=row["district"],
        effect=row["effect"],
        law_confirmed=row["law_mark"] == "confirmed" or row["law_confirmed_by"] is not None,
        about_death=row["about_death"],
        vulnerable=row["vulnerable"],
        refers_only=row["refers_only"],
        notice=_best_notice([Notice(*each) for each in notices]),
        visited=any(kind == "field_visit" and result for kind, result in visits),
        complaint_open=open_complaint is not None,
        execution_held=open_complaint is not None and execution_is_held(connection, case_id, this_round),
        stopped_month=stop.month if stop else None,
        paused=stop is not None and stop.effect == "pause",
        own_finding=bool(findings),
        findings=frozenset(finding for finding, _ in findings),
        held_rules=tuple(sorted(reversals.held(connection, {rule for _, rule in findings}))) if findings else (),
        documents=frozenset(kind for (kind,) in of_round(DocumentRow, DocumentRow.kind)),
        past=tuple(PastStep(*each) for each in steps),
        conflicts=Conflicts(
            kin=frozenset(user for user, tie in ties if tie == "kin"),
            certified=frozenset(user for user, tie in ties if tie == "certified"),
        ),
    )


def _best_notice(notices: Sequence[Notice]) -> Notice | None:
    """The notice that counts: served first, else any."""
    served = sorted((n for n in notices if n.served_on), key=lambda n: n.served_on or date.max)
    return served[0] if served else (notices[0] if notices else None)


def _write_step(
    connection: Connection,
    case_id: str,
    step: Step,
    case: CaseFacts,
    actor: Actor,
    stated: Mapping[str, Any],
    seq: int,
    round_: int,
    effect: str | None,
    now: datetime,
) -> State:
    move = transition(case.state, step)
    if move is None:
        raise RefusedError(refusals(case, step, actor, stated, day_in_vietnam(now)))
    told = json.loads(json.dumps({k: v for k, v in stated.items() if k != "reason"}, default=str))
    row = {
        "case_id": case_id,
        "seq": seq + 1,
        "round": round_,
        "step": step.value,
        "before": move.before.value,
        "after": move.after.value,
        "effect": effect,
        "actor_id": actor.user_id,
        "actor_role": actor.role.value,
        "actor_unit": actor.unit,
        "at": now,
        "on_day": day_in_vietnam(now),
        "reason": str(stated["reason"]).strip(),
        "stated": told,
    }
    connection.execute(insert(StepRow), [row])
    ledger.append(
        connection,
        case_id,
        now=now,
        actor_id=actor.user_id,
        act=step.value,
        before=move.before.value,
        after=move.after.value,
        content={"seq": seq + 1, "reason": row["reason"], "stated": told, "effect": effect},
    )
    return move.after


@dataclass(frozen=True)
class _Known:
    state: str
    round: int
    is_current: bool
    frozen: str

    def opens_again(self, evidence: str) -> bool:
        """A settled case with other evidence, or one that had been withdrawn."""
        settled = self.state in (State.CLEARED, State.CLOSED)
        return settled and (evidence != self.frozen or (self.state == State.CLOSED and not self.is_current))


def _says_more(connection: Connection, each: Proposed, known: _Known) -> bool:
    """Whether the evidence says something else than what a settled case was settled on, or it had been withdrawn."""
    if known.state == State.CLOSED and not known.is_current:
        return True
    of_round = (DossierRow.case_id == each.case_id, DossierRow.round == known.round)
    return facts(connection.scalars(select(DossierRow.frozen).where(*of_round)).one()) != facts(each.frozen)


def _known(connection: Connection) -> dict[str, _Known]:
    rows = connection.execute(
        select(CaseRow.case_id, CaseRow.state, CaseRow.round, CaseRow.is_current, DossierRow.sha256).join(
            DossierRow, (DossierRow.case_id == CaseRow.case_id) & (DossierRow.round == CaseRow.round)
        )
    )
    return {case_id: _Known(*fields) for case_id, *fields in rows}


def _refresh(connection: Connection, run_id: str, again: Sequence[Proposed]) -> None:
    """What the last run says of known cases; the frozen evidence stays what it was."""
    from sqlalchemy import bindparam

    names = [name for name in OF_RUN if name not in _FIXED]
    rows = [
        {"b_case_id": e.case_id, **{name: e.columns.get(name) for name in names}, **kept_with(e.case_id, e.columns)}
        for e in again
    ]
    statement = (
        update(CaseRow.__table__)  # type: ignore[arg-type]  # a table, as core wants it
        .where(CaseRow.case_id == bindparam("b_case_id"))
        .values({"run_id": run_id, "is_current": True} | {name: bindparam(name) for name in (*names, *KEPT_WITH)})
    )
    for start in range(0, len(rows), AT_ONCE):
        connection.execute(statement, rows[start : start + AT_ONCE])


def _freeze(
    connection: Connection, run_id: str, proposed: Sequence[Proposed], now: datetime, rounds: Mapping[str, int]
) -> None:
    rows = [
        {
            "case_id": each.case_id,
            "round": rounds[each.case_id],
            "run_id": run_id,
            "frozen": json.loads(json.dumps(dict(each.frozen), default=str)),
            "sha256": each.sha256,
            "frozen_at": now,
        }
        for each in proposed
    ]
    if rows:
        connection.execute(insert(DossierRow), rows)
    found = [
        {"case_id": each.case_id, "round": rounds[each.case_id], **{name: one[name] for name in _OF_FINDING}}
        for each in proposed
        for one in each.frozen.get("findings", ())
    ]
    if found:
        connection.execute(insert(CaseFindingRow), found)


def _carry_over(connection: Connection, case_id: str, was: int, now: datetime) -> None:
    """A case that is opened again goes on with the evidence and the findings of the round before."""
    of_round = (DossierRow.case_id == case_id, DossierRow.round == was)
    dossier = connection.execute(select(DossierRow).where(*of_round)).mappings().one()
    connection.execute(insert(DossierRow), [{**dossier, "round": was + 1, "frozen_at": now}])
    mine = (CaseFindingRow.case_id == case_id, CaseFindingRow.round == was)
    found = [{**row, "round": was + 1} for row in connection.execute(select(CaseFindingRow).where(*mine)).mappings()]
    if found:
        connection.execute(insert(CaseFindingRow), found)


def _stale() -> StaleError:
    return StaleError(
        "Người khác vừa xử lý hồ sơ này; chưa ghi gì. Hãy mở lại hồ sơ rồi làm tiếp. / "
        "Somebody else has just acted on this case; nothing was written. Open it again and go on."
    )


def _as_sentence(error: DatabaseError) -> RefusedError | StaleError:
    """What the database refused, in words; it holds no personal data."""
    said = str(error.orig)
    if isinstance(error, IntegrityError) and "ea:" not in said and ("UNIQUE" in said or "unique" in said):
        return _stale()
    if "the case is not at this step" in said or "locked" in said or "the chain does not continue" in said:
        return _stale()
    reason = said.split("ea:", 1)[1].splitlines()[0].strip() if "ea:" in said else type(error.orig).__name__
    return RefusedError([f"Kho dữ liệu từ chối: {reason}. / The store refuses: {reason}."])
