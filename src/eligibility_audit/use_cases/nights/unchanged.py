"""A night on which nothing changed: its run folder is that of the last night, by hard links, each file held against the
manifest first."""

import shutil
from pathlib import Path
from typing import Any

from eligibility_audit.errors import IntegrityError
from eligibility_audit.use_cases.nights.kept import link
from eligibility_audit.use_cases.run_folder import MANIFEST, RunFolder, file_digest, read_manifest


def lay_again(earlier: Path, folder: RunFolder) -> dict[str, Any] | None:
    """Lay the files of an earlier run of the same inputs into the place of a run under way; its manifest.

    None, and nothing done, where the earlier folder is gone, of other inputs, did not end well, or is not what its
    manifest says.
    """
    manifest = _whole(earlier, folder.inputs_digest)
    if manifest is None:
        return None
    half = folder.aside / "unchanged"
    shutil.rmtree(half, ignore_errors=True)
    for name in (*manifest["files"], MANIFEST):
        link(earlier / name, half / name)
    if folder.place.exists():
        folder.place.rmdir()  # empty: checked when the run was opened
    half.replace(folder.place)
    shutil.rmtree(folder.aside, ignore_errors=True)
    return manifest


def _whole(earlier: Path, inputs_digest: str) -> dict[str, Any] | None:
    try:
        manifest = read_manifest(earlier)
        if manifest is None or manifest.get("status") != "done" or manifest.get("inputs_digest") != inputs_digest:
            return None
        same = all(file_digest(earlier / name) == digest for name, digest in manifest["files"].items())
    except (OSError, IntegrityError, KeyError):
        return None
    return manifest if same else None
