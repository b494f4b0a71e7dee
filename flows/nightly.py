"""One night of a plan, thin over `use_cases.run_night`: the audit flow on what changed, then what is told of it.

Parameters are a path and two answers; artifacts are counts. Nobody's name reaches Prefect.
"""

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter
from prefect.client.schemas.objects import State, StateType
from prefect.states import Completed, Crashed, Failed

from eligibility_audit.flows.audit import audit
from eligibility_audit.use_cases.run_night import NightAsked, NightEnded, a_day, run_night

NAME = "nightly"


@flow(name=NAME, persist_result=False, log_prints=False, validate_parameters=False)
def nightly(plan: str, as_of: str | None = None, accept: bool = False) -> State[Any]:
    """Run tonight. `as_of`: a day, `tonight`, or none for the plan's; `accept`: the brakes were looked at.

    The state is `Completed`, or `Failed` with the name `Braked` where nothing was published.
    """
    ended = run_night(NightAsked(Path(plan), a_day(as_of), accept), audit)
    create_table_artifact(key="night", table=counts(ended), description=f"{ended.label}: {ended.status}")
    if ended.braked:
        return Failed(name="Braked", message=f"{len(ended.told['brakes'])} brakes; nothing is published")
    return Completed(message=ended.label)


def counts(ended: NightEnded) -> list[dict[str, Any]]:
    """What the artifact says of a night: one row a cause, then the whole."""
    told = ended.told
    rows = [{"cause": cause, **sums} for cause, sums in told.get("by_cause", {}).items()]
    whole = {"cause": "all", **told.get("counts", {}), "proposals": told.get("proposals", 0)}
    return [*rows, {**whole, "brakes": len(told["brakes"])}]


def mark_stale(plan: str) -> int:
    """Say of a plan's nights that Prefect still takes for running that they crashed; how many. Only where none is under
    way. Runs of other plans are left alone."""
    with get_client(sync_client=True) as client:
        running = client.read_flow_runs(
            flow_filter=FlowFilter(name=FlowFilterName(any_=[NAME, "audit"])),
            flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": [StateType.RUNNING]}}}),
        )
        own = [run for run in running if run.parameters.get("plan") == plan]
        for run in own:
            client.set_flow_run_state(run.id, Crashed(message="killed; the next night goes on"), force=True)
        return len(own)
