"""Capsules replayed in a second environment: the built wheel alone, another home, no store, no key.

`python -m benchmarks.replay --capsules 1000 [--run RUN] [--environment .venv-wheel] [--out FOLDER]`

Without `--run` a province is invented and audited first. Without an environment one is made: the wheel is built from
the tree, its packages come from `requirements.lock`. Prints JSON: seconds (CPU and wall) of making and of replaying.
"""

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from eligibility_audit.use_cases.invent_province import invent_province
from eligibility_audit.use_cases.keeping.cut import kept_run
from eligibility_audit.use_cases.keeping.make_capsules import make_capsules, of_cases
from eligibility_audit.use_cases.run_night import plainly

ROOT: Final = Path(__file__).parents[1]
CASES_A_PERSON: Final = 0.03  # of an invented province, at least
PROCESSES: Final = 2


def main() -> None:
    """Make, replay, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--capsules", type=int, default=1000)
    parser.add_argument("--run", type=Path)
    parser.add_argument("--environment", type=Path, default=ROOT / ".venv-wheel")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    out = asked.out or Path(tempfile.mkdtemp(prefix="benchmark-replay-"))
    python = environment(asked.environment, out)
    run = asked.run or _a_run(out, asked.capsules)
    print(json.dumps(measure(run, out, python, asked.capsules), indent=1))


def measure(run: Path, out: Path, python: Path, count: int) -> dict[str, Any]:
    """Make so many capsules here and replay them there; what it took and what came out."""
    wanted = list(of_cases(kept_run(run)))[:count]
    wall, cpu = time.perf_counter(), time.process_time()
    made = make_capsules(run, out / "made", bytes(32), wanted)
    seconds = {"make_wall": time.perf_counter() - wall, "make_cpu": time.process_time() - cpu}
    folders = [out / f"part-{number}" for number in range(PROCESSES)]
    for number, path in enumerate(made):
        folders[number % PROCESSES].mkdir(exist_ok=True)
        shutil.copy2(path, folders[number % PROCESSES] / path.name)
    before, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("EA_", "PYTHON"))}
    env |= {"EA_HOME": str(out / "another-home"), "no_proxy": "*"}
    there = [
        subprocess.Popen(
            [python, "-m", "eligibility_audit", "replay", folder], stdout=subprocess.PIPE, text=True, cwd=out, env=env
        )
        for folder in folders
        if folder.exists()
    ]
    told = [process.communicate()[0] for process in there]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds |= {
        "replay_wall": time.perf_counter() - wall,
        "replay_cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    }
    return {
        "capsules": len(made),
        "bytes_each": sum(path.stat().st_size for path in made) // len(made),
        "processes": len(there),
        "exit_codes": [process.returncode for process in there],
        "said": [text.strip().splitlines()[-1] for text in told],
        "differing": [line for text in told for line in text.splitlines() if "differs at step" in line][:20],
        **{name: round(value, 1) for name, value in seconds.items()},
        "replay_cpu_each": round(seconds["replay_cpu"] / len(made), 3),
    }


def environment(place: Path, out: Path) -> Path:
    """The interpreter of the second environment; made where it is not there."""
    python = place / "bin" / "python"
    if python.exists():
        return python
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out / "dist"), str(ROOT)],
        check=True,
        stdout=sys.stderr,
    )
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    uv, lock = ROOT / ".venv" / "bin" / "uv", ROOT / "requirements.lock"
    wheel = next((out / "dist").glob("*.whl"))
    for command in (["sync", "--require-hashes", str(lock)], ["install", "--no-deps", str(wheel)]):
        subprocess.run([str(uv), "pip", command[0], "--quiet", "--python", str(python), *command[1:]], check=True)
    return python


def _a_run(out: Path, capsules: int) -> Path:
    made = out / "province"
    invent_province(persons=max(2_000, int(capsules / CASES_A_PERSON)), seed=2020, out=made)
    os.environ["EA_HOME"] = str(out / "home")
    status = plainly(str(made / "province" / "audit.yaml"), str(out / "run"))
    if status != "done":
        sys.exit(f"the run ended {status}")
    return out / "run"


if __name__ == "__main__":
    main()
