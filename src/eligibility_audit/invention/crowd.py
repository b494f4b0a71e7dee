"""A long list of people with its truth, a hundred thousand rows a second: what linkage is tried and measured on.

Where `province.invent` makes the lists of an office as offices write them, this makes one table, as large as wanted:
rec_id, name, date_of_birth, sex, national_id, commune, district; and apart, so that no tool can see it, rec_id, entity.
Memory does not grow with the rows: a chunk at a time is made and written.

The shape is that of the lists we were given: 208,496 rows hold about 6,600 pairs of rows of one person. Errors are
those of such lists, at rates set once, before our engine was measured on them, and not changed for its sake; their
reasons stand beside them. Errors come together, as one hurried clerk makes them: a fifth of the rows has most of them,
so that some pairs have two or three. Beside the pairs stand those who are easily taken for one: twins, siblings,
spouses, father and son, namesakes of one birth year and commune.

However many the rows, they live in one province of 260 communes (a harder thing than a country), so that names collide
in proportion to the rows, and communes grow.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from eligibility_audit.errors import UsageError
from eligibility_audit.invention.communes import communes_near
from eligibility_audit.invention.misspelt import CHOICES, KINDS, Drawn, Words, vocabulary
from eligibility_audit.invention.province import Progress

Codes = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
LEAST: Final = 1_000
MOST: Final = 50_000_000  # the serials of 12-digit numbers suffice
CHUNK: Final = 250_000  # persons made at a time
ROLES: Final = """# Vai trò các cột / the roles of the columns, for: link people.parquet --model model.yaml
id: rec_id
columns: {name: name, date_of_birth: date_of_birth, sex: sex, national_id: national_id, place: [commune, district]}
"""
SHOWN: Final = pa.schema(
    [("rec_id", pa.int64())]
    + [(c, pa.string()) for c in ("name", "date_of_birth", "sex", "national_id", "commune", "district")]
)
KNOWN: Final = pa.schema([("rec_id", pa.int64()), ("entity", pa.int64())])
COMMUNES: Final = 260

# Lines a person has: 3.3 % of rows make a pair, as on the lists we were given (6,693 pairs on 208,496 rows).
LINES: Final = {2: 0.0218, 3: 0.0026, 4: 0.0005}

# Who is on the lists: (share, first and last year of birth). Veterans, their children, people over 80, disabled people
# of any age, poor households.
COHORTS: Final = ((0.24, 1938, 1957), (0.10, 1966, 1992), (0.24, 1924, 1940), (0.30, 1940, 2015), (0.12, 1930, 2018))
# Given names are fewer among the old: the weight of the word of rank r is 1 / (r + flat).
FLAT: Final = ((1964, 5.0), (1984, 25.0), (9999, 60.0))
PLAIN_MIDDLE: Final = ((1964, 0.55), (1984, 0.30), (9999, 0.0))  # "Văn" or "Thị" and nothing else, beyond the table

# The person: numbers. Born after 2005 most have none yet; of the rest 7 % never had one or lost it.
NO_NUMBER_CHILD: Final = 0.7
NO_NUMBER: Final = 0.07
CHANGED: Final = 0.42  # holds a 12-digit number as well (issued since 2016), and lists know either
OTHER_PROVINCE: Final = 0.05  # births registered elsewhere: the first three digits
YEAR_KNOWN: Final = ((1955, 0.30), (1975, 0.06), (9999, 0.02))  # most papers give the year alone
MOVED: Final = 0.06  # lives elsewhere since; lists know either commune

# Those easily taken for one: share of persons who are made from the person before.
KIN: Final = {"twin": 0.004, "sibling": 0.02, "spouse": 0.03, "son": 0.02, "namesake": 0.012}

# The line: share of lines with the error; those of a hurried clerk (a fifth of the lines) have HURRY times as many as
# the others. Rates lie between what is told of such rosters and what registers of other countries report of theirs.
HURRIED: Final = 0.2
HURRY: Final = 4.0
ERRORS: Final = {
    "bare": 0.035,  # typed without diacritics (bank files, old machines)
    "upper": 0.05, "decomposed": 0.015, "spaces": 0.01,  # form alone
    "tone_place": 0.03, "i_y": 0.03,  # of the words that have it: two schools of spelling
    "mark": 0.02, "sound": 0.015, "typo": 0.015,  # of one word of the name
    "middle_dropped": 0.015, "middle_initial": 0.006, "initials": 0.002, "other_name": 0.004,  # called by another name
    "year_only": 0.02, "first_of_january": 0.015, "month": 0.008, "swapped": 0.008, "date_digit": 0.012,
    "year_off": 0.008,  # CV of the army and identity card differ by one to three years
    "no_date": 0.003, "no_sex": 0.02, "wrong_sex": 0.003,
    "no_id": 0.10, "id_digit": 0.012, "id_swap": 0.004, "id_of_kin": 0.0015,
    "no_commune": 0.006, "other_commune": 0.012,
}  # fmt: skip


@dataclass
class People:
    """Persons in columns: words of the name (surname, two of the middle, given), born (days since 1970), numbers."""

    words: Codes  # persons x 4, -1 for none
    other_given: Codes
    woman: Flags
    born: npt.NDArray[np.datetime64]
    id9: Codes
    id12: Codes
    numbered: Flags
    changed: Flags
    year_known: Flags
    commune: Codes
    second_commune: Codes
    id9_of_kin: Codes


class Maker:
    """Makes chunk after chunk; numbers never repeat between them."""

    def __init__(self, rows: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.vocabulary, self.tables = vocabulary()
        self.communes, self.districts, self.district_of = _places()
        self._serials = np.zeros(100_000, dtype=np.int64)  # 12-digit numbers given, by province, century, sex and year
        self._offsets = self.rng.integers(0, 500_000, 100_000)
        self._stride = min(48, 10_000_000 * 8 // max(rows, 1))
        self._made = 0

    def chunk(self, persons: int) -> pa.Table:
        """Rows of `persons` new persons in random order, with `entity`; rec_id is left to the caller."""
        people = self._people(persons)
        entity = np.arange(self._made, self._made + persons)
        self._made += persons
        draw = self.rng.random(persons)
        lines = np.ones(persons, dtype=np.int64)
        bound = 0.0
        for count, share in LINES.items():
            lines[(draw >= bound) & (draw < bound + share)] = count
            bound += share
        who = self.rng.permutation(np.repeat(np.arange(persons), lines))
        return self._lines(people, who).append_column("entity", pa.array(entity[who]))

    def _people(self, n: int) -> People:
        rng = self.rng
        kin = rng.choice(len(KIN) + 1, n, p=[*KIN.values(), 1 - sum(KIN.values())])
        kin[0] = len(KIN)
        kin[1:][kin[:-1] < len(KIN)] = len(KIN)  # made from the person before, who is made from nobody
        is_kin = {name: np.flatnonzero(kin == k) for k, name in enumerate(KIN)}
        woman = rng.random(n) < 0.52
        year = self._years(n)
        day = rng.integers(0, 365, n)
        for name in ("twin", "namesake"):
            year[is_kin[name]] = year[is_kin[name] - 1]
        day[is_kin["twin"]] = day[is_kin["twin"] - 1]
        near = is_kin["sibling"]
        year[near] = year[near - 1] + rng.integers(1, 7, len(near)) * rng.choice((-1, 1), len(near))
        near = is_kin["spouse"]
        year[near] = year[near - 1] + rng.integers(-4, 5, len(near))
        woman[near] = ~woman[near - 1]
        near = is_kin["son"]
        year[near] = np.minimum(year[near - 1] + rng.integers(20, 38, len(near)), 2019)
        woman[near] = woman[near - 1] = False
        woman[is_kin["namesake"]] = woman[is_kin["namesake"] - 1]
        alike = is_kin["twin"][rng.random(len(is_kin["twin"])) < 0.6]
        woman[alike] = woman[alike - 1]
        words = self._names(woman, year)
        for name in ("twin", "sibling", "son"):
            words[is_kin[name], 0] = words[is_kin[name] - 1, 0]
        same_sex = np.concatenate([is_kin[name] for name in ("twin", "sibling", "son")])
        same_sex = same_sex[(woman[same_sex] == woman[same_sex - 1]) & (rng.random(len(same_sex)) < 0.7)]
        words[same_sex, 1:3] = words[same_sex - 1, 1:3]
        words[is_kin["namesake"]] = words[is_kin["namesake"] - 1]
        numbered = rng.random(n) >= np.where(year > 2005, NO_NUMBER_CHILD, NO_NUMBER)
        young = (year > 1998) & numbered  # never had a number of nine digits
        place = rng.permutation(n)  # numbers are given in no order of persons: only families went together
        serial = (self._made + place) * self._stride + rng.integers(0, self._stride - 4, n)
        for name in ("twin", "sibling", "spouse"):
            rows = is_kin[name]
            serial[rows] = serial[rows - 1] + rng.integers(1, 4, len(rows))
        commune = rng.integers(0, COMMUNES, n)
        rows = np.flatnonzero(kin < len(KIN))
        rows = rows[rng.random(len(rows)) < 0.8]
        commune[rows] = commune[rows - 1]
        moved = rng.random(n) < MOVED
        within = rng.random(n) < 0.5
        second = np.where(moved, np.where(within, self._neighbour(commune), rng.integers(0, COMMUNES, n)), commune)
        id9 = np.where(young, -1, 150_000_000 + serial)
        before = np.maximum(np.arange(n) - 1, 0)
        return People(
            words=words,
            other_given=self._given(woman, year),
            woman=woman,
            born=(year - 1970).astype("datetime64[Y]").astype("datetime64[D]") + day.astype("timedelta64[D]"),
            id9=id9,
            id12=self._id12(woman, year, is_kin["twin"]),
            numbered=numbered,
            changed=young | (rng.random(n) < CHANGED),
            year_known=rng.random(n) < _by_year(YEAR_KNOWN, year),
            commune=commune,
            second_commune=second,
            id9_of_kin=id9[before],
        )

    def _years(self, n: int) -> Codes:
        group = self.rng.choice(len(COHORTS), n, p=[share for share, _, _ in COHORTS])
        first = np.array([first for _, first, _ in COHORTS])[group]
        last = np.array([last for _, _, last in COHORTS])[group]
        return self.rng.integers(first, last + 1)

    def _names(self, woman: Flags, year: Codes) -> Codes:
        n = len(woman)
        words = np.full((n, 4), -1)
        words[:, 0] = self._draw(self.tables["surname"], n)[:, 0]
        for flag, sex, plain in ((False, "M", "Văn"), (True, "F", "Thị")):
            rows = np.flatnonzero(woman == flag)
            middle = self._draw(self.tables[f"middle_{sex}"], len(rows))
            words[rows, 1 : 1 + middle.shape[1]] = middle
            simple = rows[self.rng.random(len(rows)) < _by_year(PLAIN_MIDDLE, year[rows])]
            words[simple, 1] = (
                np.flatnonzero(self.vocabulary.text[: self.vocabulary.size * CHOICES] == plain)[0] // CHOICES
            )
            words[simple, 2] = -1
        words[:, 3] = self._given(woman, year)
        return words

    def _given(self, woman: Flags, year: Codes) -> Codes:
        found = np.zeros(len(woman), dtype=np.int64)
        last = 0
        for until, flat in FLAT:
            for flag, sex in ((False, "M"), (True, "F")):
                rows = np.flatnonzero((woman == flag) & (year > last) & (year <= until))
                table = self.tables[f"given_{sex}"]
                weight = 1 / (np.arange(len(table.codes)) + flat)
                found[rows] = self._draw(Drawn(table.codes, weight), len(rows))[:, 0]
            last = until
        return found

    def _draw(self, table: Drawn, n: int) -> Codes:
        chosen = self.rng.choice(len(table.codes), n, p=table.weight / table.weight.sum())
        return np.asarray(table.codes[chosen], dtype=np.int64)

    def _neighbour(self, commune: Codes) -> Codes:
        """Another commune of the same district, or the same where it is the last."""
        other = np.minimum(commune + 1, COMMUNES - 1)
        return np.where(self.district_of[other] == self.district_of[commune], other, commune)

    def _id12(self, woman: Flags, year: Codes, twins: Codes) -> Codes:
        """Province of birth, century and sex, year, serial: even serials, so that a twin's is the next."""
        n = len(year)
        born_in = np.where(self.rng.random(n) < OTHER_PROVINCE, self.rng.integers(1, 96, n), 34)
        head = (born_in * 10 + woman + 2 * (year >= 2000)) * 100 + year % 100
        order = np.argsort(head, kind="stable")
        starts = np.flatnonzero(np.diff(head[order], prepend=-1))
        sizes = np.diff(starts, append=n)
        count = np.empty(n, dtype=np.int64)
        count[order] = np.arange(n) - np.repeat(starts, sizes) + np.repeat(self._serials[head[order][starts]], sizes)
        self._serials[head[order][starts]] += sizes
        number = head * 1_000_000 + (count * 204_971 + self._offsets[head]) % 500_000 * 2
        beside = twins[woman[twins] == woman[twins - 1]]
        number[beside] = number[beside - 1] + 1
        return np.asarray(number, dtype=np.int64)

    def _lines(self, people: People, who: Codes) -> pa.Table:
        n = len(who)
        rate = np.where(self.rng.random(n) < HURRIED, HURRY, 1.0) / (1 + HURRIED * (HURRY - 1))
        errs = _Errors(self.rng, rate)
        commune = np.where(self.rng.random(n) < 0.5, people.commune[who], people.second_commune[who])
        commune = np.where(errs("other_commune"), self._neighbour(commune), commune)
        no_commune = errs("no_commune")
        sex = people.woman[who] ^ errs("wrong_sex")
        return pa.table(
            {
                "name": _names(errs, self.vocabulary, people, who),
                "date_of_birth": _dates(errs, people, who),
                "sex": _chosen(pa.array(["Nam", "Nữ"], pa.string()), sex.astype(np.int64), errs("no_sex")),
                "national_id": _numbers(errs, people, who),
                "commune": _chosen(self.communes, commune, no_commune),
                "district": _chosen(self.districts, self.district_of[commune], no_commune),
            }
        )


