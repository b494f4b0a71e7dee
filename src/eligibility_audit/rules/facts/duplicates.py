"""One person twice on one roster, and one national id carried by two persons."""

from collections.abc import Mapping
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.domain.kinds import ROSTERS
from eligibility_audit.rules.facts.candidates import LARGEST_BLOCK, candidates
from eligibility_audit.rules.facts.identity import contradicts, in_words
from eligibility_audit.rules.facts.people import NONE, Agreement, Born, Mask, Name, Number, People, Place, agreement
from eligibility_audit.rules.facts.text import says
from eligibility_audit.rules.parameters import LawPack

TEXT: Final = "string[pyarrow]"
GROUPS: Final = "group_words"
MONTHLY: Final = ("agent_orange", "merit_other", "social_assistance")
CERTAIN: Final = 0.95  # a probability of linkage at which it alone makes a duplicate to ask about
FAR_BIRTH: Final = 3  # years between births from which one number and one name are two persons

_OTHER: Final = {
    "record_id": TEXT,
    "ids": TEXT,  # all of them, `;`-separated
    "kind": TEXT,  # id_same, id_midswap, name_dob, id9v12_tone, idtypo_year, weak
    "groups": TEXT,  # the groups of this line and of the other, ` | ` between; "" where none is known
    "agrees": TEXT,
    "differs": TEXT,
    "probability": "Float64",
    "file": TEXT,
    "sheet": TEXT,
    "row": "Int64",
}
COLUMNS: Final = {f"{prefix}_{name}": kind for prefix in ("duplicate", "overlap") for name, kind in _OTHER.items()}
SHARED: Final = {
    f"shared_{name}": _OTHER[name] for name in ("record_id", "ids", "agrees", "differs", "file", "sheet", "row")
}
_BEST_FIRST: Final = ("id_same", "id_midswap", "name_dob", "id9v12_tone", "idtypo_year", "weak")


