"""People of all lists of a run, and the pairs of them that are the same person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage.arrays import MISSING, Ints, codes_of, gather
from eligibility_audit.linkage.blocking import CAP, Allowed, Pairs, Rule
from eligibility_audit.linkage.clusters import LARGEST, cluster
from eligibility_audit.linkage.comparisons import (
    DateComparison,
    EqualComparison,
    GenerationComparison,
    KinshipComparison,
    NameComparison,
    NamesakeComparison,
    NationalIdComparison,
    PlaceComparison,
    SexComparison,
)
from eligibility_audit.linkage.drift import drift
from eligibility_audit.linkage.engine import Task, Weighed, describe, evidence, planned, run
from eligibility_audit.linkage.groups import Groups, counts_of, describe_groups
from eligibility_audit.linkage.incremental import Before, before, positions_of, run_since, unchanged
from eligibility_audit.linkage.judgements import Judged, apply_judgements, judged_among, with_judgements
from eligibility_audit.linkage.labels import run_with_judged
from eligibility_audit.linkage.model import Model
from eligibility_audit.linkage.pair import PairTold, tell_pair
from eligibility_audit.linkage.texts import dictionary, encode
from eligibility_audit.linkage.words import fold
from eligibility_audit.linkage.workers import Means

COLUMNS = (
    "record_id",
    "kind",
    "name",
    "alias",
    "date_of_birth",
    "sex",
    "national_id",
    "commune",
    "district",
    "home_place",
    "dossier_no",
    "line",
)
FACTS = tuple(column for column in COLUMNS if column not in ("record_id", "line"))  # what a judgement rests on
PLACE = ("source_file", "source_sheet", "source_row")
READS = tuple(column for column in COLUMNS if column not in ("kind", "line")) + PLACE  # of the records
THRESHOLD = 0.5
CANDIDATES_FLOOR = 0.01
RARE_BY = ("name", "date_of_birth", "middle_of_generation", "given_of_generation")
RULES = (
    Rule(("national_id",), ("name", "date")),
    Rule(("dossier_no",), ("name", "date")),
    Rule(("words",), ("year", "district", "commune"), cap=30),
    Rule(("words", "commune"), ("year", "date")),
    Rule(("words", "day_of_year"), ("commune", "year")),
    Rule(("sound", "year"), ("district", "commune")),
    Rule(("sound", "commune"), ("year", "date")),
    Rule(("ends", "date"), ("name", "commune")),
    Rule(("ends", "day_of_year"), ("commune", "year"), cap=100),
    Rule(("ends", "commune", "year"), ("name", "date")),
    Rule(("surname_middle", "date"), ("commune",)),
    Rule(("initials", "date"), ("commune",)),
    Rule(("given_sound", "date"), ("commune",)),
    Rule(("commune", "date"), ("given_sound",)),
    Rule(("surname", "commune", "day_of_year"), ("given_sound",)),
    Rule(("surname_middle", "commune", "year"), ("date", "given_sound")),
    Rule(("given_sound", "commune", "year"), ("date", "ends")),
)
_TYPE = re.compile(r"^(xa|phuong|thi tran|thi xa|huyen|quan|thanh pho|tinh|tt|tx|tp|x|p|h|q|t)\b[. ]*")
_BETWEEN = re.compile(r"\s*[,;\-–/]\s*")


@dataclass(frozen=True)
class Links:
    """Pairs at or above the threshold, those below it down to the floor, the model used, the account of it all, the
    groups (ids there are record ids), and what became of the judgements."""

    pairs: pd.DataFrame
    candidates: pd.DataFrame
    model: Model
    report: Mapping[str, Any]
    groups: Groups
    judged: Judged | None = None


@dataclass(frozen=True)
class Since:
    """The last run: its people, and its pairs and candidates one after the other."""

    people: pd.DataFrame
    pairs: pd.DataFrame


def people(records_by_kind: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The columns that linkage needs, of the records of all kinds; `line` is the same for members of one source line.

    Columns: `COLUMNS`, all Arrow-backed text, null where unknown or where a list has no such column.
    """
    frames = [_of_kind(kind, records_by_kind[kind]) for kind in KINDS if kind in records_by_kind]
    if not frames:
        return pd.DataFrame({column: pd.Series(dtype="string[pyarrow]") for column in COLUMNS})
    return pd.concat(frames, ignore_index=True)


