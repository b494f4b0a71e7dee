"""The list of poor households itself: its day, its households, who is in two of them, and who is paid what they may be.

What says that a person is not paid is read generously: a line of the same name and birth year in the district counts
as theirs, so that only who is surely on no list is looked at, and that in communes the list of payments reaches.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.domain.dates import span
from eligibility_audit.rules.facts.candidates import candidates
from eligibility_audit.rules.facts.identity import contradicts, in_words
from eligibility_audit.rules.facts.list_days import list_days
from eligibility_audit.rules.facts.listed import on_list
from eligibility_audit.rules.facts.people import NONE, Born, Mask, Name, Number, People, Place, agreement
from eligibility_audit.rules.facts.text import fold
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.words_of_groups import group_of

TEXT: Final = "string[pyarrow]"
LIST: Final = "poor_households"
PAID_MONTHLY: Final = ("agent_orange", "merit_other", "social_assistance", "pensions")
RELIEF: Final = "covid_relief"
LOCAL_NUMBERS: Final = 0.1  # of household numbers in two communes; where more are, numbers are given commune by commune
LEAST_PAID: Final = 0.7  # of a commune's listed persons on the list of payments; below, the list does not reach it
LEAST_MEMBERS: Final = 10  # listed persons of a commune below which that share says nothing
COLUMNS: Final = {
    "list_day": TEXT,
    "list_first": "Int32",  # first and last possible day of the list, as day numbers
    "list_last": "Int32",
    "opens_list": "boolean",  # the first line of its list: what is said of the whole list stands there
    "opens_household": "boolean",
    "household_listed": "Int64",  # persons of the household on the list; null where the list names heads alone
    "household_headed": "boolean",  # null where the list does not say who is the head
    "number_elsewhere": TEXT,  # other communes of the same household number; null where numbers are given by commune
    "twice_record_id": TEXT,
    "twice_agrees": TEXT,
    "twice_differs": TEXT,
    "twice_file": TEXT,
    "twice_sheet": TEXT,
    "twice_row": "Int64",
    "old_age_paid": "boolean",
    "relief_paid": "boolean",
}

_HEAD: Final = re.compile(r"^(?:chu ho|chu|dai dien ho)\b")


def household_facts(
    records_by_kind: Mapping[str, pd.DataFrame], people: People, pairs: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """What the list of poor households says of itself and of its persons, indexed by record_id; columns `COLUMNS`."""
    records = records_by_kind.get(LIST)
    if records is None or records.empty:
        return pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], dtype=TEXT)).astype(COLUMNS)
    lines = records.reset_index(drop=True)
    found = _households(lines).join(_list_days(lines))
    found["number_elsewhere"] = _numbers_elsewhere(lines)
    here = people.of(LIST)
    found["old_age_paid"] = _paid_for_age(records_by_kind, people, pairs, as_of)[here]
    found["relief_paid"] = _paid_relief(people, pairs)[here]
    found = found.set_axis(people.record_id[here]).join(_twice(found, lines, people, pairs))
    return found.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _list_days(lines: pd.DataFrame) -> pd.DataFrame:
    named = list_days(lines)
    days = span(named)
    return pd.DataFrame({"list_day": named, "list_first": days["first"], "list_last": days["last"]})


def _households(lines: pd.DataFrame) -> pd.DataFrame:
    sheet = lines.groupby(["source_file", "source_sheet"], dropna=False, sort=False).ngroup()
    keys = [sheet, *(lines[name].fillna("") for name in ("household_no", "commune", "district"))]
    grouped = lines.groupby(keys, sort=False)["record_id"]
    size, number = grouped.transform("size"), grouped.ngroup()
    heads_alone = (size.groupby(sheet).transform("max") == 1).to_numpy()
    relation = [bool(_HEAD.match(fold(str(text)))) for text in lines["relation"].fillna("")]
    stated = (lines["received_relation"] if "received_relation" in lines else lines["relation"]).notna()
    head = pd.Series(relation) | (lines["member"] == 0) & ~stated
    headed = head.groupby(number).transform("any").astype("boolean")
    tells = head.groupby(sheet).transform("any")  # a list that marks no head anywhere does not say who is one
    return pd.DataFrame(
        {
            "household": number,
            "opens_list": ~sheet.duplicated(),
            "opens_household": ~number.duplicated(),
            "household_listed": size.astype("Int64").mask(heads_alone),
            "household_headed": headed.mask(~tells | heads_alone),
        }
    )


def _numbers_elsewhere(lines: pd.DataFrame) -> "pd.Series[str]":
    """Other communes of a household number that the list states; null where most numbers are given by commune."""
    nothing: pd.Series[str] = pd.Series(pd.NA, index=lines.index, dtype=TEXT)
    if "received_household_no" not in lines:
        return nothing
    written = lines["received_household_no"].fillna("").str.strip() != ""
    held = lines[written & lines["household_no"].notna() & lines["commune"].notna()]
    places = held["commune"] + ", " + held["district"].fillna("")
    of_number = pd.DataFrame({"number": held["household_no"], "place": places}).drop_duplicates()
    several = of_number.groupby("number")["place"].transform("size") > 1
    if of_number.empty or several.sum() > LOCAL_NUMBERS * len(of_number):
        return nothing
    joined = of_number[several].groupby("number")["place"].agg(lambda place: "; ".join(sorted(place)))
    return nothing.where(~lines.index.isin(held.index), lines["household_no"].map(joined).astype(TEXT))


def _twice(found: pd.DataFrame, lines: pd.DataFrame, people: People, pairs: pd.DataFrame) -> pd.DataFrame:
    """The line of another household, on a list of the same day, that is this person's on a sure identity."""
    both = candidates(people, pairs, (LIST,), None)
    left, right = both["left"].to_numpy("intp"), both["right"].to_numpy("intp")
    how = agreement(people, left, right)
    by_number = (how.number == Number.SAME) & (how.name >= Name.CLOSE) & (how.born >= Born.SWAPPED)
    by_name = (how.name == Name.FULL) & (how.born == Born.DAY) & (how.place == Place.SAME)
    kept = (by_number | by_name) & ~contradicts(how)
    at = np.cumsum(people.of(LIST)) - 1  # position among all people to position on the list
    a, b = at[left], at[right]
    household, day = found["household"].to_numpy(), pd.factorize(found["list_day"])[0]
    kept &= (household[a] != household[b]) & (day[a] == day[b])
    words = in_words(how)
    out = []
    for own, other in ((left, right), (right, left)):
        source = people.source.iloc[other[kept]].reset_index(drop=True)
        part = pd.DataFrame({"own": own[kept], "twice_record_id": people.record_id[other[kept]]})
        part["twice_agrees"], part["twice_differs"] = (
            words["agrees"].to_numpy()[kept],
            words["differs"].to_numpy()[kept],
        )
        part["twice_file"], part["twice_sheet"] = source["source_file"], source["source_sheet"]
        out.append(part.assign(twice_row=source["source_row"]))
    every = pd.concat(out).sort_values(["own", "twice_record_id"], kind="stable").drop_duplicates("own")
    return every.set_axis(people.record_id[every["own"].to_numpy("intp")]).drop(columns="own")


