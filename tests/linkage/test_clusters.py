"""Groups of records: what belongs together does, a single weak link does not chain."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.linkage.clusters import Clusters, cluster


def grouped(links: dict[tuple[int, int], float], size: int, largest: int = 50) -> Clusters:
    left = np.array([a for a, _ in links], dtype=np.int64)
    right = np.array([b for _, b in links], dtype=np.int64)
    return cluster(left, right, np.array(list(links.values()), dtype=np.float64), size, largest=largest)


def test_linked_records_are_one_group_called_after_the_first() -> None:
    assert grouped({(0, 2): 9.0, (1, 3): 9.0}, 5).label.tolist() == [0, 1, 0, 1, 4]


def test_two_of_three_pairs_are_enough() -> None:
    assert grouped({(0, 1): 9.0, (1, 2): 9.0}, 3).label.tolist() == [0, 0, 0]


def test_one_link_between_two_full_groups_does_not_join_them_and_is_reported() -> None:
    links = {pair: 9.0 for trio in ((0, 1, 2), (3, 4, 5)) for pair in combinations(trio, 2)} | {(2, 3): 1.0}
    found = grouped(links, 6)
    assert found.label.tolist() == [0, 0, 0, 3, 3, 3]
    assert found.refused.pair.tolist() == [list(links).index((2, 3))]


def test_a_chain_is_cut() -> None:
    found = grouped({(k, k + 1): 5.0 for k in range(99)}, 100)
    assert np.bincount(found.label).max() <= 8


def test_no_group_exceeds_the_cap() -> None:
    found = grouped(dict.fromkeys(combinations(range(12), 2), 9.0), 12, largest=5)
    assert np.bincount(found.label).max() <= 5
    assert len(found.refused.pair)


graphs = st.integers(2, 14).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.dictionaries(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda e: e[0] < e[1]),
            st.floats(0, 20),
            max_size=40,
        ),
    )
)


@given(graphs)
def test_groups_are_made_of_links_and_named_after_their_first_record(
    graph: tuple[int, dict[tuple[int, int], float]],
) -> None:
    size, links = graph
    found = grouped(links, size)
    for label in set(found.label.tolist()):
        members = np.flatnonzero(found.label == label)
        assert members[0] == label
    apart = {pair for pair in links if found.label[pair[0]] != found.label[pair[1]]}
    assert {list(links)[k] for k in found.refused.pair.tolist()} == apart
