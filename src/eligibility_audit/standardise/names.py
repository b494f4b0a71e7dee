"""People's names: one form of text, the alias taken out, and keys for comparison."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import pandas as pd

_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_SPACE: Final = re.compile(r"[\s\u00a0\u2000-\u200f\u202f\u2060\ufeff]+")


def tidy(text: str) -> str:
    """NFC, single spaces, no space at the ends; invisible characters count as spaces."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip()


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Lower case, no diacritics (đ is d), single spaces: 'Đặng  Thị Hòa' -> 'dang thi hoa'."""
    letters = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join(_SPACE.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).split())


@lru_cache(maxsize=1 << 16)
def same_spelling_key(text: str) -> str:
    """Equal for two spellings of one word that differ in where the tone mark stands: hòa and hoà.

    Lower case, NFC, each syllable's tone mark moved to its end; i and y are kept apart. For comparison only.
    """
    syllables = []
    for syllable in _SPACE.sub(" ", text.lower()).split():
        letters = unicodedata.normalize("NFD", syllable)
        plain = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
        syllables.append(plain + "".join(sorted(c for c in letters if c in _TONES)))
    return " ".join(syllables)


def folded(column: "pd.Series[str]") -> "pd.Series[str]":
    """`fold` over a column, once a distinct value; null stays null."""
    codes, distinct = pd.factorize(column)
    texts = pd.array([fold(str(value)) for value in distinct] + [None], dtype="string[pyarrow]")
    return pd.Series(texts.take(codes), index=column.index, name=column.name)
