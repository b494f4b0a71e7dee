"""Invent a province, or a long list of people, with its answer key."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.errors import UsageError
from eligibility_audit.invention import Crowd, Files, InventedProvince, invent, invent_crowd
from eligibility_audit.use_cases import progress


def invent_province(*, persons: int, seed: int, out: Path, files: Files = "auto") -> InventedProvince:
    """Write `out`/province (rosters, references, audit.yaml) and `out`/key; the same seed gives the same files.

    Raises UsageError where `persons` is not from 1,500 to 1,000,000 or `out` is not empty.
    """
    with _aside(out) as folder:
        made = invent(persons, seed, folder, files, progress.tell)
    return replace(
        made,
        plan_path=out / made.plan_path.relative_to(folder),
        key_folder=out / made.key_folder.relative_to(folder),
    )


def invent_people(*, rows: int, seed: int, out: Path) -> Crowd:
    """Write one table of people for `link` into `out`, with its roles and its key; the same seed gives the same rows.

    Raises UsageError where `rows` is out of range or `out` is not empty.
    """
    with _aside(out) as folder:
        return invent_crowd(rows, seed, folder, progress.tell)


@contextmanager
def _aside(out: Path) -> Iterator[Path]:
    """A folder beside `out` that is renamed in the end, so that what is invented is whole or not there."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out}: không trống; hãy chọn thư mục khác / is not empty; choose another folder")
    aside = out.parent / f".{out.name}.partial"
    shutil.rmtree(aside, ignore_errors=True)
    yield aside
    if out.exists():
        out.rmdir()
    aside.replace(out)


def describe_people(made: Crowd, out: Path) -> str:
    """What was invented and how to link it, in words."""
    return "\n".join(
        (
            f"Đã bịa {made.rows:,} dòng của {made.persons:,} người; không ai trong đó có thật / {made.rows:,} rows of "
            f"{made.persons:,} people invented; none of them is real",
            f"  Cặp dòng của cùng một người / pairs of rows of one person: {made.pairs:,}",
            f"  Ghép thử và đo / link and measure: eligibility-audit link {out / 'people.parquet'} --model "
            f"{out / 'model.yaml'} --labels {out / 'key' / 'people.parquet'}",
        )
    )


def describe(made: InventedProvince) -> str:
    """What was invented and where it is, in words."""
    lines = [
        f"Đã bịa {made.persons:,} người của {made.province}; không ai trong đó có thật / "
        f"{made.persons:,} people invented; none of them is real",
        *(f"  {KINDS[kind].vi:<52}{count:>9,} dòng / lines" for kind, count in made.counts.items()),
        f"  Kế hoạch / plan: {made.plan_path}",
        f"  Đáp án / answer key: {made.key_folder}",
    ]
    return "\n".join(lines)
