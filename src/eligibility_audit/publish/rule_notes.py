"""What the rules say of themselves: their titles, and what they do not take into account."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleNote:
    """A rule's Vietnamese title, the ground that it gives and the simplifications that it owns up to."""

    title: str
    ground: str
    simplifications: tuple[str, ...]


def rule_notes() -> dict[str, RuleNote]:
    """The notes of every registered rule, by its id."""
    from eligibility_audit import rules  # noqa: F401 (importing registers the rules)
    from eligibility_audit.rules.registry import RULES

    return {name: RuleNote(rule.title_vi, rule.ground, rule.simplifications) for name, rule in RULES.items()}
