"""The parts of a run that are worth a process of their own: files in, files out, nothing shared."""

from datetime import date
from pathlib import Path

import pandas as pd

from eligibility_audit import publish, quality, standardise


def gather_kind(parts: list[Path], key: bytes, kind: str, out: Path) -> None:
    """Bring the records of one kind together, give them their ids, write one parquet file."""
    frames = [frame for part in parts if len((frame := pd.read_parquet(part)).columns)]
    records = standardise.assign_record_ids(pd.concat(frames, ignore_index=True), key, kind)
    records.to_parquet(out, index=False, compression="zstd")


def validate_records(records: dict[str, Path], as_of: date, out: Path) -> None:
    """Hold the records of each kind against its suite; write the page and the failures into `out`."""
    checked = [v for kind, path in records.items() for v in quality.validate_kind(kind, pd.read_parquet(path), as_of)]
    quality.write_validation(out, checked)


def write_lists(recommendations: Path, out: Path, plan_name: str, as_of: date, run_id: str) -> None:
    """Write the workbook of lists."""
    made = pd.read_parquet(recommendations)
    publish.write_lists(out, made, plan_name=plan_name, as_of=as_of, run_id=run_id)
