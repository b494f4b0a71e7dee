"""Linking any tables: columns are given roles, what is left out is found from the data."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from rapidfuzz import process

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.linkage import levels as known
from eligibility_audit.linkage import matching
from eligibility_audit.linkage.arrays import MISSING, Ints, codes_of, gather
from eligibility_audit.linkage.blocking import CAP, Allowed, Rule
from eligibility_audit.linkage.clusters import LARGEST, cluster
from eligibility_audit.linkage.comparisons import (
    Comparison,
    DateComparison,
    EqualComparison,
    HabitComparison,
    KinshipComparison,
    NameComparison,
    NamesakeComparison,
    NationalIdComparison,
    NumberComparison,
    PlaceComparison,
    SexComparison,
    SwapComparison,
    TextComparison,
    chance_equal,
)
from eligibility_audit.linkage.drift import drift
from eligibility_audit.linkage.engine import Task, describe, evidence, planned, run
from eligibility_audit.linkage.groups import Groups, counts_of, describe_groups
from eligibility_audit.linkage.incremental import Before, before, positions_of, run_since, unchanged
from eligibility_audit.linkage.judgements import Judged, apply_judgements, judged_among, with_judgements
from eligibility_audit.linkage.labels import run_with_judged
from eligibility_audit.linkage.levels import Level
from eligibility_audit.linkage.model import VERSION, Model, model_from
from eligibility_audit.linkage.pair import PairTold, tell_pair
from eligibility_audit.linkage.people import RARE_BY, RULES, generations, plain_place
from eligibility_audit.linkage.texts import encode
from eligibility_audit.linkage.thirds import with_thirds
from eligibility_audit.linkage.words import fold
from eligibility_audit.linkage.workers import Means

ROLES = (
    "name",
    "surname",
    "given_name",
    "date_of_birth",
    "sex",
    "national_id",
    "place",
    "text",
    "category",
    "number",
)
FLOOR = 0.2  # pairs down to here are weighed whatever the threshold: weaker ones are nobody's rivals
KEY = "\x1fid"  # a name that no column has
MODEL_KEYS = ("id", "columns", "comparisons", "blocking", "weights", "one_to_one", "version")
KINDS_OF_COMPARISON = ("off", "text", "category", "number")
FEW_VALUES = 20
MOSTLY = 0.5
MOST_RULES = 30
MOST_WORD_RULES = 8
ALWAYS_ALONE = ("both_names",)  # a rule by itself, and no part of others
LARGEST_EXPECTED_BLOCK = 60.0  # a pair of keys that leaves larger blocks on average is no rule
_SEX = {"m": "M", "nam": "M", "male": "M", "1": "M", "f": "F", "nu": "F", "female": "F", "2": "F", "0": "F"}
_HEADINGS = {
    "national_id": r"national.?id|nid|cmnd|cccd|soc.?sec|ssn|can cuoc|dinh danh",
    "date_of_birth": r"date.?of.?birth|birth.?date|dob|ngay.?sinh|nam.?sinh",
    "sex": r"sex|gender|gioi.?tinh",
    "given_name": r"given.?name|first.?name|^ten$",
    "surname": r"surname|last.?name|family.?name|^ho$|ho.?va.?ten.?dem",
    "name": r"full.?name|^name$|ho.?(va.?)?ten|^hoten$",
    "place": r"commune|^xa$|post.?code|zip|suburb|place|phuong",
}


@dataclass(frozen=True)
class FrameLinks:
    """Pairs (left_id, right_id, match_probability, match_weight, comparisons) and those below the threshold, clusters
    (side, id, cluster_id), model, report, all that is said of the groups (ids there are `L:` or `R:` and the id), and
    what became of the judgements."""

    pairs: pd.DataFrame
    clusters: pd.DataFrame
    model: Model
    report: Mapping[str, Any]
    candidates: pd.DataFrame
    groups: Groups
    judged: Judged | None = None


@dataclass(frozen=True)
class FrameSince:
    """The last run: its tables (ids and compared columns do), and its pairs and candidates one after the other."""

    left: pd.DataFrame
    right: pd.DataFrame | None
    pairs: pd.DataFrame
    floor: float = FLOOR  # the probability down to which these pairs go


def link_frames(
    left: pd.DataFrame,
    right: pd.DataFrame | None = None,
    model: "Model | Mapping[str, Any] | None" = None,
    *,
    threshold: float = 0.5,
    largest_cluster: int = LARGEST,
    previous: pd.DataFrame | None = None,
    judgements: pd.DataFrame | None = None,
    day: date | None = None,
    since: FrameSince | None = None,
    one_to_one: bool = False,
    means: Means | None = None,
) -> FrameLinks:
    """Pairs of rows that are the same person or thing: within `left`, or only across where `right` is given.

    `model`: a learnt `Model`, the least model (`id`, `columns` by role), or None (roles from the column names). Each
    unordered pair comes once. Neither weights nor clusters depend on the threshold. `previous`: the last run's clusters
    (side, id, cluster_id), whose names are kept.
    `judgements`: those of people (`judgements.py`), in force on `day`. Raises UsageError for unknown roles and columns,
    InputError for repeated or null ids. `since`: the last run with the same learnt model, of which all is taken over
    that did not change; the result is the same (`incremental.py`). `one_to_one`: each table has a person once: a row
    has one partner at most, weaker pairs are candidates. `means`: workers, memory and a folder for files
    (`workers.py`); they do not change the result.
    """
    learnt, roles = _roles(left, model)
    ids = [_ids(side, roles["id"], which) for side, which in ((left, "L"), (right, "R")) if side is not None]
    frame = pd.concat([_selected(side, roles) for side in (left, right) if side is not None], ignore_index=True)
    side = np.repeat(np.arange(len(ids)), [len(each) for each in ids])
    roles = _settled(frame, roles)
    task = planned(_task(frame, roles, side, two_sided=right is not None), learnt)
    given = learnt
    names = _names(ids, side)
    floor = min(threshold, FLOOR)
    if since is not None and learnt is not None and since.floor <= floor:
        found, report = run_since(task, learnt, floor, _before(since, learnt, names, frame))
    elif judgements is not None and learnt is None:
        who = _judged_names(ids, two_sided=right is not None)
        found, learnt, report = run_with_judged(task, floor, judged_among(judgements, who, frame, day=day).direct)
    else:
        found, learnt, report = run(task, learnt, floor, means)
    judged, bindings = None, None
    if judgements is not None:
        who = _judged_names(ids, two_sided=right is not None)
        found, judged, bindings = apply_judgements(judgements, who, frame, found, task, learnt, day=day)
        report |= {"judgements": judged.counts(), "judgement_conflicts": len(judged.conflicts)}
    if given is not None:
        report |= {"drift": drift(task, given, found)}
    one_to_one = one_to_one or roles.get("one_to_one", False)
    size = len(found.left)
    alone = matching.one_to_one(found.left, found.right, found.weight) if one_to_one else np.ones(size, dtype=bool)
    linked = found.left[alone], found.right[alone], found.weight[alone]
    clusters = cluster(
        *linked,
        len(side),
        largest=largest_cluster,
        evidence=evidence(task, learnt),
        bound=None if judged is None else judged.bound,
    )
    at: Ints = np.arange(size)
    if not one_to_one:
        found, at = with_thirds(task, learnt, found, clusters.label)
        alone = np.ones(len(found.left), dtype=bool)
    second = ids[-1]
    offset = len(ids[0]) if right is not None else 0
    pairs = pd.DataFrame(
        {
            "left_id": ids[0].take(found.left).reset_index(drop=True),
            "right_id": second.take(found.right - offset).reset_index(drop=True),
            "match_probability": pd.array(found.probability, dtype="Float64"),
            "match_weight": pd.array(found.weight, dtype="Float64"),
            "comparisons": describe(task, learnt, found),
        }
    )
    if bindings is not None:
        pairs["comparisons"] = with_judgements(pairs["comparisons"], bindings.moved(at, len(pairs)))
    sure = (pairs["match_probability"] >= threshold) & alone
    groups = describe_groups(names, linked, clusters, _named(previous))
    report = report | {"floor": floor, "links": int(sure.sum())} | counts_of(groups)
    return FrameLinks(
        pairs[sure].reset_index(drop=True),
        _cluster_frame(ids, side, groups),
        learnt,
        report,
        pairs[~sure].reset_index(drop=True),
        groups,
        judged,
    )


@dataclass(frozen=True)
class FramePair:
    """One pair of rows: what is told of it, the ids of rows that fit one of the two as well (`L:` or `R:` and the id),
    and the compared columns of both rows, by column."""

    told: PairTold
    rivals: tuple[str, ...]
    values: Mapping[str, tuple[str | None, str | None]]


def tell_frame_pair(left: pd.DataFrame, right: pd.DataFrame | None, model: Model, one: str, two: str) -> FramePair:
    """Why the rows with these ids (as text) are linked or not: `one` in `left`, `two` in `right`, or both in `left`.

    Raises UsageError where there is no such row.
    """
    roles = _checked(left, model.roles)
    ids = [_ids(side, roles["id"], which) for side, which in ((left, "L"), (right, "R")) if side is not None]
    frame = pd.concat([_selected(side, roles) for side in (left, right) if side is not None], ignore_index=True)
    side = np.repeat(np.arange(len(ids)), [len(each) for each in ids])
    task = planned(_task(frame, roles, side, two_sided=right is not None), model)
    names = _names(ids, side)
    wanted = (f"L:{one}", f"{'L' if right is None else 'R'}:{two}")
    at = positions_of(names, pd.Series(wanted, dtype="string[pyarrow]"))
    for name, position in zip(wanted, at.tolist(), strict=True):
        if position < 0:
            raise UsageError(f"Không có dòng nào có id {name[2:]}. / There is no row with the id {name[2:]}.")
    if at[0] == at[1]:
        raise UsageError("Hai id là cùng một dòng. / The two ids are one row.")
    floor = None if roles.get("one_to_one", False) else FLOOR
    told = tell_pair(task, model, int(at[0]), int(at[1]), group_floor=floor)
    rows = [[None if pd.isna(value) else str(value) for value in frame.iloc[int(k)]] for k in at]
    values = {str(column): pair for column, pair in zip(frame.columns, zip(*rows, strict=True), strict=True)}
    return FramePair(told, tuple(str(names[k]) for k in told.rivals), values)


def guess_roles(frame: pd.DataFrame) -> dict[str, Any]:
    """The least model that column names suggest: the first column without repeats is the id."""
    ids = [str(c) for c in frame.columns if frame[c].notna().all() and frame[c].is_unique]
    named = [c for c in ids if re.search(r"(^|_)(rec|record|row)?_?id$", c.lower())]
    columns: dict[str, Any] = {}
    taken = {(named or ids or [""])[0]}
    for role, pattern in _HEADINGS.items():
        fits = [str(c) for c in frame.columns if str(c) not in taken and re.search(pattern, fold(str(c)))]
        if fits:
            columns[role] = fits[0]
            taken.add(fits[0])
    if not ids or not columns:
        raise UsageError(
            "Không đoán được vai trò các cột; hãy viết tệp mô hình có id và columns."
            " / The roles of the columns cannot be guessed: write a model file with id and columns."
        )
    rest: dict[str, list[str]] = {}
    for column in map(str, frame.columns):
        kind = _guessed_kind(_text(frame[column])) if column not in taken else None
        if kind is not None:
            rest.setdefault(kind, []).append(column)
    return {"id": (named or ids)[0], "columns": columns | rest}


def _guessed_kind(column: "pd.Series[Any]") -> str | None:
    """How a column that no heading explains is compared: few values, digits, or text; None where it tells nobody apart
    (one value) or says nothing of most rows."""
    known_rows, distinct = int(column.notna().sum()), int(column.nunique())
    if distinct < 2 or known_rows < MOSTLY * len(column):
        return None
    if distinct <= FEW_VALUES:
        return "category"
    return "number" if column.dropna().str.fullmatch(r"[0-9]+").mean() > MOSTLY else "text"


def _before(since: FrameSince, learnt: Model, names: "pd.Series[str]", frame: pd.DataFrame) -> Before:
    roles = learnt.roles
    tables = [table for table in (since.left, since.right) if table is not None]
    ids = [_ids(table, roles["id"], which) for table, which in zip(tables, "LR", strict=False)]
    old = pd.concat([_selected(table, roles) for table in tables], ignore_index=True)
    side = np.repeat(np.arange(len(ids)), [len(each) for each in ids])
    old_names, second = _names(ids, side), "L:" if since.right is None else "R:"
    ends = [
        positions_of(old_names, pd.Series(prefix + since.pairs[column].astype("string[pyarrow]")))
        for prefix, column in (("L:", "left_id"), (second, "right_id"))
    ]
    was = unchanged(old.assign(**{KEY: old_names}), frame.assign(**{KEY: names}), list(frame.columns), [KEY])
    task = planned(_task(old, roles, side, two_sided=since.right is not None), learnt)
    return before(task, was, (ends[0], ends[1]), since.pairs)


def _roles(left: pd.DataFrame, model: "Model | Mapping[str, Any] | None") -> tuple[Model | None, dict[str, Any]]:
    if isinstance(model, Model):
        return model, _checked(left, model.roles)
    if model is not None and model.get("version") == VERSION and "priors" in model:
        learnt = model_from(model, "model")
        return learnt, _checked(left, learnt.roles)
    return None, _checked(left, model if model is not None else guess_roles(left))


def _checked(left: pd.DataFrame, roles: Mapping[str, Any]) -> dict[str, Any]:
    columns = roles.get("columns")
    if "id" not in roles or not isinstance(columns, Mapping) or not columns:
        raise UsageError("Mô hình phải có id và columns (vai trò: cột). / A model needs id and columns (role: column).")
    _known("Mô hình", "The model", roles, MODEL_KEYS)
    _known("columns", "columns", columns, ROLES)
    comparisons = roles.get("comparisons") or {}
    for kind in comparisons.values():
        _known("comparisons", "comparisons", [kind], KINDS_OF_COMPARISON)
    found = {"id": str(roles["id"]), "columns": {str(role): _listed(value) for role, value in columns.items()}}
    refined = {
        "comparisons": {str(field): str(kind) for field, kind in comparisons.items()},
        "blocking": [Rule.read(text).name for text in _listed(roles.get("blocking") or [])],
        "weights": {str(f): {str(k): float(v) for k, v in w.items()} for f, w in (roles.get("weights") or {}).items()},
        "one_to_one": bool(roles.get("one_to_one", False)),
    }
    return found | {key: value for key, value in refined.items() if value}


def _known(where_vi: str, where_en: str, given: Iterable[object], known: Sequence[str]) -> None:
    """Raises UsageError for a word that is none of those known, with the nearest of them."""
    for word in map(str, given):
        if word not in known:
            near = process.extractOne(word, known)[0]
            raise UsageError(
                f"{where_vi}: không biết “{word}”; gần nhất là {near}; các từ dùng được là {', '.join(known)}."
                f" / {where_en}: “{word}” is not known; the nearest is {near}; the words known are {', '.join(known)}."
            )


def _settled(frame: pd.DataFrame, roles: dict[str, Any]) -> dict[str, Any]:
    """Surname with middle names in one column and the given name in another, as Vietnamese lists have it, are one name:
    said in the model, so that it does not depend on the lists of another day."""
    columns = roles["columns"]
    if "name" in columns or not {"surname", "given_name"} <= columns.keys():
        return roles
    if not _joined(frame, columns["surname"]).str.contains(" ", regex=False).mean() >= 0.3:
        return roles
    rest = {role: listed for role, listed in columns.items() if role not in ("surname", "given_name")}
    return roles | {"columns": {"name": [*columns["surname"], *columns["given_name"]]} | rest}


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]


def _ids(frame: pd.DataFrame, column: str, side: str) -> "pd.Series[Any]":
    _has_columns(frame, [column], side)
    ids = frame[column].reset_index(drop=True)
    if ids.isna().any() or (ids.astype("string") == "").any():
        raise InputError(
            f"Cột id {column} của bảng {side} có ô trống; mỗi dòng cần một id."
            f" / The id column {column} of table {side} has blanks; every row needs an id."
        )
    if not ids.is_unique:
        raise InputError(
            f"Cột id {column} của bảng {side} có id lặp lại; mỗi dòng cần một id riêng."
            f" / The id column {column} of table {side} repeats ids; every row needs an id of its own."
        )
    return ids


def _has_columns(frame: pd.DataFrame, columns: Sequence[str], side: str) -> None:
    lacking = [column for column in columns if column not in frame.columns]
    if lacking:
        has = ", ".join(str(column) for column in frame.columns)
        raise UsageError(
            f"Bảng {side} không có cột {', '.join(lacking)}; các cột là {has}."
            f" / Table {side} has no column {', '.join(lacking)}; its columns are {has}."
        )


def _selected(frame: pd.DataFrame, roles: Mapping[str, Any]) -> pd.DataFrame:
    wanted = list(dict.fromkeys(column for columns in roles["columns"].values() for column in columns))
    _has_columns(frame, wanted, "L/R")
    return pd.DataFrame({column: _text(frame[column]) for column in wanted}).reset_index(drop=True)


def _text(column: "pd.Series[Any]") -> "pd.Series[Any]":
    if pd.api.types.is_datetime64_any_dtype(column):
        return pd.Series(column.dt.strftime("%Y-%m-%d"), dtype="string[pyarrow]")
    text: pd.Series[Any] = column.astype("string[pyarrow]").str.strip()
    if pd.api.types.is_float_dtype(column):
        text = text.str.replace(r"\.0$", "", regex=True)
    return pd.Series(text.mask(text == ""))


def _task(frame: pd.DataFrame, roles: Mapping[str, Any], side: Ints, *, two_sided: bool) -> Task:
    columns: Mapping[str, list[str]] = roles["columns"]
    comparisons = _refined(_comparisons(frame, columns, one_list=not two_sided), frame, roles)
    keys = {name: codes for comparison in comparisons for name, codes in comparison.keys.items()}
    whole = any(isinstance(comparison, NameComparison) for comparison in comparisons)
    return Task(
        comparisons=comparisons,
        rules=tuple(map(Rule.read, roles["blocking"]))
        if "blocking" in roles
        else _rules(keys, len(frame), whole=whole),
        kind=side if two_sided else np.zeros(len(frame), dtype=np.int64),
        kind_names=("L", "R") if two_sided else ("L",),
        allowed=Allowed(side=side if two_sided else None),
        roles=roles,
        cap=CAP,
        two_sided=two_sided,
    )


def _refined(found: list[Comparison], frame: pd.DataFrame, roles: Mapping[str, Any]) -> list[Comparison]:
    """The comparisons as the model file's `comparisons` and `weights` would have them."""
    fields = [comparison.field for comparison in found]
    for field, kind in roles.get("comparisons", {}).items():
        _known("comparisons", "comparisons", [field], fields)
        if kind != "off":
            found = [_as_kind(kind, field, frame) if each.field == field else each for each in found]
    off = {field for field, kind in roles.get("comparisons", {}).items() if kind == "off"}
    kept = [each for each in found if each.field not in off and not off & set(each.needs)]
    for field, weights in roles.get("weights", {}).items():
        _known("weights", "weights", [field], [each.field for each in kept])
        comparison = next(each for each in kept if each.field == field)
        _known(f"weights: {field}", f"weights: {field}", weights, [level.name for level in comparison.levels])
        comparison.levels = tuple(replace(lv, fixed=weights.get(lv.name, lv.fixed)) for lv in comparison.levels)
    return kept


