"""What a second look is shown of a dossier: nothing by which the case, and with it the first verdict, could be found.

A name or a number is told by how it compares with the other line's, not by what it is.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

HIDDEN: Final = (
    *("name", "alias", "national_id", "dossier_no", "decision_no", "certificate_no", "registration_no", "book_no"),
    *("hamlet", "address", "phone", "parent_name", "parent_dossier_no", "guardian", "household_no"),
)
_GONE: Final = ("record_id", "line", "name_received", "source_file", "source_sheet", "source_row", "sheet_title")
PAPER_VI: Final[Mapping[str, str]] = {
    "paper": "giấy tờ của người hưởng / the person's paper",
    "registrar": "trả lời của cơ quan hộ tịch / the registrar's answer",
    "commune_check": "kết quả kiểm tra của xã / the commune's check",
    "reply": "trả lời thông báo / a reply to the notice",
}


def blinded(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record without what finds its case: names by their initials, numbers hidden, what was received left out."""
    shown = {k: v for k, v in record.items() if k not in _GONE and not k.startswith("received_")}
    return {name: _masked(name, value) if name in HIDDEN else value for name, value in shown.items()}


def alike(one: object, other: object) -> str:
    """How two hidden values compare, in words; blank where either is not known."""
    left, right = _words(one), _words(other)
    if not left or not right:
        return ""
    if left == right:
        return "giống hệt / the same"
    bare = [_bare(word) for word in left], [_bare(word) for word in right]
    if bare[0] == bare[1]:
        return "giống, chỉ khác dấu / differs in tone marks alone"
    both = sum(a == b for a, b in zip(left, right, strict=False))
    of = max(len(left), len(right))
    return f"giống {both} trên {of} chữ / {both} of {of} words agree" if both and of > 1 else "khác / different"


def compared(record: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, str]:
    """How the hidden fields of two records compare, by field; those that both state."""
    found = {name: alike(record.get(name), other.get(name)) for name in HIDDEN}
    return {name: said for name, said in found.items() if said}


def _masked(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if name in ("name", "alias", "parent_name", "guardian"):
        return " ".join(f"{word[0].upper()}." for word in str(value).split() if word[0].isalpha()) or "•"
    return "đã che / hidden"


def _words(value: object) -> list[str]:
    return unicodedata.normalize("NFC", str(value or "")).casefold().split()


def _bare(word: str) -> str:
    plain = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
