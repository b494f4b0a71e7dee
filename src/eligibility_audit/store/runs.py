"""The table of runs: which plan, when, where its folder is, how it ended. SQLite by default, PostgreSQL by a URL."""

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import JSON, DateTime, String, desc, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from eligibility_audit.store import ledger
from eligibility_audit.store.base import Base, open_engine
from eligibility_audit.store.cases import Cases
from eligibility_audit.store.tables import RootRow


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
    """The runs in the store at a SQLAlchemy URL."""

    def __init__(self, url: str) -> None:
        self._engine = open_engine(url)

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

    def last_root(self) -> str:
        """The last root of the ledger, which lists print; empty where the ledger was never sealed."""
        with Session(self._engine) as session:
            return session.scalar(select(RootRow.root).order_by(RootRow.root_no.desc()).limit(1)) or ""

    def seal(self) -> str:
        """Seal the ledger where it has grown since the last root; returns the last root, empty where there is none."""
        with Cases(self._engine).writing() as connection:
            return ledger.seal_grown(connection, datetime.now(UTC))

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()
