"""From columns to weighed pairs: blocks, levels, patterns, the model, probabilities."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import process

from eligibility_audit.errors import UsageError
from eligibility_audit.linkage import fit as learning
from eligibility_audit.linkage.arrays import Floats, Ints, Levels
from eligibility_audit.linkage.blocking import (
    CAP,
    PART,
    Allowed,
    Blocks,
    Candidates,
    Pairs,
    Part,
    Rule,
    RuleReport,
    make_blocks,
    shared_caps,
)
from eligibility_audit.linkage.comparisons import Comparison
from eligibility_audit.linkage.loss import expected_loss
from eligibility_audit.linkage.model import WEIGHT_DECIMALS, Frequencies, Model
from eligibility_audit.linkage.rivals import Evidence, rival_weights
from eligibility_audit.linkage.scoring import UNIT, Scored, Scorer
from eligibility_audit.linkage.workers import Kept, Means, Threads, Workers

PROBABILITY_DECIMALS = 6
MARGIN = 12.0  # bits below the floor down to which pairs are kept before the weights are learnt
MERGED = 64  # parts whose patterns are counted before they are merged


@dataclass
class Task:
    """What is to be linked: comparisons over the same records, keys, rules, and the kind of each record."""

    comparisons: Sequence[Comparison]
    rules: Sequence[Rule]
    kind: Ints
    kind_names: Sequence[str]
    allowed: Allowed
    extra: Sequence[Pairs] = ()  # pairs that no key makes (aliases), left < right
    roles: Mapping[str, Any] = field(default_factory=dict)
    cap: int = CAP
    two_sided: bool = False

    @property
    def size(self) -> int:
        """How many records."""
        return len(self.kind)

    def scorer(self) -> Scorer:
        """What weighs pairs of these records."""
        return Scorer(self.comparisons, self.kind, len(self.kind_names), self.allowed.two_lines)

    def keys(self) -> dict[str, Ints]:
        """All keys that blocking may use."""
        return {name: codes for comparison in self.comparisons for name, codes in comparison.keys.items()}

    def stable_keys(self) -> dict[str, Ints]:
        """The same as numbers that hold in any table, as far as comparisons have them, and what aliases stand for."""
        return {name: numbers for comparison in self.comparisons for name, numbers in comparison.stable.items()}


@dataclass
class Weighed:
    """Pairs with their weights: positions of the records, weight (log2), probability, and what rivals take of it."""

    left: Ints
    right: Ints
    weight: Floats
    probability: Floats
    rival: Floats


def run(
    task: Task, model: Model | None, floor: float, means: Means | None = None
) -> tuple[Weighed, Model, dict[str, Any]]:
    """All pairs at or above the floor, the model used, and a report of what was and was not compared.

    A pair that only its rivals take below the floor is kept: what they took is told, and can be taken back.
    """
    means = means or Means()
    keys = task.keys()
    blocks, reports = all_blocks(task, keys, means.local, bounded=model is None)
    if model is None:  # the plan is part of what is learnt
        task = replace(task, rules=tuple(map(_with_cap, task.rules, reports)))
    work = _Work(Candidates(blocks, task.allowed, means.local), task.scorer(), _weight(floor))
    del blocks
    report: dict[str, Any] = {"records": task.size}
    with Kept(means.memory, means.spill) as kept:
        if model is None:
            model, learnt = _fit_and_keep(task, keys, work, means, reports, floor, kept)
            report |= learnt
        else:
            work.scorer.use(model, group_priors(task, model))
            _score_all(work, means, reports, kept)
        found = _weighed(work.scorer, kept, floor)
    report["rivals"], found = _against_rivals(task, work.scorer, found)
    if "matches" not in model.seen:
        model = replace(model, seen={**model.seen, **matches_seen(work.scorer, found)})
    fields = [tuple(comparison.keys) for comparison in task.comparisons]
    report["blocking"] = expected_loss(keys, fields, task.rules, (found.left, found.right, found.probability))
    report |= _summary(reports, found)
    return found, model, report


def matches_seen(scorer: Scorer, found: Weighed) -> dict[str, Any]:
    """How many matches are expected among these pairs, and of each field how many at each level."""
    levels = scorer.levels(found.left, found.right)
    width = {each.field: len(each.levels) + 1 for each in scorer.comparisons}
    counted = {
        field: np.bincount(level, weights=found.probability, minlength=width[field])[1:]
        for field, level in levels.items()
    }
    matches = round(float(found.probability.sum()), 2)
    return {"matches": matches, "levels": {field: np.round(count, 2).tolist() for field, count in counted.items()}}


def planned(task: Task, model: Model | None) -> Task:
    """The task with the blocking rules and the cap that the model was learnt with."""
    if model is None or not model.blocking:
        return task
    return replace(task, rules=tuple(Rule.read(text) for text in model.blocking), cap=model.cap or task.cap)


def _weight(probability: float) -> float:
    """A weight (log2 odds) that every pair of this probability, as it is rounded, reaches."""
    least = max(probability - 10.0**-PROBABILITY_DECIMALS, 1e-9)
    return float(np.log2(least / (1 - least)))


def _against_rivals(task: Task, scorer: Scorer, found: Weighed) -> tuple[int, Weighed]:
    taken = rival_weights(found.left, found.right, found.weight, task.kind, scorer.evidence)
    lowered = _above(found.left, found.right, found.weight + taken, 0.0, taken)
    return int((taken <= -0.5).sum()), lowered


def with_rivals(
    task: Task, model: Model, found: Weighed, reports: Sequence[RuleReport]
) -> tuple[Weighed, dict[str, Any]]:
    """What rivals take of pairs that were weighed otherwise, and the report as `run` gives it."""
    scorer = task.scorer()
    scorer.use(model, group_priors(task, model))
    lowered, found = _against_rivals(task, scorer, found)
    return found, {"records": task.size, "rivals": lowered} | _summary(reports, found)


def check_keys(rules: Sequence[Rule], keys: Mapping[str, Ints]) -> None:
    """Raises UsageError where a rule has a key that these columns do not give."""
    for rule in rules:
        for key in (*rule.keys, *rule.then):
            if key not in keys:
                near = process.extractOne(key, ["-", *sorted(keys)])
                raise UsageError(
                    f"Quy tắc chia khối “{rule.name}” có khóa không biết: {key}; gần nhất là {near[0]}."
                    f" / The blocking rule “{rule.name}” has an unknown key: {key}; the nearest is {near[0]}."
                )


def _with_cap(rule: Rule, report: RuleReport) -> Rule:
    lowered = report.cap < min(rule.cap or CAP, CAP)
    return replace(rule, cap=report.cap) if lowered else rule


def all_blocks(
    task: Task, keys: Mapping[str, Ints] | None = None, workers: Workers | None = None, *, bounded: bool = False
) -> tuple[list[Blocks], list[RuleReport]]:
    """The blocks of every rule, and last those of the pairs that no key makes; `bounded` as for `make_blocks`."""
    known = task.keys() if keys is None else keys
    check_keys(task.rules, known)

    shared = shared_caps(task.rules, known, task.size, task.cap) if bounded else [task.cap] * len(task.rules)

    def make(rule: tuple[Rule, int]) -> tuple[Blocks, RuleReport]:
        cap = min(task.cap, rule[0].cap or task.cap, rule[1])
        return make_blocks(rule[0], known, task.size, cap, bounded=bounded)

    made = list((workers or Threads()).map(make, zip(task.rules, shared, strict=True)))
    blocks, reports = [each for each, _ in made], [report for _, report in made]
    if task.extra:
        blocks.append(Blocks(np.full(task.size, -1, dtype=np.int32), list(task.extra)))
        reports.append(RuleReport("alias", pairs=sum(len(left) for left, _ in task.extra)))
    return blocks, reports


def _above(left: Ints, right: Ints, weight: Floats, floor: float, rival: Floats | None = None) -> Weighed:
    weight = np.round(weight, WEIGHT_DECIMALS) + 0.0
    probability = np.round(1 / (1 + np.exp2(-np.clip(weight, -500, 500))), PROBABILITY_DECIMALS)
    keep = probability >= floor
    taken = np.zeros(int(keep.sum())) if rival is None else rival[keep]
    return Weighed(left[keep], right[keep], weight[keep], probability[keep], taken)


class _Work:
    """What is done with a part of the candidates, by any thread or process."""

    def __init__(self, candidates: Candidates, scorer: Scorer, least: float) -> None:
        self.candidates, self.scorer, self.least = candidates, scorer, least

    def __call__(self, part: Part) -> tuple[Scored, Ints]:
        """The patterns of the part and the pairs that may reach the least weight, and how many pairs each rule made."""
        (left, right), made = self.candidates.pairs(part)
        return self.scorer.score(left, right, self.least), made


class _Counts:
    """How many pairs have each pattern, over all parts; patterns are in order, whatever the parts were."""

    def __init__(self) -> None:
        self._parts: list[tuple[Ints, Ints]] = []

    def add(self, patterns: Ints, counts: Ints) -> None:
        """Take the counts of a part."""
        self._parts.append((patterns, counts))
        if len(self._parts) >= MERGED:
            self._parts = [self.all()]

    def all(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The patterns and their counts."""
        empty = np.zeros(0, dtype=np.int64)
        codes = np.concatenate([empty, *(part for part, _ in self._parts)])
        distinct, number = np.unique(codes, return_inverse=True)
        counts = np.zeros(len(distinct), dtype=np.int64)
        np.add.at(counts, number, np.concatenate([empty, *(count for _, count in self._parts)]))
        return distinct, counts


