"""Who is paid by another list too, and what each line is paid for. From the linked pairs; the law is asked later."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.rules.agent_orange.basis import BASIS_PARAMETERS, basis
from eligibility_audit.rules.facts.people import People
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.wording import TEXT, Column
from eligibility_audit.rules.words_of_groups import group_of

_SURE: Final = 0.9  # match probability from which two lines are taken for one person, for a verification
_MERIT: Final = ("agent_orange", "merit_other")
_FIRST: Final = "sick_soldier"  # of several lines with merit, the one on which a combination turns
Lists = Mapping[str, pd.DataFrame]


def also_paid(records_by_kind: Lists, people: People, pairs: pd.DataFrame, as_of: date) -> dict[str, pd.DataFrame]:
    """The lines of other lists that pay the same person, and the statuses of both sides; null where there is none.

    Each line of another list: `<x>_record_id`, `<x>_file`, `<x>_sheet` (text), `<x>_row` (`Int64`), `<x>_status` and
    `<x>_own_status`, as the matrix of combinations names them. agent_orange, merit_other: `paid` (the line on the other
    of the two), `aid` (social assistance); agent_orange besides: `serving` (a line of the merit list for a serving
    person). social_assistance: `aid` (a line with merit), `pension`, with `pension_amount` (`Int64`, đồng a month).
    `pairs`: what `located` gives.
    """
    status = _statuses(records_by_kind, people, as_of)
    edges = _edges(pairs)
    wanted: dict[str, dict[str, tuple[str, ...]]] = {
        "agent_orange": {"paid": ("merit_other",), "serving": ("merit_other",), "aid": ("social_assistance",)},
        "merit_other": {"paid": ("agent_orange",), "aid": ("social_assistance",)},
        "social_assistance": {"aid": _MERIT, "pension": ("pensions",)},
    }
    found = {}
    for roster, prefixes in wanted.items():
        if roster in records_by_kind:
            own = edges[people.of(roster)[edges["own"]]]
            parts = [
                _lines(people, own[people.of(*kinds)[own["other"]]], status, prefix, roster)
                for prefix, kinds in prefixes.items()
            ]
            found[roster] = pd.concat(parts, axis=1)
    if "social_assistance" in found:
        ids = found["social_assistance"]["pension_record_id"]
        found["social_assistance"]["pension_amount"] = _amounts(records_by_kind.get("pensions"), ids)
    return found


def _statuses(records_by_kind: Lists, people: People, as_of: date) -> Column:
    """What each line is paid for: a group of the merit list, `ao_...`, social_assistance, pension; else null."""
    found = pd.Series(pd.NA, index=range(len(people)), dtype=TEXT)
    for kind, function in (("agent_orange", _exposed), ("merit_other", _merit)):
        if kind in records_by_kind:
            found[people.of(kind)] = function(records_by_kind[kind], as_of).array
    for kind, name in (("social_assistance", "social_assistance"), ("pensions", "pension")):
        found[people.of(kind)] = name
    return found


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
    """Each sure pair from both of its ends: own, other (positions), p."""
    sure = pairs[pairs["probability"] >= _SURE]
    parts = [
        pd.DataFrame({"own": sure[one], "other": sure[two], "p": sure["probability"]})
        for one, two in (("left", "right"), ("right", "left"))
    ]
    return pd.concat(parts, ignore_index=True)


def _lines(people: People, edges: pd.DataFrame, status: Column, prefix: str, roster: str) -> pd.DataFrame:
    """The likeliest line for each record of a roster, with where it stands and both statuses."""
    other = edges["other"].to_numpy("intp")
    edges = edges.assign(status=status.array.take(other), id=people.record_id.take(other))
    if prefix == "serving":
        edges = edges[(edges["status"] == "serving").fillna(False).astype("bool")]
    edges = edges.assign(first=(edges["status"] == _FIRST).fillna(False).astype("bool"))
    edges = edges.sort_values(["first", "p", "id"], ascending=[False, False, True], kind="stable")
    best = edges.drop_duplicates("own")
    listed = np.flatnonzero(people.of(roster))
    at = np.full(len(listed), -1)
    at[np.searchsorted(listed, best["own"].to_numpy("intp"))] = np.arange(len(best))
    source = people.source.iloc[best["other"].to_numpy("intp")]
    columns: dict[str, Column] = {
        "record_id": best["id"].astype(TEXT),
        "status": best["status"].astype(TEXT),
        "own_status": status.iloc[best["own"].to_numpy("intp")].astype(TEXT),
        "file": source["source_file"].astype(TEXT),
        "sheet": source["source_sheet"].astype(TEXT),
        "row": source["source_row"].astype("Int64"),
    }
    index = pd.Index(people.record_id[listed], dtype=TEXT, name="record_id")
    found = {f"{prefix}_{name}": column.array.take(at, allow_fill=True) for name, column in columns.items()}
    return pd.DataFrame(found, index=index)


def _amounts(pensions: pd.DataFrame | None, record_ids: Column) -> Column:
    """What some lines of the pensions pay a month; null where there is no line or no amount."""
    unknown = pd.Series(pd.NA, index=record_ids.index, dtype="Int64")
    if pensions is None or "monthly_amount" not in pensions:
        return unknown
    paid = pensions.set_index("record_id")["monthly_amount"].reindex(record_ids.astype("object"))
    return unknown.fillna(pd.Series(paid.astype("Int64").array, index=record_ids.index))
