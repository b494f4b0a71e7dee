"""From findings to at most one line a record (procedure.md, 1)."""

import json
from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_audit.domain.words import ACTIONS, STOPS
from eligibility_audit.publish.contracts import RECOMMENDATIONS
from eligibility_audit.recommend import recommend
from eligibility_audit.recommend.wording import check
from eligibility_audit.rules.registry import GROUNDS
from tests.recommend.findings import RECORDS, findings

DAY = date(2020, 12, 31)
KEY = b"k" * 16


def made(*said: dict[str, Any], day: date = DAY) -> pd.DataFrame:
    return recommend(findings(*said), RECORDS, as_of=day, key=KEY)


def action(*said: dict[str, Any]) -> str | None:
    out = made(*said)
    return None if out.empty else str(out["action"].iloc[0])


def test_the_columns_are_those_of_the_contract() -> None:
    assert tuple(made({}).columns) == RECOMMENDATIONS
    assert tuple(made().columns) == RECOMMENDATIONS


@pytest.mark.parametrize(
    ("programme", "ground", "sure", "expected"),
    [
        ("agent_orange", "forgery_concluded", True, "suspend"),
        ("agent_orange", "forgery_concluded", False, "verify"),
        ("agent_orange", "death_sure", True, "terminate"),
        ("agent_orange", "death_sure", False, "verify"),
        ("merit_other", "death_sure", True, "terminate"),
        ("social_assistance", "death_sure", True, "terminate"),
        ("covid_relief", "death_sure", True, "verify"),
        ("covid_relief", "one_off_death", True, "verify"),
        ("covid_relief", "one_off_amount", True, "adjust"),
        ("agent_orange", "death_signal", False, "verify"),
        ("agent_orange", "death_cancelled", True, None),
        ("agent_orange", "inspection_cleared", True, None),
        ("agent_orange", "inspection_open", False, "verify"),
        ("agent_orange", "child_without_parent", False, "verify"),
        ("agent_orange", "rate", False, "adjust"),
        ("agent_orange", "paper_missing", False, "ask_papers"),
        ("agent_orange", "paper_late", False, "ask_papers"),
        ("agent_orange", "unit_code_only", False, "ask_papers"),
    ],
)
def test_what_follows_from_a_ground(programme: str, ground: str, sure: bool, expected: str | None) -> None:
    assert action({"programme": programme, "ground": ground, "stop_allowed": sure}) == expected


@pytest.mark.parametrize("ground", GROUNDS)
def test_relief_that_was_paid_is_never_suspended_or_terminated(ground: str) -> None:
    assert action({"programme": "covid_relief", "ground": ground, "stop_allowed": True}) not in STOPS


def test_the_most_severe_counts_and_everything_is_said() -> None:
    (line,) = made(
        {"ground": "rate", "rule_id": "AO_RATE", "reason_vi": "Mức khác.", "direction": "giảm", "evidence_tier": "A"},
        {"ground": "doubt", "rule_id": "AO_PLACE", "reason_vi": "Địa bàn.", "law_mark": "to_verify"},
    ).to_dict("records")
    assert line["action"] == "verify"
    assert line["rule_ids"] == "AO_PLACE;AO_RATE"
    assert line["finding_ids"] == "f-1;f-0"
    assert line["reason_vi"] == "(1) Địa bàn. (2) Mức khác."
    assert line["evidence_tier"] == "B"  # of the action, not of the rate
    assert line["law_mark"] == "to_verify"
    assert pd.isna(line["direction"])
    assert len(json.loads(line["evidence_for"])) == 1  # the same piece once


def test_one_line_a_record_in_the_order_of_the_findings() -> None:
    out = made({"record_id": "agent_orange-2"}, {"record_id": "agent_orange-0"}, {"record_id": "agent_orange-2"})
    assert out["record_id"].tolist() == ["agent_orange-2", "agent_orange-0"]
    assert out["dossier_no"].tolist() == ["HH2", "HH0"]
    assert out["recommendation_id"].is_unique


