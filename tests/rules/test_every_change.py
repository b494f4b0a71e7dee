"""Every rule knows what would clear its finding; applied it does, and no part of it would."""

from datetime import date
from itertools import combinations

import pandas as pd
import pytest

from eligibility_audit.domain.dates import span
from eligibility_audit.recommend.acts import Acts
from eligibility_audit.rules.assess import SILENT, cases_frame, gives_finding, import_rules
from eligibility_audit.rules.changes import CHANGES, WHO, changes_of
from eligibility_audit.rules.days import Mask, by_version
from eligibility_audit.rules.least_change import Laws, as_sentences, least_changes
from eligibility_audit.rules.parameters import LawPack, Parameters
from eligibility_audit.rules.registry import RULES, Rule, date_columns
from tests.rules.every_rule import every_rule, random_lines

import_rules()
DAYS = (date(2020, 12, 31), date(2023, 1, 1), date(2025, 8, 1))
EVERY = [(name, programme) for name, programme in every_rule(RULES) if RULES[name].ground not in SILENT]
NEVER_FLAGGED = {"CV_PROVINCE_AMOUNT"}  # no installed law declares a rate of a province
# Where random lines seldom reach a rule, cells that do; the others stay random.
VETERAN = {"claim": "veteran", "decision_date": "2014"}
DEAD = {"death_cancelled": False, "death_last": 18_000}
AIMED: dict[str, dict[str, object]] = {
    "AO_CHILD_NO_PARENT": {
        "claim": "child",
        "parent_dossier_no": None,
        "parent_on_roster": False,
        "received_parent_dossier_no": "",
        "received_parent_name": "",
    },
    "AO_INFERTILE_WITH_CHILD": {**VETERAN, "disease": "Vô sinh", "own_children": 1},
    "AO_MED_MISSING": {**VETERAN, "disease": "Đái tháo đường type 2", "percent": None, "received_percent": ""},
    "AO_NEUROPATHY_PAPER": {
        "claim": "veteran",
        "decision_date": "2022-05-10",
        "disease": "Thần kinh ngoại biên cấp tính",
        "papers": "Giấy ra viện",
        "paper_dates": "2005",
        "undated_papers": 0,
    },
    "AO_PAPER_LATE": {**VETERAN, "paper_dates": "2005;2006", "undated_papers": 0},
    "AO_PAPER_MISSING": {**VETERAN, "papers": None, "received_papers": "", "paper_dates": None},
    "AO_PLACE": {**VETERAN, "place": "Hải Phòng"},
    "AO_SERVING_UNPAID": {
        "claim": "veteran",
        "percent": 85.0,
        "monthly_amount": 3_703_000,
        "note": "Có người phục vụ",
        "serving_record_id": None,
    },
    "AO_START_EARLY": {
        "claim": "veteran",
        "disease": "Vô sinh",
        "decision_date": "2022-05-10",
        "start_month": "2022-03",
    },
    "AO_START_LATE": {"decision_date": "2022-05-10", "start_month": "2022-07"},
    "AO_SUPPLEMENT_NO_MINUTES": {
        "claim": "veteran",
        "monthly_amount": 5_327_000,
        "percent": None,
        "received_percent": "",
        "papers": None,
        "note": None,
    },
    "AO_UNIT_CODE_ONLY": {"claim": "veteran", "unit": "HT 32629A", "place": None, "papers": None, "note": None},
    "CV_DEAD_CLEAR": {**DEAD, "death_identity": "sure"},
    "CV_DEAD_FUZZY": {**DEAD, "death_identity": "signal"},
    "CV_LOWER_GROUP": {
        "group": "Hộ nghèo",
        "amount": 750_000,
        "scheme": None,
        "monthly_record_id": "r-9",
        "monthly_decided": 17_000,
        "overlap_record_id": None,
    },
    "CV_PROVINCE_LISTED": {"group": "Hộ nghèo phát sinh", "scheme": "province", "poor_number_listed": True},
    "NCC_PERCENT_OUTSIDE": {"percent": 450.0},
    "PH_NO_YEAR": {"list_day": None, "opens_list": True},
    "PH_OLD_NOT_PAID": {"date_of_birth": "1930", "old_age_paid": False, "death_identity": None},
    "PH_RELIEF_NOT_PAID": {"list_day": "2019-12-31", "relief_paid": False, "death_identity": None},
    "SA_CHILDREN": {"group": "Đơn thân nuôi 2 con", "coefficient": 5.0},
    "SA_NO_CERT": {"group": "Khuyết tật nặng", "certificate_no": None, "received_certificate_no": ""},
    "SA_START_BEFORE_80": {
        "group": "Từ đủ 80 tuổi",
        "date_of_birth": "1942-06-01",
        "start_month": "2022-01",
        "decision_date": "2022-01-05",
    },
    "SA_START_LATE": {"group": "Từ đủ 80 tuổi", "date_of_birth": "1942-06-01", "start_month": "2022-11"},
    "SA_SP_PENSION": {"group": "Hưu trí xã hội", "pension_record_id": "r-9", "pension_amount": 3_000_000},
    "X_BB_AO_DISEASE": {"paid_record_id": "r-9", "paid_status": "sick_soldier", "paid_own_status": "ao_disease"},
    "X_SERVING_TWICE": {"monthly_amount": 5_327_000 + 815_000, "serving_record_id": "r-9", "serving_status": "serving"},
    "NCC_DECISION_LATER": {"decision_date": "2099-01-01"},
    **{
        f"INSP_{category.upper()}": {"inspection_category": category}
        for category in ("forged", "no_place", "disease", "child_before", "verify_more")
    },
}


