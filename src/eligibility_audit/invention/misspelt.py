"""The words of the benchmark's names, and what hurried clerks make of each: a table that chunks gather from."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from eligibility_audit.invention.mess import bare
from eligibility_audit.invention.names import GIVEN_F, GIVEN_M, MIDDLES_F, MIDDLES_M, SURNAMES, Table
from eligibility_audit.invention.planting import other_tone_place

Codes = npt.NDArray[np.int64]
CHOICES: Final = 6  # variants kept of one kind of one word
KINDS: Final = ("right", "bare", "tone_place", "i_y", "mark", "sound", "typo", "initial")
_TONES: Final = "\u0300\u0301\u0303\u0309\u0323"
_SOUNDS: Final = (
    ("tr", "ch"), ("ch", "tr"), ("x", "s"), ("s", "x"), ("gi", "d"), ("gi", "r"), ("r", "d"), ("r", "gi"),
    ("d", "gi"), ("d", "r"), ("n", "l"), ("l", "n"),
)  # fmt: skip
_VOWEL: Final = "aăâeêioôơuưy"


@dataclass(frozen=True)
class Words:
    """`text[kind * words * CHOICES + word * CHOICES + choice]`; parts of names as word codes, -1 for none."""

    text: npt.NDArray[np.str_]
    size: int
    changes: npt.NDArray[np.bool_]  # kind x word: whether the kind changes the word at all

    def at(self, kind: Codes, word: Codes, choice: Codes) -> Codes:
        """Where the variant of a word stands in `text`; the last place is the empty text."""
        place = (kind * self.size + word) * CHOICES + choice
        return np.where(word < 0, len(self.text) - 1, place)


@dataclass(frozen=True)
class Drawn:
    """Words of one part of a name, drawn by `weight`; `codes` has a column a word of the part."""

    codes: Codes
    weight: npt.NDArray[np.float64]


def vocabulary() -> tuple[Words, dict[str, Drawn]]:
    """All words with their variants, and the tables of names: surname, middle and given by sex."""
    tables: dict[str, Table] = {
        "surname": SURNAMES, "middle_M": MIDDLES_M, "middle_F": MIDDLES_F, "given_M": GIVEN_M, "given_F": GIVEN_F,
    }  # fmt: skip
    words = sorted({word for table in tables.values() for part in table.words for word in part.split()})
    code = {word: k for k, word in enumerate(words)}
    drawn = {}
    for name, table in tables.items():
        rows = [[code[word] for word in part.split()] for part in table.words]
        width = max(len(row) for row in rows)
        padded = np.array([row + [-1] * (width - len(row)) for row in rows], dtype=np.int64)
        drawn[name] = Drawn(padded, np.diff(table.cumulative, prepend=0.0))
    variants = [[_VARIANTS[kind](word) or [word] for word in words] for kind in KINDS]
    changes = np.array([[found != [word] for found, word in zip(row, words, strict=True)] for row in variants])
    text = [found[k % len(found)] for row in variants for found in row for k in range(CHOICES)]
    return Words(np.array([*text, ""]), len(words), changes), drawn


def _marks(word: str) -> list[str]:
    """One mark forgotten, or one tone taken for another."""
    letters = unicodedata.normalize("NFD", word)
    found = [letters[:k] + letters[k + 1 :] for k, c in enumerate(letters) if unicodedata.combining(c)]
    found += [letters.replace(c, other) for c in letters if c in _TONES for other in _TONES if other != c][:3]
    found += [word.replace("đ", "d").replace("Đ", "D")] if "đ" in word.lower() else []
    return _others(word, [unicodedata.normalize("NFC", each) for each in found])


def _sounds(word: str) -> list[str]:
    """The first sound written as it is spoken in the neighbouring district."""
    low = word.lower()
    found = []
    for one, other in _SOUNDS:
        rest = low[len(one) :]
        if low.startswith(one) and rest[:1] not in ("h", "g") and _first_letter(rest) in _VOWEL + "o":
            found.append((other + rest).capitalize())
    return _others(word, found)


def _first_letter(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    return letters[:1] or "-"


def _i_y(word: str) -> list[str]:
    letters = unicodedata.normalize("NFD", word)
    if not re.fullmatch(rf"(?i:[hklmstv]|qu)[iy][{_TONES}]?", letters):
        return []
    changed = letters[:1] + letters[1:].translate({ord("i"): "y", ord("y"): "i"})
    return _others(word, [unicodedata.normalize("NFC", changed)])


def _typos(word: str) -> list[str]:
    """A letter left out, doubled, exchanged with the next, or the key beside it."""
    near = dict(zip("abcdeghiklmnopqrstuvxy", "sncserguljnmiowatrybcu", strict=True))
    found = []
    for k in range(1, len(word)):
        found.append(word[:k] + word[k + 1 :])
        found.append(word[:k] + word[k] + word[k:])
        found.append(word[:k] + near.get(word[k], "n") + word[k + 1 :])
        if k + 1 < len(word):
            found.append(word[:k] + word[k + 1] + word[k] + word[k + 2 :])
    step = max(1, len(found) // CHOICES)
    return _others(word, [each for each in found if len(each) > 1][::step])


def _others(word: str, found: list[str]) -> list[str]:
    return [each for each in dict.fromkeys(found) if each != word][:CHOICES]


_VARIANTS: Final[dict[str, Callable[[str], list[str]]]] = {
    "right": lambda word: [word],
    "bare": lambda word: [bare(word)],
    "tone_place": lambda word: [other_tone_place(word)],
    "i_y": _i_y,
    "mark": _marks,
    "sound": _sounds,
    "typo": _typos,
    "initial": lambda word: [f"{word[0]}."],
}
