"""Who of a few is who of a few others, by the linkage of a run: its learnt model, its comparisons, its rivals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.linkage import Model, link_people, people

SURE: Final = 0.9  # at or above it, with nobody else at DOUBT, two lines are taken for one person
DOUBT: Final = 0.5
_READ: Final = ("name", "alias", "date_of_birth", "sex", "national_id", "commune", "district", "home_place")


@dataclass(frozen=True)
class Match:
    """Whom one of the left may be: those on the right at DOUBT or above, most likely first."""

    candidates: tuple[tuple[str, float], ...]

    @property
    def sure(self) -> tuple[str, float] | None:
        """The one it is; None where there is none, or more than one."""
        best = self.candidates[:1]
        return best[0] if len(self.candidates) == 1 and best[0][1] >= SURE else None


def matched(
    left: Mapping[str, Mapping[str, Any]], right: Mapping[str, Mapping[str, Any]], kind: str, model: Model | None
) -> dict[str, Match]:
    """Match records by id; a dossier number is not compared: that it was corrected is the question.

    Both sides have the fields of a record of `kind`. A match is sure where each is the other's only candidate. Without
    a model nothing is matched: weights learnt from a few lines are guesses.
    """
    if model is None or not left or not right or kind not in KINDS:
        return {}
    rows = [*_rows("L", left), *_rows("R", right)]
    columns = ("record_id", *_READ)
    frame = pd.DataFrame({c: pd.array([row[c] for row in rows], dtype="string[pyarrow]") for c in columns})
    found = link_people(people({kind: frame}), model, threshold=DOUBT).pairs
    pairs: list[tuple[str, str, float]] = []
    for pair in found.to_dict("records"):
        one, two = sorted((str(pair["left_record_id"]), str(pair["right_record_id"])))
        if one[0] == "L" and two[0] == "R":
            pairs.append((one[2:], two[2:], float(pair["match_probability"])))
    return _told(pairs)


def _told(pairs: Sequence[tuple[str, str, float]]) -> dict[str, Match]:
    """One that two of the left may be is nobody's for sure: each of them is told that somebody else may be it, too."""
    found: dict[str, list[tuple[str, float]]] = {}
    wanted: dict[str, int] = {}
    for one, two, probability in pairs:
        found.setdefault(one, []).append((two, probability))
        wanted[two] = wanted.get(two, 0) + 1
    told = {}
    for one, candidates in found.items():
        shared = any(wanted[two] > 1 for two, _ in candidates)
        ordered = sorted(candidates, key=lambda each: (-each[1], each[0]))
        told[one] = Match(tuple((two, min(p, SURE - 1e-6) if shared else p) for two, p in ordered))
    return told


def _rows(side: str, records: Mapping[str, Mapping[str, Any]]) -> list[dict[str, str | None]]:
    def text(value: object) -> str | None:
        return None if value is None or value == "" else str(value)

    return [
        {"record_id": f"{side}:{name}", **{c: text(record.get(c)) for c in _READ}}
        for name, record in sorted(records.items())
    ]
