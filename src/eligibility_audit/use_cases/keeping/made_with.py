"""What a run was made with, beside its lists: packages and their versions, and the code of each step by hash."""

import hashlib
import inspect
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from eligibility_audit.rules.assess import import_rules
from eligibility_audit.rules.registry import RULES
from eligibility_audit.use_cases.run_folder import digest_of

PACKAGE: Final = "eligibility-audit"
CODE_OF: Final[Mapping[int, tuple[str, ...]]] = {  # the code of each step; that of each rule is told by itself
    1: ("standardise", "domain/*.py"),
    2: ("linkage",),
    3: ("rules/facts", "rules/assess.py"),
    4: ("rules/*.py", "domain/*.py"),
    5: ("recommend", "domain/*.py"),
    6: ("domain/review",),
}


@cache
def made_with() -> Mapping[str, Any]:
    """Version, Python, `packages` (name to version: all that the package needs, as they are installed), `code` by step
    and `rules` (hash of the module of each rule)."""
    packages = _packages()
    return {
        "version": metadata.version(PACKAGE),
        "python": platform.python_version(),
        "packages": packages,
        "packages_sha256": digest_of(packages),
        "code": {str(step): _digest(places) for step, places in CODE_OF.items()},
        "rules": _rules(),
    }


def _rules() -> dict[str, str]:
    import_rules()
    files = {rule_id: Path(inspect.getfile(rule.predicate)) for rule_id, rule in RULES.items()}
    of_file = {file: hashlib.sha256(file.read_bytes()).hexdigest()[:24] for file in set(files.values())}
    return {rule_id: of_file[file] for rule_id, file in sorted(files.items())}


def _digest(places: Iterable[str]) -> str:
    root = Path(__file__).parents[2]
    total = hashlib.sha256()
    for place in places:
        files = root.glob(place) if "*" in place else [root / place]
        for file in sorted(each for found in files for each in ([found] if found.is_file() else found.rglob("*.py"))):
            total.update(file.relative_to(root).as_posix().encode() + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()[:24]


def _packages() -> dict[str, str]:
    """Every package that this one needs, with what those need in turn."""
    found: dict[str, str] = {}
    waiting = [PACKAGE]
    while waiting:
        name = canonicalize_name(waiting.pop())
        if name in found:
            continue
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # for another system or Python
            continue
        needed = (Requirement(text) for text in metadata.requires(name) or ())
        waiting += [each.name for each in needed if each.marker is None or each.marker.evaluate({"extra": ""})]
    return dict(sorted(found.items()))
