"""The least change that would clear a case: the smallest set of facts that, were they otherwise, leaves no finding.

It is computed, not guessed: every set is applied to the case and all rules of the programme are asked again; sets are
tried by size, so that no smaller one of the declared changes exists.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.dates import span
from eligibility_audit.rules.changes import WHO, Change, changes_of
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import Rule, date_columns
from eligibility_audit.rules.wording import TEXT, Column

MOST: Final = 4  # changes in a set: what needs more is not one question for an officer
ALTERNATIVES: Final = 3  # sets of the same size that are shown
Flags = Callable[[Rule, pd.DataFrame], Column]  # of each case: does the rule give a finding


def least_changes(
    cases: pd.DataFrame, rules: Sequence[Rule], law: Mapping[str, Parameters], flags: Flags
) -> pd.DataFrame:
    """For each case the smallest sets of changes that clear it.

    `cases`: flagged cases, indexed by record_id, with all columns of `rules`; `law`: by rule id; `flags`: whether a
    rule gives a finding. Returns one row a set, at most `ALTERNATIVES` a case, with `record_id`, `size`, `vi`, `en` and
    `changes` (tuples of positions in `changes_of(rules)`). A case that no set of up to `MOST` clears has no row.
    """
    changes = changes_of(rules)
    offered = _offered(cases, rules, changes, law, flags)
    waiting = _options(len(cases), offered)
    found: list[pd.DataFrame] = []
    for size in range(1, MOST + 1):
        trials = _trials(waiting, size, changes)
        if trials.empty:
            continue
        clear = trials[_cleared(cases, trials, offered, rules, flags)]
        found.append(clear.assign(size=size))
        waiting = {at: options for at, options in waiting.items() if at not in set(clear["at"])}
    sets = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["at", "changes", "size"])
    sets = sets.groupby("at", sort=False).head(ALTERNATIVES)
    return _in_words(cases, sets, changes, law)


def as_sentences(sets: pd.DataFrame) -> pd.DataFrame:
    """The sets of each case as one sentence in Vietnamese and one in English, indexed by record_id."""
    together = sets.groupby("record_id", sort=False)
    vi = together["vi"].agg("; hoặc ".join)
    en = together["en"].agg("; or ".join)
    return pd.DataFrame({"vi": _sentence(vi), "en": _sentence(en)})


def _sentence(phrases: Column) -> Column:
    words = phrases.astype(TEXT)
    return words.str.slice(0, 1).str.upper() + words.str.slice(1) + "."


def _offered(
    cases: pd.DataFrame,
    rules: Sequence[Rule],
    changes: Sequence[Change],
    law: Mapping[str, Parameters],
    flags: Flags,
) -> list[pd.DataFrame]:
    """For each change what it would put into the flagged cases in which it is possible, indexed by position."""
    by_id = {rule.id: rule for rule in rules}
    flagged = {rule_id: flags(by_id[rule_id], cases) for rule_id in dict.fromkeys(c.rule_id for c in changes)}
    positions = pd.Series(np.arange(len(cases)), index=cases.index)
    found = []
    for each in changes:
        own = cases.loc[flagged[each.rule_id], by_id[each.rule_id].shown()]
        values = each.values(own, law[each.rule_id])
        strange = set(values.columns) ^ set(each.columns)
        if strange:
            raise KeyError(f"a change of {each.rule_id} gives other columns than it declares: {sorted(strange)}")
        found.append(values.set_axis(positions.loc[values.index].to_numpy(), axis="index"))
    return found


def _options(size: int, offered: Sequence[pd.DataFrame]) -> dict[int, list[int]]:
    """By position of a case the changes that are possible in it."""
    options: dict[int, list[int]] = {at: [] for at in range(size)}
    for number, values in enumerate(offered):
        for at in values.index:
            options[at].append(number)
    return {at: numbers for at, numbers in options.items() if numbers}


def _trials(options: Mapping[int, Sequence[int]], size: int, changes: Sequence[Change]) -> pd.DataFrame:
    """Every set of so many changes a case, none of which alters a column twice."""
    allowed: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    rows: list[tuple[int, tuple[int, ...]]] = []
    for at, numbers in options.items():
        known = tuple(numbers)
        if known not in allowed:
            allowed[known] = [each for each in combinations(known, size) if _apart(each, changes)]
        rows += [(at, each) for each in allowed[known]]
    return pd.DataFrame(rows, columns=["at", "changes"])


def _apart(numbers: Sequence[int], changes: Sequence[Change]) -> bool:
    columns = [column for number in numbers for column in changes[number].columns]
    return len(columns) == len(set(columns))


def _cleared(
    cases: pd.DataFrame, trials: pd.DataFrame, offered: Sequence[pd.DataFrame], rules: Sequence[Rule], flags: Flags
) -> "pd.Series[bool]":
    """Whether no rule gives a finding once the changes of each trial are applied."""
    tried = apply(cases, trials, offered)
    clear = pd.Series(True, index=trials.index)
    for rule in rules:
        clear &= ~flags(rule, tried).to_numpy("bool")
    return clear


def apply(cases: pd.DataFrame, trials: pd.DataFrame, offered: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The cases of the trials (`at`, `changes`) with their changes applied, in the order of the trials."""
    tried = cases.iloc[trials["at"].to_numpy("int64")].reset_index(drop=True)
    pairs = pd.DataFrame({"at": trials["at"].to_numpy(), "number": trials["changes"].to_numpy()}).explode("number")
    for number, rows in pairs.groupby("number"):
        values = offered[int(str(number))].loc[rows["at"]]
        for name in values.columns:
            column = tried[name].copy()
            column.iloc[rows.index.to_numpy()] = values[name].astype(column.dtype).array
            tried[name] = column
    for name in {name for values in offered for name in values.columns} & date_columns() & set(tried.columns):
        days = span(tried[name].astype(TEXT))
        tried[f"{name}_first"], tried[f"{name}_last"] = days["first"], days["last"]
    return tried


def _in_words(
    cases: pd.DataFrame, sets: pd.DataFrame, changes: Sequence[Change], law: Mapping[str, Parameters]
) -> pd.DataFrame:
    vi: dict[tuple[int, int], str] = {}
    en: dict[tuple[int, int], str] = {}
    pairs = sets[["at", "changes"]].explode("changes").drop_duplicates()
    for number, rows in pairs.groupby("changes"):
        each = changes[int(str(number))]
        own = cases.iloc[rows["at"].to_numpy("int64")]
        for said, phrases, who in ((vi, each.vi, WHO[each.who][0]), (en, each.en, WHO[each.who][1])):
            words = [phrases] * len(own) if isinstance(phrases, str) else list(phrases(own, law[each.rule_id]))
            said |= {(at, int(str(number))): f"{who}: {w}" for at, w in zip(rows["at"], words, strict=True)}
    positions = [int(at) for at in sets["at"]]
    numbers = [tuple(int(n) for n in each) for each in sets["changes"]]
    found = list(zip(positions, numbers, strict=True))
    return pd.DataFrame(
        {
            "record_id": cases.index.take(np.array(positions, dtype="int64")),
            "size": sets["size"].to_numpy(),
            "vi": [" và ".join(vi[at, number] for number in each) for at, each in found],
            "en": [" and ".join(en[at, number] for number in each) for at, each in found],
            "changes": numbers,
        }
    )
