"""Legacy Vietnamese text: TCVN3 (.VnTime fonts), VNI, and UTF-8 read as if it were Windows-1252.

Such text arrives as ordinary Latin-1 characters (`NguyÔn V¨n Thµnh`, `Nguyeãn Vaên Thaønh`), and many cells read alike
in two encodings ('Quý'). What decides is which reading makes Vietnamese syllables: first of the cell, then of the other
cells of a row that departs from its columns, then of the column. Correct Unicode is left alone: it wins every tie.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Encoding = Literal["unicode", "tcvn3", "vni"]
ENCODINGS: Final[tuple[Encoding, ...]] = ("unicode", "tcvn3", "vni")
TWICE: Final = "utf-8 twice"  # label of a value that was UTF-8 bytes shown as Windows-1252
MIXED: Final = "mixed"  # label of a value with words in Unicode and words in an old encoding
TEXT: Final = "string[pyarrow]"
UNDECIDED: Final = -1
LEGACY: Final = 3
SURE: Final = 2.0  # faults by which a reading must be better to be taken: one impossible syllable counts 3

_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_TONES: Final = _GRAVE + _HOOK + _TILDE + _ACUTE + _DOT
_VOWELS: Final = "aăâeêioôơuưy"

# TCVN3: the codes of each vowel with the five tones, in the order of _TONES.
_TCVN3_TONED: Final = dict(
    zip(
        _VOWELS,
        re.findall(r".{5}", "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ"),
        strict=True,
    )
)
_TCVN3_PLAIN: Final = dict(zip("ăâđêôơưĂÂĐÊÔƠƯ", "¨©®ª«¬\xad¡¢§£¤¥¦", strict=True))

# VNI: a vowel and the code that follows it; a few letters have a code of their own.
_VNI_TONE: Final = dict(zip(_TONES, "øûõùï", strict=True))
_VNI_CIRCUMFLEX: Final = dict(zip(_TONES, "àåãáä", strict=True)) | {"": "â"}
_VNI_BREVE: Final = dict(zip(_TONES, "èúüéë", strict=True)) | {"": "ê"}
_VNI_PLAIN: Final = dict(zip("đơưìíỉĩịỵ", "ñôöìíæóòî", strict=True))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _tcvn3_table() -> dict[str, str]:
    table = {code: letter for letter, code in _TCVN3_PLAIN.items()}
    for vowel, codes in _TCVN3_TONED.items():
        for tone, code in zip(_TONES, codes, strict=True):
            table[code] = _nfc(vowel + tone)
            capital = _TCVN3_PLAIN.get(vowel.upper(), vowel.upper())
            table[capital + code] = _nfc(vowel.upper() + tone)  # some converters write a toned capital in two codes
    return table


def _vni_table() -> dict[str, str]:
    table = {code: letter for letter, code in _VNI_PLAIN.items()}
    for vowel, base in [("a", "a"), ("e", "e"), ("o", "o"), ("u", "u"), ("y", "y"), ("ơ", "ô"), ("ư", "ö")]:
        table |= {base + code: _nfc(vowel + tone) for tone, code in _VNI_TONE.items()}
    for vowel, base in [("â", "a"), ("ê", "e"), ("ô", "o")]:
        table |= {base + code: _nfc(vowel + tone) for tone, code in _VNI_CIRCUMFLEX.items()}
    table |= {"a" + code: _nfc("ă" + tone) for tone, code in _VNI_BREVE.items()}
    for code, letter in list(table.items()):
        table[code.upper()] = letter.upper()
        if len(code) == 2:  # the case of the vowel is the case of the letter, whatever that of its mark
            table[code[0] + code[1].upper()] = letter
            table[code[0].upper() + code[1]] = letter.upper()
    return table


def _pattern(table: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True))))


_TABLES: Final = {"tcvn3": _tcvn3_table(), "vni": _vni_table()}
_PATTERNS: Final = {name: _pattern(table) for name, table in _TABLES.items()}
_LETTERS: Final = frozenset(
    _nfc(letter + tone) for vowel in _VOWELS + _VOWELS.upper() for letter in vowel for tone in ("", *_TONES)
) | set("đĐ")
_LATIN1: Final = re.compile(r"[\xa1-\xff]")
_BEYOND: Final = re.compile(r"[\u0100-\u1fff]")
_TOKEN: Final = re.compile(r"[A-Za-z0-9\u00a1-\u1fff\u2c00-\uffef]+")
_CAPITALS: Final = re.compile(r"[A-Z][^a-z\s]*[A-Z]")
_SMALL: Final = re.compile(r"[a-z]")


def decode(text: str, encoding: str) -> str:
    """The text in Unicode, NFC, from an encoding that `guess` or `repair` names. Whole capitals stay capitals."""
    if encoding == TWICE:
        return _nfc(_undo_twice(text) or text)
    if encoding not in _TABLES:
        return _nfc(text)
    table = _TABLES[encoding]
    decoded = _nfc(_PATTERNS[encoding].sub(lambda code: table[code.group()], text))
    if encoding == "tcvn3" and _CAPITALS.search(text) and not _SMALL.search(text):
        return decoded.upper()  # .VnTimeH: toned capitals are written with the codes of small letters
    return decoded


# -- what makes a Vietnamese syllable

_ONSET_LIST: Final = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q qu r s t th tr v x"
_RIME_LIST: Final = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et
ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu o oc oi om on ong op ot
oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăp oăt oe oem oen oeo oet oong ooc
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uâ uân uâng uât uây uê uêch uên uênh uêt uêu
uơ uy uya uych uyn uynh uyp uyt uyu uyên uyêt uôc uôi uôm uôn uông uôt ư ưa ưc ưi ưm ưn ưng ưt ưu
ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu yt ym yn ynh ych"""
_ONSETS: Final = frozenset(_ONSET_LIST.split()) | {""}
_RIMES: Final = frozenset(_RIME_LIST.split())
_ONSET: Final = re.compile(r"(ngh|ng|nh|gi|gh|kh|ch|ph|th|tr|qu|[bcdđghklmnpqrstvx]?)(.*)", re.DOTALL)
_STOP: Final = re.compile(r"(?:c|ch|p|t)$")
_VOWEL: Final = re.compile(r"[aăâeêioôơuưy]")
_LETTER_RUN: Final = re.compile(r"[^\d]+")


