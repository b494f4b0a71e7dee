"""From columns to weighed pairs: blocks, levels, patterns, the model, probabilities."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.linkage import fit as learning
from eligibility_audit.linkage.arrays import Flags, Floats, Ints, Levels
from eligibility_audit.linkage.blocking import (
    CAP,
    Allowed,
    Blocks,
    Pairs,
    Rule,
    RuleReport,
    candidate_pairs,
    make_blocks,
)
from eligibility_audit.linkage.comparisons import Comparison
from eligibility_audit.linkage.model import WEIGHT_DECIMALS, Frequencies, LearntLevel, Model
from eligibility_audit.linkage.rivals import Evidence, rival_weights

PROBABILITY_DECIMALS = 6
Learnt = Mapping[str, Sequence[LearntLevel]]
CONTRADICTION = -6.0  # a level at or below this weight contradicts


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

    def keys(self) -> dict[str, Ints]:
        """All keys that blocking may use."""
        return {name: codes for comparison in self.comparisons for name, codes in comparison.keys.items()}


@dataclass
class Weighed:
    """Pairs with their weights: positions of the records, weight (log2), probability, and what rivals take of it."""

    left: Ints
    right: Ints
    weight: Floats
    probability: Floats
    rival: Floats


def run(task: Task, model: Model | None, floor: float) -> tuple[Weighed, Model, dict[str, Any]]:
    """All pairs at or above the floor, the model used, and a report of what was and was not compared.

    A pair that only its rivals take below the floor is kept: what they took is told, and can be taken back.
    """
    blocks, reports = all_blocks(task)
    scorer = _Scorer(task)
    report: dict[str, Any] = {"records": task.size}
    if model is None:
        model, found = _fit_and_keep(task, scorer, candidate_pairs(blocks, reports, task.allowed), floor, report)
    else:
        scorer.use(model)
        parts = [scorer.weigh(left, right, floor) for left, right in candidate_pairs(blocks, reports, task.allowed)]
        found = _joined(parts)
    report["rivals"], found = _against_rivals(task, scorer, found)
    report |= _summary(reports, found)
    return found, model, report


def _against_rivals(task: Task, scorer: "_Scorer", found: Weighed) -> tuple[int, Weighed]:
    taken = rival_weights(found.left, found.right, found.weight, task.kind, scorer.evidence)
    lowered = _above(found.left, found.right, found.weight + taken, 0.0, taken)
    return int((taken <= -0.5).sum()), lowered


def with_rivals(
    task: Task, model: Model, found: Weighed, reports: Sequence[RuleReport]
) -> tuple[Weighed, dict[str, Any]]:
    """What rivals take of pairs that were weighed otherwise, and the report as `run` gives it."""
    scorer = _Scorer(task)
    scorer.use(model)
    lowered, found = _against_rivals(task, scorer, found)
    return found, {"records": task.size, "rivals": lowered} | _summary(reports, found)


def all_blocks(task: Task) -> tuple[list[Blocks], list[RuleReport]]:
    """The blocks of every rule, and last those of the pairs that no key makes."""
    keys = task.keys()
    blocks: list[Blocks] = []
    reports: list[RuleReport] = []
    for rule in task.rules:
        made, report = make_blocks(rule, keys, task.size, min(task.cap, rule.cap or task.cap))
        blocks.append(made)
        reports.append(report)
    if task.extra:
        blocks.append(Blocks(np.full(task.size, -1, dtype=np.int32), list(task.extra)))
        reports.append(RuleReport("alias", pairs=sum(len(left) for left, _ in task.extra)))
    return blocks, reports


class _Scorer:
    """Levels, frequency adjustments and weights of pairs."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self._adjust: list[dict[int, tuple[Floats, Ints]]] = []
        self._weights: list[Floats] = []
        self._prior: Floats = np.zeros(0)
        self.tables = {name: table for each in task.comparisons for name, table in each.tables.items()}

    def adjust_with(self, known: Mapping[str, Frequencies], learnt: Learnt | None = None) -> None:
        """Take the frequency tables, and the levels where they are learnt already."""
        told = learnt or {}
        shares = learning.shares_of_values(self.tables, known)
        self._adjust = [
            learning.adjustments(each, self.tables, shares, known, told.get(each.field, ()))
            for each in self.task.comparisons
        ]

    def use(self, model: Model) -> None:
        """Take weights, priors and frequencies from a model."""
        self.adjust_with(model.frequencies, model.comparisons)
        self._weights = [model.weights(comparison.field) for comparison in self.task.comparisons]
        self._prior = group_priors(self.task, model)

    def levels(self, left: Ints, right: Ints) -> dict[str, Levels]:
        """The level of each comparison, later ones seeing the earlier."""
        found: dict[str, Levels] = {}
        for comparison in self.task.comparisons:
            found[comparison.field] = comparison.compare(left, right, found)
        return found

    def adjustment(self, number: int, level: Levels, left: Ints, right: Ints) -> Floats:
        """The frequency adjustment of one comparison: of two values the rarer tells."""
        total = np.zeros(len(level))
        for code, (bits, codes) in self._adjust[number].items():
            rows = np.flatnonzero(level == code)
            one, two = codes[left[rows]], codes[right[rows]]
            rarer = np.maximum(bits[np.maximum(one, 0)], bits[np.maximum(two, 0)])
            total[rows] = np.where((one >= 0) & (two >= 0), rarer, 0.0)
        return total

    def excess(self, patterns: npt.NDArray[np.int8], which: Ints, left: Ints, right: Ints) -> Floats:
        """The adjustments that are learnt from the patterns, and so are no part of them."""
        total = np.zeros(len(left))
        for number, comparison in enumerate(self.task.comparisons):
            if comparison.lifts:
                total += self.adjustment(number, patterns[which, number], left, right)
        return total

    def group(self, left: Ints, right: Ints) -> Ints:
        """The pair of kinds as a number."""
        return self.task.kind[left].astype(np.int64) * len(self.task.kind_names) + self.task.kind[right]

    def weigh(self, left: Ints, right: Ints, floor: float) -> Weighed:
        """Pairs at or above the floor, with their weights."""
        return _above(left, right, self.evidence(left, right)[0], floor)

    def evidence(self, left: Ints, right: Ints) -> tuple[Floats, Flags]:
        """The weight of each pair, and whether a field that tells people apart contradicts (two of one line do)."""
        one_line = ~self.task.allowed.two_lines(left, right)
        weight = np.where(one_line, -500.0, self._prior[self.group(left, right)])
        against = one_line.copy()
        for number, level in enumerate(self.levels(left, right).values()):
            weight = weight + self._weights[number][level] + self.adjustment(number, level, left, right)
            if self.task.comparisons[number].tells_apart:
                against |= self._weights[number][level] <= CONTRADICTION
        return weight, against

    def weigh_pattern(self, pattern_levels: npt.NDArray[np.int8], group: Ints) -> Floats:
        """Weights of patterns, without frequency adjustment."""
        weight = self._prior[group]
        for number in range(len(self.task.comparisons)):
            weight = weight + self._weights[number][pattern_levels[:, number]]
        return np.asarray(weight)


