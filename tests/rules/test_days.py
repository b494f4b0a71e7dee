"""Which day's law applies: that of the audit, of the decision, of the payment; a doubtful day counts against nobody.

The trial rule asks for at least 21 % under the law of 2013 and 31 % under that of 2021; before 2013 no law is known.
"""

from collections.abc import Iterator
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.domain.dates import day_number
from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.errors import LawError
from eligibility_audit.rules.assess import _findings, ask_law, cases_frame
from eligibility_audit.rules.days import Unjudged, by_version
from eligibility_audit.rules.parameters import Citation, LawPack, Parameter, Parameters, Value
from eligibility_audit.rules.registry import RULES, Rule, rule, rules_of
from tests.rules.cases import VETERAN, frame

AS_OF = date(2022, 12, 31)


def _value(valid_from: date, value: int) -> Value:
    return Value(valid_from=valid_from, value=value, mark="to_verify", source="x", last_checked=date(2026, 1, 1))


def _citation(key: str, valid_from: date, valid_to: date | None) -> Citation:
    return Citation(
        key=key,
        vi=f"Điều {key}",
        en=f"Article {key}",
        valid_from=valid_from,
        valid_to=valid_to,
        mark="to_verify",
        source="x",
        last_checked=date(2026, 1, 1),
        known_from=date(2026, 1, 1),
        origin="",
        short_vi=f"Điều {key}",
    )


PACK = LawPack(
    "agent_orange",
    {"least": Parameter(vi="a", en="a", values=[_value(date(2013, 6, 1), 21), _value(date(2021, 7, 1), 31)])},
    {
        "old": _citation("old", date(2005, 10, 1), date(2021, 6, 30)),
        "new": _citation("new", date(2021, 7, 1), None),
    },
)


@pytest.fixture(autouse=True)
def own_rules() -> Iterator[None]:
    before = dict(RULES)
    yield
    RULES.clear()
    RULES.update(before)


def _trial(**changed: object) -> Rule:
    declared: dict[str, object] = {
        "id": "AO_TRIAL",
        "programmes": ("agent_orange",),
        "basis": ("old", "new"),
        "parameters": "least",
        "reads": ("percent",),
        "day": "granting",
        "ground": "doubt",
        "tier": "B",
        "title_vi": "Thử",
        "title_en": "Trial",
    }

    def enough(cases: pd.DataFrame, law: Parameters) -> Truth:
        return (cases["percent"] >= law.whole("least")).astype("boolean")

    made: Rule = rule(**{**declared, **changed})(enough)  # type: ignore[arg-type]
    made.words(lambda c, law: pd.DataFrame({"reason_vi": ["Dưới mức."] * len(c)}, index=c.index))
    return made


def _found(*decided: str | None, percent: float = 25.0, **changed: object) -> tuple[pd.DataFrame, list[Unjudged]]:
    made = _trial(**changed)
    lines = ({**VETERAN, "record_id": f"r-{n}", "percent": percent, "decision_date": d} for n, d in enumerate(decided))
    told: list[Unjudged] = []
    found = _findings(cases_frame(frame(*lines), [], [made]), [made], PACK, AS_OF, b"k", told.append)
    return found, told


@pytest.mark.parametrize(
    ("decided", "against"),
    [
        pytest.param("2014-05-05", False, id="under the law of 2013: 25 is enough"),
        pytest.param("2021-06-30", False, id="the last day of the old law"),
        pytest.param("2021-07-01", True, id="the first day of the new law"),
        pytest.param("2015", False, id="a year within one law"),
        pytest.param("2022", True, id="a year within the new law"),
        pytest.param("2021", False, id="a year in which the law changed is not decided"),
        pytest.param("2021-07", True, id="a month within the new law"),
        pytest.param("2013-06", False, id="the first month of the law"),
        pytest.param(None, False, id="a missing date is not taken for today"),
        pytest.param("2007-03-01", False, id="before the first law that is known"),
    ],
)
def test_a_file_is_judged_by_the_law_of_the_day_it_was_granted(decided: str | None, against: bool) -> None:
    assert len(_found(decided)[0]) == against


def test_what_is_cited_is_the_law_of_that_day_and_later_law_apart() -> None:
    found, _ = _found("2014-05-05", "2022-01-01", percent=5.0)
    assert found["legal_basis"].tolist() == ["Điều old. Quy định sau này: Điều new (từ 01/07/2021)", "Điều new"]


def test_cases_that_no_law_judges_are_counted_and_said() -> None:
    found, told = _found("2007-03-01", "2021", None, "2014-05-05", percent=5.0)
    assert len(found) == 1
    assert told == [Unjudged("agent_orange", "granting", before=1, unclear=2, rule_ids=("AO_TRIAL",))]
    assert "3 hồ sơ" in told[0].sentence
    assert "held against nobody" in told[0].sentence


def test_a_blank_paper_is_not_asked_for_under_a_law_that_is_not_known() -> None:
    paper = {"undetermined_is": "paper_missing", "cell": "percent"}
    made = _trial(**paper)
    blank = {**VETERAN, "percent": None, "received_percent": ""}
    lines = ({**blank, "record_id": f"r-{n}", "decision_date": d} for n, d in enumerate(("2014", "2007", None)))
    found = _findings(cases_frame(frame(*lines), [], [made]), [made], PACK, AS_OF, b"k")
    assert found["record_id"].tolist() == ["r-0"]


