"""The real places in which the invented people live, from the installed package `vietnamadminunits`."""

import random
import sqlite3
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from eligibility_audit.errors import InputError

MISNAMED_IN_2020: Final = ("Huế",)  # the package writes its name of 2025


@dataclass(frozen=True, slots=True)
class District:
    """A district of 2020: `Huyện Quỳnh Phụ`, and its name without the type word."""

    full: str
    short: str
    code: str

    @property
    def kind(self) -> str:
        """The type word."""
        return self.full[: len(self.full) - len(self.short)].strip()

    @property
    def brief(self) -> str:
        """How people write it in an address: towns keep an abbreviated type word, rural districts none."""
        prefix = {"Thành phố": "TP ", "Thị xã": "TX ", "Quận": "Q. "}.get(self.kind, "")
        return prefix + self.short


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of 2020. `repeated`: another district of the province has a commune of the same short name."""

    full: str
    short: str
    code: str
    district: District
    repeated: bool

    @property
    def abbreviated(self) -> str:
        """`TT. Vũ Thư`, `P. Kỳ Bá`, `X. An Khê`."""
        return {"Phường": "P. ", "Thị trấn": "TT. "}.get(self.kind, "X. ") + self.short

    @property
    def kind(self) -> str:
        """The type word."""
        return self.full[: len(self.full) - len(self.short)].strip()

    @property
    def bare_is_clear(self) -> bool:
        """Whether the name without its type word is still a name (`Phường 5` is not)."""
        return not self.short.isdigit()


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
        "SELECT province, provinceCode, district, districtShort, districtCode, ward, wardShort, wardCode "
        "FROM admin_units_legacy WHERE provinceShort = ? AND ward <> '' ORDER BY wardCode",
        (short,),
    )
    places = Counter(row[6] for row in rows)
    districts = sorted({(row[4], row[2], row[3]) for row in rows})
    wanted = sorted(rng.sample(districts, min(len(districts), max(4, persons // 900))))
    per_district = max(5, persons // (len(wanted) * 25))
    communes: list[Commune] = []
    for code, full, name in wanted:
        district = District(full, name, code)
        own = [row for row in rows if row[4] == code]
        chosen = sorted(rng.sample(own, min(len(own), per_district)), key=lambda row: row[7])
        communes += [Commune(row[5], row[6], row[7], district, places[row[6]] > 1) for row in chosen]
    return Province(rows[0][0], short, rows[0][1], tuple(communes))


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
