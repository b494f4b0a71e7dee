"""The office: its store, its attachments, and the clock that its acts are dated by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Engine

from eligibility_audit.domain.dates import day_in_vietnam
from eligibility_audit.settings import Settings
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.cases import Cases


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Office:
    """What every use case of the review is handed. `clock` gives the moment, with its time zone."""

    engine: Engine
    attachments: Path
    clock: Callable[[], datetime] = field(default=_now)
    is_practice: bool = False

    @property
    def cases(self) -> Cases:
        """The cases."""
        return Cases(self.engine)

    @property
    def capsules(self) -> Path:
        """The folder of the capsules of signed decisions."""
        return self.attachments.parent / "capsules"

    def today(self) -> date:
        """The day in Vietnam."""
        return day_in_vietnam(self.clock())

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()


def open_office(settings: Settings) -> Office:
    """The office of these settings. Raises UsageError where its store cannot be opened."""
    folder = settings.folder / "attachments"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Office(open_engine(settings.store), folder)
