"""From a flag to an act: no path skips a safeguard (procedure.md, 2, 3, 8)."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.domain.review.guards import CaseFacts, Notice, refusals
from eligibility_audit.domain.review.people import Actor, Conflicts, PastStep, Role
from eligibility_audit.domain.review.states import AFTER_REPLY, TRANSITIONS, State, Step, allowed, transition

TODAY = date(2021, 3, 1)
OFFICER = Actor("u-1", "Người A", Role.OFFICER, "Phòng huyện B")
CHECKER = Actor("u-2", "Người B", Role.CHECKER, "Thanh tra Sở")
SIGNER = Actor("u-3", "Người C", Role.AUTHORITY, "Ban Giám đốc")
SUBMITTED = PastStep("submit", "u-1", "Phòng huyện B")
SERVED = Notice(served_on=date(2021, 1, 4), reply_due=date(2021, 2, 3))
WHY = "tra sổ gốc, đối chiếu từng giấy tờ"
EVERYTHING = {need: "2021-02-01" for t in TRANSITIONS for need in t.needs} | {
    "reason": WHY,
    "result": "dung",
    "kind": "field_visit",
    "means": "signature",
    "served_on": TODAY,
}


def case(state: State, **facts: object) -> CaseFacts:
    return CaseFacts(state=state, programme="agent_orange", commune="Xã A", district="Huyện B", **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(("state", "step"), [pytest.param(a, b, id=f"{a}-{b}") for a, b in product(State, Step)])
def test_a_step_that_the_table_does_not_have_is_refused_to_everybody(state: State, step: Step) -> None:
    if transition(state, step) is not None:
        return
    for role in Role:
        actor = Actor("u-9", "Ai đó", role, "Nơi khác")
        assert "không có việc" in refusals(case(state, law_confirmed=True), step, actor, EVERYTHING, TODAY)[0]


@pytest.mark.parametrize("move", TRANSITIONS, ids=lambda t: f"{t.before}-{t.step}")
def test_a_role_that_the_table_does_not_name_is_refused(move: object) -> None:
    for role in set(Role) - move.roles:  # type: ignore[attr-defined]
        actor = Actor("u-9", "Ai đó", role, "Nơi khác")
        said = refusals(case(move.before), move.step, actor, EVERYTHING, TODAY)  # type: ignore[attr-defined]
        assert any("Vai trò" in why for why in said)


@pytest.mark.parametrize("reason", [None, "", "   ", "ok", "dung thoi"])
def test_every_step_needs_a_reason_that_can_be_read_years_later(reason: str | None) -> None:
    for move in TRANSITIONS:
        actor = Actor("u-9", "Ai đó", sorted(move.roles)[0], "Nơi khác")
        said = refusals(case(move.before), move.step, actor, EVERYTHING | {"reason": reason}, TODAY)
        assert any("reason" in why for why in said), move


def test_every_path_to_an_end_of_payment_passes_maker_checker_signature_and_service() -> None:
    """All simple paths of the machine from a recommendation to the payment list."""
    paths: list[list[Step]] = []

    def walk(state: State, taken: list[Step], seen: frozenset[State]) -> None:
        if state == State.ON_PAYMENT_LIST:
            paths.append(taken)
            return
        for move in TRANSITIONS:
            if move.before == state and move.after not in seen:
                walk(move.after, [*taken, move.step], seen | {move.after})

    walk(State.RECOMMENDED, [], frozenset({State.RECOMMENDED}))
    assert len(paths) > 10
    in_order = [Step.SUBMIT, Step.CHECK, Step.SIGN, Step.SERVE, Step.PUT_ON_PAYMENT_LIST]
    for path in paths:
        assert path[-5:] == in_order, path


@pytest.mark.parametrize("effect", sorted(AFTER_REPLY))
@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        pytest.param({}, True, id="no notice"),
        pytest.param({"notice": Notice()}, True, id="a notice that was not served"),
        pytest.param({"notice": Notice(date(2021, 2, 1), TODAY)}, True, id="the last day of the reply is not over"),
        pytest.param({"notice": Notice(date(2021, 1, 1), date(2021, 2, 28))}, False, id="the day after it"),
        pytest.param({"notice": Notice(date(2021, 2, 27), date(2021, 3, 29), TODAY)}, False, id="answered sooner"),
        pytest.param({"notice": SERVED, "vulnerable": True}, True, id="a vulnerable person was not visited"),
        pytest.param({"notice": SERVED, "vulnerable": True, "visited": True}, False, id="visited"),
        pytest.param({"notice": SERVED, "complaint_open": True}, True, id="a complaint is open"),
        pytest.param({"notice": SERVED, "board_review_open": True}, True, id="phúc quyết still runs"),
        pytest.param({"notice": SERVED, "refers_only": True}, True, id="a file of the army"),
    ],
)
def test_what_takes_away_waits_for_service_and_reply(effect: str, facts: dict[str, object], refused: bool) -> None:
    said = refusals(case(State.OFFICE_LOOKUP, effect=effect, **facts), Step.SUBMIT, OFFICER, EVERYTHING, TODAY)
    assert bool(said) is refused, said


def test_a_pause_comes_from_recorded_signs_with_the_request_and_the_invitation() -> None:
    papers = frozenset({"request_to_body", "invitation"})
    ready = case(State.SIGNS_RECORDED, effect="pause", documents=papers)
    assert refusals(ready, Step.SUBMIT, OFFICER, EVERYTHING, TODAY) == []
    assert refusals(replace(ready, state=State.VERIFYING), Step.SUBMIT, OFFICER, EVERYTHING, TODAY)
    for paper in papers:
        lacking = replace(ready, documents=papers - {paper})
        assert refusals(lacking, Step.SUBMIT, OFFICER, EVERYTHING, TODAY)


def test_a_death_needs_the_registrar_and_the_commune_and_no_notice_to_the_dead() -> None:
    dead = case(State.OFFICE_LOOKUP, effect="end", about_death=True)
    said = refusals(dead, Step.SUBMIT, OFFICER, EVERYTHING, TODAY)
    assert len(said) == 2
    known = replace(dead, documents=frozenset({"registrar", "commune_check"}))
    assert refusals(known, Step.SUBMIT, OFFICER, EVERYTHING, TODAY) == []


@pytest.mark.parametrize(
    ("actor", "past", "refused"),
    [
        pytest.param(CHECKER, (SUBMITTED,), False, id="somebody else, of elsewhere"),
        pytest.param(replace(CHECKER, user_id="u-1"), (SUBMITTED,), True, id="the maker"),
        pytest.param(replace(CHECKER, unit="Phòng huyện B"), (SUBMITTED,), True, id="the maker's unit"),
        pytest.param(replace(CHECKER, unit="Xã A"), (SUBMITTED,), True, id="the commune"),
        pytest.param(CHECKER, (PastStep("look_up", "u-2", "Xã C"), SUBMITTED), True, id="took an earlier step"),
    ],
)
def test_the_checker_is_somebody_else(actor: Actor, past: tuple[PastStep, ...], refused: bool) -> None:
    said = refusals(case(State.SUBMITTED, past=past), Step.CHECK, actor, EVERYTHING, TODAY)
    assert bool(said) is refused, said


def test_the_signer_is_neither_maker_nor_checker_and_the_law_is_confirmed() -> None:
    past = (SUBMITTED, PastStep("check", "u-2", "Thanh tra Sở"))
    checked = case(State.CHECKED, past=past, law_confirmed=True)
    assert refusals(checked, Step.SIGN, SIGNER, EVERYTHING, TODAY) == []
    assert refusals(replace(checked, law_confirmed=False), Step.SIGN, SIGNER, EVERYTHING, TODAY)
    for other in ("u-1", "u-2"):
        assert refusals(checked, Step.SIGN, replace(SIGNER, user_id=other), EVERYTHING, TODAY)


_KIN = Conflicts(kin=frozenset({"u-kin"}))


@pytest.mark.parametrize(
    ("second", "refused"),
    [
        pytest.param(None, True, id="nobody signs beside"),
        pytest.param(("u-1", Role.AUTHORITY), True, id="the maker"),
        pytest.param(("u-2", Role.CHECKER), True, id="the checker"),
        pytest.param((SIGNER.user_id, Role.AUTHORITY), True, id="the first signer"),
        pytest.param(("u-99", Role.OFFICER), True, id="an officer"),
        pytest.param(("u-99", Role.AUTHORITY, "Huyện C"), True, id="of another district"),
        pytest.param(("u-kin", Role.AUTHORITY), True, id="kin of the person"),
        pytest.param(("u-99", Role.AUTHORITY), False, id="another authority"),
        pytest.param(("u-99", Role.CHECKER), False, id="another checker"),
    ],
)
def test_repayment_needs_a_second_signer_who_is_nobody_of_before(second: tuple[Any, ...] | None, refused: bool) -> None:
    signer = second and Actor(second[0], "Người Thứ Hai", second[1], "Sở", frozenset(second[2:]))
    past = (SUBMITTED, PastStep("check", "u-2", "Thanh tra Sở"))
    checked = case(State.CHECKED, past=past, law_confirmed=True, effect="repay", second_signer=signer, conflicts=_KIN)
    said = refusals(checked, Step.SIGN, SIGNER, EVERYTHING, TODAY)
    assert bool(said) is refused, said


@pytest.mark.parametrize("effect", ["pause", "end", "resume"])
@pytest.mark.parametrize(
    ("month", "refused"),
    [
        pytest.param("2021-08", False, id="a month"),
        pytest.param("08/2021", True, id="typed where the browser has no field of months"),
        pytest.param("2021-13", True, id="no such month"),
        pytest.param("tháng 8", True, id="words"),
    ],
)
def test_a_month_of_payment_can_be_read(effect: str, month: str, refused: bool) -> None:
    """Else the decision is on no month's list, and what was stopped from such a month is never resumed."""
    ready = case(State.SERVED, effect=effect)
    said = refusals(ready, Step.PUT_ON_PAYMENT_LIST, OFFICER, EVERYTHING | {"month": month}, TODAY)
    assert bool(said) is refused, said


