"""When tonight is so unlike last night that nothing may be published before a person has looked."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pytest

from eligibility_audit.domain.plan import NightLimits, parse_plan
from eligibility_audit.use_cases.collect_inputs import collect_sources
from eligibility_audit.use_cases.nights.brakes import gone, jumped, stale, unlike

LIMITS: Final = NightLimits()
NOW: Final = datetime(2026, 3, 10, 18, tzinfo=UTC)


def sheet(**said: Any) -> dict[str, Any]:
    columns = {"name": "Họ và tên", "date_of_birth": "Ngày sinh"}
    return {"source_file": "a.csv", "source_sheet": "", "persons": 400, "rejects": 0, "columns": columns, **said}


@pytest.mark.parametrize(
    ("now", "trips"),
    [
        pytest.param(sheet(), False, id="as it was"),
        pytest.param(sheet(persons=360), False, id="a tenth fewer"),
        pytest.param(sheet(persons=359), True, id="more than a tenth fewer"),
        pytest.param(sheet(persons=900), False, id="more people"),
        pytest.param(sheet(rejects=19), False, id="19 lines more unreadable"),
        pytest.param(sheet(rejects=20), True, id="20 lines more unreadable"),
        pytest.param(sheet(columns={"name": "Họ và tên"}), True, id="a column is gone"),
        pytest.param(
            sheet(columns={"name": "Họ tên", "date_of_birth": "Ngày sinh"}), True, id="a heading reads otherwise"
        ),
        pytest.param(
            sheet(columns={"name": "HỌ VÀ TÊN", "date_of_birth": "Ngày sinh "}), False, id="only its case changed"
        ),
        pytest.param(sheet(source_sheet="Sheet 2"), True, id="the sheet is gone"),
    ],
)
def test_a_sheet_against_last_night(now: dict[str, Any], trips: bool) -> None:
    assert bool(unlike([now], [sheet()], LIMITS)) is trips


@pytest.mark.parametrize(
    ("persons", "trips"), [pytest.param(1, False, id="19 of 20 left"), pytest.param(0, True, id="all 20 left")]
)
def test_a_small_list_trips_only_by_people_enough(persons: int, trips: bool) -> None:
    assert bool(unlike([sheet(persons=persons)], [sheet(persons=20)], LIMITS)) is trips


def test_a_source_that_is_gone_is_named() -> None:
    (said,) = gone(["a.csv"], ["a.csv", "b.csv"])
    assert said.startswith("b.csv:")
    assert gone(["a.csv", "new.csv"], ["a.csv"]) == []


@pytest.mark.parametrize(
    ("hours", "trips"), [pytest.param(48, False, id="two days old"), pytest.param(49, True, id="older than two days")]
)
def test_a_file_older_than_its_max_age(tmp_path: Path, hours: int, trips: bool) -> None:
    (tmp_path / "a.csv").write_text("x")
    written = (NOW - timedelta(hours=hours)).timestamp()
    os.utime(tmp_path / "a.csv", (written, written))
    source = {"kind": "deaths", "path": "a.csv", "max_age": 2}
    plan = parse_plan({"name": "n", "as_of": "2020-12-31", "sources": [source]}, "plan")
    assert bool(stale(plan, collect_sources(plan, tmp_path), NOW)) is trips


def made(count: int, action: str = "verify") -> pd.DataFrame:
    return pd.DataFrame({"programme": "agent_orange", "action": action}, index=range(count))


@pytest.mark.parametrize(
    ("now", "then", "trips"),
    [
        pytest.param(50, 0, False, id="50 where there were none"),
        pytest.param(51, 0, True, id="51 where there were none"),
        pytest.param(1200, 1000, False, id="a fifth more"),
        pytest.param(1201, 1000, True, id="more than a fifth more"),
        pytest.param(0, 1000, False, id="none left: cleared is told, not braked"),
    ],
)
def test_proposals_that_jump(now: int, then: int, trips: bool) -> None:
    assert bool(jumped(made(now), made(then), LIMITS)) is trips


def test_another_action_is_another_count() -> None:
    assert len(jumped(made(100, "terminate"), made(100, "verify"), LIMITS)) == 1
