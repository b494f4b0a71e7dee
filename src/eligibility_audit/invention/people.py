"""Invented people and the lines they have on lists."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from eligibility_audit.invention.communes import Commune, Province
from eligibility_audit.invention.names import Name, draw_name

AS_OF: Final = date(2020, 12, 31)
HAMLETS: Final = (
    "Thôn Đông", "Thôn Đoài", "Thôn Thượng", "Thôn Hạ", "Thôn 4", "Thôn 5", "Thôn 7", "Xóm Mới", "Xóm Đình", "Xóm 8",
    "Khu 2", "Khu 6", "Tổ 3", "Tổ 9", "Ấp Bắc", "Ấp 2", "Bản Nà", "Làng Cầu", "Đội 5",
)  # fmt: skip
ALIASES: Final = ("Sáu Già", "Hai Lúa", "Thợ", "Đồng", "Cả", "Kháng", "Giải", "Quyết Tiến", "Sơn Tây", "Bền", "Phòng")


@dataclass(slots=True, eq=False)
class Person:
    """One invented person, as he or she truly is. `number` makes the entity id."""

    number: int
    name: Name
    sex: str
    born: date
    commune: Commune
    id9: str
    id12: str
    main: str  # the number in use: "9", "12" or "" for none
    hamlet: str
    vague: bool  # most lists know the birth year only
    alias: str = ""
    died: date | None = None
    special: bool = False  # part of a planted case: not to be used for another
    exact: bool = False  # every list shows the full birth date and the number in use: somebody near has the same name

    @property
    def national_id(self) -> str | None:
        """The number in use, or None."""
        return {"9": self.id9, "12": self.id12}.get(self.main)


@dataclass(slots=True, eq=False)
class Orders:
    """How one line must show its person, where a planted case depends on it. None: as the office happens to write."""

    name: Name | None = None  # written so, without further mess
    plain_name: bool = False
    ascii_name: bool = False
    born: date | None = None
    dob: str | None = None  # "day" | "year" | "0101"
    national_id: str | None = None  # "" = blank
    clean_id: bool = False


@dataclass(slots=True, eq=False)
class Entry:
    """One person's line on a list, its truth about planting, and (once written) where it stands."""

    kind: str
    prog: str
    person: Person
    commune: Commune
    facts: dict[str, object]
    dossier: str | None = None
    planted: list[str] = field(default_factory=list)
    expected: str = "keep"
    also_ok: tuple[str, ...] = ()
    trap: str | None = None
    orders: Orders | None = None
    reject: str | None = None  # empty_name | nonsense_date | text_in_amount

    def order(self) -> Orders:
        """The orders of this line, made when first asked for."""
        if self.orders is None:
            self.orders = Orders()
        return self.orders

    @property
    def free(self) -> bool:
        """No planted case or trap uses this line or its person yet."""
        return not self.person.special and self.trap is None and not self.planted and self.reject is None


SEVERITY: Final = ("keep", "ask_papers", "adjust", "verify", "stop")


def plant(entry: Entry, code: str, expected: str, also_ok: tuple[str, ...] = ()) -> None:
    """Mark a line with a planted code; the most severe expectation of its codes stands."""
    entry.planted.append(code)
    entry.person.special = True
    if SEVERITY.index(expected) >= SEVERITY.index(entry.expected):
        entry.expected, entry.also_ok = expected, also_ok


def set_trap(entry: Entry, trap: str, also_ok: tuple[str, ...] = ()) -> None:
    """Mark a line that looks wrong and is right."""
    entry.trap = trap
    entry.also_ok = entry.also_ok or also_ok
    entry.person.special = True


class Roll:
    """Everybody invented so far, and every line, by kind."""

    def __init__(self, rng: random.Random, province: Province, other_provinces: tuple[str, ...]) -> None:
        self.rng = rng
        self.province = province
        self.others = tuple(c for c in other_provinces if c != province.code)
        self.people: list[Person] = []
        self.lines: dict[str, list[Entry]] = {}
        self._ids: set[str] = set()
        self._dossiers: set[int] = set()
        self._id9_prefix = f"{(int(province.code) * 7) % 37 + 1:02d}"
        self._dossier_form = rng.choice(["{mark}{n:06d}", "{mark}-{n:06d}", "{mark}.{n:06d}"])

    def day(self, first: date, last: date) -> date:
        """A day from `first` to `last`, never 1 January (which lists use for an unknown day)."""
        day = first + timedelta(days=int(self.rng.random() * ((last - first).days + 1)))
        return day.replace(day=2) if (day.month, day.day) == (1, 1) else day

    def born(self, first_year: int, last_year: int) -> date:
        """A birthday in these years."""
        return self.day(date(first_year, 1, 2), date(last_year, 12, 31))

    def person(self, sex: str, born: date, *, commune: Commune | None = None, name: Name | None = None) -> Person:
        """A new person with numbers of the right structure, unlike anybody else's."""
        rng = self.rng
        if name is None:
            name = draw_name(rng, sex)
        if commune is None:
            commune = rng.choice(self.province.communes)
        draw = rng.random()
        main = (
            ("" if draw < 0.7 else "12") if born.year > 2005 else ("" if draw < 0.07 else "12" if draw < 0.42 else "9")
        )
        vague = rng.random() < (0.3 if born.year < 1956 else 0.03)
        person = Person(
            len(self.people) + 1,
            name,
            sex,
            born,
            commune,
            self.id9(),
            self.id12(sex, born.year),
            main,
            rng.choice(HAMLETS),
            vague,
        )
        if born.year < 1960 and rng.random() < 0.03:
            person.alias = rng.choice(ALIASES)
        self.people.append(person)
        return person

    def id9(self) -> str:
        """A nine-digit number of the province that nobody has."""
        while True:
            number = f"{self._id9_prefix}{int(self.rng.random() * 1e7):07d}"
            if number not in self._ids:
                self._ids.add(number)
                return number

    def id12(self, sex: str, year: int) -> str:
        """A twelve-digit number that nobody has: province of birth, century and sex, year, serial."""
        rng = self.rng
        while True:
            code = self.province.code if rng.random() < 0.95 else rng.choice(self.others)
            head = f"0{code}{(sex == 'F') + 2 * (year >= 2000)}{year % 100:02d}"
            number = f"{head}{int(rng.random() * 1e6):06d}"
            if number not in self._ids:
                self._ids.add(number)
                return number

    def dossier(self, mark: str) -> str:
        """A dossier number that no other file has; `mark` is the kind's symbol (HH, CD, TB, BB, LS)."""
        while True:
            number = int(self.rng.random() * 900_000) + 1000
            if number not in self._dossiers:
                self._dossiers.add(number)
                return self._dossier_form.format(mark=mark, n=number)

    def add(
        self,
        kind: str,
        prog: str,
        person: Person,
        facts: dict[str, object],
        *,
        dossier: str | None = None,
        commune: Commune | None = None,
    ) -> Entry:
        """A line of `person` on the list `kind`."""
        entry = Entry(kind, prog, person, commune or person.commune, facts, dossier)
        self.lines.setdefault(kind, []).append(entry)
        return entry

    def elsewhere(self, commune: Commune) -> Commune:
        """Another commune, of another district where there is one."""
        for _ in range(50):
            other = self.rng.choice(self.province.communes)
            if other.district != commune.district and other.short != commune.short:
                return other
        return self.rng.choice([c for c in self.province.communes if c != commune] or [commune])
