"""Comparing two records field by field, each to a level of agreement.

A comparison reads its columns once, into codes over the distinct values; `compare` then takes two arrays of record
positions and gives one level each (0 = not comparable). Later comparisons see the levels of earlier ones, which is how
dependence is dealt with: where the name agrees, the sex says nothing new.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import (
    MISSING,
    Flags,
    Ints,
    Levels,
    codes_of,
    combine,
    distinct_pairs,
    encode,
    gather,
)
from eligibility_audit.linkage.levels import Level

Compared = Mapping[str, Levels]
MOST_NAMES_OF_AN_ID = 6  # misspellings and a sibling's number included; beyond it the number is a placeholder


@dataclass(frozen=True)
class Table:
    """Distinct values, and the value of each record as a code (-1 = none).

    `parts`: tables of parts of the values, each with the part of every distinct value: from them the frequency of a
    value is told that is too rare to be counted.
    """

    values: Sequence[str]
    codes: Ints
    parts: tuple[tuple[str, Sequence[str]], ...] = ()


class Comparison(ABC):
    """What the engine asks of a comparison.

    The first `names` levels say that the whole name agrees; `tells_apart` is true of fields whose disagreement means
    two people (a person moves, but keeps the birth date).
    """

    field: str
    levels: tuple[Level, ...]
    names: int = 0
    tells_apart: bool = False

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Codes by record that blocking may use, by name."""
        return {}

    @abstractmethod
    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """The level of each pair of records; 0 where they cannot be compared."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """Values whose frequency counts, by table name."""
        return {}

    @property
    def adjusted(self) -> Mapping[int, str]:
        """Level code -> the table whose frequency adjusts its weight."""
        return {}

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """Level code -> its share among pairs of different persons, where that can be counted exactly."""
        return {}


def chance_equal(codes: Ints) -> float:
    """The chance that two of these records, drawn at random, have the same value; missing values left out."""
    present = codes[codes >= 0]
    if len(present) < 2:
        return 0.0
    counts = np.bincount(present).astype(np.float64)
    return float((counts * (counts - 1)).sum() / (len(present) * (len(present) - 1.0)))


def position(levels: tuple[Level, ...], name: str) -> int:
    """The code of a level."""
    return next(code for code, level in enumerate(levels, 1) if level.name == name)


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
        self.folded_names = _distinct(self._folded, [n.folded for n in read])
        self._sound = codes_of([n.sound for n in read])
        ends = [f"{n.surname} {n.given}" if n.surname else "" for n in read]
        self._ends = codes_of(ends)
        self.end_names = _distinct(self._ends, ends)
        self._middle = codes_of([n.middle for n in read])
        self._middles = _distinct(self._middle, [n.middle for n in read])
        first = np.unique(self._folded, return_index=True)[1][-len(self.folded_names) :]  # one name of each folded name
        self._parts_told = [
            (f"{field}_{part}", _distinct(codes, texts), codes, codes[first].tolist())
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


class DateComparison(Comparison):
    """Dates known to the day, the month or the year (ISO text to its precision)."""

    tells_apart = True

    def __init__(self, field: str, dates: "pd.Series[Any]", levels: tuple[Level, ...] = known.DATE) -> None:
        self.field, self.levels = field, levels
        self._code = {level.name: code for code, level in enumerate(self.levels, 1)}
        self._records, texts = encode(dates)
        parts = np.array([_date_parts(text) for text in texts], dtype=np.int16).reshape(-1, 3)
        self._year, self._month, self._day = parts[:, 0], parts[:, 1], parts[:, 2]
        self._records = np.where(gather(self._year, self._records, 0) > 0, self._records, MISSING).astype(np.int32)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Birth year, and the full date where it is known to the day."""
        full = np.where(gather(self._day, self._records, 0) > 0, self._records, MISSING)
        return {"year": gather(self._year, self._records), "date": full}

    @property
    def year(self) -> Ints:
        """The year by record, 0 where unknown."""
        return gather(self._year, self._records, 0)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.zeros(len(a), dtype=np.int8)
        rows = np.flatnonzero((a >= 0) & (b >= 0))
        if not len(rows):
            return out
        first, second, back = distinct_pairs(a[rows], b[rows])
        out[rows] = self._level(first, second)[back]
        return out

    def _level(self, a: Ints, b: Ints) -> Levels:
        y, y2, m, m2, d, d2 = (t[i] for t in (self._year, self._month, self._day) for i in (a, b))
        full = (d > 0) & (d2 > 0)
        gap = np.abs(y - y2)
        months = ~full & (m > 0) & (m2 > 0) & (gap == 0)
        wrong = _unlike_digits(y, y2, 4) + _unlike_digits(m, m2, 2) + _unlike_digits(d, d2, 2)
        conditions = [
            (full & (gap == 0) & (m == m2) & (d == d2), "day"),
            (full & (gap == 0) & (m == d2) & (d == m2), "swapped"),
            (full & (wrong == 1), "typo"),
            (full & (gap == 0), "same_year"),
            (full, "different"),
            (months & (m == m2), "month"),
            (months & ((m == d2) | (m2 == d)), "month_swapped"),
            (months, "month_differs"),
            (gap == 0, "year"),
            (gap <= 2, "near_year"),
        ]
        codes = [self._code[name] for _, name in conditions]
        return np.select([c for c, _ in conditions], codes, self._code["year_differs"]).astype(np.int8)

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """The same full date."""
        return {self._code["day"]: chance_equal(self.keys["date"][persons])}


