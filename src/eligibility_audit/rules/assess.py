"""All rules over all rosters: cases in, findings out."""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import ModuleType
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from eligibility_audit.domain.dates import span
from eligibility_audit.domain.ids import keyed_ids
from eligibility_audit.domain.kinds import AUDITED
from eligibility_audit.domain.three_valued import Truth
from eligibility_audit.rules.cells import says_none
from eligibility_audit.rules.days import Unjudged, Version, by_version, counted, version_on
from eligibility_audit.rules.least_change import as_sentences, least_changes
from eligibility_audit.rules.parameters import LawPack, weakest
from eligibility_audit.rules.registry import LOCATION, Rule, date_columns, rules_of
from eligibility_audit.rules.wording import TEXT, Column

Records = Mapping[str, pd.DataFrame]

# The columns of findings and their types; what words may leave out is null.
COLUMNS: Final = {
    "finding_id": TEXT,
    "case_id": TEXT,
    "record_id": TEXT,
    "rule_id": TEXT,
    "programme": TEXT,
    "outcome": TEXT,
    "evidence_tier": TEXT,
    "law_mark": TEXT,
    "source_file": TEXT,
    "source_sheet": TEXT,
    "source_row": "Int64",
    "reason_vi": TEXT,
    "reason_en": TEXT,
    "legal_basis": TEXT,
    "evidence": TEXT,
    "evidence_against": TEXT,
    "amount_at_stake": "Int64",
    "months": "Int64",
    "ground": TEXT,
    "subject": TEXT,
    "other_record_ids": TEXT,
    "identity_agrees": TEXT,
    "identity_differs": TEXT,
    "direction": TEXT,
    "least_change": TEXT,
    "least_change_en": TEXT,
    "stop_allowed": "boolean",
}
PLUGIN_MODULES: Final[list[ModuleType]] = []  # one with `facts` is asked as those of rules/facts are
SILENT: Final = ("inspection_cleared", "death_cancelled")  # grounds from which nothing follows
_GIVEN: Final = {"finding_id", "case_id", "record_id", "rule_id", "programme", "legal_basis"}
_WORDED: Final = frozenset(COLUMNS) - _GIVEN - {"least_change", "least_change_en"}
_ALLOWED: Final = ("string", "Int", "Float", "boolean")
Mask: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True)
class Assessed:
    """What an assessment leaves to the next of the same day, law and code: the cases as the rules saw them, by
    programme, and the findings (empty before the first). `took`: hears of each programme's cases of this time."""

    cases: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    findings: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(COLUMNS)))
    took: Callable[[str, pd.DataFrame, Mask], object] = lambda _programme, _cases, _touched: None


def assess(
    records_by_kind: Records,
    pairs: pd.DataFrame,
    *,
    as_of: date,
    key: bytes,
    options: Mapping[str, object] | None = None,
    tell: Callable[[Unjudged], object] = lambda _: None,
    since: Assessed | None = None,
) -> pd.DataFrame:
    """The findings of all rules in force on `as_of` over the lists under review.

    `records_by_kind`: standardised records; `pairs`: linked pairs; `key`: of the ids. `options["rules_off"]`: ids of
    rules that are not applied. `tell`: hears of the cases that rules left open because of their day. Returns one row a
    finding, columns `COLUMNS`, in the order of the rosters' lines. The law is that in use (`law.files.using`). Raises
    `LawError` where a rule has no law on `as_of`.

    `since`: the last assessment by the same day, law and code. What the other lists say is gathered whole; only cases
    in which anything is otherwise that a rule reads or shows are decided anew. The result is the same to the byte,
    because a rule answers each case from its own row.
    """
    import_rules()
    facts = gather_facts(records_by_kind, pairs, as_of)
    off = set(_texts((options or {}).get("rules_off", ())))
    parts = []
    for programme in AUDITED:
        records = records_by_kind.get(programme)
        if records is None or records.empty:
            continue
        rules = [rule for rule in rules_of(programme, as_of) if rule.id not in off]
        cases = cases_frame(records, facts.get(programme, []), rules)
        pack = LawPack.load(programme)
        touched = changed_cases(cases, None if since is None else since.cases.get(programme))
        if since is not None:
            since.took(programme, cases, touched)
        known = None if since is None or touched.all() else _carried(since.findings, cases.index[~touched])
        found = _findings(cases, rules, pack, as_of, key, tell, (touched, known))
        parts.append(with_least_changes(found, cases[touched], rules, pack, as_of))
    return pd.concat(parts, ignore_index=True) if parts else _typed(pd.DataFrame(columns=list(COLUMNS)))


