"""The words of texts: which two share, which are rare, which are numbers."""

from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.linkage.arrays import MISSING, Flags, Floats, Ints, gather
from eligibility_audit.linkage.names import fold_texts
from eligibility_audit.linkage.texts import Codes, split_at_spaces

LEAST_SHARED = 4  # letters that two texts must share


def plain_texts(texts: pa.StringArray) -> pa.StringArray:
    """In lower case, without marks and punctuation; a text of punctuation alone stays as it is."""
    folded = fold_texts(texts)
    bare = pc.replace_substring_regex(pc.replace_substring_regex(folded, r"['’`]", ""), r"[^\p{L}\p{M}\p{N}]+", " ")
    bare = pc.utf8_trim_whitespace(bare)
    return cast(pa.StringArray, pc.if_else(pc.equal(bare, pa.scalar("")), folded, bare))


class Shared(NamedTuple):
    """Of pairs of texts: the share of the letters of both texts' words that is in shared words, and of the shorter
    text's; whether both have numbers and share none."""

    all: Floats
    shorter: Floats
    numbers_differ: Flags


class Words:
    """The distinct words of each of these texts. What a word weighs does not depend on the other texts: letters count,
    so that `of` and `st` are little."""

    def __init__(self, texts: pa.StringArray) -> None:
        starts, token, words = split_at_spaces(texts)
        text = np.repeat(np.arange(len(texts)), np.diff(starts))
        pairs = np.unique(text * max(len(words), 1) + token)
        self._text, self._word = pairs // max(len(words), 1), pairs % max(len(words), 1)
        self._words = len(words)
        self._starts = np.searchsorted(self._text, np.arange(len(texts) + 1))
        self._letters = np.array([len(word) for word in words], dtype=np.int64)
        self._digits = np.array([any(c.isdigit() for c in word) for word in words], dtype=np.bool_)
        self._order = np.argsort(np.argsort(np.array(words, dtype=str), kind="stable"), kind="stable")
        width = np.diff(self._starts)
        self.several = float((width > 1).mean()) if len(width) else 0.0
        self._weight = np.bincount(self._text, weights=self._letters[self._word], minlength=len(texts))
        numbers = np.bincount(self._text, weights=self._digits[self._word], minlength=len(texts))
        self._mixed = (numbers > 0) & (numbers < width)  # a code alone is no text with a number in it

    @property
    def first_number(self) -> Codes:
        """By text the least of the words that have digits, as a code; -1 where there is none."""
        found = np.full(len(self._weight), MISSING, dtype=np.int32)
        at = np.flatnonzero(self._digits[self._word])[::-1]
        at = at[np.argsort(-self._order[self._word[at]], kind="stable")]
        found[self._text[at]] = self._word[at]
        return found

    def rarest_two(self, records: Ints) -> tuple[Codes, Codes]:
        """By record, the two rarest words of its text that another record has too; -1 where there is none."""
        rows = np.bincount(records[records >= 0], minlength=len(self._weight))
        often = np.bincount(self._word, weights=rows[self._text], minlength=self._words)
        at = np.flatnonzero((often[self._word] > 1) & ~self._digits[self._word] & (self._letters[self._word] > 2))
        at = at[np.lexsort((self._order[self._word[at]], often[self._word[at]], self._text[at]))]
        first = np.flatnonzero(np.append(True, np.diff(self._text[at]) > 0)) if len(at) else at
        second = first + 1
        second = second[(second < len(at)) & ~np.isin(second, first)]
        rare: list[Codes] = []
        for chosen in (at[first], at[second]):
            of_text = np.full(len(self._weight), MISSING, dtype=np.int32)
            of_text[self._text[chosen]] = self._word[chosen]
            rare.append(gather(of_text, records))
        return rare[0], rare[1]

    def shared(self, first: Ints, second: Ints) -> Shared:
        """What these pairs of texts share."""
        one, two = self._of(first), self._of(second)
        both = np.isin(one, two)
        pair, word = one[both] // self._words, one[both] % self._words
        size = len(first)
        letters = np.bincount(pair, weights=self._letters[word], minlength=size)
        numbers = np.bincount(pair, weights=self._digits[word], minlength=size)
        a, b = self._weight[first], self._weight[second]
        union = np.maximum(a + b - letters, 1.0)
        shorter = np.where(letters >= LEAST_SHARED, letters / np.maximum(np.minimum(a, b), 1.0), 0.0)
        apart = self._mixed[first] & self._mixed[second] & (numbers == 0)
        return Shared(letters / union, shorter, apart)

    def _of(self, texts: Ints) -> npt.NDArray[np.int64]:
        """The words of these texts, each as a code of the position among `texts` and the word."""
        start, width = self._starts[texts], self._starts[texts + 1] - self._starts[texts]
        at = np.repeat(np.arange(len(texts)), width)
        first = np.cumsum(width) - width
        inside = np.arange(len(at)) - first[at] + start[at]
        return np.asarray(at * np.int64(max(self._words, 1)) + self._word[inside], dtype=np.int64)
