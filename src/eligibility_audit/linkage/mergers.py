"""Communes under their names before and after they were merged, from the tables of the package `vietnamadminunits`.

Its older table is that of 2024 with the names of communes merged until then; its newer one that of 2025-07-01, when
districts ended, with which communes went into which.
"""

import json
import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from eligibility_audit.linkage.arrays import MISSING, Ints

_COMMUNE = re.compile(r"^(xa|phuong|thitran)(?=.)")
_DISTRICT = re.compile(r"^(huyen|quan|thixa|thanhpho)(?=.)")
Codes = npt.NDArray[np.int64]


class _Place(NamedTuple):
    """Letters of a commune's name, and of its district's; "" where communes have none."""

    commune: str
    district: str


@cache
def _later() -> Mapping[_Place, frozenset[_Place]]:
    """What each commune has become: within its district until 2024, and of two tiers since 2025-07-01."""
    found = find_spec("vietnamadminunits")  # its tables are wanted, not its parsers, which take a second to import
    if found is None or found.origin is None:
        return {}
    folder = Path(found.origin).parent / "data"
    told: dict[_Place, set[_Place]] = defaultdict(set)
    moved = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
    for of_province in moved["DICT_PROVINCE_WARD_NO_DIVIDED"].values():
        for now, before in of_province.items():
            for old in before:
                told[_old(old)].add(_Place(_COMMUNE.sub("", now), ""))
    for of_province in moved["DICT_PROVINCE_WARD_DIVIDED"].values():
        for old, parts in of_province.items():
            told[_old(old)] |= {_Place(_COMMUNE.sub("", part["newWardKey"]), "") for part in parts}
    connection = sqlite3.connect(f"{(folder / 'dataset.db').as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        rows = connection.execute("select wardKey, districtKey, wardAlias from admin_units_legacy").fetchall()
    finally:
        connection.close()
    places = [_Place(_COMMUNE.sub("", ward or ""), _DISTRICT.sub("", district or "")) for ward, district, _ in rows]
    there = set(places)
    for now, (_, _, former) in zip(places, rows, strict=True):
        for name in json.loads(former) if former else ():
            old_place = _Place(_COMMUNE.sub("", name), now.district)
            if old_place not in there:  # a name that is still borne is nobody's former one
                told[old_place] |= {now, *told.get(now, ())}
    return {place: frozenset(later) for place, later in told.items()}


def _old(key: str) -> _Place:
    _, district, commune = key.split("_")
    return _Place(_COMMUNE.sub("", commune), _DISTRICT.sub("", district))


def merged(communes: Sequence[str], districts: Sequence[str], places: tuple[Ints, Ints]) -> Codes:
    """Which of these places may be one under an old and a new name: `place_code` of one times the number of places
    and that of the other, both ways, in order.

    `communes`, `districts`: folded names without type words, by code; `places`: commune and district of each record.
    """
    letters = [name.replace(" ", "") for name in communes], [name.replace(" ", "") for name in districts]
    codes = {name: code for code, name in enumerate(letters[0])}
    district_codes = {name: code for code, name in enumerate(letters[1])}
    width = number_of_places(communes, districts)
    pairs: set[int] = set()
    for place in np.unique(place_code(*places, len(districts))[places[0] >= 0]).tolist():
        commune, district = divmod(place, len(districts) + 1)
        name = letters[1][district - 1] if district else ""
        for later in _later().get(_Place(letters[0][commune], name), ()) if name else ():
            if later.commune in codes and (not later.district or later.district in district_codes):
                at = district_codes[later.district] + 1 if later.district else 0
                other = codes[later.commune] * (len(districts) + 1) + at
                pairs |= {place * width + other, other * width + place}
    return np.array(sorted(pairs), dtype=np.int64)


def number_of_places(communes: Sequence[str], districts: Sequence[str]) -> int:
    """One more than the highest `place_code`."""
    return (len(communes) + 1) * (len(districts) + 1)


def place_code(commune: Ints, district: Ints, districts: int) -> Codes:
    """A number for commune and district together; negative where the commune is missing."""
    code = commune.astype(np.int64) * (districts + 1) + district + 1
    return np.where(commune >= 0, code, MISSING)
