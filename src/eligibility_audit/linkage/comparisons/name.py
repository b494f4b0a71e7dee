"""Whole names and aliases."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import (
    MISSING,
    Flags,
    Ints,
    Levels,
    distinct_pairs,
    firsts,
    gather,
    mixed,
    run_numbers,
    text_numbers,
)
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, Table, chance_equal
from eligibility_audit.linkage.names import read_names
from eligibility_audit.linkage.texts import dictionary, encode, listed, split_at_spaces, text_array
from eligibility_audit.linkage.words import read_name

MOST_EDITS = 3  # names further apart are not told to be near


class NameComparison(Comparison):
    """Whole names, and aliases where a list has them."""

    levels = known.NAME
    EXACT = ("equal", "tone_placement", "bare", "marks_differ")
    names = len(EXACT)
    tells_apart = True

    def __init__(self, field: str, names: "pd.Series[Any]", aliases: "pd.Series[Any] | None" = None) -> None:
        self.field = field
        self._code = {level.name: code for code, level in enumerate(self.levels, 1)}
        raw, texts = dictionary(names)
        read = read_names(texts)
        written = read.codes(np.arange(len(read.vocabulary.words), dtype=np.int32))
        self._records: Ints = gather(written, raw)
        self._names = read = read.take(firsts(written))
        words = read.vocabulary
        self._spelled = read.codes(words.spelled)
        self._folded = read.codes(words.folded)
        self._sound = read.codes(words.sound)
        self._ends = read.ends()
        self._middle = read.codes(words.folded, 1, 1)
        self._surname_middle = read.codes(words.folded, 0, 1)
        self._any_order = read.in_any_order()
        self._surname = (
            np.where(read.length > 1, words.folded[read.word[read.start[:-1]]], MISSING)
            if len(written)
            else read.length
        )
        self._last = read.word[read.start[1:] - 1] if len(written) else np.zeros(0, dtype=np.int32)
        self._bare = ~read.any(~words.bare)
        self._short = read.any(words.short)
        self._letters = read.letters()
        self._length = read.length
        self._alias_numbers = np.full(len(self._records), MISSING, dtype=np.int64)
        self._called_too = None if aliases is None else self._read_aliases(aliases)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Folded name and its parts, by record."""
        words = self._names.vocabulary
        tables = {
            "name": self._folded,
            "sound": self._sound,
            "ends": self._ends,
            "given": words.folded[self._last],
            "given_sound": words.sound[self._last],
            "surname": self._surname,
            "surname_middle": self._surname_middle,
            "initials": self._names.codes(words.initial),
            "words": self._any_order,
        }
        return {key: gather(table, self._records) for key, table in tables.items()}

    @property
    def stable(self) -> Mapping[str, Ints]:
        """See `Comparison`; and `alias`, the number that the name would have for which the alias stands."""
        words = self._names.vocabulary.words
        folded, sound = [word.folded for word in words], [word.sound for word in words]
        names, two = self._names, self._names.length > 1
        tables = {
            "name": names.numbers(folded),
            "sound": names.numbers(sound),
            "given": _of_words(folded, self._last),
            "given_sound": _of_words(sound, self._last),
            "surname_middle": names.numbers(folded, 0, 1),
            "initials": names.numbers([text[:1] for text in folded]),
            "words": names.numbers(folded, in_order=False),
        }
        first = _of_words(folded, names.word[np.minimum(names.start[:-1], max(len(names.word) - 1, 0))])
        tables["surname"] = np.where(two, first, MISSING)
        tables["ends"] = np.where(two, mixed(first + 3 * tables["given"]), MISSING)
        return {key: gather(table, self._records) for key, table in tables.items()} | {"alias": self._alias_numbers}

    def _read_aliases(self, aliases: "pd.Series[Any]") -> Ints | None:
        """By record the folded name that its alias stands for, as a code; names that nobody bears come after all."""
        codes, texts = encode(aliases)
        if not texts:
            return None
        records = np.flatnonzero(codes >= 0)
        names, others, back = distinct_pairs(self._records[records] + 1, codes[records])
        parts = [read_name(text).parts for text in texts]
        full = [self._as_name(int(name) - 1, parts[alias]) for name, alias in zip(names, others, strict=True)]
        distinct = pa.concat_arrays([self._names.texts(firsts(self._folded)), text_array(full)])
        out = np.full(len(codes), MISSING, dtype=np.int64)
        out[records] = dictionary(distinct)[0][-len(full) :][back]
        start, token, tokens = split_at_spaces(text_array(full))
        self._alias_numbers[records] = run_numbers(text_numbers(tokens)[token], start)[back]
        return out

    def _as_name(self, name: int, alias: tuple[str, ...]) -> str:
        if len(alias) == 1 and name >= 0:  # an alias of one word takes the place of the given name
            before = self._names.texts(np.array([name]), 0, 1)[0].as_py()
            return f"{before} {alias[0]}".strip()
        return " ".join(alias)

    def alias_entries(self) -> tuple[Ints, Ints]:
        """Records with an alias, and the code of the folded name that the alias stands for (-1 where nobody has it)."""
        if self._called_too is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        records = np.flatnonzero(self._called_too >= 0)
        codes = self._called_too[records]
        return records, np.where(codes <= self._folded.max(initial=MISSING), codes, MISSING)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.full(len(a), self._code["equal"], dtype=np.int8)
        rows = np.flatnonzero((a != b) & (a >= 0) & (b >= 0))
        x, y = a[rows], b[rows]
        same = self._folded[x] == self._folded[y]
        out[rows[same]] = self._alike(x[same], y[same])
        out[rows[~same]] = self._inexact(x[~same], y[~same])
        self._aliases(left, right, out)
        out[(a < 0) | (b < 0)] = known.NOT_COMPARABLE
        return out

    def _alike(self, a: Ints, b: Ints) -> Levels:
        bare = self._bare[a] | self._bare[b]
        out = np.where(bare, self._code["bare"], self._code["marks_differ"])
        return np.where(self._spelled[a] == self._spelled[b], self._code["tone_placement"], out).astype(np.int8)

    def _inexact(self, a: Ints, b: Ints) -> Levels:
        out = np.full(len(a), self._code["different"], dtype=np.int8)
        ends = (self._ends[a] == self._ends[b]) & (self._ends[a] >= 0)
        out[ends] = self._code["middle_differs"]
        kin = (self._surname_middle[a] == self._surname_middle[b]) & (self._surname_middle[a] >= 0)
        out[kin] = self._code["given_differs"]
        one = ends & ((self._middle[a] < 0) | (self._middle[b] < 0))
        out[one] = self._code["middle_dropped"]
        both = np.flatnonzero(ends & ~one)
        out[both[self._part_of(a[both], b[both])]] = self._code["middle_dropped"]
        same_length = self._length[a] == self._length[b]
        close = np.bitwise_count(self._letters[a] ^ self._letters[b]) <= 4
        close &= same_length & (self._length[a] > 1)
        close |= (self._sound[a] == self._sound[b]) & same_length
        near = np.flatnonzero(close)
        found = self._by_words(a[near], b[near])
        better = (found > 0) & ((found == self._code["slip"]) | ~ends[near])
        out[near[better]] = found[better]
        out[(self._any_order[a] == self._any_order[b]) & (out > self._code["reordered"])] = self._code["reordered"]
        short = np.flatnonzero((self._short[a] | self._short[b]) & same_length)
        out[short[self._abbreviates(a[short], b[short])]] = self._code["abbreviated"]
        return out

    def _part_of(self, a: Ints, b: Ints) -> Flags:
        """Whether all middle words of one name are among those of the other."""
        middles, _, back = distinct_pairs(self._middle[a], self._middle[b])
        one, two = np.zeros(len(middles), dtype=np.int64), np.zeros(len(middles), dtype=np.int64)
        one[back], two[back] = a, b  # any name with these middle words
        words = [[frozenset(text.split()) for text in listed(self._names.texts(side, 1, 1))] for side in (one, two)]
        held = [x <= y or y <= x for x, y in zip(*words, strict=True)]
        return np.array(held, dtype=np.bool_)[back]

    def _by_words(self, a: Ints, b: Ints) -> Levels:
        """Slips and near names among names of as many words, seen word by word."""
        unlike = np.zeros(len(a), dtype=np.int8)
        edits = np.zeros(len(a), dtype=np.int16)
        heard = np.ones(len(a), dtype=np.bool_)
        first_length, least = np.zeros(len(a), dtype=np.int16), np.full(len(a), 99, dtype=np.int16)
        for position in range(int(self._length[a].max(initial=0))):
            rows = np.flatnonzero((self._length[a] > position) & (edits <= MOST_EDITS))
            x, y = self._names.at(a[rows], position), self._names.at(b[rows], position)
            other = x != y
            rows, (apart, alike, length) = rows[other], self._words_apart(x[other], y[other])
            length -= 2 if position == 0 else 0
            first_length[rows] = np.where(unlike[rows] == 0, length, first_length[rows])
            least[rows] = np.minimum(least[rows], length)
            unlike[rows] += 1
            edits[rows] += apart
            heard[rows] &= alike
        slip = (heard & (unlike <= 2)) | ((edits == 1) & (first_length >= 3))
        near = edits == 2
        near &= ((unlike == 2) & (least >= 3)) | ((unlike == 1) & (first_length >= 5))
        near |= edits == 1
        found = np.select([slip, near], [self._code["slip"], self._code["near"]], 0).astype(np.int8)
        found[edits > MOST_EDITS] = 0
        return found

    def _words_apart(self, a: Ints, b: Ints) -> tuple[Ints, Flags, Ints]:
        """Of pairs of folded words: edits, whether they sound alike, letters of the shorter."""
        first, second, back = distinct_pairs(a, b)
        words = self._names.vocabulary
        one, two = (listed(words.folded_texts, side) for side in (first, second))
        edits = cpdist(one, two, scorer=OSA.distance, score_cutoff=MOST_EDITS, dtype=np.uint8) if one else first
        least = np.minimum(words.folded_length[a], words.folded_length[b])
        return edits.astype(np.int16)[back], words.folded_sound[a] == words.folded_sound[b], least.astype(np.int16)

    def _abbreviates(self, a: Ints, b: Ints) -> Flags:
        """Given names equal, every word before them a beginning of the other's; names of as many words."""
        fits = (self._length[a] > 1) & (self._names.at(a, -1) == self._names.at(b, -1))
        for position in range(int(self._length[a].max(initial=0)) - 1):
            rows = np.flatnonzero(fits & (self._length[a] > position + 1))
            x, y = self._names.at(a[rows], position), self._names.at(b[rows], position)
            first, second, back = distinct_pairs(x, y)
            words = self._names.vocabulary.folded_texts
            one, two = (listed(words, side) for side in (first, second))
            begins = [p.startswith(q) or q.startswith(p) for p, q in zip(one, two, strict=True)]
            fits[rows] = np.array(begins, dtype=np.bool_)[back]
        return np.asarray(fits, dtype=np.bool_)

    def _aliases(self, left: Ints, right: Ints, out: Levels) -> None:
        if self._called_too is None:
            return
        worse = out >= self._code["middle_differs"]
        rows = np.flatnonzero(worse & ((self._called_too[left] >= 0) | (self._called_too[right] >= 0)))
        names = [gather(self._folded, self._records[side[rows]]) for side in (left, right)]
        others = [self._called_too[side[rows]] for side in (left, right)]
        same = np.zeros(len(rows), dtype=np.bool_)
        for one, two in ((names[0], others[1]), (others[0], names[1]), (others[0], others[1])):
            same |= (one >= 0) & (one == two)
        out[rows[same]] = self._code["alias"]

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """Whole folded names, and their parts; surnames with given names."""
        first = firsts(self._folded)  # one name of each folded name
        parts = {f"{self.field}_{part}": told for part, told in self._parts().items()}
        ends = firsts(self._ends)
        end_texts = self._names.ends_texts(ends)
        return {
            self.field: Table(
                self._names.texts(first),
                gather(self._folded, self._records),
                tuple((part, codes[first]) for part, (codes, _) in parts.items()),
            ),
            f"{self.field}_ends": Table(end_texts, gather(self._ends, self._records)),
            **{part: Table(texts, gather(codes, self._records)) for part, (codes, texts) in parts.items()},
        }

    def _parts(self) -> dict[str, tuple[Ints, pa.StringArray]]:
        """Surname, middle and given name: a code for each name and the text of each code; "-" where there is none."""
        none = text_array(["-"])
        folded, texts = self._names.vocabulary.folded, self._names.vocabulary.folded_texts
        words = pa.concat_arrays([texts, none])
        middles = pa.concat_arrays([self._names.texts(firsts(self._middle), 1, 1), none])
        surname = np.where(self._length > 1, folded[self._names.word[self._names.start[:-1]]], len(texts))
        middle = np.where(self._middle >= 0, self._middle, len(middles) - 1)
        return {"surname": (surname, words), "middle": (middle, middles), "given": (folded[self._last], words)}

    @property
    def adjusted(self) -> Mapping[int, str]:
        """The whole name: where one side is a slip or lacks a part, the rarer of the two tells. Surname with given name
        where only these agree; the given name where the rest is initials."""
        whole = (*self.EXACT, "slip", "near", "reordered", "middle_dropped")
        table = dict.fromkeys(whole, self.field) | {
            "middle_differs": f"{self.field}_ends",
            "abbreviated": f"{self.field}_given",
        }
        return {self._code[name]: known_as for name, known_as in table.items()}

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """The levels at which the folded names agree."""
        records = self._records[persons]
        written, spelled, folded = records, gather(self._spelled, records), gather(self._folded, records)
        equal, same_letters, same = (chance_equal(codes) for codes in (written, spelled, folded))
        both_bare = np.where(gather(self._bare, records, False), folded, MISSING)
        marked = np.where(gather(self._bare, records, True), MISSING, folded)
        share_bare, share_marked = ((codes >= 0).mean() if len(codes) else 0.0 for codes in (both_bare, marked))
        alike = chance_equal(both_bare) * share_bare**2 + chance_equal(marked) * share_marked**2
        bare = max(same - alike, 0.0)
        counts = (equal, same_letters - equal, bare, same - same_letters - bare)
        return {code: max(share, 0.0) for code, share in enumerate(counts, 1)}


def _of_words(texts: Sequence[str], words: Ints) -> Ints:
    """A number for each of these words, the same for the same text in any table."""
    return mixed(text_numbers(texts))[words] if len(words) else np.zeros(0, dtype=np.int64)
