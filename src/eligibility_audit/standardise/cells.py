"""Cells that hold several things: a period of service, a unit and its place, papers and their dates, a decision and its
date, the members of a household."""

import re
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from eligibility_audit.standardise.amounts import read_sex, sex_of_relation
from eligibility_audit.standardise.dates import ReadDate, read_date
from eligibility_audit.standardise.ids import read_id
from eligibility_audit.standardise.names import fold, read_name, tidy
from eligibility_audit.standardise.places import is_place_name

# a date within a text, longest first; guards keep it from starting or ending inside a number
_DATE: Final = (
    r"(?<![\d/])(?:ngay\s*\d{1,2}\s*thang\s*\d{1,2}\s*nam\s*\d{4}|thang\s*\d{1,2}\s*nam\s*\d{4}|\d{4}-\d{2}-\d{2}|"
    r"(?:\d{1,2}|\.\.|00)\s?[/\-.]\s?(?:\d{1,2}|\.\.|00)\s?[/\-.]\s?\d{4}|\d{1,2}[/\-.]\d{1,2}[/\-.]\d{2}|"
    r"(?:thang\s*)?\d{1,2}\s?[/\-.]\s?\d{4}|\d{1,2}/\d{2}|(?:18|19|20)\d{2})(?![\d/])"
)
_DATE_IN_TEXT: Final = re.compile(_DATE)
_OPEN_END: Final = re.compile(r"\b(?:nay|hien nay|hien tai|bay gio)\b")
_ENDS_ONLY: Final = re.compile(r"^\s*(?:den|truoc|-|–)")
_SPACE_AT_DASH: Final = re.compile(r"\s+[-–—>]+\s+|\s*(?:->|→)\s*")


class Period(NamedTuple):
    """From and to, ISO to their precision; null where not stated; a problem where nothing can be read."""

    first: str | None
    last: str | None
    problem: str = ""


@lru_cache(maxsize=1 << 16)
def read_period(text: str, as_of: date) -> Period:
    """'từ 8/1965 đến 4/1967', '1/1964 - 12/1971', 'Tháng 3/1971 - 1978', '5/1974-nay'. Several periods: their hull."""
    plain = _SPACE_AT_DASH.sub(" den ", fold(tidy(text)))
    if not re.search(r"[a-z0-9]", plain):
        return Period(None, None)
    found = [read_date(match.group(), as_of) for match in _DATE_IN_TEXT.finditer(plain)]
    dates = [read.value for read in found if read.value]
    if not dates or len(dates) < len(found):
        return Period(None, None, "unreadable_period")
    if len(dates) == 1:
        return Period(None, dates[0]) if _ENDS_ONLY.match(plain) else Period(dates[0], None)
    if len(dates) == 2:
        return Period(dates[0], dates[1])
    return Period(min(dates), None if _OPEN_END.search(plain) else max(dates))


def read_service_date(text: str, as_of: date) -> ReadDate:
    """One end of a period; 'nay' is an open end, not an unreadable one."""
    return ReadDate(None) if _OPEN_END.search(fold(text)) else read_date(text, as_of)


# -- unit and place

_UNIT_WORDS: Final = (
    "trung doan|su doan|lu doan|tieu doan|dai doi|trung doi|tieu doi|quan doan|quan khu|doan|binh tram|tnxp|doi \\d|"
    "thanh nien xung phong|cong binh|cao xa|phao binh|bo doi|hom thu|ht|ky hieu|phien hieu|don vi|bo tu lenh|"
    "benh vien|quan y|dac cong|trinh sat|thong tin|van tai|tong doi|dan cong|cong truong|cuc|tram|qk|d/?v|d\\.? ?vi|"
    "hop thu|mat danh|so hieu|ma so|thu tin|quan buu|(?!b[1-5]\\b|ql|tl)[a-z]{1,2}\\d{1,5}[a-z]?"
)
_BATTLEFIELDS: Final = (
    "chien truong|mien nam|nam bo|trung bo|trung trung bo|bac bo|mien bac|mien trung|mien dong|mien tay|tri thien|"
    "tay nguyen|truong son|duong \\d|khu [vi0-9]+|b[1-5]?|lao|ha lao|campuchia|cam ?pu ?chia|kampuchia|vinh linh|"
    "mat tran|chien khu|lien khu|phan khu|"
    "khe sanh|quang da|quang nam|phuoc long|binh long|loc ninh|bien hoa|sai gon|gia dinh|my tho|rach gia|"
    "thu dau mot|song be|minh hai|cuu long|thuan hai|phu khanh|nghia binh|binh tri thien|ha nam ninh|hai hung|ha bac|"
    "bac thai|hoang lien son|ha son binh|vinh phu|nghe tinh|ha tay|ha tuyen|thua thien|hue|dak to|plei ?ku|"
    "buon me thuot|buon ma thuot|a luoi|a sau|cua viet|con tum|kon tum|gia lai|se pon|kham muon|xieng khoang|"
    "nam ha|hau giang|quang tin|quang duc|phuoc tuy|phuoc thanh|long khanh|binh tuy|tuyen duc|hau nghia|kien hoa|"
    "kien phong|kien tuong|go cong|dinh tuong|vinh binh|phong dinh|chuong thien|ba xuyen|an xuyen|chau doc|sa dec|"
    "phu bon|"
    "canh dong chum|savannakhet|atapu|attapeu|saravan|kong ?pong|cong ?pong|phnom ?penh|svay rieng|tinh doi|huyen doi"
)
_UNIT: Final = re.compile(rf"\b(?:{_UNIT_WORDS})\b")
_BATTLEFIELD: Final = re.compile(rf"\b(?:{_BATTLEFIELDS})\b")
_LONE_FIELD: Final = re.compile(r"(?:chien truong )?(?:b[1-5]?|c|k)(?: ?[(\-].*)?|.*\((?:b[1-5]?|c|k)\)")
_LAST_BRACKET: Final = re.compile(r"^(.*\S)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)\s*$")


