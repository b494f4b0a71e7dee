"""The least change that would clear a case: the smallest set of facts that, were they otherwise, leaves no finding.

It is computed, not guessed: sets of the declared changes are applied to the case and the rules that see them are asked
again; sets are tried by size. A set that leaves a finding of the case untouched cannot clear it and is not tried; one
may hold a single change more than its findings need, for what another change would bring up.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
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
_AT_ONCE: Final = 50_000  # cases: memory stays flat
_OR: Final = {"vi": "; hoặc ", "en": "; or "}
Flags = Callable[[Rule, pd.DataFrame], Column]  # of each case: does the rule give a finding
Mask = NDArray[np.bool_]
Laws = Callable[[Rule, pd.DataFrame], Iterable[tuple[Parameters, Mask | None]]]  # which law judges which cases


def least_changes(
    cases: pd.DataFrame, rules: Sequence[Rule], laws: Laws, flags: Flags, base: Mask | None = None
) -> pd.DataFrame:
    """For each case the smallest sets of changes that clear it.

    `cases`: flagged cases, indexed by record_id, with all columns of `rules`; `laws`: the parameters of a rule that
    judge a case (a mask; None: all of them); `flags`: whether a rule gives a finding; `base`: of each case and rule
    that answer, where it is known already. Returns one row a set, at most `ALTERNATIVES` a case, with `record_id`,
    `size`, `vi`, `en` and `changes` (tuples of positions in `changes_of(rules)`). A case that no set of up to `MOST`
    clears has no row.
    """
    if base is None:
        base = np.column_stack(
            [np.zeros((len(cases), 0), bool), *(flags(rule, cases).to_numpy("bool") for rule in rules)]
        )
    found = [
        _Search.over(cases.iloc[at : at + _AT_ONCE], rules, laws, flags, base[at : at + _AT_ONCE]).sets()
        for at in range(0, max(len(cases), 1), _AT_ONCE)
    ]
    return pd.concat(found, ignore_index=True)


def as_sentences(sets: pd.DataFrame) -> pd.DataFrame:
    """The sets of each case as one sentence in Vietnamese and one in English, indexed by record_id."""
    return pd.DataFrame({name: _of_each_case(sets["record_id"], sets[name], _OR[name]) for name in _OR})


def _of_each_case(record_ids: Column, phrases: Column, word: str) -> Column:
    said: dict[str, list[str]] = {}
    for record, phrase in zip(record_ids, phrases, strict=True):
        said.setdefault(record, []).append(phrase)
    together = [word.join(_said_once(each)) for each in said.values()]
    sentences = [f"{each[:1].upper()}{each[1:]}." for each in together]
    return pd.Series(sentences, index=pd.Index(list(said), dtype=TEXT, name="record_id"), dtype=TEXT)


def _said_once(phrases: Iterable[str]) -> Iterator[str]:
    """Alternatives, each after the word for who can bring it, which is not said again for the next of the same."""
    before = ""
    for phrase in phrases:
        who = phrase.partition(": ")[0]
        yield phrase.removeprefix(f"{before}: ") if before else phrase
        before = who


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
    def over(cls, cases: pd.DataFrame, rules: Sequence[Rule], laws: Laws, flags: Flags, base: Mask) -> "_Search":
        changes = changes_of(rules)
        reads = [_reads(rule) for rule in rules]
        seen = np.array([[not read.isdisjoint(c.columns) for read in reads] for c in changes], dtype=bool)
        seen = seen.reshape(len(changes), len(rules))
        search = cls(cases, rules, changes, laws, flags, base, seen, [_NO_OFFER] * len(changes))
        for n, rule in enumerate(rules):
            at = np.flatnonzero(base[:, n])
            search._offer(n, cases[_asked(rule)].take(at), at)
        search._offer_what_one_change_brings_up()
        return search

    def sets(self) -> pd.DataFrame:
        """The smallest sets, in words."""
        waiting, found, altered = self._options(), [], _Altered(self.cases, self.changes, self.offered)
        for size in range(1, MOST + 1):
            trials = self._trials(waiting, size)
            if trials.empty:
                continue
            clear = trials[self._clear(trials, altered)]
            found.append(clear.assign(size=size))
            done = set(clear["at"])
            waiting = {at: options for at, options in waiting.items() if at not in done}
        sets = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["at", "changes", "size"])
        alike = [tuple((self.changes[n].who, self.changes[n].columns) for n in each) for each in sets["changes"]]
        sets = sets[~pd.DataFrame({"at": sets["at"], "alike": alike}).duplicated().to_numpy("bool")]
        sets = sets.groupby("at", sort=False).head(ALTERNATIVES)
        return self._in_words(sets)

    def _offer(self, number: int, cases: pd.DataFrame, at: NDArray[np.intp]) -> None:
        """Offer cases that a rule finds, at the positions `at`, its changes, each under the law that judges it."""
        rule = self.rules[number]
        own = [k for k, each in enumerate(self.changes) if each.rule_id == rule.id]
        if not own or not len(cases):
            return
        shown = cases[rule.shown()].set_axis(at, axis="index")
        judged = [(law, shown if where is None else shown[where]) for law, where in self.laws(rule, cases)]
        for k in own:
            self.offered[k] = _joined(
                [self.offered[k], *(_offered(self.changes[k], law, some) for law, some in judged)]
            )

    def _offer_what_one_change_brings_up(self) -> None:
        """Changes of a rule that gives a finding only once another change is applied, as it is then."""
        altered = _Altered(self.cases, self.changes, self.offered)
        at = np.concatenate([np.zeros(0, "int64"), *(offer.values.index.to_numpy("int64") for offer in self.offered)])
        change = np.repeat(np.arange(len(self.changes)), [len(offer.values) for offer in self.offered])
        known = {each.rule_id for each in self.changes}
        for n, rule in enumerate(self.rules):
            touched = np.flatnonzero(self.seen[change, n] & ~self.base[at, n]) if rule.id in known else ()
            if not len(touched):
                continue
            some, held = at[touched], _one_each(change[touched], len(self.changes))
            new = np.flatnonzero(self._flagged(rule, altered, some, held))
            position, first = np.unique(some[new], return_index=True)
            brought = altered.rows(_asked(rule), some[new[first]], held[new[first]])
            self._offer(n, brought, position)

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
        numbers = trials["changes"].tolist()
        held[np.repeat(np.arange(len(trials)), [len(each) for each in numbers]), list(chain(*numbers))] = True
        return held

    def _clear(self, trials: pd.DataFrame, altered: "_Altered") -> Mask:
        """Whether no rule gives a finding once the changes of each trial are applied."""
        at, held = trials["at"].to_numpy("int64"), self._held(trials)
        touched = (held.astype("float32") @ self.seen.astype("float32")) > 0
        clear: Mask = ~(self.base[at] & ~touched).any(axis=1)
        for n, rule in enumerate(self.rules):
            rows = np.flatnonzero(clear & touched[:, n])
            if rows.size:
                clear[rows] = ~self._flagged(rule, altered, at[rows], held[rows])
        return clear

    def _flagged(self, rule: Rule, altered: "_Altered", at: NDArray[np.int64], held: Mask) -> Mask:
        """Whether the rule gives a finding of the cases at `at` with the changes held; asked once of those alike."""
        which, first = altered.alike(_needed(rule), at, held)
        answers: Mask = self.flags(rule, altered.rows(_needed(rule), at[first], held[first])).to_numpy("bool")
        return answers[which]

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


_NO_OFFER: Final = _Offer(pd.DataFrame(), pd.DataFrame())


def _offered(change: Change, law: Parameters, cases: pd.DataFrame) -> _Offer:
    values = change.values(cases, law)
    if set(values.columns) != set(change.columns):
        raise KeyError(f"a change of {change.rule_id} gives other columns than it declares")
    cases = cases.loc[values.index]
    said = {
        name: pd.Series(said, cases.index, dtype=TEXT) if isinstance(said, str) else said(cases, law)
        for name, said in (("vi", change.vi), ("en", change.en))
    }
    return _Offer(values, pd.DataFrame(said, index=cases.index))


def _joined(offers: Sequence[_Offer]) -> _Offer:
    some = [offer for offer in offers if len(offer.values)]
    if not some:
        return _NO_OFFER
    return (
        some[0]
        if len(some) == 1
        else _Offer(*(pd.concat(part) for part in zip(*((o.values, o.said) for o in some), strict=True)))
    )


class _Altered:
    """Cases as they would be with changes applied: each column once with all that changes would put into it.

    A cell of a trial is a position in that pool: rows are told apart, and taken, by positions, without a copy of a
    case for each of its trials.
    """

    def __init__(self, cases: pd.DataFrame, changes: Sequence[Change], offered: Sequence[_Offer]) -> None:
        self.cases, self.changes, self.offered = cases, changes, offered
        self.pools: dict[str, tuple[pd.api.extensions.ExtensionArray, dict[int, NDArray[np.int64]]]] = {}
        self.codes: dict[str, NDArray[np.int64]] = {}

    def rows(self, columns: Sequence[str], at: NDArray[np.int64], held: Mask) -> pd.DataFrame:
        """Columns of the cases at `at` with the changes held applied."""
        where = self._where(columns, at, held)
        return pd.DataFrame({name: self.pools[name][0].take(where[name]) for name in columns}, index=range(len(at)))

    def alike(
        self, columns: Sequence[str], at: NDArray[np.int64], held: Mask
    ) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """A number for each row, the same for rows with the same cells, and the position of the first row of each."""
        key = np.zeros(len(at), dtype="int64")
        for name, where in self._where(columns, at, held).items():
            if name not in self.codes:
                pool = pd.Series(self.pools[name][0])
                self.codes[name] = pd.factorize(pool, use_na_sentinel=False)[0].astype("int64")
            codes = self.codes[name][where]
            key = pd.factorize(key * (int(codes.max(initial=0)) + 1) + codes)[0].astype("int64")
        first = np.full(int(key.max(initial=-1)) + 1, len(at))
        np.minimum.at(first, key, np.arange(len(at)))
        return key, first

    def _where(self, columns: Sequence[str], at: NDArray[np.int64], held: Mask) -> dict[str, NDArray[np.int64]]:
        """Of each column, the position of each row's cell in its pool."""
        any_held = np.flatnonzero(held.any(axis=0))
        found = {}
        for name in columns:
            _, starts = self._pool(name)
            where = at.copy()
            for number in (int(n) for n in any_held if int(n) in starts):
                rows = np.flatnonzero(held[:, number])
                where[rows] = starts[number][at[rows]]
            found[name] = where
        return found

    def _pool(self, name: str) -> tuple[pd.api.extensions.ExtensionArray, dict[int, NDArray[np.int64]]]:
        """The cells of a column, then what changes would put there; of each such change where that of a case stands."""
        if name not in self.pools:
            own, starts, parts = self.cases[name], {}, [self.cases[name]]
            held = sum(map(len, parts))
            for number, offer in enumerate(self.offered):
                if {name, _undated(name)}.isdisjoint(offer.values.columns):
                    continue
                starts[number] = np.full(len(own), -1, dtype="int64")
                starts[number][offer.values.index.to_numpy("int64")] = held + np.arange(len(offer.values))
                parts.append(_put_in(name, offer.values).astype(own.dtype))
                held += len(offer.values)
            self.pools[name] = pd.concat(parts, ignore_index=True).array, starts
        return self.pools[name]


