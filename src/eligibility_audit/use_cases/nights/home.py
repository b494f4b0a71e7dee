"""Where the nights of a plan live, and what is said of them to whoever asks."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from eligibility_audit.settings import Settings
from eligibility_audit.use_cases.run_folder import MANIFEST, digest_of

ENDED: Final = "night.json"
STATEMENTS: Final = "statements.json"


@dataclass(frozen=True)
class NightHome:
    """The folder of one plan's nights, for its owner alone: `runs/`, `nights/`, `kept/`, `last/`, and small files."""

    folder: Path

    @property
    def runs(self) -> Path:
        """Run folders, one a night."""
        return self.folder / "runs"

    @property
    def nights(self) -> Path:
        """What is told of each night: difference, metrics, `night.json`."""
        return self.folder / "nights"

    @property
    def kept(self) -> Path:
        """Steps kept by the hash of their inputs."""
        return self.folder / "kept"

    @property
    def last(self) -> Path:
        """The state that the last good night left."""
        return self.folder / "last"

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Hold the place against a second night; False where one is under way."""
        for place in (self.folder.parent, self.folder, self.runs, self.nights, self.kept):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                yield False
            else:
                yield True

    def label(self, now: datetime) -> str:
        """The name of a night that begins now: its day, and a number where that day had one that ended."""
        day, number = now.date().isoformat(), 1
        while (self.nights / (name := day if number == 1 else f"{day}-{number}") / ENDED).exists():
            number += 1
        return name

    def forget_unfinished(self, label: str) -> None:
        """Drop what killed nights of other days left half done; their kept steps stay."""
        for path in self.runs.glob(".*.partial"):
            if path.name != f".{label}.partial":
                shutil.rmtree(path, ignore_errors=True)
        if (self.runs / label).exists() and not (self.runs / label / MANIFEST).exists():
            shutil.rmtree(self.runs / label, ignore_errors=True)

    def statements(self) -> dict[str, Any]:
        """What stands published: `state` (`none`, `current`, `old`), `night`, `run_folder`, `since`, `why`."""
        found = read_json(self.folder / STATEMENTS)
        return {"state": "none"} if found is None else found

    def end(self, label: str, told: Mapping[str, Any]) -> None:
        """Write what became of a night; from then on it has ended."""
        folder = self.nights / label
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_json(folder / ENDED, told)

    def publish(self, statements: Mapping[str, Any]) -> None:
        """Say which night's statements stand, and whether they are of the last night or old."""
        write_json(self.folder / STATEMENTS, statements)


def night_home(settings: Settings, plan: Path) -> NightHome:
    """The nights of a plan, by the address of its file."""
    return NightHome(settings.nights_folder / f"{plan.stem}-{digest_of(str(plan.resolve()))[:8]}")


def here(settings: Settings, now: datetime) -> datetime:
    """A moment by the clock of the office."""
    return now.astimezone(ZoneInfo(settings.night_zone))


def read_json(path: Path) -> Any:
    """The content of a JSON file; None where there is none or it was cut short."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def write_json(path: Path, content: object) -> None:
    """Write a JSON file whole or not at all, for its owner alone."""
    aside = path.with_name(f".{path.name}.partial")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
