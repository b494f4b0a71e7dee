"""What officers judged binds, while it holds; where judgements exclude each other, both are told."""

import json
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.errors import InputError
from eligibility_audit.linkage import Links, link_frames, link_people
from eligibility_audit.linkage.judgements import Judged, check_judgements, fingerprint, resolve
from tests.linkage.conftest import Crowd

IDS = "ABCDEF"


def resolved(rows: list[tuple[str, str]], day: date | None = None, facts: str = "f") -> Judged:
    """Judgements written `A=B`, `A≠B`, `A?B` with their day."""
    verdicts = {"=": "match", "≠": "no_match", "?": "unsure"}
    frame = pd.DataFrame(
        [{"left": t[0], "right": t[2], "judgement": verdicts[t[1]], "on": on, "facts": "f"} for t, on in rows]
    )
    table = check_judgements(frame)
    at = {name: k for k, name in enumerate(IDS)}
    places = tuple(table[side].map(at).fillna(-1).astype("int64") for side in ("left", "right"))
    return resolve(
        table, (places[0], places[1]), len(IDS), pd.Series([facts] * len(table), dtype="string[pyarrow]"), day
    )


def states(judged: Judged) -> list[str]:
    return [str(state) for state in judged.states["state"]]


def same(judged: Judged) -> set[str]:
    return {IDS[a] + IDS[b] for a, b in zip(*judged.bound.same, strict=True)}


def test_a_match_goes_on_through_a_chain() -> None:
    assert same(resolved([("A=B", "2020-01-01"), ("B=C", "2020-01-02")])) == {"AB", "BC", "AC"}


def test_who_is_not_the_same_as_one_is_not_the_same_as_any_of_the_chain() -> None:
    judged = resolved([("A=B", "2020-01-01"), ("B≠C", "2020-01-02")])
    assert (int(judged.group[0]), int(judged.group[2])) in judged.apart


def test_a_newer_no_match_against_an_older_chain_is_told_with_the_chain() -> None:
    judged = resolved([("A=B", "2020-01-01"), ("B=C", "2020-01-02"), ("A≠C", "2020-02-01")])
    assert states(judged) == ["set_aside", "binds", "binds"]
    told = judged.conflicts.iloc[0]
    assert (told["left"], told["right"], told["judgement"]) == ("A", "B", "match")
    assert told["with"] == "A ≠ C (2020-02-01)"
    assert told["chain"] == "A = B = C"
    assert judged.direct[0, 1] == "match"  # the pair itself stays judged


def test_a_newer_chain_against_an_older_no_match_names_the_chain() -> None:
    judged = resolved([("A≠C", "2019-01-01"), ("A=B", "2020-01-01"), ("B=C", "2020-01-02")])
    assert states(judged) == ["set_aside", "binds", "binds"]
    assert judged.conflicts["chain"].tolist() == ["A = B = C"]
    assert judged.direct[0, 2] == "no_match"
    assert same(judged) == {"AB", "BC"}  # not A with C: that pair was judged itself


def test_of_one_pair_the_newer_binds_and_the_conflict_is_told() -> None:
    judged = resolved([("A=B", "2020-01-01"), ("B≠A", "2020-03-01")])
    assert states(judged) == ["replaced", "binds"]
    assert judged.conflicts["with"].tolist() == ["B ≠ A (2020-03-01)"]


def test_opposed_on_one_day_neither_binds() -> None:
    judged = resolved([("A=B", "2020-01-01"), ("A≠B", "2020-01-01")])
    assert states(judged) == ["conflict", "conflict"]
    assert len(judged.conflicts) == 2
    assert same(judged) == set()


def test_unsure_binds_nothing_and_lifts_an_older_judgement() -> None:
    judged = resolved([("A=B", "2020-01-01"), ("A?B", "2020-02-01")])
    assert states(judged) == ["replaced", "unsure"]
    assert same(judged) == set()
    assert judged.conflicts.empty


def test_expired_reopened_and_unknown_do_not_bind() -> None:
    frame = check_judgements(
        pd.DataFrame(
            {"left": ["A"], "right": ["B"], "judgement": ["match"], "on": ["2020-01-01"], "valid_until": ["2020-06-30"]}
        )
    )
    here = pd.Series([0]), pd.Series([1])
    facts = pd.Series(["f"], dtype="string[pyarrow]")
    assert states(resolve(frame, here, 6, facts, date(2020, 6, 30))) == ["binds"]
    assert states(resolve(frame, here, 6, facts, date(2020, 7, 1))) == ["expired"]
    assert states(resolved([("A=B", "2020-01-01")], facts="changed")) == ["reopened"]
    assert states(resolved([("A=Z", "2020-01-01")])) == ["unknown_record"]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"judgement": "maybe"}, id="word"),
        pytest.param({"left": ""}, id="blank id"),
        pytest.param({"on": "hôm qua"}, id="day"),
    ],
)
def test_a_wrong_judgement_is_a_sentence(wrong: dict[str, str]) -> None:
    row = {"left": "A", "right": "B", "judgement": "match", "on": "2020-01-01"} | wrong
    with pytest.raises(InputError, match="Judgement 1"):
        check_judgements(pd.DataFrame([row]))


