"""People's names: one form of text, the alias taken out, and keys for comparison."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

import pandas as pd

_TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff]")


def _plain_letters() -> dict[int, str]:
    """Precomposed Vietnamese letters, small, without their marks."""
    marks = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    letters = {unicodedata.normalize("NFC", v + m): v for v in "aăâeêioôơuưy" for m in marks} | {"đ": "d"}
    bare = {letter: unicodedata.normalize("NFD", v)[0] for letter, v in letters.items()}
    return {ord(letter): v for letter, v in bare.items() if len(letter) == 1 and letter != v}


_PLAIN: Final = _plain_letters()


def tidy(text: str) -> str:
    """NFC, single spaces, no space at the ends; invisible characters count as spaces."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(_INVISIBLE.sub(" ", unicodedata.normalize("NFC", text)).split())


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Lower case, no diacritics (đ is d), single spaces: 'Đặng  Thị Hòa' -> 'dang thi hoa'."""
    letters = text.lower().translate(_PLAIN)
    if not letters.isascii():
        parts = unicodedata.normalize("NFD", _INVISIBLE.sub(" ", letters))
        letters = "".join(c for c in parts if not unicodedata.combining(c)).replace("đ", "d")
    return " ".join(letters.split())


@lru_cache(maxsize=1 << 16)
def same_spelling_key(text: str) -> str:
    """Equal for two spellings of one word that differ in where the tone mark stands: hòa and hoà.

    Lower case, NFC, each syllable's tone mark moved to its end; i and y are kept apart. For comparison only.
    """
    syllables = []
    for syllable in _INVISIBLE.sub(" ", text.lower()).split():
        letters = unicodedata.normalize("NFD", syllable)
        plain = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
        syllables.append(plain + "".join(sorted(c for c in letters if c in _TONES)))
    return " ".join(syllables)


def folded(column: "pd.Series[str]") -> "pd.Series[str]":
    """`fold` over a column, once a distinct value; null stays null."""
    codes, distinct = pd.factorize(column)
    texts = pd.array([fold(str(value)) for value in distinct] + [None], dtype="string[pyarrow]")
    return pd.Series(texts.take(codes), index=column.index, name=column.name)


class ReadName(NamedTuple):
    """A name without its alias, the alias, and a problem (empty_name) where there is no name in the cell."""

    name: str | None
    alias: str | None = None
    problem: str = ""


_ALIAS_WORD: Final = (
    r"(?:b[íi]\s?danh|tên\s(?:gọi\s)?(?:khác|thường\sgọi|thật|tự|cúng\scơm|hèm|gọi\sở\snhà|gọi)|ten\s(?:goi\s)?khac|"
    r"ten\sthuong\sgoi|tức(?:\slà)?|tuc(?:\sla)?|thường\sgọi(?:\slà)?|còn\sgọi\slà|con\sgoi\sla|hay\sgọi\slà|"
    r"biệt\s(?:danh|hiệu)|alias|b\.d\.?)"
)
_ALIAS_LABEL: Final = re.compile(rf"^{_ALIAS_WORD}\s*[:.\-]?\s*", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"[(\[{]([^)\]}]*)[)\]}]?")
_ALIAS_BARE: Final = re.compile(rf"^(\S+\s+\S.*?)\s*(?:[,;:\-–]\s*|\s){_ALIAS_WORD}\s*[:.\-]?\s+(\S.*)$", re.IGNORECASE)
_ALIAS_SLASH: Final = re.compile(r"^(\S+\s+[^/]+?)\s*[/=]\s*(\D{2,40})$")
_ORDINAL: Final = re.compile(r"^\s*(?:\d+\s*[.)\-:]|[-*+•]+)\s*")
_YEAR_AFTER: Final = re.compile(r"[\s,;\-–]*(?:sn|ns|sinh năm|sinh)?[\s.:]*\b(?:18|19|20)\d{2}\b.*$", re.IGNORECASE)
_TITLE: Final = re.compile(
    r"^(?:ông|bà|cụ|anh|chị|đ/c|đồng chí|ô|b)(?:\s*[.:]\s*|\s+(?=(?:nguyễn|trần|lê|phạm|vũ|võ|hoàng|huỳnh|đỗ|bùi|đặng|"
    r"phan|ngô|dương|đinh|đào|mai|lương|hà|trịnh|tạ|cao)\s+\S+\s+\S))",
    re.IGNORECASE,
)
_NO_NAME: Final = frozenset(
    {"khong", "khong co", "khong ro", "khong ten", "khong xac dinh", "chua ro", "chua co", "chua xac dinh", "trong"}
    | {"khuyet", "nt", "nhu tren", "bo trong", "null", "none", "nan", "na", "x", "xx", "xxx", "de trong"}
)
_NO_ALIAS: Final = re.compile(
    r"\d|^(?:da|chet|mat|tu tran|con|vo|chong|me|bo|cha|ong|ba|ls|tb|bb|lt|liet|thuong|benh|nam|nu|hy sinh|chu ho|"
    r"khong|than nhan|nguoi|giam ho|moi|cu|so|hh|hdkc|ho|tai|o|den|di|chuyen|cat|dung|tam)\b"
)


# what a name may be read from without a closer look: letters and single spaces, and none of the words looked for below
PLAIN_NAME: Final = r"^\p{L}+( \p{L}+)+$"
NOT_PLAIN_NAME: Final = (
    r"(?i)b[íi] ?danh|t[ứu]c|tên|ten |gọi|goi |biệt|alias|^(ông|bà|cụ|anh|chị|đồng chí|ô|b|không|khong|chưa|chua|bỏ|bo|"
    r"để|de|như|nhu) "
)


def read_name(text: str) -> ReadName:
    """The name in a cell as received but for its alias: '(bí danh Hà)', '- tức Kính', 'tên thường gọi Tý'.

    NFC, single spaces, case as received; an ordinal, a title before a surname and a birth year after it are taken off.
    """
    name, aliases = _TITLE.sub("", _ORDINAL.sub("", tidy(text))), []
    for match in _BRACKETS.finditer(name):
        inner = tidy(match.group(1)).strip(" .,:;")
        alias = _ALIAS_LABEL.sub("", inner)
        if alias and (alias != inner or not _NO_ALIAS.search(fold(inner))):
            aliases.append(alias)
    name = tidy(_BRACKETS.sub(" ", name))
    if bare := _ALIAS_BARE.match(name) or _ALIAS_SLASH.match(name):
        name, alias = bare.groups()
        aliases.insert(0, alias.strip(" .,;"))
    if any(c.isdigit() for c in name):
        name = _YEAR_AFTER.sub("", name)
    name = name.strip(" .,;:*-–_'\"?/\\")
    if sum(c.isalpha() for c in name) < 2 or fold(name) in _NO_NAME:
        return ReadName(None, None, "empty_name")
    return ReadName(name, "; ".join(aliases) or None)
