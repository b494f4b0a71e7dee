"""Night after night: what a full run with the same model gives, to the byte, for the work of what changed."""

from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from eligibility_audit.errors import InputError
from eligibility_audit.linkage import Links, link_again, link_people, read_last, remember
from tests.linkage.conftest import Crowd
from tests.linkage.test_incremental import FIRST, Edit, edited, start, text  # noqa: F401  # start: a fixture

PLACES = ("Xã Số 3", "Xã Số 29", "Thị trấn Mới", "", None)


def moved(frame: pd.DataFrame, edits: list[Edit]) -> pd.DataFrame:
    """As `edited`, and places: a commune that only one district has, a place of origin, a household renumbered."""
    plain = [edit for edit in edits if edit[0] not in ("commune", "home", "lines", "wipe")]
    rows = edited(frame, plain).to_dict("records")
    for what, k, value in edits:
        row = rows[k % len(rows)]
        if what == "commune":
            row |= {"commune": PLACES[value % len(PLACES)]}
        elif what == "home":
            row |= {"commune": None, "district": None, "home_place": f"Xã Số {value % 31} - Huyện 2 - Thái Bình"}
        elif what == "wipe":
            row |= {"district": None, "name": None if value % 2 else row["name"]}
        elif what == "lines":  # a row was put in at the top of the sheet
            for each in rows:
                each["line"] = f"{each['line']}+"
    told = pd.DataFrame(rows, columns=frame.columns).astype("string[pyarrow]")
    return told.drop_duplicates("record_id", keep="last", ignore_index=True)


WHATS = (
    "remove", "copy", "name", "date", "id", "district", "line", "alias", "commune", "home", "lines", "wipe",
)  # fmt: skip
scripts = st.lists(st.tuples(st.sampled_from(WHATS), st.integers(0, FIRST), st.integers(0, FIRST)), max_size=12)
judged = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.sampled_from(["match", "no_match"])), max_size=3)


def table(rows: list[tuple[int, int, str]]) -> pd.DataFrame | None:
    told = [(f"c-{a}-a", f"c-{b}-b", what) for a, b, what in rows]
    return pd.DataFrame(told, columns=["left", "right", "judgement"]) if told else None


def all_of(links: Links) -> str:
    states = "" if links.judged is None else links.judged.states.to_csv() + links.judged.conflicts.to_csv()
    counts = [links.report[name] for name in ("records", "links", "candidates", "rivals", "expected_precision")]
    return text(links) + links.groups.changes.to_csv() + states + str(counts)


@settings(max_examples=5, phases=[Phase.explicit, Phase.generate])
@given(st.lists(st.tuples(scripts, judged), min_size=2, max_size=3), st.sampled_from([400, 6, 2]))
def test_any_nights_give_what_full_runs_give(
    start: tuple[pd.DataFrame, Links],  # noqa: F811
    nights: list[tuple[list[Edit], list[tuple[int, int, str]]]],
    cap: int,
) -> None:
    frame, learnt = start
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("eligibility_audit.linkage.people"), "CAP", cap)  # one record more splits a block
        model = link_people(frame, learnt.model).model
        model = type(model)(**{**vars(model), "cap": cap})
        last = remember(frame, link_people(frame, model))
        for edits, told in nights:
            frame = moved(frame, edits)
            whole = link_people(frame, model, previous=last.clusters, judgements=table(told))
            links, last = link_again(last, frame, judgements=table(told))
            assert all_of(links) == all_of(whole)


def test_what_is_kept_is_read_again_and_only_the_change_is_compared(crowd: Crowd, tmp_path: Path) -> None:
    frame = crowd([], 80)
    first = link_people(frame)
    remember(frame, first).write(tmp_path / "last")
    tonight = edited(frame, [("copy", 3, 0)]).sample(frac=1, random_state=3)
    links, last = link_again(read_last(tmp_path / "last"), tonight)
    assert all_of(links) == all_of(link_people(tonight, first.model, previous=first.groups.clusters))
    assert links.report["touched"] == 1
    assert 0 < links.report["compared"] <= 30 < first.report["compared"]
    last.write(tmp_path / "last")
    again, _ = link_again(read_last(tmp_path / "last"), tonight)
    assert (again.report["touched"], again.report["compared"]) == (0, 0)
    assert all_of(again) == all_of(link_people(tonight, first.model, previous=links.groups.clusters))


def test_a_folder_that_keeps_nothing_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no state of a linking"):
        read_last(tmp_path)
