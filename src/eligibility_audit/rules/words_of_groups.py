"""Which group of a programme a line belongs to, by its words; the first group with a word that is found is taken."""

from collections.abc import Mapping, Sequence

import pandas as pd

from eligibility_audit.rules.facts.text import fold
from eligibility_audit.rules.wording import TEXT, Column


def group_of(column: Column, lists: Mapping[str, Sequence[str]]) -> Column:
    """The name of the first list, in their order, that has a word of the text; null where none has, or it is blank."""
    words = {name: [f" {fold(phrase)} " for phrase in phrases] for name, phrases in lists.items()}
    codes, distinct = pd.factorize(column)
    found = []
    for text in (f" {fold(str(t))} " for t in distinct):
        found.append(next((name for name, phrases in words.items() if any(p in text for p in phrases)), None))
    values = pd.array([*found, None], dtype=TEXT)
    return pd.Series(values.take(codes), index=column.index)
