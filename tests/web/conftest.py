"""A real server on a real store of invented cases, and a browser where one is installed."""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import create_engine

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.store import accounts
from eligibility_audit.store.accounts import add_account
from eligibility_audit.store.base import open_engine
from eligibility_audit.store.cases import Proposed
from eligibility_audit.store.office import Office
from eligibility_audit.web import create_app
from eligibility_audit.web.gate import Attempts
from tests.conftest import in_one_file
from tests.servers import free_port
from tests.store.invented import proposed

PASSWORD = "mat khau thu 1"  # noqa: S105 - invented
QUICK = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
CHROMIUM = Path("/usr/bin/chromium")
EVIDENCE = [{"vi": "Sổ đăng ký khai tử số 9/2020.", "en": "Register 9/2020.", "file": "tu.csv", "sheet": "", "row": 4}]


@dataclass
class Clock:
    """A clock that the test moves."""

    now: datetime = datetime(2021, 3, 1, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: int) -> None:
        self.now += timedelta(days=days)


@dataclass
class Served:
    """The server under test."""

    url: str
    office: Office
    clock: Clock
    actors: dict[str, Actor] = field(default_factory=dict)
    app: FastAPI = field(default_factory=FastAPI)

    def client(self, login: str | None = None) -> httpx.Client:
        """A visitor; logged in where a login is named."""
        client = httpx.Client(base_url=self.url, follow_redirects=False, timeout=20)
        if login:
            assert client.post("/login", data={"login": login, "password": PASSWORD}).status_code == 303
        return client


def dossier(number: int = 1, **columns: Any) -> Proposed:
    """A case with a frozen dossier as a run leaves it."""
    made = proposed(number, **columns)
    said = {
        "reason_vi": "Sổ đăng ký khai tử có người trùng họ tên, năm sinh; cần xác minh.",
        "reason_en": "A namesake.",
        "legal_basis": "Điều 32 Luật Hộ tịch 60/2014/QH13",
        "law_mark": made.columns["law_mark"],
    }
    finding = {"finding_id": f"f-{number}", "rule_id": "AO_DEAD_FUZZY", "outcome": "undetermined", "evidence_tier": "B"}
    shown = '[{"vi": "Sổ khai tử số 9/2020.", "en": "Register 9/2020.", "file": "tu.csv", "sheet": "", "row": 4}]'
    both = {"evidence": shown, "evidence_against": "[]"}
    line = {
        **said,
        "evidence_for": shown,
        "evidence_against": "[]",
        "verify_with": "UBND xã",
        "question_vi": "Còn sống không?",
        "who_first": "office",
        "due_basis": "30 ngày",
        "identity_agrees": "họ tên",
        "identity_differs": "ngày sinh",
        "least_change": "Xã xác nhận còn sống.",
        "amount_to_clarify": None,
        "months": None,
    }
    own = {"name": made.columns["name"], "date_of_birth": "1948-05-20", "national_id": "034048000001", "sex": "M"}
    other = {**own, "name": "Ngưới Thử Khác", "date_of_birth": "1948", "kind": "deaths", "national_id": "034048000002"}
    link = {"other": "r-x", "file": "tu.csv", "sheet": "", "row": 4, "probability": 0.83, "sentences": ["Họ tên: gần."]}
    frozen = {
        "recommendation": line,
        "findings": [{**finding, **said, **both}],
        "record": own,
        "others": [{**link, "comparisons": [], "record": other}],
    }
    return Proposed(
        made.case_id, {**made.columns, "national_id": "034048000001", "date_of_birth": "1948-05-20"}, frozen
    )


PEOPLE: tuple[tuple[str, Role, str, list[str], list[tuple[str, str]]], ...] = (
    ("canbo", Role.OFFICER, "Phòng huyện B", ["Huyện B"], []),
    ("xa", Role.COMMUNE_OFFICER, "Xã A", [], [("Xã A", "Huyện B")]),
    ("kiemtra", Role.CHECKER, "Thanh tra Sở", [], []),
    ("kiemtra2", Role.CHECKER, "Phòng huyện B", [], []),
    ("kyten", Role.AUTHORITY, "Ban Giám đốc", [], []),
    ("xem", Role.VIEWER, "Sở", [], []),
)


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords of invented accounts need not be slow to guess; no setting makes those of an office quick."""
    monkeypatch.setattr(accounts, "_hasher", lambda: QUICK)


@pytest.fixture(scope="session")
def office_made(tmp_path_factory: pytest.TempPathFactory, migrated_store: Path) -> tuple[Path, dict[str, Actor]]:
    """A store with cases and accounts, made once: each test has a copy."""
    file = tmp_path_factory.mktemp("office") / "store.sqlite"
    shutil.copy(migrated_store, file)
    clock = Clock()
    office = Office(open_engine(f"sqlite:///{file}"), file.parent, clock=clock)
    office.cases.attach(
        "run-1",
        [
            *(dossier(n) for n in range(1, 6)),
            dossier(6, commune="Xã C", district="Huyện D", name="Ẩn Danh Khác Huyện", name_key="an danh khac huyen"),
            dossier(7, name="<script>alert(1)</script>", name_key="script"),
        ],
        clock(),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accounts, "_hasher", lambda: QUICK)
        made = {
            login: add_account(
                office, login=login, name=f"Người {login}", role=role, unit=unit, password=PASSWORD,
                districts=districts, communes=communes,
            )
            for login, role, unit, districts, communes in PEOPLE
        }  # fmt: skip
    in_one_file(office.engine)
    return file, made


@pytest.fixture(scope="session")
def web_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, FastAPI]]:
    """One server for many tests: each hands it its own office."""
    nothing = Office(create_engine("sqlite://"), tmp_path_factory.mktemp("nothing"))
    app, port = create_app(nothing), free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}", app
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def served(
    tmp_path: Path, office_made: tuple[Path, dict[str, Actor]], web_server: tuple[str, FastAPI]
) -> Iterator[Served]:
    file, actors = office_made
    shutil.copy(file, tmp_path / "store.sqlite")
    clock, (url, app) = Clock(), web_server
    office = Office(open_engine(f"sqlite:///{tmp_path / 'store.sqlite'}"), tmp_path, clock=clock)
    app.state.office, app.state.attempts, app.state.nights = office, Attempts(), None
    yield Served(url, office, clock, dict(actors), app)
    office.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's chromium through Playwright; without it the test is skipped and says so."""
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed (Debian: chromium)")
    from playwright.sync_api import sync_playwright

    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--no-first-run",
    ]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield opened
        opened.close()
