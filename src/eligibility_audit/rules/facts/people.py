"""Everybody of a run in one frame of codes, and how two lines agree: name, birth, sex, number, commune.

Columns, not loops: texts are worked on once a distinct value; pairs are pairs of positions.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from eligibility_audit.domain.dates import span
from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.rules.facts import text
from eligibility_audit.rules.wording import TEXT

Codes = NDArray[np.int32]
Mask = NDArray[np.bool_]
NONE: Final = -1


class Name(IntEnum):
    """How two names agree."""

    UNKNOWN = -1
    DIFFER = 0
    LETTER = 1  # given names one letter apart: a slip, or brothers called Kính and Minh
    CLOSE = 2  # a spelling that sounds alike, a letter of another word, or a middle word left out
    SAME = 3  # without diacritics, or by an alias
    FULL = 4  # with diacritics, or one side written without any


class Born(IntEnum):
    """How two birth dates agree."""

    UNKNOWN = -1
    DIFFER = 0  # other years
    OTHER_DAY = 1  # the same year, days that cannot be the same
    SWAPPED = 2  # day and month changed places
    YEAR = 3  # the same as far as the coarser one goes
    DAY = 4


class Number(IntEnum):
    """How two national ids agree."""

    UNKNOWN = -1
    DIFFER = 0
    OTHER_FORM = 1  # 9 digits against 12: nothing to compare
    NEAR = 2  # one digit, or two neighbours changed places
    SAME = 3


class Place(IntEnum):
    """How two communes agree."""

    UNKNOWN = -1
    DIFFER = 0
    MAYBE = 1  # the same name, the district not stated on both sides
    SAME = 2


@dataclass(frozen=True)
class People:
    """All lines of all lists. Arrays have one element a line, in the order of kinds; `NONE` (-1) where unknown."""

    record_id: pd.Index
    kind: NDArray[np.int8]
    name: Codes  # into `names`
    alias: Codes  # into `names`
    heard: Codes  # names that sound alike have one code
    written: Codes
    plain: Mask
    born_first: Codes
    born_last: Codes
    year: Codes
    sex: NDArray[np.int8]
    number: Codes  # into `numbers`
    unit: Codes  # commune by code, or by name and district
    commune: Codes  # commune by bare name
    district: Codes
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    source: pd.DataFrame  # source_file, source_sheet, source_row

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def known_day(self) -> Mask:
        """Born on a known day."""
        return np.asarray((self.year != NONE) & (self.born_first == self.born_last))

    def of(self, *kinds: str) -> Mask:
        """Lines of some kinds of list."""
        return np.asarray(np.isin(self.kind, [_order(kind) for kind in kinds]))

    def position(self, record_ids: "pd.Series[str]") -> NDArray[np.intp]:
        """Positions of record ids; -1 where there is none."""
        return positions(record_ids, self.record_id)


def positions(wanted: "pd.Series[str] | pd.Index", among: "pd.Series[str] | pd.Index") -> NDArray[np.intp]:
    """Where texts stand among others, each of which stands there once; -1 where one does not."""
    texts = pa.array(wanted.astype(TEXT), type=pa.string()), pa.array(among.astype(TEXT), type=pa.string())
    found = pc.index_in(texts[0], value_set=texts[1], skip_nulls=True)
    return found.fill_null(NONE).to_numpy(zero_copy_only=False).astype("intp")


def _order(kind: str) -> int:
    return list(KINDS).index(kind)


def gather_people(records_by_kind: Mapping[str, pd.DataFrame]) -> People:
    """The people of all lists of a run."""
    kinds = [kind for kind in KINDS if kind in records_by_kind and len(records_by_kind[kind])]
    columns = ["record_id", "name", "alias", "date_of_birth", "sex", "national_id", "commune", "district"]
    parts = []
    for kind in kinds:
        records = records_by_kind[kind]
        wanted = [*columns, "commune_code", "home_place", "source_file", "source_sheet", "source_row"]
        part = pd.DataFrame({c: records[c] if c in records else pd.Series(pd.NA, index=records.index) for c in wanted})
        part["kind"] = _order(kind)
        parts.append(part)
    if not parts:  # the same columns, without a line
        parts = [
            pd.DataFrame(columns=[*columns, "source_row", "kind"]).astype({"source_row": "Int64", "kind": "int64"})
        ]
    every = pd.concat(parts, ignore_index=True)
    for column in [*columns, "commune_code", "home_place", "source_file", "source_sheet"]:
        every[column] = every.get(column, pd.Series(pd.NA, index=every.index)).astype("string[pyarrow]")
    return _encode(every)


def _encode(every: pd.DataFrame) -> People:
    written, distinct = pd.factorize(every["name"])
    names = distinct.to_numpy("object").tolist()
    folded_of = text.folded(names)
    aliased = every["alias"].notna()
    alias_texts = pd.Series(pd.NA, index=every.index, dtype="string[pyarrow]")
    if aliased.any():
        pairs = every.loc[aliased, ["name", "alias"]].fillna("")
        alias_texts[aliased] = [
            text.with_alias(n, a) or None for n, a in zip(pairs["name"], pairs["alias"], strict=True)
        ]
    alias_codes, alias_names = pd.factorize(alias_texts)
    folded = pd.Index(pd.unique(pd.Series([*folded_of, *map(str, alias_names)], dtype="object")))
    of_name = folded.get_indexer(pd.Index(folded_of, dtype="object"))
    heard = _numbered(text.each_word(folded_of, text.sound))
    spelled = _numbered(text.each_word(names, text.spelling_of_word))
    days = span(every["date_of_birth"])
    first = days["first"].to_numpy("int32", na_value=NONE)
    last = days["last"].to_numpy("int32", na_value=NONE)
    known = days["first"].notna().to_numpy()
    sexes = [(every["sex"] == sex).fillna(False).to_numpy("bool") for sex in ("M", "F")]
    sex = np.select(sexes, [1, 0], NONE).astype("int8")
    number, numbers = pd.factorize(every["national_id"])
    commune, district = _places(every)
    return People(
        record_id=pd.Index(every["record_id"]),
        kind=every["kind"].to_numpy("int8"),
        name=_gather(np.where([n == "" for n in folded_of], NONE, of_name), written),
        alias=_gather(folded.get_indexer(pd.Index(list(map(str, alias_names)), dtype="object")), alias_codes),
        heard=_gather(heard, written),
        written=_gather(spelled, written),
        plain=_gather(np.array([text.is_plain(n) for n in names], dtype=bool), written).astype(bool),
        born_first=first,
        born_last=last,
        year=np.where(known, first.astype("datetime64[D]").astype("datetime64[Y]").astype("int32") + 1970, NONE).astype(
            "int32"
        ),
        sex=sex,
        number=number.astype("int32"),
        unit=_units(every["commune_code"], commune, district),
        commune=commune,
        district=district,
        names=tuple(folded),
        numbers=tuple(numbers.to_numpy("object")),
        source=every[["source_file", "source_sheet", "source_row"]],
    )


def _numbered(texts: list[str]) -> NDArray[np.int32]:
    """A code for each text, the same for the same one."""
    return pa.array(texts, type=pa.string()).dictionary_encode().indices.to_numpy(zero_copy_only=False).astype("int32")


def _gather(values: NDArray[np.generic], codes: NDArray[np.intp]) -> NDArray[np.int32]:
    """values[codes], and NONE where there is no code."""
    return np.where(codes < 0, NONE, np.append(values, NONE)[codes]).astype("int32")


def _places(every: pd.DataFrame) -> tuple[Codes, Codes]:
    """Communes and districts by bare folded name. A line that states no commune is placed by its place of origin."""
    origin = every["home_place"].where(every["commune"].isna())
    codes, texts = pd.factorize(origin)
    parts = [[text.bare_unit(text.fold(p)) for p in str(t).replace(" - ", ",").split(",")] for t in texts]
    commune = _by_name(every["commune"])
    district = _by_name(every["district"])
    from_origin = pd.array([p[0] for p in parts], dtype="string[pyarrow]").take(codes, allow_fill=True)
    district_of_origin = pd.array([p[1] if len(p) > 1 else None for p in parts], dtype="string[pyarrow]")
    commune = commune.fillna(pd.Series(from_origin, index=every.index))
    placed = every["district"].isna() & every["commune"].isna()
    district = district.fillna(
        pd.Series(district_of_origin.take(codes, allow_fill=True), index=every.index).where(placed)
    )
    return pd.factorize(commune)[0].astype("int32"), pd.factorize(district)[0].astype("int32")


def _by_name(column: "pd.Series[str]") -> "pd.Series[str]":
    codes, texts = pd.factorize(column)
    bare = pd.array([text.bare_unit(text.fold(str(t))) or None for t in texts], dtype="string[pyarrow]")
    return pd.Series(bare.take(codes, allow_fill=True), index=column.index)


def _units(codes: "pd.Series[str]", commune: Codes, district: Codes) -> Codes:
    """One code a commune whose district is known; the gazetteer's code and (commune, district) are brought together."""
    stated = (commune >= 0) & (district >= 0)
    pair = np.where(stated, commune.astype("int64") * (int(district.max(initial=0)) + 1) + district, NONE)
    by_code = pd.factorize(codes)[0]
    named = pd.DataFrame({"code": by_code, "pair": pair})
    both = named[(named["code"] >= 0) & (named["pair"] >= 0)].drop_duplicates("code")
    code_to_pair = dict(zip(both["code"], both["pair"], strict=True))
    joined = named["pair"].where(named["pair"] >= 0, named["code"].map(code_to_pair))
    joined = joined.where(joined.notna() | (named["code"] < 0), -2 - named["code"])
    found, _ = pd.factorize(joined.where(joined != NONE))
    return found.astype("int32")