def _score_all(work: _Work, means: Means, reports: Sequence[RuleReport], kept: Kept) -> _Counts:
    """Score every part: what may reach the least weight is kept, the patterns of all are counted."""
    counts = _Counts()
    new_pairs = np.zeros(len(reports), dtype=np.int64)
    kept.clear()
    for scored, made in means.workers.map(work, work.candidates.parts):
        counts.add(scored.patterns, scored.counts)
        kept.add({"left": scored.left, "right": scored.right, "pattern": scored.pattern, "tf": scored.tf})
        new_pairs += made
    for report, count in zip(reports, new_pairs.tolist(), strict=True):
        report.new_pairs = count
    return counts


def _weighed(scorer: Scorer, kept: Kept, floor: float) -> Weighed:
    """The kept pairs at or above the floor, in order."""
    pieces: list[Weighed] = []
    for each in kept:
        left, right = each["left"], each["right"]
        units = scorer.weigh_patterns(each["pattern"])[0] + each["tf"] + scorer.excess(each["pattern"], left, right)
        pieces.append(_above(left, right, units / UNIT, floor))
    empty = np.zeros(0, dtype=np.int32)
    left = np.concatenate([empty, *(piece.left for piece in pieces)])
    right = np.concatenate([empty, *(piece.right for piece in pieces)])
    order = np.lexsort((right, left))
    weight = np.concatenate([np.zeros(0), *(piece.weight for piece in pieces)])
    probability = np.concatenate([np.zeros(0), *(piece.probability for piece in pieces)])
    return Weighed(left[order], right[order], weight[order], probability[order], np.zeros(len(order)))


