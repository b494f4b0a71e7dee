"""What one linking leaves to the next: its tables, weighed pairs, clusters and model, in a folder for its owner."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.linkage import FrameLinks, FrameSince, Model, read_model

MODEL, PAIRS, CLUSTERS, FLOOR = "model.yaml", "pairs.parquet", "clusters.parquet", "floor.txt"
TABLES = ("left.parquet", "right.parquet")


@dataclass(frozen=True)
class State:
    """The last linking."""

    since: FrameSince
    clusters: pd.DataFrame
    model: Model


def read_state(folder: Path) -> State | None:
    """The state in a folder; None where there is no folder yet. Raises InputError where it cannot be read."""
    if not folder.exists():
        return None
    try:
        left, right = (pd.read_parquet(folder / name) if (folder / name).exists() else None for name in TABLES)
        pairs, clusters = pd.read_parquet(folder / PAIRS), pd.read_parquet(folder / CLUSTERS)
        floor = float((folder / FLOOR).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"Thư mục {folder.name} không giữ lần ghép trước; hãy xóa đi hoặc chỉ thư mục khác bằng --state."
            f" / The folder {folder.name} holds no state of a linking: remove it, or name another one with --state."
        ) from error
    if left is None:
        raise InputError(f"Thư mục {folder.name} thiếu {TABLES[0]}. / The folder {folder.name} lacks {TABLES[0]}.")
    return State(FrameSince(left, right, pairs, floor), clusters, read_model(folder / MODEL))


def write_state(folder: Path, frames: Sequence[pd.DataFrame], links: FrameLinks) -> None:
    """Keep this linking for the next; the last one is replaced when all is written."""
    aside = folder.with_name(f".{folder.name}.partial")
    columns = _columns(links.model.roles)
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True, mode=0o700)
        for frame, name in zip(frames, TABLES, strict=False):
            frame[columns].to_parquet(aside / name, index=False)
        kept = pd.concat([links.pairs, links.candidates], ignore_index=True)
        kept.to_parquet(aside / PAIRS, index=False)
        links.clusters.to_parquet(aside / CLUSTERS, index=False)
        (aside / FLOOR).write_text(str(links.report["floor"]), encoding="utf-8")
        (aside / MODEL).write_text(links.model.to_text(), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        aside.rename(folder)
    except OSError as error:
        raise UsageError(f"Không ghi được thư mục {folder.name}. / {folder.name} cannot be written.") from error


def _columns(roles: Mapping[str, Any]) -> list[str]:
    named = [column for columns in roles["columns"].values() for column in columns]
    return list(dict.fromkeys([str(roles["id"]), *named]))
