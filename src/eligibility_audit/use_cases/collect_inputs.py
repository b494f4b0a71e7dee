"""What a run depends on, by hash: plan, sources, code, law, model, judgements, key. Same inputs, same bytes."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from eligibility_audit.domain.plan import Plan, Source
from eligibility_audit.errors import InputError
from eligibility_audit.law.files import Law
from eligibility_audit.readers import SourceSpec, source_files
from eligibility_audit.use_cases.plugins import load_plugins
from eligibility_audit.use_cases.run_folder import digest_of
from eligibility_audit.use_cases.source_file import SourceFile, source_file

CODE = (".py", ".j2", ".css")
DATA = (".yaml", ".json")
PACKAGES = ("pandas", "pyarrow", "numpy", "rapidfuzz", "python-calamine", "great-expectations", "vietnamadminunits")


def collect_sources(plan: Plan, base: Path) -> tuple[SourceFile, ...]:
    """Every file and table that the plan names, in its order. Raise InputError for one missing or named twice."""
    specs = [_spec(source) for source in plan.sources]
    found = [source_file(spec, item, base) for spec in specs for item in source_files(spec, base)]
    seen: set[str] = set()
    for file in found:
        if file.name in seen:
            raise InputError(
                f"{file.name}: kế hoạch nêu hai lần; mỗi tệp chỉ nêu một lần / the plan names it twice; name it once"
            )
        seen.add(file.name)
    return tuple(found)


def collect_inputs(plan: Plan, sources: tuple[SourceFile, ...], key: bytes, law: Law) -> dict[str, object]:
    """The hashes that stand in the manifest as inputs."""
    return {
        "plan": digest_of(plan.model_dump(mode="json")),
        "sources": {file.name: file.digest() for file in sources},
        "code": _package_digest(CODE),
        "law": {"installed": _package_digest(DATA), **law.sources()},
        "plugins": [plugin.source() for plugin in load_plugins()],
        "packages": {name: metadata.version(name) for name in PACKAGES},
        "model": "fitted",
        "judgements": "none",
        "cases": "none",
        "key": hashlib.blake2b(b"key in use", key=key, digest_size=12).hexdigest(),
    }


def _spec(source: Source) -> SourceSpec:
    return SourceSpec(
        kind=source.kind,
        path=source.path or "",
        sql=source.sql or "",
        order_by=source.order_by or "",
        sheets=source.sheets,
        columns=dict(source.columns),
        encoding=source.encoding or "",
    )


@cache
def _package_digest(suffixes: tuple[str, ...]) -> str:
    """One hash over the package's own files of these kinds."""
    folder = Path(__file__).parents[1]
    total = hashlib.sha256()
    for path in sorted(_files(folder)):
        if path.suffix in suffixes:
            total.update(path.relative_to(folder).as_posix().encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir():  # `flows` and `expectations` are links in the source tree and folders in the wheel
            yield from _files(path)
        else:
            yield path
