"""The trigger that asks for a second signer of a repayment, on both databases."""

import secrets
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError
from eligibility_audit.store.along import record_notice_served
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.office import Office
from eligibility_audit.store.tables import NoticeRow, StepRow
from eligibility_audit.use_cases.review.take_step import take_step
from tests.servers import create_database
from tests.store.invented import CHECKER, NOW, OFFICER, REASON, SIGNER, add_accounts, proposed

SECOND = replace(SIGNER, user_id="u-second")


def _office(engine: Engine, folder: Path, now: datetime) -> Office:
    return Office(engine, folder, clock=lambda: now)


@pytest.mark.parametrize("engine_of", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_a_repayment_is_written_with_a_second_signer_alone(
    request: pytest.FixtureRequest, tmp_path: Path, engine_of: str
) -> None:
    if engine_of == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_store"), tmp_path / "store.sqlite")
        url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    else:
        template = request.getfixturevalue("migrated_postgresql")
        url = create_database(template, f"t{secrets.token_hex(6)}", template="migrated")
    engine = open_engine(url)
    add_accounts(engine, OFFICER, CHECKER, SIGNER, SECOND)
    early, late = _office(engine, tmp_path, NOW), _office(engine, tmp_path, NOW + timedelta(days=40))
    early.cases.attach("run-1", [proposed(1)], NOW)
    case_id = proposed(1).case_id

    def take(office: Office, actor: Actor, step: Step, seq: int, **stated: str) -> None:
        take_step(office, actor, case_id, step, {"reason": REASON, **stated}, seq=seq)

    take(early, OFFICER, Step.ASK, 0, addressee="người hưởng", question="Giấy tờ?", due_on="2021-03-31")
    with early.cases.reading() as connection:
        notice = connection.scalars(select(NoticeRow.notice_id)).one()
    record_notice_served(early, OFFICER, case_id, notice, early.today(), "signature", "biên bản")
    take(late, OFFICER, Step.SUBMIT, 1, act="truy_thu")
    take(late, CHECKER, Step.CHECK, 2)
    row = {
        "case_id": case_id,
        "seq": 4,
        "round": 1,
        "step": "sign",
        "before": "checked",
        "after": "signed",
        "effect": "repay",
        "actor_id": SIGNER.user_id,
        "actor_role": "authority",
        "actor_unit": SIGNER.unit,
        "at": late.clock(),
        "on_day": late.today(),
        "reason": REASON,
    }
    for signer in (None, "u-nobody", SIGNER.user_id, OFFICER.user_id, CHECKER.user_id):
        with pytest.raises(RefusedError, match="second signer"), late.cases.writing() as connection:
            connection.execute(insert(StepRow), [{**row, "stated": {"second_signer": signer}}])
    with late.cases.writing() as connection:
        connection.execute(insert(StepRow), [{**row, "stated": {"second_signer": SECOND.user_id}}])
    engine.dispose()
