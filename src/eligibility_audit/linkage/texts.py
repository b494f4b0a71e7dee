"""Columns of text as codes and distinct Arrow texts: nothing is made a Python string that need not be."""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from eligibility_audit.linkage.arrays import MISSING, Ints, gather

Codes = npt.NDArray[np.int32]


def encode(values: "pd.Series[Any]") -> tuple[Codes, list[str]]:
    """Codes of the values and the distinct values, in order of first appearance; null and "" are missing."""
    codes, texts = dictionary(values)
    return codes, listed(texts)


def dictionary(values: "pd.Series[Any] | pa.StringArray") -> tuple[Codes, pa.StringArray]:
    """As `encode`, the distinct values as Arrow text: for columns that have as many as rows."""
    column: Any = values
    if isinstance(values, pd.Series):
        column = pa.array(values.astype("string[pyarrow]"), from_pandas=True)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    coded = column.cast(pa.large_string()).dictionary_encode()
    return _without_blank(coded.indices.fill_null(MISSING).to_numpy(), coded.dictionary.cast(pa.string()))


def _without_blank(codes: Ints, texts: pa.StringArray) -> tuple[Codes, pa.StringArray]:
    blank = int(pc.index(texts, "").as_py())
    if blank < 0:
        return codes.astype(np.int32, copy=False), texts
    moved = np.where(codes == blank, MISSING, codes - (codes > blank))
    return moved.astype(np.int32), pa.concat_arrays([texts[:blank], texts[blank + 1 :]])


def recoded(codes: Ints, texts: pa.StringArray) -> tuple[Codes, pa.StringArray]:
    """Codes whose texts have been changed, so that equal texts are one code again; "" is missing."""
    table, distinct = dictionary(texts)
    return gather(table, codes), distinct


def text_array(texts: Sequence[str]) -> pa.StringArray:
    """Texts as an Arrow array."""
    return pa.array(texts, type=pa.string())


def taken(texts: pa.StringArray, codes: Ints) -> pa.StringArray:
    """The texts of these codes."""
    return texts.take(pa.array(codes, type=pa.int64()))


def listed(texts: pa.StringArray, codes: Ints | None = None) -> list[str]:
    """All texts, or those of these codes, as Python strings."""
    return cast(list[str], (texts if codes is None else taken(texts, codes)).to_pylist())


def letters_and_digits(texts: pa.StringArray) -> pa.StringArray:
    """Capitals and digits alone."""
    return pc.replace_substring_regex(pc.utf8_upper(texts), r"[^\p{L}\p{N}]+", "")


def words_joined(words: pa.StringArray, start: Ints) -> pa.StringArray:
    """Runs of words, `start[i]` to `start[i + 1]`, with a space between."""
    runs = pa.ListArray.from_arrays(pa.array(start, type=pa.int32()), words)
    return cast(pa.StringArray, pc.binary_join(runs, " "))


def split_at_spaces(texts: pa.StringArray) -> tuple[npt.NDArray[np.int64], Codes, list[str]]:
    """Where the tokens of each text start among all tokens, the code of each token, and the distinct tokens."""
    lists: Any = pc.utf8_split_whitespace(texts)
    tokens = lists.values.dictionary_encode()
    return lists.offsets.to_numpy().astype(np.int64), tokens.indices.to_numpy(), tokens.dictionary.to_pylist()


def positions_in(texts: pa.StringArray, listed_texts: Sequence[str]) -> Ints:
    """The position of each text in a list; -1 where it is not listed."""
    found: Any = pc.index_in(texts, text_array(listed_texts))
    return cast(Ints, found.fill_null(MISSING).to_numpy())
