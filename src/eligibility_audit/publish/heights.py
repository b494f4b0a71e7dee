"""How high a row must be for its wrapped text: spreadsheets do not find it for rows that a program writes.

Widths of characters are those of Times New Roman, in parts of the font size, rounded up a little: a row that is one
line too high is read; one that is one line too low is not.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

EMS: Final = {
    **dict.fromkeys("abdghknopquvxy0123456789–_$*#?", 0.5),
    **dict.fromkeys("cez“”", 0.445),
    **dict.fromkeys("ijlt/:;'|", 0.28),
    **dict.fromkeys("frs()[]-I!", 0.36),
    **dict.fromkeys(" \u00a0.,", 0.25),
    **dict.fromkeys("SPFJ", 0.56),
    **dict.fromkeys("BCELRTZ=+<>~", 0.66),
    **dict.fromkeys("ADGHKNOQUVXYw&", 0.725),
    **dict.fromkeys("mMW%@…—", 0.95),
}
PIXELS_PER_POINT: Final = 96 / 72
MARGIN_PIXELS: Final = 5  # what a cell keeps free on its two sides
SPACE: Final = EMS[" "]


@lru_cache(maxsize=65536)
def width_of(word: str) -> float:
    """Width of a word in parts of the font size (em); marks above and below a letter add nothing."""
    return sum(_em(sign) for sign in unicodedata.normalize("NFD", word.replace("đ", "d").replace("Đ", "D")))


def _em(sign: str) -> float:
    return 0.0 if unicodedata.combining(sign) else EMS.get(sign, 0.8)


@lru_cache(maxsize=65536)
def line_count(text: str, width: float, points: float) -> int:
    """Lines that a text takes in a column `width` characters wide, set in `points`; at least 1."""
    room = max((width * 7 + 5 - MARGIN_PIXELS) / (points * PIXELS_PER_POINT), 1.0)
    return sum(_wrapped(paragraph, room) for paragraph in text.split("\n"))


def _wrapped(paragraph: str, room: float) -> int:
    lines, used = 1, 0.0
    for word in paragraph.replace("-", "-\0").replace(" ", " \0").split("\0"):  # a line may end after a hyphen too
        wide = width_of(word)
        if used and used + wide - (SPACE if word.endswith(" ") else 0.0) > room:
            lines, used = lines + 1, 0.0
        if wide - SPACE > room:  # a word wider than the column is broken
            whole, wide = divmod(wide, room)
            lines += int(whole)
        used += wide
    return lines


def shortened(texts: Sequence[str], width: float, points: float, most: int, ending: str) -> list[str]:
    """The texts, together cut to at most `most` lines; where something is cut, `ending` says so."""
    if line_count("".join(texts), width, points) <= most:
        return list(texts)
    whole = "".join(texts)
    low, high = 0, min(len(whole), most * 400)
    while low < high:
        middle = (low + high + 1) // 2
        fits = line_count(whole[:middle] + ending, width, points) <= most
        low, high = (middle, high) if fits else (low, middle - 1)
    kept, left = [], low
    for text in texts:
        kept.append(text[:left])
        left -= len(kept[-1])
    last = max(place for place, text in enumerate(kept) if text) if low else 0
    kept[last] += ending
    return kept
