"""Invent a province with its answer key."""

import shutil
from pathlib import Path

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.errors import UsageError
from eligibility_audit.invention import Files, InventedProvince, invent
from eligibility_audit.use_cases import progress


def invent_province(*, persons: int, seed: int, out: Path, files: Files = "auto") -> InventedProvince:
    """Write `out`/province (rosters, references, audit.yaml) and `out`/key; the same seed gives the same files.

    Written aside and renamed, so that a province is whole or not there. Raises UsageError where `persons` is not from
    1,500 to 500,000 or `out` is not empty.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out}: không trống; hãy chọn thư mục khác / is not empty; choose another folder")
    aside = out.parent / f".{out.name}.partial"
    shutil.rmtree(aside, ignore_errors=True)
    made = invent(persons, seed, aside, files, progress.tell)
    if out.exists():
        out.rmdir()
    aside.replace(out)
    return InventedProvince(
        plan_path=out / made.plan_path.relative_to(aside),
        key_folder=out / made.key_folder.relative_to(aside),
        counts=made.counts,
        planted=made.planted,
        province=made.province,
        persons=made.persons,
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
