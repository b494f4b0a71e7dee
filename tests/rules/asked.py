"""Assessments of a few lines by the rules that a test is about; the others are switched off, which costs less."""

import re
from datetime import date
from typing import Final

import pandas as pd

from eligibility_audit.rules.assess import assess, import_rules
from eligibility_audit.rules.registry import RULES
from tests.rules.facts.invented import DAY, NO_PAIRS

KEY: Final = b"k" * 16


def asked(
    ids: str, records: dict[str, pd.DataFrame], found: pd.DataFrame = NO_PAIRS, day: date = DAY, key: bytes = KEY
) -> pd.DataFrame:
    """The findings of the rules whose id matches `ids` (a regular expression, anywhere in the id)."""
    import_rules()
    others = [name for name in RULES if not re.search(ids, name)]
    return assess(records, found, as_of=day, key=key, options={"rules_off": others})


def asked_of(
    programme: str, records: dict[str, pd.DataFrame], found: pd.DataFrame = NO_PAIRS, day: date = DAY
) -> pd.DataFrame:
    """The findings in the lines of a programme: those of its rules."""
    import_rules()
    own = "|".join(f"^{name}$" for name, rule in RULES.items() if programme in rule.programmes)
    findings = asked(own, records, found, day)
    return findings[findings["programme"] == programme].reset_index(drop=True)