@pytest.mark.parametrize(
    ("day", "refused"),
    [
        pytest.param("2021-03-01", False, id="today, as a form states it"),
        pytest.param("2021-03-02", True, id="tomorrow"),
        pytest.param(date(2021, 3, 2), True, id="tomorrow, as a day"),
        pytest.param("01/03/2021", True, id="no day that can be read"),
    ],
)
def test_a_day_of_service_is_a_day_and_not_ahead(day: object, refused: bool) -> None:
    said = refusals(case(State.SIGNED), Step.SERVE, OFFICER, EVERYTHING | {"served_on": day}, TODAY)
    assert bool(said) is refused, said


def test_kin_and_certifiers_and_other_areas_are_barred_from_every_step() -> None:
    for move in TRANSITIONS:
        role = sorted(move.roles)[0]
        own = Actor("u-9", "Ai đó", role, "Nơi khác")
        for ties in (Conflicts(kin=frozenset({"u-9"})), Conflicts(certified=frozenset({"u-9"}))):
            assert refusals(case(move.before, conflicts=ties), move.step, own, EVERYTHING, TODAY)
        elsewhere = replace(own, districts=frozenset({"Huyện C"}))
        if role != Role.SYSTEM:
            assert refusals(case(move.before), move.step, elsewhere, EVERYTHING, TODAY)


def test_re_examination_needs_a_suspicion_of_this_very_file() -> None:
    found = case(State.OFFICE_LOOKUP, own_finding=False)
    stated = EVERYTHING | {"kind": "medical_board"}
    assert refusals(found, Step.ORDER_VERIFICATION, OFFICER, stated, TODAY)
    assert not refusals(replace(found, own_finding=True), Step.ORDER_VERIFICATION, OFFICER, stated, TODAY)


@given(st.sampled_from(State), st.sampled_from(Role))
def test_what_is_offered_is_in_the_table(state: State, role: Role) -> None:
    for move in allowed(state, role):
        assert transition(state, move.step) == move


def test_each_step_from_a_state_leads_to_one_state() -> None:
    keys = [(t.before, t.step) for t in TRANSITIONS]
    assert len(keys) == len(set(keys))
