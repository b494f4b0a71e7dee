"""Make the lists of a finished run again: as workbook, PDF, DOCX or tables, of all of it or of one district or commune.

PDF and DOCX are one file a list; a list that is too long for one file is cut by district, then between communes, each
part under a hash of its own. Parts are made side by side, each when it is its turn.
"""

import multiprocessing
import unicodedata
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from itertools import repeat
from pathlib import Path
from typing import Final, Literal

import pandas as pd

from eligibility_audit import publish
from eligibility_audit.domain.plan import Plan
from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.publish.list_files import PAPERS, Part, parts, write_part
from eligibility_audit.publish.lists import listed
from eligibility_audit.publish.slip_sheets import write_slips
from eligibility_audit.settings import Settings, load_settings
from eligibility_audit.store import Store
from eligibility_audit.use_cases.run_folder import file_digest, read_manifest

Format = Literal["xlsx", "pdf", "docx", "csv", "jsonl", "parquet"]
TABLE: Final = "recommendations.csv"
ALONE_BELOW: Final = 150  # lines for which a second process costs more than it brings


@dataclass(frozen=True)
class Wanted:
    """What to make. `lists`: codes, all where empty; `slips`: a page a case beside each list."""

    formats: tuple[Format, ...]
    lists: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    slips: bool = False
    head: publish.Letterhead = field(default_factory=publish.Letterhead)


def make_lists(run_folder: Path, out: Path, wanted: Wanted) -> list[Path]:
    """Write what is wanted of a run into `out`, a new folder; returns the files.

    Raises UsageError for a folder that is no finished run, a place or list that it has not, or an `out` that is not
    empty; IntegrityError where the run's table is not the one that its manifest knows.
    """
    recommendations, batch = of_run(run_folder, load_settings())
    if out.exists() and any(out.iterdir()):
        raise UsageError(f"{out}: thư mục không trống; chọn thư mục khác / is not empty; choose another --out")
    kept = cut(recommendations, wanted)
    places = [*wanted.communes, *wanted.districts]
    batch = replace(batch, place=", ".join(places), head=wanted.head)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    made: list[Path] = []
    if "xlsx" in wanted.formats:
        made += publish.write_lists(out, kept, batch)
        if wanted.slips:
            made.append(write_slips(out, kept, batch))
    for name in ("csv", "jsonl", "parquet"):
        if name in wanted.formats:
            path = out / f"recommendations.{name}"
            publish.write_interchange(kept, path)
            made.append(path)
    forms = tuple(name for name in PAPERS if name in wanted.formats)
    made += _side_by_side(list(parts(kept, batch, forms, slips=wanted.slips)), out)
    for path in made:
        path.chmod(0o600)
    return made


def _side_by_side(made: Sequence[Part], out: Path) -> list[Path]:
    """Write each part as a file; where they are many in processes of their own, not for long: typst keeps memory."""
    workers = load_settings().workers
    if sum(len(part.lines) for part in made) < ALONE_BELOW or workers < 2:
        return [write_part(part, out) for part in made]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, max_tasks_per_child=10) as pool:
        return list(pool.map(write_part, made, repeat(out)))


def of_run(run_folder: Path, settings: Settings) -> tuple[pd.DataFrame, publish.Batch]:
    """The recommendations of a published run, as its manifest knows them. Raises UsageError, IntegrityError."""
    manifest = read_manifest(run_folder)
    if manifest is None or not (run_folder / TABLE).is_file():
        raise UsageError(
            f"{run_folder}: không phải thư mục của một lần chạy đã công bố danh sách / "
            "is not the folder of a run that published lists"
        )
    if file_digest(run_folder / TABLE) != manifest.get("files", {}).get(TABLE):
        raise IntegrityError(
            f"{TABLE}: đã bị thay đổi sau lần chạy; không lập danh sách từ tệp này / was changed after the run; "
            "no list is made of it"
        )
    store = Store(settings.store)
    root = store.last_root()
    store.close()
    plan, day = Plan.model_validate(manifest["plan"]), date.fromisoformat(manifest["as_of"])
    return publish.read_csv(run_folder / TABLE), publish.Batch(plan.name, day, manifest["run_id"], root=root)


def cut(recommendations: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    """The recommendations of the places and lists that are wanted."""
    lines = listed(recommendations)
    for column, names, vi, en in (
        ("district", wanted.districts, "huyện", "district"),
        ("commune", wanted.communes, "xã", "commune"),
        ("list", wanted.lists, "danh sách", "list"),
    ):
        if names:
            known = {_folded(str(name)): str(name) for name in lines[column].unique()}
            wanted_of = {_folded(_known(name, known, vi, en)) for name in names}  # in all ways that it is written
            lines = lines[lines[column].isin([name for name in lines[column].unique() if _folded(name) in wanted_of])]
    return lines.drop(columns="list")


def _known(name: str, known: dict[str, str], vi: str, en: str) -> str:
    if _folded(name) in known:
        return known[_folded(name)]
    near = get_close_matches(_folded(name), known, n=1)
    hint = f"; có phải {known[near[0]]}? / did you mean that one?" if near else ""
    raise UsageError(f"Lần chạy này không có {vi} “{name}” / this run has no such {en}{hint}")


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
