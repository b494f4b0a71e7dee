"""Money in whole đồng, numbers, percentages, counts and sex, from the text of cells."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from eligibility_audit.standardise.names import fold, tidy


class ReadNumber(NamedTuple):
    """A number, or null with a problem: text_in_amount, amount_not_whole, unreadable_number, number_is_a_range."""

    value: float | None
    problem: str = ""


_LARGEST: Final = 1e15  # a number beyond is no amount: digits run together
_BLANK: Final = re.compile(r"[\s\-–—_.…/]*")
_LEGACY_DONG: Final = re.compile(r"(?<=\d)\s*(?:VN|vn)?(?:[ñÑ](?:oàng|oÀng|OÀNG)?|®(?:ång)?|§(?:ång)?)")
_CURRENCY: Final = re.compile(r"\s*(?:vnd|dong|d)?\s*(?:/\s*(?:thang|1 thang))?\s*[.;]?$")
_GROUPED: Final = re.compile(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*")
_DECIMALS: Final = re.compile(r"(.*\d)[.,](\d{1,2})")
_SCIENTIFIC: Final = re.compile(r"(\d)(?:[.,](\d+))?e\+?(\d+)")
_SCALES: Final = ((re.compile(r"\s*(?:trieu|tr)$"), 1_000_000), (re.compile(r"\s*(?:nghin|ngan|k)$"), 1_000))
_RANGE: Final = re.compile(r"\d\s*%?\s*(?:-|–|den)\s*\d")
_ANY_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")


@lru_cache(maxsize=1 << 16)
def read_money(text: str, unit: int = 1) -> ReadNumber:
    """Whole đồng: '1.624.000', '2,062,000 đ', '1 234 000', '1,6 triệu'. `unit`: đồng that a bare number counts."""
    if _BLANK.fullmatch(text):
        return ReadNumber(None)
    plain = _CURRENCY.sub("", fold(tidy(_LEGACY_DONG.sub("đ", text))).strip("'’ "))
    for pattern, scale in _SCALES:
        if pattern.search(plain):
            number = _decimal(pattern.sub("", plain))
            return _whole(number * scale) if number is not None else ReadNumber(None, "text_in_amount")
    number = _grouped(plain)
    return ReadNumber(None, "text_in_amount") if number is None else _whole(number * unit)


def _whole(number: float) -> ReadNumber:
    if number >= _LARGEST:
        return ReadNumber(None, "unreadable_number")
    rounded = round(number)
    return ReadNumber(rounded) if abs(number - rounded) < 1e-6 else ReadNumber(None, "amount_not_whole")


def _grouped(plain: str) -> float | None:
    """A number whose dots, commas and spaces may group its digits by three."""
    if plain.isdigit():
        return float(plain)
    if _GROUPED.fullmatch(plain):
        return float(re.sub(r"[., ]", "", plain))
    if match := _SCIENTIFIC.fullmatch(plain):
        return float(f"{match.group(1)}.{match.group(2) or 0}e{match.group(3)}")
    if (match := _DECIMALS.fullmatch(plain)) and (whole := _grouped(match.group(1))) is not None:
        return whole + float("0." + match.group(2))
    return None


def _decimal(plain: str) -> float | None:
    plain = plain.strip().replace(",", ".")
    try:
        return float(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else None
    except ValueError:
        return None


@lru_cache(maxsize=1 << 14)
def read_number(text: str) -> ReadNumber:
    """A number with at most one decimal mark: '2,5', '1.0', 'hệ số 1,5'."""
    if _BLANK.fullmatch(text):
        return ReadNumber(None)
    plain = fold(tidy(text))
    if _RANGE.search(plain):
        return ReadNumber(None, "number_is_a_range")
    numbers = _ANY_NUMBER.findall(plain)
    if len(numbers) != 1:
        return ReadNumber(None, "unreadable_number")
    return ReadNumber(float(numbers[0].replace(",", ".")))


@lru_cache(maxsize=1 << 14)
def read_percent(text: str) -> ReadNumber:
    """A percentage: '46%', '46.0'; 0.46 is what Excel holds for a cell showing 46 %. A band ('61-80%') is no rate."""
    number = read_number(text)
    if number.value is None:
        return number
    if 0 < number.value < 1 and "%" not in text:
        return ReadNumber(round(number.value * 100, 6))
    return number if number.value <= 100 else ReadNumber(None, "unreadable_number")


@lru_cache(maxsize=1 << 14)
def read_whole(text: str) -> ReadNumber:
    """A count: '3', '3.0', '03 tháng'."""
    number = read_number(text)
    if number.value is None:
        return number
    return _whole(number.value)


_MALE: Final = frozenset({"nam", "m", "male", "trai", "ong", "nam gioi", "con trai"})
_FEMALE: Final = frozenset({"nu", "f", "female", "gai", "ba", "nu gioi", "con gai", "n"})


@lru_cache(maxsize=1 << 12)
def read_sex(text: str) -> str | None:
    """`M`, `F`, or null where the word says neither. Codes and crosses need the column: `sheet`."""
    plain = fold(tidy(text)).strip(" .'")
    return "M" if plain in _MALE else "F" if plain in _FEMALE else None


_RELATION_SEX: Final = (
    (re.compile(r"^(chong|bo|cha|ong(?! ba)|anh|con trai|con re|chau trai|em trai|bo de|chu|cau|bac trai)\b"), "M"),
    (re.compile(r"^(vo|me|chi|con gai|con dau|chau gai|em gai|co|di|mo|thim|bac gai)\b"), "F"),
)


@lru_cache(maxsize=1 << 12)
def sex_of_relation(text: str) -> str | None:
    """The sex that a relation to the head states ('vợ', 'chồng', 'con trai'), or null."""
    plain = fold(tidy(text))
    if text.strip().lower().startswith("bà"):  # without its mark 'ba' is father in the South
        return "F"
    return next((sex for pattern, sex in _RELATION_SEX if pattern.search(plain)), None)
