"""Check that every file of a run is what its manifest says."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.use_cases.run_folder import MANIFEST, SEALED, file_digest, manifest_text, read_manifest

STEP_OF: Final = {  # how a name begins: Vietnamese, English
    "basis/": ("3–4: dữ kiện, quy tắc", "3–4: facts, rules"),
    "records/": ("1: đọc, chuẩn hóa", "1: read, standardise"),
    "rejects.csv": ("1: đọc, chuẩn hóa", "1: read, standardise"),
    "reconciliation.csv": ("1: đọc, chuẩn hóa", "1: read, standardise"),
    "validation/": ("1: kiểm tra", "1: validate"),
    "links.csv": ("2: ghép", "2: link"),
    "candidates.parquet": ("2: ghép", "2: link"),
    "clusters.parquet": ("2: ghép", "2: link"),
    "contradictions.parquet": ("2: ghép", "2: link"),
    "judgement": ("2: ghép", "2: link"),
    "model.yaml": ("2: ghép", "2: link"),
    "findings.csv": ("4: quy tắc", "4: rules"),
    "recommendations.csv": ("5: đề xuất", "5: recommend"),
}


def verify_run(folder: Path) -> str:
    """A sentence saying that all is whole. Raise IntegrityError naming each file that is changed, missing or new."""
    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(f"{folder}: không phải thư mục của một lần chạy / is not a run folder")
    _check_manifest(folder, manifest)
    said: dict[str, str] = manifest.get("files", {})
    there = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST}
    faults = [f"{name}: thiếu / missing" for name in sorted(said.keys() - there.keys())]
    faults += [f"{name}: không có trong bản kê / not in the manifest" for name in sorted(there.keys() - said.keys())]
    changed = (name for name in sorted(said.keys() & there.keys()) if file_digest(there[name]) != said[name])
    faults += [f"{name}{_step(name)}: đã bị thay đổi / changed" for name in changed]
    if faults:
        raise IntegrityError("Lần chạy không còn nguyên vẹn / the run is not whole:\n  " + "\n  ".join(faults))
    return f"Nguyên vẹn: {len(said)} tệp đúng như bản kê / whole: {len(said)} files are what the manifest says"


def _check_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """The manifest itself: every byte of it is what its seal says. One of an earlier version has none."""
    if SEALED not in manifest:
        return
    bare = manifest_text({name: value for name, value in manifest.items() if name != SEALED})
    same = (folder / MANIFEST).read_bytes() == manifest_text(manifest).encode()
    if not same or hashlib.sha256(bare.encode()).hexdigest() != manifest[SEALED]:
        raise IntegrityError(f"{MANIFEST}: bản kê đã bị thay đổi / the manifest was changed")


def _step(name: str) -> str:
    told = next((words for beginning, words in STEP_OF.items() if name.startswith(beginning)), None)
    return "" if told is None else f" (bước {told[0]} / step {told[1]})"
