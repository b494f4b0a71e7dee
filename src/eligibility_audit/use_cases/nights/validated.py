"""Validation of files that did not change is that of the run before: what a file fails hangs on its own records."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd

from eligibility_audit import quality
from eligibility_audit.use_cases.nights.kept import Kept
from eligibility_audit.use_cases.run_folder import digest_of

RESULTS: Final = "results.json"
FAILURES: Final = "failures.parquet"


def validate_since(
    kind: str, records: Path, as_of: date, kept: Kept, read_keys: Mapping[str, str]
) -> list[quality.Validation]:
    """`quality.validate_kind` over the records in a file; only source files that are not among the kept are asked.

    A file's key is that of its reading (its bytes, the code), the day, and the ids of its records, which hang on equal
    lines of other files.
    """
    ids = pd.read_parquet(records, columns=["record_id", "source_file"])
    if ids.empty:
        return quality.validate_kind(kind, pd.read_parquet(records), as_of)
    names = dict(_names(ids, kind, as_of, read_keys))
    missing = [file for file, name in names.items() if not kept.has(name)]
    made: dict[str, quality.Validation] = {}
    if missing:
        whole = pd.read_parquet(records)
        asked = whole[whole["source_file"].isin(missing)].reset_index(drop=True)
        made = {each.source_file: each for each in quality.validate_kind(kind, asked, as_of)}
    return [_through(kept, name, made.get(file)) for file, name in names.items()]


def _names(ids: pd.DataFrame, kind: str, as_of: date, read_keys: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for file, own in ids.groupby("source_file", sort=False)["record_id"]:
        told = hashlib.blake2b("\n".join(own).encode(), digest_size=16).hexdigest()
        yield str(file), f"validate-{digest_of(kind, read_keys[str(file)], str(as_of), told)}"


def _through(kept: Kept, name: str, made: quality.Validation | None) -> quality.Validation:
    """A validation that was made now, and is kept; else the one that was kept."""
    if made is None:
        return kept.read(name, _load)
    kept.write(name, lambda out: _save(made, out))
    return made


def _save(made: quality.Validation, out: Path) -> None:
    said = {"kind": made.kind, "source_file": made.source_file, "records": made.records}
    said["results"] = [asdict(result) for result in made.results]
    (out / RESULTS).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    made.failures.to_parquet(out / FAILURES, index=False)


def _load(folder: Path) -> quality.Validation:
    said = json.loads((folder / RESULTS).read_text(encoding="utf-8"))
    results = tuple(quality.Result(**result) for result in said["results"])
    failures = pd.read_parquet(folder / FAILURES)
    return quality.Validation(said["kind"], said["source_file"], said["records"], results, failures)
