"""Run folders go when their time is over, said first, logged; never one that something still rests on."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import RefusedError
from eligibility_audit.settings import Settings
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.office import Office
from eligibility_audit.store.runs import RunRow, Store
from eligibility_audit.store.tables import LedgerRow
from eligibility_audit.use_cases.keeping.prune import prunable, prune
from eligibility_audit.use_cases.review.verify_ledger import verify_ledger
from tests.store.invented import NOW, OFFICER, add_accounts, proposed

ADMINISTRATOR = Actor("u-admin", "Quản Trị", Role.ADMINISTRATOR, "Sở")
LONG_AGO = datetime(2018, 1, 1, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path, migrated_store: Path) -> Office:
    shutil.copy(migrated_store, tmp_path / "store.sqlite")
    made = Office(
        open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}"), tmp_path / "home" / "attachments", clock=lambda: NOW
    )
    add_accounts(made.engine, OFFICER, ADMINISTRATOR)
    for name in ("old", "rested", "night", "strange", "young", "last"):
        ran(made, tmp_path, name, LONG_AGO if name not in ("young", "last") else NOW)
    made.cases.attach("rested", [proposed(1)], NOW)
    (tmp_path / "strange" / "manifest.json").write_text('{"run_id": "another"}')
    nights = tmp_path / "nights" / "plan-1"
    nights.mkdir(parents=True)
    (nights / "statements.json").write_text(json.dumps({"state": "current", "run_folder": str(tmp_path / "night")}))
    return made


def ran(office: Office, folder: Path, name: str, at: datetime) -> None:
    place = folder / name
    place.mkdir()
    (place / "manifest.json").write_text(json.dumps({"run_id": name}))
    (place / "findings.csv").write_text("một dòng")
    store = Store(str(office.engine.url))
    store.record_run(run_id=name, folder=place, plan_name="Rà soát", as_of=date(2017, 12, 31), status="done", counts={})
    store.close()
    with office.engine.connect() as connection:
        connection.execute(update(RunRow).where(RunRow.run_id == name).values(finished_at=at))
        connection.commit()


def settings(folder: Path) -> Settings:
    return Settings(home=folder / "home", nights=folder / "nights")


def test_a_dry_run_says_what_would_go_and_what_stays_and_why(office: Office, tmp_path: Path) -> None:
    told = {each.run_id: each.kept for each in prunable(office, settings(tmp_path))}
    assert told.pop("old") == "", "nothing rests on it"
    assert {name: why.split(" / ")[1] for name, why in told.items()} == {
        "rested": "open cases rest on it",
        "night": "the last run or night",
        "strange": "is no longer the folder of this run",
    }
    assert all((tmp_path / name).is_dir() for name in ("old", "rested", "night", "strange", "young"))


def test_what_may_go_is_removed_and_logged(office: Office, tmp_path: Path) -> None:
    assert [each.run_id for each in prune(office, settings(tmp_path), ADMINISTRATOR)] == ["old"]
    assert not (tmp_path / "old").exists()
    assert not (tmp_path / ".old.pruned").exists()
    assert all((tmp_path / name).is_dir() for name in ("rested", "night", "strange", "young", "last"))
    with office.cases.reading() as connection:
        said = connection.execute(select(LedgerRow.act, LedgerRow.after).where(LedgerRow.chain == "retention")).all()
    assert [tuple(row) for row in said] == [("prune", "old")]
    assert "whole" in verify_ledger(office)
    assert prune(office, settings(tmp_path), ADMINISTRATOR) == []


def test_one_that_was_stopped_half_way_is_gone_on_with(office: Office, tmp_path: Path) -> None:
    (tmp_path / "old").rename(tmp_path / ".old.pruned")
    assert prune(office, settings(tmp_path), ADMINISTRATOR) == []
    assert not (tmp_path / ".old.pruned").exists()


def test_an_officer_prunes_nothing(office: Office, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="prunes nothing"):
        prune(office, settings(tmp_path), OFFICER)
    assert (tmp_path / "old").is_dir()
