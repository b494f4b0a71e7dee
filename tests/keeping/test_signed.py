"""A signed decision gets its capsule with the officers' acts in it; forgetting the case removes it."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.domain.review.states import Step
from eligibility_audit.publish import read_csv
from eligibility_audit.settings import Settings, load_key
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.cases import Proposed
from eligibility_audit.store.office import Office
from eligibility_audit.store.runs import Store
from eligibility_audit.store.tables import CaseRow, DocumentRow, NoticeRow
from eligibility_audit.use_cases.keeping import capsule as sealed
from eligibility_audit.use_cases.keeping.replay import replay
from eligibility_audit.use_cases.keeping.signed import end_of_day, place, seal_missed
from eligibility_audit.use_cases.review.take_step import take_step
from eligibility_audit.use_cases.run_folder import read_manifest
from tests.store.invented import CHECKER, COMMUNE, NOW, OFFICER, REASON, SIGNER, add_accounts, proposed

DAY = date(2021, 3, 1)


@pytest.fixture
def office(run: Path, tmp_path: Path, migrated_store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A case of the run, checked and ready to be signed."""
    monkeypatch.setenv("EA_HOME", str(tmp_path))
    shutil.copy(migrated_store, tmp_path / "store.sqlite")
    made = Office(open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}"), tmp_path / "attachments", clock=lambda: NOW)
    add_accounts(made.engine)
    manifest = read_manifest(run) or {}
    store = Store(str(made.engine.url))
    told: dict[str, Any] = {"plan_name": "Đêm thử", "as_of": DAY, "status": "done", "counts": {}}
    store.record_run(run_id=manifest["run_id"], folder=run, **told)
    store.close()
    lines = read_csv(run / "recommendations.csv")
    line = lines[lines["programme"] == "agent_orange"].iloc[0]
    frozen = {"recommendation": {"case_id": line["case_id"], "record_id": line["record_id"]}, "findings": []}
    made.cases.attach(manifest["run_id"], [Proposed("c-1", proposed(1).columns, frozen)], NOW)
    ready(made)
    yield made
    made.close()


def ready(office: Office) -> None:
    step(office, Step.LOOK_UP, COMMUNE)
    with office.cases.writing() as connection:
        paper = {"document_id": "d-0", "case_id": "c-1", "round": 1, "kind": "post_receipt", "title": "Biên nhận"}
        connection.execute(insert(DocumentRow), [paper | {"added_by": "u-officer", "added_at": NOW}])
        sent = {"notice_id": "n-1", "case_id": "c-1", "round": 1, "kind": "findings", "issued_by": "u-officer"}
        days = {"issued_on": DAY - timedelta(60), "served_on": DAY - timedelta(50), "reply_due": DAY - timedelta(20)}
        connection.execute(insert(NoticeRow), [sent | days | {"means": "post_receipt", "proof_document": "d-0"}])
    step(office, Step.SUBMIT, OFFICER, "end", act="cham_dut")
    step(office, Step.CHECK, CHECKER)


def seq(office: Office) -> int:
    with office.cases.reading() as connection:
        return int(connection.scalar(select(CaseRow.seq).where(CaseRow.case_id == "c-1")) or 0)


def step(office: Office, what: Step, actor: Actor, effect: str | None = None, **stated: object) -> None:
    told = {"reason": REASON, **stated}
    office.cases.take_step("c-1", what, actor, told, seq=seq(office), now=NOW, effect=effect)


def sign(office: Office) -> None:
    told = {"reason": REASON, "decision_no": "12/QĐ", "decision_date": f"{DAY}"}
    take_step(office, SIGNER, "c-1", Step.SIGN, told, seq=seq(office))


def test_a_signature_makes_the_capsule_with_the_acts(office: Office) -> None:
    sign(office)
    path = place(office, "c-1", seq(office))
    assert "sealed with this key" in sealed.verify(path, load_key(Settings()))
    acts = sealed.read(path).acts
    assert [each["step"] for each in acts["steps"]] == ["look_up", "submit", "check", "sign"]
    assert [each["act"] for each in acts["ledger"]] == ["open", "look_up", "submit", "check", "sign"]
    told = replay(path)
    assert told.identical, told.told()
    assert seal_missed(office) == (0, 0)


def test_a_signature_stands_without_its_run_and_the_night_makes_the_capsule(
    office: Office, run: Path, tmp_path: Path
) -> None:
    aside = run.rename(run.with_name("away"))
    try:
        sign(office)
        assert not office.capsules.exists()
        told = end_of_day(Settings(home=tmp_path))
        assert (told["capsules_made"], told["capsules_missing"]) == (0, 1)
    finally:
        aside.rename(run)
    again = end_of_day(Settings(home=tmp_path))
    assert (again["capsules_made"], again["capsules_missing"]) == (1, 0)
    assert again["ledger_root"] == told["ledger_root"] != "", "nothing was entered in between"