def _above(left: Ints, right: Ints, weight: Floats, floor: float, rival: Floats | None = None) -> Weighed:
    weight = np.round(weight, WEIGHT_DECIMALS) + 0.0
    probability = np.round(1 / (1 + np.exp2(-np.clip(weight, -500, 500))), PROBABILITY_DECIMALS)
    keep = probability >= floor
    taken = np.zeros(int(keep.sum())) if rival is None else rival[keep]
    return Weighed(left[keep], right[keep], weight[keep], probability[keep], taken)


def _joined(parts: Sequence[Weighed]) -> Weighed:
    empty = np.zeros(0, dtype=np.int32)
    left = np.concatenate([empty, *(part.left for part in parts)])
    right = np.concatenate([empty, *(part.right for part in parts)])
    order = np.lexsort((right, left))
    weight = np.concatenate([np.zeros(0), *(part.weight for part in parts)])
    probability = np.concatenate([np.zeros(0), *(part.probability for part in parts)])
    return Weighed(left[order], right[order], weight[order], probability[order], np.zeros(len(order)))


def _fit_and_keep(
    task: Task, scorer: _Scorer, pairs: Iterator[Pairs], floor: float, report: dict[str, Any]
) -> tuple[Model, Weighed]:
    people = learning.persons(task.keys(), task.size)
    tables = learning.frequencies(scorer.tables, people)
    u, comparable, tables, chances = _shares(task, scorer, people, tables)
    scorer.adjust_with(tables)
    agreeing = {c.field: _agreeing(task, c) for c in task.comparisons if c.field in learning.COUNTED_BY_PAIRS}
    counts = _PatternCounts(task, scorer)
    kept = [counts.add(left, right) for left, right in pairs]
    patterns = counts.patterns()
    fitted = learning.fit(
        task.comparisons, u, comparable, agreeing, chances, patterns, _pairs_in_group(task), task.size
    )
    names = task.kind_names
    priors = {
        f"{one} | {two}": float(fitted.group_priors[i * len(names) + j])
        for i, one in enumerate(names)
        for j, two in enumerate(names)
        if _pairs_in_group(task)[i * len(names) + j] > 0
    }
    model = Model(
        comparisons=fitted.levels,
        prior=fitted.prior,
        priors=priors,
        frequencies=tables,
        blocking=tuple(rule.name for rule in task.rules),
        cap=task.cap,
        roles=task.roles,
    )
    scorer.use(model)
    base = scorer.weigh_pattern(patterns.levels, patterns.group)
    parts = [
        _above(left, right, base[which] + tf / 1e4 + scorer.excess(patterns.levels, which, left, right), floor)
        for left, right, which, tf in kept
    ]
    report |= {"persons": len(people), "rounds": fitted.rounds, "expected_matches": round(fitted.matches, 1)}
    return model, _joined(parts)


