"""What officers have judged of pairs (the same person, not the same, unsure), and what of it binds.

A judgement binds while it is in force: not past its last day, not replaced by a newer one of the same pair, and resting
on facts that are still those of both records (else it is open again). What is judged the same goes on through chains;
who is not the same as one of them is not the same as any. Where a chain and a judgement exclude each other, both are
told with the records between them: each binds its own pair, and the group follows the newer. Unsure binds nothing, and
is remembered.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from eligibility_audit.errors import InputError
from eligibility_audit.linkage.arrays import Floats, Ints
from eligibility_audit.linkage.blocking import Pairs
from eligibility_audit.linkage.clusters import Bound
from eligibility_audit.linkage.engine import PROBABILITY_DECIMALS, Task, Weighed, evidence
from eligibility_audit.linkage.model import WEIGHT_DECIMALS, Model
from eligibility_audit.linkage.rivals import rival_weights

COLUMNS = ("left", "right", "judgement", "by", "on", "evidence", "valid_until", "facts")
REQUIRED = ("left", "right", "judgement")
JUDGEMENTS = ("match", "no_match", "unsure")
STATES = ("binds", "set_aside", "conflict", "replaced", "unsure", "expired", "reopened", "unknown_record")
BINDING = 30.0  # bits: what a judged pair weighs, so that its probability is 1 or 0
LEVELS = ("match", "match_by_chain", "no_match", "no_match_by_chain")


def check_judgements(frame: pd.DataFrame) -> pd.DataFrame:
    """The judgements as text columns (`COLUMNS`), in the order given.

    Raises InputError where a column is lacking, a judgement is none of `JUDGEMENTS`, an id is blank or a pair is one
    record, or a day is no ISO date.
    """
    lacking = [column for column in REQUIRED if column not in frame.columns]
    if lacking:
        raise InputError(
            f"Bảng kết luận về cặp thiếu cột {', '.join(lacking)}; các cột là {', '.join(COLUMNS)}."
            f" / The judgements lack the columns {', '.join(lacking)}; the columns are {', '.join(COLUMNS)}."
        )
    empty = pd.Series(pd.NA, index=frame.index, dtype="string[pyarrow]")
    table = pd.DataFrame({c: _text(frame[c]) if c in frame.columns else empty for c in COLUMNS}).reset_index(drop=True)
    wrong = {
        "judgement": ~table["judgement"].isin(JUDGEMENTS),
        "left/right": table["left"].isna() | table["right"].isna(),
        "on": ~_is_day(table["on"]),
        "valid_until": ~_is_day(table["valid_until"]),
    }
    for column, rows in wrong.items():
        if rows.any():
            row = int(np.flatnonzero(rows.to_numpy(dtype=bool))[0]) + 1
            raise InputError(
                f"Kết luận thứ {row}: cột {column} trống hoặc sai (judgement là {', '.join(JUDGEMENTS)}; ngày viết"
                f" 2020-12-31). / Judgement {row}: {column} is blank or wrong (judgement is one of"
                f" {', '.join(JUDGEMENTS)}; days are written 2020-12-31)."
            )
    return table


def _text(column: "pd.Series[Any]") -> "pd.Series[str]":
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    text = column.astype("string[pyarrow]").str.strip()
    return text.mask(text == "")


def _is_day(column: "pd.Series[str]") -> "pd.Series[bool]":
    return column.isna() | pd.to_datetime(column, format="%Y-%m-%d", errors="coerce").notna()


def fingerprint(facts: Sequence[str | None], key: bytes = b"") -> str:
    """A hash of the facts of one record, in a fixed order; keyed, nobody can guess them from it."""
    said = "\x1f".join("" if fact is None else fact for fact in facts)
    return hashlib.blake2b(said.encode(), key=key, digest_size=10).hexdigest()


def facts_of_pair(one: str, two: str) -> str:
    """The hash of what a judgement rests on, from the fingerprints of its two records in either order."""
    return hashlib.blake2b("\x1f".join(sorted((one, two))).encode(), digest_size=10).hexdigest()


@dataclass(frozen=True)
class Judged:
    """Judgements against the records of a run.

    `states`: the judgements with their state (`STATES`) and the facts as they are now. `conflicts`: left, right,
    judgement, by, on, with (the other judgement: `left = right` or `left ≠ right`, its day), chain (records of matches
    between them, parted by ` = `). `bound`: what binds groups; `group`: by record the number of its judged group (-1 =
    none); `apart`: pairs of such groups that are not the same; `direct`: pairs (low, high) that were judged themselves.
    """

    states: pd.DataFrame
    conflicts: pd.DataFrame
    bound: Bound
    group: Ints
    apart: frozenset[tuple[int, int]]
    direct: dict[tuple[int, int], str]

    def counts(self) -> dict[str, int]:
        """How many judgements are in each state."""
        return {str(k): int(v) for k, v in self.states["state"].value_counts().sort_index().items()}


@dataclass
class _Groups:
    """Groups of positions that were judged the same, and which groups are apart, by the judgements taken so far."""

    parent: dict[int, int] = field(default_factory=dict)
    links: dict[int, list[int]] = field(default_factory=dict)  # the judged pairs themselves, for the chains
    apart: dict[int, dict[int, tuple[int, int, int]]] = field(default_factory=dict)  # root -> root -> row, left, right

    def top(self, k: int) -> int:
        """The root of a record's group."""
        self.parent.setdefault(k, k)
        while self.parent[k] != k:
            self.parent[k] = self.parent[self.parent[k]]
            k = self.parent[k]
        return k

    def join(self, a: int, b: int) -> None:
        """Take a match."""
        self.links.setdefault(a, []).append(b)
        self.links.setdefault(b, []).append(a)
        one, two = sorted((self.top(a), self.top(b)))
        if one == two:
            return
        self.parent[two] = one
        for other, why in self.apart.pop(two, {}).items():
            self.apart[other].pop(two, None)
            self.apart.setdefault(one, {}).setdefault(other, why)
            self.apart[other].setdefault(one, why)

    def part(self, row: int, a: int, b: int) -> None:
        """Take a no-match."""
        one, two = self.top(a), self.top(b)
        self.apart.setdefault(one, {}).setdefault(two, (row, a, b))
        self.apart.setdefault(two, {}).setdefault(one, (row, a, b))

    def chain(self, a: int, b: int) -> list[int]:
        """The shortest chain of judged pairs from a to b; both are of one group."""
        before: dict[int, int] = {a: a}
        queue = [a]
        for k in queue:
            for other in self.links.get(k, ()):
                if other not in before:
                    before[other] = k
                    queue.append(other)
        path = [b]
        while path[-1] != a:
            path.append(before[path[-1]])
        return path[::-1]


