"""Paid by two lists: a pension excludes the allowance for 80; bệnh binh and a disease are one allowance."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest

from eligibility_audit.rules.assess import cases_frame, import_rules
from eligibility_audit.rules.facts.also_paid import facts
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import RULES

DAY = date(2020, 12, 31)


def roster(record_id: str, **cells: object) -> pd.DataFrame:
    line = {"record_id": record_id, "source_file": f"{record_id}.xlsx", "source_sheet": "", "dossier_no": None, **cells}
    frame = pd.DataFrame({name: pd.array([value], dtype="string[pyarrow]") for name, value in line.items()})
    return frame.assign(source_row=pd.array([9], dtype="Int64"))


def pair(left: tuple[str, str], right: tuple[str, str], probability: float) -> pd.DataFrame:
    cells = {"left_record_id": left[0], "left_kind": left[1], "right_record_id": right[0], "right_kind": right[1]}
    frame = pd.DataFrame({name: pd.array([value], dtype="string[pyarrow]") for name, value in cells.items()})
    return frame.assign(match_probability=pd.array([probability], dtype="Float64"))


def answer(rule_id: str, programme: str, records: Mapping[str, pd.DataFrame], pairs: pd.DataFrame) -> bool:
    import_rules()
    made = RULES[rule_id]
    cases = cases_frame(records[programme], [facts(records, pairs, DAY)[programme]], [made])
    return bool(made.decide(cases, made.law(LawPack.load(programme), DAY)).iloc[0])


@pytest.mark.parametrize(
    ("group", "probability", "allowed"),
    [
        pytest.param("NCT 80 tuổi", 0.99, False, id="80 and a pension"),
        pytest.param("NCT 80 tuổi", 0.89, True, id="80 and perhaps a pension: not enough to ask"),
        pytest.param("NKT nặng", 0.99, True, id="a disability is not excluded"),
    ],
)
def test_a_pension_beside_the_allowance_for_80(group: str, probability: float, allowed: bool) -> None:
    records = {"social_assistance": roster("r-1", group=group), "pensions": roster("r-2")}
    pairs = pair(("r-1", "social_assistance"), ("r-2", "pensions"), probability)
    assert answer("SA_80_PENSION", "social_assistance", records, pairs) is allowed


@pytest.mark.parametrize(
    ("group", "disease", "allowed"),
    [
        pytest.param("Bệnh binh", "Đái tháo đường type 2", False, id="bệnh binh and a disease"),
        pytest.param("Bệnh binh", "Sinh con dị dạng, dị tật", True, id="bệnh binh and a deformed child: both"),
        pytest.param("Bệnh binh", "Vô sinh", True, id="bệnh binh and infertility: both"),
        pytest.param("Bệnh binh", None, True, id="the basis is not known"),
        pytest.param("Thương binh", "Đái tháo đường type 2", True, id="thương binh and a disease: both"),
    ],
)
def test_a_sick_soldier_beside_agent_orange(group: str, disease: str | None, allowed: bool) -> None:
    records = {"agent_orange": roster("r-1", disease=disease), "merit_other": roster("r-2", group=group)}
    pairs = pair(("r-1", "agent_orange"), ("r-2", "merit_other"), 0.99)
    assert answer("X_BB_AO_DISEASE", "agent_orange", records, pairs) is allowed
    assert answer("X_BB_AO_DISEASE", "merit_other", records, pairs) is allowed


def test_without_the_other_list_nothing_is_said() -> None:
    nobody = pair(("r-8", "agent_orange"), ("r-9", "merit_other"), 0.99)
    assert answer("SA_80_PENSION", "social_assistance", {"social_assistance": roster("r-1", group="80 tuổi")}, nobody)
    assert answer("X_BB_AO_DISEASE", "merit_other", {"merit_other": roster("r-1", group="Bệnh binh")}, nobody)