@pytest.mark.parametrize(
    ("said", "monthly", "amount"),
    [
        pytest.param(
            {"ground": "death_signal", "amount_at_stake": 5_000_000, "months": 5}, 1_000_000, 5_000_000, id="death"
        ),
        pytest.param({"ground": "paper_missing", "amount_at_stake": 5_000_000}, None, None, id="papers: nothing"),
        pytest.param(
            {"ground": "doubt", "amount_at_stake": 5_000_000}, None, None, id="doubt about the ground: nothing"
        ),
        pytest.param(
            {"ground": "inspection_open", "amount_at_stake": 5_000_000}, None, None, id="open finding: nothing"
        ),
        pytest.param(
            {"ground": "forgery_concluded", "stop_allowed": True}, 1_000_000, None, id="signs of forgery: no past sum"
        ),
    ],
)
def test_money(said: dict[str, Any], monthly: int | None, amount: int | None) -> None:
    (line,) = made(said).to_dict("records")
    assert (None if pd.isna(line["monthly_amount"]) else line["monthly_amount"]) == monthly
    assert (None if pd.isna(line["amount_to_clarify"]) else line["amount_to_clarify"]) == amount


def test_sums_are_never_added_up() -> None:
    (line,) = made(
        {"ground": "death_signal", "amount_at_stake": 5_000_000, "months": 5},
        {"ground": "duplicate", "amount_at_stake": 1_000_000, "months": 1},
    ).to_dict("records")
    assert (line["amount_to_clarify"], line["months"]) == (5_000_000, 5)


@pytest.mark.parametrize(
    ("day", "due"),
    [
        pytest.param(date(2020, 12, 31), "2021-02-01", id="30 days fall on a Saturday: the Monday after"),
        pytest.param(date(2021, 1, 15), "2021-02-17", id="30 days fall into Tết"),
    ],
)
def test_the_due_day_is_counted_from_the_day_of_the_review(day: date, due: str) -> None:
    (line,) = made({}, day=day).to_dict("records")
    assert line["due_on"] == due
    assert "không phải luật" in line["due_basis"]


def test_the_power_to_act_is_that_of_the_day() -> None:
    forged = {"ground": "forgery_concluded", "stop_allowed": True}
    (then,) = made(forged).to_dict("records")
    (now,) = made(forged, day=date(2023, 5, 10)).to_dict("records")
    assert (then["legal_act"], now["legal_act"]) == ("tam_dung", "tam_dung")
    assert "131/2021" not in then["act_basis"]
    assert "khoản 2 Điều 118 Nghị định 131/2021" in now["act_basis"]
    assert (then["law_mark"], now["law_mark"]) == ("not_found", "confirmed")
    assert now["due_on"] == "2023-05-17"  # five working days


def test_a_line_to_verify_says_whom_to_ask_what_by_when_and_the_office_goes_first() -> None:
    out = made(*({"ground": g, "record_id": f"agent_orange-{n % 3}"} for n, g in enumerate(GROUNDS)))
    for column in ("verify_with", "question_vi", "due_on", "due_basis"):
        assert (out[column].fillna("") != "").all()
    assert set(out["who_first"]) == {"office"}


def test_what_we_write_accuses_nobody() -> None:
    for programme in ("agent_orange", "merit_other", "social_assistance", "covid_relief"):
        out = made(*({"programme": programme, "ground": g, "stop_allowed": True} for g in GROUNDS))
        for text in (*out["question_vi"], *out["act_basis"].fillna(""), *out["due_basis"], *out["verify_with"]):
            assert check(text) == ()


