"""Backup while people work, restored into an empty store of either database; the ledger holds afterwards."""

import secrets
import shutil
import sqlite3
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import text

from eligibility_audit.domain.review.states import State, Step
from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.store import ledger
from eligibility_audit.store.backup import back_up, restore
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.office import Office
from eligibility_audit.use_cases.review.verify_ledger import verify_ledger
from tests.servers import create_database
from tests.store.invented import NOW, OFFICER, REASON, add_accounts, proposed


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def urls(request: pytest.FixtureRequest, tmp_path: Path, migrated_store: Path) -> tuple[str, str]:
    """A store at its newest form, and an empty place for another of the same database."""
    if request.param == "sqlite":
        shutil.copy(migrated_store, tmp_path / "store.sqlite")
        return f"sqlite:///{tmp_path / 'store.sqlite'}", f"sqlite:///{tmp_path / 'new' / 'store.sqlite'}"
    template = request.getfixturevalue("migrated_postgresql")
    names = [f"t{secrets.token_hex(6)}" for _ in range(2)]
    return create_database(template, names[0], template="migrated"), create_database(template, names[1])


@pytest.fixture
def office(urls: tuple[str, str], tmp_path: Path) -> Office:
    """An office with two cases, a step, a root, a scan and a capsule."""
    made = Office(open_engine(urls[0]), tmp_path / "home" / "attachments", clock=lambda: NOW)
    add_accounts(made.engine)
    made.cases.attach("run-1", [proposed(1), proposed(2)], NOW)
    made.cases.take_step("c-1", Step.LOOK_UP, OFFICER, {"reason": REASON}, seq=0, now=NOW)
    with made.cases.writing() as connection:
        assert ledger.seal_grown(connection, NOW) == ledger.seal_grown(connection, NOW) != ""
    (made.attachments / "ab").mkdir(parents=True)
    (made.attachments / "ab" / "abcd").write_bytes(b"%PDF-")
    made.capsules.mkdir()
    (made.capsules / "c-1-1.zip").write_bytes(b"capsule")
    return made


def test_there_and_back(office: Office, urls: tuple[str, str], tmp_path: Path) -> None:
    told = back_up(office, tmp_path / "b.zip")
    assert (told["cases"], told["steps"]) == (2, 1)
    assert (tmp_path / "b.zip").stat().st_mode & 0o077 == 0
    home = tmp_path / "there"
    assert restore(tmp_path / "b.zip", urls[1], home)["cases"] == 2
    again = Office(open_engine(urls[1]), home / "attachments", clock=lambda: NOW)
    assert "whole" in verify_ledger(again)
    assert (again.attachments / "ab" / "abcd").read_bytes() == b"%PDF-"
    assert (again.capsules / "c-1-1.zip").read_bytes() == b"capsule"
    with again.cases.reading() as connection:
        rows = connection.execute(text("SELECT case_id, state FROM cases ORDER BY case_id")).all()
    assert rows == [("c-1", "office_lookup"), ("c-2", "recommended")]
    reason = {"reason": REASON, "evidence": "giấy tờ gốc đúng"}
    assert again.cases.take_step("c-1", Step.CLEAR, OFFICER, reason, seq=1, now=NOW) == State.CLEARED, "work goes on"
    assert "whole" in verify_ledger(again)
    with pytest.raises(Exception, match="history is only added to"), again.engine.begin() as connection:
        connection.execute(text("DELETE FROM steps"))
    with pytest.raises(UsageError, match="not empty"):
        restore(tmp_path / "b.zip", urls[1], tmp_path / "elsewhere")
    for each in (office, again):
        each.close()


def test_a_damaged_backup_restores_nothing(office: Office, urls: tuple[str, str], tmp_path: Path) -> None:
    back_up(office, tmp_path / "b.zip")
    with pytest.raises(UsageError, match="is there already"):
        back_up(office, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as old, zipfile.ZipFile(tmp_path / "c.zip", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, b"%PDF+" if content == b"%PDF-" else content)
    with pytest.raises(IntegrityError, match="changed: attachments/ab/abcd"):
        restore(tmp_path / "c.zip", urls[1], tmp_path / "there")
    assert not (tmp_path / "there").exists()
    (tmp_path / "d.zip").write_bytes((tmp_path / "b.zip").read_bytes()[:-500])
    with pytest.raises(UsageError, match="not a backup"):
        restore(tmp_path / "d.zip", urls[1], tmp_path / "there")
    office.close()


def test_a_backup_of_the_other_database_is_refused(migrated_store: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_store, tmp_path / "store.sqlite")
    office = Office(open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}"), tmp_path / "attachments")
    back_up(office, tmp_path / "b.zip")
    with pytest.raises(UsageError, match="of that kind"):
        restore(tmp_path / "b.zip", "postgresql+psycopg://nobody@localhost:1/none", tmp_path / "there")
    office.close()


def test_what_is_written_while_the_backup_is_taken_is_whole(migrated_store: Path, tmp_path: Path) -> None:
    """The log of SQLite is in the copy: nothing has to be written out of it first."""
    shutil.copy(migrated_store, tmp_path / "store.sqlite")
    office = Office(open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}"), tmp_path / "attachments", clock=lambda: NOW)
    add_accounts(office.engine)
    office.cases.attach("run-1", [proposed(1)], NOW)
    assert (tmp_path / "store.sqlite-wal").stat().st_size > 0
    back_up(office, tmp_path / "b.zip")
    with zipfile.ZipFile(tmp_path / "b.zip") as packed:
        packed.extract("store.sqlite", tmp_path / "out")
    copy = sqlite3.connect(tmp_path / "out" / "store.sqlite")
    assert copy.execute("SELECT COUNT(*) FROM cases").fetchone() == (1,)
    copy.close()
    office.close()
