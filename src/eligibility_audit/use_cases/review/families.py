"""The family of a claim as the run's list has it: the parent's line, brothers and sisters, a veteran's children.

Shown, never judged: no child is stopped for another's file.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.rules.facts.family import family

KIND: Final = "agent_orange"
MOST: Final = 12  # brothers and sisters, or children, that are kept with a case
_COLUMNS: Final = (
    *("record_id", "source_file", "source_sheet", "source_row", "claim", "name", "dossier_no", "date_of_birth", "sex"),
    *("commune", "district", "service_from", "parent_name", "parent_dossier_no"),
)
_KEPT: Final = ("record_id", "name", "dossier_no", "date_of_birth", "commune", "district")


def families(run_folder: Path, wanted: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The members of the family of each wanted record that has any, the parent first; each with its `relation`.

    `relation`: parent, sibling, child. A parent that is named and not found on the list has no `record_id`.
    """
    path = run_folder / "records" / f"{KIND}.parquet"
    mine = set(wanted)
    if not path.exists():
        return {}
    records = pd.read_parquet(path, columns=list(_COLUMNS))
    kin = family(records)["parent_record_id"].dropna()
    lines = records.set_index("record_id", drop=False)
    children = {str(parent): [str(one) for one in group.index] for parent, group in kin.groupby(kin)}
    parents = {str(child): str(parent) for child, parent in kin.items()}
    named = records.loc[records["record_id"].isin(mine) & records["parent_name"].notna()]
    named_only = {
        str(row["record_id"]): {
            "relation": "parent",
            "name": row["parent_name"],
            "dossier_no": row["parent_dossier_no"],
        }
        for row in named.to_dict("records")
        if str(row["record_id"]) not in parents
    }
    found: dict[str, list[dict[str, Any]]] = {}
    for one in sorted(mine & (parents.keys() | children.keys() | named_only.keys())):
        parent = parents.get(one)
        members = [("parent", parent)] if parent else []
        members += [("sibling" if parent else "child", each) for each in children.get(parent or one, ()) if each != one]
        told = [_known(named_only[one])] if one in named_only else []
        found[one] = told + [
            _known({"relation": relation, **{name: lines.at[each, name] for name in _KEPT}})
            for relation, each in members[: MOST + 1]
        ]
    return {one: members for one, members in found.items() if members}


def _known(row: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value) for name, value in row.items() if not pd.isna(value)}
