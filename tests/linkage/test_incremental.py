"""New against all gives what a full run gives, to the byte, and compares only what touches a change."""

from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_audit.linkage import FrameSince, Links, link_frames, link_incremental, link_people
from tests.linkage.conftest import Crowd

Edit = tuple[str, int, int]
FIRST = 60  # persons that are edited: enough to hit the same blocks


@pytest.fixture(scope="module")
def start(crowd: Crowd) -> tuple[pd.DataFrame, Links]:
    frame = crowd([], 80)
    return frame, link_people(frame)


def text(links: Links) -> str:
    tables = (links.pairs, links.candidates, links.groups.clusters, links.groups.contradictions)
    return "\n".join(table.to_csv() for table in tables)


def edited(frame: pd.DataFrame, edits: list[Edit]) -> pd.DataFrame:
    """The frame after the edits: (what, which record, with what)."""
    rows = frame.to_dict("records")
    for number, (what, k, value) in enumerate(edits):
        at = k % len(rows)
        row = rows[at]
        if what == "remove":
            rows.pop(at)
        elif what == "copy":  # the same person once more, in another list, a field lost
            field = ("date_of_birth", "national_id", "commune", "district", "sex")[value % 5]
            rows.append(row | {"record_id": f"n-{number}", "line": f"new {number}", "kind": "deaths", field: None})
        elif what == "name":
            rows[at] = row | {"name": rows[value % len(rows)]["name"]}
        elif what == "date":
            rows[at] = row | {"date_of_birth": rows[value % len(rows)]["date_of_birth"]}
        elif what == "id":  # one number borne by many: a placeholder from the seventh name on
            rows[at] = row | {"national_id": rows[0]["national_id"]}
        elif what == "district":
            rows[at] = row | {"district": f"Huyện {value % 3}"}
        elif what == "line":
            rows[at] = row | {"line": rows[value % len(rows)]["line"]}
        elif what == "alias":
            rows[at] = row | {"alias": rows[value % len(rows)]["name"]}
    return pd.DataFrame(rows, columns=frame.columns).astype("string[pyarrow]")


whats = st.sampled_from(["remove", "copy", "name", "date", "id", "district", "line", "alias"])
scripts = st.lists(st.tuples(whats, st.integers(0, FIRST), st.integers(0, FIRST)), max_size=14)


@settings(max_examples=10)
@given(scripts, st.sampled_from([400, 6, 2]))
def test_the_result_is_that_of_a_full_run(start: tuple[pd.DataFrame, Links], edits: list[Edit], cap: int) -> None:
    frame, first = start
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("eligibility_audit.linkage.people"), "CAP", cap)  # one record more splits a block
        first = link_people(frame, first.model)
        new = edited(frame, edits)
        old_pairs = pd.concat([first.pairs, first.candidates])
        assert text(link_incremental(frame, new, first.model, old_pairs)) == text(link_people(new, first.model))


def test_twice_in_a_row_is_as_good_as_once(start: tuple[pd.DataFrame, Links]) -> None:
    frame, first = start
    one = edited(frame, [("copy", 3, 0), ("name", 9, 20)])
    two = edited(one, [("remove", 4, 0), ("copy", 9, 1), ("id", 5, 0)])
    between = link_incremental(frame, one, first.model, pd.concat([first.pairs, first.candidates]))
    last = link_incremental(one, two, first.model, pd.concat([between.pairs, between.candidates]))
    assert text(last) == text(link_people(two, first.model))


def test_only_what_touches_a_change_is_compared(start: tuple[pd.DataFrame, Links]) -> None:
    frame, first = start
    old_pairs = pd.concat([first.pairs, first.candidates])
    assert link_incremental(frame, frame, first.model, old_pairs).report["compared"] == 0
    moved = frame.sample(frac=1, random_state=3)  # rows in another order are no change
    assert link_incremental(frame, moved, first.model, old_pairs).report["compared"] == 0
    links = link_incremental(frame, edited(frame, [("copy", 3, 0)]), first.model, old_pairs)
    assert links.report["touched"] == 1
    assert 0 < links.report["compared"] <= 30 < first.report["compared"]


def test_judgements_of_the_last_run_are_taken_off_before_those_of_today(start: tuple[pd.DataFrame, Links]) -> None:
    frame, first = start
    told = pd.DataFrame({"left": ["c-0-a", "c-1-a"], "right": ["c-5-b", "c-1-b"], "judgement": ["match", "no_match"]})
    judged = link_people(frame, first.model, judgements=told)
    assert judged.report["judgements"] == {"binds": 2}
    again = link_incremental(frame, frame, first.model, pd.concat([judged.pairs, judged.candidates]))
    assert text(again) == text(link_people(frame, first.model))


NAMED = {
    "id": "record_id",
    "columns": {"name": "name", "date_of_birth": "date_of_birth", "sex": "sex", "national_id": "national_id"},
}
PLAIN = {"id": "record_id", "columns": {"text": ["name", "commune"], "category": "district", "number": "national_id"}}


@settings(max_examples=8)
@given(scripts, st.sampled_from([NAMED, PLAIN]), st.booleans())
def test_any_tables_too(
    start: tuple[pd.DataFrame, Links], edits: list[Edit], roles: dict[str, object], turned: bool
) -> None:
    frame, _ = start
    first = link_frames(frame, None, roles)
    new = edited(frame, edits)
    if turned:  # each pair then stands the other way round
        new = new.iloc[::-1].reset_index(drop=True)
    since = FrameSince(frame, None, pd.concat([first.pairs, first.candidates]))
    one, two = link_frames(new, None, first.model, since=since), link_frames(new, None, first.model)
    for a, b in ((one.pairs, two.pairs), (one.candidates, two.candidates), (one.clusters, two.clusters)):
        assert a.to_csv() == b.to_csv()


def test_new_rows_of_one_table_against_all_of_the_other(start: tuple[pd.DataFrame, Links]) -> None:
    frame, _ = start
    left, right = frame[frame["kind"] == "agent_orange"], frame[frame["kind"] == "covid_relief"]
    first = link_frames(left.iloc[:-3], right, NAMED)
    since = FrameSince(left.iloc[:-3], right, pd.concat([first.pairs, first.candidates]))
    links = link_frames(left, right, first.model, since=since)
    assert links.pairs.to_csv() == link_frames(left, right, first.model).pairs.to_csv()
    assert links.report["touched"] == 3


def test_pairs_of_touched_members_are_made_once() -> None:
    from eligibility_audit.linkage.incremental import touching_pairs

    home = np.array([0, 1, 0, -1, 0, 1])
    touched = np.array([False, False, True, True, True, False])
    made = [(int(a), int(b)) for one, two in touching_pairs(home, touched, 2) for a, b in zip(one, two, strict=True)]
    assert sorted(made) == [(0, 2), (0, 4), (2, 4)]
