"""Councils that determine disability, commune by commune: which of them has files worth looking at first.

A signal speaks of a council's way of keeping files, never of a person: nothing here is a finding, no case sees it, and
no recommendation depends on it. Circular 01/2019/TT-BLĐTBXH: the council of a commune determines the level and gives
the certificate. Parts of few persons are not compared: under `LEAST` a commune's share is null.
"""

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.facts.text import fold
from eligibility_audit.rules.parameters import LawPack
from eligibility_audit.rules.wording import TEXT, Column
from eligibility_audit.rules.words_of_groups import group_of

LEAST: Final = 10  # persons of a council below which its shares are not shown and not compared
LEAST_AROUND: Final = 30  # persons of the other councils of the district
LEAST_SHARED: Final = 3  # persons on shared numbers from which it is a signal: two may be a slip, or two years' numbers
WIDE: Final = 2.576  # standard errors: 99 % intervals, since a province has hundreds of councils
READS: Final = (
    *("name", "commune", "district", "group", "disability_level", "certificate_no", "received_certificate_no"),
    "decision_date",
)
COLUMNS: Final = {
    "district": TEXT,
    "commune": TEXT,
    "disabled": "Int64",
    "most_severe": "Int64",
    "most_severe_share": "Float64",  # of those whose level is known; null under LEAST
    "share_low": "Float64",  # Wilson's interval
    "share_high": "Float64",
    "district_share": "Float64",  # of the other councils of the district
    "without_number": "Int64",  # no certificate number, in a column that the list has
    "shared_numbers": "Int64",  # certificate numbers held by several persons
    "persons_on_shared": "Int64",
    "same_day": "Int64",  # most decisions of one day
    "signals_vi": TEXT,  # "" where there is none
    "signals_en": TEXT,
}


