"""Candidate pairs: each once, none unseen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.linkage.arrays import Ints
from eligibility_audit.linkage.blocking import Allowed, Candidates, Rule, make_blocks, shared_caps


def pairs_of(
    keys: dict[str, Ints], rules: list[Rule], cap: int, part: int = 7
) -> tuple[list[tuple[int, int]], list[int]]:
    size = len(next(iter(keys.values())))
    made = [make_blocks(rule, keys, size, cap) for rule in rules]
    candidates = Candidates([blocks for blocks, _ in made], Allowed(), part=part)
    found: list[tuple[int, int]] = []
    for each in candidates.parts:
        (left, right), made_by = candidates.pairs(each)
        assert made_by.sum() == len(left)
        found += zip(left.tolist(), right.tolist(), strict=True)
    return found, [report.not_compared for _, report in made]


def codes(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


def test_records_that_share_a_key_are_a_pair_and_those_without_it_are_not() -> None:
    found, left_out = pairs_of({"name": codes(5, 5, 6, -1, -1, 5)}, [Rule(("name",))], cap=10)
    assert sorted(found) == [(0, 1), (0, 5), (1, 5)]
    assert left_out == [0]


def test_a_pair_that_two_rules_make_comes_once() -> None:
    keys = {"name": codes(1, 1, 2), "year": codes(7, 7, 7)}
    found, _ = pairs_of(keys, [Rule(("name",)), Rule(("year",))], cap=10)
    assert sorted(found) == [(0, 1), (0, 2), (1, 2)]


def test_a_block_over_the_cap_is_split_by_the_next_key_and_the_rest_is_counted() -> None:
    keys = {"name": codes(1, 1, 1, 1), "year": codes(7, 7, 8, 8)}
    found, left_out = pairs_of(keys, [Rule(("name",), ("year",))], cap=3)
    assert sorted(found) == [(0, 1), (2, 3)]
    assert left_out == [4]


def test_what_lacks_the_next_key_is_set_against_the_whole_block() -> None:
    keys = {"name": codes(1, 1, 1, 1), "year": codes(7, 8, 9, -1)}
    found, left_out = pairs_of(keys, [Rule(("name",), ("year",))], cap=3)
    assert sorted(found) == [(0, 3), (1, 3), (2, 3)]
    assert left_out == [3]


def test_at_the_end_of_the_path_neighbours_are_compared_and_the_rest_counted() -> None:
    found, left_out = pairs_of({"name": codes(*[1] * 40)}, [Rule(("name",))], cap=16)
    assert set(found) == {(a, b) for a in range(40) for b in (a + 1, a + 2) if b < 40}
    assert left_out == [40 * 39 // 2 - len(found)]


def test_members_of_one_line_are_no_pair() -> None:
    allowed = Allowed(line=codes(3, 3, 4, -1, -1))
    assert allowed(codes(0, 1, 3), codes(1, 2, 4)).tolist() == [False, True, True]


records = st.lists(st.tuples(st.integers(-1, 3), st.integers(-1, 3), st.integers(-1, 3)), min_size=1, max_size=40)


@given(records, st.integers(2, 50), st.integers(1, 30))
def test_every_pair_once_and_every_pair_accounted_for(rows: list[tuple[int, int, int]], cap: int, part: int) -> None:
    columns = np.array(rows, dtype=np.int64)
    keys: dict[str, Ints] = {"a": columns[:, 0], "b": columns[:, 1], "c": columns[:, 2]}
    rules = [Rule(("a",), ("b", "c")), Rule(("b", "c"), ("a",)), Rule(("c",), ("a", "b"))]
    found, _ = pairs_of(keys, rules, cap, part)
    assert len(found) == len(set(found))
    assert all(a < b for a, b in found)
    one, left_out = pairs_of(keys, rules[:1], cap, part)
    sharing = {(a, b) for a in range(len(rows)) for b in range(a + 1, len(rows)) if rows[a][0] == rows[b][0] >= 0}
    assert set(one) <= sharing
    if cap >= len(rows):
        assert set(one) == sharing
    assert left_out[0] >= len(sharing) - len(one)
    if not left_out[0]:
        assert set(one) == sharing


@pytest.mark.parametrize("size", [0, 1])
def test_nothing_to_pair(size: int) -> None:
    assert pairs_of({"a": codes(*[1] * size)}, [Rule(("a",))], cap=3) == ([], [0])


def test_a_rule_that_would_make_too_many_pairs_gets_a_lower_cap_and_says_so() -> None:
    names = np.repeat(np.arange(9000), 40)  # 40 namesakes each: 7,020,000 pairs of 360,000 records
    keys: dict[str, Ints] = {"name": names, "year": np.tile(np.arange(40) // 4, 9000)}
    rule = Rule(("name",), ("year",))
    _, free = make_blocks(rule, keys, len(names))
    _, bounded = make_blocks(rule, keys, len(names), bounded=True)
    assert (free.cap, free.pairs, free.not_compared) == (400, 7_020_000, 0)
    assert (bounded.cap, bounded.pairs, bounded.split) == (35, 9000 * 10 * 6, 9000)
    assert bounded.pairs + bounded.not_compared == free.pairs


def test_in_a_large_table_all_rules_share_what_they_may_make(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(1)
    size = 20_000
    keys: dict[str, Ints] = {
        "name": draw.integers(0, 400, size),
        "year": draw.integers(0, 50, size),
        "place": draw.integers(-1, 30, size),
        "number": draw.integers(0, 15_000, size),
    }
    rules = [Rule(("name",), ("year", "place")), Rule(("year", "place"), ("name",)), Rule(("number",))]
    assert shared_caps(rules, keys, size, 400) == [400, 400, 400]  # not so many records that it matters
    monkeypatch.setattr("eligibility_audit.linkage.blocking.SHARED_FROM", size)
    monkeypatch.setattr("eligibility_audit.linkage.blocking.ALWAYS", 10**9)
    free = [make_blocks(rule, keys, size)[1].pairs for rule in rules]
    assert sum(free) > 20 * size
    caps = shared_caps(rules, keys, size, 400)
    made = [make_blocks(rule, keys, size, cap)[1].pairs for rule, cap in zip(rules, caps, strict=True)]
    assert sum(made) <= 8 * size
    assert caps[2] == 400  # a rule that makes few keeps all
    assert made[2] == free[2]
    assert made[0] < free[0]


def brute_force(one: list[int], two: list[int], path: list[Ints], cap: int) -> set[tuple[int, int]]:
    """Pairs across as the words of the module have it, a block at a time."""
    if not one or not two:
        return set()
    if len(one) * len(two) <= cap * cap:
        return {(min(a, b), max(a, b)) for a in one for b in two}
    if not path:
        return set()
    key, *rest = path
    found = brute_force([a for a in one if key[a] < 0], two, rest, cap)
    found |= brute_force([a for a in one if key[a] >= 0], [b for b in two if key[b] < 0], rest, cap)
    for code in {int(key[a]) for a in one if key[a] >= 0}:
        found |= brute_force([a for a in one if key[a] == code], [b for b in two if key[b] == code], rest, cap)
    return found


@given(st.lists(st.tuples(*[st.integers(-1, 1)] * 3), min_size=2, max_size=40), st.integers(1, 4))
def test_what_lacks_a_key_is_set_against_the_block_and_split_by_the_rest(
    rows: list[tuple[int, int, int]], cap: int
) -> None:
    columns = np.array(rows, dtype=np.int64)
    keys: dict[str, Ints] = {name: columns[:, k] for k, name in enumerate("abc")}
    size = len(rows)
    keys["all"] = np.zeros(size, dtype=np.int64)
    blocks, _ = make_blocks(Rule(("all",), ("a", "b", "c")), keys, size, cap)
    made = {(int(a), int(b)) for left, right in blocks.extra for a, b in zip(left, right, strict=True)}
    if size > cap:
        lacking = [k for k in range(size) if keys["a"][k] < 0]
        having = [k for k in range(size) if keys["a"][k] >= 0]
        assert brute_force(lacking, having, [keys["b"], keys["c"]], cap) <= made
