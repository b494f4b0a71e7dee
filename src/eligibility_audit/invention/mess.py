"""How a cell looks on a real list, and what a perfect reader gets out of it.

Each function gives the cell and the truth of that cell. A cell is text, a whole number, a fraction,
a date (a true date
cell of a workbook) or None.
"""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from eligibility_audit.invention.communes import Commune
from eligibility_audit.invention.names import Name
from eligibility_audit.invention.people import Entry, Orders
from eligibility_audit.invention.planting import fold, other_tone_place

Cell = str | int | float | date | None
EMPTY: Final = Orders()
NONSENSE: Final = ("31/02/1950", "30/02/1947", "32/13/1949", "31/11/1951", "45/05/1948")
NO_AMOUNT: Final = ("chưa xác định", "theo QĐ cũ", "xem ghi chú")


@dataclass(slots=True)
class Truth:
    """What a perfect reader gets out of one line about one person."""

    name: str
    dob: str | None = None
    precision: str | None = None
    national_id: str | None = None
    sex: str | None = None
    commune: Commune | None = None
    district: str | None = None
    dossier: str | None = None
    noise: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Habits:
    """How an office types: the shares of each habit, and its usual date form."""

    date_form: str = "d/m/Y"
    date_cells: float = 0.0  # share of true date cells
    ids_as_numbers: float = 0.0
    money_as_text: float = 0.0
    upper: bool = False
    encoding: str = "unicode"  # unicode | tcvn3 | vni
    workbook: bool = True
    mess: float = 1.0


def name_cell(entry: Entry, habits: Habits, rng: random.Random) -> tuple[Name, str, str, list[str]]:
    """The name as typed (in parts), the name a perfect reader gets, text for an alias, and the noise."""
    orders = entry.orders or EMPTY
    name = orders.name or entry.person.name
    noise: list[str] = []
    alias = ""
    if orders.ascii_name:
        name = _map(name, bare)
        noise.append("no_diacritics")
    elif not (orders.plain_name or orders.name):
        name, alias, noise = _careless(entry, name, habits, rng)
    truth = " ".join(unicodedata.normalize("NFC", name.full).split())
    if habits.upper and habits.encoding == "unicode":
        name = _map(name, str.upper)
    return name, truth, alias, noise


def _careless(entry: Entry, name: Name, habits: Habits, rng: random.Random) -> tuple[Name, str, list[str]]:
    alias = entry.person.alias if entry.person.alias and rng.random() < 0.7 else ""
    noise = ["alias"] if alias else []
    draw = rng.random() / habits.mess
    for share, word, change in _CARELESS:
        draw -= share
        if draw < 0 and (habits.encoding == "unicode" or word not in _UNICODE_ONLY):
            return _map(name, change), alias, [*noise, word]
    return name, alias, noise


def _map(name: Name, change: Callable[[str], str]) -> Name:
    return Name(*(change(part) for part in name))


def bare(text: str) -> str:
    """Without diacritics, capitals kept."""
    folded = fold(text)
    return "".join(
        f.upper() if t.isupper() else f for f, t in zip(folded, unicodedata.normalize("NFC", text), strict=True)
    )


def _double_space(text: str) -> str:
    return text + " " if text else text


_CARELESS: Final[tuple[tuple[float, str, Callable[[str], str]], ...]] = (
    (0.030, "no_diacritics", bare),
    (0.035, "nfd", lambda t: unicodedata.normalize("NFD", t)),
    (0.040, "tone_new", other_tone_place),
    (0.015, "double_space", _double_space),
    (0.010, "upper", str.upper),
    (0.005, "lower", str.lower),
)


_UNICODE_ONLY: Final = ("nfd", "upper", "lower")  # old encodings know no decomposed letters and no toned capitals