def duplicate_pairs(people: People, pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs of lines of one roster that look like one person.

    Returns left, right (positions), probability, kind (`COLUMNS`), agrees, differs.
    """
    found = candidates(people, pairs, ROSTERS, None)
    left, right = found["left"].to_numpy("intp"), found["right"].to_numpy("intp")
    how = agreement(people, left, right)
    kind = _kind(how, found["probability"].to_numpy("float64"))
    kept = (kind != "") & ~contradicts(how)
    found = found.assign(kind=kind)
    found[["agrees", "differs"]] = in_words(how).to_numpy()
    return pd.DataFrame(found.loc[kept]).reset_index(drop=True)


def _kind(a: Agreement, probability: NDArray[np.float64]) -> NDArray[np.str_]:
    named, year = a.name >= Name.CLOSE, a.born >= Born.SWAPPED
    number, day = a.number, a.born == Born.DAY
    same_number = (number == Number.SAME) & (a.name >= Name.LETTER)
    same = a.name >= Name.SAME  # names that only sound alike, of one day and commune, may be twins
    apart = number == Number.UNKNOWN
    return np.select(
        [
            same_number & (a.name >= Name.SAME) & (a.born != Born.SWAPPED),
            same_number,
            (a.name == Name.FULL) & day & (apart | (number == Number.DIFFER)),
            (same | named & (a.place < Place.SAME)) & day & (apart | (number == Number.OTHER_FORM)),
            (number == Number.NEAR) & named & year,
            (a.name >= Name.SAME) & year & (number != Number.DIFFER) & (a.place >= Place.MAYBE),
            np.nan_to_num(probability) >= CERTAIN,
        ],
        ["id_same", "id_midswap", "name_dob", "id9v12_tone", "idtypo_year", "weak", "weak"],
        "",
    )


def duplicate_facts(
    records_by_kind: Mapping[str, pd.DataFrame], people: People, pairs: pd.DataFrame, as_of: date
) -> pd.DataFrame:
    """The other line of each line of a roster that seems to be a person's second, indexed by record_id.

    Columns `COLUMNS`: `duplicate_*` of a line of the same group (or of no known group), `overlap_*` of another group.
    """
    both = _both_ways(duplicate_pairs(people, pairs))
    both["rank"] = both["kind"].map({kind: rank for rank, kind in enumerate(_BEST_FIRST)})
    groups = _groups(records_by_kind, people, as_of)
    mine, other = (groups.take(both[side].to_numpy("intp")).reset_index(drop=True) for side in ("left", "right"))
    both["groups"] = (mine + " | " + other).fillna("")
    both["apart"] = (mine != other).fillna(False).astype("bool")  # an unknown group parts nobody
    both = both.sort_values(["left", "rank", "right"], kind="stable")
    same = _other_lines(people, both[~both["apart"]], "duplicate", COLUMNS)
    return same.join(_other_lines(people, both[both["apart"]], "overlap", COLUMNS), how="outer")


def _groups(records_by_kind: Mapping[str, pd.DataFrame], people: People, as_of: date) -> "pd.Series[str]":
    """The group of each line by the words of the list; null where no word is known. Agent Orange has one group."""
    groups = pd.Series(pd.NA, index=range(len(people)), dtype=TEXT)
    for roster in ROSTERS:
        if roster not in records_by_kind or roster == "agent_orange":
            continue
        pack = LawPack.load(roster)
        if GROUPS not in pack.parameters:  # a plugin's programme may have no groups
            continue
        words = pack.at(as_of, (GROUPS,)).lists(GROUPS)
        codes, distinct = pd.factorize(records_by_kind[roster]["group"].astype(TEXT))
        named = pd.array([_group_of(str(text), words) for text in distinct], dtype=TEXT)
        groups[people.of(roster)] = named.take(codes, allow_fill=True)
    return groups


def _group_of(words: str, groups: Mapping[str, tuple[str, ...]]) -> str | None:
    return next((name for name, phrases in groups.items() if says(words, phrases)), None)


def _both_ways(found: pd.DataFrame) -> pd.DataFrame:
    turned = found.rename(columns={"left": "right", "right": "left"})
    return pd.concat([found, turned], ignore_index=True)


def _other_lines(people: People, both: pd.DataFrame, prefix: str, columns: Mapping[str, str]) -> pd.DataFrame:
    """The first other line of each line, and the ids of all; the columns `<prefix>_*` of `columns`."""
    first = both.drop_duplicates("left").set_index("left")
    at = first["right"].to_numpy("intp")
    every = pd.Series(people.record_id[at], index=first.index, dtype="object")
    more = both[both.duplicated("left", keep=False)]
    others = more.assign(other=people.record_id[more["right"].to_numpy("intp")].to_numpy("object"))
    every.update(others.groupby("left")["other"].agg(";".join))
    source = people.source.iloc[at].set_axis(first.index)
    out = first.assign(
        record_id=people.record_id[at],
        ids=every,
        file=source["source_file"],
        sheet=source["source_sheet"],
        row=source["source_row"],
    )
    out = out.set_axis(pd.Index(people.record_id[first.index.to_numpy("intp")], dtype=TEXT, name="record_id"))
    wanted = {name: kind for name, kind in columns.items() if name.startswith(prefix)}
    return out.add_prefix(f"{prefix}_").reindex(columns=list(wanted)).astype(wanted)


def shared_number_facts(people: People) -> pd.DataFrame:
    """Lines of the monthly rosters whose national id stands there with another person, indexed by record_id.

    Another person: another name (not a spelling, alias or dropped middle word), or births more than `FAR_BIRTH` years
    apart.
    """
    held = people.of(*MONTHLY) & (people.number != NONE)
    lines = pd.DataFrame({"at": np.flatnonzero(held), "number": people.number[held]})
    size = lines.groupby("number")["at"].transform("size")
    lines = lines[(size > 1) & (size <= LARGEST_BLOCK)]
    both = lines.merge(lines, on="number")
    both = both[both["at_x"] != both["at_y"]]
    left, right = both["at_x"].to_numpy("intp"), both["at_y"].to_numpy("intp")
    how = agreement(people, left, right)
    found = pd.DataFrame({"left": left, "right": right})
    found[["agrees", "differs"]] = in_words(how).to_numpy()
    found = found[_other_person(how)].sort_values(["left", "right"], kind="stable")
    return _other_lines(people, found, "shared", SHARED)


def _other_person(a: Agreement) -> Mask:
    return np.asarray((a.name == Name.DIFFER) | (a.years_apart > FAR_BIRTH))
