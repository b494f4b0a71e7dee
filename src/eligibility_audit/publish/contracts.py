"""The columns of the files that other tools are built on (design.md, 5): their names, their order, their types."""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

RECONCILIATION: Final = ("source_file", "source_sheet", "lines", "records", "rejects", "not_person", "persons")
REJECTS: Final = ("source_file", "source_sheet", "source_row", "stage", "code", "message", "raw")
LINKS: Final = (
    "left_record_id",
    "left_file",
    "left_sheet",
    "left_row",
    "right_record_id",
    "right_file",
    "right_sheet",
    "right_row",
    "match_probability",
    "match_weight",
    "comparisons",
)
FINDINGS: Final = (
    "finding_id",
    "case_id",
    "record_id",
    "rule_id",
    "programme",
    "outcome",
    "evidence_tier",
    "law_mark",
    "source_file",
    "source_sheet",
    "source_row",
    "reason_vi",
    "reason_en",
    "legal_basis",
    "evidence",
    "evidence_against",
    "amount_at_stake",
    "months",
)
RECOMMENDATIONS: Final = (
    "recommendation_id",
    "case_id",
    "record_id",
    "action",
    "legal_act",
    "act_basis",
    "evidence_tier",
    "law_mark",
    "programme",
    "source_file",
    "source_sheet",
    "source_row",
    "dossier_no",
    "name",
    "date_of_birth",
    "national_id",
    "commune",
    "district",
    "finding_ids",
    "rule_ids",
    "reason_vi",
    "reason_en",
    "legal_basis",
    "evidence_for",
    "evidence_against",
    "identity_agrees",
    "identity_differs",
    "verify_with",
    "question_vi",
    "who_first",
    "due_on",
    "due_basis",
    "direction",
    "monthly_amount",
    "amount_to_clarify",
    "months",
    "least_change",
)

COUNCILS: Final = (
    "district",
    "commune",
    "disabled",
    "most_severe",
    "most_severe_share",
    "share_low",
    "share_high",
    "district_share",
    "without_number",
    "shared_numbers",
    "persons_on_shared",
    "same_day",
    "signals_vi",
    "signals_en",
)

ENTITLED: Final = (
    *("programme", "district", "commune", "dossier_no", "name", "date_of_birth", "national_id", "relief_group"),
    *("relief_amount", "decided", "record_id", "source_file", "source_sheet", "source_row"),
)

LATER: Final[tuple[str, ...]] = ()  # columns that stand empty until a later issue fills them; the manifest lists them
WHOLE: Final = frozenset(
    {"lines", "records", "rejects", "not_person", "persons", "source_row", "left_row", "right_row"}
    | {"amount_at_stake", "months", "monthly_amount", "amount_to_clarify", "relief_amount"}
    | {"disabled", "most_severe", "without_number", "shared_numbers", "persons_on_shared", "same_day"}
)
FRACTION: Final = frozenset(
    {"match_probability", "match_weight", "most_severe_share", "share_low", "share_high", "district_share"}
)


def conform(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The frame with exactly `columns`, in that order: one that is missing comes empty, any other is left out.

    The columns of `WHOLE` become `Int64`, those of `FRACTION` `Float64`; texts, and columns without any value, become
    `string[pyarrow]`. Raises ValueError or TypeError where a number column holds something else.
    """
    return pd.DataFrame({name: _column(frame, name) for name in columns}, index=frame.index)


def _column(frame: pd.DataFrame, name: str) -> "pd.Series[Any]":
    column = frame[name] if name in frame.columns else pd.Series(pd.NA, index=frame.index, dtype="string[pyarrow]")
    if name in WHOLE:
        return column.astype("Int64")
    if name in FRACTION:
        return column.astype("Float64")
    is_text = pd.api.types.is_string_dtype(column.dtype) or column.dtype == object
    return column.astype("string[pyarrow]") if is_text or column.isna().all() else column
