"""Comparing two records field by field, each to a level of agreement.

A comparison reads its columns once, into codes over the distinct values; `compare` then takes two arrays of record
positions and gives one level each (0 = not comparable). Later comparisons see the levels of earlier ones, which is how
dependence is dealt with: where the name agrees, the sex says nothing new.
"""

import types
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from eligibility_audit.linkage.arrays import Flags, Ints, Levels
from eligibility_audit.linkage.levels import Level

Compared = Mapping[str, Levels]


@dataclass(frozen=True)
class Table:
    """Distinct values, and the value of each record as a code (-1 = none).

    `parts`: tables of parts of the values, each with the part of every distinct value as a code of that table: from
    them the frequency of a value is told that is too rare to be counted. `together`: values are pairs of parts; what
    counts is how many times more often than chance the two occur together. `of_lines`: counted over lines, where the
    choice of one line a person would prefer some values.
    """

    values: pa.StringArray
    codes: Ints
    parts: tuple[tuple[str, Ints], ...] = ()
    together: bool = False
    of_lines: bool = False


class Comparison(ABC):
    """What the engine asks of a comparison.

    The first `names` levels say that the whole name agrees; `tells_apart` is true of fields whose disagreement means
    two people (a person moves, but keeps the birth date).
    """

    field: str
    levels: tuple[Level, ...]
    names: int = 0
    tells_apart: bool = False
    needs: tuple[str, ...] = ()  # fields that must have been compared before
    lifts: bool = False
    rare_by: tuple[str, ...] = ()  # of a comparison that lifts: the fields whose frequency tells what chance does
    tied: Mapping[int, tuple[int, int, int]] = types.MappingProxyType({})

    @property
    def keys(self) -> Mapping[str, Ints]:
        """Codes by record that blocking may use, by name."""
        return {}

    @property
    def stable(self) -> Mapping[str, Ints]:
        """Keys as numbers that are the same for the same value in any table (63 bits; -1 = missing), by name.

        A key that is not among them is known only within its table.
        """
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

    def telling(self, found: Compared) -> Mapping[int, tuple[Flags, ...]]:
        """By level of a comparison that lifts: the conditions that would be independent, for the pairs of `found`."""
        return {}

    def like(self, code: int) -> tuple[int, ...]:
        """The levels whose matches have the rarities of this one's."""
        return (code,)

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


def flagged(levels: tuple[Level, ...], names: Iterable[str]) -> Flags:
    """By level code, whether it is one of these levels."""
    flags = np.zeros(len(levels) + 1, dtype=bool)
    flags[[position(levels, name) for name in names]] = True
    return flags
