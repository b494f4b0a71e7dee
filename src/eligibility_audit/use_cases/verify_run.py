"""Check that every file of a run is what its manifest says."""

from pathlib import Path

from eligibility_audit.errors import IntegrityError, UsageError
from eligibility_audit.use_cases.run_folder import MANIFEST, file_digest, read_manifest


def verify_run(folder: Path) -> str:
    """A sentence saying that all is whole. Raise IntegrityError naming each file that is changed, missing or new."""
    manifest = read_manifest(folder)
    if manifest is None:
        raise UsageError(f"{folder}: không phải thư mục của một lần chạy / is not a run folder")
    said: dict[str, str] = manifest.get("files", {})
    there = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST}
    faults = [f"{name}: thiếu / missing" for name in sorted(said.keys() - there.keys())]
    faults += [f"{name}: không có trong bản kê / not in the manifest" for name in sorted(there.keys() - said.keys())]
    changed = (name for name in sorted(said.keys() & there.keys()) if file_digest(there[name]) != said[name])
    faults += [f"{name}: đã bị thay đổi / changed" for name in changed]
    if faults:
        raise IntegrityError("Lần chạy không còn nguyên vẹn / the run is not whole:\n  " + "\n  ".join(faults))
    return f"Nguyên vẹn: {len(said)} tệp đúng như bản kê / whole: {len(said)} files are what the manifest says"