def decide(programme: str, cases: pd.DataFrame, as_of: date, key: bytes) -> pd.DataFrame:
    """The findings of cases as the rules once saw them (`Assessed.took`): what `assess` says of them, for a replay.

    A column that today's rules read and that was not there then is unknown. Ids are given by `key`.
    """
    import_rules()
    rules, pack = rules_of(programme, as_of), LawPack.load(programme)
    needed = {"dossier_no", *LOCATION}.union(*([*rule.columns(), *rule.shows, *rule.dated_by()] for rule in rules))
    absent = {name: pd.Series(pd.NA, index=cases.index, dtype=TEXT) for name in sorted(needed - set(cases.columns))}
    whole = cases.assign(**absent)
    return with_least_changes(_findings(whole, rules, pack, as_of, key), whole, rules, pack, as_of)


def ask_law(programmes: Iterable[str], as_of: date) -> None:
    """Raise `LawError` where a rule of a programme has no law on `as_of`: asked before anything is read."""
    import_rules()
    for programme in programmes:
        pack = LawPack.load(programme)
        for rule in rules_of(programme, as_of):
            if rule.in_force(as_of):
                version_on(rule, pack, as_of)


def changed_cases(now: pd.DataFrame, then: pd.DataFrame | None) -> Mask:
    """Of each case of today whether it is new, or anything in its row is otherwise than it was."""
    if then is None or list(then.columns) != list(now.columns):
        return np.ones(len(now), dtype=bool)
    at = then.index.get_indexer(now.index)
    changed = at < 0
    for name in now.columns:
        one, other = (
            now[name].array,
            then[name].astype(now[name].dtype).array.take(np.where(at < 0, -1, at), allow_fill=True),
        )
        same = np.asarray(pd.array(one == other, dtype="boolean").to_numpy("bool", na_value=False))
        changed |= ~(same | (np.asarray(one.isna()) & np.asarray(other.isna())))
    return np.asarray(changed, dtype=bool)


def _carried(findings: pd.DataFrame, unchanged: "pd.Index") -> pd.DataFrame:
    """The findings of cases that are as they were; their ids, which hang on other lines too, are given anew."""
    known = findings[findings["record_id"].isin(unchanged)]
    return known.drop(columns=["case_id", "finding_id"]).set_index("record_id", drop=False).rename_axis(None)


def with_least_changes(
    found: pd.DataFrame, cases: pd.DataFrame, rules: Sequence[Rule], pack: LawPack, as_of: date
) -> pd.DataFrame:
    """The findings with the least change that would clear their case, the same for all findings of a case.

    `cases`: those whose least changes are asked for; findings of others keep theirs.
    """
    speaking = [rule for rule in rules if rule.ground not in SILENT]
    flagged = cases[cases.index.isin(found["record_id"])]
    if flagged.empty:
        return found
    sets = least_changes(
        flagged,
        speaking,
        lambda rule, some: [(version.law, where) for version, where in by_version(rule, pack, some, as_of)[0]],
        lambda rule, tried: gives_finding(rule, pack, tried, as_of),
        _by_rule(found, flagged, speaking),
    )
    words = as_sentences(sets)
    asked = found["record_id"].isin(flagged.index)
    for name, column in (("vi", "least_change"), ("en", "least_change_en")):
        said = words[name].reindex(found["record_id"]).set_axis(found.index)
        found = found.assign(**{column: found[column].mask(asked, said)})
    return found.astype(COLUMNS)


def _by_rule(found: pd.DataFrame, cases: pd.DataFrame, rules: Sequence[Rule]) -> Mask:
    """Of each case and rule, whether the rule has a finding of it."""
    at = cases.index.get_indexer(pd.Index(found["record_id"]))
    number = pd.Index([rule.id for rule in rules]).get_indexer(pd.Index(found["rule_id"]))
    known = (at >= 0) & (number >= 0)
    base = np.zeros((len(cases), len(rules)), dtype=bool)
    base[at[known], number[known]] = True
    return base


