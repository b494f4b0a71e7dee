"""The run folder: written aside, step by step, then renamed into place; a killed run goes on.

While a run is under way its folder is `.<name>.partial` beside the place it will have. A step is a folder
`steps/<name>-<key>`, made under another name and renamed when it is whole, so that a step either is there or is not.
The key of a step is a hash of its inputs: a step whose inputs changed is made anew.
"""

import fcntl
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TextIO

from eligibility_audit.errors import IntegrityError, UsageError

if TYPE_CHECKING:
    from eligibility_audit.use_cases.nights.kept import Kept

MANIFEST = "manifest.json"
SEALED = "manifest_sha256"  # in the manifest: the hash of its own text without this line


def digest_of(*parts: object) -> str:
    """A short hash of the parts' JSON."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass
class RunFolder:
    """A run folder under way. Use as a context: it is locked against a second run on the same place."""

    place: Path
    inputs: Mapping[str, Any]
    timings: dict[str, float] = field(default_factory=dict)
    kept: "Kept | None" = None
    _lock: TextIO | None = None

    @property
    def aside(self) -> Path:
        """Where the run is written until it is whole."""
        return self.place.parent / f".{self.place.name}.partial"

    @property
    def inputs_digest(self) -> str:
        """One hash for all inputs of the run."""
        return digest_of(self.inputs)

    def is_finished(self) -> bool:
        """True where the place already holds this very run; raise UsageError where it holds anything else."""
        if not self.place.exists() or not any(self.place.iterdir()):
            return False
        manifest = read_manifest(self.place)
        if manifest is None or manifest.get("inputs_digest") != self.inputs_digest:
            if self.kept is not None:  # of a night that was killed before it ended: nobody was told of it
                shutil.rmtree(self.place)
                return False
            raise UsageError(
                f"{self.place}: thư mục không trống và không phải của lần chạy này; chọn thư mục khác / "
                "the folder is not empty and not of the same inputs; choose another --out"
            )
        shutil.rmtree(self.aside, ignore_errors=True)  # killed before it was dropped
        return True

    def __enter__(self) -> Self:
        try:
            self.aside.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise UsageError(
                f"{self.place.parent}: không ghi được ({error.strerror}) / cannot be written; choose another --out"
            ) from None
        self._lock = (self.aside / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise UsageError(
                f"{self.place}: một lần chạy khác đang ghi vào đây; hãy đợi / another run is writing here; wait for it"
            ) from None
        stamp = self.aside / "inputs.json"
        if stamp.exists() and json.loads(stamp.read_text(encoding="utf-8")) != self.inputs_digest:
            shutil.rmtree(self.aside / "steps", ignore_errors=True)  # what is there is of other inputs
        stamp.write_text(json.dumps(self.inputs_digest), encoding="utf-8")
        for half in (self.aside / "steps").glob("*.half-*"):  # of a run that was killed
            shutil.rmtree(half, ignore_errors=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._lock is not None:
            self._lock.close()

    def step(self, name: str, key: str, make: Callable[[Path], None], keep: str = "") -> Path:
        """The folder of a step: the one that is there, or a new one that `make` fills.

        `keep`: the name under which a step with this key is taken from earlier runs, and kept for later ones.
        """
        started = time.monotonic()
        done = self.aside / "steps" / f"{name}-{key}"
        if not done.exists():
            half = done.with_name(f"{done.name}.half-{os.getpid()}")  # its own: a killed run's workers may still write
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir(parents=True, mode=0o700)
            if keep and self.kept is not None:
                self.kept.fill(f"{keep}-{key}", half, make)
            else:
                make(half)
            half.rename(done)
        elif self.kept is not None:
            self.kept.goes_on = True
        self.timings[name] = round(self.timings.get(name, 0.0) + time.monotonic() - started, 3)
        return done

    def finish(self, whole: Path, manifest: Mapping[str, Any]) -> None:
        """Write the manifest into `whole` (a step's folder), move it to its place and drop the steps."""
        content = dict(manifest) | {"inputs": dict(self.inputs), "inputs_digest": self.inputs_digest}
        content["files"] = {
            path.relative_to(whole).as_posix(): file_digest(path)
            for path in sorted(whole.rglob("*"))
            if path.is_file() and path.name != MANIFEST
        }
        content[SEALED] = hashlib.sha256(manifest_text(content).encode()).hexdigest()
        (whole / MANIFEST).write_text(manifest_text(content), encoding="utf-8")
        for path in [whole, *whole.rglob("*")]:
            path.chmod(0o700 if path.is_dir() else 0o600)
        if self.place.exists():
            self.place.rmdir()  # empty: checked by is_finished
        whole.replace(self.place)
        shutil.rmtree(self.aside, ignore_errors=True)


def manifest_text(content: Mapping[str, Any]) -> str:
    """The manifest as it is written."""
    return json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n"


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a run folder; None where there is none. Raise IntegrityError where it is not readable."""
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise IntegrityError(f"{path.name}: bản kê của lần chạy bị hỏng / the run's manifest is damaged") from None
    if not isinstance(content, dict):
        raise IntegrityError(f"{path.name}: bản kê của lần chạy bị hỏng / the run's manifest is damaged")
    return content
