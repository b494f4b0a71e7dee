"""Two values beside each other: which letters differ, and by which marks."""

import unicodedata

from rapidfuzz.distance import Levenshtein

TONES = {
    "\u0300": ("huyền", "grave"),
    "\u0301": ("sắc", "acute"),
    "\u0303": ("ngã", "tilde"),
    "\u0309": ("hỏi", "hook"),
    "\u0323": ("nặng", "dot below"),
}


def marked(one: str, two: str) -> tuple[str, str]:
    """Both texts with the letters that differ in square brackets: `Nguyễn Văn H[ù]ng`, `Nguyễn Văn H[ư]ng`."""
    one, two = unicodedata.normalize("NFC", one), unicodedata.normalize("NFC", two)
    left, right = "", ""
    for change in Levenshtein.opcodes(one, two):
        a, b = one[change.src_start : change.src_end], two[change.dest_start : change.dest_end]
        if change.tag == "equal":
            left, right = left + a, right + b
        else:
            left, right = left + (f"[{a}]" if a else ""), right + (f"[{b}]" if b else "")
    return left, right


def marks(one: str, two: str) -> tuple[str, ...]:
    """What sets the letters that were exchanged apart: `ù (u, dấu huyền) ≠ ú (u, dấu sắc)`."""
    one, two = unicodedata.normalize("NFC", one), unicodedata.normalize("NFC", two)
    told: list[str] = []
    for change in Levenshtein.opcodes(one, two):
        if change.tag == "replace":
            pairs = zip(one[change.src_start : change.src_end], two[change.dest_start : change.dest_end], strict=False)
            told += [f"{_letter(a)} ≠ {_letter(b)}" for a, b in pairs if _plain(a) == _plain(b)]
    return tuple(dict.fromkeys(told))


def _letter(letter: str) -> str:
    tones = [TONES[c][0] for c in unicodedata.normalize("NFD", letter) if c in TONES]
    bare = "".join(c for c in unicodedata.normalize("NFD", letter) if c not in TONES)
    tone = f"dấu {tones[0]}" if tones else "không dấu thanh"
    return f"{letter} ({unicodedata.normalize('NFC', bare)}, {tone})"


def _plain(letter: str) -> str:
    letters = unicodedata.normalize("NFD", letter.lower().replace("đ", "d"))
    return "".join(c for c in letters if not unicodedata.combining(c))
