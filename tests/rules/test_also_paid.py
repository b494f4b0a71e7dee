"""Paid by two lists: what may be paid together is law as data; where it says nothing, nothing is said."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pytest

from eligibility_audit.rules.assess import cases_frame, import_rules
from eligibility_audit.rules.facts.also_paid import also_paid
from eligibility_audit.rules.facts.candidates import located
from eligibility_audit.rules.facts.people import gather_people
from eligibility_audit.rules.merit_other.combinations import matrix, verdict
from eligibility_audit.rules.parameters import LawPack, Parameter, Value
from eligibility_audit.rules.registry import RULES

DAY = date(2020, 12, 31)


def roster(record_id: str, **cells: object) -> pd.DataFrame:
    line = {"record_id": record_id, "source_file": f"{record_id}.xlsx", "source_sheet": "", "dossier_no": None, **cells}
    line.setdefault("decision_date", None)
    frame = pd.DataFrame({name: pd.array([value], dtype="string[pyarrow]") for name, value in line.items()})
    return frame.assign(source_row=pd.array([9], dtype="Int64"))


def pair(left: tuple[str, str], right: tuple[str, str], probability: float) -> pd.DataFrame:
    cells = {"left_record_id": left[0], "left_kind": left[1], "right_record_id": right[0], "right_kind": right[1]}
    frame = pd.DataFrame({name: pd.array([value], dtype="string[pyarrow]") for name, value in cells.items()})
    return frame.assign(match_probability=pd.array([probability], dtype="Float64"))


def facts(records: Mapping[str, pd.DataFrame], pairs: pd.DataFrame) -> dict[str, pd.DataFrame]:
    people = gather_people(records)
    return also_paid(records, people, located(people, pairs), DAY)


def answer(rule_id: str, programme: str, records: Mapping[str, pd.DataFrame], pairs: pd.DataFrame) -> bool:
    import_rules()
    made = RULES[rule_id]
    cases = cases_frame(records[programme], [facts(records, pairs)[programme]], [made])
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
    ("group", "disease", "claim", "allowed"),
    [
        pytest.param(
            "Bệnh binh", "Đái tháo đường type 2", "veteran", False, id="bệnh binh and a disease: examined as one"
        ),
        pytest.param(
            "Bệnh binh", "Sinh con dị dạng, dị tật", "veteran", True, id="bệnh binh and a deformed child: both"
        ),
        pytest.param("Bệnh binh", "Vô sinh", "veteran", True, id="bệnh binh and infertility: both"),
        pytest.param(
            "Bệnh binh", "Vô sinh, đái tháo đường", "veteran", True, id="a disease and another basis: may choose"
        ),
        pytest.param("Bệnh binh", None, "veteran", True, id="the basis is not known"),
        pytest.param("Bệnh binh", "Đái tháo đường type 2", "child", True, id="a child's own claim"),
        pytest.param("Thương binh", "Đái tháo đường type 2", "veteran", True, id="thương binh and a disease: both"),
        pytest.param("Tuất LS", "Đái tháo đường type 2", "veteran", True, id="a survivor who is a veteran: both"),
        pytest.param(None, "Đái tháo đường type 2", "veteran", True, id="the group is not known"),
    ],
)
def test_a_sick_soldier_beside_agent_orange(group: str | None, disease: str | None, claim: str, allowed: bool) -> None:
    records = {
        "agent_orange": roster("r-1", disease=disease, claim=claim),
        "merit_other": roster("r-2", group=group),
    }
    pairs = pair(("r-1", "agent_orange"), ("r-2", "merit_other"), 0.99)
    assert answer("X_BB_AO_DISEASE", "agent_orange", records, pairs) is allowed
    assert answer("X_BB_AO_DISEASE", "merit_other", records, pairs) is allowed


def test_of_two_lines_with_merit_the_one_of_the_sick_soldier_is_looked_at() -> None:
    """Invalid, sick soldier and Agent Orange: judged as beside the sick soldier (Decree 131, Article 58(2))."""
    ao = roster("r-1", disease="Đái tháo đường type 2", claim="veteran")
    merit = pd.concat([roster("r-2", group="Thương binh"), roster("r-3", group="Bệnh binh")], ignore_index=True)
    pairs = [pair(("r-1", "agent_orange"), (other, "merit_other"), p) for other, p in (("r-2", 0.99), ("r-3", 0.95))]
    records = {"agent_orange": ao, "merit_other": merit}
    found = facts(records, pd.concat(pairs, ignore_index=True))["agent_orange"]
    assert found["paid_record_id"].tolist() == ["r-3"]
    assert found["paid_row"].tolist() == [9]


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        pytest.param("agent_orange", {"disease": "Vô sinh", "claim": "veteran"}, id="a veteran"),
        pytest.param("agent_orange", {"disease": "Dị tật bẩm sinh", "claim": "child"}, id="a veteran's child"),
        pytest.param("merit_other", {"group": "Tuất LS"}, id="a survivor"),
        pytest.param("merit_other", {"group": None}, id="merit of a kind that is not known"),
    ],
)
def test_merit_beside_social_assistance_is_a_question_of_law(kind: str, cells: dict[str, object]) -> None:
    records = {kind: roster("r-1", **cells), "social_assistance": roster("r-2", group="NKT nặng")}
    sure, unsure = (pair(("r-1", kind), ("r-2", "social_assistance"), p) for p in (0.99, 0.89))
    for programme in (kind, "social_assistance"):
        assert answer("X_NCC_BTXH", programme, records, sure) is False
        assert answer("X_NCC_BTXH", programme, records, unsure) is True


def test_a_province_that_has_settled_the_question_is_not_asked_again() -> None:
    value = {"one": ["ao_child"], "other": ["social_assistance"], "verdict": "allow", "basis": []}
    said = Value(valid_from=DAY, value=[value], mark="confirmed", source="x", last_checked=DAY)
    pack = LawPack("agent_orange", {"combined_social": Parameter(vi="a", en="a", values=[said])}, {})
    rows = matrix(pack.at(DAY, ("combined_social",)), "combined_social")
    sides = [pd.Series([name], dtype="string[pyarrow]") for name in ("ao_child", "social_assistance")]
    assert verdict(*sides, rows).tolist() == verdict(*reversed(sides), rows).tolist() == ["allow"]


@pytest.mark.parametrize("name", ["combined_merit", "combined_social", "combined_pension"])
def test_every_row_of_the_matrix_is_cited_and_no_pair_has_two_answers(name: str) -> None:
    packs = [LawPack.load(programme) for programme in ("agent_orange", "merit_other", "social_assistance")]
    for value in packs[0].parameters[name].values:
        rows = matrix(packs[0].at(value.valid_from, (name,)), name)
        assert all(any(key in pack.citations for pack in packs) for row in rows for key in row.basis)
        pairs = [frozenset((one, other)) for row in rows for one in row.one for other in row.other]
        assert len(pairs) == len(set(pairs))
        assert all(row.basis for row in rows)


def test_without_the_other_list_nothing_is_said() -> None:
    nobody = pair(("r-8", "agent_orange"), ("r-9", "merit_other"), 0.99)
    assert answer("SA_80_PENSION", "social_assistance", {"social_assistance": roster("r-1", group="80 tuổi")}, nobody)
    assert answer("X_BB_AO_DISEASE", "merit_other", {"merit_other": roster("r-1", group="Bệnh binh")}, nobody)
    assert answer("X_NCC_BTXH", "merit_other", {"merit_other": roster("r-1", group="Bệnh binh")}, nobody)
