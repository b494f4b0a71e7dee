"""Death registrations of the people on a roster: which one, how surely, and whether it was cancelled."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.domain.dates import day_number, span
from eligibility_audit.domain.kinds import AUDITED, ROSTERS
from eligibility_audit.rules.facts.candidates import candidates
from eligibility_audit.rules.facts.identity import contradicts, in_words, supports, sure
from eligibility_audit.rules.facts.people import Born, People, agreement, completed
from eligibility_audit.rules.facts.text import says
from eligibility_audit.rules.parameters import LawPack

TEXT: Final = "string[pyarrow]"
ELSEWHERE: Final = ", ngày sinh ghi ở danh sách khác cùng số CMND/CCCD và họ tên"
COLUMNS: Final = {
    "death_record_id": TEXT,
    "death_identity": TEXT,  # sure, signal; null: none
    "death_cancelled": "boolean",
    "death_first": "Int32",  # first and last possible day of death, as day numbers
    "death_last": "Int32",
    "death_on": TEXT,
    "death_registration": TEXT,
    "death_note": TEXT,
    "death_probability": "Float64",
    "death_agrees": TEXT,
    "death_differs": TEXT,
    "death_namesakes": "Int64",  # other registrations of the same name and birth year
    "death_after_decision": "boolean",  # False: the decision to pay is later than the death
    "death_file": TEXT,
    "death_sheet": TEXT,
    "death_row": "Int64",
}


def death_facts(
    records_by_kind: Mapping[str, pd.DataFrame], people: People, pairs: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """The best death registration of each line under review that has one, indexed by record_id; columns `COLUMNS`.

    Deaths after `as_of` are not looked at. A registration that stands is preferred to a cancelled one, a sure identity
    to a signal.
    """
    deaths = records_by_kind.get("deaths")
    if deaths is None or deaths.empty:
        return _empty()
    fuller = completed(people)
    found = candidates(fuller, pairs, AUDITED, "deaths")
    left, right = found["left"].to_numpy("intp"), found["right"].to_numpy("intp")
    how = agreement(fuller, left, right)
    kept = ~contradicts(agreement(people, left, right)) & supports(how, found["probability"].to_numpy("float64"))
    left, right = left[kept], right[kept]
    how, by_others = agreement(people, left, right), agreement(fuller, left, right).born
    best = _registrations(deaths, as_of).reindex(people.record_id[right]).reset_index(names="death_record_id")
    best["death_probability"] = found["probability"].to_numpy()[kept]
    best["record_id"] = people.record_id[left]
    best["death_after_decision"] = _after_decision(records_by_kind, best)
    certain = sure(people, left, right, how) & ~best["doubted"].to_numpy("bool", na_value=False)
    certain &= ~np.isnan(
        best["death_last"].to_numpy("float64", na_value=np.nan)
    )  # a list that gives no day proves none
    best["death_identity"] = np.where(certain, "sure", "signal")
    best[["death_agrees", "death_differs"]] = in_words(how).to_numpy()
    elsewhere = (by_others == Born.DAY) & (how.born == Born.YEAR)
    best["death_agrees"] += np.where(elsewhere, ELSEWHERE, "")
    best["death_namesakes"] = _namesakes(people, right)
    source = people.source.iloc[right].reset_index(drop=True)
    best["death_file"], best["death_sheet"] = source["source_file"], source["source_sheet"]
    best["death_row"] = source["source_row"]
    best["born"], best["name"] = how.born, how.name
    best = best[best["in_time"].astype("bool")]
    order = ["death_cancelled", "death_identity", "born", "name", "death_probability", "death_record_id"]
    best = best.sort_values(order, ascending=[True, False, False, False, False, True], kind="stable")
    best = best.drop_duplicates("record_id").set_index("record_id")
    return best.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _empty() -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in COLUMNS.items()}, index=pd.Index([], dtype=TEXT))


def _registrations(deaths: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """What each registration says, indexed by record_id."""
    pack = LawPack.load("agent_orange")  # common words are in every pack
    law = pack.at(as_of, ("death_cancelled", "death_doubted"))
    codes, notes = pd.factorize(deaths["note"].astype(TEXT))
    cancelled = np.array([*(says(str(n), law.words("death_cancelled")) for n in notes), False])[codes]
    doubted = np.array([*(says(str(n), law.words("death_doubted")) for n in notes), False])[codes]
    days = span(deaths["died_on"].astype(TEXT))
    registered = span(deaths["registered_on"].astype(TEXT))["last"]
    last = days["last"].fillna(registered)  # who died on an unknown day had died when it was registered
    return pd.DataFrame(
        {
            "death_cancelled": cancelled,
            "doubted": doubted,
            "in_time": (days["first"] <= day_number(as_of)).to_numpy("bool", na_value=True),
            "death_first": days["first"].to_numpy("float64", na_value=np.nan),
            "death_last": last.to_numpy("float64", na_value=np.nan),
            "death_on": deaths["died_on"].to_numpy(),
            "death_registration": deaths["registration_no"].to_numpy(),
            "death_note": deaths["note"].to_numpy(),
        },
        index=pd.Index(deaths["record_id"]),
    )


def _after_decision(records_by_kind: Mapping[str, pd.DataFrame], best: pd.DataFrame) -> "pd.Series[bool]":
    """Whether the person died after the decision to pay; null where either day is unknown."""
    dated = [
        pd.Series(records["decision_date"].astype(TEXT).to_numpy(), index=pd.Index(records["record_id"]))
        for kind, records in records_by_kind.items()
        if kind in ROSTERS and "decision_date" in records
    ]
    if not dated:
        return pd.Series(pd.NA, index=best.index, dtype="boolean")
    decided = pd.concat(dated).reindex(pd.Index(best["record_id"])).reset_index(drop=True)
    first = span(decided.astype(TEXT))["first"].astype("Float64")
    return (pd.Series(best["death_last"], dtype="Float64") >= first).astype("boolean")


def _namesakes(people: People, deaths: NDArray[np.intp]) -> NDArray[np.int64]:
    """Other registrations with the same name (without diacritics) and birth year."""
    registered = people.of("deaths") & (people.year >= 0)
    counts = pd.DataFrame({"name": people.name[registered], "year": people.year[registered]}).value_counts()
    wanted = pd.MultiIndex.from_arrays([people.name[deaths], people.year[deaths]])
    return np.maximum(counts.reindex(wanted).fillna(1).to_numpy("int64") - 1, 0)
