"""Which lines of a sheet are people, and what the others are. Columns at a time; only doubtful lines one by one."""

from __future__ import annotations  # the classes of pyarrow take no arguments at run time

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa

from eligibility_audit.readers.contents import SURNAMES, has_digits, is_date, is_id, is_sex
from eligibility_audit.readers.grid import Grid, Mask, Positions, instead_of_blank, matches, nonblank, take
from eligibility_audit.readers.header import Header, is_column_numbers, is_header
from eligibility_audit.readers.headings import plain
from eligibility_audit.readers.legacy import Decoder
from eligibility_audit.standardise.names import fold

_NAMES: Final = ("name", "given_name", "surname_middle")
_BIRTHS: Final = ("date_of_birth", "birth_if_male", "birth_if_female", "birth_year")
_NUMBERS: Final = ("dossier_no", "registration_no", "book_no", "household_no", "certificate_no", "parent_dossier_no")
_DATES: Final = ("died_on", "registered_on", "service_from", "service", "start_month", "decision", "paid_on")


def _any_of(*patterns: str) -> str:
    return "(" + "|".join(patterns) + ")"


_TOTAL_WORDS: Final = _any_of(
    "cong|so|hop|so nguoi|so doi tuong|so ho|so tien|kinh phi|tien|chi|so khau|nhan khau|muc",
    "toan tinh|toan huyen|toan xa|ca|doi tuong|nguoi|danh sach",
)
_SUM_OF: Final = _any_of(
    "xa|phuong|thi tran|tt|huyen|tp|thanh pho|nhom|muc|don|trang|chung|toan|thon|to|khu|so|luy ke|dien|loai|phan",
    "danh sach|chuyen|doi tuong|i+v?|a|b|c|[0-9]+",
)
_TOTAL: Final = re.compile(  # folded text of a line's first words
    r"^\W*"
    + _any_of(
        rf"tong {_TOTAL_WORDS}\b.*",
        r"tong\W*",
        r"cong\W*",
        rf"cong {_SUM_OF}\b.*",
        r"cong\s*[:(=\d].*",
        r"tong\s*[:(=\d].*",
        r"luy ke.*",
        r"so du.*",
        r"(sub)?total\b.*",
        r"grand total.*",
        r"toan (tinh|huyen|xa|thanh pho)\b.*",
        r"mang sang.*",
        r"chuyen (trang|sang) .*",
    )
    + "$"
)
_TOTAL_RAW: Final = r"(?i)^\s*" + _any_of(  # text as received, for whole columns (RE2)
    r"tổng (cộng|số|hợp|tiền|kinh)",
    r"cộng\s*($|[:(=\d]|xã|phường|huyện|nhóm|thị)",
    r"tong (cong|so|tien)",
    r"cong\s*$",
    r"tổng\s*$",
    r"tổng\s*[:(=]",
)
_PERSONS: Final = re.compile(
    r"(\d[\d.,\s]*)\s*(nguoi|doi tuong|truong hop|nhan khau|khau|nguoi huong|ca|suat|the nhan)\b"
)
_PERSONS_AFTER: Final = re.compile(
    r"(?:so nguoi|so doi tuong|so nhan khau|so khau|nguoi|doi tuong)\s*[:=]\s*(\d[\d.,]*)"
)
_SIGNATURE: Final = re.compile(
    r"\b"
    + _any_of(
        r"nguoi lap( bieu| danh sach| bang| phieu)?|lap bieu|nguoi (ghi|tong hop|kiem tra|duyet) so?|nguoi duyet",
        r"ky,? ?(va )?(ghi )?ro|ky ten|ky,? dong dau|da ky|thu truong|truong phong|pho (truong )?phong|(pho )?giam doc",
        r"ke toan( truong)?|(pho )?chu tich|t\.?m\.? ?(uy ban|ubnd|don vi)",
        r"k\.?t\.? ?(giam doc|chu tich|truong phong|thu truong)|xac nhan cua|thu quy|noi nhan\b|truong (ban|doan)",
        r"can bo (lap|chuyen mon|ldtbxh|chinh sach|phu trach|ho tich)|nguoi phu trach|cong chuc|thanh tra vien",
        r"bao hiem xa hoi (tinh|huyen)$|luu[:,] ?vt|duyet$|ho so vien",
    )
)
_DAY_LINE: Final = re.compile(
    r"ngay\W*(\d{1,2}|\.{2,}|…+)?\W*thang\W*(\d{1,2}|\.{2,}|…+)?\W*nam\W*(\d{2,4}|\.{2,}|…+|20)?"
)
_NOTE: Final = re.compile(
    r"^\W*"
    + _any_of(
        r"ghi chu|luu y|chu y|chu thich|tiep theo|con tiep|xem tiep|nguon|danh sach (nay|tren|gom|co)|bang chu",
        r"so tien bang chu|viet bang chu|an dinh|het$|note|trang \d+|ket thuc|don vi tinh|ghi chep|bieu mau",
        r"cac truong hop|theo |can cu |doi chieu|da doi chieu|tai thoi diem",
    )
)
_ENUMERATOR: Final = re.compile(
    r"^\s*(?:(?:[IVXLC]{1,6}|[A-HĐ]|\d{1,3}(?:\.\d{1,2})*|[a-hđ])\s*[.)/\-:–]+(?!\s*\d)|(?:[IVXLC]{1,6})\s+(?=\S)|[-+*•]+)\s*",
    re.UNICODE,
)
_ROMAN: Final = re.compile(r"\W*([IVXLC]{1,6}|[A-HĐ])\W*")
_COUNT: Final = re.compile(
    r"\s*[:(\[–-]*\s*\(?\s*\d+\s*(người|đối tượng|nguoi|doi tuong|hộ|ho|trường hợp|khẩu|ng)\s*[)\].]*\s*$",
    re.IGNORECASE,
)
_DISTRICT: Final = re.compile(
    r"^(huyen|quan|thanh pho|tp|t p|thi xa|phong (ld|lao dong)\S*( \S+){0,6} (huyen|thanh pho|tp|thi xa|quan))\b"
)
_COMMUNE: Final = re.compile(r"^(xa|phuong|thi tran|tt|x|p|ubnd (xa|phuong|thi tran|tt))\b")
_DISTRICT_OF_OFFICE: Final = re.compile(r"^don vi\W+(?=(huyen|xa|phuong|thi tran|thanh pho|tp|quan)\b)")
_PLACE_NAME: Final = r"\s+[^\W\d_]+(\s[^\W\d_]+){0,3}(?=\s*([-–,;:(.|]|huyện|$))"
_TITLE_PLACES: Final = (  # the higher level first: it ends the lower
    ("district", re.compile(r"\b(huyện|thành phố|quận|thị xã)" + _PLACE_NAME, re.IGNORECASE)),
    ("commune", re.compile(r"\b(xã|phường|thị trấn)" + _PLACE_NAME, re.IGNORECASE)),
)
_HAMLET: Final = re.compile(r"^(thon|xom|to dan pho|to|khu pho|khu|ap|ban|lang|tdp|khu dan cu|khoi)\b")
_GROUP_WORDS: Final = frozenset(
    """nguoi tre em doi tuong thuong binh benh liet ho ngheo can tuoi khuyet tat con nhom loai muc dien dang nuoi
    don than mo coi nang dac biet nhe cao hiv nhiem huong tro cap hang thang chinh sach cong nkt nct hdkc
    cdhh ttct nan nhan chat doc hoa hoc dia phuong huu tri mat suc lao dong tu tran chet cu giao vien hoc
    sinh ca nhan kinh doanh phat sinh doanh nghiep lao dong mien giam bo sung tang giam tren duoi khac trong
    ngoai danh sach phan thuoc theo nghi dinh hop dong""".split()  # noqa: SIM905
)