@pytest.mark.parametrize(("rule_id", "programme"), EVERY)
def test_a_rule_that_leads_to_an_action_says_what_would_clear_it(rule_id: str, programme: str) -> None:
    if Acts.load(programme).step(RULES[rule_id].ground, rule_id).action:
        assert CHANGES.get(rule_id), "no change is declared"
        assert {each.who for each in CHANGES[rule_id]} <= set(WHO)


@pytest.mark.parametrize(("rule_id", "programme"), EVERY)
def test_a_flagged_case_is_cleared_by_what_is_found_and_by_no_part_of_it(rule_id: str, programme: str) -> None:
    rule, pack = RULES[rule_id], LawPack.load(programme)
    day = next(day for day in DAYS if rule.in_force(day))
    lines = random_lines(rule, programme, day)
    for name, value in AIMED.get(rule_id, {}).items():
        if name in lines:
            lines[name] = pd.Series(value, index=lines.index).astype(lines[name].dtype)
    cases = cases_frame(lines, [], [rule])
    flagged = cases[gives_finding(rule, pack, cases, day).to_numpy("bool")].head(4)
    assert len(flagged) or rule_id in NEVER_FLAGGED, "random lines do not reach the rule"

    def laws(each: Rule, some: pd.DataFrame) -> list[tuple[Parameters, Mask | None]]:
        return [(version.law, where) for version, where in by_version(each, pack, some, day)[0]]

    found = least_changes(flagged, [rule], laws, lambda each, tried: gives_finding(each, pack, tried, day))
    assert set(found["record_id"]) == set(flagged.index), "a case that nothing clears"
    parts = [
        (record, part, part == numbers)
        for record, numbers in zip(found["record_id"], found["changes"], strict=True)
        for n in range(len(numbers) + 1)
        for part in combinations(numbers, n)
    ]
    tried = _with(flagged, [(record, part) for record, part, _ in parts], rule, laws)
    left = gives_finding(rule, pack, tried, day).to_numpy("bool")
    assert left.tolist() == [not whole for *_, whole in parts], "all of it clears, no part of it does"
    for sentence in as_sentences(found)["vi"] if len(found) else ():
        assert "<NA>" not in sentence
        assert "  " not in sentence
        assert sentence.endswith(".")


def _with(cases: pd.DataFrame, trials: list[tuple[str, tuple[int, ...]]], rule: Rule, laws: Laws) -> pd.DataFrame:
    """A line for each trial: the case with some changes applied, written in one after the other."""
    changes = changes_of([rule])
    at = cases.index.get_indexer([record for record, _ in trials])
    tried = cases.take(at).reset_index(drop=True)
    for number, change in enumerate(changes):
        rows = [n for n, (_, part) in enumerate(trials) if number in part]
        if not rows:
            continue
        judged = [(law, cases if where is None else cases[where]) for law, where in laws(rule, cases)]
        values = pd.concat([change.values(some, law) for law, some in judged])
        put = values.loc[[trials[n][0] for n in rows]]
        for name in change.columns:
            column = tried[name].copy()
            column.iloc[rows] = put[name].astype(column.dtype).array
            tried[name] = column
            if name in date_columns():
                days = span(tried[name].astype("string[pyarrow]"))
                tried[f"{name}_first"], tried[f"{name}_last"] = days["first"], days["last"]
    return tried
