"""For all tests: settings of their own, and in CI nothing may be skipped."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

# The same examples every time, so that what lands does not hang on chance; EA_EXPLORE=1 looks for new ones.
settings.register_profile("fixed", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile("explore" if os.environ.get("EA_EXPLORE") else "fixed")

# Before Prefect is imported anywhere: its database and settings are the tests' own.
os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings, key or store of whoever runs it."""
    monkeypatch.setenv("EA_HOME", str(tmp_path_factory.getbasetemp() / "home"))
    for name in ("EA_KEY", "EA_STORE_URL", "EA_WORKERS"):
        monkeypatch.delenv(name, raising=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The folders whose tests take longest begin first, so that two processes end at the same time."""
    longest = ("whole", "nights", "review", "web")
    order = {name: number for number, name in enumerate(longest)}
    items.sort(key=lambda item: order.get(item.path.parent.name, len(longest)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """With EA_NOTHING_SKIPPED a skipped test is a failed one."""
    report = yield
    if os.environ.get("EA_NOTHING_SKIPPED") and report.skipped:  # type: ignore[attr-defined]
        report.outcome = "failed"  # type: ignore[attr-defined]
        report.longrepr = f"skipped where nothing may be: {item.nodeid}"  # type: ignore[attr-defined]
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of example lists beside the repository; the test skips where it is absent."""
    folder = Path(__file__).parents[1].parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is absent")
    return folder


@pytest.fixture(scope="session")
def migrated_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite store at its newest form: a test copies it, it does not migrate."""
    from eligibility_audit.store.base import open_engine

    file = tmp_path_factory.mktemp("migrated") / "store.sqlite"
    engine = open_engine(f"sqlite:///{file}")
    in_one_file(engine)
    return file


def in_one_file(engine: Engine) -> None:
    """Write a SQLite store out of its log into its one file, and close it."""
    with engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """One PostgreSQL server for all tests of this process; yields the URL of its owner's empty database.

    Not in pytest's folder: another pytest that begins meanwhile closes that to the server's account.
    """
    from tests.servers import postgresql

    with tempfile.TemporaryDirectory() as place, postgresql(Path(place)) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str) -> str:
    """The URL of a database at the newest form, with an account `application` that owns nothing: to be copied."""
    from sqlalchemy import text

    from eligibility_audit.store.base import open_engine
    from eligibility_audit.store.guards import grant_to
    from tests.servers import create_database

    url = create_database(postgresql_server, "migrated")
    engine = open_engine(url)
    with engine.connect() as connection:
        connection.execute(text("CREATE ROLE application LOGIN"))
        grant_to(connection, "application")
    engine.dispose()
    return url