def _syllable_fault(run: str) -> float:
    """0 for a possible Vietnamese syllable, 3 for an impossible one; in between where spelling is often careless."""
    if any(letter not in _LETTERS and not letter.isascii() for letter in run):
        return 3.0
    letters = unicodedata.normalize("NFD", run.lower())
    tones = [mark for mark in letters if mark in _TONES]
    plain = _nfc("".join(mark for mark in letters if mark not in _TONES))
    if not _VOWEL.search(plain):
        return 0.5  # an abbreviation: QĐ, LĐTBXH
    if len(tones) > 1 or not _is_rime(plain):
        return 3.0
    if _STOP.search(plain) and tones not in ([_ACUTE], [_DOT]):
        return 1.0 if not tones else 3.0
    return 0.0


def _odd_case(run: str) -> bool:
    """A capital after a small letter: 'ThÕ' is no Unicode word."""
    return any(a.islower() and b.isupper() for a, b in pairwise(run))


def _is_rime(plain: str) -> bool:
    match = _ONSET.fullmatch(plain)
    if match is None:
        return False
    onset, rime = match.groups()
    if onset == "qu":
        return rime in _RIMES and not rime.startswith(("u", "ư", "o"))
    if onset == "gi":
        return rime in _RIMES or "i" + rime in _RIMES
    return onset in _ONSETS and rime in _RIMES


@lru_cache(maxsize=1 << 17)
def _token_faults(token: str) -> tuple[float, float, float]:
    """What speaks against reading a token in each of ENCODINGS."""
    if token.isascii() or not any("A" <= c <= "z" or c in _LETTERS or c in "®§ñÑ" for c in token):
        return (0.0, 0.0, 0.0)
    if token.rstrip("ñÑ").isdigit():
        return (3.0, 3.0, 0.0)  # an amount in đồng
    runs = _LETTER_RUN.findall(token)
    unicode_faults = sum(_syllable_fault(run) + (2.0 if _odd_case(run) else 0.0) for run in runs)
    return unicode_faults, _legacy_faults(token, "tcvn3"), _legacy_faults(token, "vni")


