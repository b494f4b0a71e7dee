"""Our linkage and Splink on the same tables, one after the other in one run: speed, memory, accuracy, clusters.

    python -m benchmarks.linkage.side_by_side [--rows N ...] [--ours N ...] [--repeats R] [--only NAME ...]

Each run of a tool is a process of its own; the tools alternate, so that a slow minute of the machine hits both; nothing
is warmed up but the disk, which has just been read. Seconds are the least of the repeats (all are kept in the JSON),
memory the most. Accuracy is measured by `eligibility_audit.linkage.evaluation` for both: links at 0.5 as the tool says
them, the best threshold that the labels know of, recall at a precision of 0.99, and clusters (ours; for Splink its
connected components) at every threshold. Writes benchmarks/out/linkage/side_by_side.json and .md.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd
import psutil

from benchmarks.linkage.sets import OUT, Made, invented, others
from benchmarks.whole_run import machine
from eligibility_audit.linkage.evaluation import Evaluation, evaluate

HERE: Final = Path(__file__).parent
PEERS: Final = OUT.parent / "peers"  # the environment of the others
WANTED: Final = ("splink==5.0.0", "duckdb==2.0.0", "pyarrow>=20", "recordlinkage==0.16")
FLOOR: Final = 0.001  # Splink's pairs are kept down to here: its best threshold is looked for among them
TOOLS: Final = ("splink", "ours")
PAUSE: Final = 0.05
MIB: Final = 1024 * 1024


@dataclass
class Run:
    """One run of one tool."""

    tool: str
    seconds: float
    cpu_seconds: float
    peak_mib: float
    compared: int


@dataclass
class Result:
    """One set: its runs, and by tool what the labels say."""

    name: str
    rows: int
    runs: list[Run] = field(default_factory=list)
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)  # a tool that did not finish, and its last words


def environment() -> Path:
    """The Python of the peers' environment, made where it is not there yet."""
    python = PEERS / "bin" / "python"
    if not (PEERS / ".ready").is_file():
        subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *WANTED], check=True)
        (PEERS / ".ready").touch()
    return python


def measure(made: Made, python: Path, tools: tuple[str, ...], repeats: int) -> Result:
    """Run the tools on a set in turn and measure what they found."""
    result = Result(made.name, sum(len(pd.read_parquet(path, columns=[made.roles["id"]])) for path in made.tables))
    for number in range(repeats):
        for tool in tools if number % 2 == 0 else tools[::-1]:
            if tool in result.failed:
                continue
            try:
                result.runs.append(_run(tool, python, _job(made, tool)))
                print(f"  {made.name}, {tool}: {result.runs[-1].seconds:.1f} s", file=sys.stderr)
            except RuntimeError as error:
                result.failed[tool] = str(error)
    labels = made.labels
    for tool in dict.fromkeys(run.tool for run in result.runs if run.tool not in result.failed):
        pairs = pd.read_parquet(made.folder / f"pairs_{tool}.parquet")
        clusters = pd.read_parquet(made.folder / "clusters_ours.parquet") if tool == "ours" else None
        result.scores[tool] = _scores(evaluate(pairs, labels, clusters=clusters, two_sided=len(made.tables) > 1))
    return result


def _job(made: Made, tool: str) -> Path:
    job = {
        "tables": [str(path) for path in made.tables],
        "roles": made.roles,
        "settings": made.settings,
        "pairs": str(made.folder / f"pairs_{tool}.parquet"),
        "clusters": str(made.folder / f"clusters_{tool}.parquet"),
        "floor": FLOOR,
    }
    path = made.folder / f"job_{tool}.json"
    path.write_text(json.dumps(job), encoding="utf-8")
    return path


def _run(tool: str, python: Path, job: Path) -> Run:
    commands = {
        "splink": [str(python), str(HERE / "splink_run.py"), str(job)],
        "ours": [sys.executable, "-m", "benchmarks.linkage.our_run", str(job)],
    }
    with (job.with_suffix(".log")).open("w+", encoding="utf-8") as log:
        child = psutil.Popen(commands[tool], stdout=subprocess.PIPE, stderr=log, text=True, cwd=HERE.parents[1])
        peak, told = _watched(child)
        log.seek(0)
        words = log.read().strip().splitlines()
    if child.returncode or not told:
        raise RuntimeError(words[-1] if words else f"exit code {child.returncode}")
    found = json.loads(told[-1])
    peak = max(peak, found.get("peak_mib", 0.0))
    return Run(tool, round(found["seconds"], 2), round(found["cpu_seconds"], 2), round(peak), found["compared"])


