"""Clusters keep their names from night to night; splits, merges and what contradicts are told."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_audit.linkage.clusters import Bound, cluster
from eligibility_audit.linkage.groups import describe_groups, name_clusters


def named(groups: dict[str, str], before: dict[str, str] | None = None) -> tuple[dict[str, str], list[tuple[str, ...]]]:
    """Clusters of letters (letter -> label) with the names they get; `before`: letter -> cluster id of the last run."""
    letters = sorted(groups)
    names = pd.Series(letters, dtype="string[pyarrow]")
    label = pd.factorize(pd.Series([groups[letter] for letter in letters]))[0]
    previous = None if before is None else pd.DataFrame({"id": [*before], "cluster_id": [*before.values()]})
    ids, changes = name_clusters(names, label, previous)
    rows = [
        (str(row.change), str(row.cluster_id), "" if pd.isna(row.previous_id) else str(row.previous_id))
        for row in changes.itertuples()
    ]
    return dict(zip(letters, ids.astype(str), strict=True)), rows


def test_a_cluster_is_named_after_its_smallest_record() -> None:
    assert named({"a": "x", "b": "x", "c": "y"})[0] == {"a": "a", "b": "a", "c": "c"}


def test_a_new_member_or_a_lost_one_renames_nothing() -> None:
    ids, changes = named({"a": "x", "b": "x", "c": "x"}, {"b": "b", "c": "b"})
    assert ids == {"a": "b", "b": "b", "c": "b"}
    assert changes == [("grown", "b", "b")]
    ids, changes = named({"b": "x", "c": "x"}, {"a": "a", "b": "a", "c": "a"})
    assert ids == {"b": "a", "c": "a"}
    assert changes == [("shrunk", "a", "a")]


def test_a_split_keeps_the_name_with_the_larger_part_and_gives_the_other_a_new_one() -> None:
    ids, changes = named({"a": "x", "b": "y", "c": "y"}, {"a": "a", "b": "a", "c": "a"})
    assert ids == {"a": "a.2", "b": "a", "c": "a"}
    assert changes == [("shrunk", "a", "a"), ("split", "a.2", "a")]


def test_a_merge_keeps_the_name_of_the_larger() -> None:
    ids, changes = named(dict.fromkeys("abc", "x"), {"a": "a", "b": "b", "c": "b"})
    assert set(ids.values()) == {"b"}
    assert changes == [("grown", "b", "b"), ("merged", "b", "a")]


def test_gone_and_new_are_told() -> None:
    assert named({"n": "x"}, {"a": "a"})[1] == [("gone", "a", "a"), ("new", "n", "")]


groupings = st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("xyz"), min_size=1)


@settings(max_examples=40)
@given(groupings, groupings)
def test_names_are_one_to_one_and_stay_where_nothing_changed(before: dict[str, str], after: dict[str, str]) -> None:
    first, _ = named(before)
    ids, changes = named(after, first)
    assert len(set(ids.values())) == len(set(after.values()))
    for letter, label in after.items():
        mine, then = {k for k in after if after[k] == label}, {k for k in before if before[k] == before.get(letter)}
        if mine == then:
            assert ids[letter] == first[letter]
    if before == after:
        assert changes == []


PAIRS = np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([9.0, 2.0, -4.0])


def test_the_weakest_link_and_the_cause_of_what_was_not_followed_are_told() -> None:
    names = pd.Series(["a", "b", "c", "d"], dtype="string[pyarrow]")
    found = cluster(*PAIRS, 4)
    told = describe_groups(names, PAIRS, found)
    assert told.clusters["weakest_weight"].iloc[:3].tolist() == [2.0, 2.0, 2.0]
    assert told.clusters["weakest_weight"].isna().iloc[3]
    parted = cluster(*PAIRS, 4, evidence=lambda a, b: (np.full(len(a), -9.0), np.ones(len(a), dtype=bool)))
    told = describe_groups(names, PAIRS, parted)
    row = told.contradictions.iloc[0]
    assert (row["left"], row["right"], row["reason"]) == ("a", "c", "contradiction")
    assert (row["because_left"], row["because_right"]) == ("b", "c")


def test_a_judged_no_match_parts_and_a_judged_match_joins() -> None:
    names = pd.Series(["a", "b", "c", "d"], dtype="string[pyarrow]")
    bound = Bound(same=(np.array([2]), np.array([3])), apart=(np.array([0]), np.array([1])))
    found = cluster(*PAIRS, 4, bound=bound)
    assert found.label.tolist()[2] == found.label.tolist()[3]
    assert found.label.tolist()[0] != found.label.tolist()[1]
    assert describe_groups(names, PAIRS, found).contradictions["reason"].tolist()[-1:] == ["judgement"]


def test_two_of_one_list_that_contradict_are_never_together_through_whatever_chain() -> None:
    chain = np.array([0, 1]), np.array([1, 2]), np.array([30.0, 30.0])
    against = lambda a, b: (np.full(len(a), -1.0), np.ones(len(a), dtype=bool))  # noqa: E731
    assert cluster(*chain, 3, evidence=against, one_list=np.array([0, 1, 0])).label.tolist() != [0, 0, 0]


def test_a_cluster_of_the_same_weights_is_the_same_at_every_threshold() -> None:
    draw = np.random.default_rng(3)
    left, right = np.triu_indices(30, 1)
    same = left // 5 == right // 5
    weight = np.where(same, draw.normal(4, 4, len(left)), draw.normal(-8, 4, len(left)))
    labels = [cluster(left[weight > t], right[weight > t], weight[weight > t], 30).label.tolist() for t in (-4, -3)]
    assert labels[0] == labels[1]