@dataclass
class Lines:
    """What the lines below the header are: positions of the people, what else was counted, headings carried down."""

    people: Positions
    not_person: Counter[str]
    district: list[str | None] = field(default_factory=list)
    commune: list[str | None] = field(default_factory=list)
    group: list[str | None] = field(default_factory=list)
    total_persons: int | None = None
    headers: list[int] = field(default_factory=list)  # where other headers than the sheet's first seem to stand


@dataclass(frozen=True)
class Evidence:
    """Of each line below the header: does it have a name, and what else of a person."""

    name: Mask
    birth: Mask
    number: Mask
    identity: Mask
    sex: Mask
    ordinal: Mask
    filled: Positions
    sure: Mask


def evidence(grid: Grid, header: Header) -> Evidence:
    """Of all lines of the grid, by columns."""
    height = len(grid)

    def any_of(names: Sequence[str], pattern: str) -> Mask:
        found = np.zeros(height, dtype=bool)
        for name in names:
            for column in header.columns.get(name, ()):
                found |= matches(grid.columns[column], pattern)
        return found

    filled = np.zeros(height, dtype=np.int64)
    for cells in grid.columns:
        filled += nonblank(cells)
    name = any_of(_NAMES, r"\p{L}{2}")
    birth = any_of(_BIRTHS, r"\d")
    number = any_of(_NUMBERS, r"\d")
    identity = any_of(("national_id",), r"(\d[\s.'’`-]?){7,}|\dE\+\d")
    sex = any_of(("sex",), r"^\s*[^\d\s]{1,6}\s*$")
    for column in header.sex_marks:
        if column >= 0:
            sex |= nonblank(grid.columns[column])
    ordinal = any_of(("ordinal",), r"^\s*\d+\s*[.)]?\s*$")
    total = any_of((*_NAMES, "ordinal"), _TOTAL_RAW)
    facts = birth.astype(int) + number + identity + sex + ordinal
    usual = int(np.median(filled[filled > 0])) if height and filled.any() else 0
    born = any_of(_BIRTHS, r"(^|\D)(1[89]|20)\d\d(\D|$)|\d[/.-]\d") & ~any_of(_BIRTHS, r"\p{L}{3}")
    enough = born | (facts >= 2) | (filled >= max(3, 0.6 * usual))
    sure = name & ~total & (birth | number | identity) & (filled >= 3) & enough
    return Evidence(name, birth, number, identity, sex, ordinal, filled, sure)


