"""Killed, no room left, store gone, clock set back, two at once: does the next start end as an undisturbed one does?

    python -m benchmarks.chaos [--trials N] [--seed S] [--persons N] [--subjects …] [--faults …] [--suites]

A process that has everything imported forks a child a trial (docs/faults.md). The child runs one audit (`run`), or the
night after some lines changed (`night`), on an invented province, and is killed: at the n-th of all moments at which
our code is about to rename, make, link, open for writing or remove anything (`kill-at`), or after a random time
(`kill-when`). Then the same is started once more and every file held against those of an undisturbed one.
Prints a table and writes benchmarks/out/chaos.json.
"""

import argparse
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit import quality
from eligibility_audit.errors import EligibilityAuditError
from eligibility_audit.quality.validation import FAILURE_TYPES
from eligibility_audit.settings import load_key, load_settings
from eligibility_audit.store import Store
from eligibility_audit.use_cases.nights.heartbeat import look
from eligibility_audit.use_cases.nights.home import ENDED, night_home, read_json
from eligibility_audit.use_cases.run_folder import MANIFEST, file_digest
from eligibility_audit.use_cases.run_night import NightAsked, plainly, run_night, settle
from eligibility_audit.use_cases.summarise_run import is_done
from tests.nights import invented

OUT: Final = Path(__file__).parent / "out"
FIRST: Final = datetime(2026, 1, 1, 18, tzinfo=UTC)
SECOND: Final = FIRST + timedelta(days=1)
TOUCHING: Final = ("os.rename", "os.mkdir", "os.rmdir", "os.remove", "os.link", "shutil.rmtree", "shutil.copyfile")
WRITING: Final = os.O_WRONLY | os.O_RDWR
OF_A_START: Final = ("timings", "sent", "work", "read_seconds", "standardise_seconds", "manifest_sha256")
NOT_COMPARED: Final = (
    "heartbeats.jsonl",
    "log.jsonl",
    "lock",
    "crash.txt",
    "kept",
)  # they tell of starts, not of lists
REFUSED: Final = 2
ROOMS: Final = (512, 4_096, 16_384, 65_536, 262_144)  # bytes, of one file


@dataclass
class Fault:
    """What one kind of fault came to."""

    name: str
    trials: int = 0
    same: int = 0
    struck: int = 0  # trials in which the fault came before the end
    found: list[str] = field(default_factory=list)

    def took(self, struck: bool, wrong: Iterable[str]) -> None:
        """One trial more: whether the fault came in time, and what was not as it should be."""
        told = list(wrong)
        self.trials += 1
        self.struck += struck
        self.same += not told
        self.found += told


@dataclass
class Place:
    """Where trials run: always the same folder, put back to how it was before each."""

    folder: Path
    subject: str  # run | night
    points: int = 0
    seconds: float = 0.0
    told: dict[str, str] = field(default_factory=dict)

    @property
    def plan(self) -> Path:
        """The plan of the invented province."""
        return self.folder / "now" / "p" / "audit.yaml"

    @property
    def run_folder(self) -> Path:
        """Where the run under trial is published."""
        if self.subject == "run":
            return self.folder / "now" / "out"
        return night_home(load_settings(), self.plan).runs / "2026-01-03"

    def begin(self) -> None:
        """Put everything back."""
        shutil.rmtree(self.folder / "now", ignore_errors=True)
        shutil.copytree(self.folder / "before", self.folder / "now")
        os.environ["EA_HOME"] = str(self.folder / "now" / "home")

    def work(self) -> None:
        """What is tried: in a process of its own."""
        if self.subject == "run":
            plainly(str(self.plan), str(self.run_folder))
        else:
            run_night(NightAsked(self.plan, accept=True), now=SECOND)

    def go_on(self) -> None:
        """The next start. Of a night that was killed after it had ended only what any next night does first."""
        home = night_home(load_settings(), self.plan)
        if self.subject == "night" and (home.nights / self.run_folder.name / ENDED).exists():
            settle(home)
        else:
            self.work()

    def digests(self) -> dict[str, str]:
        """What stands in the end, by file; without what tells of a start alone."""
        root = self.folder / "now"
        files = [path for path in sorted(root.rglob("*")) if path.is_file() and not _left_out(path.relative_to(root))]
        return {path.relative_to(root).as_posix(): _digest(path) for path in files} | {"runs entered": str(_entered())}


def _left_out(path: Path) -> bool:
    return any(part in NOT_COMPARED for part in path.parts) or path.name.startswith("store.sqlite")


def _digest(path: Path) -> str:
    if path.suffix != ".json":
        return file_digest(path)
    return json.dumps(_without(read_json(path)), sort_keys=True)


def _without(content: Any) -> Any:
    """JSON without what tells of one start: seconds, and how much of the work was left to it."""
    if isinstance(content, dict):
        return {key: _without(value) for key, value in content.items() if key not in OF_A_START}
    if isinstance(content, list):
        return [_without(each) for each in content]
    return content


def _entered() -> list[str]:
    store = Store(load_settings().store)
    try:
        return sorted(f"{row.run_id} {row.status}" for row in store.runs())
    finally:
        store.close()


