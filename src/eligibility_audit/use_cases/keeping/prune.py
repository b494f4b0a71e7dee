"""Run folders whose time is over by the retention table: told, and removed where asked, each logged in the ledger."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from eligibility_audit.domain.dates import VIETNAM
from eligibility_audit.domain.review.people import SYSTEM, Actor
from eligibility_audit.errors import EligibilityAuditError, RefusedError
from eligibility_audit.settings import Settings
from eligibility_audit.store.forgetting import months_before
from eligibility_audit.store.office import Office
from eligibility_audit.store.rested_on import ended_runs, log_pruned, runs_rested_on
from eligibility_audit.store.runs import RunRow
from eligibility_audit.use_cases.keeping.capsule import is_capsule, read
from eligibility_audit.use_cases.review.retention import FORGETS, table
from eligibility_audit.use_cases.run_folder import read_manifest

KIND: Final = "run_folders"


@dataclass(frozen=True)
class Prunable:
    """A run folder: since when it could go, and why it may not (`kept`: Vietnamese / English; empty where it may)."""

    run_id: str
    folder: Path
    ended: date
    kept: str

    def told(self) -> str:
        """In a line."""
        vi = "giữ" if self.kept else "xóa được"
        return f"{self.run_id}  {self.ended:%d/%m/%Y}  {vi}  {self.folder}" + (f"  ({self.kept})" if self.kept else "")


def prunable(office: Office, settings: Settings) -> list[Prunable]:
    """Every run folder whose time is over, and which of them must stay all the same."""
    period = table()[KIND].on(office.today())
    if period.months is None:
        return []
    before = datetime.combine(months_before(office.today(), period.months), time(), VIETNAM).astimezone(UTC)
    runs = [run for run in ended_runs(office) if Path(run.folder).is_dir()]
    old = [run for run in runs if _moment(run) < before]
    if not old:
        return []
    rested, sealed, last = runs_rested_on(office), _sealed(office), _last_nights(settings)
    last |= {Path(runs[-1].folder).resolve()}
    found = []
    for run in old:
        folder = Path(run.folder)
        why = _kept(run, folder, rested, sealed, last)
        found.append(Prunable(run.run_id, folder, _moment(run).astimezone(VIETNAM).date(), why))
    return found


def prune(office: Office, settings: Settings, actor: Actor = SYSTEM) -> list[Prunable]:
    """Remove what `prunable` says may go; returns it. Raises RefusedError where the actor may not."""
    if actor.role not in FORGETS:
        raise RefusedError(["Vai trò của bạn không xóa thư mục. / Your role prunes nothing."])
    for run in ended_runs(office):  # of one that was stopped half-way
        shutil.rmtree(_aside(Path(run.folder)), ignore_errors=True)
    done = [each for each in prunable(office, settings) if not each.kept]
    for each in done:
        files = [path for path in each.folder.rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        log_pruned(office, each.run_id, {"files": len(files), "bytes": size}.items(), actor.user_id)
        each.folder.rename(_aside(each.folder))
        shutil.rmtree(_aside(each.folder))
    return done


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.pruned")


def _kept(run: RunRow, folder: Path, rested: set[str], sealed: set[str], last: set[Path]) -> str:
    """Why a folder stays."""
    if run.run_id in rested:
        return "hồ sơ đang mở dựa vào / open cases rest on it"
    if run.run_id in sealed:
        return "hộp niêm phong dựa vào / capsules rest on it"
    if folder.resolve() in last:
        return "lần chạy hoặc đêm gần nhất / the last run or night"
    try:
        manifest = read_manifest(folder)
    except EligibilityAuditError:
        manifest = None
    if folder.is_symlink() or manifest is None or manifest.get("run_id") != run.run_id:
        return "không còn đúng là thư mục của lần chạy này / is no longer the folder of this run"
    return ""


def _sealed(office: Office) -> set[str]:
    """The runs of the capsules that the office keeps."""
    files = sorted(office.capsules.glob("*.zip")) if office.capsules.is_dir() else []
    return {str(read(path).about["run"]["run_id"]) for path in files if is_capsule(path)}


def _last_nights(settings: Settings) -> set[Path]:
    """The run folders that the nights stand on: what they published last, and the state that the next begins from."""
    return {Path(place).resolve() for note in _notes(settings.nights_folder) for place in note if place}


def _notes(nights: Path) -> Iterator[list[str]]:
    for file in (*nights.glob("*/statements.json"), *nights.glob("*/last*/night.json")):
        try:
            yield [str(json.loads(file.read_text(encoding="utf-8")).get("run_folder", ""))]
        except (OSError, ValueError):
            continue


def _moment(run: RunRow) -> datetime:
    return run.finished_at if run.finished_at.tzinfo else run.finished_at.replace(tzinfo=UTC)
