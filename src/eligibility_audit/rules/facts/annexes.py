"""The lines of inspection annexes as an office follows them: each with its person, or the persons it may be.

The person of a line is the one that the rules bind (`inspection.bind`). Lines of several annexes that speak of one
person are brought together, so that a later conclusion takes the place of an earlier one even where the person stands
on no roster any more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.rules.facts.candidates import candidates, located
from eligibility_audit.rules.facts.handling import required
from eligibility_audit.rules.facts.identity import contradicts, in_words, supports
from eligibility_audit.rules.facts.inspection import ROSTER, bind, dossier_keys, said
from eligibility_audit.rules.facts.people import NONE, Born, Name, Number, People, Place, agreement, gather_people
from eligibility_audit.rules.parameters import LawPack

ANNEX: Final = "inspection_findings"
TEXT: Final = "string[pyarrow]"
SOUGHT_IN: Final = ("agent_orange", "merit_other", "social_assistance", "deaths")  # where a person not found may stand
YEARS_APART: Final = 3  # between two papers of one person; common (domain facts, section 5)
MOST: Final = 5  # candidates shown for a line
LINES: Final = {
    "record_id": TEXT,  # of the annex's line
    "conclusion_no": TEXT,  # as the annex writes it; empty where it does not
    "conclusion_date": TEXT,  # ISO
    "conclusion": TEXT,  # both, in words
    "day": "Float64",  # of the conclusion, as a day number; null where unknown
    "in_time": "boolean",  # not later than the plan's day
    "category": TEXT,
    "finding_group": TEXT,
    "finding_text": TEXT,
    "handling": TEXT,  # as received
    "handlings": TEXT,  # codes of domain.conclusions.HANDLINGS, parted by ;
    "handling_unknown": TEXT,  # words that no code took, as received
    "dossier_no": TEXT,
    "name": TEXT,
    "date_of_birth": TEXT,
    "commune": TEXT,  # of the person bound, else as the annex says
    "district": TEXT,
    "bound": TEXT,  # dossier, identity, other_line (through a line of another annex), several, empty (not found)
    "person_record_ids": TEXT,  # parted by ;
    "match_probability": "Float64",  # of linkage; null where it has not proposed the pair
    "identity_agrees": TEXT,
    "identity_differs": TEXT,
    "person": "Int64",  # lines of one number speak of one person
    "source_file": TEXT,
    "source_sheet": TEXT,
    "source_row": "Int64",
}
CANDIDATES: Final = {
    "record_id": TEXT,  # of the annex's line
    "candidate_record_id": TEXT,
    "candidate_kind": TEXT,
    "match_probability": "Float64",
    "agrees": TEXT,
    "why_not_sure": TEXT,
    "name": TEXT,
    "date_of_birth": TEXT,
    "dossier_no": TEXT,
    "commune": TEXT,
    "district": TEXT,
    "source_file": TEXT,
    "source_sheet": TEXT,
    "source_row": "Int64",
}


@dataclass(frozen=True)
class Annexes:
    """`lines`: one row a line, columns `LINES`; `candidates`: for lines without a sure person, columns `CANDIDATES`."""

    lines: pd.DataFrame
    candidates: pd.DataFrame


def annexes(
    records_by_kind: Mapping[str, pd.DataFrame], pairs: pd.DataFrame, lesser: pd.DataFrame, as_of: date
) -> Annexes:
    """The lines of all annexes with their persons.

    `pairs`: linkage's frame, as the rules get it; `lesser`: its pairs of lower probability, looked at for candidates
    alone (both: left_record_id, right_record_id, match_probability). In the order of the annexes' lines.
    """
    findings = records_by_kind.get(ANNEX)
    if findings is None or findings.empty:
        return Annexes(_empty(LINES), _empty(CANDIDATES))
    findings = findings.reset_index(drop=True)
    roster = records_by_kind.get(ROSTER, findings.iloc[:0])
    people = gather_people(records_by_kind)
    near = located(people, pairs)
    at = people.position(findings["record_id"])
    bound = bind(findings, roster, people, near)
    lines = _lines(findings, bound, people, at, as_of)
    person, through = _persons(lines, findings, bound, people, near, at)
    lines["person"] = person
    lines = _through_others(lines, through, people)
    lines = _places(lines, records_by_kind.get(ROSTER))
    unsure = at[(lines["person_record_ids"] == "").to_numpy() | (lines["bound"] == "several").to_numpy()]
    every = pd.concat([near, located(people, lesser)], ignore_index=True)
    found = _candidates(records_by_kind, people, every, findings, unsure)
    return Annexes(lines.reindex(columns=list(LINES)).astype(LINES), found)


def _empty(columns: Mapping[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})


def _lines(
    findings: pd.DataFrame, bound: pd.DataFrame, people: People, at: NDArray[np.intp], as_of: date
) -> pd.DataFrame:
    says = said(findings, as_of).reset_index(drop=True)
    words = required(findings["handling"], LawPack.load(ROSTER), as_of)
    text = {name: findings[name].astype(TEXT).fillna("") for name in ("finding_group", "finding_text", "handling")}
    persons = _persons_of(bound, people).reindex(at).reset_index(drop=True)
    lines = pd.DataFrame(
        {
            "record_id": findings["record_id"],
            "conclusion_no": says["number"].astype(TEXT).fillna(""),
            "conclusion_date": says["dated"],
            "conclusion": says["inspection_conclusion"],
            "day": says["day"].astype("Float64").mask(says["day"] <= -1e9),
            "in_time": says["in_time"],
            "category": says["inspection_category"],
            **text,
            **words,
            **{name: findings[name] for name in ("dossier_no", "name", "date_of_birth", "commune", "district")},
            **persons,
            **{name: findings[name] for name in ("source_file", "source_sheet", "source_row")},
        }
    )
    for name in ("bound", "person_record_ids", "identity_agrees", "identity_differs"):
        lines[name] = lines[name].astype(TEXT).fillna("")
    return lines


def _persons_of(bound: pd.DataFrame, people: People) -> pd.DataFrame:
    """By position of the line: how it is bound, to which records, how surely, what agrees and what does not."""
    words = in_words(agreement(people, bound["record"].to_numpy("intp"), bound["finding"].to_numpy("intp")))
    every = bound.assign(
        record_id=people.record_id[bound["record"].to_numpy("intp")].astype("str"),
        agrees=words["agrees"],
        differs=words["differs"],
    ).sort_values(["finding", "record"], kind="stable")
    grouped = every.groupby("finding")
    one = grouped.agg(
        bound=("bound", "first"),
        person_record_ids=("record_id", ";".join),
        match_probability=("probability", "max"),
        identity_agrees=("agrees", "first"),
        identity_differs=("differs", "first"),
    )
    return one.assign(bound=one["bound"].mask(grouped.size() > 1, "several"))


def _persons(
    lines: pd.DataFrame,
    findings: pd.DataFrame,
    bound: pd.DataFrame,
    people: People,
    pairs: pd.DataFrame,
    at: NDArray[np.intp],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A number for the person of each line, and the line through which a line without a record has one (-1: none).

    Lines bound to one record are of one person. A line without a record joins others where its dossier number and name,
    or its identity, agree; never where two persons fit it.
    """
    alone = lines["bound"].isin(["dossier", "identity"]).to_numpy()
    person = np.arange(len(lines))
    codes = pd.factorize(lines["person_record_ids"].where(alone))[0]
    first = pd.Series(person)[alone].groupby(codes[alone]).min()
    person[alone] = first.reindex(codes[alone]).to_numpy()
    loose = (lines["bound"] == "").to_numpy()
    edges = _same_person(findings, people, pairs, at)
    through = np.full(len(lines), -1)
    fits = [(a, b) for a, b in (*edges, *((b, a) for a, b in edges)) if loose[a] and alone[b]]
    reached: dict[int, set[int]] = {}
    for line, other in fits:
        reached.setdefault(line, set()).add(int(person[other]))
    for line, others in reached.items():
        if len(others) == 1:
            through[line] = person[line] = next(iter(others))
    for a, b in edges:  # lines of whom no list knows the person
        if loose[a] and loose[b] and a not in reached and b not in reached:
            low, high = sorted((int(person[a]), int(person[b])))
            person[person == high] = low
    return person, through


