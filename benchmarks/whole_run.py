"""The whole run, workbooks in and lists out, on an invented province of 208,496 people: time, memory, stage by stage.

    python -m benchmarks.whole_run [--persons N] [--seed S] [--files workbooks|auto|csv|parquet]

The province is invented once and kept under benchmarks/out. Prints a table and writes benchmarks/out/whole_run.json.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from eligibility_audit.invention import Files, invent

OUT = Path(__file__).parent / "out"
MIB = 1024 * 1024
PAUSE = 0.25  # seconds between two looks at the process tree


@dataclass
class Measured:
    """One whole run: seconds by the clock, memory of the whole process tree at its highest, seconds by stage."""

    persons: int
    seed: int
    files: str
    machine: str
    cores: int
    measured_on: str
    exit_code: int
    seconds: float
    peak_mib: float
    cpu_seconds: float
    load_before: float
    invent_seconds: float | None
    timings: dict[str, float] = field(default_factory=dict)
    counts: dict[str, object] = field(default_factory=dict)


def province(persons: int, seed: int, files: Files) -> tuple[Path, float | None]:
    """The folder of the invented province, and the seconds it took where it was not there yet."""
    folder = OUT / f"province_{persons}_{seed}_{files}"
    if (folder / "province" / "audit.yaml").is_file():
        return folder, None
    shutil.rmtree(folder, ignore_errors=True)
    started = time.perf_counter()
    invent(persons, seed, folder, files)
    return folder, time.perf_counter() - started


def run(plan: Path, out: Path) -> tuple[int, float, float, float]:
    """Run the audit as a user would; return exit code, seconds, peak MiB of the process tree, CPU seconds."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "eligibility_audit", "run", str(plan), "--out", str(out)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    peak, cpu = 0.0, {}
    watched = psutil.Process(child.pid)
    while child.poll() is None:
        resident = 0
        for process in _tree(watched):
            try:
                with process.oneshot():
                    resident += process.memory_info().rss
                    cpu[process.pid] = sum(process.cpu_times()[:2])
            except psutil.Error:
                continue
        peak = max(peak, resident / MIB)
        time.sleep(PAUSE)
    return child.returncode, time.perf_counter() - started, peak, sum(cpu.values())


def _tree(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def machine() -> str:
    """What the measurement was made on."""
    memory = round(psutil.virtual_memory().total / 1024**3)
    return f"{platform.machine()}, {memory} GiB, Python {platform.python_version()}, {platform.system()}"


def show(result: Measured) -> str:
    """The measurement as a table."""
    lines = [
        f"{result.persons:,} persons, seed {result.seed}, files {result.files}; {result.measured_on}",
        f"{result.machine}; {result.cores} cores",
        f"load before the run: {result.load_before:.1f} (above 0.5 the seconds say little)",
        f"{'whole run':<28}{result.seconds:>10.1f} s{result.peak_mib:>12,.0f} MiB at most   exit {result.exit_code}",
        f"{'CPU':<28}{result.cpu_seconds:>10.1f} s",
    ]
    reading = sum(seconds for stage, seconds in result.timings.items() if stage.startswith("read-"))
    stages = {k: v for k, v in result.timings.items() if not k.startswith(("read-", "of which"))}
    lines += [f"  {stage:<42}{seconds:>10.1f} s" for stage, seconds in stages.items()]
    rest = result.seconds - sum(stages.values())
    lines.append(f"  {'start, Prefect, reading (files side by side)':<44}{rest:>8.1f} s")
    lines.append(f"    {'of which each file by itself, added up':<42}{reading:>8.1f} s")
    lines += [f"    {stage:<42}{v:>8.1f} s" for stage, v in result.timings.items() if stage.startswith("of which")]
    return "\n".join(lines)


def main() -> int:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=208_496)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", choices=("workbooks", "auto", "csv", "parquet"), default="workbooks")
    asked = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    folder, invented = province(asked.persons, asked.seed, asked.files)
    out = folder / "run"
    shutil.rmtree(out, ignore_errors=True)
    load = os.getloadavg()[0]
    code, seconds, peak, cpu = run(folder / "province" / "audit.yaml", out)
    manifest = (
        json.loads((out / "manifest.json").read_text(encoding="utf-8")) if (out / "manifest.json").is_file() else {}
    )
    result = Measured(
        persons=asked.persons,
        seed=asked.seed,
        files=asked.files,
        machine=machine(),
        cores=os.cpu_count() or 0,
        measured_on=datetime.now(UTC).date().isoformat(),
        exit_code=code,
        seconds=seconds,
        peak_mib=peak,
        cpu_seconds=cpu,
        load_before=load,
        invent_seconds=invented,
        timings=manifest.get("timings", {}),
        counts=manifest.get("counts", {}),
    )
    (OUT / "whole_run.json").write_text(json.dumps(asdict(result), ensure_ascii=False, indent=1), encoding="utf-8")
    print(show(result))
    return 0 if code in (0, 1) else code


if __name__ == "__main__":
    sys.exit(main())
