"""Linked pairs measured against labels: the answer key is counted by hand, then by brute force."""

import json
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.linkage.evaluation import evaluate
from eligibility_audit.use_cases.link_files import link_files
from tests.linkage.conftest import Crowd

# Persons A = {1, 2, 3}, B = {4, 5}, C = {6}: four true pairs. The tool finds 1-2, 2-3 and 4-5, misses 1-3, errs on 5-6.
ENTITIES = pd.DataFrame({"id": [1, 2, 3, 4, 5, 6], "entity": ["A", "A", "A", "B", "B", "C"]})
TRUE_PAIRS = pd.DataFrame({"left_id": [1, 3, 2, 4], "right_id": [2, 1, 3, 5]})
FOUND = pd.DataFrame(
    {
        "left_id": [1, 2, 4, 5],
        "right_id": [2, 3, 5, 6],
        "match_probability": [0.99, 0.6, 0.9, 0.8],
        "match_weight": [6.6, 0.6, 3.2, 2.0],
    }
)


def row(table: pd.DataFrame, threshold: float) -> dict[str, Any]:
    found: dict[str, Any] = table[table["threshold"] == threshold].iloc[0].to_dict()
    return found


@pytest.mark.parametrize(
    "labels", [pytest.param(ENTITIES, id="a_person_a_row"), pytest.param(TRUE_PAIRS, id="all_true_pairs")]
)
def test_precision_recall_and_f1_are_counted_over_all_true_pairs(labels: pd.DataFrame) -> None:
    measured = evaluate(FOUND, labels)
    at_half = row(measured.by_threshold, 0.5)
    assert at_half["links"] == 4
    assert at_half["precision"] == 0.75
    assert at_half["recall"] == 0.75  # 1-3 is true and was not listed
    assert row(measured.by_threshold, 0.9)["recall"] == 0.5
    assert measured.summary["true_pairs"] == 4
    assert measured.summary["reached"] == 0.75


def test_the_best_threshold_is_found_among_the_weights_listed() -> None:
    summary = evaluate(FOUND, ENTITIES).summary
    assert summary["best_f1"] == 0.75  # all four links: three of four, of four
    assert summary["best_threshold"] == 0.6
    assert summary["f1_at_default"] == 0.75


def test_recall_at_a_precision_stops_before_the_first_error() -> None:
    assert evaluate(FOUND, ENTITIES).summary["recall_at_precision"] == 0.5  # 1-2 and 4-5 come before 5-6
    assert evaluate(FOUND, ENTITIES, precision=0.7).summary["recall_at_precision"] == 0.75


def test_pairs_of_one_weight_stand_or_fall_together() -> None:
    tied = FOUND.assign(match_weight=1.0, match_probability=0.667)
    assert evaluate(tied, ENTITIES).summary["recall_at_precision"] == 0.0


def test_judged_pairs_say_nothing_of_others() -> None:
    judged = pd.DataFrame(
        {"left_id": [2, 6, 3, 4], "right_id": [1, 5, 2, 6], "match": ["match", "no_match", "unsure", "no_match"]}
    )
    measured = evaluate(FOUND, judged)
    at_half = row(measured.by_threshold, 0.5)
    assert (at_half["links"], at_half["precision"], at_half["recall"]) == (2, 0.5, 1.0)
    assert measured.summary["listed_pairs"] == 2


@pytest.mark.parametrize(
    ("match", "links"),
    [
        pytest.param([True, False], 2, id="truth_values"),
        pytest.param([1, 0], 2, id="numbers"),
        pytest.param(["Yes", " no "], 2, id="words"),
        pytest.param([1.0, None], 1, id="blank_is_unsure"),
    ],
)
def test_judgements_are_read_as_they_are_written(match: list[object], links: int) -> None:
    judged = pd.DataFrame({"left_id": [1, 5], "right_id": [2, 6], "match": match})
    assert row(evaluate(FOUND, judged).by_threshold, 0.5)["links"] == links


