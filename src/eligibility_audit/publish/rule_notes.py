"""What the rules say of themselves: their titles, and what they do not take into account."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RuleNote:
    """A rule's Vietnamese title, the ground that it gives and the simplifications that it owns up to."""

    title: str
    ground: str
    simplifications: tuple[str, ...]


def rule_notes() -> dict[str, RuleNote]:
    """The notes of every rule, by its id."""
    from eligibility_audit.rules.assess import import_rules
    from eligibility_audit.rules.registry import RULES

    import_rules()
    return {name: RuleNote(rule.title_vi, rule.ground, rule.simplifications) for name, rule in RULES.items()}