def _legacy_faults(token: str, encoding: str) -> float:
    left_over = _PATTERNS[encoding].sub("", token)
    if _BEYOND.search(token):
        return 6.0  # letters that no one-byte font has
    if _LATIN1.search(left_over):
        return 4.0  # codes that the encoding does not use
    return sum(_syllable_fault(run) for run in _LETTER_RUN.findall(decode(token, encoding)))


def _faults(text: str) -> tuple[float, float, float]:
    if text.isascii():
        return (0.0, 0.0, 0.0)
    faults = [_token_faults(token) for token in _TOKEN.findall(_nfc(text))]
    return (sum(f[0] for f in faults), sum(f[1] for f in faults), sum(f[2] for f in faults))


def _best(faults: Sequence[float]) -> Encoding:
    """The reading with the fewest faults; Unicode unless another is surely better."""
    best = min((1, 2), key=lambda which: faults[which])
    return ENCODINGS[best] if faults[0] - faults[best] >= SURE else "unicode"


def guess(texts: Iterable[str]) -> Encoding:
    """The encoding of a column's (or a row's) texts taken together. Blank and plain ASCII texts say nothing."""
    total = np.zeros(3)
    for text in texts:
        total += _faults(text)
    return _best(total.tolist())


# -- UTF-8 shown as Windows-1252

_TWICE_SIGN: Final = re.compile(r"[ÃÂÄÅÆáâ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ ]")
_BYTE_OF: Final = {bytes([b]).decode("cp1252"): b for b in range(256) if b not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}


def _undo_twice(text: str) -> str | None:
    """The text that was encoded twice, or null where it was not."""
    if not _TWICE_SIGN.search(text):
        return None
    for attempt in (text, text.replace("Ã ", "Ã\xa0")):  # the second byte of 'à' is a space to many programs
        try:
            decoded = bytes(_BYTE_OF.get(c, ord(c)) for c in attempt).decode("utf-8")
        except ValueError:
            continue
        return _undo_twice(decoded) or _nfc(decoded)
    return None


# -- columns and sheets


# Unicode beyond doubt: a letter that no one-byte font has, and nothing that is no Vietnamese letter
_CLEAN_HAS: Final = "[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]"
_ODD_LATIN: Final = "Ä-ÇËÎ-ÑÖ-ØÛÜÞßä-çëî-ñö-øûüþÿ"
_CLEAN_HAS_NOT: Final = f"[\u0080-\u00bf{_ODD_LATIN}\u0300-\u036f]"


@dataclass(frozen=True)
class _Column:
    """The distinct values of a column, and what speaks against each reading of each."""

    texts: "pd.Series[str]"
    codes: np.ndarray
    doubtful: dict[int, str]  # code -> text of the values that are neither ASCII nor Unicode beyond doubt
    faults: np.ndarray  # distinct values (and null, last) x ENCODINGS
    foreign: np.ndarray  # distinct values (and null, last): not ASCII

    def own(self) -> np.ndarray:
        """Of each cell: what its own text decides.

        A place in ENCODINGS; UNDECIDED; or LEGACY, where it is surely not Unicode but both old encodings read it.
        """
        unicode_, tcvn3, vni = self.faults[:, 0], self.faults[:, 1], self.faults[:, 2]
        legacy = np.minimum(tcvn3, vni)
        own = np.full(len(unicode_), UNDECIDED)
        own[legacy - unicode_ >= SURE] = 0
        surely = unicode_ - legacy >= SURE
        own[surely] = np.where(np.abs(tcvn3 - vni) < SURE, LEGACY, 1 + (vni < tcvn3))[surely]
        answer: np.ndarray = own[self.codes]
        return answer

    def votes(self, own: np.ndarray) -> np.ndarray:
        """Cells x ENCODINGS: a vote of each cell that decides."""
        votes = np.zeros((len(own), 3))
        votes[:, 0] = own == 0
        votes[:, 1] = (own == 1) + 0.5 * (own == LEGACY)
        votes[:, 2] = (own == 2) + 0.5 * (own == LEGACY)
        return votes

    def likely(self, own: np.ndarray) -> np.ndarray:
        """Where a cell reads either way: likely Unicode, for of a legacy list most cells make no Vietnamese."""
        answer: np.ndarray = (own == UNDECIDED) & self.foreign[self.codes]
        return answer


