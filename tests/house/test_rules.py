"""No rule without its law, and none without a test: the build fails (`make check`)."""

from pathlib import Path

import pytest

from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.registry import RULES

import_rules()
TEXTS = [path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[1] / "rules").rglob("test_*.py"))]


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_every_rule_cites_provisions_that_there_are(rule_id: str) -> None:
    made = RULES[rule_id]
    for programme in made.programmes:
        pack = LawPack.load(programme)
        assert made.basis[programme], "a rule without a citation"
        assert set(made.basis[programme]) <= pack.citations.keys()
        assert set(made.parameters[programme]) <= pack.parameters.keys()


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_every_rule_is_named_in_a_test(rule_id: str) -> None:
    """By its own id, or by that of a rule with the same condition for another list."""
    made = RULES[rule_id]
    alike = [name for name, other in RULES.items() if other.predicate.__code__ is made.predicate.__code__]
    assert any(f'"{name}"' in text for name in alike for text in TEXTS), f"no test names {rule_id}"


@pytest.mark.parametrize("rule_id", sorted(RULES))
def test_every_rule_says_what_it_says_in_both_languages(rule_id: str) -> None:
    made = RULES[rule_id]
    assert made.has_words
    assert made.title_vi
    assert made.title_en
    assert made.condition_vi
    assert made.predicate.__doc__
    assert all(" / " in said for said in made.simplifications)
