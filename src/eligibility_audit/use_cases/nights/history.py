"""Every proposal that a night ever made: since when, how long it had to be answered, and when it was cleared.

Ids, days and counts alone; no name.
"""

from collections.abc import Collection
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pandas as pd

from eligibility_audit.use_cases.nights.causes import Caused

FILE: Final = "history.parquet"
STATUSES: Final = ("new", "cleared", "changed", "reopened", "expiring")
TEXT: Final = "string[pyarrow]"
COLUMNS: Final = {
    "statement_id": TEXT,
    "record_id": TEXT,
    "case_id": TEXT,
    "programme": TEXT,
    "first_said": TEXT,  # day of the night
    "due_days": "Int64",  # days to answer, counted from then
    "cleared_on": TEXT,  # null while it stands
}


def read(folder: Path) -> pd.DataFrame:
    """The history as the state of a night keeps it; empty before the first."""
    path = folder / FILE
    found = pd.read_parquet(path) if path.exists() else pd.DataFrame(columns=list(COLUMNS))
    return found.astype(COLUMNS)


def write(folder: Path, known: pd.DataFrame) -> None:
    """Keep the history, whole or not at all."""
    aside = folder / f".{FILE}.partial"
    known.to_parquet(aside, index=False)
    aside.chmod(0o600)
    aside.replace(folder / FILE)


def follow(
    known: pd.DataFrame,
    caused: Caused,
    night: date,
    as_of: date,
    due_within: int,
    cleared: Collection[str] = frozenset(),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The changes of a night with those that come back (`reopened`) and those whose days run out (`expiring`), each
    with `first_said` and `due_on`; and the history after it.

    `due_within`: days before the end of its time from which an unchanged proposal is told as expiring. `cleared`: cases
    that officers cleared: a proposal on one of them that is new or otherwise tonight comes back, too.
    """
    standing = caused.standing
    before = known.set_index("statement_id")
    was_cleared = set(before.index[before["cleared_on"].notna()])
    whole = caused.whole.copy()
    whole["status"] = reopened(whole, was_cleared, cleared)
    due = pd.to_datetime(standing["due_on"], errors="coerce") - pd.Timestamp(as_of)
    now = pd.DataFrame(
        {
            "statement_id": standing.index,
            "record_id": standing["record_id"].to_numpy(),
            "case_id": standing["case_id"].to_numpy(),
            "programme": standing["programme"].to_numpy(),
            "first_said": night.isoformat(),
            "due_days": due.dt.days.astype("Int64").to_numpy(),
            "cleared_on": None,
        }
    ).astype(COLUMNS)
    goes_on = now["statement_id"].isin(set(before.index) - was_cleared).to_numpy()
    for name in ("first_said", "due_days"):
        earlier = before[name].reindex(now["statement_id"]).set_axis(now.index)
        now[name] = now[name].mask(goes_on, earlier)
    gone = known[~known["statement_id"].isin(set(now["statement_id"]))]
    gone = gone.assign(cleared_on=gone["cleared_on"].fillna(night.isoformat()))
    after = pd.concat([gone, now], ignore_index=True).astype(COLUMNS)
    return _with_days(whole, now, caused, night, due_within), after


def reopened(whole: pd.DataFrame, earlier: Collection[str], cleared: Collection[str]) -> "pd.Series[str]":
    """The status of each change: what comes back is `reopened`.

    `earlier`: statements that were cleared on a night before; `cleared`: cases that officers cleared.
    """
    back = (whole["status"] == "new") & whole["statement_id"].isin(earlier)
    back |= whole["status"].isin(["new", "changed"]) & whole["case_id"].isin(cleared)
    return whole["status"].mask(back, "reopened")


def _with_days(whole: pd.DataFrame, now: pd.DataFrame, caused: Caused, night: date, due_within: int) -> pd.DataFrame:
    own = now.set_index("statement_id")
    ends = pd.to_datetime(own["first_said"]) + pd.to_timedelta(own["due_days"].astype("Float64"), unit="D")
    soon = own.index[(ends <= pd.Timestamp(night + timedelta(days=due_within))).fillna(False)]
    soon = soon.difference(pd.Index(whole["statement_id"]))
    rows = caused.standing.loc[soon]
    expiring = pd.DataFrame(
        {
            "statement_id": rows.index,
            **{name: rows[name].to_numpy() for name in ("programme", "case_id", "record_id")},
            "record_id_before": rows["record_id"].to_numpy(),
            "status": "expiring",
            **{f"action_{side}": rows["action"].to_numpy() for side in ("before", "after")},
            **{f"rules_{side}": rows["rule_ids"].to_numpy() for side in ("before", "after")},
        }
    )
    both = pd.concat([whole, expiring.reindex(columns=list(whole.columns)).astype(whole.dtypes)], ignore_index=True)
    first = own["first_said"].reindex(both["statement_id"]).set_axis(both.index)
    due_on = ends.dt.strftime("%Y-%m-%d").reindex(both["statement_id"]).set_axis(both.index)
    order = ["status", "programme", "statement_id"]
    return both.assign(first_said=first, due_on=due_on).sort_values(order, kind="stable").reset_index(drop=True)
