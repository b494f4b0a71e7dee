"""The store up and down with data in it, on both databases; what the triggers say in SQL is what the code says."""

import secrets
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError

from eligibility_audit.domain.review import limits
from eligibility_audit.errors import UsageError
from eligibility_audit.store.base import head, migrate, open_engine
from eligibility_audit.store.cases import Cases
from eligibility_audit.store.runs import Store
from tests.servers import create_database
from tests.store.invented import NOW, add_accounts, proposed


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request: pytest.FixtureRequest, tmp_path: Path, migrated_store: Path) -> str:
    if request.param == "sqlite":
        shutil.copy(migrated_store, tmp_path / "store.sqlite")
        return f"sqlite:///{tmp_path / 'store.sqlite'}"
    template = request.getfixturevalue("migrated_postgresql")
    return create_database(template, f"t{secrets.token_hex(6)}", template="migrated")


@pytest.fixture
def engine(url: str, tmp_path: Path) -> Iterator[Engine]:
    """A store with a run, accounts, and a case that was opened and looked at."""
    opened = open_engine(url)
    add_accounts(opened)
    Cases(opened).attach("run-1", [proposed(1), proposed(2)], NOW)
    store = Store(url)
    told = {"plan_name": "Rà soát", "as_of": date(2020, 12, 31), "status": "done", "counts": {"records": 2}}
    store.record_run(run_id="run-1", folder=tmp_path, **told)  # type: ignore[arg-type]
    store.close()
    yield opened
    opened.dispose()


def form(engine: Engine) -> dict[str, set[str]]:
    found = inspect(engine)
    return {name: {str(column["name"]) for column in found.get_columns(name)} for name in found.get_table_names()}


def test_down_to_the_runs_and_up_again(engine: Engine) -> None:
    before = form(engine)
    with engine.connect() as connection:
        migrate(connection, "0001")
    assert set(form(engine)) == {"runs", "alembic_version"}
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT COUNT(*) FROM runs")) == 1, "the runs stay"
        connection.rollback()
        migrate(connection, "head")
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == head()
        connection.rollback()
    assert form(engine) == before
    add_accounts(engine)
    assert Cases(engine).attach("run-2", [proposed(1)], NOW).opened == 1
    with pytest.raises(DatabaseError, match="history is only added to"), engine.begin() as connection:
        connection.execute(text("DELETE FROM dossiers"))


def test_down_by_one_keeps_the_cases(engine: Engine) -> None:
    with engine.connect() as connection:
        migrate(connection, "0002.2")
        assert connection.scalar(text("SELECT COUNT(*) FROM cases")) == 2
        connection.rollback()
        migrate(connection, "head")
        assert connection.scalar(text("SELECT SUM(n) FROM case_counts")) == 2


def test_the_limits_in_the_store_are_those_of_the_code() -> None:
    assert (limits.STOPS_AT_ONCE, limits.PER_MILLE_AT_ONCE) == (20, 5)
    assert (limits.LEAST_REVERSALS, limits.REVERSALS_PER_CENT) == (2, 5)
    assert sorted(limits.ADVERSE) == ["end", "less", "pause", "repay"]


def test_a_store_of_a_form_that_is_not_known_here_is_refused_by_a_sentence(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    engine.dispose()
    with pytest.raises(UsageError, match="0002"):
        open_engine(url)