def _watched(child: psutil.Popen) -> tuple[float, list[str]]:
    """The most memory of a process and its children together (MiB), and what it printed."""
    peak = 0.0
    while child.poll() is None:
        peak = max(peak, _resident(child))
        time.sleep(PAUSE)
    return peak, child.stdout.read().strip().splitlines() if child.stdout else []


def _resident(process: psutil.Process) -> float:
    """Resident memory of a process and all its children, MiB."""
    total = 0.0
    try:
        for each in (process, *process.children(recursive=True)):
            total += each.memory_info().rss / MIB
    except psutil.Error:
        pass
    return total


def _scores(measured: Evaluation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(measured.to_json())
    return found


def table(results: list[Result], missing: list[tuple[str, str]], told: dict[str, Any]) -> str:
    """Everything as Markdown."""
    heads = (
        "set", "tool", "s", "CPU s", "MiB", "pairs compared", "F1 at 0.5", "best F1", "at", "recall at P ≥ 0.99",
        "true pairs listed", "cluster F1, least to most", "calibration error",
    )  # fmt: skip
    lines = [
        f"{told['machine']}; {told['cores']} cores; {told['day']}; {told['repeats']} repeats; load before "
        f"{told['load_before']:.1f}; {told['versions']}",
        "",
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
    ]
    for result in results:
        lines += [_line(result, tool) for tool in result.scores]
    lines += [f"\nFailed: {r.name}, {tool}: {why}" for r in results for tool, why in r.failed.items()]
    lines += [f"\nNot here: {name}: {why}" for name, why in missing]
    return "\n".join(lines) + "\n"


def _line(result: Result, tool: str) -> str:
    runs = [run for run in result.runs if run.tool == tool]
    score = result.scores[tool]
    summary = score["summary"]
    clusters = [row["f1"] or 0.0 for row in score["clusters"] if 0.1 <= row["threshold"] <= 0.99]
    cells = (
        f"{result.name} ({result.rows:,})",
        tool,
        f"{min(run.seconds for run in runs):.1f}",
        f"{min(run.cpu_seconds for run in runs):.1f}",
        f"{max(run.peak_mib for run in runs):,.0f}",
        f"{runs[-1].compared:,}",
        *(f"{summary[key] or 0:.4f}" for key in ("f1_at_default", "best_f1")),
        f"{summary['best_threshold'] or 0:.3f}",
        *(f"{summary[key] or 0:.4f}" for key in ("recall_at_precision", "reached")),
        f"{min(clusters):.3f} – {max(clusters):.3f}",
        f"{summary['calibration_error'] or 0:.4f}",
    )
    return "| " + " | ".join(cells) + " |"


def versions(python: Path) -> str:
    """What is measured against what."""
    script = "import splink, duckdb; print(f'Splink {splink.__version__} on DuckDB {duckdb.__version__}')"
    done = subprocess.run([python, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="*", default=[208_496, 1_000_000], help="provinces for both tools")
    parser.add_argument("--ours", type=int, nargs="*", default=[], help="provinces for our tool alone")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="of the other sets only these; none: --only with nothing")
    asked = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    python = environment()
    told = {
        "machine": machine(),
        "cores": os.cpu_count(),
        "day": datetime.now(UTC).date().isoformat(),
        "repeats": asked.repeats,
        "load_before": os.getloadavg()[0],
        "versions": versions(python),
    }
    results: list[Result] = []
    missing: list[tuple[str, str]] = []
    for rows in asked.rows:
        results.append(measure(invented(rows, asked.seed), python, TOOLS, asked.repeats))
    for rows in asked.ours:
        results.append(measure(invented(rows, asked.seed), python, ("ours",), 1))
    for made in others(python):
        if not isinstance(made, Made):
            missing.append(made)
        elif asked.only is None or made.name in asked.only:
            results.append(measure(made, python, TOOLS, asked.repeats))
    kept = {"run": told, "sets": [asdict(result) for result in results], "missing": missing}
    (OUT / "side_by_side.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    text = table(results, missing, told)
    (OUT / "side_by_side.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