def test_where_the_law_never_changed_a_missing_date_is_judged_by_it() -> None:
    always = LawPack(
        "agent_orange",
        {"least": Parameter(vi="a", en="a", values=[_value(date.min, 31)])},
        {"old": _citation("old", date.min, None)},
    )
    made = _trial(basis="old")
    cases = cases_frame(frame({**VETERAN, "percent": 5.0, "decision_date": None}), [], [made])
    assert len(_findings(cases, [made], always, AS_OF, b"k")) == 1


def test_the_same_value_written_again_is_the_same_law() -> None:
    values = [_value(date(2013, 6, 1), 31), _value(date(2014, 1, 1), 31)]
    pack = LawPack("agent_orange", {"least": Parameter(vi="a", en="a", values=values)}, PACK.citations)
    made = _trial()
    cases = cases_frame(frame({**VETERAN, "percent": 5.0, "decision_date": "2013-12"}), [], [made])
    assert len(_findings(cases, [made], pack, AS_OF, b"k")) == 1


@pytest.mark.parametrize("decided", [None, "2021"])
def test_where_another_provision_asks_the_same_a_missing_or_coarse_date_is_judged(decided: str | None) -> None:
    values = [_value(date(2005, 10, 1), 31), _value(date(2021, 7, 1), 31)]
    pack = LawPack("agent_orange", {"least": Parameter(vi="a", en="a", values=values)}, PACK.citations)
    made = _trial()
    cases = cases_frame(frame({**VETERAN, "percent": 5.0, "decision_date": decided}), [], [made])
    assert _findings(cases, [made], pack, AS_OF, b"k")["legal_basis"].tolist() == ["Điều new"]


def test_the_day_of_the_audit_needs_no_date() -> None:
    assert len(_found(None, day="as_of")[0]) == 1


def test_a_list_without_a_day_of_payment_is_the_payment_under_audit() -> None:
    assert len(_found(None, day="payment")[0]) == 1


def test_a_list_without_decisions_has_no_day_of_granting() -> None:
    with pytest.raises(ValueError, match="no day of granting"):
        _trial(programmes=("covid_relief",))


def test_an_audit_before_the_first_value_is_an_error_whatever_the_day_of_the_rule() -> None:
    made = _trial()
    cases = cases_frame(frame(VETERAN), [], [made])
    with pytest.raises(LawError, match="01/06/2013"):
        by_version(made, PACK, cases, date(2012, 1, 1))


def test_a_rule_that_is_law_no_more_judges_what_was_granted_under_it() -> None:
    made = _trial(valid_to="2015-12-31")
    assert made in rules_of("agent_orange", AS_OF)
    lines = ({**VETERAN, "record_id": d, "percent": 5.0, "decision_date": d} for d in ("2014", "2016", "2022"))
    told: list[Unjudged] = []
    found = _findings(cases_frame(frame(*lines), [], [made]), [made], PACK, AS_OF, b"k", told.append)
    assert found["record_id"].tolist() == ["2014"]
    assert told == [], "a rule that does not apply is no gap in the law"


def test_a_rule_whose_law_has_ended_still_judges_what_was_granted_under_it() -> None:
    ended = LawPack("agent_orange", PACK.parameters, {"old": PACK.citations["old"]})
    made = _trial(basis="old", valid_to="2021-06-30")
    cases = cases_frame(frame({**VETERAN, "percent": 5.0, "decision_date": "2014"}), [], [made])
    assert len(_findings(cases, [made], ended, AS_OF, b"k")) == 1


DAYS = st.dates(date(2012, 1, 1), date(2022, 12, 31))


@given(st.lists(st.tuples(DAYS, st.sampled_from([4, 7, 10])), min_size=1, max_size=8))
def test_grouping_by_version_is_the_same_as_asking_day_by_day(days: list[tuple[date, int]]) -> None:
    made = _trial()
    RULES.pop("AO_TRIAL")
    texts = [day.isoformat()[:size] for day, size in days]
    lines = ({**VETERAN, "record_id": f"r-{n}", "decision_date": t} for n, t in enumerate(texts))
    cases = cases_frame(frame(*lines), [], [made])
    judged, before, unclear = by_version(made, PACK, cases, AS_OF)
    least = np.full(len(cases), -1)
    for version, where in judged:
        least[where] = version.law.whole("least")
    for n in range(len(cases)):
        first, last = int(cases["decision_date_first"].iloc[n]), int(cases["decision_date_last"].iloc[n])
        laws = {_law_of(day) for day in range(first, min(last, day_number(AS_OF)) + 1)}
        assert least[n] == (laws.pop() if len(laws) == 1 else -1)
        assert (least[n] == -1) == bool(before[n] or unclear[n])


def _law_of(day: int) -> int:
    if day < day_number(date(2013, 6, 1)):
        return -1
    return 21 if day < day_number(date(2021, 7, 1)) else 31


def test_a_day_before_the_first_law_is_told_before_anything_is_read() -> None:
    with pytest.raises(LawError):
        ask_law(["agent_orange"], date(1990, 1, 1))
    ask_law(AUDITED, date(2020, 12, 31))
