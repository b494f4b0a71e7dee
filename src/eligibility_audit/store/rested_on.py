"""Which runs the office still rests on, and the log of run folders that were pruned."""

from collections.abc import Iterable

from sqlalchemy import select

from eligibility_audit.domain.review.states import State
from eligibility_audit.store import ledger
from eligibility_audit.store.forgetting import CHAIN
from eligibility_audit.store.office import Office
from eligibility_audit.store.runs import RunRow
from eligibility_audit.store.tables import CaseRow, DossierRow

_OVER = (State.CLEARED.value, State.CLOSED.value)


def runs_rested_on(office: Office) -> set[str]:
    """Ids of the runs that an open case came from, or that its evidence was frozen from."""
    is_open = CaseRow.state.not_in(_OVER)
    frozen = select(DossierRow.run_id).join(CaseRow, CaseRow.case_id == DossierRow.case_id).where(is_open)
    with office.cases.reading() as connection:
        return {*connection.scalars(select(CaseRow.run_id).where(is_open).distinct()), *connection.scalars(frozen)}


def ended_runs(office: Office) -> list[RunRow]:
    """All runs that ended, the oldest first."""
    columns = (RunRow.run_id, RunRow.folder, RunRow.finished_at, RunRow.plan_name, RunRow.as_of, RunRow.status)
    with office.cases.reading() as connection:
        rows = connection.execute(select(*columns).order_by(RunRow.finished_at)).mappings()
        return [RunRow(**row) for row in rows]


def log_pruned(office: Office, run_id: str, told: Iterable[tuple[str, object]], by: str) -> None:
    """The pruning of a run folder, in the ledger: before it is done, so that none is gone unsaid."""
    with office.cases.writing() as connection:
        ledger.append(connection, CHAIN, now=office.clock(), actor_id=by, act="prune", after=run_id, content=dict(told))
