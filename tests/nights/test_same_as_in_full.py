"""A night does only what changed, and what comes out is what a full run with the same model gives, byte for byte."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from eligibility_audit.linkage import read_model
from eligibility_audit.use_cases.run_night import NightAsked, NightEnded, plainly, run_night
from tests.nights import invented

FIRST: Final = datetime(2026, 1, 1, 18, tzinfo=UTC)
SCRIPTS: Final = 3
EDITS: Final = 4


def altered(rows: list[list[str]], luck: random.Random) -> None:
    row = luck.choice(rows)
    at = luck.choice([n for n in range(1, len(row)) if n not in (6,)])
    row[at] = luck.choice([*(other[at] for other in rows), ""])


def dropped(rows: list[list[str]], luck: random.Random) -> None:
    del rows[luck.randrange(len(rows))]


def doubled(rows: list[list[str]], luck: random.Random) -> None:
    rows.insert(luck.randrange(len(rows)), list(luck.choice(rows)))


def moved(rows: list[list[str]], luck: random.Random) -> None:
    luck.shuffle(rows)


def added(rows: list[list[str]], luck: random.Random) -> None:
    rows.append([*luck.choice(rows)[:1], *invented.person(luck), *luck.choice(rows)[5:]])


CHANGES: Final[tuple[Callable[[list[list[str]], random.Random], None], ...]] = (altered, dropped, doubled, moved, added)


def edit(folder: Path, luck: random.Random) -> None:
    """A random script of edits to the files of a province."""
    for _ in range(EDITS):
        file = luck.choice(sorted(folder.rglob("*.csv")))
        rows, heading = invented.read(file), invented.heading(file)
        if len(rows) > 5:
            luck.choice(CHANGES)(rows, luck)
        invented.write(file, heading, rows)


def same_files(one: Path, other: Path) -> list[str]:
    """Names of the tables and texts of two run folders that are not the same, or in one of them only."""
    names = {
        path.relative_to(folder).as_posix()
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.suffix in (".csv", ".parquet", ".yaml", ".html")
    }
    return sorted(
        name
        for name in names
        if not ((one / name).exists() and (other / name).exists() and _same(one / name, other / name))
    )


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NightEnded]:
    """A province and its first night."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EA_HOME", str(tmp_path_factory.getbasetemp() / "home"))
        patch.setenv("EA_WORKERS", "1")
        plan = invented.province(tmp_path_factory.mktemp("province") / "p")
        return plan, run_night(NightAsked(plan), now=FIRST)


def test_nights_after_random_edits_are_full_runs_with_the_same_model(
    first: tuple[Path, NightEnded], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EA_WORKERS", "1")
    plan, _ = first
    decided = cases = 0
    for number in range(SCRIPTS):
        edit(plan.parent, random.Random(number))
        night = run_night(NightAsked(plan, accept=True), now=FIRST + timedelta(days=number + 1))
        assert night.status == "done"
        assert night.told["adds_up"]
        model = read_model(Path(night.told["run_folder"]) / "model.yaml")
        full = tmp_path / f"full-{number}"
        monkeypatch.setenv("EA_MODEL", str(Path(night.told["run_folder"]) / "model.yaml"))
        assert plainly(str(plan), str(full)) == "done"
        monkeypatch.delenv("EA_MODEL")
        assert model.digest
        assert same_files(full, Path(night.told["run_folder"])) == []
        decided += night.told["work"]["cases"]["decided"]
        cases += night.told["work"]["cases"]["cases"]
    assert decided < cases, "nothing was carried over"
