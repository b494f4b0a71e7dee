"""Invent a province with its answer key."""

from pathlib import Path

from eligibility_audit.invention import Files, InventedProvince, Progress, invent


def invent_province(
    persons: int, seed: int, out: Path, files: Files = "auto", progress: Progress | None = None
) -> InventedProvince:
    """Write `out`/province (rosters, references, audit.yaml) and `out`/key; the same seed gives the same files.

    Raises UsageError where `persons` is not from 1,500 to 500,000 or `out` is not empty.
    """
    return invent(persons, seed, out, files, progress)