def completed(people: People) -> People:
    """The same people, a coarse birth date made full by other lines of the same id and name that agree on one day."""
    key = pd.DataFrame({"number": people.number, "name": people.name})
    known = people.known_day & (people.number != NONE) & (people.name != NONE)
    days = key[known].assign(day=people.born_first[known]).groupby(["number", "name"])["day"].agg(["min", "max"])
    agreed = days.loc[days["min"] == days["max"], "min"].rename("day").reset_index()
    found = key.merge(agreed, on=["number", "name"], how="left")["day"].to_numpy("float64")
    fits = ~people.known_day & (people.year != NONE) & (found >= people.born_first) & (found <= people.born_last)
    day = np.where(fits, np.nan_to_num(found), 0).astype("int32")
    return replace(
        people,
        born_first=np.where(fits, day, people.born_first).astype("int32"),
        born_last=np.where(fits, day, people.born_last).astype("int32"),
    )


@dataclass(frozen=True)
class Agreement:
    """How each of some pairs agrees: arrays of the levels above, and the years between the births."""

    name: NDArray[np.int8]
    born: NDArray[np.int8]
    number: NDArray[np.int8]
    place: NDArray[np.int8]
    sex: NDArray[np.int8]  # 1 agree, 0 differ, -1 unknown
    years_apart: Codes

    def frame(self) -> pd.DataFrame:
        """The levels as columns."""
        return pd.DataFrame(
            {"name": self.name, "born": self.born, "number": self.number, "place": self.place, "sex": self.sex}
        )


