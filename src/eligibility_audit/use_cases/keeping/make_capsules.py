"""Make capsules of a run: of all its cases, or of some."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.errors import UsageError
from eligibility_audit.use_cases import progress
from eligibility_audit.use_cases.keeping import recompute
from eligibility_audit.use_cases.keeping.basis import BASIS, LAW, MADE_WITH
from eligibility_audit.use_cases.keeping.capsule import FORMAT, Capsule, write
from eligibility_audit.use_cases.keeping.cut import KeptRun, World, kept_run, within, worlds
from eligibility_audit.use_cases.keeping.made_with import made_with
from eligibility_audit.use_cases.keeping.replay import MAY_BE_TAKEN, differing

NO_ACTS: Final[Mapping[str, Any]] = {"steps": [], "ledger": [], "direction": None}
_MANIFEST: Final = ("run_id", "as_of", "inputs", "inputs_digest")


def make_capsules(
    run_folder: Path, out: Path, key: bytes | None, wanted: Iterable[str] = (), acts: Mapping[str, Any] = NO_ACTS
) -> list[Path]:
    """Write `<case>.zip` for each case of a run, or for those wanted; returns the files.

    `key`: of the seal. Raises UsageError for a folder that is no such run, or a case that it does not recommend.
    """
    run = kept_run(run_folder)
    made = []
    cases = of_cases(run, list(wanted))
    for number, capsule in enumerate(cut(run, cases, acts), start=1):
        path = out / f"{capsule.about['case_id']}.zip"
        write(capsule, path, key)
        made.append(path)
        progress.tell("capsules", number, len(cases))
    return made


def cut(run: KeptRun, cases: Mapping[str, list[str]], acts: Mapping[str, Any] = NO_ACTS) -> Iterator[Capsule]:
    """The capsules of cases (id to records), each replayed once: what it does not give by itself is told as taken."""
    law = json.loads((run.folder / BASIS / LAW).read_text(encoding="utf-8"))
    was = json.loads((run.folder / BASIS / MADE_WITH).read_text(encoding="utf-8"))
    model = (run.folder / "model.yaml").read_text(encoding="utf-8")
    around = worlds(run, cases)
    ids = {one for world in around.values() for one in world.ids}
    records = {kind: frame.set_index("record_id", drop=False) for kind, frame in run.records(ids).items()}
    rows = _case_rows(run, cases)
    pairs = {name: _of(getattr(run, name), ids) for name in ("told", "candidates")}
    for case_id, own in cases.items():
        world = around[case_id]
        said = run.recommendations[run.recommendations["record_id"].isin(own)].reset_index(drop=True)
        capsule = Capsule(
            about={
                "format": FORMAT,
                "case_id": case_id,
                "records": own,
                "programme": str(said["programme"].iloc[0]),
                "as_of": str(run.manifest["as_of"]),
                "run": {name: run.manifest[name] for name in _MANIFEST},
                "made_with": was,
                "sealed_with_other_code": was["code"] != made_with()["code"] or was["rules"] != made_with()["rules"],
                "left_out": world.left_out,
                "taken": {},
            },
            records=_records(records, world),
            pairs=within(pairs["told"], world),
            candidates=_touching(within(pairs["candidates"], world), own),
            model=model,
            cases=_rows(rows[str(said["programme"].iloc[0])], own),
            law=law,
            findings=run.findings[run.findings["record_id"].isin(own)].reset_index(drop=True),
            recommendation=said,
            acts=acts,
        )
        yield _with_taken(capsule)


def _with_taken(capsule: Capsule) -> Capsule:
    """The capsule with the names of what its small world does not give by itself. A step that fails is not taken."""
    then, now = recompute.stored(capsule), recompute.recomputed(capsule)
    done = [step for step in MAY_BE_TAKEN if not isinstance(now[step], Exception)]
    taken = {str(step): [name for name, _, _ in differing(then[step], now[step])] for step in done}
    return replace(capsule, about={**capsule.about, "taken": {step: names for step, names in taken.items() if names}})


def of_cases(run: KeptRun, wanted: Iterable[str] = ()) -> dict[str, list[str]]:
    """The records of each case that a run recommends, or of those wanted. Raises UsageError for one it does not."""
    found: dict[str, list[str]] = {}
    for case_id, record in zip(run.recommendations["case_id"], run.recommendations["record_id"], strict=True):
        found.setdefault(str(case_id), []).append(str(record))
    unknown = [case_id for case_id in wanted if case_id not in found]
    if unknown:
        raise UsageError(
            f"{', '.join(unknown)}: lần chạy này không đề xuất hồ sơ đó / this run recommends nothing on that case"
        )
    return {case_id: found[case_id] for case_id in wanted} if wanted else found


def _case_rows(run: KeptRun, cases: Mapping[str, list[str]]) -> dict[str, pd.DataFrame]:
    """The cases as the rules saw them, by programme, with `record_id`."""
    records = {one for own in cases.values() for one in own}
    mine = run.recommendations[run.recommendations["record_id"].isin(records)]
    of_programme = mine.groupby("programme")["record_id"]
    return {str(name): run.cases(str(name), own.tolist()).reset_index() for name, own in of_programme}


def _rows(cases: pd.DataFrame, own: list[str]) -> pd.DataFrame:
    return cases[cases["record_id"].isin(own)].reset_index(drop=True)


def _records(records: Mapping[str, pd.DataFrame], world: World) -> dict[str, pd.DataFrame]:
    found = {}
    for kind, frame in records.items():
        own = frame[frame.index.isin(world.ids)]
        if len(own):
            found[kind] = own.reset_index(drop=True)
    return found


def _of(pairs: pd.DataFrame, ids: set[str]) -> pd.DataFrame:
    return pairs[pairs["left_record_id"].isin(ids) & pairs["right_record_id"].isin(ids)]


def _touching(pairs: pd.DataFrame, own: list[str]) -> pd.DataFrame:
    touching = pairs["left_record_id"].isin(own) | pairs["right_record_id"].isin(own)
    return pairs[touching].reset_index(drop=True)