_UNIT_CODE: Final = re.compile(r"(?:[a-fđ]\d+[a-z]?[ ,./\-]*){2,}", re.IGNORECASE)
_REGION: Final = re.compile(r"(?:quan khu|qk)\b.*")
_NUMBERED: Final = re.compile(r"(.*\d[a-z]?)\s+(\D+)", re.IGNORECASE | re.DOTALL)


@lru_cache(maxsize=1 << 15)
def _classify(text: str) -> str:
    """'place', 'unit' or '' for a piece of text. C and K are battlefields alone; C11 is a company, B2 a battlefield."""
    if _UNIT_CODE.fullmatch(text):
        return "unit"
    plain = fold(text)
    unit = _UNIT.search(plain) is not None
    place = (
        _BATTLEFIELD.search(plain) is not None
        or (not unit and _LONE_FIELD.fullmatch(plain) is not None)
        or _names_a_place(text)
    )
    if place and unit:
        return "mixed"
    return "place" if place else "unit" if unit else ""


def _names_a_place(text: str) -> bool:
    pieces = [re.sub(r"\(.*?\)", "", piece) for piece in re.split(r"[,()–]|\s-\s|\s(?:ở|tại)\s", text)]
    return any(is_place_name(piece) for piece in pieces if piece.strip())


_CUTS: Final = (r",(?![^(]*\))", r"\s[-–]\s(?![^(]*\))", r"\s(?:ở|tại)\s")


def _pieces(text: str) -> list[str]:
    """The text cut where a unit may end and a place begin: ';', ',' outside brackets, and a last bracket."""
    cut: list[str] = []
    for piece in re.split(r"[;\n|](?![^(]*\))", text):
        cut += _cut(piece.strip())
    return cut


def _cut(piece: str) -> list[str]:
    if not piece or _classify(piece) == "place":
        return [piece] if piece else []
    for pattern in _CUTS:
        parts = [part.strip() for part in re.split(pattern, piece) if part.strip()]
        kinds = {_classify(part) for part in parts}
        if {"unit", "place"} <= kinds and "mixed" not in kinds:
            return parts
    match = _LAST_BRACKET.match(piece)
    if match and {_classify(match.group(1)), _classify(match.group(2))} == {"unit", "place"}:
        return [match.group(1).strip(), match.group(2).strip()]
    match = _NUMBERED.fullmatch(piece)  # E5 F3 Quảng Trị
    if match and _classify(match.group(1)) == "unit" and _is_only_a_place(match.group(2)):
        return [match.group(1), match.group(2)]
    return [piece]


def _is_only_a_place(text: str) -> bool:
    return _BATTLEFIELD.fullmatch(fold(text)) is not None or is_place_name(text)


def is_region(text: str) -> bool:
    """Whether a text of a column of places is a military region ('Quân khu 4'): an area, though soldiers' word."""
    return _REGION.fullmatch(fold(tidy(text))) is not None


@lru_cache(maxsize=1 << 16)
def split_unit_place(text: str) -> tuple[str | None, str | None]:
    """The unit and the place of service of one cell; a lone unit code or letter-box has no place, and vice versa."""
    units: list[str] = []
    places: list[str] = []
    last = ""
    for piece in _pieces(tidy(text.replace("\n", "; "))):
        kind = _classify(piece)
        if kind in ("", "mixed"):
            kind = "place" if kind == "" and (last == "place" or (units and not places)) else "unit"
        (places if kind == "place" else units).append(piece)
        last = kind
    return ", ".join(units) or None, ", ".join(places) or None


