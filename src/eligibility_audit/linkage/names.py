"""Columns of names: each distinct word is read once, names are runs of word codes.

A list of a million lines has some hundred thousand names but some thousand words, so everything that costs Python is
done by word, and names are put together from word codes by numpy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.linkage.arrays import MISSING, Flags, Ints, firsts, run_numbers, text_numbers
from eligibility_audit.linkage.texts import Codes, split_at_spaces, taken, text_array, words_joined
from eligibility_audit.linkage.words import Word, fold, read_words


@dataclass(frozen=True)
class Vocabulary:
    """The distinct words, and for each the code of every form; words with equal folded forms share `folded`."""

    words: tuple[Word, ...]
    spelled: Codes
    folded: Codes
    sound: Codes
    initial: Codes
    folded_texts: pa.StringArray
    folded_sound: Codes  # by folded word
    folded_length: Codes
    short: Flags  # abbreviated: one letter, or closed by a full stop
    letters: npt.NDArray[np.uint64]  # one bit a letter of the folded form

    @property
    def bare(self) -> Flags:
        """True of words written without marks."""
        return np.array([word.written == word.folded for word in self.words], dtype=bool)


@dataclass(frozen=True)
class Names:
    """Names as runs of words: name i is `word[start[i]:start[i + 1]]`, words being numbers of the vocabulary."""

    start: npt.NDArray[np.int64]
    word: Codes
    vocabulary: Vocabulary

    @property
    def length(self) -> Codes:
        """Words of each name."""
        return np.diff(self.start).astype(np.int32)

    def take(self, names: Ints) -> "Names":
        """These names alone."""
        flat, start = self._runs(self.start[names], self.start[np.asarray(names) + 1])
        return Names(start, self.word[flat], self.vocabulary)

    @staticmethod
    def _runs(begin: Ints, end: Ints) -> tuple[Ints, npt.NDArray[np.int64]]:
        """Positions of all words between each begin and end, and where each run starts among them."""
        count = np.maximum(end - begin, 0)
        start = np.concatenate([[0], np.cumsum(count)])
        return np.repeat(begin - start[:-1], count) + np.arange(start[-1]), start

    def at(self, names: Ints, position: int) -> Codes:
        """The folded word of these names at a position; a negative position counts from the end. It must exist."""
        begin = self.start[names] if position >= 0 else self.start[names + 1]
        return self.vocabulary.folded[self.word[begin + position]]

    def codes(self, form: Codes, first: int = 0, last: int = 0) -> Codes:
        """One code for each distinct run of words in this form (a code by word), `first` words and the `last` left
        out; -1 where no word is left."""
        start = self.start[:-1] + first
        return _run_codes(form[self.word], start, self.start[1:] - last - start, len(self.vocabulary.words))

    def numbers(
        self, form: Sequence[str], first: int = 0, last: int = 0, *, in_order: bool = True
    ) -> npt.NDArray[np.int64]:
        """As `codes`, but numbers that are the same in any table; `form`: a text by word."""
        flat, start = self._runs(self.start[:-1] + first, self.start[1:] - last)
        return run_numbers(text_numbers(form)[self.word[flat]], start, in_order=in_order)

    def in_any_order(self) -> Codes:
        """One code for each distinct set of folded words, with its repetitions."""
        folded = self.vocabulary.folded[self.word]
        sorted_words = folded[np.lexsort((folded, np.repeat(np.arange(len(self.length)), self.length)))]
        return _run_codes(sorted_words, self.start[:-1], self.length, len(self.vocabulary.words))

    def ends(self) -> Codes:
        """One code for each distinct pair of first and last folded word; -1 for names of one word."""
        two = np.flatnonzero(self.length > 1)
        out = np.full(len(self.start) - 1, MISSING, dtype=np.int32)
        paired = self.at(two, 0).astype(np.int64) * len(self.vocabulary.words) + self.at(two, -1)
        out[two] = pd.factorize(paired)[0]
        return out

    def texts(self, names: Ints, first: int = 0, last: int = 0) -> pa.StringArray:
        """The folded text of these names, `first` words and the `last` left out."""
        flat, start = self._runs(self.start[names] + first, self.start[np.asarray(names) + 1] - last)
        return words_joined(taken(self.vocabulary.folded_texts, self.vocabulary.folded[self.word[flat]]), start)

    def ends_texts(self, names: Ints) -> pa.StringArray:
        """The folded first and last word of these names."""
        ends = np.stack([self.at(names, 0), self.at(names, -1)], axis=1).ravel()
        return words_joined(taken(self.vocabulary.folded_texts, ends), np.arange(0, len(ends) + 1, 2))

    def any(self, flags: Flags) -> Flags:
        """Whether any word of each name has this flag (by word)."""
        return np.asarray(np.logical_or.reduceat(np.append(flags[self.word], False), self.start[:-1])) & (
            self.length > 0
        )

    def letters(self) -> npt.NDArray[np.uint64]:
        """The letters of each name, one bit each."""
        bits = np.append(self.vocabulary.letters[self.word], np.uint64(0))
        return np.where(self.length > 0, np.bitwise_or.reduceat(bits, self.start[:-1]), np.uint64(0))


def fold_texts(texts: pa.StringArray) -> pa.StringArray:
    """Texts without nulls in lower case, without marks, with single spaces."""
    start, token, tokens = split_at_spaces(texts)
    folded = taken(text_array([fold(each) for each in tokens]), token)
    return pc.utf8_trim_whitespace(words_joined(folded, start))


def read_names(texts: pa.StringArray) -> Names:
    """Names as received, without nulls, in the forms that are compared."""
    starts, token, tokens = split_at_spaces(texts)
    read = [read_words(each) for each in tokens]
    numbers: dict[Word, int] = {}
    of_token = [[numbers.setdefault(word, len(numbers)) for word in words] for words in read]
    width = np.array([len(words) for words in of_token], dtype=np.int64)
    flat = np.array([number for words in of_token for number in words], dtype=np.int32)
    before = np.concatenate([[0], np.cumsum(width[token])])
    first = np.cumsum(width) - width
    at = np.repeat(first[token] - before[:-1], width[token]) + np.arange(before[-1])
    return Names(before[starts], flat[at] if len(flat) else flat, _vocabulary(tuple(numbers)))


def _vocabulary(words: tuple[Word, ...]) -> Vocabulary:
    spelled, folded, sound, initial = (
        np.asarray(pd.factorize(np.array(forms, dtype=object))[0], dtype=np.int32)
        for forms in (
            [w.spelled for w in words],
            [w.folded for w in words],
            [w.sound for w in words],
            [w.folded[:1] for w in words],
        )
    )
    return Vocabulary(
        words=words,
        spelled=spelled,
        folded=folded,
        sound=sound,
        initial=initial,
        folded_texts=text_array([words[k].folded for k in firsts(folded)]),
        folded_sound=sound[firsts(folded)],
        folded_length=np.array([len(words[k].folded) for k in firsts(folded)], dtype=np.int32),
        short=np.array([word.short for word in words], dtype=bool),
        letters=np.array([_letters(word.folded) for word in words], dtype=np.uint64),
    )


def _letters(text: str) -> int:
    mask = 0
    for letter in text:
        mask |= 1 << (ord(letter) & 63)
    return mask


def _run_codes(values: Codes, start: Ints, length: Ints, radix: int) -> Codes:
    """One code for each distinct run `values[start:start + length]`; values are below `radix`; -1 for empty runs."""
    code = np.full(len(start), MISSING, dtype=np.int64)
    rows = np.flatnonzero(length > 0)
    code[rows] = values[start[rows]]
    span, position = radix, 1
    while len(rows := rows[length[rows] > position]):
        if span * (radix + 1) >= 1 << 62:
            code, span = np.asarray(pd.factorize(code)[0], dtype=np.int64), len(code)
        code[rows] = span + code[rows] * radix + values[start[rows] + position]  # above all shorter runs
        span, position = span * (radix + 1), position + 1
    return np.asarray(pd.factorize(code)[0], dtype=np.int32)