def in_a_child(work: Callable[[], object], prepare: Callable[[], object] = lambda: None, kill_after: float = 0) -> int:
    """Run it in a forked process; its exit code, negative for a signal. Sentences end in 2, anything else in 70."""
    child = os.fork()
    if child == 0:
        code = 70
        try:
            prepare()
            work()
            code = 0
        except (EligibilityAuditError, OSError) as error:
            code = error.exit_code if isinstance(error, EligibilityAuditError) else REFUSED
            print(f"      {type(error).__name__}: {str(error)[:160]}", flush=True)
        except BaseException as error:  # noqa: BLE001 - a traceback is what the trial looks for
            print(f"      {type(error).__name__}", flush=True)
        finally:
            os._exit(code)
    if kill_after:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)  # a child that has ended waits for us: its number is not another's
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(point: int, root: Path, count: Callable[[int], object] = lambda _n: None) -> Callable[[], None]:
    """Let this process be killed when it is about to touch files below `root` for the n-th time; 0: never."""

    def hook() -> None:
        seen = 0

        def touching(event: str, given: tuple[Any, ...]) -> None:
            nonlocal seen
            touches = event in TOUCHING or (event == "open" and isinstance(given[2], int) and bool(given[2] & WRITING))
            if touches and str(given[0]).startswith(str(root)):
                seen += 1
                count(seen)
                if seen == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(touching)

    return hook


def published_half(folder: Path) -> list[str]:
    """What is wrong with a run folder that is in its place: it is whole, or not there."""
    if not folder.exists() or not any(folder.iterdir()):
        return []
    manifest = read_json(folder / MANIFEST)
    if manifest is None:
        return ["published without a manifest"]
    wrong = [name for name, digest in manifest["files"].items() if file_digest(folder / name) != digest]
    return [f"published half: {name}" for name in wrong]


def unlike(place: Place) -> list[str]:
    """Where what stands now is not what an undisturbed one leaves."""
    now = place.digests()
    lost = [f"lost: {name}" for name in place.told.keys() - now.keys()]
    more = [f"left over: {name}" for name in now.keys() - place.told.keys()]
    other = [f"differs: {name}" for name in place.told.keys() & now.keys() if place.told[name] != now[name]]
    return sorted(lost + more + other)


def killed(place: Place, point: int = 0, after: float = 0) -> tuple[bool, list[str]]:
    """One trial: killed, looked at, started once more, compared."""
    place.begin()
    code = in_a_child(place.work, killed_at(point, place.folder), after)
    wrong = published_half(place.run_folder)
    again = in_a_child(place.go_on) if code else 0
    return code != 0, wrong + ([f"exit {again} after it"] if again else unlike(place))


def limited(place: Place, size: int) -> tuple[bool, list[str]]:
    """No file may grow past `size` bytes, as on a full disk: an exit by a sentence, then it goes on."""
    place.begin()
    room = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))  # noqa: E731
    return _refused_then_same(place, in_a_child(place.work, room))


def without_store(place: Place) -> tuple[bool, list[str]]:
    """The store cannot be reached while it runs."""
    place.begin()
    gone = lambda: os.environ.update(EA_STORE_URL="postgresql+psycopg://nobody@127.0.0.1:9/none")  # noqa: E731
    return _refused_then_same(place, in_a_child(place.work, gone))


def _refused_then_same(place: Place, code: int) -> tuple[bool, list[str]]:
    wrong = published_half(place.run_folder)
    if code not in (0, REFUSED):
        wrong.append(f"exit {code}, not a sentence")
    again = in_a_child(place.go_on) if code else 0
    return code != 0, wrong + ([f"exit {again} after it"] if again else unlike(place))


def two_at_once(place: Place) -> tuple[bool, list[str]]:
    """A second one is started while the first runs: refused, and the first ends as ever."""
    place.begin()
    first = os.fork()
    if first == 0:
        try:
            place.work()
        finally:
            os._exit(0)
    held = place.run_folder.parent / f".{place.run_folder.name}.partial" / "inputs.json"
    while not held.exists():
        time.sleep(0.02)
    second = in_a_child(place.work)
    os.waitpid(first, 0)
    wrong = [] if second == REFUSED else [f"the second one: exit {second}"]
    return second == REFUSED, wrong + unlike(place)


def clock_back(place: Place) -> tuple[bool, list[str]]:
    """The clock is a month back when the night begins: the same lists, and the watch says so."""
    place.begin()
    back = FIRST - timedelta(days=31)
    in_a_child(lambda: run_night(NightAsked(place.plan, accept=True), now=back))
    home, settings = night_home(load_settings(), place.plan), load_settings()
    alarms = look(home, load_key(settings, place.plan.parent), settings, back + timedelta(hours=1))
    wrong = (
        [] if "clock" in {alarm.code for alarm in alarms} else ["the watch does not say that the clock was set back"]
    )
    last = f"{place.run_folder.relative_to(place.folder / 'now').as_posix()}/"
    of_lists = {name: each for name, each in place.told.items() if name.startswith(last)}
    now = place.digests()
    there = {name.replace("2026-01-03", "2025-12-02"): each for name, each in of_lists.items()}
    return True, wrong + [f"differs: {name}" for name, each in there.items() if now.get(name) != each]


