"""House rules that people forget."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from eligibility_audit.cli import app
from eligibility_audit.domain.plan import plan_schema

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "eligibility_audit"
HEAVY = ("great_expectations", "prefect", "sqlalchemy")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        try:
            found.append((path, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_names_a_package_registry_host() -> None:
    hosts = re.compile(r"py" r"pi\.org|pythonho" r"sted|registry\.npm" r"js|deb\.deb" r"ian\.")
    assert [str(path) for path, text in texts() if hosts.search(text)] == []


def test_no_file_carries_a_path_of_the_machine_it_was_written_on() -> None:
    machine = re.compile(r"(^|[^A-Za-z0-9_.-])/(wo" r"rk|fa" r"rm|ro" r"ot|tm" r"p)/", re.MULTILINE)
    assert [str(path) for path, text in texts() if path.suffix != ".md" and machine.search(text)] == []


def test_no_large_file_is_committed() -> None:
    assert [str(path) for path in tracked() if path.stat().st_size > 1_500_000] == []


@pytest.mark.parametrize("library", HEAVY)
def test_heavy_libraries_are_not_imported_by_the_command_line(library: str) -> None:
    """`inspect`, `explain`, `rules` start in about a second: the heavy libraries wait until they are needed."""
    code = f"import eligibility_audit.cli, sys; sys.exit({library!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("library", "rooms"),
    [
        ("great_expectations", {"quality"}),
        ("sqlalchemy", {"store", "readers"}),
        ("prefect", {"flows"}),
    ],
)
def test_each_heavy_library_is_imported_in_its_room_only(library: str, rooms: set[str]) -> None:
    importing = re.compile(rf"^\s*(?:import|from) {library}\b", re.MULTILINE)
    packages = [*SOURCE.rglob("*.py"), *(ROOT / "flows").rglob("*.py")]
    importers = [path for path in packages if importing.search(path.read_text(encoding="utf-8"))]
    found = {path.relative_to(SOURCE).parts[0] if path.is_relative_to(SOURCE) else "flows" for path in importers}
    assert found <= rooms


def test_every_module_of_the_flows_can_be_imported() -> None:
    names = [path.stem for path in (ROOT / "flows").glob("*.py") if path.stem != "__init__"]
    code = "import importlib; " + "; ".join(f"importlib.import_module('eligibility_audit.flows.{n}')" for n in names)
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_a_page_stands_for_every_finding_code_and_is_what_the_rules_say(tmp_path: Path) -> None:
    """`make docs` writes them; a rule that was changed without its page fails here."""
    from eligibility_audit.use_cases.show_rules import write_catalogue

    write_catalogue(tmp_path, ROOT / "tests")
    made, kept = (
        {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
        for folder in (tmp_path, ROOT / "docs" / "findings")
    )
    assert made == kept


def test_the_list_of_law_to_verify_is_what_the_law_says(tmp_path: Path) -> None:
    from eligibility_audit.use_cases.law_to_verify import write_to_verify

    made = write_to_verify(tmp_path / "law_to_verify.md").read_text(encoding="utf-8")
    assert made == (ROOT / "docs" / "law_to_verify.md").read_text(encoding="utf-8")


def test_the_published_schema_of_the_plan_is_the_one_in_force() -> None:
    published = json.loads((ROOT / "docs" / "audit.schema.json").read_text(encoding="utf-8"))
    assert published == plan_schema()


def test_every_command_is_documented() -> None:
    told = (ROOT / "README.md").read_text(encoding="utf-8") + (ROOT / "docs" / "commands.md").read_text(
        encoding="utf-8"
    )
    names = [command.name or command.callback.__name__ for command in app.registered_commands if command.callback]
    assert [name for name in names if f"eligibility-audit {name}" not in told] == []
