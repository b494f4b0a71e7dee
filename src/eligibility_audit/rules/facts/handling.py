"""What a conclusion requires for a file: the words of an annex's handling column as a controlled vocabulary."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

import pandas as pd

from eligibility_audit.rules.facts.text import fold, is_plain, spelling
from eligibility_audit.rules.parameters import LawPack

TEXT: Final = "string[pyarrow]"
_PARTS: Final = re.compile(r"[;,.\n•+–]|(?<=\s)-(?=\s)|\s+và\s+|\s+va\s+")


def required(handling: "pd.Series[str]", law: LawPack, as_of: date) -> pd.DataFrame:
    """Columns `handlings` (codes in the order of the words, parted by ;) and `handling_unknown` (words as received).

    Words that no code takes, and words that are denied (`không thu hồi`), are kept as received, never guessed.
    """
    at = law.at(as_of, ("inspection_handling", "inspection_denied"))
    vocabulary, denied = at.lists("inspection_handling"), at.words("inspection_denied")
    codes, distinct = pd.factorize(handling)
    found = [handlings(str(text), vocabulary, denied) for text in distinct.to_numpy("object")]
    columns = {
        "handlings": pd.array([";".join(known) for known, _ in found], dtype=TEXT),
        "handling_unknown": pd.array(["; ".join(unknown) for _, unknown in found], dtype=TEXT),
    }
    taken = {name: pd.Series(values.take(codes, allow_fill=True)).fillna("") for name, values in columns.items()}
    return pd.DataFrame(taken).set_axis(handling.index)


def handlings(
    text: str, vocabulary: Mapping[str, tuple[str, ...]], denied: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes that a handling names, each once, and its parts that name none, as received."""
    known: list[str] = []
    unknown: list[str] = []
    for part in filter(None, (piece.strip() for piece in _PARTS.split(text))):
        codes = _codes_of(part, vocabulary, denied)
        known += codes or []
        if not codes:
            unknown.append(part)
    return tuple(dict.fromkeys(known)), tuple(unknown)


def _codes_of(part: str, vocabulary: Mapping[str, tuple[str, ...]], denied: tuple[str, ...]) -> list[str]:
    """The codes of one part in the order of its words, the longest phrase first; none where one is denied."""
    same = fold if is_plain(part) else spelling
    written = same(part).split()
    phrases = sorted(
        ((same(phrase).split(), code) for code, listed in vocabulary.items() for phrase in listed),
        key=lambda item: -len(item[0]),
    )
    before = [same(word).split() for word in denied]
    found: list[str] = []
    at = 0
    while at < len(written):
        hit = next(((words, code) for words, code in phrases if written[at : at + len(words)] == words), None)
        if hit is None:
            at += 1
            continue
        if any(written[max(at - len(words), 0) : at] == words for words in before):
            return []
        found.append(hit[1])
        at += len(hit[0])
    return found