def _same_person(
    findings: pd.DataFrame, people: People, pairs: pd.DataFrame, at: NDArray[np.intp]
) -> list[tuple[int, int]]:
    """Pairs of lines (by their place in `findings`) that agree well enough to be of one person."""
    place = pd.Series(np.arange(len(at)), index=at)
    keys = dossier_keys(findings["dossier_no"]).reset_index(drop=True)
    numbered = pd.DataFrame({"line": np.arange(len(at)), "key": keys}).dropna()
    both = numbered.merge(numbered, on="key")
    both = both[both["line_x"] < both["line_y"]]
    how = agreement(people, at[both["line_x"].to_numpy()], at[both["line_y"].to_numpy()])
    same = both[(how.name >= Name.CLOSE) & (how.born != Born.DIFFER) & (how.born != Born.OTHER_DAY)]
    edges = set(zip(same["line_x"].tolist(), same["line_y"].tolist(), strict=True))
    found = candidates(people, pairs, (ANNEX,), None)
    left, right = found["left"].to_numpy("intp"), found["right"].to_numpy("intp")
    how = agreement(people, left, right)
    fits = ~contradicts(how) & supports(how, found["probability"].to_numpy("float64"))
    a, b = place.reindex(left[fits]).to_numpy("intp"), place.reindex(right[fits]).to_numpy("intp")
    unlike = _others(keys, a, b)
    edges |= set(zip(a[~unlike].tolist(), b[~unlike].tolist(), strict=True))
    return sorted(edges)


