"""Pairs of lines worth looking at: what linkage proposes, and what exact values join.

The exact joins make the facts of law independent of the model: a death registration under the same number is looked at
whatever weight the model gave it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.rules.facts.people import NONE, Codes, Mask, People

JUDGED_APART: Final = 0.0  # the probability of a pair that an officer judged to be two people: no value joins it
LARGEST_BLOCK: Final = 50  # lines of one list under one exact value; a value that more lines share says nothing


def located(people: People, pairs: pd.DataFrame) -> pd.DataFrame:
    """Linkage's pairs (left_record_id, right_record_id, match_probability) by position: left, right, probability."""
    ids = pd.concat([pairs["left_record_id"], pairs["right_record_id"]], ignore_index=True)
    left, right = np.split(people.position(ids), 2)
    probability = pairs["match_probability"].to_numpy("float64", na_value=np.nan)
    known = (left >= 0) & (right >= 0)
    return pd.DataFrame({"left": left[known], "right": right[known], "probability": probability[known]})


def candidates(people: People, pairs: pd.DataFrame, left_kinds: Sequence[str], right_kind: str | None) -> pd.DataFrame:
    """Pairs of a line of `left_kinds` with one of `right_kind` (None: of the same list as the left).

    `pairs`: what `located` gives. Returns `left`, `right` (positions,
    int64) and `probability` (float64; NaN where linkage has not proposed the pair); each pair once, within one kind the
    smaller position left. Pairs of probability `JUDGED_APART` are left out, whatever exact value they share.
    """
    proposed = _proposed(people, pairs, left_kinds, right_kind)
    joined = [_joined(people, key, left_kinds, right_kind) for key in _keys(people)]
    every = pd.concat([proposed, *joined], ignore_index=True)
    every = every.sort_values(["left", "right", "probability"], ascending=[True, True, False], kind="stable")
    every = every.drop_duplicates(["left", "right"])
    return every[every["probability"] != JUDGED_APART].reset_index(drop=True)


def _proposed(people: People, pairs: pd.DataFrame, left_kinds: Sequence[str], right_kind: str | None) -> pd.DataFrame:
    left, right = pairs["left"].to_numpy("intp"), pairs["right"].to_numpy("intp")
    probability = pairs["probability"].to_numpy("float64")
    on_left = people.of(*left_kinds)
    if right_kind is None:
        chosen = on_left[left] & (people.kind[left] == people.kind[right])
        first, second = np.minimum(left, right), np.maximum(left, right)
    else:
        on_right = people.of(right_kind)
        turned = on_left[right] & on_right[left]
        first, second = np.where(turned, right, left), np.where(turned, left, right)
        chosen = turned | (on_left[left] & on_right[right])
    return pd.DataFrame({"left": first[chosen], "right": second[chosen], "probability": probability[chosen]})


def _keys(people: People) -> list[NDArray[np.int64]]:
    """Exact values by which lines are joined; NONE where a part of it is unknown."""
    name, heard = people.name.astype("int64"), people.heard.astype("int64")
    by_day = np.where(
        people.known_day & (heard != NONE), heard << 32 | (people.born_first.astype("int64") + 2**20), NONE
    )
    by_year = _together(name, people.year, people.commune)
    return [people.number.astype("int64"), by_day, by_year]


def _together(name: NDArray[np.int64], year: Codes, commune: Codes) -> NDArray[np.int64]:
    known = (name != NONE) & (year != NONE) & (commune != NONE)
    return np.where(known, (name << 36) | (year.astype("int64") << 20) | commune, NONE)


def _joined(people: People, key: NDArray[np.int64], left_kinds: Sequence[str], right_kind: str | None) -> pd.DataFrame:
    on_left = people.of(*left_kinds) & (key != NONE)
    if right_kind is None:
        lines = pd.DataFrame({"at": np.flatnonzero(on_left), "key": key[on_left], "kind": people.kind[on_left]})
        size = lines.groupby(["key", "kind"])["at"].transform("size")
        lines = lines[(size > 1) & (size <= LARGEST_BLOCK)]
        both = lines.merge(lines, on=["key", "kind"])
        both = both[both["at_x"] < both["at_y"]]
    else:
        left = _rare(on_left, key)
        right = _rare(people.of(right_kind) & (key != NONE), key)
        both = left.merge(right, on="key")
    return pd.DataFrame(
        {"left": both["at_x"].to_numpy(), "right": both["at_y"].to_numpy(), "probability": np.full(len(both), np.nan)}
    )


def _rare(mask: Mask, key: NDArray[np.int64]) -> pd.DataFrame:
    lines = pd.DataFrame({"at": np.flatnonzero(mask), "key": key[mask]})
    return lines[lines.groupby("key")["at"].transform("size") <= LARGEST_BLOCK]