def gives_finding(rule: Rule, pack: LawPack, cases: pd.DataFrame, as_of: date) -> Column:
    """Of each case: does the rule give a finding."""
    flags = pd.Series(False, index=cases.index)
    for version, where in by_version(rule, pack, cases, as_of)[0]:
        part = cases if where is None else cases[where]
        answer = rule.decide(part, version.law)
        hit = (~answer).fillna(False).astype("bool") | _unproven(rule, part, answer)
        flags = hit.reindex(cases.index, fill_value=False) | flags
    return flags


def import_rules() -> None:
    """Import every module with rules, so that the registry is full."""
    for folder in (
        "agent_orange",
        "merit_other",
        "every_programme",
        "linked",
        "social_assistance",
        "covid_relief",
        "poor_households",
    ):
        list(_modules(f"eligibility_audit.rules.{folder}"))


def gather_facts(records_by_kind: Records, pairs: pd.DataFrame, as_of: date) -> dict[str, list[pd.DataFrame]]:
    """What the other lists say of the cases of each programme: frames indexed by record_id."""
    gathered: dict[str, list[pd.DataFrame]] = {}
    for module in (*_modules("eligibility_audit.rules.facts"), *PLUGIN_MODULES):
        if hasattr(module, "facts"):
            for programme, frame in module.facts(records_by_kind, pairs, as_of).items():
                gathered.setdefault(programme, []).append(frame)
    return gathered


def cases_frame(records: pd.DataFrame, facts: Iterable[pd.DataFrame], rules: Iterable[Rule]) -> pd.DataFrame:
    """The cases of one programme, indexed by record_id: what the rules declare, facts joined, dates as days.

    Raises `TypeError` where a column is not nullable, and `KeyError` where one is missing.
    """
    rules = list(rules)
    index = pd.Index(records["record_id"].astype(TEXT), name="record_id")
    found = {str(name): records[name].set_axis(index) for name in records.columns}
    for frame in facts:
        joined = frame if frame.index.equals(index) else frame.reindex(index)
        found |= {str(name): joined[name] for name in joined.columns}
    asked = ([*rule.columns(), *rule.shows, *rule.dated_by()] for rule in rules)
    needed = {"dossier_no", *LOCATION}.union(*asked)
    columns = {name: _column(name, found, index) for name in sorted(needed) if not _is_day(name, found)}
    for name in sorted({_dated(name) for name in needed if _is_day(name, found)}):
        days = span(found[name].astype(TEXT))
        columns |= {f"{name}_first": days["first"], f"{name}_last": days["last"]}
    # One index for all: pandas would compare the ids of every column otherwise.
    return pd.DataFrame({name: column.set_axis(index) for name, column in columns.items()}, index=index)


def _column(name: str, found: Mapping[str, Column], index: "pd.Index") -> Column:
    if name in found:
        return _nullable(name, found[name])
    if name.startswith("received_"):
        return pd.Series(pd.NA, index=index, dtype=TEXT)
    raise KeyError(f"no column {name} in the records or the facts")


def _nullable(name: str, column: Column) -> Column:
    """The door: only nullable and Arrow types pass; plain text and whole numbers become such."""
    kind = str(column.dtype)
    if kind == "str":
        return column.astype(TEXT)
    if kind == "int64":
        return column.astype("Int64")
    if not kind.startswith(_ALLOWED):
        raise TypeError(f"column {name} has the type {kind}; cases are nullable or Arrow types")
    return column


def _is_day(name: str, found: Mapping[str, object]) -> bool:
    return name not in found and _dated(name) in date_columns() and _dated(name) in found and _dated(name) != name


def _dated(name: str) -> str:
    return name.removesuffix("_first").removesuffix("_last")


