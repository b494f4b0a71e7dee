"""What officers' judgements teach the model: how far the weight of each level is off.

The model is learnt without labels; where pairs have been judged, each level's weight is shifted by what best explains
the judgements (a logistic regression whose offset is the weight of the pair), held near zero by a prior. It stays a sum
of weights of levels that can be read, and a level that nobody has judged stays as it was. Judged pairs are mostly those
near one half, which is no harm: they were chosen by their weight, and the weight is the offset.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from eligibility_audit.linkage.arrays import Flags, Floats, Ints
from eligibility_audit.linkage.engine import Task, Weighed, group_priors, run
from eligibility_audit.linkage.model import WEIGHT_DECIMALS, LearntLevel, Model

LEAST = 20  # judged pairs, matches and others together, below which nothing is learnt
SPREAD = 0.7  # bits: how far a level's weight is thought to be off before anything is judged
MOST = 4.0  # bits: the furthest that judgements may shift a level
STEPS = 25
BIT = float(np.log(2))


def run_with_judged(
    task: Task, floor: float, judged: Mapping[tuple[int, int], str]
) -> tuple[Weighed, Model, dict[str, object]]:
    """As `engine.run` without a model; the model that it learns is refined by the pairs (low, high) that were judged
    `match` or `no_match`. `report["labels"]`: how many they were."""
    found, model, report = run(task, None, floor)
    told = {pair: judgement == "match" for pair, judgement in judged.items() if judgement in ("match", "no_match")}
    if len(told) < LEAST:
        return found, model, report
    ends = np.array(sorted(told), dtype=np.int32).reshape(-1, 2)
    same = np.array([told[int(a), int(b)] for a, b in ends], dtype=bool)
    model = refined(task, model, ends[:, 0], ends[:, 1], same)
    found, model, again = run(task, model, floor)
    return found, model, report | again | {"labels": len(same)}


def refined(task: Task, model: Model, left: Ints, right: Ints, same: Flags) -> Model:
    """The model with the weights of levels shifted to what was judged of these pairs; `judged` of a level is its
    shift in bits."""
    scorer = task.scorer()
    scorer.use(model, group_priors(task, model))
    weight, _ = scorer.evidence(left, right)
    levels = scorer.levels(left, right)
    columns = [(field, int(code)) for field, level in levels.items() for code in np.unique(level[level > 0])]
    seen = np.stack([levels[field] == code for field, code in columns], axis=1).astype(np.float64)
    shift = dict(zip(columns, _shifts(weight, seen, same).tolist(), strict=True))
    shifted = {
        field: tuple(_shifted(level, shift.get((field, code), 0.0)) for code, level in enumerate(known, 1))
        for field, known in model.comparisons.items()
    }
    return replace(model, comparisons=shifted)


def _shifted(level: LearntLevel, bits: float) -> LearntLevel:
    bits = round(float(np.clip(bits, -MOST, MOST)), WEIGHT_DECIMALS)
    return replace(level, weight=round(level.weight + bits, WEIGHT_DECIMALS), judged=round(level.judged + bits, 4))


def _shifts(weight: Floats, seen: npt.NDArray[np.float64], same: Flags) -> Floats:
    """The most probable shifts (Newton's method)."""
    shift = np.zeros(seen.shape[1])
    hold = np.eye(seen.shape[1]) / SPREAD**2
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp2(-np.clip(weight + seen @ shift, -60, 60)))
        slope = BIT * seen.T @ (same - chance) - hold @ shift
        curve = BIT**2 * (seen * (chance * (1 - chance))[:, None]).T @ seen + hold
        step = np.linalg.solve(curve, slope)
        shift = shift + step
        if np.abs(step).max(initial=0.0) < 1e-6:
            break
    return shift