def _fit_and_keep(
    task: Task,
    keys: Mapping[str, Ints],
    work: _Work,
    means: Means,
    reports: Sequence[RuleReport],
    floor: float,
    kept: Kept,
) -> tuple[Model, dict[str, Any]]:
    """Learn the model from the patterns of all candidates; what may be a link by it is kept."""
    scorer, groups = work.scorer, _pairs_in_group(task)
    people = learning.persons(keys, task.size)
    tables = learning.frequencies(scorer.tables, people)
    u, comparable, tables, chances = _shares(task, scorer, means.local, people, tables)
    agreeing = {field: _agreeing(task, keys[field]) for field in learning.COUNTED_BY_PAIRS if field in keys}
    scorer.weigh_with(*learning.assumed(task.comparisons, u, groups, task.size))
    work.least = _weight(floor) - MARGIN
    codes, counts = _score_all(work, means, reports, kept).all()
    let_go = ~scorer.may_reach(codes, work.least)
    told = scorer.apart(codes)
    patterns = learning.Patterns(told.levels, told.rarity, told.rest, told.group, counts.astype(np.float64))
    fitted = learning.fit(task.comparisons, u, comparable, agreeing, chances, patterns, groups, task.size)
    model = _model(task, fitted, tables, comparable, reports)
    scorer.use(model, group_priors(task, model))
    work.least = _weight(floor)
    if (scorer.may_reach(codes, work.least) & let_go).any():  # by what was learnt it may be a link after all
        _score_all(work, means, reports, kept)
    report = {"persons": len(people), "rounds": fitted.rounds, "expected_matches": round(fitted.matches, 1)}
    return model, report


