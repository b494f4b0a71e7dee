"""Invented findings and their records."""

import json
from typing import Any, Final

import pandas as pd

from eligibility_audit.rules.assess import COLUMNS
from tests.rules.facts.invented import lists

BASE: Final = {
    "case_id": "c-1",
    "record_id": "agent_orange-0",
    "rule_id": "AO_TEST",
    "programme": "agent_orange",
    "outcome": "not_met",
    "evidence_tier": "B",
    "law_mark": "confirmed",
    "source_file": "agent_orange.csv",
    "source_sheet": "",
    "source_row": 2,
    "reason_vi": "Lý do.",
    "reason_en": "Reason.",
    "legal_basis": "Điều 1",
    "evidence": json.dumps([{"vi": "ủng hộ", "en": "for", "file": "a.csv", "sheet": "", "row": 2}], ensure_ascii=False),
    "evidence_against": "[]",
    "ground": "doubt",
    "subject": "",
    "least_change": "Có giấy.",
    "stop_allowed": False,
}
RECORDS: Final = lists(
    agent_orange=[{"dossier_no": f"HH{n}", "monthly_amount": 1_000_000} for n in range(3)],
    merit_other=[{"monthly_amount": 2_000_000}],
    social_assistance=[{"monthly_amount": 270_000}],
    covid_relief=[{"amount": 750_000}],
)


def findings(*said: dict[str, Any]) -> pd.DataFrame:
    """Findings, each BASE with what it says of itself."""
    full = [{**BASE, "finding_id": f"f-{n}", **line} for n, line in enumerate(said)]
    for line in full:
        if line["programme"] != "agent_orange" and line["record_id"].startswith("agent_orange"):
            line["record_id"] = f"{line['programme']}-0"
    return pd.DataFrame({n: pd.array([line.get(n) for line in full], dtype=t) for n, t in COLUMNS.items()})