def classify(grid: Grid, header: Header, decode: Decoder, wide: Positions) -> Lines:
    """Tell people from the rest, below the header and above. `wide` lines have shifted columns and count as people."""
    facts = evidence(grid, header)
    facts.sure[wide] = True
    start = header.last + 1
    sorter = _Sorter(grid, header, facts, decode)
    sorter.above(start)
    doubtful = start + np.flatnonzero(~facts.sure[start:])
    blank = facts.filled[doubtful] == 0
    sorter.counts["blank"] += int(blank.sum())
    sorter.run(doubtful[~blank])
    people = np.union1d(start + np.flatnonzero(facts.sure[start:]), np.array(sorter.people, dtype=np.int64))
    lines = Lines(people.astype(np.int64), +sorter.counts, total_persons=sorter.total_persons, headers=sorter.headers)
    _carry_down(lines, sorter.headings)
    return lines


@dataclass(frozen=True)
class Heading:
    """A heading row: where it stands, its level, its text without number and count, its number's `style` or ""."""

    position: int
    level: str
    text: str
    style: str = ""


class _Sorter:
    """Goes through the doubtful lines in order; knows whether a signature block has begun."""

    def __init__(self, grid: Grid, header: Header, facts: Evidence, decode: Decoder) -> None:
        self.grid, self.header, self.facts, self.decode = grid, header, facts, decode
        self.counts: Counter[str] = Counter()
        self.people: list[int] = []
        self.headings: list[Heading] = []
        self.headers: list[int] = []
        self.total_persons: int | None = None
        self.sure = np.flatnonzero(facts.sure)
        self.signing = False
        self.before = -1
        self.between: list[tuple[int, str]] = []  # texts since the last person: titles, if a header follows
        width = len(grid.columns)
        self.titles = [{plain(t) for t in header.tiers[c]} if c < len(header.tiers) else set() for c in range(width)]
        self.all_titles = set().union(*self.titles) if self.titles else set()
        self.name_columns = [c for n in _NAMES for c in header.columns.get(n, ())]

    def above(self, start: int) -> None:
        """Count the lines above and in the header."""
        for position in range(start):
            if position >= self.header.first:
                self.counts["header"] += 1
            else:
                self.counts["title" if self.facts.filled[position] else "blank"] += 1

    def run(self, positions: Positions) -> None:
        """Classify lines one by one, in order."""
        for begin in range(0, len(positions), 5000):
            part = positions[begin : begin + 5000]
            for position, cells in zip(part.tolist(), self.grid.lines(part.tolist()), strict=True):
                reason = self._one(position, cells)
                if reason:
                    self.counts[reason] += 1
                else:
                    self.people.append(position)

    def _people_since(self, position: int) -> bool:
        first = int(np.searchsorted(self.sure, self.before))
        return first < len(self.sure) and self.sure[first] < position

    def _people_since_title(self, position: int) -> bool:
        if not self.between:
            return False
        first = int(np.searchsorted(self.sure, self.between[-1][0]))
        return first < len(self.sure) and self.sure[first] < position

    def _headings_of_title(self) -> None:
        """A second table in the sheet: its title may say of which commune or district."""
        for position, text in self.between:
            for level, pattern in _TITLE_PLACES:
                if found := pattern.search(text):
                    self.headings.append(Heading(position, level, found[0].strip(" .,;:-–")))
        self.between.clear()

    def _people_after(self, position: int) -> bool:
        return bool(len(self.sure)) and self.sure[-1] > position

    def _one(self, position: int, cells: list[str]) -> str:
        """The reason why a line is no person; "" for a person."""
        if self.signing and self._people_since(position):
            self.signing = False
        self.before = position
        texts = [(c, cell.strip()) for c, cell in enumerate(self.decode.line(cells)) if cell]
        if self._people_since_title(position):
            self.between.clear()
        if self._repeats_header(position, texts):
            self.signing = False
            self._headings_of_title()
            return "repeated_header"
        self.between += [(position, text) for _, text in texts]
        if is_column_numbers(cells):
            return "column_numbers"
        words = [fold(text) for _, text in texts]
        return (
            self._total(position, texts, words)
            or self._signature(position, words)
            or self._heading(position, texts, words)
            or self._note(position, words)
            or self._not_like_a_person(position, texts)
        )

    def _repeats_header(self, position: int, texts: Sequence[tuple[int, str]]) -> bool:
        same = sum(plain(text) in self.titles[c] for c, text in texts)
        if same < 0.6 * len(texts) and len(texts) >= 4 and is_header([text for _, text in texts]):
            self.headers.append(position)
            return True
        ordinal = self.header.column_of("ordinal")
        if same and len(texts) > 2 and any(c == ordinal and plain(text) in self.titles[c] for c, text in texts):
            return True  # 'STT' where numbers stand: a header, however the rest of it is written
        if same >= max(2, 0.5 * len(texts)):
            return True
        if len(texts) >= 2 and all(plain(text) in self.all_titles for _, text in texts):
            return True
        without_a_number = not any(has_digits(text) or is_sex(text) for _, text in texts)
        headings = sum(map(bool, self.titles))
        return without_a_number and len(texts) >= max(5, 0.8 * headings)  # words in all columns, garbled perhaps

    def _is_identified(self, position: int) -> bool:
        facts = self.facts
        return bool(facts.birth[position] or facts.identity[position] or facts.number[position])

    def _total(self, position: int, texts: Sequence[tuple[int, str]], words: Sequence[str]) -> str:
        first = next((w for w in words if not re.fullmatch(r"[\d\W]*|[ivxlc]{1,5}\W*|[a-z]\W*", w)), "")
        if not _TOTAL.match(first) or len(first) > 150:
            return ""
        if self.facts.identity[position] and self.facts.name[position]:
            return ""
        last = not self._people_after(position)
        counted = _count_of_persons(" ; ".join(words))
        if last and counted is not None and (self.total_persons is None or counted > self.total_persons):
            self.total_persons = counted
        return "total" if last else "subtotal"

    def _signature(self, position: int, words: Sequence[str]) -> str:
        if self._is_identified(position) and len(words) > 3 and self.facts.name[position]:
            return ""
        if len(words) <= 6 and not self._looks_complete(position):
            if any(_SIGNATURE.search(w) and len(w) < 90 for w in words) and not self.facts.ordinal[position]:
                self.signing = True
                return "signature"
            if any(_DAY_LINE.search(w) and len(w) < 70 for w in words) and not self.facts.ordinal[position]:
                self.signing = True
                return "signature"
        if self.signing and not self._looks_complete(position) and not self._people_after(position):
            return "signature"
        return "signature" if self.signing and len(words) <= 4 and not self._is_identified(position) else ""

    def _looks_complete(self, position: int) -> bool:
        facts = self.facts
        return bool(
            facts.name[position] and (facts.birth[position] or facts.identity[position]) and facts.filled[position] >= 4
        )

    def _heading(self, position: int, texts: Sequence[tuple[int, str]], words: Sequence[str]) -> str:
        text = next((t for _, t in texts if re.search(r"[^\W\d_]{2}", t) and not _ROMAN.fullmatch(t)), "")
        if not text or len(text) > 120 or (self._is_identified(position) and len(texts) > 2):
            return ""
        if self.facts.identity[position] or (self.facts.birth[position] and not _ENUMERATOR.match(text)):
            return ""
        others = [t for _, t in texts if t != text]
        if (
            any(re.search(r"[^\W\d_]{3}", t) and not _COUNT.search(t) and not _ROMAN.fullmatch(t) for t in others)
            or len(others) > 4
        ):
            return ""
        bare = _COUNT.sub("", _ENUMERATOR.sub("", text)).strip(" :.;,-–")
        level = _level(bare)
        style = next(filter(None, (_style(t) for t in [*others, (_ENUMERATOR.match(text) or [""])[0]])), "")
        numbered = bool(_ENUMERATOR.match(text)) or any(
            re.fullmatch(r"[IVXLC]{1,6}|[A-HĐ]", t.strip(" .)/")) for t in others
        )
        if level == "group" and _NOTE.match(fold(text)):
            return ""
        if level == "group" and not numbered and not self._is_group(position, bare, others):
            return ""
        if level != "hamlet":
            self.headings.append(Heading(position, level, bare, style if level == "group" else ""))
        return "group"

    def _is_group(self, position: int, bare: str, others: Sequence[str]) -> bool:
        """A heading without a number: words of groups, or no name, and only headings' numbers beside it."""
        words = plain(bare).split()
        if not words or len(words) > 16:
            return False
        known = sum(word in _GROUP_WORDS or word.isdigit() for word in words) / len(words)
        like_name = words[0] in SURNAMES and 2 <= len(words) <= 5 and not any(c.isdigit() for c in bare)
        if like_name and known < 0.75:
            return False
        if self.facts.ordinal[position] and known < 0.5 and len(words) <= 5:
            return False
        if re.match(r"^\W*[(*]", bare):
            return False
        return known >= 0.3 or (len(words) <= 8 and not others and self._people_after(position))

    def _note(self, position: int, words: Sequence[str]) -> str:
        if self._is_identified(position) and self.facts.name[position]:
            return ""
        text = next((w for w in words if re.search(r"[a-z]{2}", w)), "")
        if _NOTE.match(text) or text.startswith(("(", "*", "- ")):
            counted = _count_of_persons(text)
            if counted is not None and self.total_persons is None and re.match(r"^\W*(danh sach|an dinh)", text):
                self.total_persons = counted
            return "note"
        return "note" if len(words) <= 2 and len(text) > 60 and not self.facts.ordinal[position] else ""

    def _not_like_a_person(self, position: int, texts: Sequence[tuple[int, str]]) -> str:
        facts = self.facts
        if self._is_identified(position):
            return ""
        if facts.name[position]:
            own = next((t for c, t in texts if c in self.name_columns), "")
            alone = len(texts) <= 1
            if alone and (not _like_name(own) or not self._people_after(position)):
                return "note"
            return ""
        if facts.ordinal[position] and len(texts) >= 3:
            return ""
        strong = any(is_date(t) or is_id(t) for _, t in texts)
        return "" if strong and len(texts) >= 3 else "note"


