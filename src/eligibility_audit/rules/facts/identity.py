"""Is it the same person? Which agreements make an identity sure, which make a signal, and the words for both.

Sure (procedure.md, 1): the same full id, an agreeing name, birth year and sex stated on both sides and agreeing, and
the id held by no other person in any list of the run; or full name, birth date to the day and commune, with no
contradicting id and no second such person.
"""

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.rules.facts.people import NONE, Agreement, Born, Mask, Name, Number, People, Place, agreement

STRONG: Final = 0.8  # a probability of linkage at which it alone makes a signal, where nothing contradicts

_AGREES: Final[Mapping[str, Mapping[int, str]]] = {
    "name": {
        Name.FULL: "họ tên",
        Name.SAME: "họ tên (không xét dấu hoặc theo bí danh)",
        Name.CLOSE: "họ tên gần giống",
        Name.LETTER: "họ và chữ đệm",
    },
    "born": {
        Born.DAY: "ngày sinh",
        Born.YEAR: "năm sinh (một bên không ghi đủ ngày)",
        Born.SWAPPED: "ngày sinh (ngày và tháng đổi chỗ)",
        Born.OTHER_DAY: "năm sinh",
    },
    "sex": {1: "giới tính"},
    "number": {Number.SAME: "số CMND/CCCD", Number.NEAR: "số CMND/CCCD (khác một chữ số)"},
    "place": {Place.SAME: "xã", Place.MAYBE: "tên xã (chưa rõ huyện)"},
}
_DIFFERS: Final[Mapping[str, Mapping[int, str]]] = {
    "name": {
        Name.DIFFER: "họ tên",
        Name.LETTER: "một chữ cái của tên",
        Name.CLOSE: "cách viết họ tên",
        Name.SAME: "dấu của họ tên",
    },
    "born": {Born.DIFFER: "năm sinh", Born.OTHER_DAY: "ngày, tháng sinh", Born.SWAPPED: "thứ tự ngày và tháng sinh"},
    "sex": {0: "giới tính"},
    "number": {Number.DIFFER: "số CMND/CCCD", Number.NEAR: "một chữ số của số CMND/CCCD"},
    "place": {Place.DIFFER: "xã"},
}
_MISSING: Final[Mapping[str, str]] = {
    "name": "họ tên",
    "born": "ngày sinh",
    "sex": "giới tính",
    "number": "số CMND/CCCD",
    "place": "xã",
}

_ENGLISH: Final[Mapping[str, str]] = {
    "họ tên (không xét dấu hoặc theo bí danh)": "name (without marks, or by alias)",
    "họ tên gần giống": "a similar name",
    "họ và chữ đệm": "surname and middle name",
    "họ tên": "name",
    "ngày sinh ghi ở danh sách khác cùng số CMND/CCCD và họ tên": "birth date as another list gives it",
    "năm sinh (một bên không ghi đủ ngày)": "birth year (one side gives no full date)",
    "ngày sinh (ngày và tháng đổi chỗ)": "birth date (day and month changed places)",
    "thứ tự ngày và tháng sinh": "order of day and month of birth",
    "ngày, tháng sinh": "day and month of birth",
    "ngày sinh": "birth date",
    "năm sinh": "birth year",
    "giới tính": "sex",
    "số CMND/CCCD (khác một chữ số)": "id number (one digit apart)",
    "một chữ số của số CMND/CCCD": "one digit of the id number",
    "số CMND/CCCD cùng loại": "id number of one kind",
    "số CMND/CCCD": "id number",
    "tên xã (chưa rõ huyện)": "commune by name (district not clear)",
    "xã": "commune",
    "một chữ cái của tên": "one letter of the given name",
    "cách viết họ tên": "spelling of the name",
    "dấu của họ tên": "marks of the name",
    "không đủ để so": "not enough to compare",
}
_VIETNAMESE: Final = re.compile("|".join(map(re.escape, sorted(_ENGLISH, key=len, reverse=True))))


def in_english(said: "pd.Series[str]") -> "pd.Series[str]":
    """What `in_words` says, in English."""
    codes, distinct = pd.factorize(said)
    english = [_VIETNAMESE.sub(lambda found: _ENGLISH[found[0]], str(text)) for text in distinct]
    values = pd.array([*english, None], dtype="string[pyarrow]").take(codes)
    return pd.Series(values, index=said.index)


def contradicts(a: Agreement) -> Mask:
    """The two are not one person, whatever linkage says: what is stated on both sides cannot be brought together."""
    same_number = (a.number == Number.SAME) | (a.number == Number.NEAR)
    same_day_and_place = (a.born == Born.DAY) & (a.place >= Place.MAYBE)
    other_birth = ((a.born == Born.DIFFER) | (a.born == Born.OTHER_DAY)) & ~same_number
    other_sex = (a.sex == 0) & (a.number != Number.SAME) & ~same_day_and_place
    other_number = (a.number == Number.DIFFER) & ~same_day_and_place
    other_name = (a.name == Name.DIFFER) | ((a.name == Name.LETTER) & (a.number != Number.SAME))
    return np.asarray(other_name | other_birth | other_sex | other_number)


