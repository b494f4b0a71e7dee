"""Who is whose parent on the Agent Orange roster: by dossier number, else by name within the commune or district."""

import re
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.process import cpdist

from eligibility_audit.rules.facts.text import fold, folded
from eligibility_audit.rules.wording import TEXT, Column

_LETTERS_NUMBER: Final = re.compile(r"([a-z]*)0*(\d+)")
TWO_PARENTS: Final = {
    "elsewhere_record_id": TEXT,  # the other line of the same child
    "elsewhere_parent": TEXT,  # the parent's record there
    "elsewhere_file": TEXT,
    "elsewhere_sheet": TEXT,
    "elsewhere_row": "Int64",
}
_LIKE: Final = 80  # of 100: names of one person, typed twice


def family(records: pd.DataFrame) -> pd.DataFrame:
    """For each Agent Orange record: the parent's record, where it stands, the first year of service; own children.

    Indexed by record_id: parent_record_id, parent_service_from, parent_file, parent_sheet (text), parent_row,
    parent_first_year (`Int64`), parent_on_roster (`boolean`: by the given dossier number, or a veteran of that name in
    the district; NA where nothing is given), parent_found (`dossier`, `name`: how), parent_born (ISO text), parent_sex,
    parent_dossier_of_other (`boolean`: the number given is that of a veteran of another name), own_children (`Int64`),
    child_file, child_sheet, child_row (the first child's line).
    """
    lines = records.reset_index(drop=True)
    veteran = (lines["claim"] == "veteran").fillna(False).to_numpy(bool)
    child = (lines["claim"] == "child").fillna(False).to_numpy(bool)
    name, parent_name = _folded(lines["name"]), _folded(lines["parent_name"])
    by_dossier, of_other = _by_dossier(lines, veteran, name, parent_name)
    named, by_name = _by_name(lines, veteran, name, parent_name)
    cited = lines["parent_dossier_no"].notna().to_numpy()
    parent = np.where(child & cited, by_dossier, np.where(child & ~cited, by_name, -1))
    how = np.where(parent < 0, None, np.where(cited, "dossier", "name"))  # type: ignore[call-overload]
    known = pd.Series(parent >= 0)
    on_roster = (known | named).astype("boolean").mask(lines["parent_name"].isna() & lines["parent_dossier_no"].isna())
    since = _taken(lines["service_from"], parent)
    return pd.DataFrame(
        {
            "parent_record_id": _taken(lines["record_id"], parent),
            "parent_service_from": since,
            "parent_file": _taken(lines["source_file"], parent),
            "parent_sheet": _taken(lines["source_sheet"], parent),
            "parent_row": _taken(lines["source_row"].astype("Int64"), parent),
            "parent_first_year": since.str[:4].astype("Int64"),
            "parent_on_roster": on_roster,
            "parent_found": pd.array(how, dtype=TEXT),
            "parent_born": _taken(lines["date_of_birth"], parent),
            "parent_sex": _taken(lines["sex"], parent),
            "parent_dossier_of_other": pd.array(of_other & child, dtype="boolean"),
            **_children(lines, parent),
        }
    ).set_axis(pd.Index(records["record_id"], name="record_id"))


def same_number(text: str) -> str:
    """A dossier number without spaces, signs, leading zeros: `HH 37155` and `HH037155` are `hh37155`."""
    plain = re.sub(r"[^a-z0-9]", "", fold(text))
    found = _LETTERS_NUMBER.fullmatch(plain)
    return found[1] + found[2] if found else plain