def _as_kind(kind: str, column: str, frame: pd.DataFrame) -> Comparison:
    if column not in frame.columns:
        raise UsageError(
            f"comparisons: chỉ cột có vai trò text, category, number mới đổi được cách so; {column} không phải."
            f" / comparisons: only columns of the roles text, category and number can be compared otherwise; {column}"
            " is none."
        )
    if kind == "category":
        return EqualComparison(column, frame[column], known.CATEGORY, frequency=True)
    return TextComparison(column, frame[column]) if kind == "text" else NumberComparison(column, frame[column])


def _comparisons(frame: pd.DataFrame, columns: Mapping[str, list[str]], *, one_list: bool) -> list[Comparison]:
    found: list[Comparison] = []
    name = _name(frame, columns)
    whole = isinstance(name, NameComparison)
    if name is not None:
        found.append(name)
    else:
        parts = [
            TextComparison(role, _joined(frame, columns[role])) for role in ("surname", "given_name") if role in columns
        ]
        found += parts
        if len(parts) > 1:
            found.append(SwapComparison("names_swapped", parts[0], parts[1]))
    date = None
    if "date_of_birth" in columns:
        date = DateComparison(
            "date_of_birth",
            _joined(frame, columns["date_of_birth"], "-"),
            _bounds(known.DATE, whole),
        )
        found.append(date)
    sex = _sex(_joined(frame, columns["sex"])) if "sex" in columns else None
    if "national_id" in columns:
        ids = _joined(frame, columns["national_id"])
        holders = name.keys["name"] if name is not None else None
        found.append(NationalIdComparison("national_id", ids, date, sex, _bounds(known.NATIONAL_ID, whole), holders))
    if sex is not None:
        found.append(SexComparison("sex", sex, "name" if whole else None))
    if "place" in columns:
        found.append(_place(frame, columns["place"]))
    found += [TextComparison(column, frame[column]) for column in columns.get("text", ())]
    found += [
        EqualComparison(column, frame[column], known.CATEGORY, frequency=True) for column in columns.get("category", ())
    ]
    found += [NumberComparison(column, frame[column]) for column in columns.get("number", ())]
    if whole and {"date_of_birth", "national_id"} <= columns.keys():
        found.append(KinshipComparison("kinship", "name", "date_of_birth", "national_id"))
    if isinstance(name, NameComparison) and columns.keys() & {"date_of_birth", "place"}:
        fields = ("date_of_birth" if date is not None else None, "place" if "place" in columns else None)
        found += generations(name, date) if date is not None else []
        found.append(NamesakeComparison("namesake", "name", *fields, RARE_BY))
    if one_list and whole and date is not None:
        found += _habits(date, next((each for each in found if isinstance(each, NationalIdComparison)), None))
    return found


