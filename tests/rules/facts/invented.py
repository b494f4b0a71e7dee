"""Invented lists: a line of any kind, spelled out where it matters; all other columns are there and null."""

from datetime import date
from typing import Any, Final

import pandas as pd

from eligibility_audit.standardise.records import columns_of

DAY: Final = date(2020, 12, 31)
TEXT: Final = "string[pyarrow]"
PERSON: Final = {
    "name": "Đinh Văn Thử",
    "date_of_birth": "1948-05-20",
    "sex": "M",
    "national_id": "034048000001",
    "commune": "Xã Mẫu",
    "district": "Huyện Thử",
}


def lists(**by_kind: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Frames by kind; each line is PERSON with what it says of itself. `record_id` is kind-number where not given."""
    return {kind: _frame(kind, lines) for kind, lines in by_kind.items()}


def _frame(kind: str, lines: list[dict[str, Any]]) -> pd.DataFrame:
    full = [
        {
            **PERSON,
            "record_id": f"{kind}-{number}",
            "source_file": f"{kind}.csv",
            "source_sheet": "",
            "source_row": number + 2,
            "member": 0,
            "hidden": False,
            **line,
        }
        for number, line in enumerate(lines)
    ]
    columns = {"record_id": TEXT, **columns_of(kind)}
    return pd.DataFrame(
        {name: pd.array([line.get(name) for line in full], dtype=dtype) for name, dtype in columns.items()}
    )


def pairs(*found: tuple[str, str, float]) -> pd.DataFrame:
    """What linkage proposes: left, right, probability; the kinds are those of the ids."""
    left, right = [p[0] for p in found], [p[1] for p in found]
    texts = {
        "left_record_id": left,
        "left_kind": [name.rsplit("-", 1)[0] for name in left],
        "right_record_id": right,
        "right_kind": [name.rsplit("-", 1)[0] for name in right],
        "comparisons": ["[]" for _ in found],
    }
    frame = pd.DataFrame({name: pd.array(values, dtype=TEXT) for name, values in texts.items()})
    return frame.assign(
        match_probability=pd.array([p[2] for p in found], dtype="Float64"),
        match_weight=pd.array([0.0 for _ in found], dtype="Float64"),
    )


NO_PAIRS: Final = pairs()
