"""Dates as offices write them, to ISO text at the precision that was written: 1944-07-15, 1951-03, 1948.

Day before month, always. What cannot be a date is null with a problem; nothing is guessed beyond what was written.
"""

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from eligibility_audit.standardise.names import fold, tidy

EARLIEST_YEAR: Final = 1850
_SERIAL_ZERO: Final = date(1899, 12, 30)  # Excel's day 0, for days after February 1900


class ReadDate(NamedTuple):
    """A date at its precision, or null with a problem; and a remark on how it was read.

    Problems: no_such_day, unreadable_date, year_out_of_range. Remarks: placeholder (01/01), two_digit_year, serial,
    month_first, approximate.
    """

    value: str | None
    problem: str = ""
    remark: str = ""


_BLANK: Final = re.compile(r"[\s.\-–—_/,;:'\"…]*$")
_UNKNOWN: Final = r"(?:\.+|…|\?+|0{1,2}|x{1,2}|_+)"
_PART: Final = rf"(\d{{1,2}}|{_UNKNOWN})"
_SEPARATOR: Final = r"\s*[/\-., ]\s*"
_USUAL: Final = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})", re.ASCII)
_NUMBER: Final = re.compile(r"(\d{4,5})(?:[.,]\d+)?|(\d{1,6})(?:[.,]0+)?")
_ISO: Final = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[t ].*)?")
_DAY_MONTH_YEAR: Final = re.compile(rf"{_PART}{_SEPARATOR}{_PART}{_SEPARATOR}(\d{{4}}|\d{{2}})")
_MONTH_YEAR: Final = re.compile(rf"{_PART}{_SEPARATOR}(\d{{4}}|\d{{2}})")
_COMPACT: Final = re.compile(r"\d{8}|\d{6}")
_CLOCK: Final = re.compile(r"\s+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*([ap]m)?$")
_APPROXIMATE: Final = re.compile(r"^(?:khoang|uoc chung|uoc|chung|k|c|~|±)\s*\.?\s*(?=\d)|\s*\?$")
_LABEL: Final = re.compile(r"^(?:sinh ngay|sinh nam|sinh|nam sinh|ngay sinh|ns|sn|nam|ngay)\s*[:.]?\s*(?=[\d.?x_…])")
_BRACKETED: Final = re.compile(r"^\((.*)\)$|\s*\([^)]*\)\s*$")


def read_date(text: str, as_of: date, *, placeholder: bool = True) -> ReadDate:
    """What a cell says of a date. `placeholder`: 01/01 stands for the year alone (birth dates, always).

    A blank cell, or one of dashes and dots, is null without a problem. A year of two digits is of the latest century
    that is not after `as_of`, with the remark two_digit_year: the caller may know better (`previous_century`).
    """
    return _read(text, as_of.year, placeholder)


@lru_cache(maxsize=1 << 17)
def _read(text: str, latest_year: int, placeholder: bool) -> ReadDate:
    if match := _USUAL.fullmatch(text):
        return _date(match.group(1), match.group(2), match.group(3), latest_year, placeholder)
    if _BLANK.fullmatch(text):
        return ReadDate(None)
    plain = _CLOCK.sub("", fold(tidy(text)).strip("'\"`’‘ ;,")).strip()
    plain = _BRACKETED.sub(lambda m: m.group(1) or "", plain).strip()
    plain = _words_to_numbers(_LABEL.sub("", plain))
    approximate = _APPROXIMATE.search(plain) is not None
    plain = _APPROXIMATE.sub("", plain).strip(" .;,") if approximate else plain.strip(" ;,")
    plain = plain.rstrip(".") if plain[-1:] == "." and plain[-2:-1].isdigit() else plain
    found = _read_numbers(plain, latest_year, placeholder)
    if approximate and found.value:
        return ReadDate(found.value[:4], remark="approximate")
    return found


def _words_to_numbers(plain: str) -> str:
    """'ngay 3 thang 4 nam 1950' and 't4/1950' in figures."""
    plain = re.sub(r"\bngay\s*|^(?:den|tu)\s+", "", plain)
    plain = re.sub(r"^(?:thang\s*|t\.?\s?)(?=\d)", "", plain)
    plain = re.sub(r"\s*(?:thang|\bt(?=\d))\s*", "/", plain)
    plain = re.sub(r"\s*\bnam\s*", "/", plain).strip("/ ")
    return re.sub(r"/{2,}", "/", plain)


