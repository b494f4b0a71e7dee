"""Real servers for tests: started here, stopped here."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _tool(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))  # where Debian keeps the server's programs
    return str(found[-1]) if found else shutil.which(name)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of its own on a free port; yields its SQLAlchemy URL. Skips where none is installed."""
    initdb, server = _tool("initdb"), _tool("postgres")
    if not initdb or not server:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    data, port = folder / "pgdata", free_port()
    data.mkdir()
    options: dict[str, object] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses root
        for parent in [data, *data.parents]:
            if parent == Path(parent.anchor) or parent.owner() != "root":
                break
            parent.chmod(parent.stat().st_mode | 0o055)
        shutil.chown(data, "postgres", "postgres")
        options = {"user": "postgres", "group": "postgres", "extra_groups": []}
    subprocess.run(  # type: ignore[call-overload]
        [initdb, "-D", str(data), "-A", "trust", "-U", "audit", "--no-sync", "-E", "UTF8"],
        check=True,
        capture_output=True,
        cwd="/",
        **options,
    )
    process = subprocess.Popen(  # type: ignore[call-overload]
        [
            server,
            "-D",
            str(data),
            "-p",
            str(port),
            "-k",
            str(data),
            "-c",
            "fsync=off",
            "-c",
            "listen_addresses=127.0.0.1",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        **options,
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"postgresql+psycopg://audit@127.0.0.1:{port}/postgres"
    finally:
        process.send_signal(signal.SIGQUIT)  # at once, without a last checkpoint: nobody reads these data again
        process.wait(20)


def create_database(server: str, name: str, template: str = "") -> str:
    """A database of a PostgreSQL server, as a copy where a template is named; returns its URL."""
    from sqlalchemy import create_engine, text

    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")))
    engine.dispose()
    return server.rsplit("/", 1)[0] + f"/{name}"


@contextmanager
def prefect_server(folder: Path) -> Iterator[str]:
    """A Prefect server of its own on a free port; yields the URL of its API."""
    port = free_port()
    env = os.environ | {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
    }
    command = [
        sys.executable,
        "-m",
        "prefect",
        "server",
        "start",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-ui",
    ]
    process = subprocess.Popen(
        command, env=env, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        url = f"http://127.0.0.1:{port}/api"
        until = time.monotonic() + 180
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{url}/health", timeout=2):  # noqa: S310 - our own server
                    break
            except OSError:
                time.sleep(0.5)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # Prefect's background processes ignore SIGINT
        process.wait(30)
