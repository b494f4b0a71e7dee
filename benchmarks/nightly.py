"""A night against a full run with the same model and clusters: seconds of work, step by step, without Prefect.

    python -m benchmarks.nightly [--persons N] [--files F] [--share 0.01] [--of-files 0.1] [--out FOLDER] [--profile]

Invents a province, parts its lists into about F files, and runs in turn: the first night, a night on which nothing
changed, a night after 1 % of all lines were edited in a tenth of the files, and the full run that this night stands
for. Each is a process of its own with one worker; what Python spends on importing is told apart. Prints a table and
writes `nightly.json`. The tables of night and full run are held against each other, byte for byte.
"""

import argparse
import csv
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any, Final

import yaml

OUT: Final = Path(__file__).parent / "out"
FIRST: Final = datetime(2026, 1, 1, 18, tzinfo=UTC)
ALTERED: Final = ("cell", "cell", "cell", "cell", "gone", "again")  # what becomes of an edited line
STEPS: Final = ("read_source", "gather", "validate", "link", "assess", "recommend_", "publish_")
PARTS: Final = {
    "run_audit": ("_finish", "keep_night", "write_basis"),
    "run_night": ("difference_of", "write_difference", "read_last_night"),
    "metrics": ("measure",),
    "history": ("follow",),
}


