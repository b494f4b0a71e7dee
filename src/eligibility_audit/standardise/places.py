"""Communes and districts: read from cells, headings and titles, and held against the administrative units of a day.

The units come from the installed package `vietnamadminunits`, whose older table is that of 2024: communes merged before
then are known by name and district alone, without a code. A name that the table does not know is kept as received.
"""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from eligibility_audit.errors import InputError
from eligibility_audit.standardise.names import fold, same_spelling_key, tidy

TWO_TIERS_FROM: Final = date(2025, 7, 1)  # districts ended and communes were merged

_COMMUNE_TYPES: Final = {
    **dict.fromkeys(("xa", "x"), "Xã"),
    **dict.fromkeys(("phuong", "ph", "p", "f"), "Phường"),
    **dict.fromkeys(("thitran", "ttr", "tt"), "Thị trấn"),
}
_DISTRICT_TYPES: Final = {
    **dict.fromkeys(("huyen", "h"), "Huyện"),
    **dict.fromkeys(("quan", "q"), "Quận"),
    **dict.fromkeys(("thixa", "tx"), "Thị xã"),
    **dict.fromkeys(("thanhpho", "tp"), "Thành phố"),
}
# with its marks or without any: 'Phương Công' is a name, not a phường
_COMMUNE_WORD: Final = re.compile(
    r"(?:(thị\s?trấn|phường|xã|thi\s?tran|phuong|xa)(?!\w)[\s.:]*|"
    r"(t\.\s?tr|t\.\s?t|ttr|tt|ph|p|x)(?:\s*[.:]\s*|\s+)|([pf])\.?(?=\d))(?=\S)",
    re.IGNORECASE,
)
_UNMARKED_PHUONG: Final = re.compile(r"phuong\s+(?!\d)", re.IGNORECASE)  # 'phuong khoan' may be Phượng Khoan
_DISTRICT_WORD: Final = re.compile(
    r"(?:(thành\s?phố|thị\s?xã|huyện|quận|thanh\s?pho|thi\s?xa|huyen|quan)(?!\w)[\s.:]*|"
    r"(t\.\s?p|tp|tx|h|q)(?:\s*[.:]\s*|\s+)|(q)(?=\d))(?=\S)",
    re.IGNORECASE,
)
_HAMLET_WORD: Final = re.compile(
    r"(?:thôn|xóm|tổ|đội|ấp|khu|khu phố|kp|bản|làng|số nhà|đường|ngõ|phố|tdp|thon|xom|to dan pho|so nha|khu pho)\b|"
    r"(?:to|doi|ap|so|số|ngo)\s*\d",
    re.IGNORECASE,
)
_BEFORE_TIER: Final = re.compile(
    r"(?<=\w)(?<!\bthị)\s+(?=(?:huyện|thành phố|thị xã|quận|tỉnh|thị trấn|phường|xã|TP|TX)[\s.]|[HTQ]\.)",
    re.IGNORECASE,
)
_ORDINAL: Final = re.compile(
    r"^\s*(?:\d+\s*[.)\-/:]|"
    r"(?:[IVXLC]+|[A-Z])\s*[.)\-/:](?=\s*(?:xã|phường|thị trấn|huyện|thành phố|thị xã|quận)\b))\s*",
    re.IGNORECASE,
)
OFFICE: Final = re.compile(r"^(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân|đơn vị|địa bàn|danh sách)\s*:?\s*", re.IGNORECASE)
_PARTS: Final = re.compile(r"\s*[,;\n|()]\s*|\s+[-–—/]\s*|\s*[-–—/]\s+|\s*/\s*")


def _letters(text: str) -> str:
    """Letters and figures alone, without marks, y as i: 'Vũ Quý' and 'Vu Qui' are the same."""
    return re.sub(r"[^a-z0-9]", "", fold(text)).replace("y", "i")


@dataclass(frozen=True)
class Commune:
    """A commune: its full name ('Xã An Khê'), its district and province, and its code where it exists still."""

    name: str
    bare: str
    district: str | None
    province: str
    code: str | None