pairs = st.tuples(st.sampled_from(IDS), st.sampled_from("=≠?"), st.sampled_from(IDS)).filter(lambda t: t[0] != t[2])
scripts = st.lists(
    st.tuples(pairs.map("".join), st.sampled_from(["2020-01-01", "2020-01-02", "2020-01-03"])), max_size=12
)


@given(scripts)
def test_what_binds_never_excludes_itself_and_nothing_is_silent(rows: list[tuple[str, str]]) -> None:
    if not rows:
        return
    judged = resolved(rows)
    for a, b in zip(*judged.bound.apart, strict=True):
        assert judged.group[a] != judged.group[b] or judged.group[a] == -1
    told = {(c.left, c.right, c.judgement, c.on) for c in judged.conflicts.itertuples()}
    for line in judged.states.itertuples():
        if line.state in ("set_aside", "conflict"):
            assert (line.left, line.right, line.judgement, line.on) in told
    again = resolved(rows[::-1])
    assert same(again) == same(judged)


PERSON: dict[str, str | None] = {
    "name": "Lê Quang Vịnh",
    "date_of_birth": "1947-03-19",
    "sex": "M",
    "national_id": None,
    "commune": "Xã Số 3",
    "district": "Huyện 0",
}


def judged_links(crowd: Crowd, judgements: list[dict[str, str]] | None) -> Links:
    rows = [
        PERSON | {"record_id": "p-1"},
        PERSON | {"record_id": "p-2", "kind": "covid_relief", "date_of_birth": "1947"},
        PERSON | {"record_id": "p-3", "date_of_birth": "1947-08-30"},
    ]
    frame = None if judgements is None else pd.DataFrame(judgements)
    return link_people(crowd(rows, 300), judgements=frame)


def probability(links: Links, one: str, two: str) -> float:
    both = pd.concat([links.pairs, links.candidates])
    ends = both[["left_record_id", "right_record_id"]].isin([one, two]).all(axis=1)
    return float(both.loc[ends, "match_probability"].iloc[0]) if ends.any() else 0.0


def test_a_judged_rival_is_no_rival_and_the_step_is_in_the_waterfall(crowd: Crowd) -> None:
    free = judged_links(crowd, None)
    assert max(probability(free, "p-1", "p-2"), probability(free, "p-3", "p-2")) < 0.5  # each is the other's rival
    links = judged_links(crowd, [{"left": "p-2", "right": "p-3", "judgement": "no_match", "on": "2020-05-01"}])
    assert probability(links, "p-2", "p-3") == 0.0
    assert probability(links, "p-1", "p-2") >= 0.5
    links = judged_links(crowd, [{"left": "p-2", "right": "p-3", "judgement": "match", "on": "2020-05-01"}])
    pair = links.pairs[links.pairs["right_record_id"] == "p-2"].iloc[0]
    assert (pair["left_record_id"], float(pair["match_probability"])) == ("p-3", 1.0)
    assert json.loads(pair["comparisons"])[-1]["field"] == "judgement"
    assert links.report["judgements"] == {"binds": 1}
    ids = links.groups.clusters.set_index("id")["cluster_id"]
    assert ids["p-2"] == ids["p-3"] != ids["p-1"]


def test_two_that_share_nothing_are_one_where_an_officer_says_so() -> None:
    left = pd.DataFrame(
        {"id": [1, 2, 3], "name": ["An Văn Bé", "Lê Thị Tí", "Vũ Xuân Đạt"], "dob": ["1950", "1961", "1972"]}
    )
    right = left.assign(id=[7, 8, 9])
    roles = {"id": "id", "columns": {"name": "name", "date_of_birth": "dob"}}
    told = pd.DataFrame({"left": ["1"], "right": ["8"], "judgement": ["match"]})
    links = link_frames(left, right, roles, judgements=told)
    assert (1, 8) in set(zip(links.pairs["left_id"], links.pairs["right_id"], strict=True))
    clusters = links.clusters.set_index(["side", "id"])["cluster_id"]
    assert clusters["L", 1] == clusters["R", 8]


def test_the_hash_of_facts_tells_a_blank_from_nothing_said_elsewhere() -> None:
    assert fingerprint(["a", None]) != fingerprint([None, "a"])
    assert fingerprint(["a"], b"k") != fingerprint(["a"])