def province(persons: int, files: int, seed: int, out: Path) -> Path:
    """Invent a province and part its lists into about so many files; returns the plan. Kept once it is made."""
    plan = out / "province" / "audit.yaml"
    if plan.exists():
        return plan
    from eligibility_audit.invention import invent

    made = out / "whole"
    shutil.rmtree(made, ignore_errors=True)
    invent(persons, seed, made, "csv")
    source = yaml.safe_load((made / "province" / "audit.yaml").read_text(encoding="utf-8"))
    lines = {each["path"]: _lines(made / "province" / each["path"]) for each in source["sources"]}
    most = max(1, sum(len(rows) for rows in lines.values()) // files)
    half = out / "province.half"
    shutil.rmtree(half, ignore_errors=True)
    for each in source["sources"]:
        rows, path = lines[each["path"]], Path(each["path"])
        top = _headings(rows)
        for number, start in enumerate(range(top, len(rows), most)):
            _write(half / path.with_suffix("") / f"{number:03}.csv", rows[:top] + rows[start : start + most])
        each["path"] = f"{path.with_suffix('').as_posix()}/*.csv"
    (half / "audit.yaml").write_text(yaml.safe_dump(source, allow_unicode=True), encoding="utf-8")
    half.rename(plan.parent)
    shutil.rmtree(made)
    return plan


def edit(folder: Path, share: float, of_files: float, seed: int) -> int:
    """Edit a share of all lines in a share of the files; how many lines that were."""
    luck = random.Random(seed)
    paths = sorted(folder.rglob("*.csv"))
    chosen = luck.sample(paths, max(1, round(of_files * len(paths))))
    tables = {path: _lines(path) for path in paths}
    own = sum(len(tables[path]) for path in chosen)
    wanted = share * sum(len(rows) for rows in tables.values())
    done = 0
    for path in chosen:
        rows = tables[path]
        top = _headings(rows)
        count = min(round(wanted * len(rows) / own), len(rows) - top)
        for at in sorted(luck.sample(range(top, len(rows)), count), reverse=True):
            _edit(rows, at, top, luck)
        done += count
        _write(path, rows)
    return done


def _edit(rows: list[list[str]], at: int, top: int, luck: random.Random) -> None:
    how = luck.choice(ALTERED)
    if how == "gone":
        del rows[at]
    elif how == "again":
        rows.insert(luck.randrange(top, len(rows)), list(rows[luck.randrange(top, len(rows))]))
    else:
        other = rows[luck.randrange(top, len(rows))]
        if len(other) == len(rows[at]) > 1:  # not a total, nor a blank line
            column = luck.randrange(1, len(other))
            rows[at][column] = other[column]


def _lines(path: Path) -> list[list[str]]:
    bytes_ = path.read_bytes()
    wide = bytes_[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = bytes_.decode("utf-16" if wide else "utf-8-sig")
    return list(csv.reader(text.splitlines(), delimiter="\t" if wide else ","))


def _write(path: Path, rows: list[list[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def _headings(rows: list[list[str]]) -> int:
    """Lines before the first one of a person: titles and headings; the first cell of a person's is a number."""
    return next((n for n, row in enumerate(rows) if row and row[0].strip().isdigit()), 1)


class Spent:
    """CPU seconds by step, those of steps within taken off."""

    def __init__(self) -> None:
        self.by: dict[str, float] = {}
        self._inside: list[float] = []

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, whose seconds are counted under a name."""

        @wraps(function)
        def counted(*args: object, **kwargs: object) -> object:
            started = time.process_time()
            self._inside.append(0.0)
            try:
                return function(*args, **kwargs)
            finally:
                took = time.process_time() - started
                self.by[name] = self.by.get(name, 0.0) + took - self._inside.pop()
                if self._inside:
                    self._inside[-1] += took

        return counted


def measured(plan: Path, what: str, out: Path, profile: bool) -> dict[str, Any]:
    """Run a night or the full run it stands for in this process. `what`: a number of nights since the first, or full"""
    import great_expectations  # noqa: F401 - its own import is start-up

    from eligibility_audit.publish import pdf, workbook  # noqa: F401 - the same
    from eligibility_audit.use_cases import run_audit, run_night
    from eligibility_audit.use_cases.nights import history, metrics

    start_up = time.process_time()
    wall = time.perf_counter()
    spent = Spent()
    modules: dict[str, Any] = {"run_audit": run_audit, "run_night": run_night, "metrics": metrics, "history": history}
    for module, names in {**PARTS, "run_audit": (*STEPS, *PARTS["run_audit"])}.items():
        for name in names:
            setattr(modules[module], name, spent.timed(name.strip("_"), getattr(modules[module], name)))
    with _profiled(out / f"{what}.prof" if profile else None):
        if what == "full":
            told = {"run_folder": str(_full(plan, out)), "status": "done"}
        else:
            asked = run_night.NightAsked(plan, accept=True)
            told = dict(run_night.run_night(asked, now=FIRST + timedelta(days=int(what))).told)
    work = time.process_time() - start_up
    kept = ("run_folder", "status", "counts", "work", "adds_up", "order", "unchanged")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "start_up": start_up,
        "work": work,
        "wall": time.perf_counter() - wall,
        "peak_mib": peak,
        "steps": spent.by | {"all else": work - sum(spent.by.values())},
        "told": {name: told[name] for name in kept if name in told},
    }


def _full(plan: Path, out: Path) -> Path:
    """A full run with the model and the clusters that the last night was given."""
    from eligibility_audit.use_cases import run_audit
    from eligibility_audit.use_cases.nights.last_night import read_artefact
    from eligibility_audit.use_cases.run_night import plainly

    place = out / "full"
    shutil.rmtree(place, ignore_errors=True)
    with run_audit.opened(plan, place, artefact=read_artefact(out / "artefact")):
        plainly(str(plan), str(place))
    return place


@contextmanager
def _profiled(path: Path | None) -> Iterator[None]:
    if path is None:
        yield
        return
    from cProfile import Profile

    with Profile() as profile:
        yield
    profile.dump_stats(path)


def apart(plan: Path, what: str, out: Path, profile: bool) -> dict[str, Any]:
    """`measured` in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.nightly", "--measure", what, "--out", str(out)]
    environment = os.environ | {"EA_HOME": str(out / "home"), "EA_WORKERS": "1"}
    done = subprocess.run(
        [*command, *(["--profile"] if profile else [])], env=environment, check=True, stdout=subprocess.PIPE
    )
    print(f"  {what}: {plan.parent.name}", file=sys.stderr)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def unlike(one: Path, other: Path) -> list[str]:
    """Files of two run folders that are not the same, or in one of them only; not those that tell of the run itself."""
    told = {"manifest.json", "report.html"}  # how many pairs were compared is less in a night
    names = {p.relative_to(folder) for folder in (one, other) for p in folder.rglob("*") if p.is_file()}
    both = [name for name in names if name.name not in told]
    same = {n for n in both if (one / n).is_file() and (other / n).is_file() and _bytes(one / n) == _bytes(other / n)}
    return sorted(str(name) for name in set(both) - same)


def _bytes(path: Path) -> bytes:
    return path.read_bytes()


def table(runs: dict[str, dict[str, Any]]) -> str:
    """The runs side by side: a row a step."""
    names = list(dict.fromkeys(name for run in runs.values() for name in run["steps"]))
    rows = [["CPU s", *runs]]
    rows += [[name, *(f"{run['steps'].get(name, 0.0):.2f}" for run in runs.values())] for name in names]
    for name in ("work", "start_up", "wall", "peak_mib"):
        rows.append([name, *(f"{run[name]:.1f}" for run in runs.values())])
    return "\n".join("".join(f"{cell:<20}" if n == 0 else f"{cell:>12}" for n, cell in enumerate(r)) for r in rows)


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=400_000, help="about two and a half lines each")
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--share", type=float, default=0.01)
    parser.add_argument("--of-files", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    out: Path = asked.out or OUT / f"nightly_{asked.persons}_{asked.files}_{asked.seed}"
    plan = out / "province" / "audit.yaml"
    if asked.measure:
        print(json.dumps(measured(plan, asked.measure, out, asked.profile)))
        return 0
    out.mkdir(parents=True, exist_ok=True)
    plan = province(asked.persons, asked.files, asked.seed, out)
    shutil.rmtree(out / "home", ignore_errors=True)
    whole = out / "province.given"
    if whole.exists():
        shutil.rmtree(plan.parent)
        shutil.copytree(whole, plan.parent)
    else:
        shutil.copytree(plan.parent, whole)
    runs = {"first": apart(plan, "0", out, asked.profile), "idle": apart(plan, "1", out, asked.profile)}
    (home,) = (out / "home" / "nights").iterdir()
    shutil.rmtree(out / "artefact", ignore_errors=True)
    shutil.copytree(home / "last", out / "artefact")
    edited = edit(plan.parent, asked.share, asked.of_files, asked.seed)
    runs["night"] = apart(plan, "2", out, asked.profile)
    runs["full"] = apart(plan, "full", out, asked.profile)
    differ = unlike(Path(runs["night"]["told"]["run_folder"]), Path(runs["full"]["told"]["run_folder"]))
    ratio = {name: runs["night"][name] / runs["full"][name] for name in ("work", "wall")}
    said = {"persons": asked.persons, "edited": edited, "ratio": ratio, "differ": differ, "runs": runs}
    (out / "nightly.json").write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"{asked.persons:,} persons, {edited:,} lines edited; load {os.getloadavg()[0]:.1f}")
    print(table(runs))
    print(f"night / full: {ratio['work']:.3f} of the CPU seconds, {ratio['wall']:.3f} of the clock's")
    print("the same, byte for byte" if not differ else f"DIFFER: {', '.join(differ)}")
    return int(bool(differ))


if __name__ == "__main__":
    sys.exit(main())