class _Errors:
    """Which lines have an error, by its name."""

    def __init__(self, rng: np.random.Generator, rate: npt.NDArray[np.float64]) -> None:
        self.rng = rng
        self._rate = rate

    def __call__(self, name: str) -> Flags:
        return np.asarray(self.rng.random(len(self._rate)) < ERRORS[name] * self._rate)


def _chosen(texts: pa.StringArray, which: Codes, blank: Flags) -> pa.StringArray:
    """The text of each row; null where blank."""
    return _blanked(texts.take(pa.array(which, pa.int64())), blank)


def _blanked(texts: pa.StringArray, blank: Flags) -> pa.StringArray:
    found: pa.StringArray = pc.if_else(pa.array(blank), pa.scalar(None, pa.string()), texts)
    return found


def _by_year(table: tuple[tuple[int, float], ...], year: Codes) -> npt.NDArray[np.float64]:
    untils = np.array([until for until, _ in table])
    return np.asarray(np.array([value for _, value in table])[np.searchsorted(untils, year)], dtype=np.float64)


def _names(errs: _Errors, vocabulary: Words, people: People, who: Codes) -> pa.StringArray:
    rng, n = errs.rng, len(who)
    words = people.words[who].copy()
    other = errs("other_name")
    words[other, 3] = people.other_given[who][other]
    words[errs("middle_dropped"), 1:3] = -1
    kind = np.zeros((n, 4), dtype=np.int64)
    for name in ("tone_place", "i_y"):
        number = KINDS.index(name)
        kind[errs(name)[:, None] & vocabulary.changes[number][words]] = number
    for name in ("mark", "sound", "typo"):
        rows = np.flatnonzero(errs(name))
        part = rng.choice((0, 1, 3), len(rows), p=(0.2, 0.2, 0.6))
        kind[rows, part] = KINDS.index(name)
    kind[errs("bare")] = KINDS.index("bare")
    kind[errs("middle_initial"), 1:3] = KINDS.index("initial")
    kind[errs("initials"), :3] = KINDS.index("initial")
    place = vocabulary.at(kind, words, rng.integers(0, CHOICES, (n, 4)))
    text = pa.array(vocabulary.text.tolist())
    parts = [text.take(pa.array(place[:, k])) for k in range(4)]
    joined = pc.binary_join_element_wise(*parts, " ")
    name = pc.utf8_trim_whitespace(pc.replace_substring_regex(joined, " +", " "))
    name = pc.if_else(pa.array(errs("upper")), pc.utf8_upper(name), name)
    decomposed = pc.call_function("utf8_normalize", [name], pc.Utf8NormalizeOptions("NFD"))
    name = pc.if_else(pa.array(errs("decomposed")), decomposed, name)
    spaced: pa.StringArray = pc.if_else(pa.array(errs("spaces")), pc.replace_substring(name, " ", "  "), name)
    return spaced


