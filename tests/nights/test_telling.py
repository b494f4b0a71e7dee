"""Who hears of a night: mail and webhook with counts, the page, and what a machine is told to mend."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any, Final

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from eligibility_audit.errors import UsageError
from eligibility_audit.publish.difference import STATUS_VI, night_message
from eligibility_audit.settings import load_settings
from eligibility_audit.use_cases.nights import doctor, logs, metrics
from eligibility_audit.use_cases.nights.telling import send

NOW: Final = datetime(2026, 3, 10, 18, tzinfo=UTC)
TOLD: Final[dict[str, Any]] = {
    "night": "2026-03-11",
    "plan": "Rà soát",
    "status": "done",
    "as_of": "2020-12-31",
    "run_id": "abc",
    "run_folder": "/srv/nights",
    "proposals": 7,
    "counts": dict.fromkeys(STATUS_VI, 1),
    "by_cause": {"roster": {"new": 1, "cleared": 1, "changed": 1, "more": 5, "less": 0}},
    "brakes": ["rosters/tên tệp.csv: …"],
    "warnings": [],
}


@contextmanager
def listening(status: int) -> Iterator[tuple[str, list[bytes]]]:
    """A web server that answers with a status; its address, and what it was sent."""
    heard: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "expected"), [pytest.param(200, "sent", id="heard"), pytest.param(500, "HTTPStatusError", id="refused")]
)
def test_a_webhook_hears_counts_alone(monkeypatch: pytest.MonkeyPatch, status: int, expected: str) -> None:
    with listening(status) as (address, heard):
        monkeypatch.setenv("EA_NIGHT_WEBHOOK", address)
        assert send(load_settings(), night_message(TOLD), TOLD) == {"webhook": expected}
    said = json.loads(heard[0])
    assert said["counts"] == TOLD["counts"]
    assert said["brakes"] == 1
    assert "tên tệp" not in heard[0].decode()
    assert "run_folder" not in said


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        pytest.param("smtp://127.0.0.1:1", "ConnectionRefusedError", id="nobody listens"),
        pytest.param("smtp://127.0.0.1:smtp", "ValueError", id="a port that is no number"),
    ],
)
def test_mail_that_cannot_be_sent_is_told_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, address: str, expected: str
) -> None:
    for name, value in {"SMTP": address, "MAIL_FROM": "a@b", "MAIL_TO": "c@d"}.items():
        monkeypatch.setenv(f"EA_NIGHT_{name}", value)
    assert send(load_settings(), night_message(TOLD), TOLD) == {"mail": expected}


def test_a_webhook_that_cannot_be_called_at_all_stops_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def post(*_: object, **__: object) -> None:
        raise FileNotFoundError(tmp_path / "certificates")  # as where SSL_CERT_FILE names nothing

    monkeypatch.setattr("httpx.post", post)
    monkeypatch.setenv("EA_NIGHT_WEBHOOK", "https://hooks.invalid/")
    assert send(load_settings(), night_message(TOLD), TOLD) == {"webhook": "FileNotFoundError"}


def test_telemetry_is_told_the_name_of_an_error_never_its_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told: list[str] = []

    class Exporter(SpanExporter):
        def __init__(self, endpoint: str) -> None: ...

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            told.extend(span.to_json() for span in spans)
            return SpanExportResult.SUCCESS

    there = ModuleType("trace_exporter")
    there.OTLPSpanExporter = Exporter  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", there)
    monkeypatch.setenv("EA_TELEMETRY", "http://127.0.0.1:1/")
    with pytest.raises(KeyError), logs.to_file(tmp_path, "2026-03-11", load_settings()):
        raise KeyError("Nguyễn Thị Thử")
    assert len(told) == 1
    assert "KeyError" in told[0]
    assert "Nguy" not in told[0]


def test_a_braked_night_never_says_no_change() -> None:
    subject, text = night_message({**TOLD, "status": "braked", "statements": {"state": "old"}})
    assert "CHƯA CÔNG BỐ GÌ" in subject
    assert "ghi là cũ" in text
    assert "Không đổi" not in subject + text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EA_NIGHT_AT", "25:00"),
        ("EA_NIGHT_ZONE", "Asia/Atlantis"),
        ("EA_NIGHT_HOURS", "0"),
        ("EA_NIGHT_WEBHOOK", "somewhere"),
        ("EA_NIGHT_SMTP", "mail.example"),
        ("EA_NIGHT_MAIL_TO", "nobody"),
        ("EA_TELEMETRY", "collector"),
    ],
)
def test_a_bad_setting_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=name):
        load_settings()
    assert [c.name for c in doctor.examine(None, NOW) if c.state == "wrong" and name in c.en] == ["settings"]


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        pytest.param({}, set(), id="nothing wrong"),
        pytest.param({"EA_KEY": "short"}, {"UsageError"}, id="a key that is none"),
        pytest.param({"EA_STORE_URL": "sqlite:////nowhere/at/all.sqlite"}, set(), id="a store that is not made yet"),
        pytest.param({"EA_STORE_URL": "postgresql+psycopg://127.0.0.1:1/none"}, {"database"}, id="no database"),
        pytest.param({"PREFECT_API_URL": "http://127.0.0.1:1/api"}, {"prefect"}, id="no Prefect server"),
        pytest.param(
            {"PREFECT_API_DATABASE_CONNECTION_URL": "sqlite+aiosqlite:///x"}, {"prefect"}, id="Prefect on SQLite"
        ),
        pytest.param({"EA_LAW": "/nowhere"}, {"LawError"}, id="a folder of law that is not there"),
    ],
)
def test_the_doctor_names_what_to_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harm: dict[str, str], named: set[str]
) -> None:
    monkeypatch.setenv("EA_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "nights").mkdir(parents=True, mode=0o700)
    (tmp_path / "home").chmod(0o700)
    (tmp_path / "home" / "nights").chmod(0o700)
    monkeypatch.setenv("EA_KEY", "ab" * 32)
    for name, value in harm.items():
        monkeypatch.setenv(name, value)
    wrong = {check.name for check in doctor.examine(None, NOW) if check.state == "wrong"} - {"packages"}
    assert wrong == named


def measured(**said: Any) -> dict[str, Any]:
    complete = {"deaths": {"national_id": 0.9}}
    return {
        "records": {"deaths": 1000},
        "complete": complete,
        "pairs": 100,
        "scores": [50, 50],
        "clusters": {"1": 9},
        **said,
    }


@pytest.mark.parametrize(
    ("now", "warned"),
    [
        pytest.param(measured(), False, id="as it was"),
        pytest.param(measured(complete={"deaths": {"national_id": 0.87}}), True, id="fewer lines have a number"),
        pytest.param(measured(records={"deaths": 1100}), False, id="a tenth more records"),
        pytest.param(measured(records={"deaths": 1101}), True, id="more than a tenth more records"),
        pytest.param(measured(pairs=79), True, id="a fifth fewer pairs"),
        pytest.param(measured(scores=[60, 40]), True, id="scores lie otherwise"),
    ],
)
def test_measures_against_the_nights_before(now: dict[str, Any], warned: bool) -> None:
    assert bool(metrics.compare(now, [measured()] * 7)) is warned
    assert metrics.compare(now, [measured()]) == []