def _habits(date: DateComparison, number: NationalIdComparison | None) -> list[Comparison]:
    """How the lines of one list are written; other lists have other habits, and tell nothing of the person."""
    habits: list[Comparison] = [
        HabitComparison("dates_written", date.precision, date.PRECISIONS, known.DATES_WRITTEN, date)
    ]
    if number is not None:
        habits.append(HabitComparison("numbers_held", number.kinds, number.KINDS, known.NUMBERS_HELD, date))
    return habits


def _bounds(levels: tuple[Level, ...], whole: bool) -> tuple[Level, ...]:
    """What is known of Vietnamese lists holds for tables with whole names; elsewhere the data alone speak."""
    if whole:
        return levels
    return tuple(replace(level, ceiling=max(level.ceiling, -1.0), floor=min(level.floor, 0.0)) for level in levels)


def _name(frame: pd.DataFrame, columns: Mapping[str, list[str]]) -> NameComparison | None:
    if "name" in columns:
        return NameComparison("name", _joined(frame, columns["name"]))
    return None


def _joined(frame: pd.DataFrame, columns: Sequence[str], separator: str = " ") -> "pd.Series[Any]":
    text = frame[columns[0]]
    if len(columns) > 1:
        for column in columns[1:]:
            text = text.fillna("") + separator + frame[column].fillna("")
        text = text.str.strip(f" {separator}")
    return text.mask(text == "")


