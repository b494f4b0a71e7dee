"""The table of runs: which plan, when, where its folder is, how it ended. SQLite by default, PostgreSQL by a URL."""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import JSON, DateTime, String, create_engine, desc, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from eligibility_audit.errors import UsageError


class Base(DeclarativeBase):
    """The store's tables."""


class RunRow(Base):
    """One run that came to an end: done or braked."""

    __tablename__ = "runs"

    run_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    folder: Mapped[str] = mapped_column(String(1000), primary_key=True)
    plan_name: Mapped[str] = mapped_column(String(200))
    as_of: Mapped[date]
    status: Mapped[str] = mapped_column(String(20))
    counts: Mapped[dict[str, object]] = mapped_column(JSON)
    finished_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Store:
    """The store at a SQLAlchemy URL; its tables are made where they are missing."""

    def __init__(self, url: str) -> None:
        try:
            if url.startswith("sqlite:///"):
                file = Path(url.removeprefix("sqlite:///"))
                file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                if not file.exists():
                    file.touch(mode=0o600)
            self._engine = create_engine(url)
            Base.metadata.create_all(self._engine)
        except (SQLAlchemyError, OSError) as error:
            raise UsageError(
                f"Không mở được kho dữ liệu ({type(error).__name__}); xem lại EA_STORE_URL / "
                "the store cannot be opened; look at EA_STORE_URL"
            ) from None

    def record_run(
        self, *, run_id: str, folder: Path, plan_name: str, as_of: date, status: str, counts: dict[str, object]
    ) -> None:
        """Enter a run that ended; the same run in the same folder is entered once."""
        row = RunRow(
            run_id=run_id,
            folder=str(folder),
            plan_name=plan_name,
            as_of=as_of,
            status=status,
            counts=counts,
            finished_at=datetime.now(UTC),
        )
        with Session(self._engine) as session:
            session.merge(row)
            session.commit()

    def latest_folder(self) -> Path | None:
        """The folder of the run that ended last and is still there; None where there is none."""
        with Session(self._engine) as session:
            for folder in session.scalars(select(RunRow.folder).order_by(desc(RunRow.finished_at))):
                if Path(folder).is_dir():
                    return Path(folder)
        return None

    def runs(self) -> list[RunRow]:
        """All runs, the latest first."""
        with Session(self._engine, expire_on_commit=False) as session:
            return list(session.scalars(select(RunRow).order_by(desc(RunRow.finished_at))))

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()
