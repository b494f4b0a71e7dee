"""Words that accuse: used only with a conclusion or decision number in the same line (procedure.md, 8)."""

import re
import unicodedata
from typing import Final

ACCUSING: Final = ("vi phạm", "gian dối", "giả mạo", "trục lợi", "chiếm hưởng", "nợ", "truy thu", "đình chỉ")

_WORDS: Final = re.compile(r"(?<!\w)(?:" + "|".join(ACCUSING) + r")(?!\w)")
# A conclusion, decision or judgment with its number: `Kết luận KL-B`, `Kết luận số 44/KL-TTr`, `Quyết định 12/QĐ-SLĐ`.
_NUMBERED: Final = re.compile(
    r"(?:kết luận|quyết định|bản án)(?:\s+(?:thanh tra|của\s+\w+))?(?:\s+số)?:?\s+(?=\S*(?:\d|[a-zđ]-[a-z]))\S+",
    re.IGNORECASE,
)
_QUOTED: Final = re.compile(r"“[^”]*”")  # text as received
_ALLOWED: Final = (
    "không phải là khoản nợ",  # the fixed foot
    "tạm đình chỉ, chấm dứt hưởng chế độ ưu đãi",  # title of Article 54
    "xử lý vi phạm",  # title of Article 55
    "tạm đình chỉ",  # the name of the act of Article 54
)


def check(text: str) -> tuple[str, ...]:
    """The accusing words that stand in a text without a conclusion or decision number in the same line, in order."""
    found: list[str] = []
    for line in unicodedata.normalize("NFC", text).casefold().splitlines():
        if _NUMBERED.search(line):
            continue
        plain = _QUOTED.sub(" ", line)
        for words in _ALLOWED:
            plain = plain.replace(words, " ")
        found += _WORDS.findall(plain)
    return tuple(found)
