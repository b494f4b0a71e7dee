"""What became of a proposal, and that the parts of a difference sum to the whole."""

from itertools import pairwise
from typing import Any, Final

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eligibility_audit.recommend.making import COLUMNS
from eligibility_audit.recommend.since import Followed, add_up, changes

KEY: Final = b"k" * 32


def made(*lines: dict[str, Any]) -> pd.DataFrame:
    own = [
        {"programme": "agent_orange", "action": "verify", "case_id": f"c-{line['record_id']}", **line} for line in lines
    ]
    return pd.DataFrame(own, columns=list(COLUMNS)).astype(COLUMNS)


LINE: Final = {"record_id": "r-1", "name": "Tạ Văn Thử", "date_of_birth": "1950-02-03", "due_on": "2021-01-30"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([LINE], [LINE], [], id="the same"),
        pytest.param([], [LINE], ["new"], id="not there before"),
        pytest.param([LINE], [], ["cleared"], id="not there any more"),
        pytest.param([LINE], [{**LINE, "action": "suspend"}], ["changed"], id="another action"),
        pytest.param([LINE], [{**LINE, "amount_to_clarify": 5}], ["changed"], id="a sum where there was none"),
        pytest.param([LINE], [{**LINE, "due_on": "2021-01-31"}], [], id="the due day moves every night"),
        pytest.param([LINE], [{**LINE, "reason_vi": "lời khác"}], [], id="other words"),
        pytest.param(
            [LINE], [{**LINE, "record_id": "r-2", "case_id": "c-r-1"}], [], id="a cell altered, the same dossier"
        ),
        pytest.param([LINE], [{**LINE, "record_id": "r-2"}], [], id="a cell altered, the same person"),
        pytest.param(
            [LINE],
            [{**LINE, "record_id": "r-2", "date_of_birth": None}],
            ["cleared", "new"],
            id="a name alone is nobody",
        ),
    ],
)
def test_what_became_of_it(before: list[dict[str, Any]], after: list[dict[str, Any]], expected: list[str]) -> None:
    followed = Followed(KEY)
    one, other = followed.named(made(*before)), followed.named(made(*after))
    assert sorted(changes(one, other, "roster")["status"]) == expected


def test_one_that_comes_back_keeps_its_name() -> None:
    followed = Followed(KEY)
    first = followed.named(made(LINE)).index[0]
    known = pd.DataFrame({"statement_id": [first], "record_id": ["r-1"], "case_id": ["c-r-1"]})
    later = Followed(KEY, known)
    later.named(made())
    assert list(later.named(made({**LINE, "record_id": "r-9", "case_id": "c-r-1"})).index) == [first]


@settings(max_examples=12)
@given(
    st.lists(
        st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3), max_size=6),  # who has a proposal, of what sum
        min_size=2,
        max_size=5,
    )
)
def test_the_parts_sum_to_the_whole(states: list[dict[str, int]]) -> None:
    followed = Followed(KEY)
    frames = [
        followed.named(
            made(*({"record_id": f"r-{who}", "amount_to_clarify": sum_ or None} for who, sum_ in each.items()))
        )
        for each in states
    ]
    parts = [changes(one, other, "x") for one, other in pairwise(frames)]
    assert add_up(parts, changes(frames[0], frames[-1], ""), len(frames[0]), len(frames[-1]))
