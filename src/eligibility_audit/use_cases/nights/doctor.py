"""What is wrong with the machine that nights run on, and what to mend: looked at, never changed."""

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

from eligibility_audit.errors import EligibilityAuditError
from eligibility_audit.settings import KEY_FILE, Settings, load_key, load_settings
from eligibility_audit.use_cases.nights.heartbeat import look
from eligibility_audit.use_cases.nights.home import night_home

PYTHON: Final = (3, 11)
PINNED: Final = {"prefect": r"3\.8\.8$", "sqlalchemy": r"2\.0\.", "fastapi": r"0\.(139|14\d|150)(\.|$)"}
PREFECT_DATABASE: Final = "PREFECT_API_DATABASE_CONNECTION_URL"
LOCK: Final = "requirements.lock"
LEAST_FREE: Final = 5 * 1024**3  # bytes
EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)  # a clock before this was never set
AHEAD: Final = timedelta(minutes=2)
State = Literal["right", "wrong", "note"]


@dataclass(frozen=True)
class Check:
    """One thing looked at: a sentence, and where it is wrong what to do."""

    name: str
    state: State
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{ {'right': '✓', 'wrong': '✗', 'note': '·'}[self.state] } {self.name}: {self.vi} / {self.en}"


def examine(plan: Path | None, now: datetime) -> list[Check]:
    """Everything looked at, in order. `plan`: of whose nights the heartbeat is looked at too."""
    checks = [_python(), *_packages()]
    try:
        settings = load_settings()
    except EligibilityAuditError as error:
        return [*checks, _wrong("settings", *_two(error))]
    checks.append(Check("settings", "right", "các biến EA_… hợp lệ", "EA_… variables are valid"))
    looks: Iterable[Callable[[], Iterator[Check]]] = (
        lambda: _folders(settings),
        lambda: _key(settings, plan),
        lambda: _database(settings),
        _law,
        _prefect,
        lambda: _clock(settings, now),
        lambda: _heartbeat(settings, plan, now),
    )
    for each in looks:
        try:
            checks += each()
        except EligibilityAuditError as error:
            checks.append(_wrong(type(error).__name__, *_two(error)))
    return checks


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] >= PYTHON:
        return Check("python", "right", found, found)
    return _wrong("python", f"{found}; cài Python 3.11", f"{found}; install Python 3.11")


def _packages() -> list[Check]:
    """The pins that were tried together, and the lock where the checkout is at hand."""
    checks = []
    for name, pattern in PINNED.items():
        version = metadata.version(name)
        if not re.match(pattern, version):
            said = f"{name} {version} chưa được thử cùng các gói khác; chạy `make setup`"
            checks.append(_wrong("packages", said, "this version was not tried with the others; run `make setup`"))
    lock = Path(__file__).parents[4] / LOCK
    if not lock.is_file():
        return [*checks, Check("packages", "note", f"không có {LOCK} để so", "no lock beside the code to compare with")]
    off = [f"{name} {found} ≠ {locked}" for name, locked, found in _unlike(lock.read_text(encoding="utf-8"))]
    if off:
        some = ", ".join(off[:5])
        checks.append(
            _wrong("packages", f"khác {LOCK}: {some}; chạy `make setup`", "unlike the lock; run `make setup`")
        )
    elif not checks:
        checks.append(Check("packages", "right", f"đúng như {LOCK}", "as in the lock"))
    return checks


def _unlike(lock: str) -> Iterator[tuple[str, str, str]]:
    """Packages of the lock that are installed in another version; those not installed belong to other platforms."""
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lock, re.MULTILINE):
        try:
            found = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        if found != version:
            yield name, version, found


def _folders(settings: Settings) -> Iterator[Check]:
    for name, place in (("EA_HOME", settings.folder), ("EA_NIGHTS", settings.nights_folder)):
        there = next(path for path in (place, *place.parents) if path.exists())
        if not os.access(there, os.W_OK | os.X_OK):
            yield _wrong(name, f"{place}: không ghi được; cấp quyền cho tài khoản chạy đêm", "cannot be written")
        elif place.exists() and place.stat().st_mode & 0o077:
            yield _wrong(name, f"{place}: người khác đọc được; chạy chmod 700", "others can read it; chmod 700")
        else:
            yield Check(name, "right", f"{place}: chỉ chủ đọc được", "readable by its owner alone")
    free = shutil.disk_usage(there).free
    gib = f"{free / 1024**3:.1f} GiB"
    if free < LEAST_FREE:
        yield _wrong("disk", f"còn {gib}; cần ít nhất 5 GiB, dọn các lần chạy cũ", f"{gib} free; make at least 5 GiB")
    else:
        yield Check("disk", "right", f"còn {gib}", f"{gib} free")


