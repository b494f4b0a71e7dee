"""A rule gets what it declares and nothing else; what reaches it is nullable; every rule is complete."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.errors import LawError, UsageError
from eligibility_audit.rules.assess import cases_frame, import_rules
from eligibility_audit.rules.parameters import LawPack, Parameters
from eligibility_audit.rules.registry import GROUNDS, RULES, Rule, rule, rules_of
from eligibility_audit.use_cases.show_rules import GROUND, catalogue, list_rules, show_rule, write_catalogue
from tests.rules.cases import DAY, VETERAN, frame
from tests.rules.rosters import law

import_rules()
ALL = sorted(RULES)
TESTS = Path(__file__).parent


@pytest.fixture
def own_rules() -> Iterator[None]:
    """Rules made in a test are gone after it."""
    before = dict(RULES)
    yield
    RULES.clear()
    RULES.update(before)


def _rule(**changed: object) -> Rule:
    declared: dict[str, object] = {
        "id": "AO_TRIAL",
        "programmes": ("agent_orange",),
        "basis": "pl2005.ao",
        "reads": ("claim",),
        "ground": "doubt",
        "tier": "B",
        "title_vi": "Thử",
        "title_en": "Trial",
    }
    function = changed.pop("function", lambda cases, law: cases["claim"] == "veteran")
    return rule(**{**declared, **changed})(function)  # type: ignore[arg-type]


def _decide(made: Rule, pack: LawPack | None = None) -> Truth:
    pack = pack or LawPack.load("agent_orange")
    return made.decide(cases_frame(frame(VETERAN), [], [made]), made.law(pack, DAY))


@pytest.mark.usefixtures("own_rules")
class TestMakingRules:
    def test_a_column_that_is_not_declared_cannot_be_read(self) -> None:
        made = _rule(function=lambda cases, law: cases["commune"] == "Xã A")
        with pytest.raises(KeyError, match="commune"):
            _decide(made)

    def test_a_parameter_that_is_not_declared_cannot_be_read(self) -> None:
        def peeks(cases: pd.DataFrame, law: Parameters) -> Truth:
            return cases["claim"] == law["service_period"]

        with pytest.raises(LawError, match="service_period"):
            _decide(_rule(function=peeks))

    def test_a_declared_date_brings_its_first_and_last_day(self) -> None:
        made = _rule(reads=("service_from",), function=lambda c, law: c["service_from_first"] < c["service_from_last"])
        assert bool(_decide(made).iloc[0])

    def test_an_answer_that_is_not_three_valued_is_refused(self) -> None:
        with pytest.raises(TypeError, match="nullable"):
            _decide(_rule(function=lambda cases, law: cases["claim"].notna()))

    @pytest.mark.parametrize(
        "column",
        [
            pd.Series(["veteran"], dtype="object"),
            pd.Series([True]),
            pd.Series([1.5]),
            pd.Series(pd.to_datetime(["2020"])),
        ],
        ids=["objects", "plain truth", "plain fractions", "timestamps"],
    )
    def test_what_is_not_nullable_does_not_pass_the_door(self, column: pd.Series) -> None:  # type: ignore[type-arg]
        made = _rule()
        with pytest.raises(TypeError, match="claim"):
            cases_frame(frame(VETERAN).assign(claim=column), [], [made])

    def test_plain_text_becomes_nullable(self) -> None:
        made = _rule(function=lambda cases, law: cases["claim"] != "child")
        cases = cases_frame(frame(VETERAN).assign(claim=pd.Series([None], dtype="str")), [], [made])
        assert made.decide(cases, made.law(LawPack.load("agent_orange"), DAY)).isna().all()

    def test_a_column_as_received_that_no_sheet_has_is_null(self) -> None:
        made = _rule(reads=("received_decision_no",), function=lambda c, law: c["received_decision_no"] == "")
        assert _decide(made).isna().all()

    def test_any_other_missing_column_is_an_error(self) -> None:
        with pytest.raises(KeyError, match="no_such_fact"):
            _decide(_rule(reads=("no_such_fact",)))

    @pytest.mark.parametrize(
        "changed",
        [
            {"id": "lower_case"},
            {"id": "AO_RATE"},
            {"programmes": ("pensions",)},
            {"ground": "dislike"},
            {"tier": "D"},
            {"cell": "papers"},
        ],
        ids=["id", "id taken", "programme", "ground", "tier", "cell without ground"],
    )
    def test_what_no_rule_may_be(self, changed: dict[str, object]) -> None:
        with pytest.raises(ValueError, match=r"."):
            _rule(**changed)

    def test_a_rule_out_of_its_dates_is_not_applied(self) -> None:
        made = _rule(valid_from="2022-02-15", valid_to="2024-12-31")
        days = [date(2022, 2, 14), date(2022, 2, 15), date(2024, 12, 31), date(2025, 1, 1)]
        assert [made in rules_of("agent_orange", day) for day in days] == [False, True, True, False]


PAGES = catalogue()


@pytest.mark.parametrize("rule_id", ALL)
def test_every_rule_has_law_in_force_on_its_days(rule_id: str) -> None:
    made = RULES[rule_id]
    for day in (DAY, date(2021, 7, 1), date(2022, 2, 15), date(2024, 7, 1), date(2025, 7, 1), date(2026, 6, 30)):
        if not made.in_force(day):
            continue
        for programme in made.programmes:
            pack = LawPack.load(programme)
            assert pack.basis(made.basis[programme], day).in_force
            made.law(pack, day)


@pytest.mark.parametrize("rule_id", ALL)
def test_every_rule_has_a_page_that_tells_its_law_and_its_day(rule_id: str) -> None:
    page = PAGES[rule_id]
    for part in (RULES[rule_id].title_vi, "Căn cứ theo ngày", "whose day's law", "Condition", "columns read"):
        assert part in page


def test_every_ground_has_words() -> None:
    assert set(GROUND) == set(GROUNDS)


def test_the_rules_in_words(tmp_path: Path) -> None:
    listed = list_rules().splitlines()
    assert [line.split()[0] for line in listed[2:]] == ALL
    assert "biết từ / known from" in listed[0]
    assert "Nghị định 75/2021/NĐ-CP" in show_rule("ao_rate")
    with pytest.raises(UsageError, match="AO_PLACE"):
        show_rule("AO_PLAC")
    written = write_catalogue(tmp_path / "findings", TESTS.parent)
    assert {path.stem for path in written} == {"README", *ALL}


def test_a_rule_is_shown_on_a_day_with_the_law_of_that_day_alone() -> None:
    in_2020, in_2022 = show_rule("AO_RATE", date(2020, 12, 31)), show_rule("AO_RATE", date(2022, 12, 31))
    assert "Nghị định 75/2021/NĐ-CP / Annex" in in_2020.replace("Phụ lục mức trợ cấp của ", "")
    assert "quy định sau này" in in_2020
    assert "01/07/2019" in in_2020
    assert "Nghị định 58/2019" not in in_2022
    with pytest.raises(LawError, match="1999-12-31"):
        show_rule("AO_RATE", date(1999, 12, 31))


def test_the_list_says_which_folder_a_value_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "paper_cutoff:\n  values:\n    - {valid_from: 2020-01-01, value: '1995-01-01', mark: to_verify, "
    files = {"agent_orange/parameters.yaml": text + "source: thử, last_checked: 2026-12-01}\n"}
    monkeypatch.setenv("EA_LAW", str(law(tmp_path, files)))
    assert list_rules().count("paper_cutoff (từ / from 01/01/2020): Luật thử (1)") >= 1
    assert "Luật thử (1); biết từ / known from 01/12/2026" in show_rule("AO_PAPER_LATE")


def test_a_page_names_the_files_that_test_the_rule() -> None:
    assert "`tests/rules/agent_orange/test_rate.py`" in catalogue(TESTS.parent)["AO_RATE"]
