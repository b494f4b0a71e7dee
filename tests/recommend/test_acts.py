"""The acts as data."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.domain.words import STOPS
from eligibility_audit.errors import LawError
from eligibility_audit.law.files import Law, law_folder, using
from eligibility_audit.recommend.acts import Acts, Dated
from eligibility_audit.rules.registry import GROUNDS

# Acts that there were not before a day; the others have one, known or said to be not found, on every day.
SINCE = {
    ("social_assistance", "tam_dung"): date(2021, 7, 1),
    ("social_assistance", "huong_htxh"): date(2025, 7, 1),
    ("social_assistance", "thoi_huong_htxh"): date(2025, 7, 1),
}


@pytest.mark.parametrize("programme", AUDITED)
def test_every_ground_is_answered_and_a_stop_always_names_its_act(programme: str) -> None:
    acts = Acts.load(programme)
    for ground in GROUNDS:
        step = acts.step(ground)
        assert step.action not in STOPS or step.act
        assert acts.step(ground, stop_allowed=False).action not in STOPS


@pytest.mark.parametrize("programme", AUDITED)
@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2022, 6, 1), date(2025, 3, 1), date(2025, 7, 1)])
def test_every_act_has_a_basis_a_decider_and_a_clock_on_the_day(programme: str, day: date) -> None:
    acts = Acts.load(programme)
    for name, act in acts.acts.items():
        if day < SINCE.get((programme, name), date.min):
            assert acts.basis(name, day) is None
            continue
        assert acts.basis(name, day) is not None
        assert acts.decider(name, day) is not None
        assert acts.due(act.clock, day).day > day


def test_dated_words_do_not_overlap() -> None:
    for programme in AUDITED:
        for act in Acts.load(programme).acts.values():
            for values in (act.basis, act.decider, act.preparer, act.form):
                for earlier, later in pairwise(values):
                    assert earlier.valid_to is not None
                    assert earlier.valid_to < later.valid_from


def test_the_decider_changes_with_the_offices() -> None:
    acts = Acts.load("agent_orange")
    said = [acts.decider("cham_dut", day) for day in (date(2025, 2, 28), date(2025, 3, 1), date(2025, 7, 1))]
    assert [d.mark for d in said if d] == ["confirmed", "to_verify", "to_verify"]
    assert "Lao động" in said[0].vi if said[0] else False


def test_a_ground_of_which_nothing_is_said_is_an_error() -> None:
    with pytest.raises(LawError, match="nowhere"):
        Acts.load("agent_orange").step("nowhere")


# procedure.md, 1 and 2: what an office may do in each programme, and what it does to the payment.
MERIT = {
    "tam_dung": "pause",
    "tam_dinh_chi": "pause",
    "cham_dut": "end",
    "cham_dut_theo_ban_an": "end",
    "dieu_chinh": "change",
    "thu_hoi": "end",
    "huong_lai": "resume",
    "truy_linh": "more",
    "truy_thu": "repay",
    "chuyen": "refer",
}
EFFECTS = {
    "agent_orange": MERIT,
    "merit_other": MERIT,
    "social_assistance": {
        "thoi_huong": "end",
        "tam_dung": "pause",
        "dieu_chinh": "change",
        "huong_lai": "resume",
        "truy_linh": "more",
        "truy_thu": "repay",
        "chuyen": "refer",
        "huong_htxh": "more",
        "thoi_huong_htxh": "end",
    },
    "covid_relief": {"dieu_chinh": "change", "chi_bo_sung": "more", "thu_hoi": "repay"},
    "poor_households": {},
}
MATCHED = {"tam_dung", "cham_dut", "dieu_chinh", "thoi_huong"}


@pytest.mark.parametrize("programme", AUDITED)
def test_every_programme_has_its_acts_and_no_other(programme: str) -> None:
    acts = Acts.load(programme).acts
    assert {name: act.effect for name, act in acts.items()} == EFFECTS[programme]
    assert {name for name, act in acts.items() if act.offered == "match"} <= MATCHED


@pytest.mark.parametrize("programme", AUDITED)
def test_repayment_is_never_offered_and_asks_for_a_signed_conclusion_and_a_second_signer(programme: str) -> None:
    for act in Acts.load(programme).acts.values():
        if act.effect == "repay":
            assert act.offered == "officer"
            assert any("kết luận đã ký, có số và ngày" in said for said in act.evidence)
            assert any("0 đồng" in said for said in act.evidence), "without a fault that is proven nothing is owed"
            assert "người ký thứ hai" in act.with_


@pytest.mark.parametrize("programme", ["agent_orange", "merit_other", "social_assistance"])
def test_whoever_can_be_stopped_can_be_paid_again_with_arrears(programme: str) -> None:
    acts = Acts.load(programme).acts
    assert acts["huong_lai"].effect == "resume"
    assert "truy lĩnh" in acts["huong_lai"].with_


def test_the_social_pension_is_decided_within_ten_working_days() -> None:
    due = Acts.load("social_assistance").due("social_pension", date(2025, 9, 8))
    assert due.day == date(2025, 9, 22)


def test_an_act_that_only_an_officer_opens_follows_from_no_ground() -> None:
    for programme in AUDITED:
        acts = Acts.load(programme)
        opened = {name for name, act in acts.acts.items() if act.offered == "officer"}
        assert not opened & {step.act for step in acts.grounds.values()}
    assert Acts.load("agent_orange").acts["tam_dinh_chi"].offered == "officer"


def _overlaid(tmp_path: Path, text: str) -> Law:
    (tmp_path / "agent_orange").mkdir()
    (tmp_path / "pack.yaml").write_text("vi: a\nen: a\nversion: '1'\nknown_from: 2026-12-01\n", encoding="utf-8")
    (tmp_path / "agent_orange" / "acts.yaml").write_text(text, encoding="utf-8")
    return Law((law_folder(tmp_path),))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("grounds: {doubt: {action: suspend}}", "needs an act", id="a stop without an act"),
        pytest.param("grounds: {doubt: {action: suspend, act: no_such}}", "no_such", id="an act that is not there"),
        pytest.param("grounds: {doubt: {action: suspend, act: tam_dinh_chi}}", "may follow", id="an officer's act"),
        pytest.param("grounds: {doubt: {action: verify, act: cham_dut}}", "has no act", id="a question with an act"),
        pytest.param("grounds: {doubt: {clock: no_such}}", "no_such", id="an unknown clock"),
        pytest.param("grounds: {doubt: {action: forgive}}", "forgive|action", id="an unknown action"),
        pytest.param("acts: {cham_dut: {vi: a, en: b}}", "evidence", id="an act that is not whole"),
        pytest.param("surprise: {}", "surprise", id="an unknown section"),
        pytest.param("grounds: [doubt]", "doubt|grounds", id="no mapping"),
        pytest.param("grounds: {doubt: {}", "form", id="not YAML"),
    ],
)
def test_acts_are_held_to_their_form_when_they_are_read(tmp_path: Path, text: str, said: str) -> None:
    law = _overlaid(tmp_path, text)
    with using(law), pytest.raises(LawError, match=said):
        Acts.load("agent_orange")


def test_a_folder_of_law_changes_one_ground_and_leaves_the_others(tmp_path: Path) -> None:
    law = _overlaid(tmp_path, "grounds: {doubt: {question_vi: Hỏi khác}}")
    with using(law):
        assert Acts.load("agent_orange").step("doubt").question_vi == "Hỏi khác"
        assert Acts.load("agent_orange").step("rate").act == "dieu_chinh"
        early = Acts.load("agent_orange", known_on=date(2026, 11, 30))
    assert early.step("doubt").question_vi != "Hỏi khác", "as the law was known before"
    assert Acts.load("agent_orange").step("doubt").question_vi != "Hỏi khác"


def test_a_power_that_came_later_is_cited_as_later_and_one_that_has_ended_not_at_all() -> None:
    acts = Acts.load("social_assistance")
    said, mark = acts.cited("huong_htxh", date(2022, 6, 1))
    assert said.startswith("Quy định sau này:")
    assert mark != "confirmed"
    assert not acts.cited("huong_htxh", date(2025, 8, 1))[0].startswith("Quy định sau này:")
    ended = acts.acts["huong_htxh"].model_copy(
        update={"basis": (Dated(valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31), vi="x", mark="confirmed"),)}
    )
    with pytest.raises(LawError, match="huong_htxh"):
        replace(acts, acts={"huong_htxh": ended}).cited("huong_htxh", date(2022, 6, 1))
