"""The decisions that the store put on the payment list of a month: signed, served with proof, and still in force."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from eligibility_audit.domain.review.pay_changes import PayChange
from eligibility_audit.domain.review.people import Actor
from eligibility_audit.domain.review.states import State, Step
from eligibility_audit.store import ledger
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.stops import execution_is_held
from eligibility_audit.store.tables import CaseRow, StepRow

CHAIN: Final = "payments"
_ON_THE_WAY: Final = (Step.SUBMIT, Step.SIGN, Step.SERVE, Step.PUT_ON_PAYMENT_LIST, Step.REOPEN)
_DECIDED: Final = frozenset({State.SIGNED, State.SERVED, State.ON_PAYMENT_LIST, State.AWAITING_CONCLUSION})
_PAID: Final = frozenset({"end", "less", "more", "pause", "resume", "repay"})
_AT_ONCE: Final = 500


@dataclass(frozen=True)
class MonthOfChanges:
    """The changes of a month, and what was left out of it, by case id.

    `held`: execution is held for a complaint; `set_aside`: a complaint or a court took the decision back; `unproven`:
    its signature or service is not in the history; `replaced`: a later decision of the same month stands instead.
    `signed`, `served`: how many decisions have come that far and are on no list yet.
    """

    changes: tuple[PayChange, ...]
    held: tuple[str, ...]
    set_aside: tuple[str, ...]
    unproven: tuple[str, ...]
    replaced: int
    signed: int
    served: int


def changes_of(office: Office, month: str, actor: Actor | None = None) -> MonthOfChanges:
    """The changes of the run of a month (YYYY-MM) in the actor's area (all of them where None)."""
    with office.cases.reading() as connection:
        found = _histories(connection, actor)
        listed = [one for one in _put_on_lists(found) if one.month == month]
        last = {one.case_id: one for one in listed}
        held = sorted(one.case_id for one in last.values() if not one.taken_back and _is_held(connection, one))
        good = [one for one in last.values() if not one.taken_back and one.is_proven and one.case_id not in held]
        changes = _told(connection, good)
        waiting = select(CaseRow.state).where(CaseRow.state.in_([State.SIGNED.value, State.SERVED.value]), _area(actor))
        states = list(connection.scalars(waiting))
    return MonthOfChanges(
        changes=tuple(changes),
        held=tuple(held),
        set_aside=tuple(sorted(one.case_id for one in last.values() if one.taken_back)),
        unproven=tuple(sorted(one.case_id for one in last.values() if not one.is_proven and not one.taken_back)),
        replaced=len(listed) - len(last),
        signed=states.count(State.SIGNED.value),
        served=states.count(State.SERVED.value),
    )


def in_force(office: Office, month: str, actor: Actor | None = None) -> list[PayChange]:
    """For each case the last change that counts in the run of a month (YYYY-MM), of that month's list or before."""
    with office.cases.reading() as connection:
        listed = [one for one in _put_on_lists(_histories(connection, actor)) if one.month <= month]
        good = [one for one in listed if not one.taken_back and one.is_proven and not _is_held(connection, one)]
        return _told(connection, list({one.case_id: one for one in good}.values()))


def record_list(office: Office, actor: Actor, content: Mapping[str, object]) -> None:
    """Enter into the ledger that a list was made, or that the payer's answer was compared. `content`: no person."""
    with office.cases.writing() as connection:
        act = str(content["act"])
        ledger.append(connection, CHAIN, now=office.clock(), actor_id=actor.user_id, act=act, content=dict(content))


@dataclass(frozen=True)
class _Listed:
    """A step onto a payment list, with the steps that led to it."""

    case_id: str
    round: int
    month: str
    effect: str
    submitted: Mapping[str, Any]
    signed: Mapping[str, Any] | None
    served: Mapping[str, Any] | None
    put_on: Mapping[str, Any]
    taken_back: bool

    @property
    def is_proven(self) -> bool:
        """Whether number, day and proof of service are all there."""
        signed, served = self.signed or {}, self.served or {}
        return all((signed.get("decision_no"), signed.get("decision_date"), served.get("served_on")))