def dob_cell(entry: Entry, habits: Habits, rng: random.Random) -> tuple[Cell, tuple[Cell, Cell, Cell], Truth]:
    """The birth date in one cell, in three cells, and its truth (dob, precision and noise alone are filled)."""
    if entry.reject == "nonsense_date":
        text = rng.choice(NONSENSE)
        day, month, year = (int(part) for part in text.split("/"))
        return text, (day, month, year), Truth("")
    orders = entry.orders or EMPTY
    born = orders.born or entry.person.born
    form = orders.dob or _precision(entry, rng)
    if form == "year":
        return (
            _year_cell(born.year, rng),
            (None, None, born.year),
            Truth("", str(born.year), "year", noise=["dob_year_only"]),
        )
    if form == "month":
        text = rng.choice(("{m:02d}/{y}", "{m}/{y}", "tháng {m}/{y}")).format(m=born.month, y=born.year)
        return (
            text,
            (None, born.month, born.year),
            Truth("", f"{born.year}-{born.month:02d}", "month", noise=["dob_month"]),
        )
    shown = date(born.year, 1, 1) if form == "0101" else born
    cell, noise = _day_cell(shown, habits, rng)
    truth = Truth("", shown.isoformat(), "day", noise=noise)
    if form == "0101":
        truth = Truth("", str(born.year), "year", noise=["dob_0101", *noise])
    return cell, (shown.day, shown.month, shown.year), truth


def _precision(entry: Entry, rng: random.Random) -> str:
    if entry.person.exact:
        return "day"
    if entry.person.vague and rng.random() < 0.85:
        return "year"
    draw = rng.random()
    return "year" if draw < 0.025 else "month" if draw < 0.038 else "0101" if draw < 0.055 else "day"


def _year_cell(year: int, rng: random.Random) -> Cell:
    draw = rng.random()
    if draw < 0.6:
        return year
    return str(year) if draw < 0.85 else rng.choice((f"../../{year}", f"00/00/{year}", f"Năm {year}"))


_FORMS: Final[dict[str, Callable[[date], str]]] = {
    "d/m/Y": lambda d: f"{d.day:02d}/{d.month:02d}/{d.year}",
    "d/m/Y short": lambda d: f"{d.day}/{d.month}/{d.year}",
    "d.m.Y": lambda d: f"{d.day:02d}.{d.month:02d}.{d.year}",
    "d-m-Y": lambda d: f"{d.day:02d}-{d.month:02d}-{d.year}",
    "Y-m-d": lambda d: d.isoformat(),
    "d-m-y": lambda d: f"{d.day}-{d.month}-{d.year % 100:02d}",
    "d/m/y": lambda d: f"{d.day:02d}/{d.month:02d}/{d.year % 100:02d}",
    "words": lambda d: f"ngày {d.day} tháng {d.month} năm {d.year}",
}
_RARE_FORMS: Final = ("d/m/Y short", "d.m.Y", "d-m-Y", "d-m-y", "d/m/y", "d/m/Y", "words", "Y-m-d")


def _day_cell(day: date, habits: Habits, rng: random.Random) -> tuple[Cell, list[str]]:
    draw = rng.random()
    if habits.workbook and draw < habits.date_cells:
        if draw < habits.date_cells * 0.12:
            return (day - date(1899, 12, 30)).days, ["dob_serial"]
        return day, []
    form = habits.date_form if rng.random() < 0.82 else rng.choice(_RARE_FORMS)
    if form.endswith("y") and day.year < 1925:  # two digits would say another century
        form = "d/m/Y"
    return _FORMS[form](day), ["dob_yy"] if form.endswith("y") else []


def day_text(day: date, habits: Habits, rng: random.Random) -> Cell:
    """A day that is not a birthday: decisions, registrations, payments."""
    if habits.workbook and rng.random() < habits.date_cells:
        return day
    form = habits.date_form if not habits.date_form.endswith("y") else "d/m/Y"
    return _FORMS[form if form != "words" else "d/m/Y"](day)