def _sex(column: "pd.Series[Any]") -> "pd.Series[Any]":
    codes, texts = encode(column)
    told = pd.array([_SEX.get(fold(text), text) for text in texts], dtype="string[pyarrow]")
    return pd.Series(told).reindex(pd.Index(codes)).reset_index(drop=True)


def _place(frame: pd.DataFrame, columns: Sequence[str]) -> PlaceComparison:
    """The finest column first; the second, if any, is the wider place."""
    codes: list[Ints] = []
    distinct_texts: list[list[str]] = []
    postal: list[str] = []
    for column in columns[:2]:
        code, texts = encode(frame[column])
        plain = [plain_place(text) for text in texts]
        distinct = list(dict.fromkeys(text for text in plain if text))  # in the order of their codes
        if not codes and distinct and all(_POSTAL.fullmatch(text) for text in distinct):
            postal = distinct
        codes.append(gather(codes_of(plain), code))
        distinct_texts.append(distinct)
    wider = codes[1] if len(codes) > 1 else codes[0]
    return PlaceComparison("place", codes[0], wider, postal=postal, texts=(distinct_texts[0], distinct_texts[-1]))


def _rules(keys: Mapping[str, Ints], size: int, *, whole: bool) -> tuple[Rule, ...]:
    """The rules for people that these keys allow, and every other selective key or pair of keys."""
    if whole:
        fitting = [replace(r, then=tuple(k for k in r.then if k in keys)) for r in RULES if set(r.keys) <= keys.keys()]
        rest = [key for key in keys if key not in _PEOPLE_KEYS]
        return (*fitting, *(Rule((key,), ("name",)) for key in rest if _expected_block(keys, (key,), size) < 5))
    alone = [key for key in keys if key in ALWAYS_ALONE or _expected_block(keys, (key,), size) < 5]
    pairs = [pair for pair in combinations([key for key in keys if key not in alone], 2) if not _related(*pair)]
    chosen = sorted(pairs, key=lambda pair: _expected_block(keys, pair, size))
    chosen = [pair for pair in chosen if _expected_block(keys, pair, size) < LARGEST_EXPECTED_BLOCK]
    of_words = [pair for pair in chosen if any(_WORD_KEY.search(key) for key in pair)]  # beside the others, not instead
    chosen = [pair for pair in chosen if pair not in of_words][:MOST_RULES] + of_words[:MOST_WORD_RULES]
    rules = [Rule((key,), _others(keys, (key,))) for key in alone]
    return (*rules, *(Rule(pair, _others(keys, pair)) for pair in chosen))


