"""Who is paid by another list too: a pension; a sick soldier's allowance beside Agent Orange. From the linked pairs."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import pandas as pd

from eligibility_audit.rules.agent_orange.basis import BASIS_PARAMETERS, basis
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.wording import TEXT, Column
from eligibility_audit.rules.words_of_groups import group_of

_SURE: Final = 0.9  # match probability from which two lines are taken for one person, for a verification
_LOCATION: Final = ("source_file", "source_sheet", "source_row")


def facts(records_by_kind: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, as_of: date) -> dict[str, pd.DataFrame]:
    """The line of another list that pays the same person, the likeliest; null where there is none.

    social_assistance: pension_record_id, pension_file, pension_sheet (text), pension_row (`Int64`). agent_orange and
    merit_other: paid_record_id, paid_file, paid_sheet, paid_row (the line on the other of the two), paid_group (the
    group of the merit line), paid_on_disease (`boolean`: the Agent Orange line stands on a disease alone).
    """
    found = {}
    if "social_assistance" in records_by_kind:
        found["social_assistance"] = _other(records_by_kind, pairs, "social_assistance", "pensions", "pension")
    for one, two in (("agent_orange", "merit_other"), ("merit_other", "agent_orange")):
        if one in records_by_kind:
            found[one] = _merit(records_by_kind, pairs, one, two, as_of)
    return found


def _merit(
    records_by_kind: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, one: str, two: str, as_of: date
) -> pd.DataFrame:
    other = _other(records_by_kind, pairs, one, two, "paid")
    own = other.index.to_series().astype(TEXT)
    exposed, merit = (own, other["paid_record_id"]) if one == "agent_orange" else (other["paid_record_id"], own)
    paid = other["paid_record_id"].notna()
    disease = _looked_up(records_by_kind.get("agent_orange"), "disease", exposed.where(paid))
    group = _looked_up(records_by_kind.get("merit_other"), "group", merit.where(paid))
    said = basis(disease, LawPack.load("agent_orange").at(as_of, BASIS_PARAMETERS))
    words = LawPack.load("merit_other").at(as_of, ("group_words",)).lists("group_words")
    alone = said["listed"] & ~said["infertile"] & ~said["deformed_child"]
    return other.assign(paid_group=group_of(group, words), paid_on_disease=alone)


def _other(
    records_by_kind: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, one: str, two: str, prefix: str
) -> pd.DataFrame:
    """The likeliest line of the list `two` for each line of `one`: `<prefix>_record_id`, `_file`, `_sheet`, `_row`."""
    sides = [("left", "right"), ("right", "left")]
    parts = [
        pd.DataFrame(
            {"own": pairs[f"{a}_record_id"], "other": pairs[f"{b}_record_id"], "p": pairs["match_probability"]}
        )[((pairs[f"{a}_kind"] == one) & (pairs[f"{b}_kind"] == two)).fillna(False).astype("bool")]
        for a, b in sides
    ]
    linked = pd.concat(parts)
    linked = linked[(linked["p"] >= _SURE).fillna(False).astype("bool")]
    linked = linked.sort_values(["p", "other"], ascending=[False, True]).drop_duplicates("own").set_index("own")
    index = pd.Index(records_by_kind[one]["record_id"].astype(TEXT), name="record_id")
    there = pd.Series(linked["other"].reindex(index).astype(TEXT).array, index=index)
    lines = records_by_kind.get(two)
    columns = {f"{prefix}_record_id": there}
    for name in _LOCATION:
        columns[f"{prefix}_{name.removeprefix('source_')}"] = _looked_up(lines, name, there)
    return pd.DataFrame(columns, index=index)


def _looked_up(lines: pd.DataFrame | None, name: str, record_ids: Column) -> Column:
    """A column of another list at some record ids; null where there is none."""
    if lines is None:
        nothing: Column = pd.Series(pd.NA, index=record_ids.index, dtype=TEXT)
        return nothing.astype("Int64") if name == "source_row" else nothing
    found = lines.set_index("record_id")[name].reindex(record_ids)
    typed: Column = found.astype("Int64") if name == "source_row" else found.astype("string[pyarrow]")
    return pd.Series(typed.array, index=record_ids.index)