class SexComparison(Comparison):
    """Sex, which says nothing new where the names agree: given name and middle name tell it."""

    levels = known.SEX

    def __init__(self, field: str, sex: "pd.Series[Any]", name_field: str | None) -> None:
        self.field = field
        self._name = name_field
        self._records, _ = encode(sex)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.where(a == b, 1, 2).astype(np.int8)
        out[(a < 0) | (b < 0)] = known.NOT_COMPARABLE
        if self._name is not None and self._name in before:
            named = before[self._name]
            out[(out == 1) & (named > 0) & (named < len(known.NAME))] = known.NOT_COMPARABLE
        return out


class NationalIdComparison(Comparison):
    """National id numbers. Of 9 and 12 digits they cannot be compared, but 12 digits tell birth year and sex."""

    tells_apart = True

    def __init__(
        self,
        field: str,
        ids: "pd.Series[Any]",
        date: DateComparison | None,
        sex: "pd.Series[Any] | None",
        levels: tuple[Level, ...] = known.NATIONAL_ID,
        names: Ints | None = None,
    ) -> None:
        self.field, self.levels = field, levels
        self._code = {level.name: code for code, level in enumerate(self.levels, 1)}
        self._records, texts = encode(ids)
        texts = ["".join(c for c in text.upper() if c.isalnum()) for text in texts]
        self._records = gather(codes_of(texts), self._records)
        texts = _distinct(codes_of(texts), texts)
        if names is not None:
            self._records = np.asarray(_without_placeholders(self._records, names), dtype=np.int32)
        width = max((len(text) for text in texts), default=1)
        packed = np.array([text.encode("ascii", "replace") for text in texts], dtype=f"S{width}")
        self._digits = packed.view(np.uint8).reshape(len(texts), width)
        self._length = np.array([len(text) for text in texts], dtype=np.int16)
        self._number = np.array([int(t) if t.isdigit() and len(t) < 19 else -1 for t in texts], dtype=np.int64)
        told = np.array([_told(text) for text in texts], dtype=np.int16).reshape(-1, 2)
        self._told_year, self._told_male = told[:, 0], told[:, 1]
        size = len(self._records)
        self._year = date.year if date is not None else np.zeros(size, dtype=np.int16)
        self._date_field = date.field if date is not None else ""
        self._male = _male(sex) if sex is not None else np.full(size, MISSING, dtype=np.int8)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """The number itself."""
        return {"national_id": self._records}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.zeros(len(a), dtype=np.int8)
        both = (a >= 0) & (b >= 0)
        same_kind = np.zeros(len(a), dtype=bool)
        same_kind[both] = self._length[a[both]] == self._length[b[both]]
        out[both & (a == b)] = self._code["equal"]
        rows = np.flatnonzero(same_kind & (a != b))
        out[rows] = self._unequal(a[rows], b[rows])
        rows = np.flatnonzero(~same_kind & ((a >= 0) | (b >= 0)))
        out[rows] = self._told_levels(left[rows], right[rows], before, rows)
        return out

    def _unequal(self, a: Ints, b: Ints) -> Levels:
        out = np.full(len(a), self._code["different"], dtype=np.int8)
        for start in range(0, len(a), 1_000_000):
            part = slice(start, start + 1_000_000)
            unlike = self._digits[a[part]] != self._digits[b[part]]
            count = unlike.sum(axis=1, dtype=np.int8)
            typo = count == 1
            two = np.flatnonzero(count == 2)
            typo[two] = _swapped(self._digits[a[part]][two], self._digits[b[part]][two], unlike[two])
            x, y = self._number[a[part]], self._number[b[part]]
            near = (x >= 0) & (y >= 0) & (np.abs(x - y) <= 9)
            out[part] = np.select([near, typo], [self._code["neighbour"], self._code["typo"]], self._code["different"])
        return out

    def _told_levels(self, left: Ints, right: Ints, before: Compared, rows: Ints) -> Levels:
        """What a number of 12 digits on one side says of birth year and sex on the other."""
        agree, contradict = np.zeros(len(left), dtype=bool), np.zeros(len(left), dtype=bool)
        for one, other in ((left, right), (right, left)):
            code = self._records[one]
            year, male = gather(self._told_year, code, 0), gather(self._told_male, code)
            stated_year, stated_male = self._year[other], self._male[other]
            year_known, sex_known = (year > 0) & (stated_year > 0), (male >= 0) & (stated_male >= 0)
            wrong = (year_known & (year != stated_year)) | (sex_known & (male != stated_male))
            contradict |= wrong
            agree |= year_known & ~wrong
        out = np.where(contradict, self._code["regimes_contradict"], np.where(agree, self._code["regimes_agree"], 0))
        if self._date_field in before:  # the birth dates have been compared already: the number adds nothing
            out[before[self._date_field][rows] > 0] = known.NOT_COMPARABLE
        return out.astype(np.int8)