def _area(actor: Actor | None) -> Any:
    return CaseRow.case_id.is_not(None) if actor is None else in_scope(actor)


def _histories(connection: Connection, actor: Actor | None) -> dict[str, list[Any]]:
    """The steps that matter of every case that ever was on a payment list, in their order."""
    put_on = select(StepRow.case_id).where(StepRow.step == Step.PUT_ON_PAYMENT_LIST.value)
    columns = (
        StepRow.case_id,
        StepRow.seq,
        StepRow.round,
        StepRow.step,
        StepRow.before,
        StepRow.effect,
        StepRow.stated,
    )
    query = (
        select(*columns)
        .join(CaseRow, CaseRow.case_id == StepRow.case_id)
        .where(StepRow.case_id.in_(put_on), StepRow.step.in_([step.value for step in _ON_THE_WAY]), _area(actor))
        .order_by(StepRow.case_id, StepRow.seq)
    )
    found: dict[str, list[Any]] = {}
    for row in connection.execute(query):
        found.setdefault(row.case_id, []).append(row)
    return found


def _put_on_lists(histories: Mapping[str, Sequence[Any]]) -> Iterable[_Listed]:
    """Every step onto a list, those of a case in their order."""
    for case_id, steps in histories.items():
        for place, row in enumerate(steps):
            if row.step != Step.PUT_ON_PAYMENT_LIST or row.effect not in _PAID:
                continue
            before = [each for each in steps[:place] if each.round == row.round]
            led = {each.step: each.stated for each in before}  # the last of each kind
            after = steps[place + 1 :]
            back = bool(after) and after[0].step == Step.REOPEN and State(after[0].before) in _DECIDED
            yield _Listed(
                *(case_id, row.round, str(row.stated.get("month") or "")[:7], row.effect),
                submitted=led.get(Step.SUBMIT.value) or {},
                signed=led.get(Step.SIGN.value),
                served=led.get(Step.SERVE.value),
                put_on=row.stated,
                taken_back=back,
            )


def _is_held(connection: Connection, one: _Listed) -> bool:
    return execution_is_held(connection, one.case_id, one.round)


def _told(connection: Connection, listed: Sequence[_Listed]) -> list[PayChange]:
    cases: dict[str, Any] = {}
    ids = [one.case_id for one in listed]
    for start in range(0, len(ids), _AT_ONCE):
        part = select(CaseRow).where(CaseRow.case_id.in_(ids[start : start + _AT_ONCE]))
        cases |= {row["case_id"]: row for row in connection.execute(part).mappings()}
    return [_change(one, cases[one.case_id]) for one in listed]


def _change(one: _Listed, case: Mapping[str, Any]) -> PayChange:
    signed, served = one.signed or {}, one.served or {}
    owed = one.put_on.get("owed")
    return PayChange(
        case_id=one.case_id,
        programme=case["programme"],
        act=str(one.submitted.get("act") or ""),
        effect=one.effect,
        month=one.month,
        decision_no=str(signed.get("decision_no") or ""),
        decision_date=str(signed.get("decision_date") or ""),
        served_on=str(served.get("served_on") or ""),
        means=str(served.get("means") or ""),
        monthly=case["monthly_amount"],
        new_amount=_whole(signed.get("new_amount")),
        owed=_whole(owed if owed is not None else signed.get("back_pay")),
        months_owed=_whole(one.put_on.get("months_owed")),
        from_month=one.put_on.get("from_month"),
        **{name: case[name] for name in ("dossier_no", "name", "date_of_birth", "national_id", "commune", "district")},
    )


def _whole(value: object) -> int | None:
    """Whole đồng as a form states them, with or without points; None for what is no such number."""
    digits = str(value if value is not None else "").replace(".", "").replace(" ", "")
    return int(digits) if digits.isdigit() else None
