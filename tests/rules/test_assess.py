"""From cases to findings: columns, ids, order, wording; the same inputs give the same findings."""

import json
import re
from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest

from eligibility_audit.errors import LawError
from eligibility_audit.rules.assess import COLUMNS, assess
from tests.rules.asked import KEY, asked
from tests.rules.cases import CHILD, DAY, VETERAN, frame
from tests.rules.facts.invented import lists

ACCUSING = re.compile(r"vi phạm|gian dối|giả mạo|trục lợi|chiếm hưởng|\bnợ\b|truy thu|đình chỉ", re.IGNORECASE)
PAIRS = pd.DataFrame(
    {
        **{name: pd.Series(dtype="string[pyarrow]") for name in ("left_record_id", "left_kind", "comparisons")},
        **{name: pd.Series(dtype="string[pyarrow]") for name in ("right_record_id", "right_kind")},
        **{name: pd.Series(dtype="Float64") for name in ("match_probability", "match_weight")},
    }
)
EVERY = {"alias": None, "commune_code": None, "home_place": None}  # columns of every record that cases.py leaves out

# Lines on which each rule on the record's own columns speaks.
SPOKEN_OF: Mapping[str, Mapping[str, object]] = {
    "AO_SERVICE_OUTSIDE": {**VETERAN, "service_from": "1976", "service_to": "1979"},
    "AO_PLACE": {**VETERAN, "place": "Hải Phòng"},
    "AO_UNIT_CODE_ONLY": {**VETERAN, "unit": "HT 32629A", "place": None},
    "AO_DISEASE": {**VETERAN, "disease": "Tăng huyết áp"},
    "AO_MED_MISSING": {**VETERAN, "percent": None, "received_percent": ""},
    "AO_PERCENT_LOW": {**VETERAN, "percent": 15.0, "monthly_amount": None, "decision_date": "2014-01-02"},
    "AO_PAPER_MISSING": {**VETERAN, "papers": None, "paper_dates": None, "received_papers": ""},
    "AO_PAPER_LATE": {**VETERAN, "paper_dates": "2005-02-03"},
    "AO_RATE": {**VETERAN, "monthly_amount": 1_234_000},
    "AO_ID_INCONSISTENT": {**VETERAN, "national_id": "034148000001"},
    "AO_CHILD_NO_PARENT": {**CHILD, "parent_dossier_no": None, "parent_name": None, "received_parent_dossier_no": ""},
}


def roster(*lines: Mapping[str, object]) -> pd.DataFrame:
    numbered = ({**EVERY, **line, "record_id": f"r-{n}", "source_row": 7 + n} for n, line in enumerate(lines))
    return frame(*numbered)


def found(*lines: Mapping[str, object], day: date = DAY) -> pd.DataFrame:
    return assess({"agent_orange": roster(*lines)}, PAIRS, as_of=day, key=b"key")


def by_few(*lines: Mapping[str, object], key: bytes = KEY) -> pd.DataFrame:
    """The findings of two rules, all others switched off."""
    return asked("^AO_(RATE|PLACE)$", {"agent_orange": roster(*lines)}, PAIRS, key=key)


@pytest.fixture(scope="module")
def each_flaw() -> dict[str, pd.DataFrame]:
    """The findings of the lines of `SPOKEN_OF`, each made another person's, assessed at once."""
    words = ("Ba", "Ke", "Mon", "Tuy", "Vinh", "Hoa", "Gang", "Phuc", "Xet", "Lom", "Dung")  # no two sound alike
    lines = [
        {
            **line,
            "name": f"Trần Văn {words[n]}",
            "dossier_no": f"HH9{n:05}",
            "national_id": str(line["national_id"])[:-2] + f"{n:02}" if line["national_id"] else None,
        }
        for n, line in enumerate(SPOKEN_OF.values())
    ]
    findings = found(*lines)
    return {name: findings[findings["record_id"] == f"r-{n}"] for n, name in enumerate(SPOKEN_OF)}


@pytest.mark.parametrize("rule_id", SPOKEN_OF)
def test_one_flaw_is_one_finding_in_both_languages(rule_id: str, each_flaw: dict[str, pd.DataFrame]) -> None:
    findings = each_flaw[rule_id]
    assert findings["rule_id"].tolist() == [rule_id]
    row = findings.iloc[0]
    assert row["reason_vi"].endswith(".")
    assert row["reason_en"].endswith(".")
    assert row["legal_basis"]
    assert row["law_mark"] == "to_verify", "the law of 2020 is recalled"
    assert row["least_change"]
    for piece in json.loads(row["evidence"]) + json.loads(row["evidence_against"]):
        assert set(piece) == {"vi", "en", "file", "sheet", "row"}
        assert piece["row"] == row["source_row"]


