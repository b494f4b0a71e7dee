"""Writing text in TCVN3 (ABC) and VNI: the way old typing tools stored Vietnamese in ordinary Latin cells.

Facts of the two encodings, set down compactly: for each vowel, its six tones in the order none, grave, acute, hook,
tilde, dot. The project reads these encodings elsewhere, from its own table; here they are only written.
"""

import unicodedata
from typing import Final

_TONES: Final = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
_TCVN3_LOWER: Final = {
    "a": "aµ¸¶·¹", "ă": "¨»¾¼½Æ", "â": "©ÇÊÈÉË", "e": "eÌÐÎÏÑ", "ê": "ªÒÕÓÔÖ", "i": "i×ÝØÜÞ",
    "o": "oßãáâä", "ô": "«åèæçé", "ơ": "¬êíëìî", "u": "uïóñòô", "ư": "\u00adõøö÷ù", "y": "yúýûüþ",
}  # fmt: skip
_TCVN3_UPPER: Final = {"Ă": "¡", "Â": "¢", "Đ": "§", "Ê": "£", "Ô": "¤", "Ơ": "¥", "Ư": "¦"}
_VNI_BASE: Final = {"a": "a", "e": "e", "o": "o", "u": "u", "y": "y", "ơ": "ô", "ư": "ö"}
_VNI_MARKS: Final = ("", "ø", "ù", "û", "õ", "ï")
_VNI_WHOLE: Final = {
    "â": "aâ aà aá aå aã aä", "ă": "aê aè aé aú aü aë", "ê": "eâ eà eá eå eã eä", "ô": "oâ oà oá oå oã oä",
    "i": "i ì í æ ó ò",
}  # fmt: skip


def _tcvn3() -> dict[str, str]:
    table = {"đ": "®", **_TCVN3_UPPER}
    for vowel, codes in _TCVN3_LOWER.items():
        for tone, code in zip(_TONES, codes, strict=True):
            table[unicodedata.normalize("NFC", vowel + tone)] = code
            if tone:  # a toned capital is typed as the plain capital and the lower-case code's mark
                capital = _TCVN3_UPPER.get(vowel.upper(), vowel.upper())
                table[unicodedata.normalize("NFC", vowel.upper() + tone)] = capital + code
    return table


def _vni() -> dict[str, str]:
    table = {"đ": "ñ"}
    for vowel, base in _VNI_BASE.items():
        for tone, mark in zip(_TONES, _VNI_MARKS, strict=True):
            table[unicodedata.normalize("NFC", vowel + tone)] = base + mark
    for vowel, codes in _VNI_WHOLE.items():
        for tone, code in zip(_TONES, codes.split(), strict=True):
            table[unicodedata.normalize("NFC", vowel + tone)] = code
    table["ỵ"] = "î"
    return table | {letter.upper(): code.upper() for letter, code in table.items()}


_TABLES: Final = {"tcvn3": str.maketrans(_tcvn3()), "vni": str.maketrans(_vni())}


def encode(text: str, encoding: str) -> str:
    """`text` (any Unicode form) as `tcvn3` or `vni` stores it; with any other encoding unchanged."""
    table = _TABLES.get(encoding)
    return text if table is None else unicodedata.normalize("NFC", text).translate(table)


def to_cp1258(text: str) -> bytes:
    """Windows-1258: the vowel in one byte, its tone mark in the next where there is no byte for both."""
    out = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next((p for p in parts if p in _TONES), "")
            out += unicodedata.normalize("NFC", parts.replace(tone, "", 1)).encode("cp1258") + tone.encode("cp1258")
    return bytes(out)
