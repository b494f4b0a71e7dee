"""The least change that would clear a case: the smallest set of facts that, were they otherwise, leaves no finding.

It is computed, not guessed: sets of the declared changes are applied to the case and the rules that see them are asked
again; sets are tried by size. A set that leaves a finding of the case untouched cannot clear it and is not tried; one
may hold a single change more than its findings need, for what another change would bring up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.domain.dates import span
from eligibility_audit.rules.changes import WHO, Change, changes_of
from eligibility_audit.rules.parameters import Parameters
from eligibility_audit.rules.registry import Rule, date_columns
from eligibility_audit.rules.wording import TEXT, Column

MOST: Final = 5  # changes in a set: what needs more is not one question for an officer
ALTERNATIVES: Final = 3  # sets of the same size that are shown
_AT_ONCE: Final = 20_000  # cases: memory stays flat
Flags = Callable[[Rule, pd.DataFrame], Column]  # of each case: does the rule give a finding
Mask = NDArray[np.bool_]
Laws = Callable[[Rule, pd.DataFrame], Iterable[tuple[Parameters, Mask | None]]]  # which law judges which cases


def least_changes(cases: pd.DataFrame, rules: Sequence[Rule], laws: Laws, flags: Flags) -> pd.DataFrame:
    """For each case the smallest sets of changes that clear it.

    `cases`: flagged cases, indexed by record_id, with all columns of `rules`; `laws`: the parameters of a rule that
    judge a case (a mask; None: all of them); `flags`: whether a rule gives a finding. Returns one row a set, at most
    `ALTERNATIVES` a case, with `record_id`, `size`, `vi`, `en` and `changes` (tuples of positions in
    `changes_of(rules)`). A case that no set of up to `MOST` clears has no row.
    """
    parts = [cases.iloc[at : at + _AT_ONCE] for at in range(0, max(len(cases), 1), _AT_ONCE)]
    return pd.concat([_Search.over(part, rules, laws, flags).sets() for part in parts], ignore_index=True)


def as_sentences(sets: pd.DataFrame) -> pd.DataFrame:
    """The sets of each case as one sentence in Vietnamese and one in English, indexed by record_id."""
    together = sets.groupby("record_id", sort=False)
    vi = together["vi"].agg(lambda said: "; hoặc ".join(_said_once(said)))
    en = together["en"].agg(lambda said: "; or ".join(_said_once(said)))
    return pd.DataFrame({"vi": _sentence(vi), "en": _sentence(en)})


def _said_once(phrases: Iterable[str]) -> Iterator[str]:
    """Alternatives, each after the word for who can bring it, which is not said again for the next of the same."""
    before = ""
    for phrase in phrases:
        who = phrase.partition(": ")[0]
        yield phrase.removeprefix(f"{before}: ") if before else phrase
        before = who


def _sentence(phrases: Column) -> Column:
    words = phrases.astype(TEXT)
    return words.str.slice(0, 1).str.upper() + words.str.slice(1) + "."


@dataclass(frozen=True)
class _Search:
    """Some flagged cases, what could be otherwise in them, and which rules would see it.

    `base`: of each case and rule, whether it gives a finding; `seen`: of each change and rule, whether the rule reads
    what the change alters; `offered`: of each change what it would be, by position of the case.
    """

    cases: pd.DataFrame
    rules: Sequence[Rule]
    changes: Sequence[Change]
    laws: Laws
    flags: Flags
    base: Mask
    seen: Mask
    offered: list["_Offer"]

    @classmethod
    def over(cls, cases: pd.DataFrame, rules: Sequence[Rule], laws: Laws, flags: Flags) -> "_Search":
        changes = changes_of(rules)
        base = np.zeros((len(cases), len(rules)), dtype=bool)
        for n, rule in enumerate(rules):
            base[:, n] = flags(rule, cases).to_numpy("bool")
        reads = [_reads(rule) for rule in rules]
        seen = np.array([[not read.isdisjoint(c.columns) for read in reads] for c in changes], dtype=bool)
        search = cls(cases, rules, changes, laws, flags, base, seen.reshape(len(changes), len(rules)), [])
        number = {rule.id: n for n, rule in enumerate(rules)}
        for each in changes:
            at = np.flatnonzero(base[:, number[each.rule_id]])
            search.offered.append(search._offer(each, rules[number[each.rule_id]], cases.iloc[at], at))
        search._offer_what_one_change_brings_up(number)
        return search

    def sets(self) -> pd.DataFrame:
        """The smallest sets, in words."""
        waiting, found = self._options(), []
        for size in range(1, MOST + 1):
            trials = self._trials(waiting, size)
            if trials.empty:
                continue
            clear = trials[self._clear(trials)]
            found.append(clear.assign(size=size))
            done = set(clear["at"])
            waiting = {at: options for at, options in waiting.items() if at not in done}
        sets = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["at", "changes", "size"])
        alike = [tuple((self.changes[n].who, self.changes[n].columns) for n in each) for each in sets["changes"]]
        sets = sets[~pd.DataFrame({"at": sets["at"], "alike": alike}).duplicated().to_numpy("bool")]
        sets = sets.groupby("at", sort=False).head(ALTERNATIVES)
        return self._in_words(sets)

    def _offer(self, change: Change, rule: Rule, cases: pd.DataFrame, at: NDArray[np.intp]) -> "_Offer":
        """What a change would put into cases, by their positions `at`, each under the law that judges it."""
        own = cases[rule.shown()].set_axis(at, axis="index")
        parts = []
        for law, where in self.laws(rule, cases):
            judged = own if where is None else own[where]
            values = change.values(judged, law)
            if set(values.columns) != set(change.columns):
                raise KeyError(f"a change of {change.rule_id} gives other columns than it declares")
            judged = judged.loc[values.index]
            said = {
                name: pd.Series(said, judged.index, dtype=TEXT) if isinstance(said, str) else said(judged, law)
                for name, said in (("vi", change.vi), ("en", change.en))
            }
            parts.append(_Offer(values, pd.DataFrame(said, index=judged.index)))
        return _joined(parts)

    def _offer_what_one_change_brings_up(self, number: Mapping[str, int]) -> None:
        """Changes of a rule that gives a finding only once another change is applied, as it is then."""
        pairs = [(at, (n,)) for n, offer in enumerate(self.offered) for at in offer.values.index]
        trials = pd.DataFrame(pairs, columns=["at", "changes"])
        at, held = trials["at"].to_numpy("int64"), self._held(trials)
        for n, rule in enumerate(self.rules):
            own = [k for k, each in enumerate(self.changes) if number[each.rule_id] == n]
            touched = np.flatnonzero((held & self.seen[:, n]).any(axis=1) & ~self.base[at, n])
            if not own or not touched.size:
                continue
            tried = self._tried(at[touched], held[touched], list(self.cases.columns))
            new = self.flags(rule, tried).to_numpy("bool")
            _, first = np.unique(at[touched][new], return_index=True)
            for k in own:
                more = self._offer(self.changes[k], rule, tried[new].iloc[first], at[touched][new][first])
                self.offered[k] = _joined([self.offered[k], more])

    def _options(self) -> dict[int, tuple[int, ...]]:
        """By position of a case the changes that are possible in it."""
        options: dict[int, list[int]] = {at: [] for at in range(len(self.cases))}
        for number, offer in enumerate(self.offered):
            for at in offer.values.index:
                options[at].append(number)
        return {at: tuple(numbers) for at, numbers in options.items() if numbers}

    def _trials(self, options: Mapping[int, tuple[int, ...]], size: int) -> pd.DataFrame:
        """Every set of so many changes that may clear a case (`at`, `changes`), in the order of the changes."""
        known: dict[tuple[tuple[int, ...], bytes], list[tuple[int, ...]]] = {}
        rows: list[tuple[int, tuple[int, ...]]] = []
        for at, numbers in options.items():
            key = (numbers, self.base[at].tobytes())
            if key not in known:
                asked = tuple(int(n) for n in np.flatnonzero(self.base[at]))
                known[key] = sorted(set(self._sets_of(numbers, asked, size, 1)))
            rows += [(at, each) for each in known[key]]
        return pd.DataFrame(rows, columns=["at", "changes"])

    def _sets_of(
        self, numbers: tuple[int, ...], asked: tuple[int, ...], size: int, spare: int
    ) -> Iterator[tuple[int, ...]]:
        """Sets of a size, no column altered twice, that touch every rule `asked`, with at most `spare` more."""
        if size == 0:
            if not asked:
                yield ()
            return
        if not asked and not spare:
            return
        for number in numbers:
            if asked and not self.seen[number, asked[0]]:
                continue
            taken = set(self.changes[number].columns)
            left = tuple(n for n in numbers if taken.isdisjoint(self.changes[n].columns))
            still = tuple(n for n in asked if not self.seen[number, n])
            for others in self._sets_of(left, still, size - 1, spare - (not asked)):
                yield tuple(sorted((number, *others)))

    def _held(self, trials: pd.DataFrame) -> Mask:
        """Of each trial and change, whether it is in the set."""
        held = np.zeros((len(trials), len(self.changes)), dtype=bool)
        for row, numbers in enumerate(trials["changes"]):
            held[row, list(numbers)] = True
        return held

    def _clear(self, trials: pd.DataFrame) -> Mask:
        """Whether no rule gives a finding once the changes of each trial are applied."""
        at, held = trials["at"].to_numpy("int64"), self._held(trials)
        touched = (held.astype("int64") @ self.seen.astype("int64")) > 0
        clear: Mask = ~(self.base[at] & ~touched).any(axis=1)
        for n, rule in enumerate(self.rules):
            rows = np.flatnonzero(clear & touched[:, n])
            if rows.size:
                tried = self._tried(at[rows], held[rows], _needed(rule))
                clear[rows] = ~self.flags(rule, tried).to_numpy("bool")
        return clear

    def _tried(self, at: NDArray[np.int64], held: Mask, columns: Sequence[str]) -> pd.DataFrame:
        """Cases with the changes held applied: some columns of them."""
        text = {_undated(name) for name in columns} & set(self.cases.columns)
        tried = self.cases[list(dict.fromkeys([*columns, *sorted(text)]))].take(at).reset_index(drop=True)
        altered = set()
        for number in map(int, np.flatnonzero(held.any(axis=0))):
            rows = np.flatnonzero(held[:, number])
            for name in set(self.changes[number].columns) & set(tried.columns):
                values = self.offered[number].values[name].loc[at[rows].tolist()]
                column = tried[name].copy()
                column.iloc[rows] = values.astype(column.dtype).array
                tried[name] = column
                altered.add(name)
        for name in altered & date_columns():
            days = span(tried[name].astype(TEXT))
            tried[f"{name}_first"], tried[f"{name}_last"] = days["first"], days["last"]
        return tried

    def _in_words(self, sets: pd.DataFrame) -> pd.DataFrame:
        said: dict[str, dict[tuple[int, int], str]] = {"vi": {}, "en": {}}
        pairs = sets[["at", "changes"]].explode("changes").drop_duplicates()
        for number, rows in pairs.groupby("changes"):
            n = int(str(number))
            words = self.offered[n].said.loc[rows["at"]]
            for name, who in zip(said, WHO[self.changes[n].who], strict=True):
                said[name] |= {(int(str(at)), n): f"{who}: {phrase}" for at, phrase in words[name].items()}
        positions = [int(at) for at in sets["at"]]
        numbers = [tuple(int(n) for n in each) for each in sets["changes"]]
        found = list(zip(positions, numbers, strict=True))
        return pd.DataFrame(
            {
                "record_id": self.cases.index.take(np.array(positions, dtype="int64")),
                "size": sets["size"].to_numpy(),
                "vi": [_together([said["vi"][at, number] for number in each], " và ") for at, each in found],
                "en": [_together([said["en"][at, number] for number in each], " and ") for at, each in found],
                "changes": numbers,
            }
        )


@dataclass(frozen=True)
class _Offer:
    """What a change would put into cases, and how it is said (vi, en); both indexed by position of the case."""

    values: pd.DataFrame
    said: pd.DataFrame


def _joined(offers: Sequence[_Offer]) -> _Offer:
    some = [offer for offer in offers if len(offer.values)]
    if not some:
        return _Offer(pd.DataFrame(), pd.DataFrame())
    return (
        some[0]
        if len(some) == 1
        else _Offer(*(pd.concat(part) for part in zip(*((o.values, o.said) for o in some), strict=True)))
    )


def _together(phrases: Sequence[str], word: str) -> str:
    return word.join(_said_once(dict.fromkeys(phrases)))


def _needed(rule: Rule) -> list[str]:
    """The columns by which a rule answers, and those that say by which law."""
    return list(dict.fromkeys((*rule.columns(), *rule.dated_by())))


def _reads(rule: Rule) -> set[str]:
    """The columns that, altered, may alter a rule's answer; dates by the name of their text."""
    return {*rule.columns(), *(_undated(name) for name in rule.dated_by())}


def _undated(name: str) -> str:
    plain = name.removesuffix("_first").removesuffix("_last")
    return plain if plain in date_columns() else name