def _column(texts: "pd.Series[str]") -> _Column:
    codes, distinct = pd.factorize(texts)
    values = pa.array(distinct, type=pa.large_string(), from_pandas=True)
    ascii_ = np.asarray(pc.string_is_ascii(values)).astype(bool)
    clean = np.zeros(len(values), dtype=bool)
    faults = np.zeros((len(values) + 1, 3))
    if not ascii_.all():
        clean = np.asarray(
            pc.and_not(pc.match_substring_regex(values, _CLEAN_HAS), pc.match_substring_regex(values, _CLEAN_HAS_NOT))
        ).astype(bool)
        faults[:-1][clean] = (0.0, 6.0, 6.0)
    at_doubtful = np.flatnonzero(~clean & ~ascii_)
    doubtful = dict(zip(at_doubtful.tolist(), map(str, distinct[at_doubtful].tolist()), strict=True))
    for at, value in doubtful.items():
        faults[at] = _faults(value)
    return _Column(texts, codes, doubtful, faults, np.append(~ascii_, False))


def _decoded(column: _Column, chosen: np.ndarray) -> "tuple[pd.Series[str], np.ndarray]":
    """The column's texts each read as chosen (a place in ENCODINGS for each row), and where that was not Unicode."""
    changed = np.zeros(len(chosen), dtype=bool)
    if not column.doubtful:
        return column.texts, changed
    doubtful = np.zeros(len(column.faults), dtype=bool)
    doubtful[list(column.doubtful)] = True
    rows = np.flatnonzero(doubtful[column.codes])
    pairs, distinct = pd.factorize(column.codes[rows].astype("int64") * 3 + chosen[rows])
    read = [_read(column.doubtful[pair // 3], ENCODINGS[pair % 3]) for pair in distinct.tolist()]
    changed[rows] = np.array([label != "unicode" for _, label in read], dtype=bool)[pairs]
    table = pd.array([text for text, _ in read], dtype=TEXT)
    return _replaced(column.texts, rows, table.take(pairs)), changed


def _replaced(texts: "pd.Series[str]", rows: np.ndarray, with_: "pd.api.extensions.ExtensionArray") -> "pd.Series[str]":
    mask = np.zeros(len(texts), dtype=bool)
    mask[rows] = True
    received, given = (pa.array(values, type=pa.large_string(), from_pandas=True) for values in (texts, with_))
    whole = pc.replace_with_mask(received, pa.array(mask), given)
    return pd.Series(pd.array(whole, dtype=TEXT), index=texts.index, name=texts.name)


def _read(text: str, encoding: Encoding) -> tuple[str, str]:
    if text.isascii():
        return text, "unicode"
    if (once := _undo_twice(text)) is not None and _best(_faults(text)) != "vni":
        return once, TWICE
    decoded = decode(text, encoding)
    if encoding == "unicode" and _faults(text)[0] >= 3.0:
        by_token = _by_token(decoded)
        return by_token, encoding if by_token == decoded else MIXED
    return decoded, encoding


def _by_token(text: str) -> str:
    """Each word read for itself: a Unicode label typed before a pasted legacy name."""

    def one(match: re.Match[str]) -> str:
        return decode(match.group(), _best(_token_faults(match.group())))

    return _TOKEN.sub(one, text)


def _chosen(column: _Column, own: np.ndarray, row: np.ndarray, usual: int) -> np.ndarray:
    """The reading of each cell: its own evidence, else its row's, else its column's usual one.

    LEGACY cells take a legacy one; what reads worse than it stands is left as it stands.
    """
    around = np.where(row >= 0, row, usual)
    legacy = np.where(around > 0, around, usual if usual > 0 else 1)
    chosen = np.where(own == LEGACY, legacy, np.where(own >= 0, own, around))
    faults = column.faults[column.codes]
    worse = (own == UNDECIDED) & (faults[np.arange(len(own)), chosen] > faults[:, 0])
    answer: np.ndarray = np.where(worse, 0, chosen)
    return answer


def repair(column: "pd.Series[str]") -> "tuple[pd.Series[str], pd.Series[str]]":
    """The column decoded (NFC), and of each value the encoding it was read as; null stays null.

    A value whose own text decides is read by it; any other as its column is.
    """
    read = _column(column)
    own = read.own()
    usual = int((read.votes(own).sum(axis=0) + np.array([read.likely(own).sum(), 0, 0])).argmax())
    chosen = _chosen(read, own, np.full(len(column), UNDECIDED), usual)
    texts, _ = _decoded(read, chosen)
    labels = {at: [_read(text, encoding)[1] for encoding in ENCODINGS] for at, text in read.doubtful.items()}
    named = [
        None if code < 0 else labels[code][which] if code in labels else "unicode"
        for code, which in zip(read.codes.tolist(), chosen.tolist(), strict=True)
    ]
    return texts, pd.Series(pd.array(named, dtype=TEXT), index=column.index)


def repair_rows(columns: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """The text columns of one sheet decoded, and of each row whether any of them was not plain Unicode.

    As `repair`, and where a row's cells depart from their columns' encoding (rows pasted from elsewhere), those of its
    cells that could be read either way go with the row.
    """
    decoded, changed = repair_columns({str(name): columns[name] for name in columns})
    return pd.DataFrame(decoded, index=columns.index), changed


def repair_columns(columns: "dict[str, pd.Series[str]]") -> "tuple[dict[str, pd.Series[str]], np.ndarray]":
    """`repair_rows` of columns that are not in a frame; at least one."""
    read = {name: _column(texts) for name, texts in columns.items()}
    changed = np.zeros(len(next(iter(columns.values()))), dtype=bool)
    if not any(column.doubtful for column in read.values()):
        return columns, changed
    owns = {name: column.own() for name, column in read.items()}
    votes = {name: column.votes(owns[name]) for name, column in read.items()}
    usual = _usual(votes, {name: column.likely(owns[name]) for name, column in read.items()})
    row = np.full(len(changed), UNDECIDED)
    if any(usual.values()) or any((own > 0).any() for own in owns.values()):
        departs = sum((_departures(votes[name], usual[name]) for name in read), np.zeros((len(changed), 3)))
        row = np.where(departs.max(axis=1) > 0, departs.argmax(axis=1), UNDECIDED)
    decoded = {}
    for name, column in read.items():
        decoded[name], legacy = _decoded(column, _chosen(column, owns[name], row, usual[name]))
        changed |= legacy
    return decoded, changed


def _usual(votes: dict[str, np.ndarray], likely: dict[str, np.ndarray]) -> dict[str, int]:
    """The usual encoding of each column: the sheet's, unless the column keeps another where its rows keep the sheet's.

    So a few pasted rows do not make their encoding that of a column whose own words read either way.
    """
    everything = sum(votes.values(), np.zeros_like(next(iter(votes.values()))))
    decided = everything.any(axis=1)
    rows = np.bincount(everything[decided].argmax(axis=1), minlength=3)
    rows[0] += np.logical_or.reduce(list(likely.values()))[~decided].sum()
    base = int(rows.argmax())
    usual = {}
    for name, own in votes.items():
        others = everything - own
        as_usual = others.any(axis=1) & (others.argmax(axis=1) == base)
        of_these = own[as_usual].sum(axis=0) + np.array([likely[name][as_usual].sum(), 0, 0])
        usual[name] = int(of_these.argmax()) if of_these.max() > of_these[base] else base
    return usual


def _departures(sure: np.ndarray, usual: int) -> np.ndarray:
    """Cells x ENCODINGS: votes for another encoding than the column's usual, less those of cells that keep to it."""
    answer = sure.copy()
    answer[:, usual] = 0
    return answer - np.where(np.arange(3) == usual, 0, sure[:, [usual]])
