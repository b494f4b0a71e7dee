"""A kept model on other lists: nothing to tell where they are alike, the field that changed where they are not."""

import pandas as pd

from eligibility_audit.linkage import link_people
from tests.linkage.conftest import Crowd


def test_the_lists_that_it_was_learnt_from_have_not_changed(crowd: Crowd) -> None:
    people = crowd([], 600)
    told = link_people(people, link_people(people).model).report["drift"]
    assert told["changed"] == "none"
    assert told["matches_per_record"] == told["matches_per_record_then"]


def test_a_field_that_is_no_longer_filled_in_is_told_first(crowd: Crowd) -> None:
    people = crowd([], 600)
    model = link_people(people).model
    emptied = people.assign(national_id=pd.Series(pd.NA, index=people.index, dtype="string[pyarrow]"))
    told = link_people(emptied, model).report["drift"]
    assert told["changed"] == "much"
    assert "national_id" in [each["field"] for each in told["fields"][:2]]


def test_rules_and_caps_are_the_models(crowd: Crowd) -> None:
    people = crowd([], 300)
    model = link_people(people).model
    fewer = type(model)(**{**vars(model), "blocking": ("national_id > name (cap 50)",)})
    rules = link_people(people, fewer).report["rules"]
    assert [rule["rule"] for rule in rules if rule["rule"] != "alias"] == ["national_id > name (cap 50)"]
