"""What a night says of itself as it goes: JSON lines with the night and the run, counts and states, never a person.

With the extra `telemetry` and EA_TELEMETRY set, the night is a span of OpenTelemetry too.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from eligibility_audit.errors import UsageError
from eligibility_audit.settings import Settings
from eligibility_audit.use_cases import progress

FILE: Final = "log.jsonl"
_bound: dict[str, object] = {}  # night and run; a process runs one night at a time, its steps in many threads
_LOG: Final = logging.getLogger("eligibility_audit.nights")


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        said = {"at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")}
        fields = getattr(record, "fields", {})
        return json.dumps(said | {"event": record.msg} | fields, ensure_ascii=False, default=str)


def say(event: str, **fields: str | float | bool) -> None:
    """Log an event with numbers and states; the night and the run stand with it. `run_id` is kept for what follows."""
    if not _bound:
        return
    if "run_id" in fields:
        _bound["run_id"] = fields["run_id"]
    _LOG.info(event, extra={"fields": {**_bound, **fields}})


@contextmanager
def to_file(folder: Path, label: str, settings: Settings) -> Iterator[None]:
    """Within the block, what is said goes to `log.jsonl` in the folder; an error is logged by its name alone."""
    path = folder / FILE
    path.touch(mode=0o600)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(_JsonLines())
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False
    _bound["night"] = label
    try:
        with _span(label, settings), progress.listening(_step):
            say("started")
            yield
    except BaseException as error:
        say("failed", error=type(error).__name__)
        raise
    finally:
        _bound.clear()
        _LOG.removeHandler(handler)
        handler.close()


def _step(step: str, done: int, total: int) -> None:
    if done == total:
        say("step", step=step, total=total)


@contextmanager
def _span(label: str, settings: Settings) -> Iterator[None]:
    """A span around the night, sent to EA_TELEMETRY; nothing where it is not set. Attributes: the night's name."""
    if settings.telemetry is None:
        yield
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # type: ignore[import-not-found,unused-ignore]
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.trace import StatusCode
    except ImportError:
        raise UsageError(
            "EA_TELEMETRY cần gói thêm: pip install 'eligibility-audit[telemetry]' / EA_TELEMETRY needs the extra"
        ) from None
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=str(settings.telemetry))))
    tracer = provider.get_tracer("eligibility_audit")
    try:
        with tracer.start_as_current_span(
            "night", attributes={"night": label}, record_exception=False, set_status_on_exception=False
        ) as span:  # an error's text may hold a person's data: its name alone goes out
            try:
                yield
            except BaseException as error:
                span.set_status(StatusCode.ERROR, type(error).__name__)
                raise
    finally:
        provider.shutdown()
