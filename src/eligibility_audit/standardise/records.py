"""The columns of a record, kind by kind, and the ids of records (docs/architecture.md, Records)."""

from typing import Final

import pandas as pd

from eligibility_audit.domain.ids import keyed_ids
from eligibility_audit.domain.kinds import COMMON, KINDS, PIECES

TEXT: Final = "string[pyarrow]"
SOURCE: Final = {"source_file": TEXT, "source_sheet": TEXT, "source_row": "int64", "member": "int64"}
_PERSON_NAMES: Final = """name alias name_received date_of_birth sex national_id dossier_no commune district
commune_code hamlet home_place note"""
PERSON: Final = dict.fromkeys(_PERSON_NAMES.split(), TEXT)
_DECISION: Final = {"decision_no": TEXT, "decision_date": TEXT, "start_month": TEXT, "monthly_amount": "Int64"}
_SERVICE: Final = dict.fromkeys(("service_from", "service_to", "unit", "place"), TEXT)
OWN: Final[dict[str, dict[str, str]]] = {
    "agent_orange": {
        "claim": TEXT,
        "group": TEXT,
        **_SERVICE,
        "disease": TEXT,
        "percent": "Float64",
        "parent_name": TEXT,
        "parent_dossier_no": TEXT,
        "papers": TEXT,
        "paper_dates": TEXT,
        "undated_papers": "Int64",
        **_DECISION,
    },
    "merit_other": {"group": TEXT, "percent": "Float64", **_DECISION},
    "social_assistance": {
        "group": TEXT,
        "disability_level": TEXT,
        "certificate_no": TEXT,
        "coefficient": "Float64",
        "guardian": TEXT,
        **_DECISION,
    },
    "covid_relief": {"group": TEXT, "months": "Int64", "amount": "Int64", "paid_on": TEXT},
    "poor_households": {"household_no": TEXT, "household_class": TEXT, "household_size": "Int64", "relation": TEXT},
    "deaths": dict.fromkeys(("registration_no", "registered_on", "died_on"), TEXT),
    "pensions": {"book_no": TEXT, "pension_kind": TEXT, "monthly_amount": "Int64"},
    "service_records": _SERVICE,
    "inspection_findings": dict.fromkeys(
        ("conclusion_no", "conclusion_date", "finding_group", "finding_text", "handling"), TEXT
    ),
}
LAST: Final = {"hidden": "boolean", "heading_group": TEXT, "sheet_title": TEXT, "line": TEXT}
REJECTS: Final = {
    "source_file": TEXT,
    "source_sheet": TEXT,
    "source_row": "int64",
    "stage": TEXT,
    "field": TEXT,
    "code": TEXT,
    "message": TEXT,
    "raw": TEXT,
}


def columns_of(kind: str) -> dict[str, str]:
    """Every column of a record of the kind but its id, in order, and its dtype."""
    received = {f"received_{name}": TEXT for name in KINDS[kind].field_names}
    own = OWN[kind] if kind in OWN else _by_form(kind)
    return SOURCE | PERSON | own | LAST | received


def _by_form(kind: str) -> dict[str, str]:
    """The own columns of a kind that a plugin brings: each of its fields by its form."""
    pieces = {field.name for field in COMMON} | PIECES.keys()
    return {f.name: _TYPES.get(f.form, TEXT) for f in KINDS[kind].fields if f.name not in pieces}


_TYPES: Final = {"money": "Int64", "whole": "Int64", "number": "Float64", "percent": "Float64"}


def assign_record_ids(records: pd.DataFrame, key: bytes, kind: str) -> pd.DataFrame:
    """The records of one kind, all of them, with `record_id` in front.

    The id comes from the canonical line, which of the equal lines it is (in the order of file, sheet, row) and the
    member: a line inserted above changes nobody's id, and the same line twice is two records.
    """
    place = records[["source_file", "source_sheet", "source_row", "member"]]
    order = place.sort_values(list(place.columns), kind="stable").index
    same = records.loc[order, ["line", "member"]].groupby(["line", "member"], sort=False, dropna=False).cumcount()
    occurrence = same.reindex(records.index)
    parts = (
        f"{kind}\x1f{line}\x1f{number}\x1f{member}"
        for line, number, member in zip(records["line"], occurrence, records["member"], strict=True)
    )
    ids = pd.Series(pd.array(keyed_ids("r", parts, key), dtype=TEXT), index=records.index)
    with_id = records.copy(deep=False)
    if "record_id" in with_id:
        with_id = with_id.drop(columns="record_id")
    with_id.insert(0, "record_id", ids)
    return with_id