def _key(settings: Settings, plan: Path | None) -> Iterator[Check]:
    beside = plan.resolve().parent / KEY_FILE if plan else None
    own = settings.folder / KEY_FILE
    file = beside if beside and beside.exists() else own
    if settings.key is None and not file.exists():
        yield _wrong("key", "chưa có khóa; chạy `eligibility-audit init` hoặc đặt EA_KEY", "there is no key yet")
        return
    load_key(settings, plan.resolve().parent if plan else None)
    if settings.key is None and file.stat().st_mode & 0o077:
        yield _wrong("key", f"{file}: người khác đọc được; chạy chmod 600", "others can read the key; chmod 600")
    else:
        yield Check("key", "right", "có khóa", "the key is there")


def _database(settings: Settings) -> Iterator[Check]:
    from eligibility_audit.store.form import form_of

    try:
        now, wanted = form_of(settings.store)
    except Exception as error:  # noqa: BLE001 - a driver's own errors; their text may hold the address
        name = type(error).__name__
        yield _wrong("database", f"không tới được ({name}); xem EA_STORE_URL và máy chủ", "cannot be reached")
        return
    if now is None:
        yield Check("database", "note", "chưa có bảng; lần chạy đầu sẽ tạo", "no tables yet; the first run makes them")
    elif now != wanted:
        yield _wrong("database", f"dạng {now}, cần {wanted}; mở trang web hoặc chạy một lần để nâng", "another form")
    else:
        yield Check("database", "right", f"tới được, dạng {now}", f"reachable, form {now}")


def _law() -> Iterator[Check]:
    from eligibility_audit.domain.kinds import AUDITED
    from eligibility_audit.law.files import using
    from eligibility_audit.recommend.acts import Acts
    from eligibility_audit.rules.parameters import LawPack
    from eligibility_audit.use_cases.law_asked import law_asked

    with using(law_asked()):
        for programme in AUDITED:
            LawPack.load(programme)
            Acts.load(programme)
    yield Check("law", "right", f"{len(list(AUDITED))} gói luật đọc được", "law packs load")


def _prefect() -> Iterator[Check]:
    address, database = os.environ.get("PREFECT_API_URL", ""), os.environ.get(PREFECT_DATABASE, "")
    if address:
        import httpx

        try:
            httpx.get(f"{address.rstrip('/')}/health", timeout=5).raise_for_status()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            name = type(error).__name__
            yield _wrong("prefect", f"PREFECT_API_URL không trả lời ({name}); khởi động máy chủ", "does not answer")
            return
        yield Check("prefect", "right", "máy chủ trả lời", "the server answers")
    elif database and not database.startswith("postgresql+asyncpg://"):
        yield _wrong("prefect", f"{PREFECT_DATABASE} phải là PostgreSQL (docs/nightly.md)", "must be PostgreSQL")
    else:
        said = "không có máy chủ: chạy tay vẫn được; `nightly-up` cần PostgreSQL"
        yield Check("prefect", "right" if database else "note", said, "no server: fine by hand; nightly-up starts one")


def _clock(settings: Settings, now: datetime) -> Iterator[Check]:
    if now < EARLIEST:
        yield _wrong("clock", f"{now:%d/%m/%Y}; bật chrony hoặc ntpd", "the clock was never set")
        return
    written = [path.stat().st_mtime for path in settings.nights_folder.glob("*/heartbeats.jsonl")]
    if any(datetime.fromtimestamp(at, UTC) > now + AHEAD for at in written):
        yield _wrong("clock", "có tệp của đêm ghi ở tương lai: đồng hồ bị chỉnh lùi", "the clock was set back")
    else:
        yield Check("clock", "right", f"{now:%d/%m/%Y %H:%M} UTC; múi giờ đêm {settings.night_zone}", "plausible")


def _heartbeat(settings: Settings, plan: Path | None, now: datetime) -> Iterator[Check]:
    if plan is None:
        yield Check("heartbeat", "note", "nêu kế hoạch để xem nhịp đêm của nó", "name a plan to see its heartbeat")
        return
    alarms = look(night_home(settings, plan), load_key(settings, plan.resolve().parent), settings, now)
    for alarm in alarms:
        yield _wrong("heartbeat", alarm.vi, alarm.en)
    if not alarms:
        yield Check("heartbeat", "right", "đêm gần nhất chạy tốt", "the last night ran well")


def _wrong(name: str, vi: str, en: str) -> Check:
    return Check(name, "wrong", vi, en)


def _two(error: EligibilityAuditError) -> tuple[str, str]:
    vi, _, en = str(error).partition(" / ")
    return vi, en or vi
