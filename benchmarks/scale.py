"""A whole audit of up to a million persons without Prefect: seconds by step, the highest memory of all its processes.

    python -m benchmarks.scale [--persons N …] [--seed S] [--files csv|parquet|workbooks|auto]

Each province is invented once, in a process of its own, and kept under benchmarks/out. Prints a table and writes
benchmarks/out/scale.json.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import psutil

from benchmarks.whole_run import OUT, machine

MIB: Final = 1024 * 1024
PAUSE: Final = 0.2  # seconds between two looks
STEPS: Final = ("read", "gather", "validate", "link", "assess", "recommend", "publish")
INVENT: Final = """import sys; from pathlib import Path; from eligibility_audit.invention import invent
invent(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])"""
AUDIT: Final = """import sys
from eligibility_audit.use_cases.run_night import plainly
if __name__ == "__main__":
    print(plainly(sys.argv[1], sys.argv[2]))
"""


@dataclass
class Sized:
    """One size: seconds by the clock and of the processors, MiB at most, in all and while each step ran."""

    persons: int
    records: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    invent_seconds: float
    invent_mib: float
    machine: str
    load_before: float
    exit_code: int
    timings: dict[str, float] = field(default_factory=dict)
    peaks: dict[str, float] = field(default_factory=dict)


def watched(command: Sequence[str], steps: Path) -> tuple[int, float, float, dict[str, float]]:
    """Run it: exit code, seconds, CPU seconds, MiB at most while each step was under way (by its unfinished folder).

    Memory is the proportional share of each process (PSS), so that pages that two of them map count once.
    """
    started, cpu, peaks = time.perf_counter(), dict[int, float](), dict[str, float]()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    root = psutil.Process(child.pid)
    while child.poll() is None:
        under_way = sorted(path.name.split("-")[0] for path in steps.glob("*.half-*")) or ["between"]
        held = sum(_share(process, cpu) for process in _tree(root)) / MIB
        for name in under_way:
            peaks[name] = max(peaks.get(name, 0.0), held)
        time.sleep(PAUSE)
    return child.returncode, time.perf_counter() - started, sum(cpu.values()), peaks


def _tree(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.Error:
        return []


def _share(process: psutil.Process, cpu: dict[int, float]) -> int:
    try:
        cpu[process.pid] = sum(process.cpu_times()[:2])
        return int(process.memory_full_info().pss)
    except psutil.Error:
        return 0


def measure(persons: int, seed: int, files: str) -> Sized:
    """Invent where it is not there yet, audit, look."""
    folder = OUT / f"province_{persons}_{seed}_{files}"
    seconds, peak = 0.0, 0.0
    if not (folder / "province" / "audit.yaml").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        command = [sys.executable, "-c", INVENT, str(persons), str(seed), str(folder), files]
        _, seconds, _, peaks = watched(command, folder)
        peak = max(peaks.values())
    out = folder / "run"
    os.environ["EA_HOME"] = str(folder / "home")  # a store and a key of its own
    for left in (out, folder / ".run.partial"):
        shutil.rmtree(left, ignore_errors=True)
    script = folder / "audit.py"  # a file: the run's own processes import it
    script.write_text(AUDIT, encoding="utf-8")
    load = os.getloadavg()[0]
    command = [sys.executable, str(script), str(folder / "province" / "audit.yaml"), str(out)]
    code, taken, cpu, peaks = watched(command, folder / ".run.partial" / "steps")
    told = json.loads((out / "manifest.json").read_text(encoding="utf-8")) if code == 0 else {}
    timings: dict[str, float] = {}
    for name, each in told.get("timings", {}).items():
        step = name.split("-")[0] if "of which" not in name else name
        timings[step] = timings.get(step, 0.0) + each
    records = int(told.get("counts", {}).get("records", 0))
    sized = Sized(persons, records, taken, cpu, max(peaks.values()), seconds, peak, machine(), load, code)
    sized.timings, sized.peaks = timings, peaks
    return sized


def show(each: Sized) -> str:
    """One size as a table."""
    lines = [
        f"{each.persons:,} persons, {each.records:,} records; {each.machine}; load before {each.load_before:.1f}",
        f"invented in {each.invent_seconds:.0f} s, {each.invent_mib:,.0f} MiB at most",
        f"{'whole audit':<28}{each.seconds:>9.1f} s{each.cpu_seconds:>9.1f} CPU s{each.peak_mib:>9,.0f} MiB at most"
        f"   exit {each.exit_code}; {1e6 * each.cpu_seconds / max(each.records, 1):.0f} CPU µs a record",
    ]
    for step in STEPS:
        took, peak = each.timings.get(step, 0.0), each.peaks.get(step, 0.0)
        lines.append(f"  {step:<26}{took:>9.1f} s{'':>15}{peak:>9,.0f} MiB")
    return "\n".join(lines)


def main() -> int:
    """Measure each size, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", choices=("csv", "parquet", "workbooks", "auto"), default="csv")
    asked = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    found = []
    for persons in asked.persons:
        found.append(measure(persons, asked.seed, asked.files))
        print(show(found[-1]), flush=True)
    (OUT / "scale.json").write_text(json.dumps([asdict(each) for each in found], indent=1), encoding="utf-8")
    return max(each.exit_code for each in found)


if __name__ == "__main__":
    sys.exit(main())
