"""Too many stops at once are refused by every road; a held rule and a held execution by the database itself."""

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DatabaseError

from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.store.tables import CaseRow, StepRow
from eligibility_audit.use_cases.review.take_step import take_step
from tests.review.test_api import program
from tests.review.test_bulk import REASON, ready_to_stop
from tests.web.conftest import Served


def by_sql(served: Served, case_id: str, **more: object) -> None:
    officer = served.actors["canbo"]
    with served.office.engine.begin() as connection:
        case = connection.execute(select(CaseRow.seq, CaseRow.state).where(CaseRow.case_id == case_id)).one()
        row = {
            "case_id": case_id, "seq": case.seq + 1, "round": 1, "step": "submit", "before": case.state,
            "after": "submitted", "effect": "end", "actor_id": officer.user_id, "actor_role": "officer",
            "actor_unit": officer.unit, "at": served.clock(), "on_day": served.office.today(), "reason": REASON,
            "stated": {},
        }  # fmt: skip
        connection.execute(insert(StepRow), [row | more])


def test_by_sql_twenty_a_day(served: Served) -> None:
    *first, last = ready_to_stop(served, 21)
    for case_id in first:
        by_sql(served, case_id)
    with pytest.raises(DatabaseError, match="more stops"):
        by_sql(served, last)
    served.clock.pass_days(1)
    by_sql(served, last)


def test_by_sql_half_a_per_cent_of_a_small_programme(served: Served) -> None:
    one, two = ready_to_stop(served, 2, persons=399)
    by_sql(served, one)
    with pytest.raises(DatabaseError, match="more stops than may be submitted at once"):
        by_sql(served, two)


def test_by_sql_a_made_up_second_signer_lifts_nothing(served: Served) -> None:
    one, two = ready_to_stop(served, 2, persons=200)
    by_sql(served, one)
    officer, viewer = served.actors["canbo"].user_id, served.actors["xem"].user_id
    for number, (second, why) in enumerate([(officer, REASON), (viewer, REASON), (None, None)]):
        told = {"b": f"b-{number}", "me": officer, "second": second, "why": why, "case": two}
        with served.office.engine.begin() as connection:
            connection.execute(
                text(
                    "INSERT INTO bulks (bulk_id, actor_id, step, stated, made_at, confirmed_at, second_id,"
                    " second_reason) VALUES (:b, :me, 'submit', '{}', '2021-03-01', '2021-03-01', :second, :why)"
                ),
                told,
            )
            line = "INSERT INTO bulk_lines VALUES (:b, 1, :case, 1, '{}', 'will', '')"
            connection.execute(text(line), told)
        with pytest.raises(DatabaseError, match="more stops"):
            by_sql(served, two)


def test_by_the_api_a_loop_meets_the_same_limit(served: Served) -> None:
    ids = ready_to_stop(served, 3, persons=400)
    client = program(served, "canbo")
    asked = {"seq": 1, "reason": REASON, "stated": {"act": "cham_dut"}}
    answers = [client.post(f"/cases/{case_id}/steps/submit", json=asked) for case_id in ids]
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert "0,5 %" in answers[-1].json()["reasons"][0]


def test_one_by_one_at_an_officer_s_pace_it_goes_on(served: Served) -> None:
    ids = ready_to_stop(served, 3, persons=199)
    for case_id in ids:
        take_step(
            served.office, served.actors["canbo"], case_id, Step.SUBMIT, {"act": "cham_dut", "reason": REASON}, seq=1
        )
        served.clock.now = served.clock.now.replace(minute=served.clock.now.minute + 2)


def test_a_held_rule_is_held_in_the_database(served: Served) -> None:
    (case_id,) = ready_to_stop(served, 1)
    with served.office.engine.begin() as connection:
        connection.exec_driver_sql("DROP VIEW held_rules")
        connection.exec_driver_sql(
            "CREATE VIEW held_rules AS SELECT 'AO_DEAD_FUZZY' AS rule_id, 3 AS reversals, 0 AS signed"
        )
    with pytest.raises(DatabaseError, match="a rule of this case is held"):
        by_sql(served, case_id)
    with pytest.raises(RefusedError, match="tạm giữ"):
        take_step(
            served.office, served.actors["canbo"], case_id, Step.SUBMIT, {"act": "cham_dut", "reason": REASON}, seq=1
        )
