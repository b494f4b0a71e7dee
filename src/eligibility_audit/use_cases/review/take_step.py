"""Take a step on a case: the law's data says what the act does, the checks say whether it may be taken."""

from collections.abc import Mapping
from typing import Any, Final

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.domain.review.states import TRANSITIONS, State, Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.store.along import write_along
from eligibility_audit.store.case_page import programme_of
from eligibility_audit.store.office import Office

_BESIDES: Final = {
    Step.SUBMIT: ("ground", "event_date", "from_month"),  # of a resumption
    Step.SIGN: ("new_amount", "back_pay"),  # đồng, as the decision states them; for the list that moves money
}
_MAY_BE_STATED: Final = {
    step: frozenset(name for move in TRANSITIONS if move.step == step for name in move.needs).union(
        _BESIDES.get(step, ())
    )
    for step in Step
}


def take_step(
    office: Office,
    actor: Actor,
    case_id: str,
    step: Step,
    stated: Mapping[str, Any],
    *,
    seq: int,
    second: Actor | None = None,
) -> State:
    """Take a step on a case that the actor saw at `seq`; returns where the case stands then.

    `stated`: what the step needs (domain/review/states.py), `reason` always. `second`: who signs a repayment beside
    the actor, by a password of their own. Raises RefusedError with every reason,
    StaleError where somebody else acted first. What the step does not ask for is not taken from `stated`.
    """
    known = programme_of(office, actor, case_id)
    if known is None:
        raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])
    stated = {name: value for name, value in stated.items() if name in _MAY_BE_STATED[step]}
    effect = effect_of(*known, str(stated.get("act") or "")) if step == Step.SUBMIT else None
    along = write_along(office, actor, case_id, step, stated)
    told: dict[str, Any] = {"effect": effect, "second": second, "along": along}
    after = office.cases.take_step(case_id, step, actor, stated, seq=seq, now=office.clock(), **told)
    if step == Step.SIGN:
        from eligibility_audit.use_cases.keeping.signed import seal_decision

        seal_decision(office, case_id)
    return after


def effect_of(programme: str, direction: str | None, act: str) -> str:
    """What the act does to the payment, from `law/<programme>/acts.yaml`; nothing outside it is offered."""
    known = Acts.load(programme).acts
    if act not in known:
        raise RefusedError([f"Chương trình này không có việc pháp lý đó: {act}. / The programme has no such act."])
    effect = known[act].effect
    return effect if effect != "change" else ("more" if direction == "tăng" else "less")
