"""The steps of a determination done again, each from what the step before it left in the capsule.

Each step answers with a table of small facts: a name (`record.column`, `pair.field`, `rule|subject.column`) and a
value as text. So a replay is a comparison of two such tables, step by step; the ids of findings and recommendations,
which hang on the office's key, are names and no results: they are left out.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd
import yaml

from eligibility_audit.domain.received import ReceivedSheet
from eligibility_audit.domain.review.ledger import Entry
from eligibility_audit.domain.review.people import Role
from eligibility_audit.domain.review.states import State, Step, transition
from eligibility_audit.law.files import Law, law_of_texts, using
from eligibility_audit.linkage import READS, link_people, people
from eligibility_audit.linkage.model import Model, model_from
from eligibility_audit.recommend import recommend
from eligibility_audit.rules.assess import cases_frame, decide, gather_facts, import_rules
from eligibility_audit.rules.registry import rules_of
from eligibility_audit.standardise import standardise_sheet
from eligibility_audit.use_cases.keeping.capsule import MODEL, STEPS, Capsule
from eligibility_audit.use_cases.keeping.tables import canonical, flat
from eligibility_audit.use_cases.review.take_step import effect_of

Facts = Mapping[str, str]
NO_KEY: Final = bytes(32)  # ids are not compared
IDS: Final = frozenset({"finding_id", "case_id", "finding_ids", "recommendation_id"})
_PLACE: Final = ("source_file", "source_sheet", "source_row")
_RECEIVED: Final = "received_"
_WHOLE_LIST: Final = ("rival", "judgement")  # what a pair weighs by the whole list, and by what officers judged


def stored(capsule: Capsule) -> dict[int, Facts]:
    """What each step came to, as the capsule has it."""
    return {
        1: _records(capsule),
        2: weights(capsule.pairs),
        3: flat(capsule.cases, ["record_id"]),
        4: _findings(capsule.findings),
        5: flat(capsule.recommendation, ["record_id"], IDS),
        6: _acts(capsule.acts),
    }


def recomputed(capsule: Capsule, steps: Iterable[int] = tuple(STEPS)) -> dict[int, Facts | Exception]:
    """What each step comes to now, with the capsule's law and model; an error of a step stands for its answer."""
    found: dict[int, Facts | Exception] = {}
    with using(law_of(capsule)):
        for step in steps:
            try:
                found[step] = _WORK[step](capsule)
            except Exception as error:  # noqa: BLE001 - that a later version cannot do a step is an answer
                found[step] = error
    return found


def law_of(capsule: Capsule) -> Law:
    """The capsule's law, the installed one put aside; read once a process for all capsules of one law."""
    return _law(canonical(capsule.law))


@cache
def _law(text: bytes) -> Law:
    content = json.loads(text)
    known_on = date.fromisoformat(content["known_on"]) if content["known_on"] else None
    folder = TemporaryDirectory(prefix="eligibility-audit-law-")
    _FOLDERS.append(folder)
    return law_of_texts(content["layers"], known_on, Path(folder.name))


_FOLDERS: Final[list["TemporaryDirectory[str]"]] = []  # removed when the process ends


@cache
def _model(text: str) -> Model:
    return model_from(yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)), MODEL)  # noqa: S506 - safe


def _records(capsule: Capsule) -> Facts:
    """The case's own records but what was received."""
    found: dict[str, str] = {}
    for own in _own(capsule).values():
        read = [name for name in own.columns if not str(name).startswith(_RECEIVED) and name != "line"]
        found |= flat(own[read].drop(columns="record_id").assign(**_named(own)), ["row"])
    return found


def _standardised(capsule: Capsule) -> Facts:
    """The case's own lines read again, from their cells as received."""
    found: dict[str, str] = {}
    as_of = date.fromisoformat(capsule.about["as_of"])
    for kind, own in _own(capsule).items():
        for _, line in own.groupby(list(_PLACE), sort=False, dropna=False):
            made = standardise_sheet(_sheet(kind, line), as_of).records
            read = [name for name in made.columns if not str(name).startswith(_RECEIVED) and name != "line"]
            here = made[made["member"].isin(line["member"])]
            found |= flat(here[read].assign(**_named(here)), ["row"])
    return found


def _named(records: pd.DataFrame) -> dict[str, Any]:
    columns = [records[name].astype("string[pyarrow]").fillna("") for name in (*_PLACE, "member")]
    return {"row": columns[0].str.cat(pd.concat(columns[1:], axis=1), sep="/")}


def _own(capsule: Capsule) -> dict[str, pd.DataFrame]:
    ids = capsule.about["records"]
    kept = {kind: frame[frame["record_id"].isin(ids)] for kind, frame in capsule.records.items()}
    return {kind: frame for kind, frame in kept.items() if len(frame)}