def _nothing_asked(kind: str, records: pd.DataFrame, as_of: date) -> list[quality.Validation]:
    empty = pd.DataFrame({name: pd.Series(dtype=type_) for name, type_ in FAILURE_TYPES.items()})
    files = records["source_file"].value_counts(sort=False)
    del as_of
    return [quality.Validation(kind, str(file), int(count), (), empty) for file, count in files.items()]


def prepare(folder: Path, subject: str, persons: int, seed: int) -> Place:
    """A province, for a `night` its first night and some edits; then what an undisturbed one leaves."""
    place = Place(folder, subject)
    (folder / "before" / "home").mkdir(parents=True)
    invented.province(folder / "before" / "p", seed, persons // 3)
    place.begin()
    is_done(place.plan, folder / "none")  # hashes the code once for all trials, should somebody edit it meanwhile
    if subject == "night":
        in_a_child(lambda: run_night(NightAsked(place.plan), now=FIRST))
        roster = folder / "now" / "p" / "rosters" / "hoa_hoc_1.csv"
        rows, heading = invented.read(roster), invented.heading(roster)
        invented.write(roster, heading, [*rows[3:], *([*row[:1], "Đinh Văn Đổi", *row[2:]] for row in rows[:2])])
    else:
        _entered()  # the store is made
    shutil.rmtree(folder / "before")
    shutil.copytree(folder / "now", folder / "before")
    counted = folder / "count"
    place.begin()
    started = time.monotonic()
    code = in_a_child(place.work, killed_at(0, folder, lambda n: None))
    place.seconds = time.monotonic() - started
    place.told = place.digests()
    place.begin()
    in_a_child(place.work, killed_at(0, folder / "now", _writer(counted)))
    place.points = counted.stat().st_size
    counted.unlink()
    if code:
        raise SystemExit(f"the undisturbed {subject} ended with {code}")
    if wrong := unlike(place):  # nothing is to be learnt from trials where two undisturbed ones differ
        raise SystemExit(f"two undisturbed ones differ: {wrong[:5]}")
    return place


def _writer(file: Path) -> Callable[[int], object]:
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    return lambda _n: os.write(handle, b".")


def show(faults: Iterable[Fault]) -> str:
    """The table."""
    lines = [f"{'fault':<28}{'trials':>8}{'struck':>8}{'ended same':>12}  what was wrong"]
    for each in faults:
        said = ", ".join(sorted(set(each.found))[:4]) or "-"
        lines.append(f"{each.name:<28}{each.trials:>8}{each.struck:>8}{each.same:>12}  {said}")
    return "\n".join(lines)


def tried(places: list[Place], trials: int, luck: random.Random, wanted: Iterable[str]) -> list[Fault]:
    """All faults that are wanted, on each place."""
    faults = []
    for place in places:
        each = trials // (2 * len(places))
        points = luck.sample(range(1, place.points + 1), min(each, place.points))
        moments = [luck.uniform(0.02, place.seconds) for _ in range(each)]
        rounds: dict[str, list[Callable[[], tuple[bool, list[str]]]]] = {
            "kill-at": [partial(killed, place, point) for point in points],
            "kill-when": [partial(killed, place, 0, moment) for moment in moments],
            "room": [partial(limited, place, size) for size in ROOMS],
            "store": [partial(without_store, place)],
            "two": [partial(two_at_once, place)],
            "clock": [partial(clock_back, place)] if place.subject == "night" else [],
        }
        for name in (name for name in rounds if name in wanted and rounds[name]):
            fault = Fault(f"{name}, {place.subject}")
            for trial in rounds[name]:
                fault.took(*trial())
            faults.append(fault)
            print(show([fault]), flush=True)
    return faults


def main() -> int:
    """Try, print, keep; 1 where a fault was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=180, help="kills, at moments and after times, of runs and nights")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--persons", type=int, default=1_000)
    parser.add_argument("--subjects", nargs="+", default=["run", "night"])
    parser.add_argument("--faults", nargs="+", default=["kill-at", "kill-when", "room", "store", "two", "clock"])
    parser.add_argument("--suites", action="store_true", help="ask Great Expectations too: three times as slow")
    asked = parser.parse_args()
    os.environ |= {"EA_WORKERS": "1", "EA_KEY": "ab" * 32, "EA_PROGRESS": "off"}
    if not asked.suites:
        quality.validate_kind = _nothing_asked
    quality.preload()
    OUT.mkdir(exist_ok=True)
    luck = random.Random(asked.seed)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        places = [prepare(Path(folder) / name, name, asked.persons, asked.seed) for name in asked.subjects]
        for place in places:
            print(f"{place.subject}: {place.points} moments, {place.seconds:.1f} s undisturbed", flush=True)
        faults = tried(places, asked.trials, luck, asked.faults)
    print(show(faults))
    (OUT / "chaos.json").write_text(json.dumps([asdict(each) for each in faults], ensure_ascii=False, indent=1))
    return int(any(each.found for each in faults))


if __name__ == "__main__":
    sys.exit(main())