def _dates(errs: _Errors, people: People, who: Codes) -> pa.StringArray:
    rng, n = errs.rng, len(who)
    born = people.born[who]
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = born.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (born - born.astype("datetime64[M]")).astype(np.int64) + 1
    off = np.flatnonzero(errs("year_off"))
    year[off] += rng.integers(1, 4, len(off)) * rng.choice((-1, 1), len(off))
    digit = np.flatnonzero(errs("date_digit"))
    place = rng.integers(0, 3, len(digit))
    year[digit] = np.where(place == 0, year[digit] // 10 * 10 + rng.integers(0, 10, len(digit)), year[digit])
    month[digit] = np.where(place == 1, rng.integers(1, 13, len(digit)), month[digit])
    day[digit] = np.where(place == 1, day[digit].clip(1, 28), day[digit])
    day[digit] = np.where(place == 2, day[digit] % 10 + 10 * rng.integers(0, 3, len(digit)), day[digit]).clip(1, 28)
    swap = errs("swapped") & (day <= 12)
    month, day = np.where(swap, day, month), np.where(swap, month, day)
    first = errs("first_of_january")
    month, day = np.where(first, 1, month), np.where(first, 1, day)
    known = people.year_known[who] & (rng.random(n) < 0.85)
    length = np.where(errs("month"), 7, 10)
    length = np.where(errs("year_only") | known, 4, length)
    number = pa.array(year * 10_000 + month * 100 + day)
    text = number.cast(pa.string())
    pieces = [pc.utf8_slice_codeunits(text, a, b) for a, b in ((0, 4), (4, 6), (6, 8))]
    full = pc.binary_join_element_wise(*pieces, "-")
    short = pc.if_else(pa.array(length == 4), pieces[0], pc.utf8_slice_codeunits(full, 0, 7))
    shown = pc.if_else(pa.array(length == 10), full, short)
    return _blanked(shown, errs("no_date"))


def _numbers(errs: _Errors, people: People, who: Codes) -> pa.StringArray:
    rng, n = errs.rng, len(who)
    long = people.changed[who] & ((rng.random(n) < 0.55) | (people.id9[who] < 0))
    number = np.where(long, people.id12[who], people.id9[who])
    borrowed = errs("id_of_kin") & ~long & (people.id9_of_kin[who] >= 0)
    number = np.where(borrowed, people.id9_of_kin[who], number)
    width = np.where(long, 12, 9)
    power = 10 ** rng.integers(0, width - 3)  # the head is seldom mistaken
    digit = number // power % 10
    typo = errs("id_digit")
    number = np.where(typo, number + ((digit + rng.integers(1, 10, n)) % 10 - digit) * power, number)
    swap = errs("id_swap")
    low, high = number // power % 10, number // (power * 10) % 10
    number = np.where(swap, number + (low - high) * power * 9, number)
    blank = errs("no_id") | ~people.numbered[who] | (number < 0)
    text = pc.utf8_lpad(pa.array(np.where(blank, 0, number)).cast(pa.string()), 12, "0")
    short = pc.utf8_slice_codeunits(text, 3, 12)
    shown = pc.if_else(pa.array(width == 12), text, short)
    return _blanked(shown, blank)


def _places() -> tuple[pa.StringArray, pa.StringArray, Codes]:
    """Communes and districts of Thái Bình and part of Hưng Yên (one province since 2025), and the district of each."""
    places = communes_near("34", "33", COMMUNES)
    names = sorted({district for _, district in places})
    district = np.array([names.index(district) for _, district in places])
    return pa.array([commune for commune, _ in places], pa.string()), pa.array(names, pa.string()), district


@dataclass(frozen=True)
class Crowd:
    """What was made: rows, persons, pairs of rows of one person, and the most rows of one person."""

    rows: int
    persons: int
    pairs: int
    most_rows: int


def invent_crowd(rows: int, seed: int, out: Path, progress: Progress | None = None) -> Crowd:
    """Write a list of `rows` rows into `out`: people.parquet, model.yaml (its roles) and, as key, key/people.parquet.

    The same seed and number give the same rows. Raises UsageError where `rows` is out of range.
    """
    if not LEAST <= rows <= MOST:
        raise UsageError(
            f"Số dòng phải từ {LEAST:,} đến {MOST:,}; hãy chọn số khác. / "
            f"The number of rows must be from {LEAST:,} to {MOST:,}; choose another."
        )
    (out / "key").mkdir(parents=True, exist_ok=True)
    (out / "model.yaml").write_text(ROLES, encoding="utf-8")
    maker = Maker(rows, seed)
    persons, pairs, most = 0, 0, 0
    with (
        pq.ParquetWriter(out / "people.parquet", SHOWN) as people,
        pq.ParquetWriter(out / "key" / "people.parquet", KNOWN) as key,
    ):
        for done in range(0, rows, CHUNK):
            if progress is not None:
                progress("rows", done, rows)
            wanted = min(CHUNK, rows - done)
            made = maker.chunk(wanted).slice(0, wanted)
            ids = pa.array(np.arange(done, done + wanted))
            people.write_table(made.drop_columns(["entity"]).add_column(0, "rec_id", ids))
            key.write_table(made.select(["entity"]).add_column(0, "rec_id", ids))
            count = np.unique(made["entity"].to_numpy(), return_counts=True)[1]
            persons, pairs = persons + len(count), pairs + int((count * (count - 1) // 2).sum())
            most = max(most, int(count.max()))
    return Crowd(rows, persons, pairs, most)