def _of_kind(kind: str, records: pd.DataFrame) -> pd.DataFrame:
    empty = pd.Series(pd.NA, index=records.index, dtype="string[pyarrow]")
    columns = {c: records[c].astype("string[pyarrow]") if c in records.columns else empty for c in COLUMNS}
    columns["kind"] = pd.Series(kind, index=records.index, dtype="string[pyarrow]")
    if "source_row" in records.columns:
        where = [records[c].astype("string[pyarrow]") for c in PLACE]
        columns["line"] = where[0] + "\t" + where[1].fillna("") + "\t" + where[2]
    else:
        columns["line"] = empty
    return pd.DataFrame(columns).reset_index(drop=True)


def link_people(
    people: pd.DataFrame,
    model: Model | None = None,
    *,
    threshold: float = THRESHOLD,
    candidates_floor: float = CANDIDATES_FLOOR,
    largest_cluster: int = LARGEST,
    previous: pd.DataFrame | None = None,
    judgements: pd.DataFrame | None = None,
    day: date | None = None,
    key: bytes = b"",
    since: Since | None = None,
    means: Means | None = None,
) -> Links:
    """Who is the same person, within and across lists.

    `people`: the frame that `people()` gives, in any order. Without a model one is learnt from the pairs; the same
    people give the same bytes. Pairs have the columns of docs/architecture.md; left precedes right in the order of
    kinds, then of record_id. Fields that could not be compared are absent from `comparisons`. `previous`: id and
    cluster_id of the last run, whose names are kept; groups do not depend on the threshold. `judgements`: those of
    officers (`judgements.py`), in force on `day`; `key`: of the hash of the facts that they rest on. `since`: a run
    with the same model, of which all is taken over that did not change; the result is the same (`incremental.py`).
    `means`: workers, memory and a folder for files (`workers.py`); they do not change the result.
    """
    ordered, given = in_order(people), model
    task = planned(task_of(ordered), model)
    floor = min(candidates_floor, threshold)
    if since is not None and model is not None:
        found, report = run_since(task, model, floor, _before(ordered, since, model))
    elif judgements is not None and model is None:
        ids = ordered["record_id"]
        known = judged_among(judgements, (ids, ids), ordered[list(FACTS)], day=day, key=key)
        found, model, report = run_with_judged(task, floor, known.direct)
    else:
        found, model, report = run(task, model, floor, means)
    options = Options(threshold, largest_cluster, previous, judgements, day, key, drifted=given is not None)
    return linked(ordered, task, model, found, report, options)


@dataclass(frozen=True)
class Options:
    """What is asked of the links beside their weights; see `link_people`."""

    threshold: float = THRESHOLD
    largest_cluster: int = LARGEST
    previous: pd.DataFrame | None = None
    judgements: pd.DataFrame | None = None
    day: date | None = None
    key: bytes = b""
    drifted: bool = False  # whether it is told how far the model has drifted
    taken: frozenset[str] = frozenset()  # names of clusters that others bear


def linked(
    ordered: pd.DataFrame, task: Task, model: Model, found: Weighed, report: dict[str, Any], options: Options
) -> Links:
    """Links and groups of weighed pairs of these people (in order), as judged."""
    judged, bindings = None, None
    if options.judgements is not None:
        ids = ordered["record_id"]
        found, judged, bindings = apply_judgements(
            options.judgements, (ids, ids), ordered[list(FACTS)], found, task, model, day=options.day, key=options.key
        )
        report |= {"judgements": judged.counts(), "judgement_conflicts": len(judged.conflicts)}
    if options.drifted:
        report |= {"drift": drift(task, model, found)}
    frame = _pairs_frame(ordered, task, model, found)
    if bindings is not None:
        frame["comparisons"] = with_judgements(frame["comparisons"], bindings)
    sure = frame["match_probability"] >= options.threshold
    report = report | {"links": int(sure.sum()), "candidates": int((~sure).sum()), "threshold": options.threshold}
    bound = None if judged is None else judged.bound
    clusters = cluster(
        found.left,
        found.right,
        found.weight,
        task.size,
        largest=options.largest_cluster,
        evidence=evidence(task, model),
        one_list=task.kind,
        bound=bound,
    )
    told = (found.left, found.right, found.weight)
    groups = describe_groups(ordered["record_id"], told, clusters, options.previous, options.taken)
    report |= counts_of(groups)
    pairs, candidates = frame[sure].reset_index(drop=True), frame[~sure].reset_index(drop=True)
    return Links(pairs, candidates, model, report, groups, judged)


