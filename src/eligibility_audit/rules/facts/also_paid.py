"""Who is paid by another list too, and what each line is paid for. From the linked pairs; the law is asked later."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.rules.agent_orange.basis import BASIS_PARAMETERS, basis
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.wording import TEXT, Column
from eligibility_audit.rules.words_of_groups import group_of

_SURE: Final = 0.9  # match probability from which two lines are taken for one person, for a verification
_LOCATION: Final = ("source_file", "source_sheet", "source_row")
_MERIT: Final = ("agent_orange", "merit_other")
_FIRST: Final = "sick_soldier"  # of several lines with merit, the one on which a combination turns
Lists = Mapping[str, pd.DataFrame]


def facts(records_by_kind: Lists, pairs: pd.DataFrame, as_of: date) -> dict[str, pd.DataFrame]:
    """The lines of other lists that pay the same person, and the statuses of both sides; null where there is none.

    Each line of another list: `<x>_record_id`, `<x>_file`, `<x>_sheet` (text), `<x>_row` (`Int64`), `<x>_status` and
    `<x>_own_status`, as the matrix of combinations names them. agent_orange, merit_other: `paid` (the line on the other
    of the two), `aid` (social assistance); agent_orange besides: `serving` (a line of the merit list for a serving
    person). social_assistance: `aid` (a line with merit), `pension`, with `pension_amount` (`Int64`, đồng a month).
    """
    status = statuses(records_by_kind, as_of)
    edges = _edges(pairs)
    wanted: dict[str, dict[str, tuple[str, ...]]] = {
        "agent_orange": {"paid": ("merit_other",), "serving": ("merit_other",), "aid": ("social_assistance",)},
        "merit_other": {"paid": ("agent_orange",), "aid": ("social_assistance",)},
        "social_assistance": {"aid": _MERIT, "pension": ("pensions",)},
    }
    found = {}
    for roster, prefixes in wanted.items():
        if roster in records_by_kind:
            index = pd.Index(records_by_kind[roster]["record_id"].astype(TEXT), name="record_id")
            own = edges[edges["own_kind"] == roster]
            parts = [
                _line(records_by_kind, own[own["other_kind"].isin(kinds)], status, prefix, index)
                for prefix, kinds in prefixes.items()
            ]
            found[roster] = pd.concat(parts, axis=1)
    if "social_assistance" in found:
        ids = found["social_assistance"]["pension_record_id"]
        found["social_assistance"]["pension_amount"] = _amounts(records_by_kind.get("pensions"), ids)
    return found


def statuses(records_by_kind: Lists, as_of: date) -> Column:
    """What each line is paid for, by record_id: a group of the merit list, `ao_...`, social_assistance, pension."""
    parts = []
    for kind, function in (("agent_orange", _exposed), ("merit_other", _merit)):
        records = records_by_kind.get(kind)
        if records is not None:
            parts.append(pd.Series(function(records, as_of).array, index=records["record_id"].astype("object")))
    for kind, name in (("social_assistance", "social_assistance"), ("pensions", "pension")):
        if kind in records_by_kind:
            parts.append(pd.Series(name, index=records_by_kind[kind]["record_id"].astype("object"), dtype=TEXT))
    return pd.concat(parts) if parts else pd.Series(dtype=TEXT)


def _exposed(records: pd.DataFrame, as_of: date) -> Column:
    """By the ground of the claim: a listed disease alone, infertility or a deformed child, a child's own claim."""
    said = basis(records["disease"], LawPack.load("agent_orange").at(as_of, BASIS_PARAMETERS))
    other = (said["infertile"] | said["deformed_child"]).fillna(False)
    found = np.select(
        [(records["claim"] == "child").fillna(False), other, said["listed"].fillna(False)],
        ["ao_child", "ao_other_basis", "ao_disease"],
        "ao_basis_unknown",
    )
    return pd.Series(pd.array(found, dtype=TEXT), index=records.index)


def _merit(records: pd.DataFrame, as_of: date) -> Column:
    words = LawPack.load("merit_other").at(as_of, ("group_words",)).lists("group_words")
    return group_of(records["group"], words).fillna("merit")


def _edges(pairs: pd.DataFrame) -> pd.DataFrame:
    """Each sure pair from both of its ends: own, own_kind, other, other_kind, p."""
    sure = pairs[(pairs["match_probability"] >= _SURE).fillna(False).astype("bool")]
    parts = [
        pd.DataFrame(
            {
                "own": sure[f"{one}_record_id"],
                "own_kind": sure[f"{one}_kind"],
                "other": sure[f"{two}_record_id"],
                "other_kind": sure[f"{two}_kind"],
                "p": sure["match_probability"],
            }
        )
        for one, two in (("left", "right"), ("right", "left"))
    ]
    return pd.concat(parts, ignore_index=True)


def _line(records_by_kind: Lists, edges: pd.DataFrame, status: Column, prefix: str, index: pd.Index) -> pd.DataFrame:
    """The likeliest line for each record, with where it stands and both statuses."""
    edges = edges.assign(status=status.reindex(edges["other"].astype("object")).array)
    if prefix == "serving":
        edges = edges[(edges["status"] == "serving").fillna(False).astype("bool")]
    edges = edges.assign(first=(edges["status"] == _FIRST).fillna(False).astype("bool"))
    edges = edges.sort_values(["first", "p", "other"], ascending=[False, False, True], kind="stable")
    best = edges.drop_duplicates("own").set_index("own").reindex(index)
    other = pd.Series(best["other"].astype(TEXT).array, index=index)
    own = pd.Series(status.reindex(index.astype("object")).astype(TEXT).array, index=index)
    columns = {
        f"{prefix}_record_id": other,
        f"{prefix}_status": pd.Series(best["status"].astype(TEXT).array, index=index),
        f"{prefix}_own_status": own.where(other.notna()),
    }
    return pd.DataFrame({**columns, **_places(records_by_kind, other, prefix)}, index=index)


def _amounts(pensions: pd.DataFrame | None, record_ids: Column) -> Column:
    """What some lines of the pensions pay a month; null where there is no line or no amount."""
    unknown = pd.Series(pd.NA, index=record_ids.index, dtype="Int64")
    if pensions is None or "monthly_amount" not in pensions:
        return unknown
    paid = pensions.set_index("record_id")["monthly_amount"].reindex(record_ids.astype("object"))
    return unknown.fillna(pd.Series(paid.astype("Int64").array, index=record_ids.index))


def _places(records_by_kind: Lists, record_ids: Column, prefix: str) -> dict[str, Column]:
    """Where some records stand, whatever their list; null where there is none."""
    wanted = set(record_ids.dropna())
    lines = [
        frame.loc[frame["record_id"].isin(wanted), ["record_id", *_LOCATION]] for frame in records_by_kind.values()
    ]
    found = pd.concat(lines).set_index("record_id").reindex(record_ids.astype("object"))
    return {
        f"{prefix}_{name.removeprefix('source_')}": pd.Series(
            found[name].astype("Int64" if name == "source_row" else TEXT).array, index=record_ids.index
        )
        for name in _LOCATION
    }