@dataclass(frozen=True)
class _Units:
    """All units of a period, by the letters of their names."""

    communes: dict[str, list[Commune]] = field(default_factory=dict)
    districts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # letters -> (district, province)
    districts_of: dict[str, list[str]] = field(default_factory=dict)
    provinces: dict[str, str] = field(default_factory=dict)  # letters -> province


def _bare(name: str, kind: str | None) -> str:
    return name[len(kind) :].strip() if kind and name.startswith(kind) else name


def _query(sql: str) -> list[tuple[str, ...]]:
    found = find_spec("vietnamadminunits")  # its tables are wanted, not its parsers, which take a second to import
    if found is None or found.origin is None:
        raise InputError(
            "Thiếu gói vietnamadminunits; cài lại chương trình. / "
            "The package vietnamadminunits is missing; install the program again."
        )
    table = Path(found.origin).parent / "data" / "dataset.db"
    connection = sqlite3.connect(f"{table.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


@cache
def province_codes() -> frozenset[str]:
    """The codes of the 63 former provinces, three digits each, as national ids begin."""
    return frozenset(code.zfill(3) for (code,) in _query("select distinct provinceCode from admin_units_legacy"))


@cache
def _units(two_tiers: bool) -> _Units:
    units = _Units()
    if two_tiers:
        rows = _query("select ward, wardType, null, null, province, provinceShort, wardCode, null from admin_units")
    else:
        rows = _query(
            "select ward, wardType, district, districtShort, province, provinceShort, wardCode, wardAlias"
            " from admin_units_legacy"
        )
    for ward, kind, district, district_short, province, province_short, code, former in rows:
        units.provinces[_letters(province_short)] = province
        if district and district not in (of := units.districts_of.setdefault(province, [])):
            of.append(district)
            for name in {_letters(district_short), _letters(district)}:
                units.districts.setdefault(name, []).append((district, province))
        if not ward:
            continue
        bare = _bare(ward, kind)
        names = {_letters(bare)}
        units.communes.setdefault(_letters(bare), []).append(Commune(ward, bare, district, province, code))
        aliases = set(json.loads(former)) if former else set()
        for alias in sorted(aliases):
            letters = alias.replace("y", "i")
            typed = re.match(r"xa|phuong|thitran|tt", alias)  # each stands there with its type and without
            if letters not in names and not (typed and alias[typed.end() :] in aliases):
                names.add(letters)
                units.communes.setdefault(letters, []).append(Commune("", "", district, province, None))
    return units


@lru_cache(maxsize=1 << 12)
def is_place_name(text: str) -> bool:
    """Whether a piece of text is the name of a province or a district anywhere in the country."""
    units = _units(two_tiers=False)
    said = re.sub(r"^(?:tỉnh|huyện|thị xã|thành phố|tp\.?|h\.|tx\.?)\s+", "", tidy(text), flags=re.IGNORECASE)
    letters = _letters(said)
    return bool(letters) and (letters in units.provinces or letters in units.districts)


_JOINED: Final = "\u2011"  # stands in a text for the hyphen of a name such as Phan Rang - Tháp Chàm


@cache
def _hyphenated(two_tiers: bool) -> re.Pattern[str]:
    """Finds the names of units that have a hyphen of their own."""
    units = _units(two_tiers)
    names = {d for districts in units.districts_of.values() for d in districts} | set(units.provinces.values())
    names |= {c.name for communes in units.communes.values() for c in communes}
    spelt = {_short(name) for name in names if "-" in name} | {"Thừa Thiên - Huế"}
    forms = sorted({form for name in spelt for form in (name, fold(name))}, key=len, reverse=True)
    return re.compile(
        r"\b(?:" + "|".join(re.sub(r"(?:\\ )*\\-(?:\\ )*", r"\\s*[-–]\\s*", re.escape(f)) for f in forms) + r")\b",
        re.IGNORECASE,
    )


def _split(text: str, two_tiers: bool) -> list[str]:
    """The parts of an address; a hyphen within a unit's own name does not part it."""
    if "-" in text or "–" in text:
        text = _hyphenated(two_tiers).sub(lambda m: re.sub(r"\s*[-–]\s*", _JOINED, m.group()), text)
    parts = _PARTS.split(_BEFORE_TIER.sub(", ", text))
    return [part.replace(_JOINED, " - ") for part in parts if part and part.strip(" .")]


class Place(NamedTuple):
    """What a row says of where a person lives. `ambiguous`: the commune's name is of several districts."""

    commune: str | None = None
    district: str | None = None
    code: str | None = None
    hamlet: str | None = None
    ambiguous: bool = False


class _Said(NamedTuple):
    """The parts of a text: each as received, without the type word; the type words apart."""

    hamlet: str | None = None
    commune: str | None = None
    commune_type: str | None = None
    district: str | None = None
    district_type: str | None = None
    province: str | None = None


def _strip(pattern: re.Pattern[str], types: dict[str, str], text: str) -> tuple[str, str | None]:
    """The text without its type word, and the type."""
    match = pattern.match(text)
    if match is None:
        return text, None
    return text[match.end() :].strip(), types[re.sub(r"[\s.]", "", fold(match.group(match.lastindex or 0)))]


def as_read(as_of: date) -> tuple[int, bool]:
    """All that a day changes in how a list is standardised: its year (dates of two digits, ages) and the units then."""
    return as_of.year, as_of >= TWO_TIERS_FROM


class Gazetteer:
    """The communes and districts of one province on a day; of no province, only what is stated is read."""

    def __init__(self, as_of: date, province: str | None = None) -> None:
        self._two_tiers = as_of >= TWO_TIERS_FROM
        self._units = _units(self._two_tiers)
        self.province = province
        self._districts = self._units.districts_of.get(province or "", [])

    @staticmethod
    def of_data(
        as_of: date, texts: Iterable[str], communes: Iterable[str] = (), districts: Iterable[str] = ()
    ) -> "Gazetteer":
        """The gazetteer of the province that most of the texts (titles, addresses) and columns speak of."""
        two_tiers = as_of >= TWO_TIERS_FROM
        votes: Counter[str] = Counter()
        for said, tier in ((texts, ""), (communes, "commune"), (districts, "district")):
            for text in said:
                votes.update(_votes(two_tiers, tidy(text), tier))
        best = votes.most_common(2)
        if not best or (len(best) == 2 and best[0][1] == best[1][1]):
            return _gazetteer(two_tiers, None)
        return _gazetteer(two_tiers, best[0][0])

    def parts(self, text: str) -> list[str]:
        """The parts of a title or an address, the hyphens of names left whole."""
        return _split(tidy(text), self._two_tiers)

    # -- districts

    def district(self, text: str | None) -> str | None:
        """The district of the province that the text names: in full, bare, abbreviated ('Q.Phụ', 'QP', 'TPTB')."""
        return self._find_district(text) if text and tidy(text) else None

    @lru_cache(maxsize=1 << 12)  # noqa: B019  a gazetteer of a province is made once and kept
    def _find_district(self, text: str) -> str | None:
        said = tidy(text).strip(" .,:;-")
        letters = _letters(said)
        bare, kind = _strip(_DISTRICT_WORD, _DISTRICT_TYPES, said)
        named = [d for d, p in self._units.districts.get(letters, []) if p == self.province]
        if not named:
            named = [d for d, p in self._units.districts.get(_letters(bare), []) if p == self.province]
        if len(named) > 1 and kind:
            named = [d for d in named if d.startswith(kind)] or named
        if not named:
            named = [d for d in self._districts if _abbreviates(said, d) or _abbreviates(bare, d)]
        return named[0] if len(named) == 1 else None

    def district_in(self, text: str) -> str | None:
        """The one district that a longer text (a title, a file's name) names, or null.

        A part with its type word is believed first: 'Xã Tân Hưng, Huyện Vĩnh Hưng'. The name that the province and a
        town of it share counts as the town only with its type word before it.
        """
        stated, rest = set(), []
        for part in self.parts(text):
            said = OFFICE.sub("", part)
            if _DISTRICT_WORD.match(said) and (known := self.district(said)):
                stated.add(known)
            if not _COMMUNE_WORD.match(said):
                rest.append(part)
        if len(stated) == 1:
            return stated.pop()
        text = ", ".join(rest)
        folded = re.sub(r"[^a-z0-9]+", " ", fold(text))
        spaced, found = f" {folded.strip()} ".replace("y", "i"), set()
        own = _letters(_province_short(self.province))
        for district in self._districts:
            short = re.sub(r"[^a-z0-9]+", " ", fold(_short(district))).strip().replace("y", "i")
            if short.replace(" ", "") == own:
                if re.search(rf" (?:tp|thanh pho|thi xa|tx|huien|t p) {short} ", spaced):
                    found.add(district)
            elif f" {short} " in spaced:
                found.add(district)
        return found.pop() if len(found) == 1 else None

    def district_of_initials(self, text: str) -> str | None:
        """The district whose initials are a word of the text ('QP-Con', 'TPTB'), or null."""
        found = {
            district
            for word in re.split(r"[^A-Za-zĐđ]+", text)
            if len(word) >= 2 and word.isupper()
            for district in self._districts
            if _letters(word) in _initials(district)
        }
        return found.pop() if len(found) == 1 else None

    def holds(self, district: str, communes: Iterable[str]) -> bool:
        """Whether most of the communes that the table knows are in this district (so that a title can be trusted)."""
        known = inside = 0
        for commune in communes:
            units = [c for c in self._named(self._parse(commune).commune) if c.district]
            known += bool(units)
            inside += any(c.district == district for c in units)
        return known < 3 or inside * 2 >= known

    # -- communes

    def resolve(self, said: str, district: str | None = None, hamlet: str | None = None) -> Place:
        """The commune and district that a text names; `district`: where the text itself names none."""
        if not tidy(said):
            return Place(None, self.district(district) or _as_received(district), None, hamlet)
        return self._resolve(tidy(said), district)._replace(hamlet=hamlet or self._parse(tidy(said)).hamlet)

    @lru_cache(maxsize=1 << 16)  # noqa: B019
    def _resolve(self, said: str, district: str | None) -> Place:
        parts = self._parse(said)
        stated = self.district(_with_type(parts.district, parts.district_type)) or _as_received(
            _with_type(parts.district, parts.district_type)
        )
        context = self.district(district) or _as_received(district)
        where = stated or context
        if parts.commune is None:
            return Place(None, where)
        units = self._named(parts.commune, parts.commune_type)
        if where is not None:
            inside = [u for u in units if u.district == where]
            return self._place(parts, inside, where)
        if len({u.district for u in units}) == 1:
            return self._place(parts, units, units[0].district)
        place = self._place(parts, [], None)
        return place._replace(ambiguous=len(units) > 1)

    def _place(self, parts: _Said, units: list[Commune], district: str | None) -> Place:
        bare = parts.commune or ""
        current = [u for u in units if u.name]
        if len(current) == 1:
            unit = current[0]
            # i and y are spelled either way in real registers: the spelling received is kept, the code unifies
            name = unit.bare if fold(unit.bare) == fold(bare) else _capitals(bare)
            kind = parts.commune_type if parts.commune_type and fold(unit.bare) != fold(bare) else _kind(unit)
            return Place(f"{kind} {name}".strip(), district, unit.code)
        name = _capitals(bare)
        return Place(f"{parts.commune_type or _likely_kind(units)} {name}".strip(), district)

    def _named(self, bare: str | None, kind: str | None = None) -> list[Commune]:
        """Communes of the province by that name; of several, those that agree on the tone marks, then on the type."""
        units = [c for c in self._units.communes.get(_letters(bare or ""), []) if c.province == self.province]
        if len(units) > 1 and bare and fold(bare) != bare.lower():
            exact = [c for c in units if not c.bare or _spelling(c.bare) == _spelling(bare)]
            units = exact or units
        if len(units) > 1 and kind:
            units = [c for c in units if not c.name or c.name.startswith(kind)] or units
        return units

    @lru_cache(maxsize=1 << 16)  # noqa: B019
    def _parse(self, said: str) -> _Said:
        said = _ORDINAL.sub("", tidy(said)) if _ORDINAL.match(said) else tidy(said)
        parts = _split(said, self._two_tiers)
        if len(parts) == 1 and "-" in parts[0] and not self.district(parts[0]):
            halves = [half.strip() for half in parts[0].split("-") if half.strip()]
            if halves and self.district(halves[-1]):
                parts = halves
        province = self._take_province(parts)
        district, district_type = self._take_district(parts)
        commune, commune_type, hamlet = _take_commune(parts, self._known)
        return _Said(hamlet, commune, commune_type, district, district_type, province)

    def states_commune(self, text: str, district: str | None) -> bool:
        """Whether a piece of a title or a sheet's name is a commune: of the table, and no district's own name."""
        said = self._parse(text)
        if said.commune_type and said.commune and self._known(said.commune):
            return True
        return self.resolve(text, district).code is not None and self.district(text) is None

    def _known(self, name: str) -> bool:
        return any(c.province == self.province for c in self._units.communes.get(_letters(name), []))

    def _take_province(self, parts: list[str]) -> str | None:
        if not parts:
            return None
        bare = re.sub(r"^(?:tỉnh|tinh|T\.)\s*", "", parts[-1], flags=re.IGNORECASE)
        stated = bare != parts[-1]
        known = _letters(bare) in self._units.provinces
        if stated or (len(parts) > 1 and known and not _DISTRICT_WORD.match(parts[-1])):
            # 'Đề Thám, Thái Bình': province or town of the same name; the commune will tell
            parts.pop()
            return bare
        return None

    def _take_district(self, parts: list[str]) -> tuple[str | None, str | None]:
        """The district that a part names, and its type word where the table does not know it."""
        for place in range(len(parts) - 1, -1, -1):
            part, last = parts[place], 0 < place == len(parts) - 1
            bare, kind = _strip(_DISTRICT_WORD, _DISTRICT_TYPES, part)
            if not (kind or last) or (not kind and _COMMUNE_WORD.match(part)):
                continue
            if (known := self.district(part)) is not None:
                parts.pop(place)
                return known, None
            if kind and len(parts) > 1:
                parts.pop(place)
                return parts_bare(bare), kind
            if last and not self._known(part) and not _HAMLET_WORD.match(part) and not _HAMLET_WORD.match(parts[-2]):
                parts.pop(place)
                return parts_bare(part), None
        return None, None


def parts_bare(text: str) -> str:
    """A part of an address without stray marks."""
    return text.strip(" .,:;")


def _take_commune(parts: list[str], known: Callable[[str], bool]) -> tuple[str | None, str | None, str | None]:
    """The commune's bare name, its type, and what is left of it (hamlet, street)."""
    for place in range(len(parts) - 1, -1, -1):
        bare, kind = _strip(_COMMUNE_WORD, _COMMUNE_TYPES, parts[place])
        a_name = known(parts[place]) or _UNMARKED_PHUONG.match(parts[place])
        if kind and (known(bare) or not a_name):
            hamlet = ", ".join(parts[:place]) or None
            return parts_bare(bare), kind, hamlet
    if not parts:
        return None, None, None
    if _HAMLET_WORD.match(parts[-1]) and not known(parts[-1]):
        return None, None, ", ".join(parts)
    return parts_bare(parts[-1]), None, ", ".join(parts[:-1]) or None


@cache
def _gazetteer(two_tiers: bool, province: str | None) -> Gazetteer:
    return Gazetteer(TWO_TIERS_FROM if two_tiers else date.min, province)


@lru_cache(maxsize=1 << 15)
def _votes(two_tiers: bool, text: str, tier: str) -> Counter[str]:
    """The provinces that the parts of a text speak for, and how loudly. `tier`: what a lone part is, where known.

    A type word says which tier a part is of: 'Xã Tân Bình' is not Quận Tân Bình. A commune in its district is the
    surest word.
    """
    units, said = _units(two_tiers), _split(text, two_tiers)
    votes: Counter[str] = Counter()
    homes: set[tuple[str | None, str]] = set()  # (district, province) of the communes named
    named: set[tuple[str | None, str]] = set()
    for part in said:
        bare, kind = _strip(_DISTRICT_WORD, _DISTRICT_TYPES, part)
        as_commune, commune_kind = _strip(_COMMUNE_WORD, _COMMUNE_TYPES, part)
        only = "district" if kind else "commune" if commune_kind else tier if len(said) == 1 else ""
        if only != "commune":
            found = units.districts.get(_letters(f"{kind} {bare}" if kind else part)) or units.districts.get(
                _letters(bare), []
            )
            named.update(found)
            votes.update({province: 4 for _, province in found})
        if only != "district":
            communes = units.communes.get(_letters(as_commune), []) + units.communes.get(_letters(part), [])
            homes.update((c.district, c.province) for c in communes)
            votes.update({c.province: 1 for c in communes})
        province = re.sub(r"^tinh", "", _letters(part))
        if not only and province in units.provinces:
            votes[units.provinces[province]] += 3
    votes.update({province: 6 for _, province in homes & named})
    return votes


@cache
def _short(unit: str) -> str:
    return re.sub(r"^(?:Thành phố|Thị xã|Huyện|Quận|Tỉnh|Thị trấn|Phường|Xã|Đặc khu) ", "", unit)


def _province_short(province: str | None) -> str:
    return _short(province or "")


@cache
def _initials(district: str) -> frozenset[str]:
    """'qp' and 'hqp' of Huyện Quỳnh Phụ; 'tptb' and 'tb' of Thành phố Thái Bình."""
    short = "".join(word[0] for word in fold(_short(district)).split()).replace("y", "i")
    kind = "".join(word[0] for word in fold(district[: len(district) - len(_short(district))]).split())
    return frozenset({short, kind + short}) if len(short) > 1 else frozenset()


def _abbreviates(said: str, district: str) -> bool:
    """'Q.Phụ', 'Q. Phu', 'TPTB' for the district: each word in full or its first letter, at least one of them short."""
    words = [w for w in re.split(r"[^a-z0-9]+", fold(said).replace("y", "i")) if w]
    full = fold(_short(district)).replace("y", "i").split()
    if len(words) == 1:
        return words[0] in _initials(district)
    return len(words) == len(full) and all(
        word == whole or (len(word) == 1 and whole.startswith(word)) for word, whole in zip(words, full, strict=True)
    )


def _kind(unit: Commune) -> str:
    return unit.name[: len(unit.name) - len(unit.bare)].strip()


def _likely_kind(units: list[Commune]) -> str:
    """A former commune was a xã, but for the few that the table lists as former towns."""
    return "Xã" if len(units) == 1 and not units[0].name else ""


def _with_type(bare: str | None, kind: str | None) -> str | None:
    return f"{kind} {bare}" if bare and kind else bare


def _as_received(text: str | None) -> str | None:
    return _capitals(tidy(text)) if text and tidy(text) else None


def _spelling(text: str) -> str:
    return same_spelling_key(text).replace("y", "i")


def _capitals(text: str) -> str:
    """A name all in capitals or all in small letters gets a capital for each word."""
    if text.isupper() or text.islower():
        return " ".join(word[:1].upper() + word[1:].lower() for word in text.split())
    return text
