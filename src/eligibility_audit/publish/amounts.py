"""Numbers, money and days as Vietnamese offices write them."""

from typing import Final

DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS: Final = ("", " nghìn", " triệu", " tỷ")
AFTER_TENS: Final = {1: "mốt", 4: "tư"}  # hai mươi mốt, hai mươi tư; but mười một, mười bốn, linh bốn


def number(value: int) -> str:
    """1234567 as 1.234.567."""
    return f"{value:,}".replace(",", ".")


def money(value: int) -> str:
    """Whole đồng: 1.234.567 đồng."""
    return f"{number(value)} đồng"


def day(text: str) -> str:
    """An ISO date to its precision as 15/07/1944, 03/1951 or 1948; any other text as it is."""
    parts = text.split("-")
    known = len(parts) <= 3 and all(part.isdigit() for part in parts)
    return "/".join(reversed(parts)) if known else text


def words(value: int) -> str:
    """A whole number in words: 1005 is "một nghìn không trăm linh năm". Negative ones begin with "âm".

    Our own: `num2words` says "một nghìn lẻ năm" and "một nghìn tỷ hai trăm ba mươi bốn tỷ", which no treasury takes.
    """
    if value < 0:
        return f"âm {words(-value)}"
    if value == 0:
        return DIGITS[0]
    billions, rest = divmod(value, 10**9)
    parts = [f"{words(billions)} tỷ"] if billions else []
    for power in (2, 1, 0):
        group = rest // 1000**power % 1000
        if group:
            parts.append(_group(group, full=bool(parts)) + GROUPS[power])
    return " ".join(parts)


def _group(value: int, *, full: bool) -> str:
    """A group of three digits; `full` says "không trăm" and "linh" where a larger group stands before it."""
    hundreds, rest = divmod(value, 100)
    parts = [f"{DIGITS[hundreds]} trăm"] if hundreds or full else []
    if rest:
        parts.append(_tens(rest, after=bool(parts)))
    return " ".join(parts)


def _tens(value: int, *, after: bool) -> str:
    tens, ones = divmod(value, 10)
    if tens == 0:
        return f"linh {DIGITS[ones]}" if after else DIGITS[ones]
    head = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    if ones == 0:
        return head
    if tens > 1 and ones in AFTER_TENS:
        return f"{head} {AFTER_TENS[ones]}"
    return f"{head} lăm" if ones == 5 else f"{head} {DIGITS[ones]}"
