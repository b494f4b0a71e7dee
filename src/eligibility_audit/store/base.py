"""The connection to the store: SQLite by default, PostgreSQL by a URL; brought to the newest form when it is opened."""

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase

from eligibility_audit.errors import UsageError
from eligibility_audit.store.guards import write_steps

Unreachable = OperationalError  # gone, locked or full: what whoever uses the store may wait out
SECONDS_TO_WAIT = 30  # for another writer


class Base(DeclarativeBase):
    """The store's tables."""


def open_engine(url: str) -> Engine:
    """An engine on a store that is at its newest form.

    A SQLite file is made where it is missing, readable by its owner alone. Raises UsageError where the store cannot be
    opened, or is of an older form and this account may not bring it up to date.
    """
    try:
        engine = _engine(url)
        with engine.connect() as connection:
            _bring_up_to_date(connection)
    except (SQLAlchemyError, OSError) as error:
        raise UsageError(
            f"Không mở được kho dữ liệu ({type(error).__name__}); xem lại EA_STORE_URL / "
            "the store cannot be opened; look at EA_STORE_URL"
        ) from None
    return engine


def unmigrated_engine(url: str) -> Engine:
    """An engine on a store in whatever form it is, for restoring."""
    return _engine(url)


def current(connection: Connection) -> str:
    """The form that a store is in; empty where it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    if url.startswith("sqlite:///") and len(url) > len("sqlite:///"):
        file = Path(url.removeprefix("sqlite:///"))
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            file.touch(mode=0o600)
    engine = create_engine(url, connect_args={"timeout": SECONDS_TO_WAIT})
    event.listen(engine, "connect", _sqlite_settings)
    event.listen(engine, "begin", _begin_at_once)
    return engine


def _sqlite_settings(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin late, and two readers could both become writers
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_at_once(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def head() -> str:
    """The newest form of the store."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config(attributes: Mapping[str, object] | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("eligibility_audit.store") / "migrations"))
    config.attributes.update(attributes or {})
    return config


def _bring_up_to_date(connection: Connection) -> None:
    form = MigrationContext.configure(connection).get_current_revision()
    if form == head():
        return
    connection.rollback()
    if form not in {None, *(step.revision for step in ScriptDirectory.from_config(_config()).walk_revisions())}:
        raise UsageError(
            f"Kho dữ liệu có dạng {form}, bản phần mềm này không biết (của bản mới hơn, hoặc bản phát triển trước); "
            "hãy cài đúng bản, hoặc đặt EA_STORE_URL sang một kho mới. / "
            f"The store is of form {form}, which this version does not know (a newer one's or a development one's); "
            "install the version it belongs to, or set EA_STORE_URL to a new store."
        )
    if connection.dialect.name == "postgresql" and not _may_create(connection):
        raise UsageError(
            "Kho dữ liệu là bản cũ và tài khoản này không được nâng cấp; hãy mở một lần bằng tài khoản chủ sở hữu. / "
            "The store is of an older form and this account may not bring it up to date; open it once as its owner."
        )
    migrate(connection, "head")


def migrate(connection: Connection, revision: str) -> None:
    """Bring the store up or down to a form, and the table of steps with it."""
    command_of = command.downgrade if _is_older(connection, revision) else command.upgrade
    command_of(_config({"connection": connection}), revision)
    if _has_steps(connection):
        write_steps(connection)
    connection.commit()


def _is_older(connection: Connection, revision: str) -> bool:
    current = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    if current is None or revision == "head":
        return False
    script = ScriptDirectory.from_config(_config())
    newer = {step.revision for step in script.iterate_revisions(current, "base")}
    return revision == "base" or (revision in newer and revision != current)


def _has_steps(connection: Connection) -> bool:
    return connection.dialect.has_table(connection, "allowed_steps")


def _may_create(connection: Connection) -> bool:
    may = connection.scalar(text("SELECT has_schema_privilege(current_user, current_schema(), 'CREATE')"))
    connection.rollback()
    return bool(may)
