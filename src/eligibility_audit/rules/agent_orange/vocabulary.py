"""Finding listed words in free text: places, diseases, unit codes. Distinct texts are read once."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.facts.text import fold, folded, says
from eligibility_audit.rules.wording import TEXT, Column

_CLAUSE: Final = re.compile(r"[,.;()\n]+|\s[-–]\s")
_ANSWERED: Final = re.compile(r"\s*:\s*(không|ko|chưa)\b", re.IGNORECASE)  # `đào ngũ: không` is one clause
# Folded: a denial, or somebody else who collects or cares; `không rõ`, `không biết` deny nothing.
_DENIES: Final = re.compile(
    r"\b(?:(?:khong|ko|chua|chang)(?! (?:ro|biet|thay|tin|lien lac))|(?:nhan|linh|ky|ky nhan) (?:thay|ho)|cham soc)\b"
)
_CODES: Final = re.compile(r"\b[a-z]{0,2}\d+[a-z]{0,2}\b")  # numbers and unit codes: 1968, e122, f968


def scan(column: Column, lists: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Which lists have a word in each text; words are compared folded, the longest first, each place of a text once.

    Returns a nullable `boolean` column a list (NA where the text is null) and `rest`: what is left of the folded text
    without the words found and without numbers and unit codes.
    """
    words, pattern = _read(tuple((name, tuple(phrases)) for name, phrases in lists.items()))
    codes, distinct = pd.factorize(column)
    texts = folded(distinct.to_numpy("object").tolist())
    found = [{words[match] for match in pattern.findall(text)} for text in texts]
    rest = [" ".join(_CODES.sub(" ", pattern.sub(" ", text)).split()) for text in texts]
    columns = {name: _gather([name in f for f in found], codes, column.index, "boolean") for name in lists}
    return pd.DataFrame({**columns, "rest": _gather(rest, codes, column.index, TEXT)}, index=column.index)


def says_any(column: Column, phrases: Sequence[str]) -> Truth:
    """Whether a text has one of the phrases as whole words, marks counted; False where it is null.

    In a text without any marks, phrases of two words or more are looked for without marks (`facts.text.says`).
    """
    codes, distinct = pd.factorize(column)
    found = may_say(distinct, phrases)
    at = np.flatnonzero(found)
    found[at] = [says(str(text), phrases) for text in distinct.take(at)]
    return _gather([bool(answer) for answer in found], codes, column.index, "boolean").fillna(False)


def states_any(column: Column, phrases: Sequence[str]) -> Truth:
    """Whether a text says one of the phrases of the person, not that it is not so; False where it is null.

    A clause that denies the phrase (`không đào ngũ`, `đào ngũ: không`, `không phải con nuôi`) does not say it, nor one
    that speaks of who collects or cares (`do con dâu nhận thay`).
    """
    said = says_any(column, phrases)
    codes, distinct = pd.factorize(column.where(said))
    own = ["; ".join(part for part in _clauses(str(text)) if not _DENIES.search(fold(part))) for text in distinct]
    return says_any(_gather(own, codes, column.index, TEXT), phrases)


def _clauses(text: str) -> list[str]:
    return _CLAUSE.split(_ANSWERED.sub(r" \1", text))


def may_say(texts: "Column | pd.Index[str]", phrases: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts have the letters of one of the phrases, marks left out: a sieve, at the speed of Arrow."""
    array = pa.array(texts.astype(TEXT), type=pa.string())
    parted = pc.utf8_normalize(array, "NFD")  # type: ignore[attr-defined]
    letters = pc.utf8_lower(pc.replace_substring_regex(parted, r"\pM", ""))
    pattern = "|".join("[^a-z0-9]+".join(fold(phrase).split()) for phrase in phrases)
    found = pc.match_substring_regex(pc.replace_substring(letters, "đ", "d"), pattern)
    return np.array(found.fill_null(False).to_pylist(), dtype=bool)


def nothing_left(rest: Column) -> Truth:
    """Whether a scanned text holds nothing but words of the lists; NA where the text is null."""
    return (rest == "").astype("boolean").mask(rest.isna())


@lru_cache(maxsize=64)
def _read(lists: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[dict[str, str], re.Pattern[str]]:
    """The list of each folded phrase, and a pattern that finds any phrase, the longest first."""
    words = {fold(phrase): name for name, phrases in lists for phrase in phrases}
    return words, re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + r")\b")


def _gather(values: Sequence[object], codes: NDArray[np.intp], index: "pd.Index[str]", kind: str) -> Column:
    return pd.Series(pd.array([*values, None], dtype=kind).take(codes), index=index)  # type: ignore[call-overload]