def supports(a: Agreement, probability: NDArray[np.float64]) -> Mask:
    """Enough agrees to ask whether the two are one person."""
    by_number = (a.number >= Number.NEAR) & (a.name >= Name.LETTER) & (a.born != Born.DIFFER)
    by_day = (a.name >= Name.SAME) & (a.born == Born.DAY)
    by_day_close = (a.name >= Name.CLOSE) & (a.born == Born.DAY) & (a.place >= Place.MAYBE)
    by_place = (a.name >= Name.SAME) & (a.born >= Born.SWAPPED) & (a.place >= Place.MAYBE)
    return np.asarray(by_number | by_day | by_day_close | by_place | (np.nan_to_num(probability) >= STRONG))


def sure(people: People, left: NDArray[np.intp], right: NDArray[np.intp], a: Agreement) -> Mask:
    """The identity is sure, as procedure.md section 1 says it, among the lists of the run."""
    same_year = (a.born >= Born.SWAPPED) | (a.born == Born.OTHER_DAY)
    by_number = (a.number == Number.SAME) & (a.name >= Name.CLOSE) & same_year & (a.sex == 1)
    by_name = (
        (a.name == Name.FULL)
        & (a.born == Born.DAY)
        & (a.place == Place.SAME)
        & ((a.number == Number.UNKNOWN) | (a.number >= Number.OTHER_FORM) & (a.number != Number.NEAR))
        & (a.sex != 0)
    )
    by_number[by_number] &= ~_number_of_others(people, left[by_number])
    by_name[by_name] &= ~_second_person(people, left[by_name])
    return np.asarray(by_number | by_name)


def _number_of_others(people: People, lines: NDArray[np.intp]) -> Mask:
    """Whether a line's id stands on any list with another person: another name, birth year or sex."""
    mine = pd.DataFrame({"at": np.unique(lines)})
    mine["number"] = people.number[mine["at"]]
    held = np.flatnonzero(np.isin(people.number, mine["number"]))
    others = mine.merge(pd.DataFrame({"other": held, "number": people.number[held]}), on="number")
    left, right = others["at"].to_numpy(), others["other"].to_numpy()
    a = agreement(people, left, right)
    another = (a.name == Name.DIFFER) | (a.born == Born.DIFFER) | (a.sex == 0)
    return np.isin(lines, left[another])


def _second_person(people: People, lines: NDArray[np.intp]) -> Mask:
    """Whether two persons of all lists have a line's name, birth date and commune: told apart by id or sex."""
    key = pd.DataFrame({"name": people.name, "born": people.born_first, "unit": people.unit})
    mine = key.iloc[np.unique(lines)].drop_duplicates()
    known = people.known_day & (people.unit != NONE)
    held = key[known].reset_index(names="at").merge(mine, on=["name", "born", "unit"])
    at = held["at"].to_numpy()
    held["sex"] = pd.Series(people.sex[at]).where(people.sex[at] != NONE)
    held["number"] = pd.Series(people.number[at]).where(people.number[at] != NONE)
    lengths = np.array([*(len(n) for n in people.numbers), 0])
    held["digits"] = lengths[people.number[at]]
    groups = ["name", "born", "unit"]
    numbers = held.dropna(subset="number").groupby([*groups, "digits"])["number"].nunique()
    sexes = held.groupby(groups)["sex"].nunique()
    several = pd.concat([numbers[numbers > 1].reset_index()[groups], sexes[sexes > 1].reset_index()[groups]])
    of_lines = (
        key.iloc[lines].reset_index(drop=True).merge(several.drop_duplicates(), on=groups, how="left", indicator=True)
    )
    return (of_lines["_merge"] == "both").to_numpy()


def in_words(a: Agreement) -> pd.DataFrame:
    """What agrees, what differs or is not stated, in Vietnamese: columns `agrees`, `differs` (`string[pyarrow]`)."""
    levels = a.frame()
    distinct = levels.drop_duplicates()
    said = [_words_of(dict(zip(levels.columns, row, strict=True))) for row in distinct.to_numpy()]
    words = distinct.assign(agrees=[s[0] for s in said], differs=[s[1] for s in said])
    out = levels.merge(words, on=list(levels.columns), how="left")[["agrees", "differs"]]
    return out.astype("string[pyarrow]")


def _words_of(levels: Mapping[str, int]) -> tuple[str, str]:
    agrees = [_AGREES[f][levels[f]] for f in _AGREES if levels[f] in _AGREES[f]]
    differs = [_DIFFERS[f][levels[f]] for f in _DIFFERS if levels[f] in _DIFFERS[f]]
    missing = [_MISSING[f] for f in _MISSING if levels[f] == NONE]
    if levels["number"] == Number.OTHER_FORM:
        missing.append("số CMND/CCCD cùng loại")
    unsaid = f"không đủ để so: {', '.join(missing)}" if missing else ""
    return ", ".join(agrees), "; ".join(t for t in (", ".join(differs), unsaid) if t)