def _shares(
    task: Task, scorer: _Scorer, people: Ints, tables: dict[str, Frequencies]
) -> tuple[dict[str, Floats], dict[str, float], dict[str, Frequencies], dict[str, dict[int, learning.Chance]]]:
    left, right = learning.sample_pairs(np.arange(task.size))
    found = scorer.levels(left, right)
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
    names = task.keys().get("name", np.zeros(0, dtype=np.int32))
    chances = {c.field: learning.chances_together(c, found, exact, names[people]) for c in task.comparisons if c.lifts}
    return u, comparable, tables, chances


def _agreeing(task: Task, comparison: Comparison) -> float:
    """How many pairs have the same value, counted by value."""
    codes = comparison.keys[comparison.field]
    have = codes >= 0
    counts = np.bincount(codes[have]).astype(np.float64)
    if not task.two_sided:
        return float((counts * (counts - 1)).sum() / 2)
    first = np.bincount(codes[have & (task.kind == 0)], minlength=len(counts))
    return float((first * (counts - first)).sum())


class _PatternCounts:
    """Distinct patterns of levels over all parts, and for each pair the number of its pattern."""

    def __init__(self, task: Task, scorer: _Scorer) -> None:
        self._scorer = scorer
        self._widths = [len(comparison.levels) + 1 for comparison in task.comparisons]
        self._numbers: dict[int, int] = {}
        self._counts: list[int] = []

    def add(self, left: Ints, right: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Count a part; returns left, right, the pattern of each pair and its adjustment in 1/10,000 bit."""
        code = self._scorer.group(left, right)
        tf = np.zeros(len(left))
        for number, level in enumerate(self._scorer.levels(left, right).values()):
            code = code * self._widths[number] + level
            tf += self._scorer.adjustment(number, level, left, right)
        bins = np.clip(np.round(tf) + learning.TF_BINS // 2, 0, learning.TF_BINS - 1).astype(np.int64)
        local, distinct = pd.factorize(code * learning.TF_BINS + bins)
        numbers = np.array([self._number(int(pattern)) for pattern in distinct], dtype=np.int32)
        for number, count in zip(numbers.tolist(), np.bincount(local, minlength=len(distinct)).tolist(), strict=True):
            self._counts[number] += count
        which = numbers[local] if len(local) else np.zeros(0, dtype=np.int32)
        return left, right, which, np.round(tf * 1e4).astype(np.int32)

    def _number(self, pattern: int) -> int:
        if pattern not in self._numbers:
            self._numbers[pattern] = len(self._counts)
            self._counts.append(0)
        return self._numbers[pattern]

    def patterns(self) -> learning.Patterns:
        """What was counted."""
        code = np.array(list(self._numbers), dtype=np.int64)
        tf = code % learning.TF_BINS - learning.TF_BINS // 2
        code = code // learning.TF_BINS
        columns: list[Levels] = []
        for width in reversed(self._widths):
            columns.append((code % width).astype(np.int8))
            code = code // width
        levels = np.stack(columns[::-1], axis=1) if columns else np.zeros((len(code), 0), dtype=np.int8)
        return learning.Patterns(levels, tf.astype(np.float64), code, np.array(self._counts, dtype=np.float64))


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
    scorer = _Scorer(task)
    scorer.use(model)
    return scorer.evidence


def describe(task: Task, model: Model, found: Weighed) -> "pd.Series[str]":
    """For each pair its comparisons as JSON: field, level, weight; what could not be compared is left out."""
    scorer = _Scorer(task)
    scorer.use(model)
    pieces: list[pa.StringArray] = []
    for start in range(0, len(found.left), 1_000_000):
        left, right = found.left[start : start + 1_000_000], found.right[start : start + 1_000_000]
        columns = [
            _fragments(task.comparisons[number], model, level, scorer.adjustment(number, level, left, right))
            for number, level in enumerate(scorer.levels(left, right).values())
        ]
        columns.append(_rival_fragments(found.rival[start : start + 1_000_000]))
        joined = pc.binary_join_element_wise(*columns, pa.scalar(""))  # type: ignore[call-overload]  # stubs: no mix
        inner = pc.utf8_slice_codeunits(joined, 2)
        pieces.append(pc.binary_join_element_wise(pa.scalar("["), inner, pa.scalar("]"), pa.scalar("")))
    return pd.Series(pd.arrays.ArrowStringArray(pa.chunked_array(pieces, type=pa.string())), dtype="string[pyarrow]")


def _fragments(comparison: Comparison, model: Model, level: Levels, tf: Floats) -> pa.StringArray:
    learnt = model.comparisons[comparison.field]
    bits = np.round(tf * 1e4).astype(np.int64) + 1_000_000
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
        return f', {{"field": "rival", "level": "another_fits", "weight": {bits / 1e4}}}' if bits < 0 else ""

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