_POSTAL = re.compile(r"[0-9]{4,}")
_WORD_KEY = re.compile(r"_(rare2?|number)$")
_KIND_OF_KEY = re.compile(r"_(start|rare2?|number)$")
_PEOPLE_KEYS = frozenset(
    (
        "name",
        "words",
        "initials",
        "surname",
        "day_of_year",
        "sound",
        "ends",
        "given",
        "given_sound",
        "surname_middle",
        "year",
        "date",
        "national_id",
        "commune",
        "district",
    )
)


def _related(one: str, two: str) -> bool:
    """Whether a key says most of what the other says."""
    if one.endswith("_number") != two.endswith("_number"):
        return {one, two} >= {_KIND_OF_KEY.sub("", one)}
    return _KIND_OF_KEY.sub("", one) == _KIND_OF_KEY.sub("", two) or {one, two} in (
        {"year", "date"},
        {"day_of_year", "date"},
        {"commune", "district"},
    )


def _others(keys: Mapping[str, Ints], used: tuple[str, ...]) -> tuple[str, ...]:
    fine = sorted(
        (key for key in keys if key not in ALWAYS_ALONE and not any(_related(key, u) for u in used)),
        key=lambda key: chance_equal(keys[key]),
    )
    return tuple(fine[:3])


def _expected_block(keys: Mapping[str, Ints], pair: tuple[str, ...], size: int) -> float:
    """How many other records share these keys with a record, were the keys independent."""
    chance = 1.0
    for key in pair:
        chance *= chance_equal(np.where(keys[key] >= 0, keys[key], MISSING))
    return chance * size