def _read_numbers(plain: str, latest_year: int, placeholder: bool) -> ReadDate:
    if match := _NUMBER.fullmatch(plain):
        number = _bare_number(match.group(1) or match.group(2), latest_year, placeholder)
        if number is not None:
            return number
    if match := _ISO.fullmatch(plain):
        year, month, day = match.groups()
        return _date(day or "", month, year, latest_year, placeholder)
    if match := _DAY_MONTH_YEAR.fullmatch(plain):
        return _date(match.group(1), match.group(2), match.group(3), latest_year, placeholder)
    if match := _MONTH_YEAR.fullmatch(plain):
        return _date("", match.group(1), match.group(2), latest_year, placeholder)
    if _COMPACT.fullmatch(plain):
        return _compact(plain, latest_year, placeholder)
    return ReadDate(None, "unreadable_date")


def _bare_number(digits: str, latest_year: int, placeholder: bool) -> ReadDate | None:
    """A year, or the serial number of a day in Excel; null where it is neither."""
    number = int(digits)
    if len(digits) == 4 and EARLIEST_YEAR <= number <= latest_year:
        return ReadDate(digits)
    if len(digits) == 2:
        return ReadDate(str(_whole_year(digits, latest_year)), remark="two_digit_year")
    if 4 <= len(digits) <= 5:
        day = _SERIAL_ZERO + timedelta(days=number)
        if EARLIEST_YEAR <= day.year <= latest_year and not latest_year < number < 2100:  # 2045 is a slip for a year
            read = _date(str(day.day), str(day.month), str(day.year), latest_year, placeholder)
            return read if read.remark else read._replace(remark="serial")
        return ReadDate(None, "year_out_of_range")
    return None if len(digits) == 6 else ReadDate(None, "unreadable_date")


def _compact(digits: str, latest_year: int, placeholder: bool) -> ReadDate:
    if len(digits) == 8:
        if EARLIEST_YEAR <= int(digits[4:]) <= latest_year:
            return _date(digits[:2], digits[2:4], digits[4:], latest_year, placeholder)
        return _date(digits[6:], digits[4:6], digits[:4], latest_year, placeholder)
    if EARLIEST_YEAR <= int(digits[2:]) <= latest_year:
        return _date("", digits[:2], digits[2:], latest_year, placeholder)
    return _date(digits[:2], digits[2:4], digits[4:], latest_year, placeholder)


def _whole_year(digits: str, latest_year: int) -> int:
    if len(digits) == 4:
        return int(digits)
    year = latest_year // 100 * 100 + int(digits)
    return year if year <= latest_year else year - 100


def _known(part: str) -> int:
    return int(part) if part.isdigit() else 0


def _date(day_text: str, month_text: str, year_text: str, latest_year: int, placeholder: bool) -> ReadDate:
    year, month, day = _whole_year(year_text, latest_year), _known(month_text), _known(day_text)
    remark = "two_digit_year" if len(year_text) == 2 else ""
    if not EARLIEST_YEAR <= year <= latest_year + 1:
        return ReadDate(None, "year_out_of_range")
    if month > 12 >= day > 0:  # 04/25/1950: the only day that it can be
        day, month, remark = month, day, "month_first"
    if month > 12 or (month == 0 and day > 31) or (month and day > calendar.monthrange(year, month)[1]):
        return ReadDate(None, "no_such_day")
    if month == 0:
        return ReadDate(f"{year:04d}", remark=remark)
    if day == 0:
        return ReadDate(f"{year:04d}-{month:02d}", remark=remark)
    if placeholder and day == month == 1:
        return ReadDate(f"{year:04d}", remark=remark or "placeholder")
    return ReadDate(f"{year:04d}-{month:02d}-{day:02d}", remark=remark)


def previous_century(value: str) -> str | None:
    """The same day a hundred years before; null where there was none (29 February 1900)."""
    earlier = f"{int(value[:4]) - 100:04d}{value[4:]}"
    if len(earlier) == 10:
        year, month, day = (int(part) for part in earlier.split("-"))
        if day > calendar.monthrange(year, month)[1]:
            return None
    return earlier
