"""The acts of officers on a case, as a capsule keeps them: its steps, its chain of the ledger, the run it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from eligibility_audit.domain.review.states import Step
from eligibility_audit.store.ledger import chains_of
from eligibility_audit.store.office import Office
from eligibility_audit.store.runs import RunRow
from eligibility_audit.store.tables import CaseRow, DossierRow, StepRow

_STEP = (
    "seq",
    "round",
    "step",
    "before",
    "after",
    "effect",
    "actor_id",
    "actor_role",
    "actor_unit",
    "reason",
    "stated",
)


@dataclass(frozen=True)
class Decided:
    """A case with its acts. `run_case`: its id in the run that its evidence was frozen from; `folders`: of that run."""

    case_id: str
    run_case: str
    run_id: str
    folders: tuple[Path, ...]
    acts: Mapping[str, Any]


def decided(office: Office, case_id: str) -> Decided | None:
    """The acts on a case and what its evidence was frozen from; None where there is no such case, or no run of it."""
    with office.cases.reading() as connection:
        case = connection.execute(
            select(CaseRow.round, CaseRow.direction).where(CaseRow.case_id == case_id)
        ).one_or_none()
        if case is None:
            return None
        frozen = connection.execute(
            select(DossierRow.run_id, DossierRow.frozen)
            .where(DossierRow.case_id == case_id)
            .order_by(DossierRow.round.desc())
            .limit(1)
        ).one_or_none()
        line = {} if frozen is None else frozen.frozen.get("recommendation") or {}
        if frozen is None or not line.get("case_id"):
            return None
        rows = connection.execute(select(StepRow).where(StepRow.case_id == case_id).order_by(StepRow.seq)).mappings()
        steps = [
            {name: row[name] for name in _STEP} | {"at": row["at"].isoformat(), "on_day": row["on_day"].isoformat()}
            for row in rows
        ]
        ledger = [vars(entry) for entry in chains_of(connection, [case_id])]
        runs = select(RunRow.folder).where(RunRow.run_id == frozen.run_id).order_by(RunRow.finished_at.desc())
        folders = tuple(Path(folder) for folder in connection.scalars(runs))
    acts = {"steps": steps, "ledger": ledger, "direction": case.direction}
    return Decided(case_id, str(line["case_id"]), frozen.run_id, folders, acts)


def signed_cases(office: Office) -> list[tuple[str, int]]:
    """Every signature: the case, and which of its steps it was."""
    query = select(StepRow.case_id, StepRow.seq).where(StepRow.step == Step.SIGN.value)
    with office.cases.reading() as connection:
        return [(case_id, seq) for case_id, seq in connection.execute(query.order_by(StepRow.case_id, StepRow.seq))]
