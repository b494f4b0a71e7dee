"""What a sheet says around its lines: province and district, group, claim, unit of money, codes of sex."""

import re
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any, Final

import numpy as np
import pandas as pd

from eligibility_audit.domain.received import ReceivedSheet
from eligibility_audit.standardise.cells import household_class
from eligibility_audit.standardise.names import fold, tidy
from eligibility_audit.standardise.places import OFFICE, Gazetteer

_SAMPLE: Final = 150  # distinct texts of a column that speak for a province; more would say the same

# -- places


def gazetteer(
    sheet: ReceivedSheet,
    as_of: date,
    communes: "list[pd.Series[str]]",
    districts: "list[pd.Series[str]]",
    addresses: "list[pd.Series[str]]",
) -> Gazetteer:
    """The gazetteer of the province that titles, communes, districts and addresses of the sheet speak of."""
    titles = [OFFICE.sub("", part) for part in [*sheet.title.split(" | "), _file_words(sheet), sheet.source_sheet]]
    return Gazetteer.of_data(as_of, [*titles, *_sample(addresses)], _sample(communes), _sample(districts))


def _sample(columns: "list[pd.Series[str]]") -> list[str]:
    return [
        str(text)
        for column in columns
        for text in column.drop_duplicates().head(_SAMPLE).tolist()
        if text and text.strip()
    ]


def _file_words(sheet: ReceivedSheet) -> str:
    return re.sub(r"[_\W]+", " ", PurePosixPath(sheet.source_file).stem)


def district_around(sheet: ReceivedSheet, places: Gazetteer, communes: "pd.Series[str]") -> str | None:
    """The district that the title, the sheet's name or the file's name states, unless the communes speak against it."""
    sample = [str(text) for text in communes.drop_duplicates().head(_SAMPLE).tolist() if text]
    for found in (
        places.district_in(sheet.title),
        places.district_in(sheet.source_sheet.replace("_", " ")),
        places.district_in(_file_words(sheet)),
        places.district_of_initials(sheet.source_sheet),
        places.district_of_initials(PurePosixPath(sheet.source_file).stem),
    ):
        if found is not None and places.holds(found, sample):
            return found
    return None


def commune_around(sheet: ReceivedSheet, places: Gazetteer, district: str | None) -> str | None:
    """The one commune that a title ('UBND XÃ AN KHÊ') or the sheet's name states."""
    for text in [*places.parts(sheet.title), *places.parts(sheet.source_sheet.replace("_", " "))]:
        said = OFFICE.sub("", tidy(text))
        if 0 < len(said) <= 40 and places.states_commune(said, district):
            return said
    return None


# -- group and claim

_GROUP_WORDS: Final = re.compile(
    r"(tre em[^|]*|nguoi cao tuoi|cao tuoi|nct\b|khuyet tat|nkt\b|don than|tam than|hiv|mo coi|thuong binh|benh binh|"
    r"tuat|liet si|me viet nam anh hung|hdkc|hoat dong khang chien|con de|tu day|lao dong tu do|lao dong mat viec|"
    r"ho kinh doanh|can ngheo|ho ngheo|giao vien)"
)


@lru_cache(maxsize=1 << 8)
def group_of_sheet(sheet_name: str, title: str) -> str | None:
    """The group that the sheet's name says, else the words of the title that name one; null where neither does."""
    if _GROUP_WORDS.search(fold(sheet_name)):
        return tidy(sheet_name.replace("_", " "))
    found = {match.group(1).strip(): match for match in _GROUP_WORDS.finditer(fold(tidy(title)))}
    if len(found) != 1:
        return None
    match = next(iter(found.values()))
    return tidy(title)[match.start() : match.end()].strip()


_CHILD: Final = re.compile(r"\bcon\b|\bcd\b")
_VETERAN: Final = re.compile(r"\bhdkc\b|khang chien|\bcuu chien binh\b|\bncc\b")
_BOTH: Final = re.compile(r"\bva con\b|, con\b|\bcung con\b|& ?con\b")


@lru_cache(maxsize=1 << 10)
def claim_of_text(text: str) -> str | None:
    """`child` or `veteran` where a group's name says so: 'Con đẻ của người HĐKC' is a child."""
    plain = fold(tidy(text))
    if _BOTH.search(plain):
        return None
    return "child" if _CHILD.search(plain) else "veteran" if _VETERAN.search(plain) else None


