"""Two lines of a group that show little in common are one person where a third line is the same as both."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.linkage import link_frames, tell_frame_pair
from eligibility_audit.linkage.arrays import Flags, Floats, Ints
from eligibility_audit.linkage.clusters import cluster
from eligibility_audit.linkage.engine import Weighed
from eligibility_audit.linkage.thirds import LET_PASS, lifted_by_thirds
from tests.linkage.conftest import Crowd
from tests.linkage.test_explain import ROLES

LISTED_FROM = -2.0
Row = dict[str, str | None]


class Lists:
    """A few records of which all is known: `weight` and `against` of any two (symmetric)."""

    def __init__(self, weight: Floats, against: Flags | None = None) -> None:
        self.weight = np.minimum(weight, weight.T)
        self.against = np.zeros(weight.shape, dtype=bool) if against is None else against | against.T

    def weigh(self, left: Ints, right: Ints) -> tuple[Floats, Flags]:
        return self.weight[left, right], self.against[left, right]

    def linked(self, *, one_group: bool = False) -> tuple[Weighed, Weighed, Ints]:
        """The pairs listed, the same with what thirds add, and where the first stand among the second."""
        left, right = (side.astype(np.int32) for side in np.triu_indices(len(self.weight), 1))
        weight = self.weight[left, right]
        keep = weight >= LISTED_FROM
        found = Weighed(left[keep], right[keep], weight[keep], 1 / (1 + np.exp2(-weight[keep])), np.zeros(keep.sum()))
        label = cluster(found.left, found.right, found.weight, len(self.weight), evidence=self.weigh).label
        label = np.zeros_like(label) if one_group else label
        after, at = lifted_by_thirds(
            found, label, len(self.weight), self.weigh, lambda a, b: np.ones(len(a), dtype=bool)
        )
        return found, after, at


def three(ac: float, cb: float, ab: float, *, against: bool = False) -> float:
    """The weight of A with B after C, weighed so with both, has spoken."""
    weight = np.full((3, 3), ab)
    weight[0, 1] = weight[1, 0] = ac
    weight[1, 2] = weight[2, 1] = cb
    contradicts = np.zeros((3, 3), dtype=bool)
    contradicts[0, 2] = against
    _, after, _ = Lists(weight, contradicts).linked()
    at = np.flatnonzero((after.left == 0) & (after.right == 2))
    return float(after.weight[at[0]]) if len(at) else -np.inf


@pytest.mark.parametrize(
    ("ac", "cb", "ab", "expected"),
    [
        pytest.param(10, 10, -1, 9, id="two strong links: one part in 1,024 each may be wrong, two in 1,024 both"),
        pytest.param(20, 3, -1, 3, id="a strong and a doubtful one: as doubtful as the second"),
        pytest.param(10, 10, -5, 9, id="what was never listed is added"),
        pytest.param(10, 10, -LET_PASS - 3, 6, id="what is against beyond what an error explains counts in full"),
        pytest.param(3, 3, 8, 8, id="a pair that is surer by itself stays"),
    ],
)
def test_a_third_speaks_for_two(ac: float, cb: float, ab: float, expected: float) -> None:
    assert three(ac, cb, ab) == pytest.approx(expected, abs=0.15)


def test_two_who_contradict_each_other_stay_apart() -> None:
    assert three(10, 10, -1, against=True) == -1
    assert three(10, 10, -5, against=True) == -np.inf


def drawn(size: int) -> st.SearchStrategy[tuple[Sequence[float], Sequence[bool], Sequence[int]]]:
    return st.tuples(
        st.lists(st.floats(-12, 15), min_size=size * size, max_size=size * size),
        st.lists(st.sampled_from([False, False, False, True]), min_size=size * size, max_size=size * size),
        st.permutations(range(size)),
    )


@given(st.integers(3, 7).flatmap(drawn))
def test_nobody_who_contradicts_is_linked_and_the_order_of_rows_changes_nothing(
    drawn: tuple[Sequence[float], Sequence[bool], Sequence[int]],
) -> None:
    weights, flags, order = drawn
    size = len(order)
    lists = Lists(np.round(np.array(weights).reshape(size, size), 2), np.array(flags).reshape(size, size))
    found, after, at = lists.linked(one_group=True)
    codes = after.left * size + after.right
    assert (np.diff(codes) > 0).all()
    assert np.array_equal(codes[at], found.left * size + found.right)
    gain = after.weight - lists.weight[after.left, after.right]
    assert (gain >= 0).all()
    assert (gain[lists.against[after.left, after.right]] == 0).all()
    assert np.allclose(gain, after.rival)
    assert after.weight.max(initial=0) <= found.weight.max(initial=0)

    new = np.argsort(order)  # where each record stands in another order
    other = Lists(lists.weight[np.ix_(order, order)], lists.against[np.ix_(order, order)])
    _, again, _ = other.linked(one_group=True)
    ends = np.sort(np.stack([new[after.left], new[after.right]]), axis=0)
    by_place = np.lexsort((ends[1], ends[0]))
    assert np.array_equal(ends[:, by_place], np.stack([again.left, again.right]))
    assert np.array_equal(after.weight[by_place], again.weight)


A: Row = {"name": "Đinh Quang Khải", "date_of_birth": "1947", "commune": "Xã Số 3", "district": "Huyện 0", "sex": "M"}
C: Row = A | {"date_of_birth": "1947-08-21", "national_id": "151234567"}
B: Row = {"name": "Dinh Q. Khai", "date_of_birth": "1947-08-21", "national_id": "151234567", "commune": "Xã Số 9"}


@pytest.fixture(scope="module")
def with_three(crowd: Crowd) -> pd.DataFrame:
    planted = [row | {"record_id": name} for name, row in (("a", A), ("b", B), ("c", C))]
    return crowd(planted, 300)


def test_a_pair_that_a_third_links_is_told_as_it_was_linked(with_three: pd.DataFrame) -> None:
    links = link_frames(with_three, None, ROLES)
    pairs = pd.concat([links.pairs, links.candidates], ignore_index=True)
    pair = pairs[(pairs["left_id"] == "a") & (pairs["right_id"] == "b")].iloc[0]
    assert pair["match_probability"] >= 0.5
    assert "third_fits" in pair["comparisons"]
    for each in [pair, *(pairs.iloc[k] for k in range(0, len(pairs), 120))]:
        told = tell_frame_pair(with_three, None, links.model, each["left_id"], each["right_id"]).told
        assert (told.weight, told.probability) == (each["match_weight"], each["match_probability"])
        assert told.comparisons == each["comparisons"]