class PlaceComparison(Comparison):
    """Commune and district; a commune name that several districts have is ambiguous without its district."""

    levels = known.PLACE

    def __init__(self, field: str, commune: Ints, district: Ints, kind: Ints | None = None) -> None:
        self.field = field
        self._kind = kind
        self._commune, self._district = commune, district
        self._code = {level.name: code for code, level in enumerate(self.levels, 1)}

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Commune with its district, and the district."""
        return {"commune": combine([self._commune, self._district]), "district": self._district}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        c, c2, d, d2 = self._commune[left], self._commune[right], self._district[left], self._district[right]
        out = np.full(len(c), self._code["different"], dtype=np.int8)
        known_districts = (d >= 0) & (d2 >= 0)
        out[known_districts & (d == d2)] = self._code["same_district"]
        same = known_districts & (d == d2) & (c == c2)
        out[same] = self._code["same_commune"]
        if self._kind is not None:  # a list does not pay twice in one commune: there a second place is no surprise
            one_list = self._kind[left] == self._kind[right]
            out[one_list] = self._code["elsewhere_one_list"]
            out[one_list & same] = self._code["same_commune_one_list"]
        unknown = (c < 0) | (c2 < 0) | ((c == c2) & ~known_districts)
        out[unknown] = known.NOT_COMPARABLE
        return out


class EqualComparison(Comparison):
    """Codes that are equal or not: dossier numbers, categories."""

    def __init__(
        self, field: str, values: "pd.Series[Any]", levels: tuple[Level, ...], frequency: bool = False
    ) -> None:
        self.field, self.levels, self._frequency = field, levels, frequency
        codes, texts = encode(values)
        plain = ["".join(c for c in text.upper() if c.isalnum()) for text in texts]
        self._records = gather(codes_of(plain), codes)
        self._texts = _distinct(codes_of(plain), plain)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """The value."""
        return {self.field: self._records}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.where(a == b, 1, 2).astype(np.int8)
        out[(a < 0) | (b < 0)] = known.NOT_COMPARABLE
        return out

    @property
    def tables(self) -> Mapping[str, Table]:
        """The values, where their frequency counts."""
        return {self.field: Table(self._texts, self._records)} if self._frequency else {}

    @property
    def adjusted(self) -> Mapping[int, str]:
        """Equal values, where their frequency counts."""
        return {1: self.field} if self._frequency else {}

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """Equal values."""
        return {1: chance_equal(self._records[persons])} if self._frequency else {}


class TextComparison(Comparison):
    """Free text and single names of any language: equal, close (Jaro-Winkler or one edit), similar, different."""

    levels = known.TEXT

    def __init__(self, field: str, values: "pd.Series[Any]") -> None:
        from eligibility_audit.linkage.words import fold

        self.field = field
        codes, texts = encode(values)
        folded = [fold(text) for text in texts]
        self._records = gather(codes_of(folded), codes)
        self._texts = _distinct(codes_of(folded), folded)
        self._start = gather(codes_of([text[:4] for text in self._texts]), self._records)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """The folded text, and its first four letters."""
        return {self.field: self._records, f"{self.field}_start": self._start}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.where(a == b, 1, 4).astype(np.int8)
        out[(a < 0) | (b < 0)] = known.NOT_COMPARABLE
        rows = np.flatnonzero(out == 4)
        if not len(rows):
            return out
        first, second, back = distinct_pairs(a[rows], b[rows])
        one, two = [self._texts[i] for i in first], [self._texts[i] for i in second]
        alike = cpdist(one, two, scorer=JaroWinkler.similarity, score_cutoff=0.8, dtype=np.float32)
        level = np.select([alike >= 0.93, alike >= 0.85], [2, 3], 4).astype(np.int8)
        unsure = np.flatnonzero(level > 2)
        edits = cpdist([one[k] for k in unsure], [two[k] for k in unsure], scorer=OSA.distance, score_cutoff=1)
        long = np.array([min(len(one[k]), len(two[k])) > 3 for k in unsure], dtype=bool)
        level[unsure[(edits <= 1) & long]] = 2
        out[rows] = level[back]
        return out

    @property
    def tables(self) -> Mapping[str, Table]:
        """The values."""
        return {self.field: Table(self._texts, self._records)}

    @property
    def adjusted(self) -> Mapping[int, str]:
        """Equal values."""
        return {1: self.field}

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """Equal values."""
        return {1: chance_equal(self._records[persons])}


class NumberComparison(Comparison):
    """Numbers and codes of digits: equal, one digit apart, different."""

    levels = known.NUMBER

    def __init__(self, field: str, values: "pd.Series[Any]") -> None:
        self.field = field
        codes, texts = encode(values)
        plain = [text.removesuffix(".0").strip() for text in texts]
        self._records = gather(codes_of(plain), codes)
        self._texts = _distinct(codes_of(plain), plain)

    @property
    def keys(self) -> Mapping[str, Ints]:
        """The number."""
        return {self.field: self._records}

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        a, b = self._records[left], self._records[right]
        out = np.where(a == b, 1, 3).astype(np.int8)
        out[(a < 0) | (b < 0)] = known.NOT_COMPARABLE
        rows = np.flatnonzero(out == 3)
        if len(rows):
            first, second, back = distinct_pairs(a[rows], b[rows])
            one, two = [self._texts[i] for i in first], [self._texts[i] for i in second]
            edits = cpdist(one, two, scorer=OSA.distance, score_cutoff=1)
            out[rows] = np.where(edits <= 1, 2, 3).astype(np.int8)[back]
        return out

    @property
    def tables(self) -> Mapping[str, Table]:
        """The values."""
        return {self.field: Table(self._texts, self._records)}

    @property
    def adjusted(self) -> Mapping[int, str]:
        """Equal values."""
        return {1: self.field}

    def counted(self, persons: Ints) -> Mapping[int, float]:
        """Equal values."""
        return {1: chance_equal(self._records[persons])}


class KinshipComparison(Comparison):
    """What relatives share must not speak for them: twins, siblings with consecutive numbers; two contradictions."""

    levels = known.KINSHIP

    def __init__(self, field: str, name: str, date: str, national_id: str) -> None:
        self.field = field
        self._fields = (name, date, national_id)

    def compare(self, left: Ints, right: Ints, before: Compared) -> Levels:
        """See `Comparison`."""
        name, date, number = (before[field] for field in self._fields)
        id_differs = number == position(known.NATIONAL_ID, "different")
        neighbour = number == position(known.NATIONAL_ID, "neighbour")
        other_name = name >= position(known.NAME, "marks_differ")
        same_day = date == position(known.DATE, "day")
        other_day = np.isin(date, [position(known.DATE, name) for name in ("same_year", "different", "year_differs")])
        conditions = [
            same_day & other_name & (id_differs | neighbour),
            neighbour & (other_name | other_day),
            id_differs & other_day,
        ]
        return np.select(conditions, [1, 2, 3], 0).astype(np.int8)


def _distinct(codes: Ints, texts: Sequence[str]) -> list[str]:
    """The text of each code."""
    out = [""] * (int(codes.max(initial=-1)) + 1)
    for code, text in zip(codes.tolist(), texts, strict=True):
        if code >= 0:
            out[code] = text
    return out


def _without_placeholders(ids: Ints, names: Ints) -> Ints:
    """Numbers that stand for many names (000000000, 123456789) identify nobody: they count as missing."""
    pairs = combine([ids, names])
    first = np.unique(pairs, return_index=True)[1]
    holders = np.bincount(ids[first][pairs[first] >= 0], minlength=int(ids.max(initial=0)) + 1)
    return np.where((ids >= 0) & (holders[np.maximum(ids, 0)] > MOST_NAMES_OF_AN_ID), MISSING, ids)


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


def _date_parts(text: str) -> tuple[int, int, int]:
    """Year, month, day (0 = unknown) of ISO text, of eight digits, or of day/month/year; all 0 where it is no date."""
    pieces = text.split("T", maxsplit=1)[0].split(" ", maxsplit=1)[0].replace("/", "-").replace(".", "-").split("-")
    if len(pieces) == 1 and len(text) == 8:
        pieces = [text[:4], text[4:6], text[6:]]
    elif len(pieces) > 1 and len(pieces[-1]) == 4:
        pieces = pieces[::-1]
    parts = [int(piece) if piece.isdigit() else 0 for piece in (*pieces, "0", "0")[:3]]
    fine = 0 < parts[0] < 10_000 and parts[1] < 13 and parts[2] < 32
    return (parts[0], parts[1], parts[2] if parts[1] else 0) if fine else (0, 0, 0)


def _unlike_digits(a: Ints, b: Ints, width: int) -> Ints:
    """How many of the last `width` digits differ."""
    count = np.zeros(len(a), dtype=np.int8)
    for _ in range(width):
        count += a % 10 != b % 10
        a, b = a // 10, b // 10
    return count


def _told(text: str) -> tuple[int, int]:
    """Birth year and male (1/0) in a number of 12 digits: PPP C YY SSSSSS, C = century and sex; (0, -1) otherwise."""
    if len(text) != 12 or not text.isdigit():
        return 0, MISSING
    century = int(text[3])
    return 1900 + 100 * (century // 2) + int(text[4:6]), 1 - century % 2


def _male(sex: "pd.Series[Any]") -> Levels:
    codes, texts = encode(sex)
    told = np.array([{"M": 1, "F": 0}.get(text.upper(), MISSING) for text in texts], dtype=np.int8)
    return np.asarray(gather(told, codes), dtype=np.int8)


def _swapped(a: Ints, b: Ints, unlike: Flags) -> Flags:
    """Two neighbouring digits exchanged, where exactly two digits differ."""
    if not len(a):
        return np.zeros(0, dtype=bool)
    first = unlike.argmax(axis=1)
    last = unlike.shape[1] - 1 - unlike[:, ::-1].argmax(axis=1)
    rows = np.arange(len(a))
    exchanged = (a[rows, first] == b[rows, last]) & (a[rows, last] == b[rows, first])
    return np.asarray(exchanged & (last - first == 1), dtype=bool)


__all__ = [
    "Comparison",
    "DateComparison",
    "EqualComparison",
    "KinshipComparison",
    "NameComparison",
    "NationalIdComparison",
    "NumberComparison",
    "PlaceComparison",
    "SexComparison",
    "Table",
    "TextComparison",
]
