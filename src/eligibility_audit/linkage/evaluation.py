"""How right linked pairs are, measured against labels: by threshold, by cluster, and whether probabilities are true.

Labels say who is who in one of three ways, by their columns:
- `id`, `entity` (and `side`, L or R, where two tables are linked): every row's true person; blank where not known, and
  such rows are left out of all counts;
- `left_id`, `right_id`: all true pairs; a pair that is not listed is none;
- `left_id`, `right_id`, `match`: judged pairs (officers' judgements); pairs that nobody judged are left out.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility_audit.errors import InputError
from eligibility_audit.linkage.arrays import Flags, Floats, Ints
from eligibility_audit.linkage.clusters import components

THRESHOLDS: Final = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
DEFAULT: Final = 0.5
BINS: Final = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)
SURE: Final = 1e-6  # log loss takes no probability for nearer to 0 or 1
_SAID: Final = {
    "1": 1, "1.0": 1, "true": 1, "yes": 1, "match": 1, "same": 1,
    "0": 0, "0.0": 0, "false": 0, "no": 0, "no_match": 0, "different": 0,
    "": -1, "unsure": -1,
}  # fmt: skip
Positions = npt.NDArray[np.int64]
Scores = dict[str, float | int | None]


@dataclass(frozen=True)
class Evaluation:
    """What the labels say of the pairs.

    `summary`: labelled pairs, F1 at 0.5 and at the best threshold, recall at the precision asked for, share of true
    pairs that are listed at all, expected and observed true pairs, calibration error, Brier score and log loss (over
    the listed pairs). `by_threshold`: threshold, links, true_links, precision, recall, f1. `clusters`: threshold,
    precision, recall, f1 of all pairs within clusters, and the largest cluster. `calibration`: from, to, pairs,
    expected, observed. What cannot be said is null.
    """

    summary: Mapping[str, float | int | None]
    by_threshold: pd.DataFrame
    clusters: pd.DataFrame
    calibration: pd.DataFrame

    def to_json(self) -> str:
        """All of it as JSON."""
        tables = {
            name: [{key: _plain(value) for key, value in row.items()} for row in table.to_dict("records")]
            for name, table in (
                ("by_threshold", self.by_threshold),
                ("clusters", self.clusters),
                ("calibration", self.calibration),
            )
        }
        return json.dumps({"summary": dict(self.summary)} | tables, ensure_ascii=False, indent=1)


def evaluate(
    pairs: pd.DataFrame,
    labels: pd.DataFrame,
    *,
    clusters: pd.DataFrame | None = None,
    two_sided: bool = False,
    thresholds: Sequence[float] = THRESHOLDS,
    precision: float = 0.99,
) -> Evaluation:
    """Measure `pairs` (left_id, right_id, match_probability, and match_weight where known) against `labels`.

    Pairs should reach far below 0.5: the best threshold and the calibration are found among those given. `clusters`
    (side, id, cluster_id): groups that depend on no threshold; without them connected components are taken at each.
    `two_sided`: left and right ids are of two tables and only pairs across count. Raises InputError where the labels
    have other columns, words of `match` that are not known, or label nothing.
    """
    people = _People(pairs, labels, clusters, two_sided)
    left, right = people.at(pairs["left_id"], 0), people.at(pairs["right_id"], 1)
    order, weight, probability = _ranked(pairs)
    left, right = left[order], right[order]
    first = _first_of_each(left, right, people.size)
    left, right, weight, probability = left[first], right[first], weight[first], probability[first]
    truth = _truth(labels, people)
    same, known = truth.of(left, right)
    if truth.total == 0 and not known.any():
        raise InputError(
            "Nhãn không nói gì về các hồ sơ này; hãy kiểm tra id trong tệp nhãn."
            " / The labels say nothing of these records: check the ids in the labels file."
        )
    links = _Links(same[known], weight[known], probability[known], truth.total)
    fixed = None if clusters is None else truth.clustered(_labels_of(clusters, people))

    def grouped(threshold: float) -> Scores:
        link = probability >= threshold
        return fixed or truth.clustered(components(left[link], right[link], people.size))

    groups = pd.DataFrame([_at(t) | grouped(t) for t in thresholds])
    by_threshold = pd.DataFrame([_at(t) | links.above(t) for t in thresholds])
    calibration, error = _calibration(links)
    return Evaluation(links.summary(precision) | error, by_threshold, groups, calibration)


class _People:
    """The position of every id: one numbering for one table, two side by side for two."""

    def __init__(self, pairs: pd.DataFrame, labels: pd.DataFrame, clusters: pd.DataFrame | None, two: bool) -> None:
        self.two_sided = two
        columns: list[list[pd.Series[Any]]] = [[pairs["left_id"]], [pairs["right_id"]]]
        for frame in (labels, clusters):
            if frame is None:
                continue
            if {"left_id", "right_id"} <= {*frame.columns}:
                columns[0].append(frame["left_id"])
                columns[1].append(frame["right_id"])
            elif two and {"id", "side"} <= {*frame.columns}:
                columns[0].append(frame.loc[frame["side"] == "L", "id"])
                columns[1].append(frame.loc[frame["side"] == "R", "id"])
            elif "id" in frame.columns and not two:
                columns[0].append(frame["id"])
            else:
                raise InputError(_COLUMNS)
        every = [column for side in columns for column in side]
        self._as_text = len({str(column.dtype) for column in every}) > 1
        sides = columns if two else [every]
        self._index = [pd.Index(pd.concat([self._plain(c) for c in side]).unique()) for side in sides]
        self.size = sum(len(index) for index in self._index)

    def at(self, ids: "pd.Series[Any]", side: int) -> Positions:
        """The positions of ids; `side`: 0 left, 1 right."""
        side = side if self.two_sided else 0
        found = self._index[side].get_indexer(pd.Index(self._plain(ids)))
        return np.asarray(found + side * len(self._index[0]), dtype=np.int64)

    def of_rows(self, frame: pd.DataFrame) -> Positions:
        """The positions of the rows of a table with id, and side where there are two."""
        if not self.two_sided:
            return self.at(frame["id"], 0)
        right = (frame["side"] == "R").to_numpy()
        return np.where(right, self._where(frame["id"], right, 1), self._where(frame["id"], ~right, 0))

    def _where(self, ids: "pd.Series[Any]", rows: Flags, side: int) -> Positions:
        found = np.zeros(len(ids), dtype=np.int64)
        found[rows] = self.at(ids[rows], side)
        return found

    @property
    def right(self) -> Flags:
        """Whether a position is of the right table."""
        return np.arange(self.size) >= len(self._index[0])

    def _plain(self, ids: "pd.Series[Any]") -> "pd.Series[Any]":
        return ids.astype("string[pyarrow]") if self._as_text else ids


_COLUMNS: Final = (
    "Nhãn phải có các cột id, entity (và side khi ghép hai bảng), hoặc left_id, right_id và nếu có thì match."
    " / Labels need the columns id, entity (and side where two tables are linked), or left_id, right_id and, where"
    " judged, match."
)


class _Truth(Protocol):
    @property
    def total(self) -> int:
        """How many pairs are true."""

    def of(self, left: Positions, right: Positions) -> tuple[Flags, Flags]:
        """Whether each pair is true, and whether that is known."""

    def clustered(self, label: Ints) -> Scores:
        """How right the pairs within clusters are; `label`: the cluster of each position."""


def _truth(labels: pd.DataFrame, people: _People) -> _Truth:
    if {"left_id", "right_id"} <= {*labels.columns}:
        return _Pairs(labels, people)
    if {"id", "entity"} <= {*labels.columns}:
        return _Entities(labels, people)
    raise InputError(_COLUMNS)


class _Entities:
    """Every row's true person; -1 where not known."""

    def __init__(self, labels: pd.DataFrame, people: _People) -> None:
        self._entity = np.full(people.size, -1, dtype=np.int64)
        self._entity[people.of_rows(labels)] = pd.factorize(labels["entity"])[0]
        self._people = people
        self.total = self._pairs(self._entity, self._entity >= 0)

    def of(self, left: Positions, right: Positions) -> tuple[Flags, Flags]:
        one, two = self._entity[left], self._entity[right]
        return one == two, (one >= 0) & (two >= 0)

    def clustered(self, label: Ints) -> Scores:
        known = self._entity >= 0
        cell, _ = pd.factorize(label.astype(np.int64) * (int(self._entity.max(initial=0)) + 1) + self._entity)
        right = self._pairs(np.asarray(cell), known)
        largest = int(np.bincount(label[known]).max(initial=0)) if known.any() else 0
        return _scores(right, self._pairs(label, known), self.total) | {"largest": largest}

    def _pairs(self, label: Ints, rows: Flags) -> int:
        """How many pairs of rows share a label, across the tables where there are two."""
        return _pairs_within(label, rows, self._people)