@pytest.mark.parametrize("rule_id", SPOKEN_OF)
def test_no_sentence_accuses(rule_id: str, each_flaw: dict[str, pd.DataFrame]) -> None:
    row = each_flaw[rule_id].iloc[0]
    for column in ("reason_vi", "evidence", "evidence_against", "least_change"):
        assert not ACCUSING.search(row[column]), column


def test_nothing_speaks_against_a_plain_veteran_and_child() -> None:
    assert found({**VETERAN, "national_id": "034048000002"}, CHILD).empty


def test_missing_papers_and_doubtful_ones_have_no_amount(each_flaw: dict[str, pd.DataFrame]) -> None:
    for name, findings in each_flaw.items():
        assert findings["amount_at_stake"].isna().all() or name == "AO_RATE"


def test_the_columns_of_the_contract_in_their_order_and_types(each_flaw: dict[str, pd.DataFrame]) -> None:
    findings = each_flaw["AO_RATE"]
    assert list(findings.columns) == list(COLUMNS)
    assert found(VETERAN).dtypes.equals(findings.dtypes), "an empty frame has the same types"


def test_ids_depend_on_key_and_dossier_not_on_the_line() -> None:
    one = by_few(SPOKEN_OF["AO_RATE"])
    another = {
        **VETERAN,
        "name": "Lê Quang Khác",
        "date_of_birth": "1951-09-09",
        "dossier_no": "HH9",
        "national_id": None,
    }
    below = by_few(another, SPOKEN_OF["AO_RATE"])
    assert one["finding_id"].tolist() == below["finding_id"].tolist()
    other = by_few(SPOKEN_OF["AO_RATE"], key=b"other")
    assert one["case_id"].tolist() != other["case_id"].tolist()


def test_two_lines_of_one_dossier_are_one_case_and_two_findings() -> None:
    line = {**SPOKEN_OF["AO_RATE"], "national_id": None}
    findings = by_few(line, line)
    assert findings["case_id"].nunique() == 1
    assert findings["finding_id"].nunique() == 2


def test_findings_stand_in_the_order_of_the_lines() -> None:
    findings = by_few({**SPOKEN_OF["AO_RATE"], "percent": 81.0}, {**SPOKEN_OF["AO_PLACE"], "dossier_no": "HH7"})
    assert findings["source_row"].is_monotonic_increasing


def test_a_rule_that_is_switched_off_says_nothing() -> None:
    assert asked("^AO_PLACE$", {"agent_orange": roster(SPOKEN_OF["AO_RATE"])}, PAIRS).empty
    assert len(by_few(SPOKEN_OF["AO_RATE"])) == 1


def test_a_day_before_the_law_is_an_error_not_an_empty_list() -> None:
    with pytest.raises(LawError, match="01/07/2019"):
        found(VETERAN, day=date(2018, 12, 31))


def test_a_file_of_the_new_law_is_confirmed_and_one_granted_before_keeps_its_own() -> None:
    line = {**SPOKEN_OF["AO_SERVICE_OUTSIDE"], "decision_date": "2022-06-01"}
    findings = found(line, day=date(2022, 12, 31))
    assert findings["law_mark"].tolist() == ["confirmed"]
    assert "Khoản 1 Điều 53 Nghị định 131/2021/NĐ-CP" in findings["legal_basis"].iloc[0]
    before = found({**line, "decision_date": "2007-06-01"}, day=date(2022, 12, 31))
    assert before["law_mark"].tolist() == ["to_verify"]
    assert before["legal_basis"].iloc[0].startswith("Pháp lệnh 26/2005/PL-UBTVQH11")


@pytest.mark.parametrize(
    ("kind", "rule_id"),
    [("agent_orange", "AO_DEAD_FUZZY"), ("merit_other", "ME_DEAD_FUZZY"), ("social_assistance", "SA_DEAD_FUZZY")],
)
def test_facts_of_other_lists_reach_the_rules_of_each_roster(kind: str, rule_id: str) -> None:
    coarse = {"date_of_birth": "1948", "national_id": None, "died_on": "2019-03-04", "registered_on": "2019-03-10"}
    findings = assess(lists(**{kind: [{}], "deaths": [coarse]}), PAIRS, as_of=DAY, key=b"key")
    assert rule_id in findings["rule_id"].tolist()
