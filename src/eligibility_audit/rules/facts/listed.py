"""Who is paid the relief: by which scheme, in a listed household or not, and from a monthly roster of before."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.domain.dates import span
from eligibility_audit.rules.facts.list_days import list_days
from eligibility_audit.rules.facts.people import NONE, Mask, People
from eligibility_audit.rules.parameters import LawPack, Parameters
from eligibility_audit.rules.words_of_groups import group_of

TEXT: Final = "string[pyarrow]"
LIST: Final = "poor_households"
ROSTER: Final = "covid_relief"
LINKED: Final = 0.5  # a probability of linkage at which a line of the list is taken for this person's
MOST_MISSING: Final = 0.3  # of those paid as poor; a list that lacks more is not the list they were paid by
POOR: Final = ("poor", "near_poor")
RELIEF_BEGAN: Final = date(2020, 4, 24)  # words of lists are asked for no earlier; the rules ask the day itself
SURE: Final = 0.9  # a probability at which a line of a monthly roster is taken for this person's
MONTHLY: Final = ("agent_orange", "merit_other", "social_assistance")
PARAMETERS: Final = ("group_words", "list_days", "scheme_words")
COLUMNS: Final = {
    "scheme": TEXT,  # province: paid by the province's own resolution; null: by the Government's
    "poor_listed": "boolean",
    "poor_number_listed": "boolean",  # the very id number stands on the list of the day
    "monthly_record_id": TEXT,  # the line of a monthly roster that is this person's, decided earliest
    "monthly_decided": "Int32",  # the last possible day of its decision, as a day number
    "monthly_file": TEXT,
    "monthly_sheet": TEXT,
    "monthly_row": "Int64",
}


def relief_facts(
    records_by_kind: Mapping[str, pd.DataFrame], people: People, pairs: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """What other lists say of each line of the COVID-19 roster, indexed by record_id; columns `COLUMNS`."""
    roster = records_by_kind.get(ROSTER)
    if roster is None or roster.empty:
        return pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], dtype=TEXT)).astype(COLUMNS)
    paid = people.of(ROSTER)
    law = LawPack.load(ROSTER).at(max(as_of, RELIEF_BEGAN), PARAMETERS)
    found = _listed(records_by_kind, people, pairs, law)
    found["scheme"] = _schemes(roster, law.words("scheme_words"))
    found = found.set_axis(people.record_id[paid])
    return found.join(_monthly(records_by_kind, people, pairs, paid)).reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _listed(
    records_by_kind: Mapping[str, pd.DataFrame], people: People, pairs: pd.DataFrame, law: Parameters
) -> pd.DataFrame:
    """`poor_listed` and `poor_number_listed` of each line of the roster.

    True: a line of the list has the same number, or the same name and birth year in the district (or where a district
    or year is not stated), or is linked. NA: no name is stated, or the list has no line of this commune, names
    heads of households alone, or lacks too many of those paid as poor. A list of another day than the law's is no list.
    """
    paid, poor = people.of(ROSTER), people.of(LIST)
    roster, listed = records_by_kind[ROSTER], records_by_kind.get(LIST)
    unknown = pd.Series(pd.NA, index=range(int(paid.sum())), dtype="boolean")
    if listed is None or listed.empty:
        return pd.DataFrame({"poor_listed": unknown, "poor_number_listed": unknown})
    days = list_days(listed)
    poor[poor] = (days.isna() | days.isin(law.words("list_days"))).to_numpy("bool")
    there = on_list(people, pairs, paid, poor)
    covered = np.isin(people.unit, people.unit[poor & (people.unit != NONE)])
    covered &= people.name != NONE
    covered &= listed["household_no"].nunique() < len(listed)
    words = law.lists("group_words")
    as_poor = group_of(roster["group"], words).isin(POOR).to_numpy("bool", na_value=False) & covered[paid]
    if (as_poor & ~there[paid]).sum() > max(MOST_MISSING * as_poor.sum(), 1):
        covered[:] = False
    found = pd.Series(there[paid], dtype="boolean").mask(~there[paid] & ~covered[paid])
    numbers = people.number[poor & (people.number != NONE)]
    return pd.DataFrame({"poor_listed": found, "poor_number_listed": np.isin(people.number[paid], numbers)})


def _schemes(roster: pd.DataFrame, words: Sequence[str]) -> "pd.Series[str]":
    """`province` where the group, the headings or the file of a line says so; else null."""
    said = pd.Series(False, index=range(len(roster)))
    for column in ("group", "heading_group", "sheet_title", "source_sheet", "source_file"):
        if column in roster:
            texts = roster[column].astype(TEXT).str.replace("_", " ").reset_index(drop=True)
            said |= (group_of(texts, {"province": words}) == "province").fillna(False).astype("bool")
    return pd.Series("province", index=said.index, dtype=TEXT).where(said)


def _monthly(
    records_by_kind: Mapping[str, pd.DataFrame], people: People, pairs: pd.DataFrame, paid: Mask
) -> pd.DataFrame:
    """The line of a monthly roster that linkage binds to each line of the relief, the one decided earliest."""
    decided = [
        pd.Series(span(records["decision_date"].astype(TEXT))["last"].array, index=pd.Index(records["record_id"]))
        for kind, records in records_by_kind.items()
        if kind in MONTHLY and len(records)
    ]
    likely = pairs[(pairs["probability"] >= SURE).to_numpy("bool")]
    left, right = likely["left"].to_numpy("intp"), likely["right"].to_numpy("intp")
    monthly = people.of(*MONTHLY)
    one, two = paid[left] & monthly[right], paid[right] & monthly[left]
    own = np.concatenate([left[one], right[two]])
    other = np.concatenate([right[one], left[two]])
    found = pd.DataFrame({"own": own, "monthly_record_id": people.record_id[other]})
    source = people.source.iloc[other].reset_index(drop=True)
    for column in ("file", "sheet", "row"):
        found[f"monthly_{column}"] = source[f"source_{column}"]
    if decided:
        found["monthly_decided"] = pd.concat(decided).reindex(pd.Index(found["monthly_record_id"])).array
    found = found.sort_values([*(["monthly_decided"] if decided else []), "monthly_record_id"], kind="stable")
    found = found.drop_duplicates("own")
    return found.set_axis(people.record_id[found["own"].to_numpy("intp")]).drop(columns="own")


def on_list(people: People, pairs: pd.DataFrame, own: Mask, others: Mask) -> Mask:
    """Whether each person of `own` seems to be on one of the lists `others`, read generously (see `_listed`).

    One element a person of all; False for those who are not of `own`.
    """
    there = np.zeros(len(people), dtype=bool)
    numbers = people.number[others & (people.number != NONE)]
    there[own] = pd.Series(people.number[own]).isin(numbers).to_numpy() | _same_name(people, own, others)
    there[_linked(pairs, own, others)] = True
    return there


def _same_name(people: People, own: Mask, others: Mask) -> Mask:
    """Whether the lists have the name of each of `own`, with the birth year in the district.

    A year or a district that is unstated on one side fits.
    """
    sides = np.flatnonzero(own), np.flatnonzero(others & (people.name != NONE))
    there = np.zeros(len(sides[0]), dtype=bool)
    for year, district in ((True, True), (True, False), (False, True), (False, False)):
        coarse, coarse_others = (
            (year | (people.year[at] == NONE)) & (district | (people.district[at] == NONE)) for at in sides
        )
        key, listed = (pd.Series(_key(people, at, year, district)) for at in sides)
        there |= key.isin(listed[coarse_others]).to_numpy()
        there[coarse] |= key[coarse].isin(listed).to_numpy()
    return np.asarray(there & (people.name[own] != NONE))


def _key(people: People, at: NDArray[np.intp], year: bool, district: bool) -> NDArray[np.int64]:
    key = people.name[at].astype("int64") << 36
    key |= (people.year[at].astype("int64") + 1 << 20) if year else 0
    key |= people.district[at].astype("int64") + 1 if district else 0
    return key


def _linked(pairs: pd.DataFrame, paid: Mask, poor: Mask) -> NDArray[np.intp]:
    """Positions of the lines of the roster that linkage binds to a line of the list."""
    likely = pairs[pairs["probability"] >= LINKED]
    left, right = likely["left"].to_numpy("intp"), likely["right"].to_numpy("intp")
    return np.concatenate([left[paid[left] & poor[right]], right[paid[right] & poor[left]]])
