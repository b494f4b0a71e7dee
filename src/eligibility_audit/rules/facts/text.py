"""Names and words compared without case, diacritics and tone placement.

Functions of one text: call them on distinct values. `folded` is `fold` for many texts at once.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_NOT_WORD: Final = re.compile(r"[^\w]+")
_UNIT: Final = re.compile(r"^(?:xa|phuong|thi tran|thi xa|thanh pho|quan|huyen|tinh|tt|tp|tx|x|p|h|q)\b\.?\s*")


def fold(text: str) -> str:
    """Lower case, no diacritics, đ as d, words parted by single spaces."""
    return " ".join(filter(None, map(_fold_word, text.split())))


# Latin letters as Vietnamese lists have them, and their marks: of these Arrow and Python fold alike.
_LATIN: Final = r"^[\x00-\x7f\x{c0}-\x{24f}\x{300}-\x{344}\x{1e00}-\x{1eff}]*$"
_FEW: Final = 1000  # texts: to compile the patterns takes longer than to fold them


def folded(texts: Sequence[str]) -> list[str]:
    """`fold` of each text; at the speed of Arrow where there are many, and all letters are Latin."""
    if len(texts) < _FEW:
        return [fold(text) for text in texts]
    array = pa.array(texts, type=pa.string())
    letters = pc.utf8_normalize(pc.utf8_lower(array), "NFD")  # type: ignore[attr-defined]
    plain = pc.replace_substring(pc.replace_substring_regex(letters, r"\pM", ""), "đ", "d")
    found = pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, r"[^\pL\pN_]+", " ")).to_pylist()
    latin = pc.match_substring_regex(array, _LATIN).to_pylist()
    return [ready if known else fold(text) for text, ready, known in zip(texts, found, latin, strict=True)]


def each_word(texts: Sequence[str], function: Callable[[str], str]) -> list[str]:
    """The words of each text put through a function, asked once of each distinct word; single spaces between them."""
    words = pc.utf8_split_whitespace(pa.array(texts, type=pa.string()))
    distinct = words.flatten().dictionary_encode()
    said = pa.array([function(str(word)) for word in distinct.dictionary.to_pylist()], type=pa.string())
    joined: pa.StringArray = pc.binary_join(  # type: ignore[assignment]
        pa.ListArray.from_arrays(words.offsets, said.take(distinct.indices)), " "
    )
    single = pc.utf8_trim_whitespace(pc.replace_substring_regex(joined, " +", " "))
    return [str(text) for text in single.to_pylist()]


@lru_cache(maxsize=2**17)
def _fold_word(word: str) -> str:
    """A text without spaces, folded; marks part it (`A-B` is `a b`)."""
    letters = unicodedata.normalize("NFD", word.lower().replace("đ", "d"))
    return " ".join(_NOT_WORD.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).split())


def spelling(text: str) -> str:
    """Lower case with all diacritics, equal for both tone placements: hòa is hoà."""
    return " ".join(filter(None, map(spelling_of_word, text.split())))


@lru_cache(maxsize=2**17)
def spelling_of_word(word: str) -> str:
    """`spelling` of a text without spaces."""
    return " ".join(map(_spell_word, _NOT_WORD.sub(" ", unicodedata.normalize("NFC", word.lower())).split()))


def _spell_word(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(sorted(c for c in letters if c in TONES))
    return unicodedata.normalize("NFC", "".join(c for c in letters if c not in TONES)) + tones


def is_plain(text: str) -> bool:
    """No Vietnamese diacritic and no đ: written without marks."""
    return text.isascii()


def bare_unit(folded: str) -> str:
    """A folded unit's name without its type word: `xa an khe` → `an khe`."""
    return _UNIT.sub("", folded)


def says(text: str, phrases: Iterable[str]) -> bool:
    """Whether a text has one of the phrases as whole words.

    Marks count, so that the name Huy is not the word hủy; in a text without any marks, phrases of two words or more are
    looked for without marks.
    """
    written = f" {spelling(text)} "
    if any(f" {spelling(phrase)} " in written for phrase in phrases):
        return True
    if not is_plain(text):
        return False
    folded = f" {fold(text)} "
    return any(" " in phrase.strip() and f" {fold(phrase)} " in folded for phrase in phrases)


def with_alias(name: str, alias: str) -> str:
    """The folded name that an alias makes: one word replaces the given name, more stand alone."""
    words, other = fold(name).split(), fold(alias).split()
    if not other:
        return ""
    return " ".join([*words[:-1], *other]) if len(other) == 1 else " ".join(other)


def same_but_for_spelling(left: str, right: str, one_letter: bool) -> bool:
    """Whether two folded names are one but for how they are written. `one_letter`: they are one letter apart.

    Sound alike (Xuân, Suân), the middle words left out on one side, words run together, or a letter in a word that is
    not the given name.
    """
    words, others = left.split(), right.split()
    if len(words) != len(others):
        return middle_dropped(words, others) or "".join(words) == "".join(others)
    if not words or sound(words[-1]) != sound(others[-1]):
        return False
    return one_letter or all(sound(word) == sound(other) for word, other in zip(words, others, strict=True))


@cache
def sound(word: str) -> str:
    """A folded syllable as people of the north hear it: x and s, ch and tr, d, gi and r, l and n, i and y, n and ng."""
    heard = re.sub(r"^(?:gi(?=[aeiouy])|d|r)", "z", word.replace("y", "i"))
    heard = re.sub(r"^(?:tr|ch)", "c", heard)
    heard = re.sub(r"^(?:q|k)", "k", re.sub(r"^x", "s", heard))
    return re.sub(r"^n(?!g)", "l", re.sub(r"ng$", "n", heard))


def middle_dropped(left: Sequence[str], right: Sequence[str]) -> bool:
    """One name is the other with middle words left out (surname and given name agree)."""
    short, long = sorted((left, right), key=len)
    if len(short) < 2 or short[0] != long[0] or short[-1] != long[-1]:
        return False
    rest = iter(long[1:-1])
    return all(word in rest for word in short[1:-1])