def _findings(
    cases: pd.DataFrame,
    rules: Iterable[Rule],
    pack: LawPack,
    as_of: date,
    key: bytes,
    tell: Callable[[Unjudged], object] = lambda _: None,
    since: tuple[Mask, pd.DataFrame | None] | None = None,
) -> pd.DataFrame:
    """`since`: which cases are to be decided, and the findings of the others; None: all, and none."""
    parts, left = [], []
    touched, known = since or (np.ones(len(cases), dtype=bool), None)
    for rule in rules:
        judged, before, unclear = by_version(rule, pack, cases, as_of)
        left.append((rule, before, unclear))
        for law, where in judged:
            asked = np.flatnonzero(touched if where is None else touched & where)
            if len(asked):
                parts.append(_findings_of(cases, asked, rule, law))
    for told in counted(pack.programme, left):
        tell(told)
    parts = [part for part in [*parts, *([] if known is None else [known])] if not part.empty]
    if not parts:
        return _typed(pd.DataFrame(columns=list(COLUMNS)))
    found = pd.concat(parts)
    line = pd.Series(np.arange(len(cases)), index=cases.index)
    found = found.assign(line=line.reindex(found.index).to_numpy(), record_id=found.index, programme=pack.programme)
    found = found.sort_values(["line", "rule_id", "subject"], kind="stable").reset_index(drop=True)
    for name in LOCATION:
        own = cases[name].reindex(found["record_id"]).reset_index(drop=True)
        found[name] = found[name].fillna(own) if name in found else own
    dossiers = cases["dossier_no"].reindex(found["record_id"]).reset_index(drop=True)
    return _typed(_with_ids(found, dossiers, key))


def _findings_of(cases: pd.DataFrame, judged: NDArray[np.intp], rule: Rule, version: Version) -> pd.DataFrame:
    """The findings of one rule over the cases, at the positions `judged`, that one version of its law judges."""
    law, basis = version.law, version.basis
    read = cases[list(dict.fromkeys(rule.columns()))]
    read = read if len(judged) == len(read) else read.take(judged)
    answer = rule.decide(read, law)
    unproven = _unproven(rule, read, answer)
    at = np.flatnonzero((~answer).fillna(False).astype("bool") | unproven)
    if not len(at):
        return pd.DataFrame()
    flagged = cases[rule.shown()].take(judged[at])
    said = rule.say(flagged, law)
    strange = set(said.columns) - _WORDED
    if strange:
        raise KeyError(f"the words of {rule.id} give columns that no finding has: {sorted(strange)}")
    is_unproven = unproven.reindex(said.index).to_numpy()
    mark = weakest([basis.mark, law.mark])
    said = said.assign(rule_id=rule.id, law_mark=mark, legal_basis=basis.vi)
    defaults = {
        "outcome": np.where(is_unproven, "undetermined", rule.false_is),
        "ground": np.where(is_unproven, rule.undetermined_is or rule.ground, rule.ground),
        "evidence_tier": rule.tier,
        "subject": "",
    }
    for name, value in defaults.items():
        given = pd.Series(value, index=said.index, dtype=TEXT)
        said[name] = said[name].astype(TEXT).fillna(given) if name in said else given
    return said


def _unproven(rule: Rule, cases: pd.DataFrame, answer: Truth) -> Column:
    """NA rows whose cell is blank, or says there is none, in a column that the sheet has."""
    if rule.cell is None:
        return pd.Series(False, index=cases.index)
    blank: Column = says_none(cases[f"received_{rule.cell}"])
    unproven: Column = blank & answer.isna()
    return unproven


def _with_ids(found: pd.DataFrame, dossiers: Column, key: bytes) -> pd.DataFrame:
    own = dossiers.fillna("").astype("object")
    case_keys = [
        f"{programme}\x1f{dossier or record}"
        for programme, dossier, record in zip(found["programme"], own, found["record_id"], strict=True)
    ]
    case_ids = keyed_ids("c", case_keys, key)
    parts = pd.DataFrame({"case": case_ids, "rule": found["rule_id"], "subject": found["subject"]})
    # Two lines with one dossier number are one case: their findings are told apart by the record.
    parts["record"] = found["record_id"].where(parts.duplicated(keep=False), "")
    finding_ids = keyed_ids("f", ("\x1f".join(row) for row in parts.itertuples(index=False, name=None)), key)
    return found.assign(case_id=case_ids, finding_id=finding_ids)


def _typed(found: pd.DataFrame) -> pd.DataFrame:
    return found.reindex(columns=list(COLUMNS)).astype(COLUMNS)


def _modules(package: str) -> Iterable[ModuleType]:
    try:
        parent = importlib.import_module(package)
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        return
    yield parent
    for module in sorted(pkgutil.iter_modules(parent.__path__), key=lambda m: m.name):
        yield importlib.import_module(f"{package}.{module.name}")


def _texts(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list | tuple | set | frozenset) else []
