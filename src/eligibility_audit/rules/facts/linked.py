"""All facts that hang on who is who, from one gathering of the people of a run."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.rules.facts.also_paid import also_paid
from eligibility_audit.rules.facts.candidates import located
from eligibility_audit.rules.facts.deaths import death_facts
from eligibility_audit.rules.facts.duplicates import duplicate_facts, shared_number_facts
from eligibility_audit.rules.facts.family import family, two_parents
from eligibility_audit.rules.facts.households import household_facts
from eligibility_audit.rules.facts.inspection import inspection_facts
from eligibility_audit.rules.facts.listed import relief_facts
from eligibility_audit.rules.facts.people import gather_people, positions
from eligibility_audit.rules.facts.service import army_facts


def facts(records_by_kind: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, as_of: date) -> dict[str, pd.DataFrame]:
    """For each list under review, what the other lists say of its records: one frame, indexed by record_id.

    `pairs`: linkage's frame (left_record_id, right_record_id, match_probability). Records of which nothing is said may
    be missing; the columns never are.
    """
    people = gather_people(records_by_kind)
    pairs = located(people, pairs)
    everywhere = [
        death_facts(records_by_kind, people, pairs, as_of),
        duplicate_facts(records_by_kind, people, pairs, as_of),
        shared_number_facts(people),
    ]
    own = {
        "covid_relief": [relief_facts(records_by_kind, people, pairs, as_of)],
        "poor_households": [household_facts(records_by_kind, people, pairs, as_of)],
    }
    if "agent_orange" in records_by_kind:
        concluded = inspection_facts(records_by_kind, people, pairs, as_of)
        kin = family(records_by_kind["agent_orange"])
        army = army_facts(records_by_kind, people, pairs)
        own["agent_orange"] = [concluded, army, kin, of_parent(concluded, kin), two_parents(kin, everywhere[1])]
    for roster, lines in also_paid(records_by_kind, people, pairs, as_of).items():
        own.setdefault(roster, []).append(lines)
    found = {}
    for roster in AUDITED:
        if roster in records_by_kind:
            index = pd.Index(records_by_kind[roster]["record_id"], name="record_id")
            found[roster] = pd.concat([_of(part, index) for part in (*everywhere, *own.get(roster, []))], axis=1)
    return found


def _of(part: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    """What a part says of the records of a list; null where it says nothing."""
    if part.index.equals(index):
        return part.set_axis(index)
    at = positions(index, part.index)
    return pd.DataFrame({name: part[name].array.take(at, allow_fill=True) for name in part.columns}, index=index)


def of_parent(concluded: pd.DataFrame, kin: pd.DataFrame) -> pd.DataFrame:
    """The conclusion on the parent's record of each child who has one: `parent_inspection_<x>`, by record_id."""
    parents = kin["parent_record_id"].dropna()
    parents = parents[parents.isin(concluded.index)]
    names = ["record_id", "category", "conclusion", "text", "file", "sheet", "row"]
    found = concluded.loc[parents, [f"inspection_{name}" for name in names]]
    return found.add_prefix("parent_").set_axis(parents.index)
