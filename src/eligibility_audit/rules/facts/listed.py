"""Whether who is paid as poor is in a household of the list of poor households."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.rules.facts.people import NONE, Mask, People
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.words_of_groups import group_of

LIST: Final = "poor_households"
ROSTER: Final = "covid_relief"
LINKED: Final = 0.5  # a probability of linkage at which a line of the list is taken for this person's
MOST_MISSING: Final = 0.3  # of those paid as poor; a list that lacks more is not the list they were paid by
POOR: Final = ("poor", "near_poor")
COLUMNS: Final = {"poor_listed": "boolean"}


def poor_list_facts(
    records_by_kind: Mapping[str, pd.DataFrame], people: People, pairs: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """`poor_listed` of each line of the COVID-19 roster, indexed by record_id.

    True: a line of the list has the same number, or the same name and birth year in the district (or where a district
    or year is not stated), or is linked. NA: no name is stated, or the list has no line of this commune, names
    heads of households alone, or lacks too many of those paid as poor.
    """
    roster, listed = records_by_kind.get(ROSTER), records_by_kind.get(LIST)
    if roster is None or roster.empty or listed is None or listed.empty:
        return pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], dtype="string[pyarrow]")).astype(COLUMNS)
    paid, poor = people.of(ROSTER), people.of(LIST)
    there = on_list(people, pairs, paid, poor)
    covered = np.isin(people.unit, people.unit[poor & (people.unit != NONE)])
    covered &= people.name != NONE
    covered &= listed["household_no"].nunique() < len(listed)
    words = LawPack.load(ROSTER).at(as_of, ("group_words",)).lists("group_words")
    as_poor = group_of(roster["group"], words).isin(POOR).to_numpy("bool", na_value=False) & covered[paid]
    if (as_poor & ~there[paid]).sum() > max(MOST_MISSING * as_poor.sum(), 1):
        covered[:] = False
    found = pd.Series(there[paid], dtype="boolean").mask(~there[paid] & ~covered[paid])
    return pd.DataFrame({"poor_listed": found}).set_axis(people.record_id[paid])


def on_list(people: People, pairs: pd.DataFrame, own: Mask, others: Mask) -> Mask:
    """Whether each person of `own` seems to be on one of the lists `others`, read generously (see `poor_list_facts`)."""
    there = np.isin(people.number, people.number[others & (people.number != NONE)])
    there |= _same_name(people, others)
    there[_linked(pairs, own, others)] = True
    return np.asarray(there)


def _same_name(people: People, poor: Mask) -> Mask:
    """Whether the list has the name with the birth year in the district; a year or district unstated on a side fits."""
    there = np.zeros(len(people), dtype=bool)
    for year, district in ((True, True), (True, False), (False, True), (False, False)):
        key = _key(people, year, district)
        unstated = (year | (people.year == NONE)) & (district | (people.district == NONE))
        there |= np.isin(key, key[poor & unstated]) | (unstated & np.isin(key, key[poor]))
    return np.asarray(there & (people.name != NONE))


def _key(people: People, year: bool, district: bool) -> NDArray[np.int64]:
    key = people.name.astype("int64") << 36
    key |= (people.year.astype("int64") + 1 << 20) if year else 0
    key |= people.district.astype("int64") + 1 if district else 0
    return np.where(people.name == NONE, NONE, key)


def _linked(pairs: pd.DataFrame, paid: Mask, poor: Mask) -> NDArray[np.intp]:
    """Positions of the lines of the roster that linkage binds to a line of the list."""
    likely = pairs[pairs["probability"] >= LINKED]
    left, right = likely["left"].to_numpy("intp"), likely["right"].to_numpy("intp")
    return np.concatenate([left[paid[left] & poor[right]], right[paid[right] & poor[left]]])
