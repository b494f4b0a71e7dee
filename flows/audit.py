"""Audit one plan: read, standardise, validate, link, assess, recommend, publish.

Tasks hand on the run's place and numbers of sources, never records: nobody's name reaches Prefect's database or logs.
A killed run goes on from the steps that its folder holds, whether Prefect remembers it or not.
"""

from pathlib import Path

from prefect import flow, task
from prefect.client.schemas.objects import State, TaskRun
from prefect.task_runners import ThreadPoolTaskRunner
from prefect.tasks import Task

from eligibility_audit.use_cases import run_audit


def _worth_another_try(_task: "Task[..., object]", _run: TaskRun, state: State[object]) -> bool:
    """Retry on a disk or network that failed for a moment, never on a decision or on bad input."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError)


_read = task(
    name="read and standardise a source",
    retries=2,
    retry_delay_seconds=5,
    retry_condition_fn=_worth_another_try,
    persist_result=False,
)(run_audit.read_source)
_gather = task(name="gather records", persist_result=False)(run_audit.gather)
_validate = task(name="validate", persist_result=False)(run_audit.validate)
_link = task(name="link records", persist_result=False)(run_audit.link)
_assess = task(name="assess against the law", persist_result=False)(run_audit.assess)
_recommend = task(name="recommend", persist_result=False)(run_audit.recommend_)
_brake = task(name="brake", persist_result=False)(run_audit.brake)
_publish = task(name="publish", persist_result=False)(run_audit.publish_)


@flow(
    name="audit",
    persist_result=False,
    log_prints=False,
    validate_parameters=False,
    task_runner=ThreadPoolTaskRunner(max_workers=2),  # type: ignore[arg-type]
)
def audit(plan: str, run_folder: str) -> str:
    """Run the plan in a file into a run folder; return the run's status: `done` or `braked`."""
    with run_audit.opened(Path(plan), Path(run_folder)) as run:
        if run.is_finished:
            return run.status
        for reading in [_read.submit(run_folder, number) for number in range(run.source_count)]:
            reading.result()
        _gather(run_folder)
        validating = _validate.submit(run_folder)  # only its brakes are waited for
        _link(run_folder)
        _assess(run_folder)
        if not validating.result():
            _brake(run_folder)
            return run.status
        (_publish if _recommend(run_folder) else _brake)(run_folder)
        return run.status
