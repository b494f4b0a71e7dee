"""One pair, whatever became of it: its waterfall, who else fits, and which blocking rules compared it, or why none."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from eligibility_audit.linkage.arrays import Flags, Floats, Ints
from eligibility_audit.linkage.blocking import PART, Blocks, Rule
from eligibility_audit.linkage.clusters import LARGEST, cluster
from eligibility_audit.linkage.engine import PROBABILITY_DECIMALS, Task, Weighed, all_blocks, describe, evidence
from eligibility_audit.linkage.explain import Explanation, explain_pair
from eligibility_audit.linkage.incremental import touching_pairs
from eligibility_audit.linkage.model import WEIGHT_DECIMALS, Model
from eligibility_audit.linkage.rivals import LEAST_WEIGHT, Evidence, rival_weights
from eligibility_audit.linkage.thirds import with_thirds

KEYS = {  # Vietnamese, English
    "name": ("họ tên không dấu", "name without marks"),
    "words": ("các từ của họ tên, không kể thứ tự", "words of the name in any order"),
    "initials": ("chữ đầu các từ của họ tên", "initials"),
    "surname": ("họ", "surname"),
    "day_of_year": ("ngày và tháng sinh", "day and month of birth"),
    "alias": ("tên gọi khác", "alias"),
    "sound": ("họ tên theo âm đọc", "name by sound"),
    "ends": ("họ và tên", "surname and given name"),
    "given": ("tên", "given name"),
    "given_sound": ("tên theo âm đọc", "given name by sound"),
    "surname_middle": ("họ và tên đệm", "surname and middle name"),
    "year": ("năm sinh", "birth year"),
    "date": ("ngày sinh đầy đủ", "full birth date"),
    "national_id": ("số CMND/CCCD", "national id"),
    "commune": ("xã", "commune"),
    "district": ("huyện", "district"),
    "dossier_no": ("số hồ sơ", "dossier number"),
}
MOST_RIVALS = 5
State = Literal["compared", "differs", "missing", "split"]


@dataclass(frozen=True)
class Route:
    """What one blocking rule did with the pair. `keys`: those that differ or are missing; for `split`, those by which
    the block, too large, was divided and which the pair does not share."""

    rule: str
    state: State
    keys: tuple[str, ...]

    @property
    def vi(self) -> str:
        """The route to an officer."""
        keys = ", ".join(KEYS.get(key, (key, key))[0] for key in self.keys)
        return {
            "compared": f"đã đưa ra so sánh vì cùng {keys}",
            "differs": f"không: khác {keys}",
            "missing": f"không: thiếu {keys}",
            "split": f"không: nhóm cùng khóa quá lớn nên đã chia nhỏ theo {keys}",
        }[self.state]

    @property
    def en(self) -> str:
        """The same in English."""
        keys = ", ".join(KEYS.get(key, (key, key))[1] for key in self.keys)
        return {
            "compared": f"compared: the same {keys}",
            "differs": f"no: not the same {keys}",
            "missing": f"no: {keys} missing",
            "split": f"no: too many share the keys, and they were parted by {keys}",
        }[self.state]


@dataclass(frozen=True)
class PairTold:
    """`candidate`: whether any rule compares the pair (else the waterfall says what comparing would have given);
    `allowed`: false for two of one source line; `rivals`: positions of records that fit one of the two as well, the
    best first, where rivals took something."""

    weight: float
    probability: float
    comparisons: str
    explanation: Explanation
    routes: tuple[Route, ...]
    candidate: bool
    allowed: bool
    rivals: tuple[int, ...]


def tell_pair(task: Task, model: Model, one: int, two: int, *, group_floor: float | None = None) -> PairTold:
    """Why these two records (positions) are linked or not, by this model.

    `group_floor`: of lists in which a third record links two of its group (`thirds.py`), the probability from which
    pairs are taken into account there; then all that the two are linked with, and so on, is weighed too.
    """
    a, b = min(one, two), max(one, two)
    blocks, _ = all_blocks(task)
    weigh = evidence(task, model)
    left, right, base = _around(task, blocks, weigh, (a, b), far=group_floor is not None)
    taken = rival_weights(left, right, base, task.kind, weigh)
    every = _weighed(left, right, base + taken, taken)
    at = int(np.flatnonzero((left == a) & (right == b))[0])
    this = _rows(every, np.array([at]))
    others = [k for k in np.argsort(-base, kind="stable").tolist() if k != at and base[k] > LEAST_WEIGHT]
    others = [k for k in others if {int(left[k]), int(right[k])} & {a, b}]
    ends = np.stack([left[others], right[others]], axis=1).ravel() if taken[at] <= -0.5 else np.zeros(0, np.int32)
    if group_floor is not None:
        listed = np.flatnonzero(_weighed(left, right, base, taken).probability >= group_floor)
        lifted = _in_group(task, model, weigh, _rows(every, listed))
        this = (
            _rows(lifted, at_pair) if len(at_pair := np.flatnonzero((lifted.left == a) & (lifted.right == b))) else this
        )
    comparisons = str(describe(task, model, this)[0])
    routes = _routes(task, blocks, a, b)
    return PairTold(
        float(this.weight[0]),
        float(this.probability[0]),
        comparisons,
        explain_pair({"match_weight": this.weight[0], "comparisons": comparisons}, model),
        routes,
        any(route.state == "compared" for route in routes),
        bool(task.allowed(this.left, this.right)[0]),
        tuple(dict.fromkeys(k for k in ends.tolist() if k not in (a, b)))[:MOST_RIVALS],
    )


def _weighed(left: Ints, right: Ints, weight: Floats, rival: Floats) -> Weighed:
    weight = np.round(weight, WEIGHT_DECIMALS) + 0.0
    probability = np.round(1 / (1 + np.exp2(-np.clip(weight, -500, 500))), PROBABILITY_DECIMALS)
    return Weighed(left, right, weight, probability, rival)


def _rows(of: Weighed, rows: Ints) -> Weighed:
    return Weighed(of.left[rows], of.right[rows], of.weight[rows], of.probability[rows], of.rival[rows])


def _in_group(task: Task, model: Model, weigh: Evidence, found: Weighed) -> Weighed:
    """With what thirds add, in the groups that these pairs make."""
    groups = cluster(found.left, found.right, found.weight, task.size, largest=LARGEST, evidence=weigh)
    return with_thirds(task, model, found, groups.label)[0]


def _around(
    task: Task, blocks: Sequence[Blocks], weigh: Evidence, both: tuple[int, int], *, far: bool
) -> tuple[Ints, Ints, Floats]:
    """Every candidate pair with one of the two, and their own, with their weights before rivals; `far`: and those of
    all records that a chain of links leads to."""
    members = np.zeros(task.size, dtype=bool)
    members[[*both]] = True
    while True:
        left, right = _touching(task, blocks, members, both)
        base: Floats = np.round(weigh(left, right)[0], WEIGHT_DECIMALS) + 0.0
        link = base >= 0
        reached = np.concatenate([left[link], right[link]])
        if not far or members[reached].all():
            return left, right, base
        members[reached] = True


def _touching(task: Task, blocks: Sequence[Blocks], members: Flags, both: tuple[int, int]) -> tuple[Ints, Ints]:
    """Every candidate pair with one of these records, and the pair of the two."""
    own = both[0] * np.int64(task.size) + both[1]
    codes = [np.array([own])]
    for each in blocks:
        for left, right in touching_pairs(each.home, members, PART):
            codes.append(left.astype(np.int64) * task.size + right)
        for left, right in each.extra:
            with_them = members[left] | members[right]
            codes.append(left[with_them].astype(np.int64) * task.size + right[with_them])
    all_codes = np.unique(np.concatenate(codes))
    left, right = (all_codes // task.size).astype(np.int32), (all_codes % task.size).astype(np.int32)
    keep = task.allowed(left, right) | (all_codes == own)
    return left[keep], right[keep]


def _routes(task: Task, blocks: Sequence[Blocks], a: int, b: int) -> tuple[Route, ...]:
    keys = task.keys()
    routes = [_route(rule, keys, made, a, b) for rule, made in zip(task.rules, blocks, strict=False)]
    for made in blocks[len(task.rules) :]:
        if _has(made, a, b):
            routes.append(Route("alias", "compared", ("alias",)))
    return tuple(routes)


def _route(rule: Rule, keys: "dict[str, Ints]", made: Blocks, a: int, b: int) -> Route:
    missing = tuple(key for key in rule.keys if keys[key][a] < 0 or keys[key][b] < 0)
    differing = tuple(key for key in rule.keys if key not in missing and keys[key][a] != keys[key][b])
    if missing:
        return Route(rule.name, "missing", missing)
    if differing:
        return Route(rule.name, "differs", differing)
    if _has(made, a, b):
        return Route(rule.name, "compared", rule.keys)
    parted = tuple(key for key in rule.then if keys[key][a] != keys[key][b])
    return Route(rule.name, "split", parted or rule.then)


def _has(made: Blocks, a: int, b: int) -> bool:
    if made.home[a] >= 0 and made.home[a] == made.home[b]:
        return True
    return any(bool(((left == a) & (right == b)).any()) for left, right in made.extra)
