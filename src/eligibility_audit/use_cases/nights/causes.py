"""Why each proposal changed: tonight's inputs are put in place of last night's one after another, in a fixed order.

Roster rows, reference lists, judgements and determinations, time passed, rules and parameters, the model. What a step
changes is its cause's; the steps lead from last night to tonight, so that the parts sum to the whole. Each step links
and decides anew only what it touches, and the last one is tonight itself. Law is data, and last night's is kept: steps
before its turn decide by it. Code that was changed is no longer installed: of such a night rules and code are put in
place first, and the difference says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.errors import InputError
from eligibility_audit.law.files import Law, using
from eligibility_audit.linkage import READS, LastLinks, link_again, link_people, people, remember
from eligibility_audit.recommend import recommend
from eligibility_audit.recommend.since import Followed, add_up, changes
from eligibility_audit.rules.assess import Assessed, Mask, assess
from eligibility_audit.rules.facts.annexes import ANNEX
from eligibility_audit.use_cases.judgements_asked import repointed, with_judged_apart
from eligibility_audit.use_cases.nights.last_night import CODE, LAWFUL, LINKING, LastNight

CAUSES: Final = ("roster", "reference", "judgement", "time", "rule", "model")
WORLD: Final = ("roster", "reference", "judgement", "time")  # the world changed; the others: we changed


@dataclass(frozen=True)
class Caused:
    """The difference of two nights.

    `steps`: one row a change of a step (`recommend.since.CHANGES`); `whole`: last night against tonight, its cause the
    causes of its steps joined by `;`. `order`: the causes as they were taken; `rule_first`: it was not the usual order.
    `adds_up`: the parts sum to the whole.
    """

    steps: pd.DataFrame
    whole: pd.DataFrame
    unchanged: int
    order: tuple[str, ...]
    rule_first: bool
    adds_up: bool
    standing: pd.DataFrame  # tonight's recommendations, by statement_id


@dataclass(frozen=True)
class _State:
    """Inputs of which some are tonight's, and what came of them. `of`: the causes whose inputs are tonight's."""

    of: frozenset[str]
    told: pd.DataFrame  # the likely pairs, and those judged apart, as the rules are given them
    links: LastLinks | None  # by tonight's code; None where there are none yet
    assessed: Assessed
    made: pd.DataFrame


@dataclass(frozen=True)
class _Nights:
    """Last night, tonight, and the causes that turned between them."""

    last: LastNight
    now: LastNight
    turned: Sequence[str]
    key: bytes

    def records(self, kind: str, of: frozenset[str]) -> pd.DataFrame | None:
        """The lists of a kind, each file as it was or as it is by the causes that are tonight's."""
        sides = [night.records_of(kind) for night in (self.last, self.now)]
        if sides[0] is None or sides[1] is None:
            return sides[1] if _side(kind) in of else sides[0]
        files = {name for night in (self.last, self.now) for name in night.files_of(kind)}
        waiting = {name for name in files if (cause := self._cause_of(name, kind)) and cause not in of}
        if not waiting:
            return sides[1]
        if not any(self._cause_of(name, kind) in of for name in files):
            return sides[0]
        parts = [sides[0][sides[0]["source_file"].isin(waiting)], sides[1][~sides[1]["source_file"].isin(waiting)]]
        return pd.concat(parts, ignore_index=True).drop_duplicates("record_id", ignore_index=True)

    def _cause_of(self, file: str, kind: str) -> str | None:
        """By which cause a file is read to something else; None where it is not."""
        digests = [night.inputs["sources"].get(file) for night in (self.last, self.now)]
        if digests[0] != digests[1]:
            return _side(kind)
        if self.last.read_keys.get(file) == self.now.read_keys.get(file):
            return None
        return "rule" if "rule" in self.turned else "time"

    def night(self, cause: str, of: frozenset[str]) -> LastNight:
        """Whose input of a cause holds."""
        return self.now if cause in of else self.last


def difference_of(last: LastNight, now: LastNight, law: Law, key: bytes, known: pd.DataFrame | None = None) -> Caused:
    """What changed between two nights, and why.

    `law`: tonight's, by which the steps between them are decided; `known`: proposals of earlier nights (`Followed`).
    """
    turned = turned_causes(last, now)
    order = _order(last, now, turned)
    nights, followed = _Nights(last, now, turned, key), Followed(key, known)
    before, after = last.table("recommendations"), now.table("recommendations")
    first = named = followed.named(before)
    parts = []
    for cause, made in _steps(nights, order, law, before):
        found = followed.named(made)
        parts.append(changes(named, found, cause))
        named = found
    final = followed.named(after)
    parts += [changes(named, final, cause) for cause in order[-1:]]
    whole = changes(first, final, "")
    steps = pd.concat(parts, ignore_index=True) if parts else whole
    why = steps.groupby("statement_id")["cause"].agg(";".join) if len(steps) else pd.Series(dtype="string[pyarrow]")
    whole["cause"] = whole["statement_id"].map(why).astype("string[pyarrow]")
    same = len(first.index.intersection(final.index)) - int((whole["status"] == "changed").sum())
    whole_adds = add_up(parts, whole, len(before), len(after))
    return Caused(steps, whole, same, tuple(order), tuple(order) != tuple(turned), whole_adds, final)