def test_a_row_whose_person_is_not_known_is_left_out() -> None:
    labels = ENTITIES.assign(entity=ENTITIES["entity"].mask(ENTITIES["id"] == 6))
    at_half = row(evaluate(FOUND, labels).by_threshold, 0.5)
    assert (at_half["links"], at_half["precision"]) == (3, 1.0)


def test_components_chain_and_are_scored_by_all_pairs_within() -> None:
    measured = evaluate(FOUND, ENTITIES)
    at_half = row(measured.clusters, 0.5)  # {1, 2, 3} and {4, 5, 6}: six pairs, four of them true
    assert (at_half["precision"], at_half["recall"], at_half["largest"]) == (pytest.approx(2 / 3, abs=1e-6), 1.0, 3)
    assert row(measured.clusters, 0.9)["recall"] == 0.5


def test_clusters_that_are_given_are_scored_as_they_are() -> None:
    clusters = pd.DataFrame({"id": [1, 2, 3, 4, 5], "cluster_id": ["x", "x", "x", "y", "y"]})  # 6 is in none: alone
    measured = evaluate(FOUND, ENTITIES, clusters=clusters)
    assert measured.clusters["f1"].tolist() == [1.0] * len(measured.clusters)


def test_two_tables_number_their_rows_each_for_itself() -> None:
    labels = pd.DataFrame({"side": ["L", "L", "R", "R"], "id": [1, 2, 1, 2], "entity": ["A", "B", "A", "A"]})
    found = pd.DataFrame({"left_id": [1, 2], "right_id": [1, 2], "match_probability": [0.9, 0.9]})
    measured = evaluate(found, labels, two_sided=True)
    at_half = row(measured.by_threshold, 0.5)
    assert measured.summary["true_pairs"] == 2  # L1-R1, L1-R2
    assert (at_half["precision"], at_half["recall"]) == (0.5, 0.5)
    clusters = pd.DataFrame({"side": ["L", "R", "R"], "id": [1, 1, 2], "cluster_id": ["x", "x", "x"]})
    assert row(evaluate(found, labels, clusters=clusters, two_sided=True).clusters, 0.5)["f1"] == 1.0


def test_ids_may_be_numbers_in_one_table_and_text_in_the_other() -> None:
    labels = TRUE_PAIRS.astype("string[pyarrow]")
    assert evaluate(FOUND, labels).summary["true_pairs"] == 4
    assert row(evaluate(FOUND, labels).by_threshold, 0.5)["recall"] == 0.75


def test_calibration_sets_what_was_said_beside_what_was_so() -> None:
    measured = evaluate(FOUND, ENTITIES)
    table = measured.calibration.set_index("from")
    assert (table.loc[0.9, "expected"], table.loc[0.9, "observed"]) == (0.9, 1.0)
    assert (table.loc[0.8, "expected"], table.loc[0.8, "observed"]) == (0.8, 0.0)
    assert pd.isna(table.loc[0.0, "observed"])
    assert measured.summary["expected_at_default"] == pytest.approx(3.29)
    assert measured.summary["observed_at_default"] == 3
    assert measured.summary["brier"] == pytest.approx((0.01**2 + 0.4**2 + 0.1**2 + 0.8**2) / 4)


def test_a_pair_given_twice_or_with_itself_counts_once_or_not_at_all() -> None:
    again = pd.DataFrame({"left_id": [2, 1], "right_id": [1, 1], "match_probability": 0.9, "match_weight": 3.0})
    assert row(evaluate(pd.concat([FOUND, again]), ENTITIES).by_threshold, 0.5)["links"] == 4


