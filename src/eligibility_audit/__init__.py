"""Review a province's benefit rosters; recommend, never decide.

`audit(plan)` runs a plan, as the command line does; `link(left, right)` links the records of any two tables.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from eligibility_audit.linkage import FrameLinks, Model

__all__ = ["audit", "link"]


def audit(plan: "str | Path", out: "str | Path | None" = None) -> Path:
    """Run the plan in a file and return the run folder (default `./runs/<number>-<hash of inputs>`).

    Raises UsageError or InputError for a fault in the plan or a source, and BrakeTrippedError where a brake stopped the
    run; the folder then holds the account of every line and nothing else (`errors.py`).
    """
    from eligibility_audit.errors import BrakeTrippedError
    from eligibility_audit.flows.audit import audit as flow
    from eligibility_audit.use_cases.summarise_run import default_folder, summarise

    place = Path(out) if out else default_folder(Path(plan), Path("runs"))
    flow(plan=str(plan), run_folder=str(place))
    summary = summarise(place)
    if summary.braked:
        raise BrakeTrippedError(summary.text)
    return place


def link(
    left: "pd.DataFrame",
    right: "pd.DataFrame | None" = None,
    model: "Model | Mapping[str, Any] | None" = None,
    *,
    threshold: float = 0.5,
) -> "FrameLinks":
    """Pairs of rows that are the same person: within `left`, or only across where `right` is given.

    `model`: a learnt model, the least model (`{"id": …, "columns": {role: column}}`), or None (found from the data).
    Returns pairs, clusters, the model and a report. Raises UsageError or InputError (`errors.py`).
    """
    from eligibility_audit.linkage import link_frames

    return link_frames(left, right, model, threshold=threshold)
