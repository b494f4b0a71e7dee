"""Steps kept from run to run by the hash of their inputs: what did not change is not done again.

A kept step is a folder `<name>-<key>` with its files and their hashes. It is laid into a run as hard links (copies
where the disk has none), after every file was held against its hash: one that was changed or cut short is made anew.
"""

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from eligibility_audit.use_cases.run_folder import file_digest

HASHES: Final = "hashes.json"
T = TypeVar("T")


@dataclass
class Kept:
    """Kept steps in a folder. `used`: those that this run took or made, `taken`: those that it need not make.

    `goes_on`: the run was begun by a start that was killed, so that `used` is not all that it needs.
    """

    folder: Path
    used: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    goes_on: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fill(self, name: str, out: Path, make: Callable[[Path], None]) -> bool:
        """Fill the empty folder `out` from the kept step, or by `make`, which is then kept; True where it was kept."""
        taken = self._take(name, out)
        if not taken:
            make(out)
            self._keep(name, out)
        with self._lock:
            self.used.add(name)
            if taken:
                self.taken.add(name)
        return taken

    def has(self, name: str) -> bool:
        """Whether a kept step is there, whole; one that is not is dropped."""
        return bool(self._whole(name))

    def read(self, name: str, load: Callable[[Path], T]) -> T:
        """What `load` makes of the folder of a kept step that is there."""
        self.used.add(name)
        self.taken.add(name)
        return load(self.folder / name)

    def write(self, name: str, save: Callable[[Path], None]) -> None:
        """Keep what `save` writes into a folder."""
        half = self.folder / f"{name}.made"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True, mode=0o700)
        save(half)
        self._keep(name, half)
        shutil.rmtree(half)
        self.used.add(name)

    def add(self, used: Iterable[str], taken: Iterable[str]) -> None:
        """Steps that another process used, and those of them that it need not make."""
        self.used |= set(used)
        self.taken |= set(taken)

    def sweep(self) -> int:
        """Drop what this run did not use; how many steps that were. None where it cannot know all that it used."""
        if self.goes_on or not self.used:
            return 0
        there = [path for path in self.folder.iterdir() if path.name not in self.used] if self.folder.is_dir() else []
        for path in there:
            shutil.rmtree(path, ignore_errors=True)
        return len(there)

    def _whole(self, name: str) -> tuple[str, ...]:
        """The files of a kept step; none where it is not there or one of them is not what it was."""
        step = self.folder / name
        try:
            hashes: dict[str, str] = json.loads((step / HASHES).read_text(encoding="utf-8"))
            if all(file_digest(step / file) == digest for file, digest in hashes.items()):
                return tuple(hashes)
        except (OSError, ValueError):
            pass
        shutil.rmtree(step, ignore_errors=True)
        return ()

    def _take(self, name: str, out: Path) -> bool:
        files = self._whole(name)
        for file in files:
            link(self.folder / name / file, out / file)
        return bool(files)

    def _keep(self, name: str, out: Path) -> None:
        half = self.folder / f"{name}.half-{os.getpid()}-{threading.get_ident()}"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True, mode=0o700)
        files = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
        for file in files:
            link(out / file, half / file)
        hashes = {file: file_digest(half / file) for file in files}
        (half / HASHES).write_text(json.dumps(hashes), encoding="utf-8")
        shutil.rmtree(self.folder / name, ignore_errors=True)
        half.rename(self.folder / name)


def link(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the disk has no links or the two lie on different ones."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