def title_headings(title: str) -> dict[str, str]:
    """What a table's title says of all its lines: heading_district, heading_commune, heading_group."""
    said = {f"heading_{level}": found[0] for level, pattern in _TITLE_PLACES if (found := pattern.search(title))}
    last = _ENUMERATOR.sub("", title.rpartition(" | ")[2]).strip(" .:;")
    if last and _level(last) == "group" and set(plain(last).split()) & _GROUP_WORDS:
        said["heading_group"] = last
    return {name: text.strip(" .,;:-–") for name, text in said.items()}


def _like_name(text: str) -> bool:
    words = fold(text.partition("(")[0]).split()
    return 2 <= len(words) <= 6 and words[0] in SURNAMES


def _level(text: str) -> str:
    key = plain(text)
    key = _DISTRICT_OF_OFFICE.sub("", key)
    if _DISTRICT.match(key):
        return "district"
    if _COMMUNE.match(key) and len(key.split()) <= 8:
        return "commune"
    return "hamlet" if _HAMLET.match(key) and len(key.split()) <= 5 else "group"


def _count_of_persons(text: str) -> int | None:
    found = _PERSONS.search(text) or _PERSONS_AFTER.search(text)
    if not found:
        return None
    digits = re.sub(r"\D", "", found[1])
    return int(digits) if digits and len(digits) <= 7 else None


