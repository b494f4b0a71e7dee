"""Do one step on many cases: preview, confirm, and what became of each. A case that is refused stops no other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from eligibility_audit.domain.review.guards import LEAST_REASON, refusals
from eligibility_audit.domain.review.limits import ADVERSE, IN_BULK, stops_at_once
from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.domain.review.states import STEP_VI, TRANSITIONS, Step
from eligibility_audit.errors import RefusedError, StaleError
from eligibility_audit.store import bulk as kept
from eligibility_audit.store.assignments import ASSIGNS, WORKS_ON, assign, why_not_given
from eligibility_audit.store.bulk import Bulk, Chosen, Line
from eligibility_audit.store.cases import case_facts
from eligibility_audit.store.office import Office
from eligibility_audit.use_cases.review.take_step import effect_of, take_step

ASSIGN: Final = "assign"
STEPS_VI: Final = {**{step.value: STEP_VI[step] for step in IN_BULK}, ASSIGN: "Giao cho cán bộ"}
MOST: Final = 500  # cases of one batch
SECOND: Final = frozenset({Role.CHECKER, Role.AUTHORITY})
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "look_up": (),
    "ask": ("addressee", "question", "due_on"),
    "order_verification": ("kind", "body", "question", "due_on"),
    "clear": (),
    "submit": ("act",),
    ASSIGN: ("to_user",),
}
_PLACEHOLDER: Final = "…" * LEAST_REASON


@dataclass(frozen=True)
class OverCap:
    """A programme of which more stops would be submitted at once than may be."""

    programme: str
    stops: int
    before: int
    allowed: int


def offered(role: Role) -> tuple[str, ...]:
    """What a role may do in bulk: its steps among `IN_BULK`, and assigning."""
    steps = [step.value for step in IN_BULK if any(t.step == step and role in t.roles for t in TRANSITIONS)]
    return (*steps, *([ASSIGN] if role in ASSIGNS | WORKS_ON else []))


def preview(
    office: Office,
    actor: Actor,
    step: str,
    case_ids: Sequence[str],
    stated: Mapping[str, str],
    evidence: Mapping[str, str] | None = None,
) -> str:
    """Look at what a step would do to each of the cases, and keep it; returns the id of the batch.

    What is left blank in `stated` is taken from each case's own recommendation. `evidence`: of each case, for `clear`.
    Raises RefusedError where the step is none of bulk, or no case was chosen, or too many.
    """
    if step not in offered(actor.role):
        raise RefusedError(["Việc này không làm theo lô. / This is not done in bulk."])
    wanted = list(dict.fromkeys(case_ids))
    if not 1 <= len(wanted) <= MOST:
        raise RefusedError([f"Chọn từ 1 đến {MOST} hồ sơ. / Choose 1 to {MOST} cases."])
    _is_day(stated.get("due_on") or "", needed="due_on" in FIELDS[step])
    lines = [
        _line(office, actor, step, n, one, stated, (evidence or {}).get(one.case_id, ""))
        for n, one in enumerate(kept.chosen(office, actor, wanted), start=1)
    ]
    if not lines:
        raise RefusedError(["Không có hồ sơ nào trong địa bàn của bạn. / There is no such case in your area."])
    return kept.save_preview(office, actor, step, {k: v for k, v in stated.items() if k in FIELDS[step]}, lines)


def over_cap(office: Office, actor: Actor, bulk: Bulk) -> list[OverCap]:
    """The programmes of which this batch would submit more stops than may be at once (procedure.md, 8)."""
    if bulk.step != Step.SUBMIT:
        return []
    stops = Counter(
        line.programme for line in bulk.lines if line.outcome == "will" and line.stated.get("effect") in ADVERSE
    )
    before = kept.stops_submitted(office, actor, office.today())
    found = []
    for programme, count in sorted(stops.items()):
        allowed, earlier = stops_at_once(kept.persons_of(office, programme)), before.get(programme, 0)
        if count + earlier > allowed:
            found.append(OverCap(programme, count, earlier, allowed))
    return found


def confirm(
    office: Office,
    actor: Actor,
    bulk_id: str,
    reason: str,
    second: Actor | None = None,
    second_reason: str = "",
) -> Bulk:
    """Do what the preview showed, each case in its own transaction with its own entry in the ledger.

    A case that changed since the preview is not touched. Raises RefusedError where the whole batch is refused: no
    reason, more stops than may be at once without a second signer, or confirmed before.
    """
    bulk = kept.read_bulk(office, actor, bulk_id)
    if bulk is None:
        raise RefusedError(["Không có lô này. / There is no such batch."])
    if len(reason.strip()) < LEAST_REASON:
        raise RefusedError(["Hãy ghi lý do (ít nhất 10 chữ). / Give a reason of ten letters at least."])
    signer = None
    if over := over_cap(office, actor, bulk):
        signer = _second(actor, second, second_reason, over)
        ids = [line.case_id for line in bulk.lines if line.outcome == "will"]
        if len(kept.chosen(office, signer[0], ids)) < len(ids):
            raise RefusedError(
                ["Có hồ sơ ngoài địa bàn của người thứ hai. / Some cases are not of the second signer's area."]
            )
    kept.confirm(office, actor, bulk, reason.strip(), signer)
    for line in bulk.lines:
        if line.outcome == "will":
            outcome, why = _do(office, actor, bulk.step, line, reason.strip())
            kept.record_line(office, bulk_id, line.n, outcome, why)
    return kept.read_bulk(office, actor, bulk_id) or bulk


def _second(actor: Actor, second: Actor | None, reason: str, over: Sequence[OverCap]) -> tuple[Actor, str]:
    if second is None:
        each = "; ".join(f"{one.programme}: {one.stops + one.before} > {one.allowed}" for one in over)
        raise RefusedError(
            [
                f"Trình dừng theo lô vượt giới hạn ({each}); cần người thứ hai có tên ký. / "
                "More stops than may be submitted at once: a second named signer is needed."
            ]
        )
    if second.role not in SECOND or second.user_id == actor.user_id:
        raise RefusedError(
            [
                "Người thứ hai phải là người kiểm tra hoặc người có thẩm quyền, không phải người trình. / "
                "The second signer is a checker or an authority, never the one who submits."
            ]
        )
    if len(reason.strip()) < LEAST_REASON:
        raise RefusedError(["Người thứ hai phải ghi lý do. / The second signer has to give a reason."])
    return second, reason.strip()


def _is_day(text: str, *, needed: bool) -> None:
    if not needed:
        return
    try:
        date.fromisoformat(text)
    except ValueError:
        raise RefusedError(["Hãy ghi hạn, như 2021-03-31. / Give the day by which, as 2021-03-31."]) from None


def _line(
    office: Office, actor: Actor, step: str, n: int, case: Chosen, stated: Mapping[str, str], evidence: str
) -> Line:
    own = _own(step, case, stated, evidence)
    try:
        why = _why_not(office, actor, step, case, own)
    except RefusedError as error:
        why = list(error.reasons)
    return Line(n, case.case_id, case.seq, own, "refused" if why else "will", " ".join(why))


def _own(step: str, case: Chosen, stated: Mapping[str, str], evidence: str) -> dict[str, Any]:
    """What is stated for one case: as typed, else as its own recommendation proposes."""
    own: dict[str, Any] = {name: str(stated.get(name) or "").strip() for name in FIELDS[step]}
    asks, whom = case.line.get("question_vi") or "", case.line.get("verify_with") or ""
    for name, proposed in (("question", asks), ("addressee", whom), ("body", whom)):
        if name in own and not own[name]:
            own[name] = proposed
    if step == Step.ORDER_VERIFICATION:
        own["finding"] = _finding(case, own["kind"])
    elif step == Step.CLEAR:
        own["evidence"] = evidence.strip()
    return own


def _finding(case: Chosen, kind: str) -> str:
    """The finding that is asked about: for the medical board one that says a condition is not met."""
    fits = [f for f in case.findings if kind != "medical_board" or f.get("outcome") == "not_met"]
    return str(fits[0]["finding_id"]) if fits else ""


def _why_not(office: Office, actor: Actor, step: str, case: Chosen, own: dict[str, Any]) -> list[str]:
    with office.cases.reading() as connection:
        if step == ASSIGN:
            return why_not_given(office, connection, actor, case.case_id, own["to_user"], _PLACEHOLDER)
        facts = case_facts(connection, case.case_id)
    if step == Step.SUBMIT:
        own["effect"] = effect_of(case.programme, case.direction, own["act"])
        facts = replace(facts, effect=own["effect"])
    return refusals(facts, Step(step), actor, {**own, "reason": _PLACEHOLDER}, office.today())


def _do(office: Office, actor: Actor, step: str, line: Line, reason: str) -> tuple[str, str]:
    try:
        if step == ASSIGN:
            assign(office, actor, line.case_id, str(line.stated["to_user"]), reason, seq=line.seq)
        else:
            stated = {name: value for name, value in line.stated.items() if name != "effect"}
            take_step(office, actor, line.case_id, Step(step), {**stated, "reason": reason}, seq=line.seq)
    except RefusedError as error:
        return "failed", " ".join(error.reasons)
    except StaleError as error:
        return "failed", str(error)
    return "done", ""
