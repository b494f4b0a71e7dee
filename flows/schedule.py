"""The nightly schedule kept by one command: a Prefect server on PostgreSQL where none is named, and the nights."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx

from eligibility_audit.errors import UsageError
from eligibility_audit.settings import Settings, load_settings
from eligibility_audit.use_cases.nights.home import night_home

DATABASE: Final = "PREFECT_API_DATABASE_CONNECTION_URL"
API: Final = "PREFECT_API_URL"
PORT: Final = os.environ.get("PREFECT_SERVER_API_PORT", "4200")  # Prefect's own setting
WAIT: Final = 180.0  # seconds for a server to answer


def keep_schedule(plan: Path, as_of: str | None) -> None:
    """Serve the nightly flow until stopped: at EA_NIGHT_AT by the clock of EA_NIGHT_ZONE, one at a time.

    Where PREFECT_API_URL names no server, one is started on the PostgreSQL of PREFECT_API_DATABASE_CONNECTION_URL.
    Raises UsageError where that is none.
    """
    settings = load_settings()
    with _server():  # Prefect reads the address of its server when it is imported
        from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
        from prefect.schedules import Cron

        from eligibility_audit.flows.nightly import mark_stale, nightly

        with night_home(settings, plan).locked() as held:
            if held:  # no night is under way, whatever Prefect remembers
                mark_stale(str(plan))
        nightly.serve(
            name="nightly",
            schedule=Cron(cron(settings), timezone=settings.night_zone),
            tags=["eligibility-audit", "nightly"],
            parameters={"plan": str(plan), "as_of": as_of},
            limit=1,
            pause_on_shutdown=False,  # a night that no one was there to run shows as late
            global_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE),
        )


def cron(settings: Settings) -> str:
    """The hour of the night as cron writes it."""
    return f"{settings.night_at.minute} {settings.night_at.hour} * * *"


@contextmanager
def _server() -> Iterator[None]:
    """A server of our own where the environment names none; it ends with the block."""
    if os.environ.get(API):
        yield
        return
    check_database(os.environ.get(DATABASE, ""))
    process = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", PORT]
    )
    try:
        os.environ[API] = f"http://127.0.0.1:{PORT}/api"
        _wait(process)
        yield
    finally:
        process.terminate()  # Prefect's server ignores an interrupt
        process.wait(timeout=60)


def check_database(url: str) -> None:
    """Raise UsageError where the address of Prefect's database is no PostgreSQL."""
    if not url.startswith("postgresql+asyncpg://"):
        raise UsageError(
            f"{DATABASE}: cần địa chỉ PostgreSQL, như postgresql+asyncpg://user:password@localhost/prefect; SQLite bị "
            "khóa khi nhiều việc cùng chạy, lịch đêm sẽ đứng (docs/nightly.md) / it must be a PostgreSQL address; "
            "SQLite locks when things run at once"
        )


def _wait(process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"http://127.0.0.1:{PORT}/api/health", timeout=2).is_success:
                return
        except httpx.HTTPError:
            time.sleep(1)
    raise UsageError(
        f"Máy chủ Prefect không khởi động được; xem PostgreSQL có chạy và cổng {PORT} có trống / Prefect's server did "
        "not start; see that PostgreSQL runs and that the port is free"
    )
