"""Texts that a spreadsheet would take for a formula are made inert (design.md, 5): an apostrophe is put before them.

This holds for every text column of every CSV file, ids and `rejects.raw` too: those files are opened in Excel by
people, and a name, a sheet or a file can be called `=HYPERLINK(...)`. It can be undone exactly: an apostrophe is also
put before a text that already begins with apostrophes and then such a sign, so that taking one away (`as_received`)
gives back what was there. Numbers are not texts and are left alone: -5 stays -5.
"""

import re
from typing import Any, Final, cast

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# = + - @, tab, carriage return and line feed, and the full-width forms that East Asian editions of Excel take as well.
PATTERN: Final = "^'*[=+\\-@\\t\\r\\n＝＋－＠]"
_BEGINS: Final = re.compile("(?m)^'*[=+\\-@＝＋－＠]")
# Control characters but the line feed, signs that turn the direction of writing, halves of surrogate pairs.
_UNSEEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f\u0085\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
INERT_PATTERN: Final = "^'+[=+\\-@\\t\\r\\n＝＋－＠]"


def inert(texts: "pa.ChunkedArray[Any]") -> "pa.ChunkedArray[Any]":
    """The texts, those that a spreadsheet could run behind an apostrophe; nulls stay null."""
    dangerous = pc.match_substring_regex(texts, PATTERN)
    if not pc.any(dangerous, skip_nulls=True).as_py():
        return texts
    apostrophe, nothing = pa.scalar("'", texts.type), pa.scalar("", texts.type)
    marked = pc.if_else(dangerous, pc.binary_join_element_wise(apostrophe, texts, nothing), texts)
    return cast("pa.ChunkedArray[Any]", marked)


def plain(text: str) -> str:
    """A text as it stands in a document: nothing unseen in it, and no line of it that a spreadsheet would run.

    Lines, not only the whole: a paragraph pasted from a document into a spreadsheet is a cell of its own.
    """
    seen = _UNSEEN.sub(" ", text).lstrip(" ") if _UNSEEN.search(text) else text
    return _BEGINS.sub(r"'\g<0>", seen) if _BEGINS.search(seen) else seen


def as_received(texts: "pd.Series[str]") -> "pd.Series[str]":
    """The texts of a CSV column as they were before `inert`; nulls stay null."""
    marked = texts.str.contains(INERT_PATTERN, regex=True).fillna(False).astype(bool)
    return texts.mask(marked, texts.str.slice(1)) if marked.any() else texts
