"""What became of each proposal between two runs: new, cleared, changed, unchanged; through any number of steps between.

A proposal is followed by its record's id; a line of which a cell was altered has another id and is followed by its
dossier number, else by who it speaks of, where that is one line on both sides.
"""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from eligibility_audit.domain.ids import keyed_ids

TEXT: Final = "string[pyarrow]"
MATTERS: Final = ("action", "legal_act", "rule_ids", "direction", "amount_to_clarify", "months", "legal_basis")
WHO: Final = ("programme", "name", "date_of_birth", "national_id", "commune", "district")
NEW, CLEARED, CHANGED = "new", "cleared", "changed"
CHANGES: Final = (
    *("statement_id", "programme", "case_id", "record_id", "record_id_before", "status", "cause"),
    *("action_before", "action_after", "rules_before", "rules_after", "amount_before", "amount_after"),
    *("direction_before", "direction_after", "legal_basis_before", "legal_basis_after"),
)
_SHOWN: Final = {
    "action": "action",
    "rule_ids": "rules",
    "amount_to_clarify": "amount",
    "direction": "direction",
    "legal_basis": "legal_basis",
}


class Followed:
    """Names for proposals that hold from one step to the next. Ask it of the steps in their order."""

    def __init__(self, key: bytes, known: pd.DataFrame | None = None) -> None:
        """`known`: statement_id, record_id, case_id of proposals of earlier runs, the latest last."""
        self._key = key
        self._of_record: dict[str, str] = {}
        self._of_value: dict[str, dict[str, str]] = {"case": {}, "who": {}}
        if known is not None:
            ids = known["statement_id"]
            self._of_record |= dict(zip(known["record_id"], ids, strict=True))
            self._of_value["case"] |= dict(zip(known["case_id"], ids, strict=True))

    def named(self, made: pd.DataFrame) -> pd.DataFrame:
        """The recommendations indexed by `statement_id`; one seen before under another record keeps its own."""
        values = {"case": made["case_id"].astype(TEXT), "who": _persons(made)}
        ids = made["record_id"].astype(TEXT).map(self._of_record).astype(TEXT)
        taken = set(ids.dropna())
        for name, texts in values.items():
            once = texts.where(~texts.duplicated(keep=False))
            found = once.map(self._of_value[name]).astype(TEXT)
            found = found.mask(found.isin(list(taken)) | found.duplicated(keep="first"))
            ids = ids.fillna(found)
            taken |= set(ids.dropna())
        fresh = ids.isna()
        own = keyed_ids("s", made.loc[fresh, "record_id"].astype("object"), self._key)
        ids.loc[fresh] = pd.array(own, dtype=TEXT)
        self._of_record |= dict(zip(made["record_id"].astype("object"), ids, strict=True))
        for name, texts in values.items():
            known = texts.notna() & ~texts.duplicated(keep=False)
            self._of_value[name] |= dict(zip(texts[known], ids[known], strict=True))
        return made.set_index(pd.Index(ids.astype(TEXT), name="statement_id"))


def _persons(made: pd.DataFrame) -> "pd.Series[Any]":
    """Null where no date of birth is known: a name alone is nobody."""
    parts = [made[name].astype(TEXT) for name in WHO]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + "\x1f" + part.fillna("")
    return joined.mask(made["date_of_birth"].isna() | made["name"].isna())


def changes(before: pd.DataFrame, after: pd.DataFrame, cause: str) -> pd.DataFrame:
    """One row a proposal that is new, cleared or changed between two steps; columns `CHANGES`.

    Frames as `Followed.named` gives them. A proposal is changed where what an officer would do, on what ground, or for
    how much is otherwise (`MATTERS`); its wording and its due day, which moves every night, do not count.
    """
    index = before.index.union(after.index)
    sides = [frame.reindex(index) for frame in (before, after)]
    there = [pd.Series(index.isin(frame.index), index=index) for frame in (before, after)]
    unlike = pd.Series(False, index=index)
    for name in MATTERS:
        one, other = sides[0][name].astype(TEXT), sides[1][name].astype(TEXT)
        unlike |= ~((one == other).fillna(False) | (one.isna() & other.isna())).astype("bool")
    status = pd.Series(CHANGED, index=index, dtype=TEXT).mask(~there[0], NEW).mask(~there[1], CLEARED)
    rows = pd.DataFrame({"statement_id": index, "status": status, "cause": cause}, index=index)
    for name in ("programme", "case_id", "record_id"):
        rows[name] = sides[1][name].fillna(sides[0][name])
    rows["record_id_before"] = sides[0]["record_id"]
    for name, short in _SHOWN.items():
        rows[f"{short}_before"], rows[f"{short}_after"] = sides[0][name], sides[1][name]
    return rows[unlike].reindex(columns=list(CHANGES)).reset_index(drop=True)


def add_up(steps: Sequence[pd.DataFrame], whole: pd.DataFrame, before: int, after: int) -> bool:
    """Whether the parts sum to the whole: proposals and sums of money gained and lost, step by step and in all."""
    parts = pd.concat(steps, ignore_index=True) if steps else whole.iloc[:0]
    net = [int((f["status"] == NEW).sum()) - int((f["status"] == CLEARED).sum()) for f in (parts, whole)]
    money = [int(f["amount_after"].fillna(0).sum()) - int(f["amount_before"].fillna(0).sum()) for f in (parts, whole)]
    return net[0] == net[1] == after - before and money[0] == money[1]
