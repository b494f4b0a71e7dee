"""Procedure, section 8: the unknown never counts against a person; commune, surname, sex change nothing undeclared.

Every combination of boundary values of the columns that a rule reads, not a sample of them.
"""

from itertools import product

import pandas as pd
import pytest

from eligibility_audit.rules.assess import cases_frame, import_rules
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import RULES
from tests.rules.cases import CHILD, DAY, FACTS, VETERAN, frame

import_rules()
OWN = sorted(
    name
    for name, rule in RULES.items()
    if ".agent_orange." in rule.predicate.__module__ or name == "AO_ID_INCONSISTENT"
)
PACK = LawPack.load("agent_orange")
Cells = tuple[object, ...]

# Cells that may speak for the person; each is tested by name in agent_orange/. Any other, when nulled, accuses nobody.
SPEAKS_FOR = {
    "AO_PLACE": {"place"},
    "AO_UNIT_CODE_ONLY": {"unit", "place", "papers", "note"},
    "AO_MED_MISSING": {"percent"},
    "AO_NOT_PAID": {"note"},
    "AO_NOTE_ABSENT": {"note"},
    "AO_SERVING_UNPAID": {"serving_record_id"},
    "AO_SUPPLEMENT_NO_MINUTES": {"percent", "papers", "note"},
    "AO_NEUROPATHY_PAPER": {"papers", "paper_dates"},
    "AO_CHILD_NO_PARENT": {"parent_dossier_no", "parent_on_roster", "received_parent_dossier_no"},
}

DATES: Cells = (None, "1960", "1961-07-31", "1961-08", "1961-08-01", "1968", "1975-04-30", "1975-05", "1976-01")
CELLS: dict[str, Cells] = {
    "claim": ("veteran", "child", None),
    "date_of_birth": (None, "1947", "1948", "1948-12-31", "1960", "1967", "1968-01", "1975-06-01"),
    "sex": ("M", "F", None),
    "national_id": (None, "034048000001", "034148000001", "034049000001", "150123456", "034275000001"),
    "service_from": DATES,
    "service_to": DATES,
    "unit": (None, "E42 F3", "HT 32629A", "Đoàn 559", "Hải Phòng"),
    "place": (None, "Quảng Trị", "Hải Phòng", "Vĩnh Linh", "Bản Đông", "Lào", "Ký hiệu 98-686"),
    "disease": (
        None,
        "Ung thư phổi",
        "Tăng huyết áp",
        "Vô sinh",
        "Sinh con dị dạng",
        "Vô sinh, ĐTĐ",
        "Bệnh Zeta",
        "Gai sống chẻ đôi",
        "Thần kinh ngoại biên cấp tính",
    ),
    "percent": (None, 20.0, 21.0, 40.0, 41.0, 60.0, 61.0, 80.0, 81.0),
    "received_percent": (None, "", "45", "chưa có"),
    "monthly_amount": (None, 0, 974_000, 1_234_000, 1_624_000, 1_924_000, 2_062_000, 2_891_000, 3_703_000, 5_327_000),
    "papers": (None, "Giấy X Y Z", "Không có", "Giấy ra viện (2005)"),
    "received_papers": (None, "", "Không có", "Giấy X Y Z"),
    "paper_dates": (None, "1999-12-31", "2000-01-01", "2000", "1999", "2005;1980", "2005;2006"),
    "undated_papers": (None, 0, 1),
    "parent_dossier_no": (None, "HH000002"),
    "received_parent_dossier_no": (None, "", "HH000002"),
    "received_parent_name": (None, "", "Người Cha", "Mẹ: Người Cha"),
    "parent_first_year": (None, 1959, 1961, 1968),
    "parent_on_roster": (None, True, False),
    "own_children": (0, 1, 2),
    "note": (None, "Đào ngũ 1972", "Đang chấp hành án phạt tù", "Có người phục vụ", "Tạm dừng chi", "Con nuôi"),
    "group": (None, "Con đẻ", "Con riêng"),
    "parent_born": (None, "1930", "1934-12-31", "1947"),
    "parent_sex": (None, "M", "F"),
    "parent_dossier_of_other": (None, True, False),
    "elsewhere_record_id": (None, "r-9"),
    "serving_record_id": (None, "r-8"),
    "decision_date": (None, "1999", "1999-12-31", "2000", "2022-05-10"),
    "start_month": (None, "1999-12", "2000-01", "2022-04", "2022-06"),
}


def table(rule_id: str) -> pd.DataFrame:
    """Every combination of the boundary values of what a rule reads; the other cells are those of the veteran."""
    rule = RULES[rule_id]
    cells = [name for name in CELLS if name in rule.columns()]
    combined = [dict(zip(cells, values, strict=True)) for values in product(*(CELLS[name] for name in cells))]
    return frame(*({**FACTS, **VETERAN, **line, "record_id": f"r-{n}"} for n, line in enumerate(combined)))


def answers(rule_id: str, records: pd.DataFrame) -> "pd.Series[bool]":
    rule = RULES[rule_id]
    return rule.decide(cases_frame(records, [], [rule]), rule.law(PACK, DAY))  # type: ignore[no-any-return]


@pytest.mark.parametrize("rule_id", OWN)
def test_nulling_a_cell_never_moves_the_outcome_to_not_met(rule_id: str) -> None:
    records = table(rule_id)
    was_against = (~answers(rule_id, records)).fillna(False)
    assert was_against.any() or RULES[rule_id].undetermined_is, "the boundaries must reach the rule"
    for cell in set(RULES[rule_id].columns()) & set(CELLS) - SPEAKS_FOR.get(rule_id, set()) - {"own_children"}:
        nulled = records.assign(**{cell: pd.Series(pd.NA, index=records.index, dtype=records[cell].dtype)})
        is_against = (~answers(rule_id, nulled)).fillna(False)
        worse = records.loc[(is_against & ~was_against).to_numpy(bool)]
        assert worse.empty, (cell, worse[[c for c in CELLS if c in RULES[rule_id].columns()]].iloc[0].to_dict())


@pytest.mark.parametrize("rule_id", OWN)
def test_commune_surname_and_sex_change_nothing_that_is_not_declared(rule_id: str) -> None:
    records = table(rule_id)
    other = {"commune": "Xã Khác", "district": "Huyện Khác", "name": "Họ Khác", "sex": "F"}
    changed = records.assign(**{k: v for k, v in other.items() if k not in RULES[rule_id].columns()})
    assert answers(rule_id, records).equals(answers(rule_id, changed))


def test_only_the_identity_rule_reads_sex_and_none_reads_name_or_commune() -> None:
    reads = {name: set(RULES[name].reads) for name in OWN}
    assert [name for name in OWN if "sex" in reads[name]] == ["AO_ID_INCONSISTENT"]
    assert not [name for name in OWN if reads[name] & {"name", "commune", "district", "hamlet", "home_place"}]


@pytest.mark.parametrize("rule_id", OWN)
def test_a_line_of_blanks_accuses_nobody(rule_id: str) -> None:
    keep = {"source_file", "source_sheet", "source_row", "claim", "own_children"}
    blank = [
        {name: (value if name in keep else None) for name, value in {**FACTS, **line}.items()}
        for line in (VETERAN, CHILD)
    ]
    records = frame(*({**line, "record_id": f"r-{n}"} for n, line in enumerate(blank)))
    assert not (~answers(rule_id, records)).fillna(False).any()
