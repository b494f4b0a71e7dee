"""The committed suites: each expectation has a code, a severity, words in both languages, and says what it looks at."""

import json
import re
from collections import Counter
from importlib.resources import files

import pytest

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.quality.suites import ON, PER, SEVERITIES, suite

PREFIX = {
    "agent_orange": "AO",
    "merit_other": "ME",
    "social_assistance": "SA",
    "covid_relief": "CV",
    "poor_households": "PH",
    "deaths": "DE",
    "pensions": "PE",
    "service_records": "SV",
    "inspection_findings": "FI",
}
ACCUSING = re.compile(r"vi phạm|gian dối|giả mạo|trục lợi|chiếm hưởng|truy thu|đình chỉ|\bnợ\b", re.IGNORECASE)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_suite(kind: str) -> None:
    expectations = suite(kind)
    assert len(expectations) >= 15
    assert {expectation.on for expectation in expectations} == set(ON)
    assert all(count == 1 for count in Counter(e.code for e in expectations).values())


@pytest.mark.parametrize("kind", KINDS)
def test_each_expectation_says_what_it_is(kind: str) -> None:
    for expectation in suite(kind):
        assert re.fullmatch(rf"{PREFIX[kind]}-V-\d{{3}}", expectation.code)
        assert expectation.severity in SEVERITIES
        assert expectation.on in ON
        assert expectation.per in PER
        for text in (expectation.sentence_vi, expectation.sentence_en, expectation.todo_vi, expectation.todo_en):
            assert text.endswith("."), expectation.code
            assert text[0].isupper() or text[0] in "Ô", expectation.code
        assert not ACCUSING.search(expectation.sentence_vi + expectation.todo_vi), expectation.code
        assert expectation.columns, expectation.code


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_number_means_the_same_in_every_kind(kind: str) -> None:
    about = {e.code[-3:]: (e.field, e.on) for e in suite("agent_orange")}
    for expectation in suite(kind):
        assert about.get(expectation.code[-3:], (expectation.field, expectation.on)) == (
            expectation.field,
            expectation.on,
        )


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_averaged_away(kind: str) -> None:
    """`mostly` below 1 would hide people; ids of Great Expectations would change with every save."""
    text = (files("eligibility_audit.expectations") / f"{kind}.json").read_text(encoding="utf-8")
    assert json.loads(text)["name"] == kind
    for config in json.loads(text)["expectations"]:
        assert "mostly" not in config["kwargs"]
        assert "id" not in config
