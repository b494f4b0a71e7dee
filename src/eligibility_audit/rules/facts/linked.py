"""All facts that hang on who is who, from one gathering of the people of a run."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from eligibility_audit.domain.kinds import ROSTERS
from eligibility_audit.rules.facts.candidates import located
from eligibility_audit.rules.facts.deaths import death_facts
from eligibility_audit.rules.facts.duplicates import duplicate_facts, shared_number_facts
from eligibility_audit.rules.facts.inspection import inspection_facts
from eligibility_audit.rules.facts.people import gather_people
from eligibility_audit.rules.facts.service import army_facts


def facts(records_by_kind: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, as_of: date) -> dict[str, pd.DataFrame]:
    """For each roster, what the other lists say of its records: one frame, indexed by record_id.

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
    agent_orange = [inspection_facts(records_by_kind, people, pairs, as_of), army_facts(records_by_kind, people, pairs)]
    return {
        roster: pd.concat([*everywhere, *(agent_orange if roster == "agent_orange" else [])], axis=1).reindex(
            pd.Index(records_by_kind[roster]["record_id"], name="record_id")
        )
        for roster in ROSTERS
        if roster in records_by_kind
    }
