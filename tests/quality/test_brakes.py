"""Brakes: when too much is wrong, nothing is published."""

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eligibility_audit.domain.plan import BrakeLimits
from eligibility_audit.quality import check_brakes, check_stops, missing_required, unchecked

NO_REJECTS = pd.DataFrame(columns=["source_file", "source_sheet", "stage", "code"], dtype="str")


def sheet(**what: Any) -> dict[str, Any]:
    """A line of the reconciliation."""
    return {
        "kind": "agent_orange",
        "source_file": "rosters/thử.xlsx",
        "source_sheet": "Xã A",
        "lines": 0,
        "records": 100,
        "rejects": 0,
        "not_person": 0,
        "persons": 100,
        **what,
    }


def tripped(*lines: dict[str, Any], persons: int = 100, rejects: pd.DataFrame = NO_REJECTS, **limits: Any) -> list[str]:
    """Names of the brakes that trip."""
    found = check_brakes(pd.DataFrame(lines), {"agent_orange": persons}, rejects, BrakeLimits(**limits))
    return [message.brake for message in found]


@pytest.mark.parametrize(
    ("records", "rejects", "trips"),
    [
        pytest.param(380, 20, False, id="20 of 400: five percent"),
        pytest.param(379, 20, True, id="20 of 399: more than five percent, and at least 20"),
        pytest.param(10, 19, False, id="19 of 29: fewer than 20"),
        pytest.param(0, 20, True, id="20 of 20: nothing was read"),
        pytest.param(4000, 200, False, id="200 of 4,200: less than five percent"),
        pytest.param(0, 0, False, id="an empty sheet"),
    ],
)
def test_rejects_in_a_sheet(records: int, rejects: int, trips: bool) -> None:
    assert tripped(sheet(records=records, rejects=rejects)) == (["rejects"] if trips else [])


def test_the_sheet_that_is_wrong_is_named_with_its_commonest_reasons() -> None:
    rejects = pd.DataFrame(
        {
            "source_file": ["rosters/thử.xlsx"] * 5,
            "source_sheet": ["Xã B", "Xã B", "Xã B", "Xã A", "Xã B"],
            "stage": ["line", "line", "line", "line", "field"],
            "code": ["empty_name", "empty_name", "no_person", "empty_name", "unreadable_date"],
        }
    )
    lines = pd.DataFrame([sheet(), sheet(source_sheet="Xã B", rejects=50)])
    (message,) = check_brakes(lines, {"agent_orange": 100}, rejects)
    assert (message.source_file, message.source_sheet) == ("rosters/thử.xlsx", "Xã B")
    assert str(message) == (
        "rosters/thử.xlsx [Xã B]: 50 trên 150 dòng (33,3 %) không đọc được (empty_name: 2, no_person: 1), quá mức 5 %. "
        "Xem rejects.csv; sửa tệp, hoặc khai báo `columns:` cho đúng. / rosters/thử.xlsx [Xã B]: 50 of 150 lines "
        "(33.3 %) could not be read (empty_name: 2, no_person: 1), more than 5 %. See rejects.csv; correct the file, "
        "or say `columns:` in the plan."
    )


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        pytest.param(["name", "date_of_birth"], (), id="a name column"),
        pytest.param(["surname_middle", "given_name"], (), id="a name over two columns"),
        pytest.param(["date_of_birth", "dossier_no"], ("name",), id="no name at all"),
        pytest.param([], ("name",), id="nothing"),
    ],
)
def test_required_columns(fields: list[str], missing: tuple[str, ...]) -> None:
    assert missing_required("agent_orange", fields) == missing


def test_a_sheet_without_a_required_column_trips() -> None:
    lines = pd.DataFrame([sheet(missing_required=""), sheet(source_sheet="Xã B", missing_required="name")])
    (message,) = check_brakes(lines, {"agent_orange": 100}, NO_REJECTS)
    assert (message.brake, message.source_sheet) == ("required_column", "Xã B")
    assert "Họ và tên" in message.vi
    assert "Full name" in message.en


@pytest.mark.parametrize(
    ("persons", "trips"),
    [
        pytest.param(100, False, id="all"),
        pytest.param(80, False, id="20 percent fewer"),
        pytest.param(79, True, id="more than 20 percent fewer"),
        pytest.param(500, False, id="more persons than the total is no loss"),
    ],
)
def test_persons_against_the_control_total(persons: int, trips: bool) -> None:
    expected = ["control_total"] if trips else []
    assert tripped(sheet(), persons=persons, control_total={"agent_orange": 100}) == expected
    assert tripped(sheet(persons=persons, control_persons=100)) == expected


def test_the_plans_total_is_taken_before_the_sheets() -> None:
    assert tripped(sheet(persons=50, control_persons=100), persons=50, control_total={"agent_orange": 50}) == []


def test_a_total_row_on_the_last_sheet_may_count_the_whole_file() -> None:
    lines = [sheet(persons=90), sheet(source_sheet="Xã B", persons=10, control_persons=100)]
    assert tripped(*lines) == []
    assert tripped(lines[0] | {"source_file": "khác.xlsx"}, lines[1]) == ["control_total"]


def test_what_has_no_total_is_said_to_be_unchecked() -> None:
    lines = pd.DataFrame([sheet(control_persons=None)])
    (message,) = unchecked(lines, {"agent_orange": 100})
    assert "chưa kiểm tra được số người" in message.vi
    assert unchecked(lines.assign(control_persons=100), {"agent_orange": 100}) == []
    assert unchecked(lines, {"agent_orange": 100}, BrakeLimits(control_total={"agent_orange": 9})) == []


@pytest.mark.parametrize(
    ("stops", "records", "trips"),
    [
        pytest.param(50, 60, False, id="50 stops: never too many"),
        pytest.param(51, 1000, True, id="51 of 1,000: more than 50"),
        pytest.param(51, 1020, False, id="51 of 1,020: five percent"),
        pytest.param(52, 1020, True, id="52 of 1,020: more"),
        pytest.param(0, 0, False, id="nothing at all"),
    ],
)
def test_stop_recommendations(stops: int, records: int, trips: bool) -> None:
    actions = ["suspend", "terminate"] * stops
    recommendations = pd.DataFrame(
        {"programme": "agent_orange", "action": pd.Series([*actions[:stops], *["verify"] * 99], dtype="str")}
    )
    messages = check_stops(recommendations, {"agent_orange": records, "covid_relief": 5})
    assert [(m.brake, m.kind) for m in messages] == ([("stops", "agent_orange")] if trips else [])


@given(records=st.integers(360, 400), rejects=st.integers(18, 22), more=st.integers(0, 3))
def test_one_more_reject_never_releases_a_brake(records: int, rejects: int, more: int) -> None:
    if tripped(sheet(records=records, rejects=rejects)):
        assert tripped(sheet(records=records, rejects=rejects + more))