def link_incremental(
    old: pd.DataFrame, new: pd.DataFrame, model: Model, old_pairs: pd.DataFrame, **options: Any
) -> Links:
    """`link_people(new, model)` where `old` was linked with the same model: only pairs that touch a new or changed
    record are compared. `old_pairs`: pairs and candidates of then, one after the other; `options`: of `link_people`."""
    return link_people(new, model, since=Since(old, old_pairs), **options)


def tell_people_pair(people: pd.DataFrame, model: Model, one: str, two: str) -> PairTold | None:
    """Why two records are linked or not, by this model; None where one of them is not among the people."""
    ordered = in_order(people)
    at = positions_of(ordered["record_id"], pd.Series([one, two], dtype="string[pyarrow]"))
    if at.min() < 0 or at[0] == at[1]:
        return None
    return tell_pair(planned(task_of(ordered), model), model, int(at[0]), int(at[1]))


def _before(ordered: pd.DataFrame, since: Since, model: Model) -> Before:
    old = in_order(since.people)
    ends = tuple(positions_of(old["record_id"], since.pairs[f"{side}_record_id"]) for side in ("left", "right"))
    return before(
        planned(task_of(old), model), unchanged(old, ordered, FACTS, ["record_id"]), (ends[0], ends[1]), since.pairs
    )


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """The people in the order of kinds, then of record_id."""
    frame = frame.reset_index(drop=True)
    rank = frame["kind"].map({kind: k for k, kind in enumerate(KINDS)}).fillna(len(KINDS)).astype("int64")
    if not _before_last(rank, frame["record_id"]):
        return frame
    order = pd.DataFrame({"rank": rank, "id": frame["record_id"]}).sort_values(["rank", "id"], kind="stable").index
    return frame.loc[order].reset_index(drop=True)


def _before_last(rank: "pd.Series[int]", ids: "pd.Series[str]") -> bool:
    """Whether any record stands behind one that it should precede."""
    step = np.diff(rank.to_numpy())
    later = ids.iloc[1:].reset_index(drop=True) <= ids.iloc[:-1].reset_index(drop=True)
    return bool(((step < 0) | ((step == 0) & later.fillna(True).to_numpy(dtype=bool))).any())


def task_of(frame: pd.DataFrame) -> Task:
    """How these people, in order, are compared and brought together."""
    name = NameComparison("name", frame["name"], frame["alias"])
    date = DateComparison("date_of_birth", frame["date_of_birth"])
    commune, district, place_texts = places(frame["commune"], frame["district"], frame["home_place"])
    kind, kinds = encode(frame["kind"])
    line, _ = dictionary(frame["line"])
    return Task(
        comparisons=(
            name,
            date,
            NationalIdComparison("national_id", frame["national_id"], date, frame["sex"], names=name.keys["name"]),
            SexComparison("sex", frame["sex"], "name"),
            PlaceComparison("place", commune, district, kind, texts=place_texts),
            EqualComparison("dossier_no", frame["dossier_no"], known.DOSSIER),
            KinshipComparison("kinship", "name", "date_of_birth", "national_id"),
            *generations(name, date),
            NamesakeComparison("namesake", "name", "date_of_birth", "place", RARE_BY),
        ),
        rules=RULES,
        cap=CAP,
        kind=kind,
        kind_names=kinds,
        allowed=Allowed(line=line),
        extra=alias_pairs(name),
    )


def keys_of(people: pd.DataFrame) -> tuple[dict[str, Ints], dict[str, Ints]]:
    """By record, in the order given, the codes of all blocking keys, and the same as numbers that hold in any table."""
    task = task_of(people.reset_index(drop=True))
    return task.keys(), task.stable_keys()


def generations(name: NameComparison, date: DateComparison) -> list[GenerationComparison]:
    """What middle and given names tell of a generation."""
    parts = {f"{part}_of_generation": f"{name.field}_{part}" for part in ("middle", "given")}
    return [GenerationComparison(own, name.field, date, part, name.tables[part]) for own, part in parts.items()]


