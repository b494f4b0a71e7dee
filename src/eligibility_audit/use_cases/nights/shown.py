"""The last nights of each plan, as a page shows them: counts and measures alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eligibility_audit.use_cases.nights.home import ENDED, STATEMENTS, read_json
from eligibility_audit.use_cases.nights.metrics import NIGHTS, TONIGHT

MEASURED: Final = ("pairs", "candidates", "rejected_lines")


@dataclass(frozen=True)
class ShownNight:
    """A night that ended: `status` done, braked or failed; `counts` by what became of proposals; `measures`, if any."""

    night: str
    status: str
    as_of: str
    proposals: int | None
    counts: Mapping[str, int]
    by_cause: Mapping[str, Mapping[str, int]]
    brakes: int
    warnings: int
    adds_up: bool | None
    measures: Mapping[str, int]


@dataclass(frozen=True)
class ShownPlan:
    """A plan with its last nights, the latest first. `standing`: none, current or old; of which night."""

    name: str
    standing: str
    of_night: str
    nights: tuple[ShownNight, ...]


def shown_plans(folder: Path | None) -> tuple[ShownPlan, ...]:
    """The plans under the folder of nights, by name; none where there is no such folder."""
    if folder is None or not folder.is_dir():
        return ()
    found = [_plan(each) for each in sorted(folder.iterdir()) if (each / "nights").is_dir()]
    return tuple(plan for plan in found if plan.nights)


def _plan(folder: Path) -> ShownPlan:
    said = read_json(folder / STATEMENTS) or {}
    ended = sorted((each for each in (folder / "nights").iterdir() if (each / ENDED).exists()), key=_order)
    nights = tuple(_night(each) for each in ended[: -NIGHTS - 1 : -1])
    names = [str((read_json(each / ENDED) or {}).get("plan", "")) for each in ended[-1:]]
    return ShownPlan(
        name=(names or [""])[0] or folder.name.rpartition("-")[0],
        standing=str(said.get("state", "none")),
        of_night=str(said.get("night", "")),
        nights=nights,
    )


def _order(folder: Path) -> tuple[str, int]:
    """By day, then by the number of the night on that day: 2026-11-23 before 2026-11-23-2."""
    day, number = folder.name[:10], folder.name[11:]
    return day, int(number) if number.isdigit() else 1


def _night(folder: Path) -> ShownNight:
    told = read_json(folder / ENDED) or {}
    measured = (read_json(folder / TONIGHT) or {}).get("measures", {})
    counts = {name: measured[name] for name in MEASURED if name in measured}
    if measured.get("records"):
        counts["records"] = sum(measured["records"].values())
    return ShownNight(
        night=folder.name,
        status=str(told.get("status", "")),
        as_of=str(told.get("as_of", "")),
        proposals=told.get("proposals"),
        counts=told.get("counts", {}),
        by_cause=told.get("by_cause", {}),
        brakes=len(told.get("brakes", ())),
        warnings=len(told.get("warnings", ())),
        adds_up=told.get("adds_up"),
        measures=counts,
    )