def councils(records: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """One row a council (commune, district) with persons paid for a disability; columns `COLUMNS`, by place.

    `records`: the standardised roster of social assistance. Lines without a commune stand in one row of their own,
    whose commune is null and which gives no signal.
    """
    lines = _lines(records, as_of)
    if lines.empty:
        return pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    grouped = lines.groupby(["district", "commune"], dropna=False, sort=True)
    found = grouped.agg(
        disabled=("most_severe", "size"),
        levels=("most_severe", "count"),
        most_severe=("most_severe", "sum"),
        without_number=("without_number", "sum"),
        same_day=("decision_date", lambda days: int(days.value_counts().max()) if days.notna().any() else 0),
    ).reset_index()
    found = found.merge(_shared(lines), on=["district", "commune"], how="left")
    for name in ("shared_numbers", "persons_on_shared"):
        found[name] = found[name].astype("Int64").fillna(0)
    found = _with_shares(found)
    found["signals_vi"], found["signals_en"] = _signals(found)
    return found.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _lines(records: pd.DataFrame, as_of: date) -> pd.DataFrame:
    law = LawPack.load("social_assistance").at(as_of, ("group_words", "levels"))
    disabled = (group_of(records["group"], law.lists("group_words")) == "disability").fillna(False).astype("bool")
    own = records[disabled].reset_index(drop=True)
    levels = law.lists("levels")
    level = group_of(own["disability_level"], levels).fillna(group_of(own["group"], levels))
    received = own.get("received_certificate_no", pd.Series(pd.NA, index=own.index, dtype=TEXT))
    return pd.DataFrame(
        {
            "district": own["district"].astype(TEXT),
            "commune": own["commune"].astype(TEXT),
            "most_severe": (level == "most_severe").astype("boolean").mask(level.isna()),
            "without_number": says_none(received),
            "number": _folded(own["certificate_no"].mask(says_none(own["certificate_no"]))),
            "person": _folded(own["name"]),
            "decision_date": own["decision_date"].where(own["decision_date"].str.len() == len("2020-12-31")),
        }
    )


def _folded(column: Column) -> Column:
    codes, distinct = pd.factorize(column)
    texts = pd.array([*(fold(str(value)).replace(" ", "") or None for value in distinct), None], dtype=TEXT)
    return pd.Series(texts.take(codes), index=column.index)


def _shared(lines: pd.DataFrame) -> pd.DataFrame:
    """Certificate numbers that several persons of one council hold; one name on two lines is one person."""
    held = lines.dropna(subset=["number", "person", "commune"])
    persons = held.groupby(["district", "commune", "number"], dropna=False)["person"].nunique()
    several = persons[persons > 1].reset_index(name="persons")
    counts = several.groupby(["district", "commune"], dropna=False)["persons"].agg(["size", "sum"]).reset_index()
    return counts.rename(columns={"size": "shared_numbers", "sum": "persons_on_shared"})


def _with_shares(found: pd.DataFrame) -> pd.DataFrame:
    n, k = found["levels"].to_numpy("float64"), found["most_severe"].to_numpy("float64")
    around = found.groupby("district", dropna=False)[["levels", "most_severe"]].transform("sum").to_numpy("float64")
    others, severe = around[:, 0] - n, around[:, 1] - k
    shown = (n >= LEAST) & found["commune"].notna().to_numpy()
    compared = shown & (others >= LEAST_AROUND) & found["district"].notna().to_numpy()
    low, high = _wilson(k, n)
    return found.assign(
        most_severe_share=_where(shown, k / np.maximum(n, 1)),
        share_low=_where(shown, low),
        share_high=_where(shown, high),
        district_share=_where(compared, severe / np.maximum(others, 1)),
    )


def _wilson(
    k: "np.ndarray[tuple[int], np.dtype[np.float64]]", n: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> "tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]":
    """Wilson's interval of a share k of n (Wilson 1927), `WIDE` standard errors to each side."""
    size = np.maximum(n, 1)
    share, z2 = k / size, WIDE**2
    middle = (share + z2 / (2 * size)) / (1 + z2 / size)
    half = WIDE * np.sqrt(share * (1 - share) / size + z2 / (4 * size**2)) / (1 + z2 / size)
    return middle - half, middle + half


def _where(shown: "np.ndarray[tuple[int], np.dtype[np.bool_]]", values: object) -> Column:
    column: Column = pd.Series(values, dtype="Float64").round(6).where(pd.Series(shown))
    return column


def _signals(found: pd.DataFrame) -> tuple[Column, Column]:
    """What is worth looking at in each council's files, in Vietnamese and English; "" where nothing is."""
    vi = pd.Series("", index=found.index, dtype=TEXT)
    en = vi.copy()
    placed = found["commune"].notna()
    share, around = _percent(found["most_severe_share"]), _percent(found["district_share"])
    persons = found["disabled"].astype(TEXT)
    same_day, numbers = found["same_day"].astype(TEXT), found["shared_numbers"].astype(TEXT)
    holders = found["persons_on_shared"].astype(TEXT)
    said = (
        (
            placed & (found["persons_on_shared"] >= LEAST_SHARED),
            numbers + " số giấy xác nhận ghi cho " + holders + " người (có thể đánh số lại theo năm)",
            numbers + " certificate numbers stand with " + holders + " persons (numbers may start anew each year)",
        ),
        (
            (found["share_low"] > found["district_share"]).fillna(False),
            "tỷ lệ đặc biệt nặng " + share + " cao hơn các xã khác của huyện (" + around + ")",
            "share of most severe " + share + ", above the other communes of the district (" + around + ")",
        ),
        (
            (found["share_high"] < found["district_share"]).fillna(False),
            "tỷ lệ đặc biệt nặng " + share + " thấp hơn các xã khác của huyện (" + around + ")",
            "share of most severe " + share + ", below the other communes of the district (" + around + ")",
        ),
        (
            placed
            & (found["disabled"] >= LEAST)
            & (found["same_day"] >= LEAST / 2)
            & (found["same_day"] > found["disabled"] / 2),
            same_day + " trong " + persons + " người có quyết định cùng một ngày",
            same_day + " of " + persons + " persons have a decision of one day",
        ),
        (
            placed & (found["disabled"] >= LEAST) & (found["without_number"] > found["disabled"] / 2),
            found["without_number"].astype(TEXT) + " trong " + persons + " người không ghi số giấy xác nhận",
            found["without_number"].astype(TEXT) + " of " + persons + " persons have no certificate number",
        ),
    )
    for holds, in_vi, in_en in said:
        there = holds.astype("bool")
        vi = vi.mask(there, vi + (vi != "").map({True: "; ", False: ""}) + in_vi)
        en = en.mask(there, en + (en != "").map({True: "; ", False: ""}) + in_en)
    return vi, en


def _percent(share: Column) -> Column:
    text: Column = (share * 100).round(0).astype("Int64").astype(TEXT)
    return text.fillna("") + " %"