def agreement(people: People, left: NDArray[np.intp], right: NDArray[np.intp]) -> Agreement:
    """Compare lines at the positions `left` with those at `right`, one pair an element."""
    sexes = people.sex[left], people.sex[right]
    years = people.year[left], people.year[right]
    known = (years[0] != NONE) & (years[1] != NONE)
    return Agreement(
        name=_names(people, left, right),
        born=_births(people, left, right),
        number=_numbers(people, left, right),
        place=_same_place(people, left, right),
        sex=np.where((sexes[0] == NONE) | (sexes[1] == NONE), NONE, sexes[0] == sexes[1]).astype("int8"),
        years_apart=np.where(known, np.abs(years[0] - years[1]), NONE).astype("int32"),
    )


def _names(people: People, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.int8]:
    a, b = people.name[left], people.name[right]
    alias_a, alias_b = people.alias[left], people.alias[right]
    known = (a != NONE) & (b != NONE)
    same = known & (a == b)
    full = same & ((people.written[left] == people.written[right]) | people.plain[left] | people.plain[right])
    other = ((alias_a != NONE) & ((alias_a == b) | (alias_a == alias_b))) | ((alias_b != NONE) & (alias_b == a))
    level = np.select([full, same | other, known], [Name.FULL, Name.SAME, Name.DIFFER], Name.UNKNOWN).astype("int8")
    unlike = np.flatnonzero(level == Name.DIFFER)
    level[unlike] = _on_distinct(a[unlike], b[unlike], lambda x, y: _close_names(people.names, x, y))
    return level


