"""Lists of invented people, as standardising hands them on."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pandas as pd
import pytest

from eligibility_audit.domain.kinds import KINDS

OWN = {
    "agent_orange": "claim group service_from service_to unit place disease percent parent_name parent_dossier_no "
    "papers paper_dates undated_papers decision_no decision_date start_month monthly_amount",
    "merit_other": "group percent decision_no decision_date start_month monthly_amount",
    "social_assistance": "group disability_level certificate_no coefficient guardian decision_no decision_date "
    "start_month monthly_amount",
    "covid_relief": "group months amount paid_on",
    "poor_households": "household_no household_class household_size relation",
    "deaths": "registration_no registered_on died_on",
    "pensions": "book_no pension_kind monthly_amount",
    "service_records": "service_from service_to unit place",
    "inspection_findings": "conclusion_no conclusion_date finding_group finding_text handling",
}
COMMON = (
    "record_id source_file source_sheet source_row member name alias name_received date_of_birth sex national_id "
    "dossier_no commune district commune_code hamlet home_place note"
)
NUMBERS = {
    "source_row": "int64",
    "member": "int64",
    "percent": "Float64",
    "coefficient": "Float64",
    "monthly_amount": "Int64",
    "amount": "Int64",
    "months": "Int64",
    "household_size": "Int64",
    "undated_papers": "Int64",
    "hidden": "boolean",
}
SOUND = {
    "name": "Đỗ Thị Thử",
    "date_of_birth": "1950-03-12",
    "sex": "F",
    "national_id": "034150000001",
    "commune": "Xã Thử Nghiệm",
    "commune_code": "00001",
}


class MakeRecords(Protocol):
    """Builds records of a kind from what differs in each row."""

    def __call__(self, kind: str, rows: Sequence[Mapping[str, Any]], text: str = ...) -> pd.DataFrame: ...


@pytest.fixture(scope="session")
def make_records() -> MakeRecords:
    """Rows say what they have; everything else of a sound record stands by default, everything else again is null.

    `received_…` columns are those that some row names.
    """

    def make(kind: str, rows: Sequence[Mapping[str, Any]], text: str = "str") -> pd.DataFrame:
        received = dict.fromkeys(name for row in rows for name in row if name.startswith("received_"))
        columns = f"{COMMON} {OWN[kind]} hidden heading_group sheet_title line".split()
        lines = []
        for number, row in enumerate(rows):
            place = {
                "record_id": f"r-{number}",
                "source_file": "rosters/thử.xlsx",
                "source_sheet": "Xã A",
                "source_row": number + 7,
                "member": 0,
                "hidden": False,
                "line": f"dòng {number}",
            }
            lines.append({**SOUND, **place, **row})
        frame = pd.DataFrame(lines).reindex(columns=[*columns, *received])
        assert set(frame.columns) - set(columns) <= {f"received_{name}" for name in KINDS[kind].field_names}
        return frame.astype({name: NUMBERS.get(name, text) for name in frame.columns})

    return make