def _style(number: str) -> str:
    """Of a heading's number: I, A, 1 or a."""
    mark = number.strip(" .)/-:–")
    if re.fullmatch(r"[IVX]{1,6}", mark):
        return "I"
    if re.fullmatch(r"[A-ZĐ]", mark):
        return "A"
    return "1" if re.fullmatch(r"\d{1,2}", mark) else "a" if re.fullmatch(r"[a-zđ]", mark) else ""


def _levels(headings: Sequence[Heading]) -> list[tuple[str, str]]:
    """Levels from the highest, as they first appear; a commune lies in a district whatever comes first."""
    order = list(dict.fromkeys((h.level, h.style) for h in headings))
    district, commune = ("district", ""), ("commune", "")
    if district in order and commune in order and order.index(commune) < order.index(district):
        order.remove(district)
        order.insert(order.index(commune), district)
    return order


def _carry_down(lines: Lines, headings: Sequence[Heading]) -> None:
    """Each person gets the headings above it; a heading ends those of the levels below its own."""
    order = _levels(headings)
    now: dict[tuple[str, str], str] = {}
    held: Mapping[str, list[str | None]] = {"district": lines.district, "commune": lines.commune, "group": lines.group}
    starts = np.searchsorted(lines.people, [h.position for h in headings]).tolist()
    at = 0
    for heading, start in zip([*headings, None], [*starts, len(lines.people)], strict=True):
        for level, values in held.items():
            values.extend([_heading_text(now, level, order)] * (start - at))
        at = start
        if heading is not None:
            key = (heading.level, heading.style)
            for lower in order[order.index(key) + 1 :]:
                now.pop(lower, None)
            now[key] = heading.text


def _heading_text(now: Mapping[tuple[str, str], str], level: str, order: Sequence[tuple[str, str]]) -> str | None:
    """What stands above: of groups the numbered ones in order, unless one without a number stands nearest."""
    if (level, "") in now:
        return now[level, ""]
    return " | ".join(now[key] for key in order if key[0] == level and key in now) or None


def chosen_texts(grid: Grid, columns: Sequence[int], people: Positions) -> pa.ChunkedArray[Any]:
    """The cells of a field for the people; of several columns, the first that has text."""
    text = take(grid.columns[columns[0]], people)
    for column in columns[1:]:
        text = instead_of_blank(text, take(grid.columns[column], people))
    return text


def counts_of(reasons: Mapping[str, int]) -> dict[str, int]:
    """Counts without zeros, in the order of the reasons' names."""
    return {reason: count for reason, count in sorted(reasons.items()) if count}
