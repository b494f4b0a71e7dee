"""Vietnamese names as a clerk hears and writes them: letters, marks, sounds, parts.

Forms are for comparison only; the name as received is never changed.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SEPARATORS = re.compile(r"[^\w.]+|_")
_INITIALS = (
    ("ngh", "ng"),
    ("gh", "g"),
    ("gi", "d"),
    ("tr", "ch"),
    ("qu", "cu"),
    ("k", "c"),
    ("x", "s"),
    ("l", "n"),
    ("r", "d"),
)
_FINALS = (("ng", "n"), ("nh", "n"), ("ch", "t"), ("c", "t"))


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name in the forms that are compared."""

    written: str  # lower case, composed
    spelled: str  # the tone mark behind the letters: one form for hòa and hoà
    folded: str  # no marks
    sound: str  # words that are mistaken for each other by ear are equal
    short: bool  # one letter, or closed by a full stop


@dataclass(frozen=True, slots=True)
class Name:
    """One name in the forms that are compared. `parts` are the folded words, surname first."""

    written: str  # lower case, composed
    spelled: str  # the tone marks of each word behind its letters: one form for hòa and hoà
    folded: str  # no marks
    sound: str  # words that are mistaken for each other by ear are equal
    parts: tuple[str, ...]
    given_sound: str
    abbreviated: bool

    @property
    def surname(self) -> str:
        """The first word; "" where there is only one."""
        return self.parts[0] if len(self.parts) > 1 else ""

    @property
    def middle(self) -> str:
        """What stands between surname and given name."""
        return " ".join(self.parts[1:-1])

    @property
    def given(self) -> str:
        """The last word."""
        return self.parts[-1] if self.parts else ""


def read_name(text: str) -> Name:
    """A name as received in its compared forms."""
    words = read_words(text)
    return Name(
        written=" ".join(word.written for word in words),
        spelled=" ".join(word.spelled for word in words),
        folded=" ".join(word.folded for word in words),
        sound=" ".join(word.sound for word in words),
        parts=tuple(word.folded for word in words),
        given_sound=words[-1].sound if words else "",
        abbreviated=any(word.short for word in words),
    )


def read_words(text: str) -> list[Word]:
    """The words of a text as received; what stands between two spaces may be several words."""
    spaced = unicodedata.normalize("NFC", text).lower().replace(".", ". ")
    return [_word(word) for word in _SEPARATORS.split(spaced) if word.strip(".")]


@lru_cache(maxsize=200_000)
def _word(written: str) -> Word:
    word = written.strip(".")
    plain = fold(word)
    marks = [c for c in unicodedata.normalize("NFD", word) if c in TONES]
    letters = [c for c in unicodedata.normalize("NFD", word) if c not in TONES]
    spelled = unicodedata.normalize("NFC", "".join(letters)) + "".join(sorted(marks))
    return Word(written, spelled, plain, sound(plain), written.endswith(".") or len(written) == 1)


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case, without marks, single spaces."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(c for c in letters if not unicodedata.combining(c)).split())


def sound(folded: str) -> str:
    """One folded word as it is heard: tr/ch, s/x, l/n, d/gi/r, i/y, -n/-ng/-nh and -t/-c/-ch fall together."""
    word = folded.replace("y", "i")
    word = next((new + word[len(old) :] for old, new in _INITIALS if word.startswith(old)), word)
    return next((word[: -len(old)] + new for old, new in _FINALS if len(word) > len(old) and word.endswith(old)), word)