def _put_in(name: str, values: pd.DataFrame) -> Column:
    """What a change puts into a column; into the days of a date, what it puts into the date."""
    if name in values:
        return values[name]
    return span(values[_undated(name)].astype(TEXT))["first" if name.endswith("_first") else "last"]


def _one_each(numbers: NDArray[np.int64], width: int) -> Mask:
    """Sets of one change, as rows."""
    held = np.zeros((len(numbers), width), dtype=bool)
    held[np.arange(len(numbers)), numbers] = True
    return held


def _together(phrases: Sequence[str], word: str) -> str:
    return word.join(_said_once(dict.fromkeys(phrases)))


def _needed(rule: Rule) -> list[str]:
    """The columns by which a rule answers, and those that say by which law."""
    return list(dict.fromkeys((*rule.columns(), *rule.dated_by())))


def _asked(rule: Rule) -> list[str]:
    """The columns that its changes and their words may read, and those that say by which law."""
    return list(dict.fromkeys((*rule.shown(), *rule.dated_by())))


def _reads(rule: Rule) -> set[str]:
    """The columns that, altered, may alter a rule's answer; dates by the name of their text."""
    return {*rule.columns(), *(_undated(name) for name in rule.dated_by())}


def _undated(name: str) -> str:
    plain = name.removesuffix("_first").removesuffix("_last")
    return plain if plain in date_columns() else name
