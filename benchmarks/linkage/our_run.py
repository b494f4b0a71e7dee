"""Our linkage on one job, in a process of its own: the counterpart of `splink_run.py`.

    python -m benchmarks.linkage.our_run JOB.json

The clock runs from the tables in memory to the pairs on disk; imports do not count. Nothing is fitted beforehand.
"""

import json
import resource
import sys
import time
from pathlib import Path

import pandas as pd

from eligibility_audit.linkage import link_frames


def main() -> None:
    """Do the job of argv[1] and print the measurement."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    tables = [pd.read_parquet(path) for path in job["tables"]]
    wall, cpu = time.perf_counter(), _cpu()
    links = link_frames(tables[0], tables[1] if len(tables) > 1 else None, job["roles"])
    pairs = pd.concat([links.pairs, links.candidates], ignore_index=True)
    pairs[["left_id", "right_id", "match_probability", "match_weight"]].to_parquet(job["pairs"], index=False)
    links.clusters.to_parquet(job["clusters"], index=False)
    measured = {"seconds": time.perf_counter() - wall, "cpu_seconds": _cpu() - cpu}
    print(json.dumps(measured | {"compared": links.report["compared"]}))


def _cpu() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