def test_no_pairs_at_all_is_an_answer() -> None:
    measured = evaluate(FOUND.head(0), ENTITIES)
    assert measured.summary["f1_at_default"] == 0.0
    assert measured.summary["best_f1"] is None
    assert json.loads(measured.to_json())["by_threshold"][0]["precision"] is None


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(pd.DataFrame({"id": [1], "person": ["A"]}), id="no_entity"),
        pytest.param(pd.DataFrame({"left_id": [1], "right": [2]}), id="one_side_named_otherwise"),
        pytest.param(pd.DataFrame({"left_id": [1], "right_id": [2], "match": ["maybe so"]}), id="unknown_word"),
        pytest.param(pd.DataFrame({"left_id": [1], "right_id": [2], "match": ["unsure"]}), id="nothing_is_said"),
        pytest.param(ENTITIES.assign(entity=None), id="nobody_is_known"),
    ],
)
def test_labels_that_say_nothing_are_refused(labels: pd.DataFrame) -> None:
    with pytest.raises(InputError):
        evaluate(FOUND, labels)


def test_sides_are_needed_where_there_are_two_tables() -> None:
    with pytest.raises(InputError):
        evaluate(FOUND, ENTITIES, two_sided=True)


@given(
    st.lists(st.integers(0, 4), min_size=2, max_size=9),
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 10)), max_size=20),
    st.integers(0, 10),
)
def test_any_table_gives_what_counting_pair_by_pair_gives(
    entities: list[int], links: list[tuple[int, int, int]], tenths: int
) -> None:
    size = len(entities)
    best: dict[tuple[int, int], int] = {}
    for a, b, said in links:
        if a < size and b < size and a != b:
            key = (min(a, b), max(a, b))
            best[key] = max(best.get(key, 0), said)
    true = {(a, b) for a, b in combinations(range(size), 2) if entities[a] == entities[b]}
    frame = pd.DataFrame([(*key, said / 10) for key, said in best.items()], columns=["left_id", "right_id", "p"])
    frame = frame.astype({"left_id": "int64", "right_id": "int64", "p": "float64"})
    labels = pd.DataFrame({"id": range(size), "entity": entities})
    if not true and not best:
        return
    threshold = tenths / 10
    measured = evaluate(frame.rename(columns={"p": "match_probability"}), labels, thresholds=[threshold])
    chosen = {key for key, said in best.items() if said / 10 >= threshold}
    found = row(measured.by_threshold, threshold)
    assert found["links"] == len(chosen)
    assert found["true_links"] == len(chosen & true)
    if chosen or true:
        assert found["f1"] == pytest.approx(2 * len(chosen & true) / (len(chosen) + len(true)), abs=1e-6)
    grouped = _grouped(size, chosen)
    together = {pair for group in grouped for pair in combinations(sorted(group), 2)}
    scored = row(measured.clusters, threshold)
    if together:
        assert scored["precision"] == pytest.approx(len(together & true) / len(together), abs=1e-6)


def _grouped(size: int, links: set[tuple[int, int]]) -> list[set[int]]:
    groups = [{k} for k in range(size)]
    for a, b in links:
        one, two = (next(group for group in groups if k in group) for k in (a, b))
        if one is not two:
            groups = [group for group in groups if group is not one and group is not two] + [one | two]
    return groups


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=5),
    st.lists(st.integers(0, 3), min_size=1, max_size=5),
    st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4))),
)
def test_two_tables_give_what_counting_across_gives(
    lefts: list[int], rights: list[int], links: set[tuple[int, int]]
) -> None:
    chosen = {(a, b) for a, b in links if a < len(lefts) and b < len(rights)}
    true = {(a, b) for a, b in product(range(len(lefts)), range(len(rights))) if lefts[a] == rights[b]}
    if not chosen and not true:
        return
    labels = pd.DataFrame(
        {
            "side": ["L"] * len(lefts) + ["R"] * len(rights),
            "id": [*range(len(lefts)), *range(len(rights))],
            "entity": lefts + rights,
        }
    )
    frame = pd.DataFrame(sorted(chosen), columns=["left_id", "right_id"]).astype("int64").assign(match_probability=0.9)
    summary = evaluate(frame, labels, two_sided=True).summary
    assert summary["true_pairs"] == len(true)
    assert summary["observed_at_default"] == len(chosen & true)