def _by_dossier(
    lines: pd.DataFrame, veteran: NDArray[np.bool_], name: Column, parent_name: Column
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Position of the veteran whose number is cited and whose name does not contradict; -1 where there is none.

    Then whether the number is that of a veteran whose name contradicts.
    """
    own = _each(lines["dossier_no"], same_number).where(veteran)
    first = pd.Series(np.arange(len(lines)), index=lines.index)[own.notna() & ~own.duplicated(keep=False)]
    by_number = pd.Series(first.to_numpy(), index=pd.Index(own[first.index].astype("object")))
    cited = _each(lines["parent_dossier_no"], same_number).astype("object")
    found = cited.map(by_number).fillna(-1).to_numpy("int64")
    at = np.flatnonzero(found >= 0)
    stated, there = parent_name.fillna("").iloc[at].tolist(), name.fillna("").iloc[found[at]].tolist()
    unlike = cpdist(stated, there, scorer=fuzz.ratio) < _LIKE
    unlike &= np.array([bool(one and other) for one, other in zip(stated, there, strict=True)], dtype=bool)
    found[at[unlike]] = -1
    of_other = np.zeros(len(lines), dtype=bool)
    of_other[at[unlike]] = True
    return found, of_other


def two_parents(kin: pd.DataFrame, duplicates: pd.DataFrame) -> pd.DataFrame:
    """Children who may be on the roster twice, under two parents of one sex; columns `TWO_PARENTS`, by record_id.

    A father on one line and a mother on the other is no contradiction; nor is a parent who is on the roster twice.
    """
    twice = duplicates["duplicate_record_id"].reindex(kin.index)
    other = kin.reindex(twice.astype("object"))
    one_parent, other_parent = kin["parent_record_id"], other["parent_record_id"].set_axis(kin.index)
    same_sex = (kin["parent_sex"] == other["parent_sex"].set_axis(kin.index)).fillna(False).astype("bool")
    differ = (one_parent != other_parent).fillna(False).astype("bool")
    parents_twice = duplicates["duplicate_record_id"].reindex(one_parent.astype("object")).set_axis(kin.index)
    one_person = (parents_twice == other_parent).fillna(False).astype("bool")
    found = twice.notna() & same_sex & differ & ~one_person
    where = duplicates[["duplicate_file", "duplicate_sheet", "duplicate_row"]].reindex(kin.index)
    columns = [twice, other_parent, where["duplicate_file"], where["duplicate_sheet"], where["duplicate_row"]]
    named = dict(zip(TWO_PARENTS, (column.where(found) for column in columns), strict=True))
    return pd.DataFrame(named).astype(TWO_PARENTS)


def _by_name(
    lines: pd.DataFrame, veteran: NDArray[np.bool_], name: Column, parent_name: Column
) -> tuple[Column, NDArray[np.int64]]:
    """Whether a veteran of the parent's name is in the district (or either district is unknown), and the one such.

    The one: unique in the commune, else in the district; -1 where there is none or there are several.
    """
    commune, district = _folded(lines["commune"]), _folded(lines["district"])
    unique = np.full(len(lines), -1)
    for place in (district + "\x1f" + commune, district):
        key = (name + "\x1f" + place).where(veteran)
        alone = key[key.notna() & ~key.duplicated(keep=False)]
        position = pd.Series(alone.index.to_numpy(), index=pd.Index(alone.astype("object")))
        found = (parent_name + "\x1f" + place).astype("object").map(position).fillna(-1).to_numpy("int64")
        unique = np.where(found >= 0, found, unique)
    there = set((name + "\x1f" + district).where(veteran).dropna())
    anywhere = set(name[veteran].dropna())
    nowhere_stated = set(name[veteran & district.isna().to_numpy()].dropna())
    near = (parent_name + "\x1f" + district).isin(there) | parent_name.isin(nowhere_stated)
    return near | (district.isna() & parent_name.isin(anywhere)), unique


def _children(lines: pd.DataFrame, parent: NDArray[np.int64]) -> dict[str, Column]:
    at = np.flatnonzero(parent >= 0)
    counts = np.bincount(parent[at], minlength=len(lines))
    first = np.full(len(lines), -1)
    first[parent[at][::-1]] = at[::-1]
    return {
        "own_children": pd.Series(counts, dtype="Int64"),
        "child_file": _taken(lines["source_file"], first),
        "child_sheet": _taken(lines["source_sheet"], first),
        "child_row": _taken(lines["source_row"].astype("Int64"), first),
    }


def _taken(column: Column, positions: NDArray[np.int64]) -> Column:
    """column[positions], null at -1."""
    kind = "Int64" if str(column.dtype) == "Int64" else TEXT
    values = pd.array(column, dtype=kind)  # type: ignore[call-overload]
    return pd.Series(values.take(positions, allow_fill=True))


def _folded(column: Column) -> Column:
    """Texts folded; null stays, and an empty answer is null."""
    codes, distinct = pd.factorize(column)
    values = pd.array([text or None for text in folded(distinct.to_numpy("object").tolist())], dtype=TEXT)
    return pd.Series(values.take(codes, allow_fill=True), index=column.index)


def _each(column: Column, function: Callable[[str], str]) -> Column:
    """A function of one text over a column, once a distinct text; null stays, and an empty answer is null."""
    codes, distinct = pd.factorize(column)
    values = pd.array([function(str(text)) or None for text in distinct.to_numpy("object")], dtype=TEXT)
    return pd.Series(values.take(codes, allow_fill=True), index=column.index)
