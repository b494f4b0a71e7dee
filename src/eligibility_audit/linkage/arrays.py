"""Integer codes in place of values: what blocking and comparing work on. A code of -1 is a missing value."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.int8]

MISSING = -1
_ODD = np.uint64(0x9E3779B97F4A7C15)


def firsts(codes: Ints) -> npt.NDArray[np.int64]:
    """The position of the first of each code, where codes are numbered by first appearance; missing ones left out."""
    highest = np.maximum.accumulate(codes) if len(codes) else codes
    return np.flatnonzero(np.diff(highest, prepend=MISSING) > 0)


def codes_of(texts: Sequence[str]) -> npt.NDArray[np.int32]:
    """One code a distinct text; "" is missing."""
    column = np.empty(len(texts), dtype=object)
    column[:] = [text or None for text in texts]
    return np.asarray(pd.factorize(column, use_na_sentinel=True)[0], dtype=np.int32)


def gather(table: npt.NDArray[Any], codes: Ints, missing: Any = MISSING) -> npt.NDArray[Any]:
    """`table[codes]`, and `missing` where the code is missing."""
    if len(table) == 0:
        return np.full(len(codes), missing, dtype=table.dtype)
    return np.where(codes < 0, np.asarray(missing, dtype=table.dtype), table[codes])


def combine(columns: Sequence[Ints]) -> npt.NDArray[np.int64]:
    """One code for each distinct combination; missing where any part is missing."""
    code = _one_number(columns)
    numbered = np.asarray(pd.factorize(code)[0], dtype=np.int64)
    return np.where(code < 0, MISSING, numbered)


def grouped(columns: Sequence[Ints]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Positions grouped by equal values in all columns, in order within a group, and the bounds of the groups: group k
    is `rows[bounds[k]:bounds[k + 1]]`. Positions with a missing value are left out."""
    code = _one_number(columns)
    bits = max(len(code) - 1, 1).bit_length()
    if int(code.max(initial=0)) >= 1 << (62 - bits):
        code = np.where(code < 0, -1, pd.factorize(code)[0])
    packed = np.flatnonzero(code >= 0)
    packed |= code[packed] << bits
    packed.sort()  # one sort of numbers, by far cheaper than an order of codes
    rows = (packed & ((1 << bits) - 1)).astype(np.int32)
    packed >>= bits
    bounds = np.flatnonzero(packed[1:] != packed[:-1]) + 1
    return rows, np.concatenate([[0], bounds, [len(rows)]]) if len(rows) else np.zeros(1, dtype=np.int64)


def _one_number(columns: Sequence[Ints]) -> npt.NDArray[np.int64]:
    """A number for each combination, the same only for equal ones; -1 where any part is missing."""
    code = np.array(columns[0], dtype=np.int64)
    for column in columns[1:]:
        width = int(column.max(initial=0)) + 1
        if (int(code.max(initial=0)) + 1) * width >= 1 << 62:
            code = np.where(code < 0, -1, pd.factorize(code)[0])
        lacking = (code < 0) | (column < 0)
        code *= width
        code += column
        code[lacking] = MISSING
    return code


def text_numbers(texts: Sequence[str]) -> npt.NDArray[np.uint64]:
    """A number of 64 bits for each text, the same for the same text in any table, on any machine."""
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return np.asarray(pd.util.hash_array(column, categorize=False), dtype=np.uint64)


def mixed(numbers: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Numbers spread over 63 bits, none below 0 (the finalizer of splitmix64, Steele, Lea and Flood 2014)."""
    x = numbers.astype(np.uint64)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((x ^ (x >> np.uint64(31))) >> np.uint64(1)).astype(np.int64)


def run_numbers(items: npt.NDArray[Any], start: Ints, *, in_order: bool = True) -> npt.NDArray[np.int64]:
    """A number for each run `items[start[i]:start[i + 1]]`, the same for the same items (in any order, unless
    `in_order`) in any table; 0 for an empty run."""
    length = np.diff(start)
    if in_order:
        place = np.arange(len(items)) - np.repeat(start[:-1], length).astype(np.int64)
        powers = np.cumprod(np.append(np.uint64(1), np.full(int(length.max(initial=0)), _ODD)))
        items = np.asarray(items * powers[place])
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(items, dtype=np.uint64)])
    return mixed(sums[start[1:]] - sums[start[:-1]])


def distinct_pairs(left: Ints, right: Ints) -> tuple[Ints, Ints, npt.NDArray[np.int64]]:
    """The distinct pairs of codes (left, right) and, for each pair given, the position of its distinct pair."""
    width = int(max(left.max(initial=0), right.max(initial=0))) + 1
    positions, pairs = pd.factorize(left.astype(np.int64) * width + right)
    pairs = np.asarray(pairs, dtype=np.int64)
    return pairs // width, pairs % width, np.asarray(positions, dtype=np.int64)
