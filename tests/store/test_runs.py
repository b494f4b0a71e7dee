"""The table of runs, on SQLite and on a real PostgreSQL server."""

import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from eligibility_audit.errors import UsageError
from eligibility_audit.store import Store
from tests.servers import create_database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        opened = Store(f"sqlite:///{tmp_path / 'home' / 'store.sqlite'}")
        yield opened
        opened.close()
        return
    url = create_database(request.getfixturevalue("postgresql_server"), f"t{secrets.token_hex(6)}")
    opened = Store(url)
    yield opened
    opened.close()


def enter(store: Store, folder: Path, run_id: str = "run-1") -> None:
    folder.mkdir(exist_ok=True)
    store.record_run(
        run_id=run_id,
        folder=folder,
        plan_name="Rà soát",
        as_of=date(2020, 12, 31),
        status="done",
        counts={"records": 3},
    )


def test_the_latest_run_is_the_one_that_ended_last(store: Store, tmp_path: Path) -> None:
    enter(store, tmp_path / "first", "run-1")
    enter(store, tmp_path / "second", "run-2")
    assert store.latest_folder() == tmp_path / "second"
    assert [row.run_id for row in store.runs()] == ["run-2", "run-1"]


def test_a_run_whose_folder_was_deleted_is_not_the_latest(store: Store, tmp_path: Path) -> None:
    enter(store, tmp_path / "first", "run-1")
    enter(store, tmp_path / "second", "run-2")
    (tmp_path / "second").rmdir()
    assert store.latest_folder() == tmp_path / "first"


def test_entering_a_run_twice_keeps_one_row(store: Store, tmp_path: Path) -> None:
    enter(store, tmp_path / "first")
    enter(store, tmp_path / "first")
    assert len(store.runs()) == 1


def test_a_store_that_cannot_be_opened_is_a_sentence() -> None:
    with pytest.raises(UsageError, match="EA_STORE_URL"):
        Store("postgresql+psycopg://nobody@127.0.0.1:1/none")


def test_the_sqlite_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "home" / "store.sqlite"
    Store(f"sqlite:///{file}").close()
    assert file.stat().st_mode & 0o077 == 0