# -- papers

_NO_PAPER: Final = re.compile(r"(?:khong(?: co)?(?: giay to)?|chua co(?: giay to)?|mat(?: giay to)?|that lac|0|x|ko|k)")
_PAPER_WORD: Final = (
    r"(?:giấy|lý lịch|quyết định|huân chương|huy chương|hồ sơ|phiếu|trích lục|thẻ|bằng|bản|sổ|xác nhận|đơn|biên bản|"
    r"tờ khai|danh sách)"
)
_PAPER_END: Final = re.compile(rf"[;\n+](?![^(]*\))|,(?=\s*{_PAPER_WORD}\b)(?![^(]*\))", re.IGNORECASE)
_COPY_BEFORE: Final = re.compile(r"(?:ban sao|sao y|chung thuc|cong chung|photo|sao luc|cap lai|sao)[^);]*$")
_COPY_ALONE: Final = re.compile(r"(?:ban sao|sao y|photo|chung thuc|cong chung)\b")


# one paper and its date, nine cells of ten
_ONE_PAPER: Final = re.compile(r"([^\W\d_][^\d;\n+,()/\-–]*?) ?[,(]? ?(\d{1,2}[/.]\d{1,2}[/.]\d{4})\)?")


class Papers(NamedTuple):
    """Papers as received; dates of the originals, ISO, joined by `;`; how many papers have none."""

    papers: str | None
    dates: str | None
    undated: int


def read_papers(text: str, as_of: date) -> Papers:
    """'Lý lịch quân nhân (03.04.1975); Giấy X Y Z (..)'. The day of a certified copy is not a day of the paper."""
    if (match := _ONE_PAPER.fullmatch(text)) and _is_original(match.group(1)):
        day = read_date(match.group(2), as_of).value
        return Papers(text, day, 0 if day else 1)
    said = tidy(text)
    if not any(c.isalnum() for c in said) or _NO_PAPER.fullmatch(fold(said).strip(" .-")):
        return Papers(None, None, 0)
    papers = [fold(tidy(paper)) for paper in _PAPER_END.split(text.strip()) if any(c.isalnum() for c in paper)]
    papers = [paper for at, paper in enumerate(papers) if at == 0 or not _COPY_ALONE.match(paper)]
    dates = [_original_dates(paper, as_of) for paper in papers]
    flat = [day for days in dates for day in days]
    undated = 0 if len(flat) >= len(papers) else sum(not days for days in dates)
    return Papers(said, ";".join(flat) or None, undated)


@lru_cache(maxsize=1 << 12)
def _is_original(label: str) -> bool:
    """Whether the words before a date are tidy and speak of no copy."""
    return tidy(label) == label and _COPY_BEFORE.search(fold(label)) is None


def _original_dates(plain: str, as_of: date) -> list[str]:
    found = []
    for match in _DATE_IN_TEXT.finditer(plain):
        value = read_date(match.group(), as_of).value
        if value and not _COPY_BEFORE.search(plain[: match.start()]):
            found.append(value)
    return found


# -- decisions and conclusions

_DECISION_LABEL: Final = re.compile(
    r"^(?:(?:căn cứ|theo)\s+)?(?:quyết định|qđ)?\s*(?:số)?\s*[:.]?\s*(?=\S*\d)", re.IGNORECASE
)
_AROUND_DATE: Final = re.compile(r"[\s,;(\-–]*(?:ngày|ký ngày|ngay|,)?\s*$", re.IGNORECASE)


_DECISION_PLAIN: Final = re.compile(r"(\d+/[\w\-]+)(?: ngày|,) (\d{1,2}/\d{1,2}/\d{4})")


def read_decision(text: str, as_of: date) -> tuple[str | None, str | None]:
    """The number and the date (ISO) of a decision: '3575/QĐ-LĐTBXH ngày 24/6/2014'."""
    if match := _DECISION_PLAIN.fullmatch(text):  # nine cells of ten
        day = read_date(match.group(2), as_of, placeholder=False).value
        if day:
            return match.group(1), day
    said = tidy(text)
    matches = list(_DATE_IN_TEXT.finditer(fold(said)))
    number, day = said, None
    if matches and (value := read_date(matches[-1].group(), as_of, placeholder=False).value):
        start = matches[-1].start()
        if start == 0 or said[start - 1] in " ,;(-–":
            day, number = value, _AROUND_DATE.sub("", said[:start])
    number = _DECISION_LABEL.sub("", number).strip(" ,;.-–(")
    return number or None, day


