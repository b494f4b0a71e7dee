"""Recommendations for other programs: CSV, JSON Lines and Parquet of the same lines, and the schema that they keep to.

JSON Lines and Parquet hold texts as received; in CSV, which people open in a spreadsheet, what could run there stands
behind an apostrophe (`publish.inert`).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.domain.words import ACTIONS, LAW_MARKS, TIERS
from eligibility_audit.publish.contracts import RECOMMENDATIONS, WHOLE, conform
from eligibility_audit.publish.csv_files import write_csv
from eligibility_audit.publish.lists import LISTS, listed

SCHEMA_ID: Final = "recommendations.schema.json"
COLUMNS: Final = (*RECOMMENDATIONS, "list")
LISTED: Final = frozenset({"finding_ids", "rule_ids"})  # joined by `;` in the table
EVIDENCE: Final = frozenset({"evidence_for", "evidence_against"})
NEVER_NULL: Final = ("recommendation_id", "case_id", "record_id", "action", "law_mark", "programme", "list")
ONE_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "action": ACTIONS,
    "evidence_tier": TIERS,
    "law_mark": LAW_MARKS,
    "direction": ("tăng", "giảm"),
    "who_first": ("office", "citizen"),
    "list": tuple(kind.code for kind in LISTS),
}


def write_interchange(recommendations: pd.DataFrame, path: Path) -> None:
    """Write the lines in the order of the lists, as the name of the file says: `.csv`, `.parquet` or `.jsonl`."""
    lines = conform(listed(recommendations), COLUMNS)
    if path.suffix == ".jsonl":
        with path.open("w", encoding="utf-8", newline="\n") as out:
            for line in lines.to_dict("records"):
                out.write(json.dumps(_told(line), ensure_ascii=False, separators=(",", ":")) + "\n")
    elif path.suffix == ".parquet":
        lines.to_parquet(path, index=False, compression="zstd")
    else:
        write_csv(lines, path, COLUMNS)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line of JSON Lines."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Một đề xuất / one recommendation",
        "description": "Đề xuất, không phải quyết định; không phải là khoản nợ. / A proposal, not a decision.",
        "type": "object",
        "properties": {name: _property(name) for name in COLUMNS},
        "required": list(COLUMNS),
        "additionalProperties": False,
    }


def _property(name: str) -> dict[str, Any]:
    if name in LISTED:
        return {"type": "array", "items": {"type": "string"}}
    if name in EVIDENCE:
        texts = {key: {"type": "string"} for key in ("vi", "en", "file", "sheet")}
        item = {"type": "object", "properties": texts | {"row": {"type": ["integer", "null"]}}, "required": ["vi"]}
        return {"type": "array", "items": item}
    kind = "integer" if name in WHOLE else "string"
    told: dict[str, Any] = {"type": kind if name in NEVER_NULL else [kind, "null"]}
    if name in ONE_OF:
        told["enum"] = [*ONE_OF[name], *([] if name in NEVER_NULL else [None])]
    return told


def _told(line: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: _value(name, line[name]) for name in COLUMNS}


def _value(name: str, value: Any) -> Any:
    known = None if value is pd.NA or value is None or value != value else value  # noqa: PLR0124 (a NaN is not itself)
    if name in LISTED:
        return known.split(";") if known else []
    if name in EVIDENCE:
        return _evidence(known or "")
    return known if known is None or name not in WHOLE else int(known)


def _evidence(text: str) -> list[dict[str, Any]]:
    """The pieces of a cell; a cell that is plain text is one piece."""
    try:
        pieces = json.loads(text) if text.startswith("[") else [text] if text else []
    except ValueError:
        pieces = [text]
    return [piece if isinstance(piece, dict) else {"vi": str(piece)} for piece in pieces]
