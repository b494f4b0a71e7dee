"""Invented lines for the rules: one case, spelled out where it matters."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import pandas as pd

from eligibility_audit.rules.assess import cases_frame, import_rules
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import RULES

TEXT: Final = "string[pyarrow]"
DAY: Final = date(2020, 12, 31)
WHOLE: Final = (
    "monthly_amount",
    "undated_papers",
    "parent_first_year",
    "own_children",
    "parent_row",
    "child_row",
    "elsewhere_row",
)

OTHER_LINE: Final = ("record_id", "status", "own_status", "file", "sheet", "row")  # facts on a line of another list

# A veteran against whom nothing speaks.
VETERAN: Final[Mapping[str, object]] = {
    "record_id": "r-0",
    "source_file": "danh sach.xlsx",
    "source_sheet": "Xã A",
    "source_row": 7,
    "dossier_no": "HH000001",
    "name": "Người Thử",
    "date_of_birth": "1948-05-20",
    "sex": "M",
    "national_id": "034048000001",
    "commune": "Xã A",
    "district": "Huyện B",
    "note": None,
    "group": None,
    "claim": "veteran",
    "service_from": "1968-02",
    "service_to": "1974-06",
    "unit": "E42 F3",
    "place": "Quảng Trị",
    "disease": "Đái tháo đường type 2",
    "percent": 45.0,
    "parent_name": None,
    "parent_dossier_no": None,
    "papers": "Quyết định phục viên",
    "paper_dates": "1976-03-01",
    "undated_papers": 0,
    "decision_no": "12/QĐ",
    "decision_date": "2008-01-01",
    "start_month": "2008-02",
    "monthly_amount": 2_062_000,
    "received_papers": "Quyết định phục viên (01/03/1976)",
    "received_percent": "45",
    "received_parent_dossier_no": None,
    "received_parent_name": None,
}
CHILD: Final[Mapping[str, object]] = {
    **VETERAN,
    "claim": "child",
    "date_of_birth": "1975",
    "national_id": None,
    "service_from": None,
    "service_to": None,
    "unit": None,
    "place": None,
    "disease": "Dị tật bẩm sinh bàn tay",
    "percent": 70.0,
    "monthly_amount": 974_000,
    "parent_name": "Người Cha",
    "parent_dossier_no": "HH000002",
    "received_parent_dossier_no": "HH000002",
    "received_parent_name": "Người Cha",
    "papers": None,
    "paper_dates": None,
    "received_papers": None,
}
FACTS: Final[Mapping[str, object]] = {
    "parent_record_id": None,
    "parent_service_from": None,
    "parent_file": None,
    "parent_sheet": None,
    "parent_row": None,
    "parent_first_year": None,
    "parent_on_roster": None,
    "own_children": 0,
    "child_file": None,
    "child_sheet": None,
    "child_row": None,
    "parent_found": None,
    "parent_born": None,
    "parent_sex": None,
    "parent_dossier_of_other": None,
    "elsewhere_record_id": None,
    "elsewhere_file": None,
    "elsewhere_sheet": None,
    "elsewhere_row": None,
    **{f"{x}_{name}": None for x in ("paid", "serving") for name in OTHER_LINE},
}


def frame(*lines: Mapping[str, object]) -> pd.DataFrame:
    """Lines as a frame of nullable columns."""
    columns = {name: [line.get(name) for line in lines] for name in lines[0]}
    return pd.DataFrame({name: pd.array(values, dtype=_kind(name)) for name, values in columns.items()})


def _kind(name: str) -> str:
    if name == "source_row":
        return "Int64"
    if name in WHOLE:
        return "Int64"
    if name == "percent":
        return "Float64"
    return "boolean" if name in {"parent_on_roster", "parent_dossier_of_other"} else TEXT


def answers(
    rule_id: str, *lines: Mapping[str, object], day: date = DAY, programme: str = "agent_orange"
) -> list[bool | None]:
    """What a rule answers for each line: True, False, or None where it is not known."""
    import_rules()
    rule = RULES[rule_id]
    records = frame(*({**FACTS, **line, "record_id": f"r-{n}"} for n, line in enumerate(lines)))
    cases = cases_frame(records, [], [rule])
    answer = rule.decide(cases, rule.law(LawPack.load(programme), day))
    return [None if pd.isna(value) else bool(value) for value in answer]


def answer(rule_id: str, line: Mapping[str, object] = VETERAN, day: date = DAY, **changed: object) -> bool | None:
    """What a rule answers for one line with some cells changed."""
    return answers(rule_id, {**line, **changed}, day=day)[0]


def said(rule_id: str, line: Mapping[str, object] = VETERAN, day: date = DAY, **changed: object) -> dict[str, object]:
    """The words of a rule for one line with some cells changed."""
    import_rules()
    rule = RULES[rule_id]
    cases = cases_frame(frame({**FACTS, **line, **changed}), [], [rule])
    words = rule.say(cases, rule.law(LawPack.load("agent_orange"), day))
    return {str(name): words[name].iloc[0] for name in words.columns}
