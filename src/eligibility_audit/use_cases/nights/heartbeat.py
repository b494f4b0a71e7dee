"""A signed word at the start and the end of each night, and the independent look at whether it came.

The signature is an HMAC-SHA-256 with a key derived from the office's: whoever can write the folder but does not hold
the key cannot make a night that did not run look as if it had. Each word carries the hash of the one before it.
"""

import fcntl
import hashlib
import hmac
import itertools
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from eligibility_audit.settings import Settings
from eligibility_audit.use_cases.nights.home import NightHome, here

FILE: Final = "heartbeats.jsonl"
START, END, REFUSED = "start", "end", "refused"
LATE: Final = timedelta(minutes=30)  # after the hour at which a night was to begin
SLACK: Final = timedelta(minutes=2)  # clocks are set right by seconds every day
GOOD: Final = ("done",)


@dataclass(frozen=True)
class Alarm:
    """Something about the nights that somebody must hear. `code` for machines, the sentence for people."""

    code: str  # missing | late | unfinished | overlap | failed | braked | signature | clock | old
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} / {self.en}"


def beat(home: NightHome, key: bytes, moment: datetime, event: str, label: str, **told: object) -> None:
    """Add a signed word. `told`: counts and states, nothing of a person."""
    handle = os.open(home.folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # a night that is refused says so while another runs
        _cut_half_line(home.folder / FILE)
        before = _lines(home)
        said: dict[str, object] = {
            "event": event,
            "night": label,
            "at": moment.isoformat(timespec="seconds"),
            "number": len(before),
            "before": _hash(before[-1]) if before else "",
            **told,
        }
        text = json.dumps(said | {"signature": _sign(said, key)}, ensure_ascii=False, sort_keys=True, default=str)
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def look(home: NightHome, key: bytes, settings: Settings, now: datetime) -> list[Alarm]:
    """What is wrong with the nights of a plan, as of now; empty where the last one that was due ran and ended well."""
    lines = _lines(home)
    beats = [json.loads(line) for line in lines if _is_json(line)]
    alarms = _tampered(lines, beats, key)
    if alarms:
        return alarms
    alarms = _clocks(beats, now)
    due = _due(settings, now)
    began = [b for b in beats if b["event"] == START]
    if not began:
        return [*alarms, _missing(due)]
    latest = began[-1]
    at = datetime.fromisoformat(latest["at"])
    if at < due - LATE and now > due + LATE:
        alarms.append(_missing(due))
    elif at > due + LATE and at - due < timedelta(hours=20) and not _was_run_by_hand(began, due):
        alarms.append(_late(at, due))
    return alarms + _ending(beats, latest, at, settings, now) + _overlaps(beats, latest)


def _was_run_by_hand(began: Sequence[Mapping[str, Any]], due: datetime) -> bool:
    """A further run on a day whose night came in time."""
    return any(abs(datetime.fromisoformat(b["at"]) - due) <= LATE for b in began)


def _due(settings: Settings, now: datetime) -> datetime:
    """When the last night was to begin."""
    local = here(settings, now)
    due = datetime.combine(local.date(), settings.night_at, tzinfo=local.tzinfo)
    return due if due <= local else due - timedelta(days=1)


def _ending(
    beats: Sequence[Mapping[str, Any]], latest: Mapping[str, Any], at: datetime, settings: Settings, now: datetime
) -> list[Alarm]:
    """What became of the night that began last."""
    number = beats.index(latest)
    ends = [b for b in beats[number:] if b["event"] == END and b["night"] == latest["night"]]
    if not ends:
        hours = timedelta(hours=settings.night_hours)
        if now - at <= hours:
            return []
        return [
            Alarm(
                "unfinished",
                f"Đêm {latest['night']} bắt đầu lúc {at:%d/%m %H:%M} mà chưa kết thúc; có thể đã bị dừng giữa chừng. "
                "Chạy lại `eligibility-audit nightly`, nó sẽ làm tiếp",
                "the night began and has not ended; it may have been killed; run it again, it goes on",
            )
        ]
    status = str(ends[-1].get("status"))
    if status in GOOD:
        return []
    code = status if status in ("failed", "braked") else "failed"
    return [
        Alarm(
            code,
            f"Đêm {latest['night']} không công bố gì ({status}); kết quả cũ vẫn giữ và được ghi là cũ. "
            "Xem night.json của đêm đó",
            "the night published nothing; the statements before it stand and are marked as old; see its night.json",
        )
    ]


def _overlaps(beats: Sequence[Mapping[str, Any]], latest: Mapping[str, Any]) -> list[Alarm]:
    after = beats[beats.index(latest) :]
    if not any(b["event"] == REFUSED for b in after):
        return []
    return [
        Alarm(
            "overlap",
            f"Có lần chạy thứ hai trong khi đêm {latest['night']} đang chạy; đã bị từ chối. Kiểm tra lịch chạy",
            "a second night was started while one was under way, and refused; look at the schedules",
        )
    ]


def _missing(due: datetime) -> Alarm:
    return Alarm(
        "missing",
        f"Không thấy lần chạy nào của đêm {due:%d/%m/%Y %H:%M}. Kiểm tra máy chủ, lịch chạy và dịch vụ",
        "the night did not run; look at the machine, the schedule and the service",
    )


def _late(at: datetime, due: datetime) -> Alarm:
    return Alarm(
        "late",
        f"Đêm của {due:%d/%m/%Y} bắt đầu muộn, lúc {at:%H:%M} thay vì {due:%H:%M}. Kiểm tra hàng đợi của Prefect",
        "the night began late; look at Prefect's queue",
    )


def _tampered(lines: Sequence[str], beats: Sequence[Mapping[str, Any]], key: bytes) -> list[Alarm]:
    broken = len(beats) != len(lines)
    for number, said in enumerate(beats if not broken else ()):
        own = {name: value for name, value in said.items() if name != "signature"}
        chained = said.get("before") == (_hash(lines[number - 1]) if number else "")
        broken |= not chained or not hmac.compare_digest(_sign(own, key), str(said.get("signature")))
    if not broken:
        return []
    return [
        Alarm(
            "signature",
            f"{FILE}: chữ ký hoặc thứ tự không đúng; tệp đã bị sửa, hoặc khóa không phải khóa của văn phòng. Không tin "
            "được đêm nào cho đến khi rõ nguyên nhân",
            "a signature or the order is wrong: the file was altered, or the key is another; trust no night until the "
            "cause is known",
        )
    ]


def _clocks(beats: Sequence[Mapping[str, Any]], now: datetime) -> list[Alarm]:
    moments = [datetime.fromisoformat(b["at"]) for b in beats] + [now]
    if all(one <= other + SLACK for one, other in itertools.pairwise(moments)):
        return []
    return [
        Alarm(
            "clock",
            "Đồng hồ của máy đã bị chỉnh lùi; chỉnh lại giờ (chrony, ntpd), ngày tính của các đêm có thể sai",
            "the clock was set back; set it right, the day of the law taken by nights may be wrong",
        )
    ]


def _cut_half_line(path: Path) -> None:
    """A machine that went down while writing may have left half a line; it was never a word."""
    if path.exists() and (content := path.read_bytes()) and not content.endswith(b"\n"):
        with path.open("r+b") as file:
            file.truncate(content.rfind(b"\n") + 1)


def _lines(home: NightHome) -> list[str]:
    path: Path = home.folder / FILE
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _sign(said: Mapping[str, object], key: bytes) -> str:
    own = hashlib.blake2b(b"heartbeat", key=key, digest_size=32).digest()
    text = json.dumps(dict(said), ensure_ascii=False, sort_keys=True, default=str)
    return hmac.new(own, text.encode(), hashlib.sha256).hexdigest()


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
