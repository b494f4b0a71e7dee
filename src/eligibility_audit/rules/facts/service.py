"""The army's record of a veteran: the same person, and where it says the service was."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.dates import span
from eligibility_audit.rules.facts.candidates import candidates
from eligibility_audit.rules.facts.identity import contradicts, in_words
from eligibility_audit.rules.facts.people import Born, Name, Number, People, Place, agreement

TEXT: Final = "string[pyarrow]"
ROSTER: Final = "agent_orange"
COLUMNS: Final = {
    "army_record_id": TEXT,
    "army_place": TEXT,  # as the army writes it; of several records of one person and time, joined by ` | `
    "army_from": TEXT,
    "army_to": TEXT,
    "army_overlaps": "boolean",  # its period shares a day with the roster's; null where one is unknown
    "army_agrees": TEXT,
    "army_differs": TEXT,
    "army_file": TEXT,
    "army_sheet": TEXT,
    "army_row": "Int64",
}


def army_facts(records_by_kind: Mapping[str, pd.DataFrame], people: People, pairs: pd.DataFrame) -> pd.DataFrame:
    """The army record of each veteran of the Agent Orange roster who has one; columns `COLUMNS`, by record_id.

    The person must be the same by number, or by name and birth with the commune, or by name and full birth date; a
    name and year that several army records of the commune carry say nothing.
    """
    army, roster = records_by_kind.get("service_records"), records_by_kind.get(ROSTER)
    if army is None or roster is None or army.empty or roster.empty:
        return _empty()
    found = candidates(people, pairs, (ROSTER,), "service_records")
    left, right = found["left"].to_numpy("intp"), found["right"].to_numpy("intp")
    how = agreement(people, left, right)
    by_number = (how.number == Number.SAME) & (how.name >= Name.CLOSE)
    by_place = (how.name >= Name.SAME) & (how.born >= Born.SWAPPED) & (how.place >= Place.MAYBE)
    by_day = (how.name >= Name.SAME) & (how.born == Born.DAY)
    kept = ~contradicts(how) & (by_number | by_place | by_day)
    left, right = left[kept], right[kept]
    how = agreement(people, left, right)
    records = _periods(army).reindex(people.record_id[right])
    ours = _periods(roster).reindex(people.record_id[left])
    source = people.source.iloc[right]
    out = pd.DataFrame(
        {
            "record_id": people.record_id[left],
            "army_record_id": people.record_id[right],
            "army_place": records["place"].to_numpy(),
            "army_from": records["service_from"].to_numpy(),
            "army_to": records["service_to"].to_numpy(),
            "army_overlaps": _overlap(records, ours),
            "army_file": source["source_file"].to_numpy(),
            "army_sheet": source["source_sheet"].to_numpy(),
            "army_row": source["source_row"].to_numpy(),
            "born": how.born,
        }
    )
    out[["army_agrees", "army_differs"]] = in_words(how).to_numpy()
    return _one_each(out)


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()}, index=pd.Index([], dtype=TEXT))


def _periods(records: pd.DataFrame) -> pd.DataFrame:
    """Service from and to, as text and as days, indexed by record_id."""
    texts = {name: records[name].astype(TEXT) for name in ("service_from", "service_to")}
    return pd.DataFrame(
        {
            "service_from": texts["service_from"].to_numpy(),
            "service_to": texts["service_to"].to_numpy(),
            "first": span(texts["service_from"])["first"].to_numpy("float64", na_value=np.nan),
            "last": span(texts["service_to"])["last"].to_numpy("float64", na_value=np.nan),
            "place": _place(records).to_numpy(),
        },
        index=pd.Index(records["record_id"]),
    )


def _place(records: pd.DataFrame) -> "pd.Series[str]":
    """The place; where it could not be told from a unit, what the cell of the place says."""
    place = records["place"].astype(TEXT)
    if "received_place" not in records:
        return place
    received = records["received_place"].astype(TEXT)
    return place.fillna(received.mask(received == ""))


def _overlap(records: pd.DataFrame, ours: pd.DataFrame) -> "pd.Series[bool]":
    first, last = records["first"].to_numpy(), records["last"].to_numpy()
    our_first, our_last = ours["first"].to_numpy(), ours["last"].to_numpy()
    unknown = np.isnan(first) | np.isnan(last) | np.isnan(our_first) | np.isnan(our_last)
    return pd.Series((first <= our_last) & (our_first <= last), dtype="boolean").mask(unknown)


def _one_each(found: pd.DataFrame) -> pd.DataFrame:
    """The best record of each person; places of all records equally good are brought together."""
    best = found["born"] == found.groupby("record_id")["born"].transform("max")
    found = found[best].sort_values(["record_id", "army_record_id"], kind="stable")
    stated = found.dropna(subset="army_place")
    several = stated[stated.duplicated("record_id", keep=False)]
    places = stated.drop_duplicates("record_id").set_index("record_id")["army_place"]
    joined = several.groupby("record_id")["army_place"].agg(" | ".join)
    places = pd.concat([places.drop(joined.index), joined.astype(places.dtype)])
    every = found["army_overlaps"].fillna(False).astype("bool").groupby(found["record_id"]).min()
    one = found.drop_duplicates("record_id").set_index("record_id")
    one["army_place"], one["army_overlaps"] = places.reindex(one.index), every.reindex(one.index)
    return one.reindex(columns=list(COLUMNS)).astype(COLUMNS)