# The command's side: labels as a column, as a file, of other ids.
@pytest.fixture(scope="module")
def table(crowd: Crowd) -> pd.DataFrame:
    people = crowd([], 300)
    people = people[people["kind"] == "agent_orange"]  # a line a person
    again = people.head(40)
    both = pd.concat([people, again], ignore_index=True)
    return pd.DataFrame(
        {
            "rec_id": range(1, len(both) + 1),
            "full_name": both["name"],
            "dob": both["date_of_birth"],
            "sex": both["sex"],
            "nid": both["national_id"],
            "who": [f"p{k}" for k in (*range(len(people)), *range(40))],
        }
    )


def test_link_measures_against_a_column_or_a_file(table: pd.DataFrame, tmp_path: Path) -> None:
    table.to_parquet(tmp_path / "people.parquet")
    table[["rec_id", "who"]].set_axis(["id", "entity"], axis=1).to_csv(tmp_path / "labels.csv", index=False)
    table[["rec_id", "who"]].set_axis(["rec_id", "entity"], axis=1).to_parquet(tmp_path / "labels.parquet")
    told: list[dict[str, Any]] = []
    for labels in ("who", str(tmp_path / "labels.csv"), str(tmp_path / "labels.parquet")):
        report = link_files(tmp_path / "people.parquet", labels=labels, evaluate_into=tmp_path / "measured.json")
        assert any("F1" in line for line in report["evaluation"])
        told.append(json.loads((tmp_path / "measured.json").read_text(encoding="utf-8")))
    assert told[0] == told[1] == told[2]
    assert told[0]["summary"]["true_pairs"] == 40
    assert told[0]["summary"]["f1_at_default"] > 0.9


def test_labels_of_other_ids_are_counted_and_left_out(table: pd.DataFrame, tmp_path: Path) -> None:
    table.drop(columns="who").to_parquet(tmp_path / "people.parquet")
    labels = pd.DataFrame({"left_id": [1, 2, 9999], "right_id": [301, 302, 9998]})
    labels.to_csv(tmp_path / "labels.csv", index=False)
    report = link_files(
        tmp_path / "people.parquet", labels=str(tmp_path / "labels.csv"), evaluate_into=tmp_path / "m.json"
    )
    summary = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))["summary"]
    assert (summary["true_pairs"], summary["labels_of_unknown_ids"]) == (2, 1)
    assert "unknown ids" in report["evaluation"][-1]


def test_two_files_are_measured_across(table: pd.DataFrame, tmp_path: Path) -> None:
    table.head(300).to_parquet(tmp_path / "left.parquet")
    table.tail(40).to_csv(tmp_path / "right.csv", index=False)
    link_files(
        tmp_path / "left.parquet", tmp_path / "right.csv", labels="who", evaluate_into=tmp_path / "measured.json"
    )
    summary = json.loads((tmp_path / "measured.json").read_text(encoding="utf-8"))["summary"]
    assert summary["true_pairs"] == 40
    assert summary["recall_at_default"] > 0.9


@pytest.mark.parametrize(
    ("labels", "into"),
    [pytest.param("nowhere.csv", None, id="no_such_file"), pytest.param(None, "m.json", id="no_labels")],
)
def test_what_cannot_be_measured_is_said(
    table: pd.DataFrame, tmp_path: Path, labels: str | None, into: str | None
) -> None:
    table.to_parquet(tmp_path / "people.parquet")
    with pytest.raises(UsageError, match=" / "):
        link_files(
            tmp_path / "people.parquet",
            out=tmp_path / "pairs.parquet",
            labels=labels,
            evaluate_into=None if into is None else tmp_path / into,
        )
