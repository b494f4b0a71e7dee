"""The parts of a run that are worth a process of their own: files in, files out, nothing shared."""

import json
import os
import threading
from datetime import date
from multiprocessing import parent_process
from multiprocessing.connection import wait
from pathlib import Path
from typing import Final

import pandas as pd

from eligibility_audit import publish, quality, standardise
from eligibility_audit.use_cases.nights.kept import Kept
from eligibility_audit.use_cases.nights.validated import validate_since
from eligibility_audit.use_cases.plugins import load_plugins

USED: Final = "kept_used.json"
FEW_LINES: Final = 400  # of lists that a run prints by itself: some three seconds


def begin() -> None:
    """How a process of a run begins: with the office's plugins, and it ends when the run is killed."""
    load_plugins()
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def gather_kind(parts: list[Path], key: bytes, kind: str, out: Path) -> None:
    """Bring the records of one kind together, give them their ids, write one parquet file."""
    frames = [frame for part in parts if len((frame := pd.read_parquet(part)).columns)]
    records = standardise.assign_record_ids(pd.concat(frames, ignore_index=True), key, kind)
    records.to_parquet(out, index=False, compression="zstd")


def validate_records(
    records: dict[str, Path], as_of: date, out: Path, kept: tuple[Path, dict[str, str]] | None = None
) -> None:
    """Hold the records of each kind against its suite; write the page and the failures into `out`.

    `kept`: a folder of kept steps, and by source file the key of its reading: what was validated before is taken from
    there. The steps used are then named in the file `USED` beside `out`.
    """
    if kept is None:
        checked = [
            v for kind, path in records.items() for v in quality.validate_kind(kind, pd.read_parquet(path), as_of)
        ]
    else:
        store = Kept(kept[0])
        checked = [v for kind, path in records.items() for v in validate_since(kind, path, as_of, store, kept[1])]
        (out.parent / USED).write_text(
            json.dumps({"used": sorted(store.used), "taken": sorted(store.taken)}), encoding="utf-8"
        )
    quality.write_validation(out, checked)


def write_lists(recommendations: Path, out: Path, plan_name: str, as_of: date, run_id: str, root: str) -> None:
    """Write the workbook of lists; each list as PDF and DOCX too where they are few (else: the command `lists`)."""
    made = pd.read_parquet(recommendations)
    batch = publish.Batch(plan_name, as_of, run_id, root=root)
    publish.write_lists(out, made, batch)
    if len(made) <= FEW_LINES:
        from eligibility_audit.publish.list_files import PAPERS, parts, write_part

        for part in parts(made, batch, PAPERS):
            write_part(part, out)