def alias_pairs(name: NameComparison, most: int = 200) -> list[Pairs]:
    """Pairs of a record with an alias and each record that bears it as its name; common names are left out."""
    records, codes = name.alias_entries()
    names = name.keys["name"]
    order = np.argsort(names, kind="stable")
    first = np.searchsorted(names[order], codes, side="left")
    last = np.searchsorted(names[order], codes, side="right")
    few = (codes >= 0) & (last - first <= most)
    pairs: list[Pairs] = []
    for record, start, stop in zip(records[few], first[few], last[few], strict=True):
        others = order[start:stop]
        others = others[others != record]
        low, high = np.minimum(others, record), np.maximum(others, record)
        pairs.append((low.astype(np.int32), high.astype(np.int32)))
    return pairs


def places(
    commune: "pd.Series[str]", district: "pd.Series[str]", home_place: "pd.Series[str]"
) -> tuple[Ints, Ints, tuple[list[str], list[str]]]:
    """Codes of commune and district, and their texts by code. A missing district is found from a commune name that only
    one district has; a missing commune from the place of origin, where it names a commune that the lists know."""
    commune_code, commune_texts = encode(commune)
    district_code, district_texts = encode(district)
    commune_names = [plain_place(text) for text in commune_texts]
    district_names = [plain_place(text) for text in district_texts]
    home_code, home_texts = encode(home_place.mask(commune.notna() & (commune != "")))
    known_communes = frozenset(commune_names)
    homes = [_home(text, known_communes) for text in home_texts]
    c_texts = [*commune_names, *(home[0] for home in homes)]
    d_texts = [*district_names, *(home[1] for home in homes)]
    c_table, d_table = codes_of(c_texts), codes_of(d_texts)
    c = np.where(
        commune_code >= 0, gather(c_table, commune_code), gather(c_table, _shift(home_code, len(commune_names)))
    )
    d = np.where(
        district_code >= 0, gather(d_table, district_code), gather(d_table, _shift(home_code, len(district_names)))
    )
    return c, _only_district(c, d), (_distinct(c_texts), _distinct(d_texts))


def _distinct(texts: list[str]) -> list[str]:
    """The texts that are not blank, in the order of their codes."""
    return [*dict.fromkeys(filter(None, texts))]


def _shift(codes: Ints, by: int) -> Ints:
    return np.where(codes >= 0, codes + by, MISSING)


def _only_district(commune: Ints, district: Ints) -> Ints:
    have = (commune >= 0) & (district >= 0)
    if not have.any():
        return district
    width = int(district.max()) + 1
    pairs = np.sort(pd.unique(commune[have].astype(np.int64) * width + district[have]))
    names, first, count = np.unique(pairs // width, return_index=True, return_counts=True)
    only = np.full(int(commune.max()) + 1, MISSING, dtype=np.int64)
    only[names[count == 1]] = pairs[first[count == 1]] % width
    return np.where((district < 0) & (commune >= 0), only[np.maximum(commune, 0)], district)


def plain_place(text: str) -> str:
    """A place name folded and without its type word."""
    folded = fold(text)
    bare = _TYPE.sub("", folded)
    return bare or folded


def _home(text: str, communes: frozenset[str]) -> tuple[str, str]:
    """Commune and district in a place of origin: `Vũ Lăng - Tiền Hải - Thái Bình`; blank where it names no commune."""
    pieces = [plain_place(piece) for piece in _BETWEEN.split(text) if piece.strip()]
    for k, piece in enumerate(pieces):
        if piece in communes:
            return piece, pieces[k + 1] if k + 1 < len(pieces) else ""
    return "", ""


def _pairs_frame(frame: pd.DataFrame, task: Task, model: Model, found: Weighed) -> pd.DataFrame:
    columns: dict[str, Any] = {}
    for side, rows in (("left", found.left), ("right", found.right)):
        columns[f"{side}_record_id"] = frame["record_id"].astype("string[pyarrow]").take(rows).reset_index(drop=True)
        columns[f"{side}_kind"] = frame["kind"].astype("string[pyarrow]").take(rows).reset_index(drop=True)
    columns["match_probability"] = pd.array(found.probability, dtype="Float64")
    columns["match_weight"] = pd.array(found.weight, dtype="Float64")
    columns["comparisons"] = describe(task, model, found)
    return pd.DataFrame(columns)
