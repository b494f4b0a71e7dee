"""Finding listed words in free text: places, diseases, unit codes. Distinct texts are read once."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.facts.text import fold, says
from eligibility_audit.rules.wording import TEXT, Column

_CODES: Final = re.compile(r"\b[a-z]{0,2}\d+[a-z]{0,2}\b")  # numbers and unit codes: 1968, e122, f968


def scan(column: Column, lists: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Which lists have a word in each text; words are compared folded, the longest first, each place of a text once.

    Returns a nullable `boolean` column a list (NA where the text is null) and `rest`: what is left of the folded text
    without the words found and without numbers and unit codes.
    """
    words, pattern = _read(tuple((name, tuple(phrases)) for name, phrases in lists.items()))
    codes, distinct = pd.factorize(column)
    folded = [fold(str(text)) for text in distinct.to_numpy("object")]
    found = [{words[match] for match in pattern.findall(text)} for text in folded]
    rest = [" ".join(_CODES.sub(" ", pattern.sub(" ", text)).split()) for text in folded]
    columns = {name: _gather([name in f for f in found], codes, column.index, "boolean") for name in lists}
    return pd.DataFrame({**columns, "rest": _gather(rest, codes, column.index, TEXT)}, index=column.index)


def says_any(column: Column, phrases: Sequence[str]) -> Truth:
    """Whether a text has one of the phrases as whole words, marks counted (`says`); False where it is null."""
    codes, distinct = pd.factorize(column)
    return _gather([says(str(text), phrases) for text in distinct], codes, column.index, "boolean").fillna(False)


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