def _others(keys: "pd.Series[str]", left: NDArray[np.intp], right: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether both lines state a dossier number, and not the same one."""
    codes = pd.factorize(keys)[0]
    return np.asarray((codes[left] >= 0) & (codes[right] >= 0) & (codes[left] != codes[right]))


def _through_others(lines: pd.DataFrame, through: NDArray[np.int64], people: People) -> pd.DataFrame:
    """A line without a record takes the record of the person's line in another annex."""
    joined = np.flatnonzero(through >= 0)
    if not len(joined):
        return lines
    by = lines.iloc[through[joined]]
    lines = lines.copy()
    index = lines.index[joined]
    lines.loc[index, "person_record_ids"] = by["person_record_ids"].to_numpy()
    lines.loc[index, "bound"] = "other_line"
    lines.loc[index, "identity_agrees"] = ("cùng người với dòng " + by["source_row"].astype(TEXT)).to_numpy()
    return lines


def _places(lines: pd.DataFrame, roster: pd.DataFrame | None) -> pd.DataFrame:
    """The commune and district of the roster where the person is found there, else those of the annex."""
    if roster is None:
        return lines
    stands = roster.set_index("record_id")[["commune", "district"]]
    found = stands.reindex(lines["person_record_ids"]).reset_index(drop=True).astype(TEXT)
    for name in ("commune", "district"):
        lines[name] = found[name].fillna(lines[name].astype(TEXT))
    return lines


def _candidates(
    records_by_kind: Mapping[str, pd.DataFrame],
    people: People,
    pairs: pd.DataFrame,
    findings: pd.DataFrame,
    unsure: NDArray[np.intp],
) -> pd.DataFrame:
    """Who the persons not found may be: the likeliest few of each, with what speaks against each."""
    kinds = [kind for kind in SOUGHT_IN if kind in records_by_kind and len(records_by_kind[kind])]
    if not len(unsure) or not kinds:
        return _empty(CANDIDATES)
    proposed = [candidates(people, pairs, (kind,), ANNEX).rename(columns={"left": "record"}) for kind in kinds]
    numbers = _numbers(records_by_kind, people, findings)
    every = pd.concat(
        [
            *(p.rename(columns={"right": "finding"})[["finding", "record", "probability"]] for p in proposed),
            numbers[["finding", "record"]],
            _by_name(people, kinds, unsure),
        ],
        ignore_index=True,
    )
    every = every.reindex(columns=["finding", "record", "probability"])
    every = every[every["finding"].isin(unsure)].sort_values("probability", ascending=False, kind="stable")
    every = every.drop_duplicates(["finding", "record"]).merge(numbers, on=["finding", "record"], how="left")
    return _worded(records_by_kind, people, every.fillna({"number": 0}), unsure)


def _numbers(records_by_kind: Mapping[str, pd.DataFrame], people: People, findings: pd.DataFrame) -> pd.DataFrame:
    """Lines of a roster whose dossier number is the annex's (`number` 2) or one digit from it (1)."""
    roster = records_by_kind.get(ROSTER)
    if roster is None:
        return pd.DataFrame({"finding": [], "record": [], "number": []}, dtype="int64")
    left = pd.DataFrame(
        {"finding": people.position(findings["record_id"]), "key": dossier_keys(findings["dossier_no"])}
    )
    right = pd.DataFrame({"record": people.position(roster["record_id"]), "key": dossier_keys(roster["dossier_no"])})
    left, right = left.dropna(), right.dropna()
    longest = int(left["key"].str.len().max()) if len(left) else 0
    found = [left.merge(right, on="key")[["finding", "record"]].assign(number=2)]
    for position in range(longest):
        masked = [
            side.assign(key=side["key"].str[:position] + "*" + side["key"].str[position + 1 :])
            for side in (left, right)
        ]
        there = [m[side["key"].str.len() > position] for m, side in zip(masked, (left, right), strict=True)]
        found.append(there[0].merge(there[1], on="key")[["finding", "record"]].assign(number=1))
    every = pd.concat(found, ignore_index=True).sort_values("number", ascending=False, kind="stable")
    return every.drop_duplicates(["finding", "record"])


def _by_name(people: People, kinds: list[str], unsure: NDArray[np.intp]) -> pd.DataFrame:
    """People of the same name as it is heard, in the same commune or with a birth year a few years away at most."""
    there = np.flatnonzero(people.of(*kinds))
    sides = [pd.DataFrame({"at": at, "name": people.heard[at]}) for at in (unsure, there)]
    both = sides[0][sides[0]["name"] != NONE].merge(sides[1], on="name")
    finding, record = both["at_x"].to_numpy("intp"), both["at_y"].to_numpy("intp")
    years = people.year[finding], people.year[record]
    stated = (years[0] != NONE) & (years[1] != NONE)
    near = stated & (np.abs(years[0] - years[1]) <= YEARS_APART)
    same_place = (people.commune[finding] != NONE) & (people.commune[finding] == people.commune[record])
    kept = near | same_place
    return pd.DataFrame({"finding": finding[kept], "record": record[kept]})


def _worded(
    records_by_kind: Mapping[str, pd.DataFrame], people: People, every: pd.DataFrame, unsure: NDArray[np.intp]
) -> pd.DataFrame:
    record, finding = every["record"].to_numpy("intp"), every["finding"].to_numpy("intp")
    how = agreement(people, record, finding)
    number = every["number"].to_numpy("int64")
    close_name, same_number = how.name >= Name.LETTER, number == 2
    weight = (
        2.0 * number
        + np.select([how.name >= Name.SAME, close_name], [4.0, 2.0], -4.0)
        + np.select([how.born >= Born.SWAPPED, how.born == Born.DIFFER], [3.0, -2.0], 0.0)
        + np.select([how.place >= Place.MAYBE, how.place == Place.DIFFER], [2.0, -1.0], 0.0)
        + np.select([how.number >= Number.NEAR, how.number == Number.DIFFER], [4.0, -3.0], 0.0)
    )
    words = in_words(how)
    every = every.assign(weight=weight, agrees=words["agrees"].to_numpy(), differs=words["differs"].to_numpy())
    every["years"] = np.where(how.born == Born.DIFFER, how.years_apart, 0)
    every = every[close_name | same_number].sort_values(
        ["finding", "weight", "probability", "record"], ascending=[True, False, False, True], kind="stable"
    )
    every["rank"] = every.groupby("finding").cumcount()
    every = every[every["rank"] < MOST]
    record = every["record"].to_numpy("intp")
    kind_of = np.array(list(KINDS), dtype=object)
    ids = people.record_id[record].astype("str")
    columns = [
        "name",
        "date_of_birth",
        "dossier_no",
        "commune",
        "district",
        "source_file",
        "source_sheet",
        "source_row",
    ]
    stands = pd.concat(
        [
            frame.set_index("record_id").reindex(columns=columns)
            for k, frame in records_by_kind.items()
            if k in SOUGHT_IN
        ]
    ).reindex(ids)
    out = stands.reset_index(drop=True).assign(
        record_id=people.record_id[every["finding"].to_numpy("intp")].astype("str"),
        candidate_record_id=ids,
        candidate_kind=kind_of[people.kind[record]],
        match_probability=every["probability"].to_numpy(),
        agrees=_agrees(every),
        why_not_sure=_why(every),
    )
    order = pd.Series(np.arange(len(unsure)), index=people.record_id[unsure].astype("str"))
    out = out.iloc[np.argsort(order.reindex(out["record_id"]).to_numpy(), kind="stable")]
    return out.reindex(columns=list(CANDIDATES)).astype(CANDIDATES).reset_index(drop=True)


def _agrees(every: pd.DataFrame) -> list[str]:
    said_of = {2: "số hồ sơ", 1: "số hồ sơ (khác một chữ số)"}
    pairs = zip(every["number"].tolist(), every["agrees"].fillna("").tolist(), strict=True)
    return [", ".join(t for t in (said_of.get(int(number), ""), agrees) if t) for number, agrees in pairs]


def _why(every: pd.DataFrame) -> list[str]:
    """Why a candidate is not surely the person: what differs, what is not stated, and that one of several fits."""
    found = []
    many = every.groupby("finding")["record"].transform("size").tolist()
    columns = (every[name].tolist() for name in ("number", "differs", "years"))
    for number, differs, years, others in zip(*columns, many, strict=True):
        differs_vi = differs if isinstance(differs, str) and differs else ""
        parts = [
            "số hồ sơ của phụ lục là của người khác tên" if number == 2 and "họ tên" in _compared(differs_vi) else ""
        ]
        parts.append(f"khác: {differs_vi}" if differs_vi and not differs_vi.startswith("không đủ") else differs_vi)
        parts.append(f"năm sinh lệch {years} năm" if years else "")
        parts.append("số hồ sơ khác hoặc không ghi" if number == 0 else "")
        parts.append(f"có {others} người gần giống" if others > 1 else "")
        found.append("; ".join(part for part in parts if part))
    return found


def _compared(differs: str) -> str:
    """What differs, without what could not be compared."""
    return differs.split("không đủ để so", maxsplit=1)[0]