def _close_names(names: tuple[str, ...], left: Codes, right: Codes) -> NDArray[np.int8]:
    a, b = [names[i] for i in left], [names[i] for i in right]
    one_letter = cpdist(a, b, scorer=OSA.distance, score_cutoff=1) <= 1
    close = np.fromiter(
        (text.same_but_for_spelling(x, y, bool(near)) for x, y, near in zip(a, b, one_letter, strict=True)),
        "bool",
        len(a),
    )
    return np.select([close, one_letter], [Name.CLOSE, Name.LETTER], Name.DIFFER).astype("int8")


def _births(people: People, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.int8]:
    first, last = people.born_first, people.born_last
    known = (people.year[left] != NONE) & (people.year[right] != NONE)
    days = people.known_day[left] & people.known_day[right]
    apart = (last[left] < first[right]) | (last[right] < first[left])
    return np.select(
        [
            ~known,
            days & (first[left] == first[right]),
            ~apart,
            people.year[left] != people.year[right],
            days & (_month_day(first[left]) == _month_day(first[right])[:, ::-1]).all(axis=1),
        ],
        [Born.UNKNOWN, Born.DAY, Born.YEAR, Born.DIFFER, Born.SWAPPED],
        Born.OTHER_DAY,
    ).astype("int8")


def _month_day(days: Codes) -> NDArray[np.int32]:
    """Month and day of the month, one row a day number."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day = (dates - months).astype("int32") + 1
    return np.stack([months.astype("int32") % 12 + 1, day], axis=1)


def _numbers(people: People, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.int8]:
    a, b = people.number[left], people.number[right]
    known = (a != NONE) & (b != NONE)
    level = np.select([~known, a == b], [Number.UNKNOWN, Number.SAME], Number.DIFFER).astype("int8")
    unlike = np.flatnonzero(level == Number.DIFFER)
    level[unlike] = _on_distinct(a[unlike], b[unlike], lambda x, y: _near_numbers(people.numbers, x, y))
    return level


def _near_numbers(numbers: tuple[str, ...], left: Codes, right: Codes) -> NDArray[np.int8]:
    a, b = [numbers[i] for i in left], [numbers[i] for i in right]
    near = cpdist(a, b, scorer=OSA.distance, score_cutoff=1) <= 1
    alike = np.array([len(x) == len(y) for x, y in zip(a, b, strict=True)], dtype=bool)
    return np.select([~alike, near], [Number.OTHER_FORM, Number.NEAR], Number.DIFFER).astype("int8")


def _on_distinct(left: Codes, right: Codes, compare: Callable[[Codes, Codes], NDArray[np.int8]]) -> NDArray[np.int8]:
    """Compare each distinct pair of codes once."""
    if not len(left):
        return np.zeros(0, dtype="int8")
    joint = left.astype("int64") << 32 | right.astype("int64")
    distinct, back = np.unique(joint, return_inverse=True)
    return compare((distinct >> 32).astype("int32"), (distinct & 0xFFFFFFFF).astype("int32"))[back]


def _same_place(people: People, left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.int8]:
    unit_a, unit_b = people.unit[left], people.unit[right]
    name_a, name_b = people.commune[left], people.commune[right]
    district_a, district_b = people.district[left], people.district[right]
    known = (unit_a != NONE) & (unit_b != NONE)
    named = (name_a != NONE) & (name_b != NONE)
    districts_differ = (district_a != NONE) & (district_b != NONE) & (district_a != district_b)
    return np.select(
        [known & (unit_a == unit_b), known, ~named, (name_a == name_b) & ~districts_differ],
        [Place.SAME, Place.DIFFER, Place.UNKNOWN, Place.MAYBE],
        Place.DIFFER,
    ).astype("int8")