@settings(max_examples=15, deadline=None)
@given(
    said=st.lists(
        st.fixed_dictionaries(
            {
                "ground": st.sampled_from(GROUNDS),
                "stop_allowed": st.booleans(),
                "amount_at_stake": st.sampled_from([None, 0, 1_000_000, 9_000_000]),
                "record_id": st.sampled_from(["agent_orange-0", "agent_orange-1"]),
            }
        ),
        min_size=1,
        max_size=5,
    ),
    left_out=st.integers(0, 4),
    field=st.sampled_from(["finding", "stop_allowed", "amount_at_stake"]),
)
def test_knowing_less_never_moves_an_action_up_and_no_sum_grows(
    said: list[dict[str, Any]], left_out: int, field: str
) -> None:
    before = made(*said).set_index("record_id")
    less = [dict(line) for line in said]
    at = left_out % len(less)
    if field == "finding":
        del less[at]
    else:
        less[at][field] = None
    after = made(*less).set_index("record_id") if less else before.iloc[:0]
    assert set(after.index) <= set(before.index)
    for record_id, line in after.iterrows():
        was = before.loc[record_id]
        assert ACTIONS.index(line["action"]) <= ACTIONS.index(was["action"])
        if not pd.isna(line["amount_to_clarify"]):
            assert line["amount_to_clarify"] <= was["amount_to_clarify"]


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_a_records_findings_changes_nothing(order: list[int]) -> None:
    said = [{"ground": g, "finding_id": f"f-{n}", "rule_id": f"R_{n}"} for n, g in enumerate(GROUNDS[:6])]
    pd.testing.assert_frame_equal(made(*said), made(*(said[n] for n in order)))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param({"note": "Hồ sơ do Bộ Quốc phòng quản lý"}, "verify", id="the note says so"),
        pytest.param({"decision_no": "123/QĐ-BCHQS"}, "verify", id="decided by the army"),
        pytest.param({"note": "đã chuyển xã khác"}, "suspend", id="any other note"),
        pytest.param({"decision_no": "123/QĐ-SLĐ"}, "suspend", id="decided by the department"),
    ],
)
def test_a_file_of_the_army_or_the_police_is_referred_to_it(cell: dict[str, str], expected: str) -> None:
    records = {"agent_orange": RECORDS["agent_orange"].copy()}
    for name, text in cell.items():
        records["agent_orange"][name] = pd.array([text, None, None], dtype="string[pyarrow]")
    said = findings({"ground": "forgery_concluded", "stop_allowed": True}, {"record_id": "agent_orange-1"})
    first, second = recommend(said, records, as_of=DAY, key=KEY).to_dict("records")
    assert first["action"] == expected
    assert pd.isna(first["legal_act"]) == (expected == "verify")
    assert ("Bộ Quốc phòng" in first["verify_with"]) == (expected == "verify")
    assert second["action"] == "verify"


def test_of_two_findings_of_one_fault_one_speaks_and_the_other_is_its_evidence() -> None:
    coefficient = {"rule_id": "SA_COEF", "reason_vi": "Hệ số.", "reason_en": "Coefficient.", "direction": "giảm"}
    amount = {"rule_id": "SA_AMOUNT", "reason_vi": "Số tiền.", "reason_en": "Amount.", "direction": "tăng"}
    shown = json.dumps([{"vi": "Số tiền ghi 1.", "en": "", "file": "a.csv", "sheet": "", "row": 2}], ensure_ascii=False)
    both = {"programme": "social_assistance", "ground": "rate"}
    (line,) = made(both | amount | {"evidence": shown}, both | coefficient).to_dict("records")
    assert (line["reason_vi"], line["reason_en"], line["direction"]) == ("Hệ số.", "Coefficient.", "giảm")
    assert set(line["rule_ids"].split(";")) == {"SA_COEF", "SA_AMOUNT"}
    assert "Số tiền ghi 1." in line["evidence_for"]
    (alone,) = made(both | amount).to_dict("records")
    assert (alone["reason_vi"], alone["direction"]) == ("Số tiền.", "tăng")