def _sheet(kind: str, line: pd.DataFrame) -> ReceivedSheet:
    """One line as a sheet of its own. What stood around it (headings, other lines) is not there."""
    first = line.head(1)
    cells = {
        str(name).removeprefix(_RECEIVED): first[name].astype("string[pyarrow]")
        for name in line.columns
        if str(name).startswith(_RECEIVED) and first[name].notna().all()
    }
    around = {"heading_group": first["heading_group"].astype("string[pyarrow]")}
    empty = pd.Series(pd.NA, index=first.index, dtype="string[pyarrow]")
    lines = pd.DataFrame(
        {"source_row": first["source_row"], "hidden": first["hidden"].astype("bool"), "line": first["line"]}
        | {"heading_commune": empty, "heading_district": empty}
        | around
        | cells
    ).reset_index(drop=True)
    title = first["sheet_title"].fillna("").iloc[0]
    place = [str(first[name].fillna("").iloc[0]) for name in ("source_file", "source_sheet")]
    return ReceivedSheet(kind, place[0], place[1], lines, {}, 1, title=str(title))


def weights(pairs: pd.DataFrame) -> Facts:
    """Level and weight of each field of each pair but what hangs on the whole list."""
    found: dict[str, str] = {}
    columns = ("left_record_id", "right_record_id", "comparisons")
    for left, right, told in zip(*(pairs[name] for name in columns), strict=True):
        for each in json.loads(told):
            if each["field"] not in _WHOLE_LIST:
                found[f"{left}|{right}.{each['field']}"] = f"{each['level']} {each['weight']}"
    return found


def _linked(capsule: Capsule) -> Facts:
    """The pairs of the case's records weighed again, by the run's model."""
    if capsule.pairs.empty:
        return {}
    lines = people({kind: frame[[*READS]] for kind, frame in capsule.records.items()})
    links = link_people(lines, _model(capsule.model), candidates_floor=0.0)
    every = pd.concat([links.pairs, links.candidates], ignore_index=True)
    known = set(zip(capsule.pairs["left_record_id"], capsule.pairs["right_record_id"], strict=True))
    sides = zip(every["left_record_id"], every["right_record_id"], strict=True)
    return weights(every[[pair in known for pair in sides]])


def _facts(capsule: Capsule) -> Facts:
    """What the records around the case say of it, and its own columns, as the rules would see them."""
    import_rules()
    as_of = date.fromisoformat(capsule.about["as_of"])
    gathered = gather_facts(capsule.records, capsule.pairs, as_of)
    programme = capsule.about["programme"]
    cases = cases_frame(capsule.records[programme], gathered.get(programme, []), rules_of(programme, as_of))
    own = cases[cases.index.isin(capsule.about["records"])]
    return flat(own.reset_index(), ["record_id"])


def _decided(capsule: Capsule) -> Facts:
    cases = capsule.cases.set_index("record_id")
    return _findings(decide(capsule.about["programme"], cases, date.fromisoformat(capsule.about["as_of"]), NO_KEY))


def _findings(findings: pd.DataFrame) -> Facts:
    return flat(findings, ["rule_id", "subject", "record_id"], IDS)


def _recommended(capsule: Capsule) -> Facts:
    as_of = date.fromisoformat(capsule.about["as_of"])
    made = recommend(capsule.findings, capsule.records, as_of=as_of, key=NO_KEY)
    return flat(made, ["record_id"], IDS)


def _acts(acts: Mapping[str, Any]) -> Facts:
    """Where each step led, what it does to the payment, and the hash of each entry of the ledger."""
    steps = {f"step {each['seq']}": _went(each["after"], each["effect"]) for each in acts["steps"]}
    return steps | {f"ledger {each['n']}": each["hash"] for each in acts["ledger"]}


def _acted(capsule: Capsule) -> Facts:
    """The steps taken again by the table of states, and the ledger's chain computed again."""
    found: dict[str, str] = {}
    state, effect = State.RECOMMENDED, None
    for each in capsule.acts["steps"]:
        moved = transition(State(each["before"]), Step(each["step"]))
        may = moved is not None and Role(each["actor_role"]) in moved.roles and State(each["before"]) == state
        state = moved.after if moved is not None and may else state
        effect = _effect(capsule, each, effect)
        found[f"step {each['seq']}"] = _went(state.value if may else "–", effect)
    prev = None
    for each in capsule.acts["ledger"]:
        entry = Entry(**(each if prev is None else each | {"prev_hash": prev}))
        prev = found[f"ledger {each['n']}"] = entry.own_hash()
    return found


def _effect(capsule: Capsule, each: Mapping[str, Any], before: str | None) -> str | None:
    if each["step"] == Step.REOPEN:
        return None
    if each["step"] != Step.SUBMIT:
        return before if each["effect"] is not None else None
    direction = capsule.acts["direction"]
    return effect_of(capsule.about["programme"], direction, str(each["stated"].get("act") or ""))


def _went(state: str, effect: str | None) -> str:
    return f"{state} {effect or '–'}"


_WORK: Final[Mapping[int, Callable[[Capsule], Facts]]] = {
    1: _standardised,
    2: _linked,
    3: _facts,
    4: _decided,
    5: _recommended,
    6: _acted,
}