def judged_among(
    judgements: pd.DataFrame,
    names: "tuple[pd.Series[str], pd.Series[str]]",
    facts: pd.DataFrame,
    *,
    day: date | None = None,
    key: bytes = b"",
) -> Judged:
    """Which judgements bind among these records. `names`: the id of each record as a left and as a right one of a
    judgement (null where it can be no such); `facts`: the columns that were compared, by record."""
    table = check_judgements(judgements)
    positions = tuple(_positions_of(table[side], ids) for side, ids in zip(("left", "right"), names, strict=True))
    texts = facts.astype("string[pyarrow]")
    prints: list[str | None] = []
    for pair in zip(*positions, strict=True):
        if min(pair) < 0:
            prints.append(None)
            continue
        rows = [[None if pd.isna(v) else str(v) for v in texts.iloc[k]] for k in pair]
        prints.append(facts_of_pair(*(fingerprint(row, key) for row in rows)))
    return resolve(table, (positions[0], positions[1]), len(facts), pd.Series(prints, dtype="string[pyarrow]"), day)


def _positions_of(wanted: "pd.Series[str]", ids: "pd.Series[str]") -> "pd.Series[int]":
    known = pd.Series(np.arange(len(ids)), index=ids.astype("string[pyarrow]").array)
    known = known[known.index.isin(wanted) & known.index.notna()]
    return wanted.map(known).fillna(-1).astype("int64")


