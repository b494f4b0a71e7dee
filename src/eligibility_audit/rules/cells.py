"""What a cell of the list says about itself: blank, or that there is none."""

import re
from typing import Any, Final

import pandas as pd

_NOT: Final = r"(?:không|ko|chưa|thiếu|hết|n/?a|none|null)"
_VERB: Final = (
    r"(?: (?:có|còn|rõ|thấy|nộp|bổ sung|giám định|khám|gđ|gđyk|xác định|xác minh|cung cấp|tìm thấy|lập|ghi|được))*"
)
_WHAT: Final = r"(?: (?:giấy tờ|giấy|hồ sơ|số|tỷ lệ|biên bản|bản gốc|gốc|gì|nào|chứng minh|giám định|gđyk|gđ))*"
_NONE: Final = re.compile(
    rf"^(?:[-–—/.\\_*x0 ]*|{_NOT}{_VERB}{_WHAT}|(?:bị |đã )?(?:mất|thất lạc)(?: giấy tờ)?)[.\s]*$"
)


def says_none(received: "pd.Series[Any]") -> "pd.Series[Any]":
    """Whether a cell, as received, is blank or says there is none (`Không có`, `-`); plain `bool`.

    False where it is null: then the sheet has no such column, and nothing can be read from it.
    """
    codes, distinct = pd.factorize(received, use_na_sentinel=True)
    answers = [bool(_NONE.match(str(text).strip().casefold())) for text in distinct.to_numpy("object")]
    return pd.Series([*answers, False], dtype="bool").take(codes).set_axis(received.index)
