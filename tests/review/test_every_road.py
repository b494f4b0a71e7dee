"""Every path of the state machine: what the table does not have is refused by every road, and changes nothing."""

from collections.abc import Iterator
from itertools import product
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import DatabaseError

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.domain.review.states import TRANSITIONS, State, Step, transition
from eligibility_audit.errors import RefusedError
from eligibility_audit.store.bulk import read_bulk
from eligibility_audit.store.cases import Proposed
from eligibility_audit.store.tables import CaseCountRow, CaseRow, StepRow
from eligibility_audit.use_cases.review import bulk
from eligibility_audit.use_cases.review.take_step import take_step
from tests.web.conftest import PASSWORD, Served, dossier
from tests.web.test_attacks import word

REASON = "đã tra sổ gốc và đối chiếu từng giấy tờ"
NUMBER = {state: 30 + n for n, state in enumerate(State)}
FORBIDDEN = [(state, step) for state, step in product(State, Step) if transition(state, step) is None]
AFTER = {t.step: t.after for t in TRANSITIONS}
LOGIN = {Role.COMMUNE_OFFICER: "xa", Role.OFFICER: "canbo", Role.CHECKER: "kiemtra", Role.AUTHORITY: "kyten"}
STATED = {need: "2021-03-01" for t in TRANSITIONS for need in t.needs} | {
    "act": "cham_dut", "kind": "field_visit", "result": "dung", "means": "signature", "reason": REASON,
}  # fmt: skip


def case_at(state: State) -> str:
    return f"c-{NUMBER[state]}"


@pytest.fixture
def standing(served: Served) -> Iterator[Served]:
    """A case at each state, put there past the triggers, which stand again afterwards."""
    own = [Proposed("c-1", dossier(1).columns, dossier(1).frozen)] + [dossier(number) for number in NUMBER.values()]
    served.office.cases.attach("run-2", own, served.clock())
    with served.office.cases._engine.begin() as connection:
        put(connection)
    yield served
    with served.office.cases.reading() as connection:
        found = dict(connection.execute(select(CaseRow.case_id, CaseRow.state)).tuples().all())
        steps = connection.scalar(select(func.count()).select_from(StepRow).where(StepRow.step != "withdraw"))
    assert {state: found[case_at(state)] for state in State} == {state: state.value for state in State}
    assert steps == 0


def put(connection: Connection) -> None:
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ea_cases_update%'"
    triggers = connection.exec_driver_sql(made).fetchall()
    for name, _ in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    for state in State:
        connection.execute(update(CaseRow).where(CaseRow.case_id == case_at(state)).values(state=state.value))
    for _, statement in triggers:
        connection.exec_driver_sql(statement)


def actors(served: Served) -> list[Actor]:
    return [served.actors[login] for login in (*LOGIN.values(), "xem")]


def test_there_are_paths_to_forbid() -> None:
    assert len(FORBIDDEN) > 150
    assert len(FORBIDDEN) + len(TRANSITIONS) == len(State) * len(Step)


def test_by_sql(standing: Served) -> None:
    """As the application's own account, whoever is said to act, wherever the step is said to lead."""
    tried = 0
    with standing.office.engine.connect() as connection:
        for (state, step), actor in product(FORBIDDEN, actors(standing)):
            row = {
                "case_id": case_at(state), "seq": 1, "round": 1, "step": step.value, "before": state.value,
                "after": AFTER[step].value, "effect": "more", "actor_id": actor.user_id,
                "actor_role": actor.role.value, "actor_unit": actor.unit, "at": standing.clock(),
                "on_day": standing.office.today(), "reason": REASON, "stated": {},
            }  # fmt: skip
            with pytest.raises(DatabaseError, match="ea: "):
                connection.execute(insert(StepRow), [row])
            tried += 1
        connection.rollback()
    assert tried == len(FORBIDDEN) * 5


def test_by_the_use_case(standing: Served) -> None:
    for state, step in FORBIDDEN:
        with pytest.raises(RefusedError, match="không có việc"):
            take_step(standing.office, standing.actors[LOGIN[role_of(step)]], case_at(state), step, STATED, seq=0)


def role_of(step: Step) -> Role:
    """A role that has the step elsewhere; for the system's own steps an officer."""
    return min((r for t in TRANSITIONS if t.step == step for r in t.roles if r in LOGIN), default=Role.OFFICER)


def roads(served: Served, login: str) -> tuple[httpx.Client, str, httpx.Client]:
    pages = served.client(login)
    token = pages.post("/api/v1/sessions", json={"login": login, "password": PASSWORD}).json()["token"]
    program = httpx.Client(base_url=f"{served.url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=20)
    return pages, word(pages), program


def test_by_page_and_by_api(standing: Served) -> None:
    by_role: dict[Role, Any] = {role: roads(standing, login) for role, login in LOGIN.items()}
    stated = {name: value for name, value in STATED.items() if name != "reason"}
    for state, step in FORBIDDEN:
        pages, csrf, program = by_role[role_of(step)]
        path = f"/cases/{case_at(state)}/steps/{step}"
        page = pages.post(path, data={**STATED, "csrf": csrf, "seq": "0"})
        assert page.status_code == 422, (state, step)
        answer = program.post(path, json={"seq": 0, "reason": REASON, "stated": stated})
        assert answer.status_code == 422, (state, step)


def test_by_bulk(standing: Served) -> None:
    for step in (Step.LOOK_UP, Step.ASK, Step.ORDER_VERIFICATION, Step.CLEAR, Step.SUBMIT):
        ids = [case_at(state) for state, forbidden in FORBIDDEN if forbidden == step]
        evidence = dict.fromkeys(ids, "sổ gốc")
        made = bulk.preview(standing.office, standing.actors["canbo"], step.value, ids, STATED, evidence)
        shown = read_bulk(standing.office, standing.actors["canbo"], made)
        assert shown is not None
        assert {line.outcome for line in shown.lines} == {"refused"}, step
        done = bulk.confirm(standing.office, standing.actors["canbo"], made, REASON)
        assert {line.outcome for line in done.lines} == {"refused"}


def test_by_import(standing: Served) -> None:
    """A run that says where its cases stand is not believed."""
    said = {"state": "on_payment_list", "seq": 7, "effect": "end", "round": 3}
    every = [dossier(number) for number in NUMBER.values()]
    again = [Proposed(each.case_id, {**each.columns, **said}, each.frozen) for each in every]
    standing.office.cases.attach("run-3", [*again, dossier(1)], standing.clock())


def test_the_store_s_own_counts_follow_every_change(standing: Served) -> None:
    with standing.office.cases.reading() as connection:
        counted = select(CaseCountRow.state, func.sum(CaseCountRow.n)).group_by(CaseCountRow.state)
        own = {state: int(count) for state, count in connection.execute(counted) if count}
        true = dict(connection.execute(select(CaseRow.state, func.count()).group_by(CaseRow.state)).tuples().all())
    assert own == true
