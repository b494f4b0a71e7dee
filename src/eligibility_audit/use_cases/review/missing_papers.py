"""The papers that the law requires and a dossier lacks: an empty slot each, as the rules' own data says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from eligibility_audit.recommend.acts import Acts
from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.registry import rules_of


@dataclass(frozen=True)
class Slot:
    """A missing paper: what is missing, and the question that goes for it."""

    vi: str
    ask: str


def missing_papers(programme: str, findings: Sequence[Mapping[str, Any]], day: date) -> tuple[Slot, ...]:
    """A slot for each finding from which follows that papers are asked for, in the order of the findings."""
    asks = _asks(programme, day)
    return tuple(
        Slot(str(found["reason_vi"]), asks[found["rule_id"]]) for found in findings if found["rule_id"] in asks
    )


@cache
def _asks(programme: str, day: date) -> Mapping[str, str]:
    """By rule the question of those from which follows that papers are asked for."""
    import_rules()
    acts = Acts.load(programme)
    found = {}
    for rule in rules_of(programme, day):
        for ground in filter(None, (rule.undetermined_is, rule.ground)):
            step = acts.step(ground, rule.id, stop_allowed=True)
            if step.action == "ask_papers":
                found[rule.id] = step.question_vi
    return found
