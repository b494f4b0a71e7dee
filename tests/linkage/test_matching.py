"""Each record has at most one partner, the best that is free."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.linkage import link_frames
from eligibility_audit.linkage.matching import one_to_one

Pairs = dict[tuple[int, int], float]


def kept(pairs: Pairs) -> set[tuple[int, int]]:
    left, right = (np.array([pair[k] for pair in pairs], dtype=np.int64) for k in (0, 1))
    stay = one_to_one(left, right, np.array([*pairs.values()], dtype=np.float64))
    return {pair for pair, stays in zip(pairs, stay.tolist(), strict=True) if stays}


def test_the_strongest_is_taken_first() -> None:
    assert kept({(0, 10): 5.0, (0, 11): 9.0, (1, 11): 7.0, (1, 10): 1.0}) == {(0, 11), (1, 10)}


graphs = st.dictionaries(st.tuples(st.integers(0, 5), st.integers(6, 11)), st.sampled_from([1.0, 2.0, 3.0]))


@given(graphs)
def test_it_is_what_taking_one_after_the_other_gives(pairs: Pairs) -> None:
    taken: set[int] = set()
    wanted: set[tuple[int, int]] = set()
    for pair in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
        if not taken & {*pair}:
            wanted.add(pair)
            taken |= {*pair}
    assert kept(pairs) == wanted


def test_two_lists_that_have_each_person_once() -> None:
    left = pd.DataFrame({"id": ["a"], "name": ["Lê Quang Vịnh"], "dob": ["1947-03-19"]})
    right = pd.DataFrame({"id": ["x", "y"], "name": ["Lê Quang Vịnh"] * 2, "dob": ["1947-03-19", "1947-03-19"]})
    roles = {"id": "id", "columns": {"name": "name", "date_of_birth": "dob"}}
    both = link_frames(left, right, roles, threshold=0.2)
    one = link_frames(left, right, both.model, threshold=0.2, one_to_one=True)
    assert len(both.pairs) == 2
    assert len(one.pairs) == 1
    assert len(one.candidates) == len(both.candidates) + 1
    assert one.groups.clusters["records"].max() == 2