def resolve(
    judgements: pd.DataFrame,
    positions: "tuple[pd.Series[int], pd.Series[int]]",
    size: int,
    facts: "pd.Series[str]",
    day: date | None = None,
) -> Judged:
    """Which judgements bind. `judgements`: checked; `positions`: of left and right among the records, -1 = not here;
    `facts`: the pair's hash as it is now (null where a record is not here); `day`: today, for those that expire."""
    left, right = (side.to_numpy(dtype=np.int64) for side in positions)
    state = _first_states(judgements, left, right, facts, day)
    open_rows = np.flatnonzero((state == "") | (state == "unsure"))
    newest = judgements.loc[open_rows].assign(row=open_rows, low=np.minimum(left, right)[open_rows])
    newest = newest.assign(high=np.maximum(left, right)[open_rows], day=newest["on"].fillna(""))
    newest = newest.sort_values(
        ["day", "judgement", "low", "high"], ascending=[False, False, True, True], kind="stable"
    )
    _one_a_pair(newest, state)
    conflicts: list[dict[str, str | None]] = []
    groups, direct = _Groups(), dict[tuple[int, int], str]()
    apart: list[tuple[int, int]] = []
    names = _names(judgements, left, right)
    for row in newest["row"].tolist():
        other = _opposed(judgements, newest, row) if state[row] in ("conflict", "replaced") else ""
        if other:
            conflicts.append(_conflict(judgements, row, other, ""))
        if state[row]:
            continue
        a, b = int(left[row]), int(right[row])
        verdict = str(judgements.at[row, "judgement"])
        direct[(min(a, b), max(a, b))] = verdict
        why = _excluded(groups, verdict, a, b)
        if why is not None:
            state[row] = "set_aside"
            with_, chain = why
            said = "" if with_ is None else _said(judgements, with_)
            conflicts.append(_conflict(judgements, row, said, " = ".join(names[k] for k in chain)))
            continue
        state[row] = "binds"
        if verdict == "match":
            groups.join(a, b)
        else:
            groups.part(row, a, b)
            apart.append((min(a, b), max(a, b)))
    states = judgements.assign(state=pd.array(state, dtype="string[pyarrow]"), facts_now=facts.to_numpy())
    table = pd.DataFrame(conflicts, columns=list(CONFLICTS)).astype("string[pyarrow]")
    group = np.full(size, -1)
    for k in groups.parent:
        group[k] = groups.top(k)
    roots = frozenset((one, two) for one, others in groups.apart.items() for two in others)
    same = [pair for pair in _closure(group) if direct.get(pair) != "no_match"]
    return Judged(states, table, Bound(_arrays(same), _arrays(apart)), group, roots, direct)


CONFLICTS = ("left", "right", "judgement", "by", "on", "with", "chain")


def _first_states(
    judgements: pd.DataFrame, left: Ints, right: Ints, facts: "pd.Series[str]", day: date | None
) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """The state of those that do not bind for reasons of their own; "" of the others."""
    state = np.full(len(judgements), "", dtype=object)
    state[(judgements["judgement"] == "unsure").to_numpy(dtype=bool)] = "unsure"
    changed = judgements["facts"].notna() & (judgements["facts"] != facts.reset_index(drop=True)).fillna(True)
    state[changed.to_numpy(dtype=bool)] = "reopened"
    if day is not None:
        state[(judgements["valid_until"] < day.isoformat()).fillna(False).to_numpy(dtype=bool)] = "expired"
    state[(left < 0) | (right < 0) | (left == right)] = "unknown_record"
    return state


