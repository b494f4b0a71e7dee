"""What a cell of the list says about itself: blank, or that there is none."""

import re
from typing import Any, Final

import pandas as pd

_NONE: Final = re.compile(
    r"^(?:-+|/+|\.+|x|0|không|không có|không có giấy tờ|không còn|chưa|chưa có|chưa nộp|thiếu|n/?a|none)?[.\s]*$"
)


def says_none(received: "pd.Series[Any]") -> "pd.Series[Any]":
    """Whether a cell, as received, is blank or says there is none (`Không có`, `-`); plain `bool`.

    False where it is null: then the sheet has no such column, and nothing can be read from it.
    """
    codes, distinct = pd.factorize(received, use_na_sentinel=True)
    answers = [bool(_NONE.match(str(text).strip().casefold())) for text in distinct]
    return pd.Series([*answers, False], dtype="bool").take(codes).set_axis(received.index)
