"""Which form the store is of, looked at without bringing it up to date."""

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from eligibility_audit.store.base import head

_FILE = "sqlite:///"


def form_of(url: str) -> tuple[str | None, str]:
    """The form that the store at a URL is of (None: it has no tables yet), and the newest. Raises the driver's error
    where it cannot be reached."""
    if url.startswith(_FILE) and not Path(url.removeprefix(_FILE)).exists():
        return None, head()
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision(), head()
    finally:
        engine.dispose()
