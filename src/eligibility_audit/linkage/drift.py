"""Whether a kept model still fits the lists that it is used on.

Of each field: how often two records both have it, how its levels are spread among links (against the m that was
learnt), how often the values of its frequency tables occur; and how many matches a record has. Spreads are compared by
the population stability index, `sum((now - then) * ln(now / then))`: below 0.1 nothing, above 0.25 much has changed
(the usual reading of it in credit scoring).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from eligibility_audit.linkage import fit as learning
from eligibility_audit.linkage.arrays import Floats
from eligibility_audit.linkage.engine import Task, Weighed, matches_seen
from eligibility_audit.linkage.model import Frequencies, Model

SOME, MUCH = 0.1, 0.25
DRAWN = 50_000  # random pairs
OFTEN = 0.005  # values with at least this share are compared one by one, the rest together
LEAST = 50.0  # links, or persons, below which a spread tells nothing


def drift(task: Task, model: Model, found: Weighed) -> dict[str, Any]:
    """What has changed since the model was learnt.

    `fields`: field, measure (`comparable`, `levels`, `values`), index; `matches_per_record` and
    `matches_per_record_then`; `most`: the largest index; `changed`: `none`, `some` or `much`.
    """
    scorer = task.scorer()
    left, right = learning.sample_pairs(np.arange(task.size), DRAWN)
    drawn = scorer.levels(left, right)
    fields = [
        {"field": name, "measure": "comparable", "index": _two(then, float((drawn[name] > 0).mean()))}
        for name, then in model.seen.get("comparable", {}).items()
        if name in drawn and len(left) >= LEAST
    ]
    seen = matches_seen(scorer, found)
    for name, then in model.seen.get("levels", {}).items():
        if name in seen["levels"]:
            told = _levels(np.array(then), np.array(seen["levels"][name]), task, name)
            fields += [{"field": name, "measure": "levels", "index": each} for each in told]
    people = learning.persons(task.keys(), task.size)
    now = learning.frequencies(scorer.tables, people)
    fields += [
        {"field": name, "measure": "values", "index": _values(then, now[name])}
        for name, then in model.frequencies.items()
        if name in now and now[name].total >= LEAST
    ]
    was = model.seen.get("matches", 0.0) / max(model.seen.get("records", 0), 1)
    most = max((float(each["index"]) for each in fields), default=0.0)
    return {
        "fields": sorted(fields, key=lambda each: -float(each["index"])),
        "matches_per_record": round(seen["matches"] / max(task.size, 1), 6),
        "matches_per_record_then": round(was, 6),
        "most": most,
        "changed": "much" if most > MUCH else "some" if most > SOME else "none",
    }


def index(then: Floats, now: Floats) -> float:
    """The population stability index of two spreads."""
    one, two = (np.maximum(each / max(float(each.sum()), 1e-12), 1e-4) for each in (then, now))
    return round(float(((two - one) * np.log(two / one)).sum()), 4)


def _two(then: float, now: float) -> float:
    return index(np.array([then, 1 - then]), np.array([now, 1 - now]))


def _levels(then: Floats, now: Floats, task: Task, name: str) -> list[float]:
    """The index of the levels under each circumstance that enough links are under."""
    comparison = next(each for each in task.comparisons if each.field == name)
    found: list[float] = []
    for given in dict.fromkeys(level.given for level in comparison.levels):
        rows = [k for k, level in enumerate(comparison.levels) if level.given == given and level.fixed is None]
        enough = min(float(then[rows].sum()), float(now[rows].sum())) >= LEAST
        if len(rows) > 1 and not comparison.lifts and enough:
            found.append(index(then[rows], now[rows]))
    return found


def _values(then: Frequencies, now: Frequencies) -> float:
    often = [value for value, count in then.listed.items() if count >= OFTEN * then.total]
    spreads = [_shares(often, table.listed, table.total) for table in (then, now)]
    return index(*spreads)


def _shares(values: list[str], listed: Mapping[str, float], total: float) -> Floats:
    shares = np.array([listed.get(value, 0.0) / max(total, 1.0) for value in values])
    return np.append(shares, max(1.0 - float(shares.sum()), 0.0))