def _paid_for_age(
    records_by_kind: Mapping[str, pd.DataFrame], people: People, pairs: pd.DataFrame, as_of: date
) -> NDArray[np.object_]:
    """Whether a person of the list is on any list of monthly payments, pensions among them.

    NA where the lists of social assistance or of pensions are not there, or the former pays nobody for age in the
    commune.
    """
    answer = np.full(len(people), None, dtype=object)
    roster = records_by_kind.get("social_assistance")
    if roster is None or roster.empty or records_by_kind.get("pensions") is None:
        return answer
    words = LawPack.load("social_assistance").at(as_of, ("group_words",)).lists("group_words")
    by_age = group_of(roster["group"], words).isin(("elderly", "social_pension")).to_numpy("bool", na_value=False)
    units = people.unit[people.of("social_assistance")][by_age]
    reached = np.isin(people.unit, units[units != NONE]) & (people.name != NONE)
    paid = on_list(people, pairs, people.of(LIST), people.of(*PAID_MONTHLY))
    answer[reached & ~paid] = False
    answer[paid] = True
    return answer


def _paid_relief(people: People, pairs: pd.DataFrame) -> NDArray[np.object_]:
    """Whether a person of the list is on the roster of the relief; NA in communes that the roster does not reach."""
    answer = np.full(len(people), None, dtype=object)
    here, roster = people.of(LIST), people.of(RELIEF)
    if not roster.any():
        return answer
    paid = on_list(people, pairs, here, roster)
    reached = _reached(people, here, paid) & (people.name != NONE)
    answer[reached & ~paid] = False
    answer[paid] = True
    return answer


def _reached(people: People, here: Mask, paid: Mask) -> Mask:
    """Communes most of whose listed persons are paid."""
    known = here & (people.unit != NONE)
    shares = (
        pd.DataFrame({"unit": people.unit[known], "paid": paid[known]}).groupby("unit")["paid"].agg(["mean", "size"])
    )
    units = shares.index[(shares["mean"] >= LEAST_PAID) & (shares["size"] >= LEAST_MEMBERS)]
    return np.asarray(np.isin(people.unit, units))