def _model(
    task: Task,
    fitted: learning.Fitted,
    tables: Mapping[str, Frequencies],
    comparable: Mapping[str, float],
    reports: Sequence[RuleReport],
) -> Model:
    names, groups = task.kind_names, _pairs_in_group(task)
    priors = {
        f"{one} | {two}": float(fitted.group_priors[i * len(names) + j])
        for i, one in enumerate(names)
        for j, two in enumerate(names)
        if groups[i * len(names) + j] > 0
    }
    return Model(
        comparisons=fitted.levels,
        prior=fitted.prior,
        priors=priors,
        frequencies=tables,
        blocking=tuple(rule.name for rule in task.rules),
        cap=task.cap,
        roles=task.roles,
        seen={
            "records": task.size,
            "comparable": {name: round(share, 6) for name, share in comparable.items()},
            "split": {
                each.rule: {"blocks": each.split, "not_compared": each.not_compared} for each in reports if each.split
            },
        },
    )


def _shares(
    task: Task,
    scorer: Scorer,
    workers: Workers,
    people: Ints,
    tables: dict[str, Frequencies],
) -> tuple[dict[str, Floats], dict[str, float], dict[str, Frequencies], dict[str, dict[int, learning.Chance]]]:
    left, right = learning.sample_pairs(np.arange(task.size))
    cuts = [slice(start, start + PART) for start in range(0, max(len(left), 1), PART)]
    drawn_levels = list(workers.map(_Levels(scorer, left, right), cuts))
    found = {field: np.concatenate([each[field] for each in drawn_levels]) for field in drawn_levels[0]}
    comparable = {name: float((level > 0).mean()) if len(level) else 0.0 for name, level in found.items()}
    apart = np.ones(len(left), dtype=bool)  # a drawn pair that agrees in name may be one person: left out of the rest
    for comparison in task.comparisons:
        if comparison.names:
            apart &= (found[comparison.field] == 0) | (found[comparison.field] > comparison.names)
    tables, shares = dict(tables), learning.shares_of_values(scorer.tables, tables)
    u: dict[str, Floats] = {}
    for comparison in task.comparisons:
        drawn = found[comparison.field]
        for name, typical in learning.typical_shares(comparison, scorer.tables, shares, (left, right, drawn)).items():
            tables[name] = replace(tables[name], typical=typical)
        u[comparison.field] = learning.shares(
            drawn if comparison.names else drawn[apart], comparison.levels, comparison.counted(people)
        )
    exact = sum(float(u[c.field][: c.names].sum()) * comparable[c.field] for c in task.comparisons if c.names)
    scorer.adjust_with(tables)
    lines = np.arange(task.size)
    rarity = scorer.rarity(lines, lines) / UNIT
    chances = {c.field: learning.chances_together(c, found, exact, rarity) for c in task.comparisons if c.lifts}
    return u, comparable, tables, chances


class _Levels:
    """The levels of some of these pairs."""

    def __init__(self, scorer: Scorer, left: Ints, right: Ints) -> None:
        self._scorer, self._left, self._right = scorer, left, right

    def __call__(self, rows: slice) -> dict[str, Levels]:
        return self._scorer.levels(self._left[rows], self._right[rows])


def _agreeing(task: Task, codes: Ints) -> float:
    """How many pairs have the same value, counted by value."""
    have = codes >= 0
    counts = np.bincount(codes[have]).astype(np.float64)
    if not task.two_sided:
        return float((counts * (counts - 1)).sum() / 2)
    first = np.bincount(codes[have & (task.kind == 0)], minlength=len(counts))
    return float((first * (counts - first)).sum())


