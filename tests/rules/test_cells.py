"""What a cell says of itself: blank, or that there is none; a column that the sheet has not says nothing."""

import pandas as pd
import pytest

from eligibility_audit.rules.cells import says_none


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "   ",
            "-",
            "--",
            "/",
            "x",
            "0",
            "Không",
            "không có",
            "KHÔNG CÓ",
            "chưa có",
            "Chưa có biên bản GĐYK",
            "N/A",
        ),
        *("Không còn giấy tờ", "chưa giám định", "thất lạc", "Bị mất", "Thiếu", "không có hồ sơ gốc", "Chưa nộp."),
    ],
)
def test_there_is_none(text: str) -> None:
    assert says_none(pd.Series([text], dtype="string[pyarrow]")).tolist() == [True]


@pytest.mark.parametrize(
    "text", ["Giấy X Y Z", "45", "??", "12/GXN", "Không rõ ràng lắm, xem hồ sơ", "Hồ sơ BHXH", "chưa đủ 21 %"]
)
def test_there_is_something(text: str) -> None:
    assert says_none(pd.Series([text], dtype="string[pyarrow]")).tolist() == [False]


def test_no_column_says_nothing() -> None:
    assert says_none(pd.Series([None], dtype="string[pyarrow]")).tolist() == [False]