def _names(ids: Sequence["pd.Series[Any]"], side: Ints) -> "pd.Series[str]":
    """`L:` or `R:` and the id: no two alike."""
    text = pd.concat([each.astype("string[pyarrow]") for each in ids], ignore_index=True)
    return pd.Series(np.where(side == 0, "L:", "R:"), dtype="string[pyarrow]") + text


def _judged_names(ids: Sequence["pd.Series[Any]"], *, two_sided: bool) -> "tuple[pd.Series[str], pd.Series[str]]":
    """The ids as a judgement names them: left of the left table, right of the right one where there is one."""
    text = [each.astype("string[pyarrow]") for each in ids]
    if not two_sided:
        return text[0], text[0]
    nobody = [pd.Series(pd.NA, index=each.index, dtype="string[pyarrow]") for each in text]
    left, right = pd.concat([text[0], nobody[1]]), pd.concat([nobody[0], text[1]])
    return left.reset_index(drop=True), right.reset_index(drop=True)


def _named(previous: pd.DataFrame | None) -> pd.DataFrame | None:
    if previous is None:
        return None
    _has_columns(previous, ["side", "id", "cluster_id"], "--previous")
    return pd.DataFrame(
        {"id": previous["side"] + ":" + previous["id"].astype("string[pyarrow]"), "cluster_id": previous["cluster_id"]}
    )


def _cluster_frame(ids: Sequence["pd.Series[Any]"], side: Ints, groups: Groups) -> pd.DataFrame:
    """side, id, cluster_id of every row."""
    same_type = len(ids) == 1 or ids[0].dtype == ids[1].dtype
    column = pd.concat([each if same_type else each.astype("string[pyarrow]") for each in ids], ignore_index=True)
    sides = pd.array(np.where(side == 0, "L", "R"), dtype="string[pyarrow]")
    return pd.DataFrame({"side": sides, "id": column, "cluster_id": groups.clusters["cluster_id"]})