_CONCLUSION: Final = re.compile(r"ket luan(?: thanh tra| kiem tra)?(?: so)?\s*:?\s*(?=\S)")


def read_conclusion(title: str, as_of: date) -> tuple[str | None, str | None]:
    """The number and the date of the inspection conclusion that a title names."""
    said = tidy(title)
    plain = fold(said)
    for match in _CONCLUSION.finditer(plain):
        rest = plain[match.end() :].split("|")[0]
        number = said[match.end() : match.end() + len(rest.split()[0])] if rest.split() else ""
        number = number.strip(" ,;.()")
        dated = _DATE_IN_TEXT.search(rest)
        day = read_date(dated.group(), as_of, placeholder=False).value if dated else None
        if any(c.isdigit() for c in number) or number.upper().startswith("KL"):
            return number, day
        if day:
            return None, day
    return None, None


# -- members of a household


class Member(NamedTuple):
    """One person of a household's cell: name and alias as read, date of birth, sex, number, relation to the head."""

    name: str
    alias: str | None
    name_received: str
    date_of_birth: str | None
    sex: str | None
    national_id: str | None
    relation: str | None


_RELATION: Final = re.compile(
    r"(?:chu ho|vo|chong|con|chau|me|bo|cha|ong|ba|anh|chi|em|dau|re|co|di|chu|bac|cau|mo|thim|khac|cu)"
    r"(?: (?:trai|gai|dau|re|de|nuoi|ruot|noi|ngoai|ho|vo|chong|ca|ut|thu|hai|ba|tu|nam|\d+|rieng))*"
)
_PERSON_END: Final = re.compile(r"[;\n]|(?<=\))\s*[,.]\s*|(?<=\))\s+(?=\w)")
_FACT_END: Final = re.compile(r"[,()\[\]:;]|\s[-–—]\s|-(?=\s)|(?<=\s)-")
_BORN: Final = re.compile(r"\b(?:sinh năm|sinh ngày|sinh|sn|ns|năm)\s*[:.]?\s*(?=\d)", re.IGNORECASE)
_WHOLE_DATE: Final = re.compile(r"(?<![\d/])((?:\d{1,2}[/.\-]){0,2}(?:18|19|20)\d{2})(?![\d/])")


def _people(text: str) -> list[str]:
    people = [part.strip(" ,.-") for part in _PERSON_END.split(text) if part.strip(" ,.-")]
    if len(people) == 1 and "(" not in people[0]:
        parts = [part.strip() for part in people[0].split(",")]
        if len(parts) > 1 and all(re.search(r"\d{4}", part) for part in parts):
            return parts  # Nguyễn A - 1958 - chồng, Trần B - 1990 - con
    return people


@lru_cache(maxsize=1 << 17)
def read_members(text: str, as_of: date) -> tuple[tuple[Member, ...], int]:
    """The members that a cell lists, in its order, and how many pieces of it name nobody."""
    members, nameless = [], 0
    for piece in _people(text):
        member = _member(piece, as_of)
        if member is None:
            nameless += 1
        else:
            members.append(member)
    return tuple(members), nameless


def _member(piece: str, as_of: date) -> Member | None:
    name = relation = born = sex = number = None
    facts = _WHOLE_DATE.sub(r", \1, ", _BORN.sub(", ", re.sub(r"^\s*\d{1,2}\s*[.)]\s*", "", piece)))
    for part in _FACT_END.split(facts):
        said = tidy(part).strip(" .-–")
        if not said:
            continue
        plain = fold(said)
        if any(c.isdigit() for c in said) and not re.search(r"[a-z]{3}", plain):
            if (read := read_date(said, as_of)).value and born is None:
                born = read.value
            else:
                number = number or read_id(said).value
        elif relation is None and _RELATION.fullmatch(plain):
            relation = said
        elif sex is None and name is not None and read_sex(said):
            sex = read_sex(said)
        elif name is None:
            name = said
    read_as = read_name(name) if name else None
    if read_as is None or read_as.name is None:
        return None
    sex = sex or (sex_of_relation(relation) if relation else None)
    return Member(read_as.name, read_as.alias, tidy(piece), born, sex, number, relation)


@lru_cache(maxsize=1 << 10)
def household_class(text: str) -> str | None:
    """`poor`, `near_poor`, or null."""
    plain = re.sub(r"[^a-z]+", " ", fold(tidy(text))).strip()
    if re.search(r"\bcan ngheo\b|^h? ?cn$|^hcn$", plain):
        return "near_poor"
    return "poor" if re.search(r"\bngheo\b|^h? ?n$", plain) else None