@lru_cache(maxsize=1 << 8)
def claim_of_sheet(sheet_name: str, title: str) -> str | None:
    """The claim that the sheet's name states, else one of the title's parts."""
    name = claim_of_text(re.sub(r"[_\-.]+", " ", sheet_name))
    if name is not None:
        return name
    said = {claim_of_text(part) for part in title.split(" | ")} - {None}
    both = any(_BOTH.search(fold(part)) for part in title.split(" | "))
    return said.pop() if len(said) == 1 and not both else None


def class_of_title(title: str) -> str | None:
    """The class of household that a title names, where it names one alone."""
    plain = fold(title)
    near = len(re.findall(r"can ngheo", plain))
    poor = len(re.findall(r"(?<!can )ngheo", plain))
    return household_class("cận nghèo" if near else "nghèo") if bool(near) != bool(poor) else None


# -- money, sex, births

_THOUSANDS: Final = re.compile(r"(?:nghin|ngan|1[.,]?000) ?(?:dong|d\b|vnd)")
_MILLIONS: Final = re.compile(r"(?:dvt|don vi tinh|don vi)\s*:?\s*trieu")


def money_unit(title: str, heading: str) -> int:
    """Đồng that a number of the column counts: a title or a heading may say that it counts thousands."""
    plain = fold(f"{title} | {heading}")
    return 1_000_000 if _MILLIONS.search(plain) else 1_000 if _THOUSANDS.search(plain) else 1


def sex_codes(heading: str, texts: "pd.Series[str]", names: "pd.Series[str]", unread: np.ndarray) -> dict[str, str]:
    """What crosses and figures mean in a sex column: folded cell -> `M`/`F`.

    By what the heading says ('Nữ' over crosses; 'Nam: 1, Nữ: 0'); else by the names with Thị, which are women's.
    """
    plain = fold(heading)
    stated = {
        code: sex for word, sex in (("nam", "M"), ("nu", "F")) for code in re.findall(rf"\b{word}\W*([012])\b", plain)
    }
    stated |= {
        code: sex for word, sex in (("nam", "M"), ("nu", "F")) for code in re.findall(rf"\b([012])\W*{word}\b", plain)
    }
    if len(set(stated.values())) == 2:
        return stated | {f"{code}.0": sex for code, sex in stated.items()}
    if plain in ("nu", "nam"):
        marked, other = ("F", "M") if plain == "nu" else ("M", "F")
        return {"x": marked, "v": marked, "1": marked, "1.0": marked, "0": other, "0.0": other, "": other}
    folded = texts[unread].map(fold).astype("string")
    woman = names[unread].fillna("").str.contains(r"\bth[ịi]\b", case=False, regex=True)
    share = woman.groupby(folded).agg(["mean", "size"])
    seen: dict[Any, str] = {
        code: "F" if row["mean"] >= 0.3 else "M"
        for code, row in share.iterrows()
        if row["size"] >= 5 and not 0.1 < row["mean"] < 0.3
    }
    return {str(code): sex for code, sex in seen.items()} if len(set(seen.values())) == 2 else {}


_OLD_AGE: Final = re.compile(r"\b80\b|cao tuoi|\bnct\b|du 80")
_MAY_BE_YOUNG: Final = re.compile(r"tuat|con\b|tre em|mo coi|khuyet tat|ngheo")
_WORKING: Final = re.compile(r"lao dong|\bld\b|giao vien|\bgv\b|kinh doanh|\bhkd\b|ncc|nguoi co cong|tu do|\bncc\b")


def latest_birth_year(kind: str, groups: "pd.Series[str]", as_of: date) -> np.ndarray:
    """For each line the latest year in which its person can have been born, as far as the kind and the group say."""
    year = as_of.year
    codes, distinct = pd.factorize(groups.fillna(""))
    by_group = [_latest(kind, fold(str(group)), year) for group in distinct]
    return np.array(by_group or [year])[codes]


def _latest(kind: str, group: str, year: int) -> int:
    if kind == "agent_orange":
        return 1962 if group == "veteran" else year  # thirteen at the end of the war
    if kind == "social_assistance":
        return year - 55 if _OLD_AGE.search(group) else year
    if kind in ("service_records", "pensions"):
        return year - 18
    if kind == "merit_other":
        return year if _MAY_BE_YOUNG.search(group) else year - 18
    if kind == "covid_relief":
        return year - 15 if _WORKING.search(group) and not _MAY_BE_YOUNG.search(group) else year
    return year