def _pairs_in_group(task: Task) -> Floats:
    width = len(task.kind_names)
    counts = np.bincount(task.kind, minlength=width).astype(np.float64)
    pairs = np.triu(np.outer(counts, counts), 1)
    if not task.two_sided:
        pairs += np.diag(counts * (counts - 1) / 2)
    return pairs.ravel()


def group_priors(task: Task, model: Model) -> Floats:
    """The prior of each pair of kinds; the overall one where the model has not seen it."""
    names = task.kind_names
    return np.array([model.priors.get(f"{one} | {two}", model.prior) for one in names for two in names])


def evidence(task: Task, model: Model) -> Evidence:
    """What weighs any two records (positions a < b): weight without rivals, and whether a telling field contradicts."""
    scorer = task.scorer()
    scorer.use(model, group_priors(task, model))
    return scorer.evidence


def describe(task: Task, model: Model, found: Weighed) -> "pd.Series[str]":
    """For each pair its comparisons as JSON: field, level, weight; what could not be compared is left out."""
    scorer = task.scorer()
    scorer.use(model, group_priors(task, model))
    pieces: list[pa.StringArray] = []
    for start in range(0, len(found.left), 1_000_000):
        left, right = found.left[start : start + 1_000_000], found.right[start : start + 1_000_000]
        columns = [
            _fragments(comparison, model, level, bits)
            for comparison, (level, bits) in zip(task.comparisons, scorer.steps(left, right), strict=True)
        ]
        columns.append(_rival_fragments(found.rival[start : start + 1_000_000]))
        joined = pc.binary_join_element_wise(*columns, pa.scalar(""))  # type: ignore[call-overload]  # stubs: no mix
        inner = pc.utf8_slice_codeunits(joined, 2)
        pieces.append(pc.binary_join_element_wise(pa.scalar("["), inner, pa.scalar("]"), pa.scalar("")))
    return pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array(pieces, type=pa.string())), dtype="string[pyarrow]")


def _fragments(comparison: Comparison, model: Model, level: Levels, tf: Ints) -> pa.StringArray:
    learnt = model.comparisons[comparison.field]
    bits = tf.astype(np.int64) + 1_000_000
    field = json.dumps(comparison.field, ensure_ascii=False)

    def text(value: int) -> str:
        code, adjustment = value // 10_000_000, (value % 10_000_000 - 1_000_000) / 1e4
        if code == 0:
            return ""
        weight = round(learnt[code - 1].weight + adjustment, WEIGHT_DECIMALS) + 0.0
        return f', {{"field": {field}, "level": "{learnt[code - 1].name}", "weight": {weight}}}'

    return _texts(level.astype(np.int64) * 10_000_000 + bits, text)


def _rival_fragments(taken: Floats) -> pa.StringArray:
    def text(bits: int) -> str:
        return (
            f', {{"field": "rival", "level": "{"another_fits" if bits < 0 else "third_fits"}", "weight": {bits / 1e4}}}'
            if bits
            else ""
        )

    return _texts(np.round(taken * 1e4).astype(np.int64), text)


def _texts(values: Ints, text: Callable[[int], str]) -> pa.StringArray:
    """One text a distinct value, gathered back."""
    distinct, codes = np.unique(values, return_inverse=True)
    texts = pa.array([text(int(value)) for value in distinct], type=pa.string())
    return texts.take(pa.array(codes, type=pa.int64()))


def _summary(reports: Sequence[RuleReport], found: Weighed) -> dict[str, Any]:
    rules = [
        {
            "rule": r.rule,
            "cap": r.cap,
            "blocks": r.blocks,
            "split": r.split,
            "pairs": r.pairs,
            "new_pairs": r.new_pairs,
            "not_compared": r.not_compared,
        }
        for r in reports
    ]
    sure = found.probability[found.probability >= 0.5]
    return {
        "compared": sum(r.new_pairs for r in reports),
        "blocks_split": sum(r.split for r in reports),
        "not_compared": sum(r.not_compared for r in reports),
        "rules": rules,
        "expected_precision": round(float(sure.mean()), 6) if len(sure) else None,
    }