def id_cell(entry: Entry, habits: Habits, rng: random.Random) -> tuple[Cell, str | None, list[str]]:
    """The id number as typed, as a perfect reader restores it, and the noise."""
    orders = entry.orders or EMPTY
    number = orders.national_id
    noise: list[str] = []
    if number is None:
        number, noise = _number_in_use(entry, rng)
    if not number:
        return None, None, noise
    draw = rng.random()
    if draw < habits.ids_as_numbers:
        return int(number), number, [*noise, "id_lost_zero"] if number[0] == "0" else noise
    draw = rng.random() / habits.mess
    if draw < 0.002 and len(number) == 12 and orders.national_id is None and not entry.person.exact:
        return f"{float(number):.2E}", None, ["id_sci"]
    for share, word, text in (
        (0.055, "id_spaces", " ".join(number[i : i + 3] for i in range(0, len(number), 3))),
        (0.035, "id_dots", ".".join(number[i : i + 3] for i in range(0, len(number), 3))),
        (0.045, "id_apos", f"'{number}" if rng.random() < 0.6 else f"{number}'"),
        (0.020, "trail_space", f"{number} "),
    ):
        draw -= share
        if draw < 0:
            return text, number, [*noise, word]
    return number, number, noise


def _number_in_use(entry: Entry, rng: random.Random) -> tuple[str, list[str]]:
    person = entry.person
    number = person.national_id or ""
    if not number or person.exact:
        return number, []
    draw = rng.random()
    if draw < 0.04:
        return (person.id9 if person.main == "12" else person.id12), ["id_other_regime"]
    if draw < 0.046 and entry.kind != "agent_orange":
        place = len(number) - 1 - int(rng.random() * 4)
        digit = str((int(number[place]) + 1 + int(rng.random() * 8)) % 10)
        return number[:place] + digit + number[place + 1 :], ["id_typo"]
    return ("", []) if draw < 0.06 else (number, [])


def commune_cell(commune: Commune, rng: random.Random, *, district_known: bool) -> tuple[str, list[str]]:
    """A commune in its own column; the district is added where nothing else on the sheet says it."""
    draw = rng.random()
    noise: list[str] = []
    if draw < 0.62 or (not commune.bare_is_clear and draw > 0.8):
        text = commune.full
    elif draw < 0.80:
        text = commune.abbreviated if draw < 0.72 else commune.abbreviated.replace(". ", ".")
    elif draw < 0.90:
        text = commune.short
    else:
        text = commune.full[0].lower() + commune.full[1:]
    if not district_known or rng.random() < 0.04:
        text += rng.choice((" - ", ", ")) + commune.district.brief
        noise.append("com_suffix")
    return text, noise


def address_cell(entry: Entry, rng: random.Random) -> tuple[str, bool, list[str]]:
    """An address; whether it names commune and district beyond doubt; the noise."""
    commune = entry.commune
    draw = rng.random()
    form = (
        commune.full
        if draw < 0.5
        else commune.abbreviated
        if draw < 0.65
        else commune.full[0].lower() + commune.full[1:]
    )
    if draw > 0.8 and commune.bare_is_clear:
        form = commune.short
    hamlet = f"{entry.person.hamlet}, " if rng.random() < 0.35 else ""
    if rng.random() < 0.012 and entry.free and not commune.short.isdigit():
        noise = ["no_district", "commune_ambiguous"] if commune.repeated else ["no_district"]
        return form, not commune.repeated, noise
    district = commune.district.full if rng.random() < 0.3 else commune.district.brief
    return f"{hamlet}{form}{rng.choice((', ', ', ', ' - '))}{district}", True, []


def money_cell(amount: int, habits: Habits, rng: random.Random) -> Cell:
    """Money: mostly a number, else text with dots, commas, a unit."""
    if rng.random() >= habits.money_as_text:
        return amount
    dots = f"{amount:,}".replace(",", ".")
    return rng.choice((dots, dots, f"{dots}đ", f"{dots} đồng", f"{amount:,} đ", str(amount)))


def month_text(value: tuple[int, int], rng: random.Random, *, months_only: bool = False) -> str:
    """A month of service: `8/1965`, `08-1965`, `Tháng 8/1965`, or the year alone."""
    year, month = value
    draw = rng.random()
    if draw < 0.14 and not months_only:
        return str(year)
    return (
        f"{month}/{year}"
        if draw < 0.6
        else f"{month:02d}/{year}"
        if draw < 0.85
        else rng.choice((f"Tháng {month}/{year}", f"{month:02d}-{year}"))
    )