def _one_a_pair(newest: pd.DataFrame, state: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> None:
    """Of the judgements of one pair the newest stays (unsure lifts an older one); of one day and opposed, none."""
    for _, rows in newest.groupby(["low", "high"], sort=False):
        days, verdicts, numbers = rows["day"].tolist(), rows["judgement"].tolist(), rows["row"].tolist()
        firm = [k for k, day in enumerate(days) if day == days[0] and verdicts[k] != "unsure"]
        opposed = len({verdicts[k] for k in firm}) > 1
        for k, number in enumerate(numbers):
            if k in firm and opposed:
                state[number] = "conflict"
            elif state[number] == "" and k not in firm[:1]:
                state[number] = "replaced"


def _excluded(groups: _Groups, verdict: str, a: int, b: int) -> tuple[int | None, list[int]] | None:
    """What excludes a judgement: the row of a no-match (None for a chain alone) and the chain of matches."""
    one, two = groups.top(a), groups.top(b)
    if verdict == "no_match":
        return (None, groups.chain(a, b)) if one == two else None
    why = groups.apart.get(one, {}).get(two)
    if why is None:
        return None
    row, x, y = why
    if groups.top(x) != one:
        x, y = y, x
    return row, [*groups.chain(x, a), *groups.chain(b, y)]


def _closure(group: Ints) -> Iterator[tuple[int, int]]:
    """All pairs of records of one judged group."""
    members = np.flatnonzero(group >= 0)
    for _, rows in pd.Series(members).groupby(group[members]):
        yield from combinations(sorted(rows.tolist()), 2)


def _arrays(pairs: list[tuple[int, int]]) -> tuple[Ints, Ints]:
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _names(judgements: pd.DataFrame, left: Ints, right: Ints) -> dict[int, str]:
    return {
        int(k): str(name)
        for side, column in ((left, "left"), (right, "right"))
        for k, name in zip(side, judgements[column], strict=True)
    }


def _said(judgements: pd.DataFrame, row: int) -> str:
    line = judgements.iloc[row].to_dict()
    sign = "=" if line["judgement"] == "match" else "≠"
    return f"{line['left']} {sign} {line['right']}" + ("" if pd.isna(line["on"]) else f" ({line['on']})")


def _opposed(judgements: pd.DataFrame, newest: pd.DataFrame, row: int) -> str:
    """The newest judgement of the same pair that says the opposite; "" where none does."""
    mine = newest[newest["row"] == row].iloc[0]
    same = newest[(newest["low"] == mine["low"]) & (newest["high"] == mine["high"])]
    other = same[(same["judgement"] != mine["judgement"]) & (same["judgement"] != "unsure")]
    return _said(judgements, int(other["row"].iloc[0])) if len(other) else ""


def _conflict(judgements: pd.DataFrame, row: int, with_: str, chain: str) -> dict[str, str | None]:
    line = judgements.iloc[row].to_dict()
    told = {c: None if pd.isna(line[c]) else str(line[c]) for c in CONFLICTS[:5]}
    return told | {"with": with_ or None, "chain": chain or None}


@dataclass(frozen=True)
class Bindings:
    """By pair: what a judgement adds to its weight, and the position of what it says in `LEVELS` (-1 = not judged)."""

    step: Floats
    level: Ints

    def moved(self, at: Ints, size: int) -> "Bindings":
        """The same where the pairs stand at these positions among `size`, the others of which nobody judged."""
        step, level = np.zeros(size), np.full(size, -1)
        step[at], level[at] = self.step, self.level
        return Bindings(step, level)


def apply_judgements(
    judgements: pd.DataFrame,
    names: "tuple[pd.Series[str], pd.Series[str]]",
    facts: pd.DataFrame,
    found: Weighed,
    task: Task,
    model: Model,
    *,
    day: date | None = None,
    key: bytes = b"",
) -> tuple[Weighed, Judged, Bindings]:
    """The pairs as judged, what became of the judgements, and what they add to each pair (`judged_among`, `bind`)."""
    judged = judged_among(judgements, names, facts, day=day, key=key)
    bound, bindings = bind(found, judged, task, model)
    return bound, judged, bindings


def bind(found: Weighed, judged: Judged, task: Task, model: Model) -> tuple[Weighed, Bindings]:
    """The pairs as judged: bound pairs weigh `BINDING` or its opposite, judged matches that no comparison found are
    added, and what rivals take is counted anew, since who was judged to be another is nobody's rival."""
    base, level = found.weight - found.rival, _judged_level(found.left, found.right, judged)
    weigh = evidence(task, model)
    added = _not_found(found, judged, task)
    if len(added[0]):
        left, right = np.concatenate([found.left, added[0]]), np.concatenate([found.right, added[1]])
        order = np.lexsort((right, left))
        weight = np.concatenate([base, np.round(weigh(*added)[0], WEIGHT_DECIMALS)])
        left, right, base = left[order], right[order], weight[order]
        level = _judged_level(left, right, judged)
    else:
        left, right = found.left, found.right
    same, apart = (level == 0) | (level == 1), level >= 2
    pinned = np.where(same, BINDING, np.where(apart, -BINDING, base))
    taken = rival_weights(left, right, pinned, task.kind, weigh)
    taken[level >= 0] = 0.0
    weight = np.round(np.where(level >= 0, pinned, base + taken), WEIGHT_DECIMALS) + 0.0
    probability = np.round(1 / (1 + np.exp2(-np.clip(weight, -500, 500))), PROBABILITY_DECIMALS)
    step = np.asarray(np.round(np.where(level >= 0, pinned - base, 0.0), WEIGHT_DECIMALS), dtype=np.float64)
    return Weighed(left, right, np.asarray(weight, dtype=np.float64), probability, taken), Bindings(step, level)


def _judged_level(left: Ints, right: Ints, judged: Judged) -> Ints:
    """What binds each pair, as a position in `LEVELS`; -1 where nothing does."""
    one, two = judged.group[left], judged.group[right]
    level = np.full(len(left), -1)
    both = np.flatnonzero((one >= 0) & (two >= 0))
    for k in both.tolist():
        a, b = int(one[k]), int(two[k])
        if a == b:
            level[k] = 1
        elif (a, b) in judged.apart:
            level[k] = 3
        told = judged.direct.get((int(left[k]), int(right[k])))
        if told is not None:
            level[k] = 0 if told == "match" else 2
    return level


def _not_found(found: Weighed, judged: Judged, task: Task) -> Pairs:
    """Pairs judged the same (themselves or by a chain) that are not among those found."""
    size = len(judged.group)
    direct = [pair for pair, told in judged.direct.items() if told == "match"]
    same = np.unique(
        np.concatenate(
            [
                judged.bound.same[0] * size + judged.bound.same[1],
                np.array([a * size + b for a, b in direct], dtype=np.int64),
            ]
        )
    )
    codes = same[~np.isin(same, found.left.astype(np.int64) * size + found.right)]
    if task.two_sided:  # a chain may hold two records of one side: no pair of the result
        codes = codes[task.kind[codes // size] != task.kind[codes % size]]
    return (codes // size).astype(np.int32), (codes % size).astype(np.int32)


def with_judgements(comparisons: "pd.Series[str]", bindings: Bindings) -> "pd.Series[str]":
    """The comparisons (JSON) with the judgement as the last step of the pairs that are judged."""
    rows = np.flatnonzero(bindings.level >= 0)
    if not len(rows):
        return comparisons
    texts = comparisons.to_numpy(dtype=object)
    for row in rows.tolist():
        said = json.loads(texts[row])
        said.append({"field": "judgement", "level": LEVELS[bindings.level[row]], "weight": float(bindings.step[row])})
        texts[row] = json.dumps(said, ensure_ascii=False)
    return pd.Series(pd.array(texts, dtype="string[pyarrow]"))
