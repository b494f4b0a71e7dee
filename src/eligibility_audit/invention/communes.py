"""The real places in which the invented people live, from the installed package `vietnamadminunits`."""

import random
import sqlite3
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from eligibility_audit.errors import InputError

_KINDS: Final = ("Thị trấn", "Phường", "Xã", "Thành phố", "Thị xã", "Quận", "Huyện")
MISNAMED_IN_2020: Final = ("Huế",)  # the package writes its name of 2025


@dataclass(frozen=True, slots=True)
class District:
    """A district of 2020: `Huyện Quỳnh Phụ`, and its name without the type word."""

    full: str
    code: str
    twin: bool = False  # a town and a rural district of the province share the name

    @property
    def kind(self) -> str:
        """The type word."""
        return _kind(self.full)

    @property
    def short(self) -> str:
        """The name without its type word."""
        return self.full[len(self.kind) + 1 :]

    @property
    def brief(self) -> str:
        """How people write it in an address: towns keep an abbreviated type word, rural districts seldom."""
        prefix = {"Thành phố": "TP ", "Thị xã": "TX ", "Quận": "Q. "}.get(self.kind, "H. " if self.twin else "")
        return prefix + self.short


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of 2020. `repeated`: another district of the province has a commune of the same short name."""

    full: str
    code: str
    district: District
    repeated: bool
    twin: bool = False  # a town and a village of the district share the name

    @property
    def abbreviated(self) -> str:
        """`TT. Vũ Thư`, `P. Kỳ Bá`, `X. An Khê`."""
        return {"Phường": "P. ", "Thị trấn": "TT. "}.get(self.kind, "X. ") + self.short

    @property
    def kind(self) -> str:
        """The type word."""
        return _kind(self.full)

    @property
    def short(self) -> str:
        """The name without its type word."""
        return self.full[len(self.kind) + 1 :]

    @property
    def bare_is_clear(self) -> bool:
        """Whether the name without its type word is still the name of one commune (`Phường 5` without it is not)."""
        return not (self.twin or self.short.isdigit())


@dataclass(frozen=True)
class Province:
    """A province of 2020 with the communes that the invented lists use, in the order of districts."""

    full: str
    short: str
    code: str  # two digits
    communes: tuple[Commune, ...]

    @property
    def districts(self) -> tuple[District, ...]:
        """The districts used, in order."""
        return tuple(dict.fromkeys(c.district for c in self.communes))


def choose_province(rng: random.Random, persons: int) -> Province:
    """One of the 62 provinces of 2020, and as many of its districts and communes as `persons` can fill.

    Raises InputError where the tables of `vietnamadminunits` are not as known.
    """
    provinces = sorted({row[0] for row in _query("SELECT DISTINCT provinceShort FROM admin_units_legacy", ())})
    short = rng.choice([p for p in provinces if p not in MISNAMED_IN_2020])
    rows = _query(
        "SELECT province, provinceCode, districtCode, district, wardCode, ward FROM admin_units_legacy "
        "WHERE provinceShort = ? AND ward <> '' ORDER BY wardCode",
        (short,),
    )
    places = Counter(_short(row[5]) for row in rows)
    towns = Counter(_short(name) for _, name in {(row[2], row[3]) for row in rows})
    districts = sorted({(row[2], row[3]) for row in rows})
    wanted = sorted(rng.sample(districts, min(len(districts), max(4, persons // 900))))
    per_district = max(5, persons // (len(wanted) * 25))
    communes: list[Commune] = []
    for code, full in wanted:
        district = District(full, code, towns[_short(full)] > 1)
        own = [row for row in rows if row[2] == code]
        near = Counter(_short(row[5]) for row in own)
        for row in sorted(rng.sample(own, min(len(own), per_district)), key=lambda row: row[4]):
            name = _short(row[5])
            communes.append(Commune(row[5], row[4], district, places[name] > 1, near[name] > 1))
    return Province(rows[0][0], short, rows[0][1], tuple(communes))


def communes_near(province: str, next_province: str, number: int) -> list[tuple[str, str]]:
    """So many (commune, district) of 2020: of a province (two-digit code), then of the next, district by district.

    Raises InputError where the tables of `vietnamadminunits` are not as known.
    """
    rows = _query(
        "SELECT ward, district, provinceCode = ? AS own FROM admin_units_legacy "
        "WHERE provinceCode IN (?, ?) AND ward <> '' ORDER BY own DESC, wardCode",
        (province, province, next_province),
    )[:number]
    return sorted(((row[0], row[1]) for row in rows), key=lambda place: place[1])


def _kind(full: str) -> str:
    return next((kind for kind in _KINDS if full.startswith(kind + " ")), "")


def _short(full: str) -> str:
    return full[len(_kind(full)) + 1 :]


def province_codes() -> tuple[str, ...]:
    """The two-digit codes of all provinces of 2020."""
    return tuple(sorted(row[0] for row in _query("SELECT DISTINCT provinceCode FROM admin_units_legacy", ())))


def _query(sql: str, parameters: tuple[str, ...]) -> list[tuple[str, ...]]:
    path = files("vietnamadminunits") / "data" / "dataset.db"
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            return connection.execute(sql, parameters).fetchall()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise InputError(
            "Không đọc được bảng đơn vị hành chính của gói vietnamadminunits; hãy cài đúng bản 1.0.4. / "
            "The table of administrative units in the package vietnamadminunits cannot be read; install version "
            "1.0.4."
        ) from error