def _steps(nights: _Nights, order: Sequence[str], law: Law, made: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """What is recommended after each cause but the last, after which it is what tonight recommends."""
    if len(order) < 2:
        return
    with TemporaryDirectory() as folder:
        before = nights.last.law(Path(folder)) if "rule" in order[1:] else None
        state = _first_state(nights, made, is_decided=order[0] != "rule")
        for cause in order[:-1]:
            with using(law if before is None or "rule" in {cause, *state.of} else before):
                state = _step(state, cause, nights)
            yield cause, state.made


def _first_state(nights: _Nights, made: pd.DataFrame, *, is_decided: bool) -> _State:
    """Last night, as the steps start from it; what other code linked or decided is not gone on with."""
    last, now = nights.last, nights.now
    decided = Assessed(last.cases(), last.table("findings")) if is_decided else Assessed()
    same_code = all(last.inputs.get(name) == now.inputs.get(name) for name in LINKING)
    return _State(frozenset(), last.told(), last.links if same_code else None, decided, made)


def _order(last: LastNight, now: LastNight, turned: Sequence[str]) -> list[str]:
    """The causes as they are taken: in the fixed order where last night's law and code are there still."""
    there = last.keeps_law() and all(last.inputs.get(name) == now.inputs.get(name) for name in CODE)
    return list(turned) if there or "rule" not in turned else ["rule", *(each for each in turned if each != "rule")]


def turned_causes(last: LastNight, now: LastNight) -> list[str]:
    """The causes whose inputs are not what they were, in the fixed order."""
    then, today = last.inputs["sources"], now.inputs["sources"]
    kinds = {**last.kinds, **now.kinds}
    other = {_side(kinds[name]) for name in then.keys() | today.keys() if then.get(name) != today.get(name)}
    unlike = {name for name in (*LAWFUL, "judgements", "conclusions") if now.inputs.get(name) != last.inputs.get(name)}
    same_files = [name for name in today if then.get(name) == today[name]]
    read_otherwise = any(last.read_keys.get(name) != now.read_keys.get(name) for name in same_files)
    turned = {
        "roster": "roster" in other,
        "reference": "reference" in other,
        "judgement": bool(unlike & {"judgements", "conclusions"}),
        "time": now.as_of != last.as_of,
        "rule": bool(unlike & set(LAWFUL)) or (read_otherwise and now.as_of == last.as_of),
        "model": now.model.digest != last.model.digest,
    }
    return [cause for cause in CAUSES if turned[cause]]


def _side(kind: str) -> str:
    return "roster" if KINDS[kind].role == "roster" else "reference"


def _step(state: _State, cause: str, nights: _Nights) -> _State:
    """The state with tonight's inputs of one more cause; last night's model links."""
    of = state.of | {cause}
    records = {kind: frame for kind in KINDS if (frame := nights.records(kind, of)) is not None}
    told, links = _linked(state, records, of, nights)
    days = nights.night("judgement", of).annex_days()
    if ANNEX in records and days is not None:
        stated = records[ANNEX]["record_id"].map(days).astype("string[pyarrow]")
        records[ANNEX] = records[ANNEX].assign(conclusion_date=stated.fillna(records[ANNEX]["conclusion_date"]))
    as_of = nights.night("time", of).as_of
    cases: dict[str, pd.DataFrame] = {}

    def took(programme: str, frame: pd.DataFrame, _touched: Mask) -> None:
        cases[programme] = frame

    before = Assessed(took=took) if cause in ("time", "rule") else Assessed(*_decided(state), took)
    findings = assess(records, told, as_of=as_of, key=nights.key, since=before)
    made = recommend(findings, records, as_of=as_of, key=nights.key)
    return _State(of, told, links, Assessed(cases, findings), made)


def _decided(state: _State) -> tuple[Mapping[str, pd.DataFrame], pd.DataFrame]:
    return state.assessed.cases, state.assessed.findings


def _linked(
    state: _State, records: Mapping[str, pd.DataFrame], of: frozenset[str], nights: _Nights
) -> tuple[pd.DataFrame, LastLinks]:
    lines, last = people(_columns(records)), nights.last
    judged = repointed(nights.night("judgement", of).judgements(), lines, nights.key)
    if state.links is not None:
        links, kept = link_again(state.links, lines, judgements=judged, key=nights.key)
    else:
        try:
            links = link_people(lines, last.model, judgements=judged, key=nights.key)
        except InputError:  # a model that tonight's code no longer reads
            links = link_people(lines, nights.now.model, judgements=judged, key=nights.key)
        kept = remember(lines, links)
    states = None if links.judged is None else links.judged.states
    return with_judged_apart(links.pairs, states), kept


def _columns(records: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {kind: frame[list(READS)] for kind, frame in records.items()}
