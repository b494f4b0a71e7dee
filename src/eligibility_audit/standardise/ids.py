"""National id numbers: nine digits (CMND) or twelve (CCCD), and what a twelve-digit number says of its holder.

A contradiction is a fact to be verified: far more often a mistake of typing than anything else.
"""

import re
from typing import Final, NamedTuple

import pandas as pd

from eligibility_audit.standardise.names import fold, tidy


class ReadId(NamedTuple):
    """The digits of a number, or null with a problem; and a remark.

    Problems: id_digits_lost (3.40E+10), id_not_digits, id_wrong_length, id_placeholder. Remark: zero_restored.
    """

    value: str | None
    problem: str = ""
    remark: str = ""


_LABEL: Final = re.compile(r"^(?:so\s*)?(?:cmnd|cmt|cccd|cmtnd|cc|dinh danh)\s*(?:so)?\s*[:.]?\s*")
_SCIENTIFIC: Final = re.compile(r"(\d)(?:[.,](\d+))?e\+?(\d+)")
_PUNCTUATION: Final = re.compile(r"[\s.'\"`’‘´,\-–_]+")
_SEVERAL: Final = re.compile(r"[;/\n]|\bva\b")
_RUN: Final = "01234567890123456789"
_NOTHING: Final = frozenset({"khong", "khong co", "chua co", "chua cap", "chua lam", "mat", "k", "ko", "khong ro"})
_TWO_ZEROS: Final = frozenset("12468")  # province codes 001, 002, 004, 006, 008


PLAIN_ID: Final = r"^(\d{9}|\d{12})$"
NOT_PLAIN_ID: Final = (
    "^(" + "|".join([f"{d}{{9}}|{d}{{12}}" for d in range(10)] + ["0?123456789(012)?", "012345678(901)?"]) + ")$"
)


def read_id(text: str) -> ReadId:
    """The number in a cell. No digit is ever dropped or made up; zeros that Excel dropped in front are put back.

    Two numbers in one cell (old/new): the twelve-digit one. 'không', dashes and blanks are null without a problem.
    """
    plain = _LABEL.sub("", fold(tidy(text))) if not text.isdigit() else text
    if plain in _NOTHING:
        return ReadId(None)
    several = [read for part in _SEVERAL.split(plain) if (read := _read_one(part)).value]
    if len(several) > 1:
        return max(several, key=lambda read: len(read.value or ""))
    return _read_one(plain)


def _read_one(plain: str) -> ReadId:
    plain = plain.strip()
    if match := _SCIENTIFIC.fullmatch(plain):
        plain = match.group(1) + (match.group(2) or "")
        if len(plain) != int(match.group(3)) + 1:
            return ReadId(None, "id_digits_lost")
    if plain.endswith((".0", ",0")):
        plain = plain[:-2]
    digits = _PUNCTUATION.sub("", plain)
    if not digits:
        return ReadId(None)
    if not (digits.isascii() and digits.isdigit()):
        return ReadId(None, "id_not_digits")
    return _with_zeros(digits)


def _with_zeros(digits: str) -> ReadId:
    if len(set(digits)) == 1 or (len(digits) in (9, 12) and digits in _RUN):
        return ReadId(None, "id_placeholder")
    if len(digits) in (9, 12):
        return ReadId(digits)
    if len(digits) in (8, 11):
        return ReadId("0" + digits, remark="zero_restored")
    if len(digits) == 10 and digits[0] in _TWO_ZEROS and digits[1] in "0123":
        return ReadId("00" + digits, remark="zero_restored")
    return ReadId(None, "id_wrong_length")


def id_facts(
    national_id: "pd.Series[str]",
    sex: "pd.Series[str]",
    date_of_birth: "pd.Series[str]",
    province_codes: frozenset[str],
) -> pd.DataFrame:
    """What twelve-digit numbers say, and where that contradicts the list.

    Same index; columns id_sex (`M`/`F`), id_birth_year (Int64), id_province_known, sex_contradicts,
    birth_year_contradicts (boolean). All null for nine-digit numbers, which say nothing, and a contradiction is null
    where the list itself says nothing. `province_codes`: three digits each (`places.province_codes()`).
    """
    long = national_id.str.len().eq(12).fillna(False).astype("bool")
    digit = pd.to_numeric(national_id.where(long).str[3], errors="coerce").astype("Int64")
    year_of_century = pd.to_numeric(national_id.where(long).str[4:6], errors="coerce").astype("Int64")
    id_sex = pd.Series(pd.NA, index=national_id.index, dtype="string[pyarrow]")
    id_sex = id_sex.mask((digit % 2 == 0).fillna(False), "M").mask((digit % 2 == 1).fillna(False), "F")
    id_birth_year = 1900 + digit // 2 * 100 + year_of_century
    province = national_id.where(long).str[:3]
    known = province.isin(list(province_codes)).astype("boolean").mask(~long)
    birth_year = pd.to_numeric(date_of_birth.str[:4], errors="coerce").astype("Int64")
    sex_contradicts = (id_sex != sex).astype("boolean").mask(id_sex.isna() | sex.isna())
    year_contradicts = (id_birth_year != birth_year).astype("boolean")
    return pd.DataFrame(
        {
            "id_sex": id_sex,
            "id_birth_year": id_birth_year,
            "id_province_known": known,
            "sex_contradicts": sex_contradicts,
            "birth_year_contradicts": year_contradicts,
        },
        index=national_id.index,
    )


def century_of_id(national_id: str | None) -> int | None:
    """The birth year that a twelve-digit number states, or null."""
    if national_id is None or len(national_id) != 12:
        return None
    return 1900 + int(national_id[3]) // 2 * 100 + int(national_id[4:6])