class _Pairs:
    """True pairs alone, or judged pairs."""

    def __init__(self, labels: pd.DataFrame, people: _People) -> None:
        self._people = people
        said = _said(labels["match"]) if "match" in labels.columns else np.ones(len(labels), dtype=np.int64)
        self._all_told = "match" not in labels.columns
        left, right = people.at(labels["left_id"], 0), people.at(labels["right_id"], 1)
        self._codes = {value: np.unique(_code(left, right, people.size)[said == value]) for value in (0, 1)}
        self.total = len(self._codes[1])

    def of(self, left: Positions, right: Positions) -> tuple[Flags, Flags]:
        code = _code(left, right, self._people.size)
        same = np.isin(code, self._codes[1])
        return same, np.ones(len(code), dtype=bool) if self._all_told else same | np.isin(code, self._codes[0])

    def clustered(self, label: Ints) -> Scores:
        together = {value: self._together(codes, label) for value, codes in self._codes.items()}
        every = np.ones(self._people.size, dtype=bool)
        within = _pairs_within(label, every, self._people) if self._all_told else together[0] + together[1]
        largest = int(np.bincount(label).max(initial=0))
        return _scores(together[1], within, self.total) | {"largest": largest}

    def _together(self, codes: Positions, label: Ints) -> int:
        return int((label[codes // self._people.size] == label[codes % self._people.size]).sum())


def _said(match: "pd.Series[Any]") -> Positions:
    words = match.astype("string[pyarrow]").fillna("").str.strip().str.lower()
    unknown = words[~words.isin([*_SAID])]
    if len(unknown):
        raise InputError(
            f"Cột match có giá trị không biết ({len(unknown)} dòng); hãy ghi match, no_match hoặc unsure."
            f" / The column match has unknown values ({len(unknown)} rows): write match, no_match or unsure."
        )
    return np.asarray(words.map(_SAID), dtype=np.int64)


def _code(left: Positions, right: Positions, size: int) -> Positions:
    return np.asarray(np.minimum(left, right) * size + np.maximum(left, right))


def _pairs_within(label: Ints, rows: Flags, people: _People) -> int:
    if not people.two_sided:
        counts = np.bincount(label[rows]) if rows.any() else np.zeros(0, dtype=np.int64)
        return int((counts * (counts - 1) // 2).sum())
    size = int(label.max(initial=0)) + 1
    one, two = (np.bincount(label[rows & side], minlength=size) for side in (~people.right, people.right))
    return int((one * two).sum())


def _labels_of(clusters: pd.DataFrame, people: _People) -> Positions:
    """The cluster of every position; a record that no cluster names is alone."""
    number = pd.factorize(clusters["cluster_id"])[0]
    label = np.arange(people.size) + len(clusters)
    label[people.of_rows(clusters)] = number
    return np.asarray(pd.factorize(label)[0], dtype=np.int64)


def _ranked(pairs: pd.DataFrame) -> tuple[Positions, Floats, Floats]:
    """Positions of the pairs, the surest first, with weights and probabilities in that order."""
    probability = pairs["match_probability"].to_numpy(dtype=np.float64)
    if "match_weight" in pairs.columns:
        weight = pairs["match_weight"].to_numpy(dtype=np.float64)
    else:
        inner = np.clip(probability, 1e-300, 1 - 1e-16)
        weight = np.log2(inner / (1 - inner))
    order = np.argsort(-weight, kind="stable")
    return np.asarray(order, dtype=np.int64), weight[order], probability[order]


def _first_of_each(left: Positions, right: Positions, size: int) -> Positions:
    """Each unordered pair once, no record with itself, order kept."""
    first = np.unique(_code(left, right, size), return_index=True)[1]
    first.sort()
    return np.asarray(first[left[first] != right[first]], dtype=np.int64)


class _Links:
    """Pairs whose truth is known, the surest first."""

    def __init__(self, same: Flags, weight: Floats, probability: Floats, total: int) -> None:
        self.same, self.probability, self._total = same, probability, total
        self._hits = np.cumsum(same)
        last = np.flatnonzero(np.diff(weight, append=-np.inf) != 0)  # pairs of one weight stand or fall together
        self._weight, self._cuts = weight, last

    def above(self, threshold: float) -> Scores:
        """Scores of the pairs at or above a probability."""
        chosen = self.probability >= threshold
        right, links = int(self.same[chosen].sum()), int(chosen.sum())
        return {"links": links, "true_links": right} | _scores(right, links, self._total)

    def summary(self, precision: float) -> Scores:
        """The best cut, the recall at a precision, the scores at 0.5."""
        default = self.above(DEFAULT)
        found: Scores = {
            "listed_pairs": len(self.same),
            "true_pairs": self._total,
            "reached": _ratio(int(self.same.sum()), self._total),
            "precision_at_default": default["precision"],
            "recall_at_default": default["recall"],
            "f1_at_default": default["f1"],
        }
        hits, links = self._hits[self._cuts].astype(np.float64), self._cuts + 1.0
        f1 = 2 * hits / np.maximum(links + self._total, 1)
        best = int(np.argmax(f1)) if len(f1) else -1
        sure = np.flatnonzero(hits >= precision * links)
        cut = int(self._cuts[best]) if best >= 0 else -1
        return found | {
            "best_f1": _rounded(float(f1[best])) if best >= 0 else None,
            "best_threshold": _rounded(float(self.probability[cut])) if best >= 0 else None,
            "best_weight": _rounded(float(self._weight[cut])) if best >= 0 else None,
            "precision_asked": precision,
            "recall_at_precision": _ratio(float(hits[sure[-1]]), self._total) if len(sure) else 0.0,
        }


def _calibration(links: _Links) -> tuple[pd.DataFrame, Scores]:
    probability, same = links.probability, links.same.astype(np.float64)
    which = np.clip(np.searchsorted(BINS, probability, side="right") - 1, 0, len(BINS) - 2)
    number = np.bincount(which, minlength=len(BINS) - 1)
    expected, observed = (
        np.bincount(which, weights=values, minlength=len(BINS) - 1) / np.maximum(number, 1)
        for values in (probability, same)
    )
    table = pd.DataFrame({"from": BINS[:-1], "to": BINS[1:], "pairs": number})
    for name, values in (("expected", expected), ("observed", observed)):
        table[name] = pd.array(np.round(values, 6), dtype="Float64")
        table.loc[number == 0, name] = pd.NA
    inner = np.clip(probability, SURE, 1 - SURE)
    loss = -np.where(links.same, np.log(inner), np.log1p(-inner))
    above = probability >= DEFAULT
    empty = not len(same)
    return table, {
        "expected_at_default": _rounded(float(probability[above].sum())),
        "observed_at_default": int(same[above].sum()),
        "calibration_error": None if empty else _rounded(float((number * abs(expected - observed)).sum() / len(same))),
        "brier": None if empty else _rounded(float(((probability - same) ** 2).mean())),
        "log_loss": None if empty else _rounded(float(loss.mean())),
    }


def _scores(right: int, links: int, total: int) -> Scores:
    f1 = _ratio(2 * right, links + total)
    return {"precision": _ratio(right, links), "recall": _ratio(right, total), "f1": f1}


def _at(threshold: float) -> Scores:
    return {"threshold": threshold}


def _ratio(part: float, whole: float) -> float | None:
    return _rounded(part / whole) if whole else None


def _rounded(value: float) -> float:
    return round(value, 6)


def _plain(value: Any) -> Any:
    return None if pd.isna(value) else value
