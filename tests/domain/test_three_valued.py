"""An unknown never counts against a person: every helper answers NA where an operand is."""

import pandas as pd
import pytest

from eligibility_audit.domain import three_valued as tv


def texts(*values: str | None) -> "pd.Series[str]":
    return pd.Series(values, dtype="string[pyarrow]")


def days(*values: int | None) -> "pd.Series[int]":
    return pd.Series(values, dtype="Int32")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(tv.eq(texts("a", "b", None), "a"), [True, False, None], id="equal to a value"),
        pytest.param(tv.eq(texts("a", None), texts(None, "a")), [None, None], id="equal to an unknown"),
        pytest.param(tv.eq(texts("a"), None), [None], id="equal to nothing"),
        pytest.param(tv.lt(days(1, 2, None), 2), [True, False, None], id="less than"),
        pytest.param(tv.le(days(1, 2, 3), days(2, 2, None)), [True, True, None], id="at most"),
        pytest.param(tv.in_list(texts("a", "c", None), ["a", "b"]), [True, False, None], id="in a list"),
        pytest.param(~tv.in_list(texts(None), ["a"]), [None], id="not in a list, unknown"),
        pytest.param(tv.known(texts("a", None)), [True, False], id="known is never NA"),
    ],
)
def test_answer(answer: "pd.Series[bool]", expected: list[bool | None]) -> None:
    assert str(answer.dtype) == "boolean"
    assert [None if pd.isna(value) else bool(value) for value in answer] == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param(10, 20, True, id="inside"),
        pytest.param(0, 5, False, id="ends before"),
        pytest.param(31, 40, False, id="begins after"),
        pytest.param(30, 40, True, id="begins on the last day"),
        pytest.param(0, 10, True, id="ends on the first day"),
        pytest.param(None, 5, False, id="end known to be before, begin unknown"),
        pytest.param(None, 20, None, id="begin unknown"),
        pytest.param(31, None, False, id="begin known to be after, end unknown"),
        pytest.param(15, None, None, id="end unknown"),
    ],
)
def test_overlap(first: int | None, last: int | None, expected: bool | None) -> None:
    answer = tv.overlaps(days(first), days(last), 10, 30).iloc[0]
    assert (None if pd.isna(answer) else bool(answer)) is expected
