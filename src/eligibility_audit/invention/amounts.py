"""What lists of 2020 pay, as the answer key takes it (recalled law; the rules have dated tables of their own)."""

from datetime import date
from typing import Final

VETERAN_BANDS: Final = ((40, 1_234_000), (60, 2_062_000), (80, 2_891_000), (100, 3_703_000))
CHILD_BANDS: Final = ((80, 974_000), (100, 1_624_000))
STALE_VETERAN: Final = (1_151_000, 1_924_000, 2_697_000, 3_454_000)  # of the standard before 1 July 2019
STALE_CHILD: Final = (909_000, 1_515_000)
WITHOUT_RATE: Final = 2_062_000  # infertility or a deformed child: the band 41 to 60
SOCIAL_BASE: Final = 270_000
COVID: Final = {
    "NCC": 1_500_000, "BTXH": 1_500_000, "NGHEO": 750_000, "CANNGHEO": 750_000, "LD": 1_800_000, "TUDO": 1_000_000,
    "HKD": 1_000_000,
    "GV": 1_800_000, "NGHEO_PS": 750_000,
}  # fmt: skip
ONCE: Final = ("NCC", "BTXH", "NGHEO", "CANNGHEO", "NGHEO_PS")


def veteran(percent: int | None) -> int:
    """The monthly allowance of a veteran in 2020; None: the basis that has no rate."""
    return WITHOUT_RATE if percent is None else next(amount for top, amount in VETERAN_BANDS if percent <= top)


def child(percent: int) -> int:
    """The monthly allowance of a veteran's child in 2020."""
    return next(amount for top, amount in CHILD_BANDS if percent <= top)


def wrong_rate(rightly: int, percent: int | None, children: bool) -> tuple[int, int]:
    """Two wrong amounts: of a neighbouring band, and of the standard before."""
    bands = CHILD_BANDS if children else VETERAN_BANDS
    amounts = [amount for _, amount in bands]
    place = amounts.index(rightly)
    other = amounts[place - 1] if place else amounts[1]
    return other, (STALE_CHILD if children else STALE_VETERAN)[place]


def wounded(percent: int) -> int:
    """About what a war invalid receives (approximate; nothing is planted on it)."""
    return round(percent * 52_100 / 1000) * 1000


def sick(percent: int) -> int:
    """About what a sick soldier receives (approximate; nothing is planted on it)."""
    return 1_695_000 if percent <= 50 else 2_112_000 if percent <= 60 else 2_692_000 if percent <= 70 else 3_105_000


def coefficient(group: str, born: date) -> float:
    """The social-assistance coefficient of a group at an age (Decree 136/2013 as recalled)."""
    age = 2020 - born.year
    young_or_old = age < 16 or age >= 60
    if group == "MOCOI":
        return 2.5 if age < 4 else 1.5
    if group == "NKT_DBN":
        return 2.5 if young_or_old else 2.0
    if group == "NKT_N":
        return 2.0 if young_or_old else 1.5
    if group == "HIV":
        return 2.5 if age < 4 else 2.0 if age < 16 else 1.5
    if group == "NCTNGHEO":
        return 2.0 if age >= 80 else 1.5
    return {"NCT80": 1.0, "DONTHAN": 1.0, "HOC22": 1.5}[group]
