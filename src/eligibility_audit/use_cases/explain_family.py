"""The chain of a family on the Agent Orange roster: whose file a claim hangs on, and what is said of that file."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from eligibility_audit.rules.facts.family import family

KIND: Final = "agent_orange"
_COLUMNS: Final = (
    *("record_id", "source_file", "source_sheet", "source_row", "claim", "name", "dossier_no", "date_of_birth", "sex"),
    *("commune", "district", "service_from", "parent_name", "parent_dossier_no"),
)
_FOUND: Final = {
    "dossier": "tìm thấy theo số hồ sơ / found by the dossier number",
    "name": "tìm thấy theo họ tên trong xã, huyện / found by the name in the commune or district",
}
_NOT_THERE: Final = (
    "không có trong danh sách đang chi trả; có thể đã chết hoặc đã chuyển, không phải là điều bất lợi cho người con / "
    "not on the list of those paid, which says nothing against the child"
)
_MOST: Final = 20
State = Callable[[str], str]


def family_chain(run_folder: Path, record_id: str, state: State) -> Iterator[str]:
    """One line a link: the parent of a child, how found, its state; the brothers and sisters; or a veteran's children.

    `state` says in words what is proposed of a record. Nothing where the record is on no Agent Orange roster or alone.
    """
    path = run_folder / "records" / f"{KIND}.parquet"
    if not path.exists():
        return
    records = pd.read_parquet(path, columns=list(_COLUMNS))
    kin = family(records)
    at = np.flatnonzero(records["record_id"] == record_id)
    if not len(at):
        return
    line = _known(records.iloc[int(at[0])])
    parent = kin["parent_record_id"].get(record_id)
    if line.get("claim") == "child":
        yield from _parent(records, line, kin.iloc[int(at[0])], state)
    children = records[(kin["parent_record_id"] == (record_id if pd.isna(parent) else parent)).fillna(False).to_numpy()]
    others = children[children["record_id"] != record_id]
    for _, row in others.head(_MOST).iterrows():
        child = _known(row)
        who = "người con / child" if pd.isna(parent) else "anh chị em, xét riêng / brother or sister, judged alone"
        yield f"{who}: {_line(child)}: {state(str(child['record_id']))}"
    if len(others) > _MOST:
        yield f"và {len(others) - _MOST} người khác / and {len(others) - _MOST} more"


def _parent(records: pd.DataFrame, child: dict[str, Any], kin: "pd.Series[Any]", state: State) -> Iterator[str]:
    name, number = child.get("parent_name", "?"), child.get("parent_dossier_no", "?")
    yield f"Cha/mẹ ghi trên danh sách / parent on the list: {name}, số hồ sơ / dossier {number}"
    parent = kin["parent_record_id"]
    if pd.isna(parent):
        yield f"Hồ sơ của cha/mẹ / the parent's file: {_NOT_THERE}"
        return
    found = _known(records[records["record_id"] == parent].iloc[0])
    yield f"Hồ sơ của cha/mẹ / the parent's file: {_line(found)}; {_FOUND[str(kin['parent_found'])]}"
    yield f"Tình trạng hồ sơ cha/mẹ / its state: {state(str(parent))}"
    yield (
        "Chỉ điều gì dựa vào hồ sơ cha/mẹ mới được xem lại; người con không bị dừng vì hồ sơ của người khác / "
        "only what rests on the parent's file is looked at again; no child is stopped for another's file"
    )


def _known(row: "pd.Series[Any]") -> dict[str, Any]:
    return {str(name): value for name, value in row.items() if not pd.isna(value)}


def _line(record: dict[str, Any]) -> str:
    place = ", ".join(str(record[name]) for name in ("source_file", "source_sheet", "source_row") if record.get(name))
    return f"{record.get('name', '?')} ({record['record_id']}; {place})"
