"""Whole names and aliases."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import MISSING, Flags, Ints, Levels, codes_of, distinct_pairs, encode, gather
from eligibility_audit.linkage.comparisons.base import Compared, Comparison, Table, chance_equal, distinct_texts


class NameComparison(Comparison):
    """Whole names, and aliases where a list has them."""

    levels = known.NAME
    EXACT = ("equal", "tone_placement", "bare", "marks_differ")
    names = len(EXACT)
    tells_apart = True

    def __init__(self, field: str, names: "pd.Series[Any]", aliases: "pd.Series[Any] | None" = None) -> None:
        from eligibility_audit.linkage.words import read_name

        self.field = field
        self._code = {level.name: code for code, level in enumerate(self.levels, 1)}
        records, texts = encode(names)
        read = [read_name(text) for text in texts]
        self._records = records
        self._written = codes_of([n.written for n in read])
        self._spelled = codes_of([n.spelled for n in read])
        self._folded = codes_of([n.folded for n in read])
        self.folded_names = distinct_texts(self._folded, [n.folded for n in read])
        self._sound = codes_of([n.sound for n in read])
        ends = [f"{n.surname} {n.given}" if n.surname else "" for n in read]
        self._ends = codes_of(ends)
        self.end_names = distinct_texts(self._ends, ends)
        self._middle = codes_of([n.middle for n in read])
        self._middles = distinct_texts(self._middle, [n.middle for n in read])
        first = np.unique(self._folded, return_index=True)[1][-len(self.folded_names) :]  # one name of each folded name
        self._parts_told = [
            (f"{field}_{part}", distinct_texts(codes, texts), codes, codes[first].tolist())
            for part, texts in (
                ("surname", [n.surname or "-" for n in read]),
                ("middle", [n.middle or "-" for n in read]),
                ("given", [n.given or "-" for n in read]),
            )
            for codes in (codes_of(texts),)
        ]
        self._bare = np.array([n.folded == n.written for n in read], dtype=bool)
        self._length = np.array([len(n.parts) for n in read], dtype=np.int8)
        self._letters = np.array([_letters(n.folded) for n in read], dtype=np.int64)
        self._short = np.array([n.abbreviated for n in read], dtype=bool)
        self._parts = [n.parts for n in read]
        self._given = codes_of([n.given for n in read])
        self._given_sound = codes_of([n.given_sound for n in read])
        self._surname_middle = codes_of([" ".join(n.parts[:-1]) for n in read])
        self._alias, self._alias_texts = (
            encode(aliases) if aliases is not None else (np.full(len(records), MISSING, dtype=np.int32), list[str]())
        )
        self._alias_parts = [read_name(text).parts for text in self._alias_texts]

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Folded name and its parts, by record."""
        tables = {
            "name": self._folded,
            "sound": self._sound,
            "ends": self._ends,
            "given": self._given,
            "given_sound": self._given_sound,
            "surname_middle": self._surname_middle,
        }
        return {key: gather(table, self._records) for key, table in tables.items()}

    def alias_entries(self) -> tuple[Ints, Ints]:
        """Records with an alias, and the code of the folded name that the alias stands for (-1 where nobody has it)."""
        by_name = {name: code for code, name in enumerate(self.folded_names)}
        records = np.flatnonzero(self._alias >= 0)
        names = [self._as_name(int(r)) for r in records]
        return records, np.array([by_name.get(name, MISSING) for name in names], dtype=np.int64)

    def _as_name(self, record: int) -> str:
        parts = self._alias_parts[self._alias[record]]
        code = self._records[record]
        if len(parts) == 1 and code >= 0:  # an alias of one word takes the place of the given name
            parts = (*self._parts[code][:-1], *parts)
        return " ".join(parts)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.full(len(a), self._code["different"], dtype=np.int8)
        missing = (a < 0) | (b < 0)
        same = ~missing & (gather(self._folded, a) == gather(self._folded, b))
        out[same] = self._exact(a[same], b[same])
        rest = np.flatnonzero(~same & ~missing)
        out[rest] = self._inexact(a[rest], b[rest])
        self._aliases(left, right, out)
        out[missing] = known.NOT_COMPARABLE
        return out

    def _exact(self, a: Ints, b: Ints) -> Levels:
        bare = self._bare[a] | self._bare[b]
        out = np.where(bare, self._code["bare"], self._code["marks_differ"])
        out = np.where(self._spelled[a] == self._spelled[b], self._code["tone_placement"], out)
        return np.where(self._written[a] == self._written[b], self._code["equal"], out).astype(np.int8)

    def _inexact(self, a: Ints, b: Ints) -> Levels:
        out = np.full(len(a), self._code["different"], dtype=np.int8)
        ends = (self._ends[a] == self._ends[b]) & (self._ends[a] >= 0)
        out[ends] = self._code["middle_differs"]
        one = ends & ((self._middle[a] < 0) | (self._middle[b] < 0))
        out[one] = self._code["middle_dropped"]
        both = np.flatnonzero(ends & ~one)
        out[both[self._part_of(self._middle[a[both]], self._middle[b[both]])]] = self._code["middle_dropped"]
        close = _bits(self._letters[a] ^ self._letters[b]) <= 4
        close &= (self._length[a] == self._length[b]) & (self._length[a] > 1)
        close |= self._sound[a] == self._sound[b]
        near = np.flatnonzero(close)
        found = self._by_edits(self._folded[a[near]], self._folded[b[near]])
        better = (found > 0) & ((found == self._code["slip"]) | ~ends[near])
        out[near[better]] = found[better]
        short = np.flatnonzero(self._short[a] | self._short[b])
        if len(short):
            first, second, back = distinct_pairs(a[short], b[short])
            fits = [_abbreviates(self._parts[i], self._parts[j]) for i, j in zip(first, second, strict=True)]
            out[short[np.array(fits, dtype=bool)[back]]] = self._code["abbreviated"]
        return out

    def _part_of(self, a: Ints, b: Ints) -> Flags:
        first, second, back = distinct_pairs(a, b)
        words = [frozenset(middle.split()) for middle in self._middles]
        held = [words[i] <= words[j] or words[j] <= words[i] for i, j in zip(first, second, strict=True)]
        return np.array(held, dtype=bool)[back]

    def _by_edits(self, a: Ints, b: Ints) -> Levels:
        first, second, back = distinct_pairs(a, b)
        names = self.folded_names
        one, two = [names[i] for i in first], [names[i] for i in second]
        edits = cpdist(one, two, scorer=OSA.distance, score_cutoff=3, dtype=np.uint8) if one else np.zeros(0, np.uint8)
        found = np.zeros(len(one), dtype=np.int8)
        for k in np.flatnonzero(edits <= 3):
            found[k] = self._slip(one[k].split(), two[k].split(), int(edits[k]))
        return found[back]

    def _slip(self, one: list[str], two: list[str], edits: int) -> int:
        from eligibility_audit.linkage.words import sound

        if len(one) != len(two):
            return 0
        unlike = [k for k, (x, y) in enumerate(zip(one, two, strict=True)) if x != y]
        heard = all(sound(one[k]) == sound(two[k]) for k in unlike)
        if heard and len(unlike) <= 2:
            return self._code["slip"]
        least = [min(len(one[k]), len(two[k])) - (2 if k == 0 else 0) for k in unlike]
        if edits == 1 and least[0] >= 3:
            return self._code["slip"]
        apart = len(unlike) == 2 and min(least) >= 3  # one edit in each of two words, or two in a long one
        return self._code["near"] if edits == 2 and (apart or (len(unlike) == 1 and least[0] >= 5)) else 0

    def _aliases(self, left: Ints, right: Ints, out: Levels) -> None:
        if not self._alias_texts:
            return
        worse = out >= self._code["middle_differs"]
        rows = np.flatnonzero(worse & ((self._alias[left] >= 0) | (self._alias[right] >= 0)))
        for row in rows:
            i, j = int(left[row]), int(right[row])
            if {*self._called(i)} & {*self._called(j)}:
                out[row] = self._code["alias"]

    def _called(self, record: int) -> tuple[str, ...]:
        code = self._records[record]
        name = (" ".join(self._parts[code]),) if code >= 0 else ()
        return (*name, self._as_name(record)) if self._alias[record] >= 0 else name

    @property
    def tables(self) -> Mapping[str, Table]:
        """Whole folded names; surnames with given names."""
        return {
            self.field: Table(
                self.folded_names,
                gather(self._folded, self._records),
                tuple((part, [values[k] for k in which]) for part, values, _, which in self._parts_told),
            ),
            f"{self.field}_ends": Table(self.end_names, gather(self._ends, self._records)),
            **{part: Table(values, gather(codes, self._records)) for part, values, codes, _ in self._parts_told},
        }

    @property
    def adjusted(self) -> Mapping[int, str]:
        """The whole name where it agrees; surname with given name where only these do."""
        ends = ("middle_dropped", "middle_differs")
        return {self._code[n]: self.field for n in self.EXACT} | {self._code[n]: f"{self.field}_ends" for n in ends}

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """The levels at which the folded names agree."""
        records = self._records[persons]
        written, spelled, folded = (gather(t, records) for t in (self._written, self._spelled, self._folded))
        equal, same_letters, same = (chance_equal(codes) for codes in (written, spelled, folded))
        both_bare = np.where(gather(self._bare, records, False), folded, MISSING)
        marked = np.where(gather(self._bare, records, True), MISSING, folded)
        share_bare, share_marked = ((codes >= 0).mean() if len(codes) else 0.0 for codes in (both_bare, marked))
        alike = chance_equal(both_bare) * share_bare**2 + chance_equal(marked) * share_marked**2
        bare = max(same - alike, 0.0)
        counts = (equal, same_letters - equal, bare, same - same_letters - bare)
        return {code: max(share, 0.0) for code, share in enumerate(counts, 1)}


def _letters(text: str) -> int:
    mask = 0
    for letter in text:
        mask |= 1 << (ord(letter) & 63)
    return mask if mask < 1 << 63 else mask - (1 << 64)


def _bits(masks: Ints) -> Ints:
    return np.bitwise_count(masks.view(np.uint64))


def _abbreviates(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Given names equal, every word before them a beginning of the other's."""
    if len(one) != len(two) or len(one) < 2 or one[-1] != two[-1]:
        return False
    return all(x.startswith(y) or y.startswith(x) for x, y in zip(one, two, strict=True))
