"""A night publishes nothing where its lists cannot be trusted; else it does only what changed, and what comes out is
what a full run with the same model gives, byte for byte.

Great Expectations is not asked here (eight seconds): `test_validated.py` holds what is taken over of it.
"""

import pickle
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pandas as pd
import pytest

from eligibility_audit import quality
from eligibility_audit.errors import UsageError
from eligibility_audit.quality.validation import FAILURE_TYPES
from eligibility_audit.use_cases import run_audit
from eligibility_audit.use_cases.nights.home import NightHome
from eligibility_audit.use_cases.nights.kept import Kept
from eligibility_audit.use_cases.nights.last_night import Since, read_last_night
from eligibility_audit.use_cases.run_night import NightAsked, NightEnded, plainly, run_night
from tests.nights import invented

FIRST: Final = datetime(2026, 1, 1, 18, tzinfo=UTC)
EDITS: Final = 4
REPORT: Final = "report.html"  # it tells how many pairs were compared, which is less in a night


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
        if path.suffix in (".csv", ".parquet", ".yaml", ".html") and path.name != REPORT
    }
    return sorted(
        name
        for name in names
        if not ((one / name).exists() and (other / name).exists() and _same(one / name, other / name))
    )


def _same(one: Path, other: Path) -> bool:
    return one.read_bytes() == other.read_bytes()


def _nothing_asked(kind: str, records: pd.DataFrame, _as_of: date) -> list[quality.Validation]:
    empty = pd.DataFrame({name: pd.Series(dtype=type_) for name, type_ in FAILURE_TYPES.items()})
    files = records["source_file"].value_counts(sort=False)
    return [quality.Validation(kind, str(file), int(count), (), empty) for file, count in files.items()]


@pytest.fixture(autouse=True, scope="module")
def _without_great_expectations() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quality, "validate_kind", _nothing_asked)
        yield


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NightEnded]:
    """A province and its first night."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EA_HOME", str(tmp_path_factory.getbasetemp() / "home"))
        patch.setenv("EA_WORKERS", "1")
        plan = invented.province(tmp_path_factory.mktemp("province") / "p")
        return plan, run_night(NightAsked(plan), now=FIRST)


@pytest.mark.parametrize("step", [run_audit.read_source, run_audit.publish_, run_audit.brake])
def test_a_step_goes_by_name_into_the_process_of_a_served_flow(step: object) -> None:
    """By value it would bring a copy of what is open: an empty one."""
    assert pickle.loads(pickle.dumps(step)) is step  # noqa: S301


@pytest.mark.slow
def test_a_night_without_a_source_is_not_a_night_without_change(first: tuple[Path, NightEnded]) -> None:
    plan, good = first
    deaths = plan.parent / "references" / "khai_tu.csv"
    deaths.rename(deaths.with_suffix(".away"))
    night = run_night(NightAsked(plan), now=FIRST + timedelta(hours=1))
    deaths.with_suffix(".away").rename(deaths)
    assert night.braked
    assert "counts" not in night.told
    assert night.told["statements"]["state"] == "old"
    assert night.told["statements"]["night"] == good.label
    page = (night.folder / "difference.html").read_text(encoding="utf-8")
    assert "chưa công bố gì" in page
    assert "khai_tu.csv" in page


@pytest.mark.slow
def test_a_list_cut_short_holds_the_night_until_somebody_accepts_it(first: tuple[Path, NightEnded]) -> None:
    plan, _ = first
    file = plan.parent / "rosters" / "hoa_hoc_2.csv"
    whole = file.read_bytes()
    plan.write_text(invented.PLAN + "nightly: {shrink_count: 3}\n", encoding="utf-8")
    invented.write(file, invented.VETERANS, invented.read(file)[:-3])
    held = run_night(NightAsked(plan), now=FIRST + timedelta(hours=2))
    accepted = run_night(NightAsked(plan, accept=True), now=FIRST + timedelta(hours=3))
    file.write_bytes(whole)
    assert (held.status, accepted.status) == ("braked", "done")
    assert [sentence.split(":")[0] for sentence in held.told["brakes"]] == ["rosters/hoa_hoc_2.csv"]
    assert accepted.told["by_cause"].keys() == {"roster"}
    assert accepted.told["statements"]["state"] == "current"
    assert accepted.told["accepted"]


@pytest.mark.slow
def test_two_nights_at_once(first: tuple[Path, NightEnded]) -> None:
    plan, night = first
    with NightHome(night.folder.parents[1]).locked() as held:
        assert held
        with pytest.raises(UsageError, match="another night"):
            run_night(NightAsked(plan), now=FIRST + timedelta(hours=4))


@pytest.mark.slow
def test_a_night_after_random_edits_is_a_full_run_with_the_same_model(
    first: tuple[Path, NightEnded], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every table and page of the run folder, validation too; and the parts of the difference sum to the whole."""
    plan, _ = first
    edit(plan.parent, random.Random(1))
    night = run_night(NightAsked(plan, accept=True), now=FIRST + timedelta(days=1))
    monkeypatch.setenv("EA_MODEL", str(Path(night.told["run_folder"]) / "model.yaml"))
    assert plainly(str(plan), str(tmp_path / "full")) == "done"
    assert same_files(tmp_path / "full", Path(night.told["run_folder"])) == []
    assert night.told["adds_up"]
    work = night.told["work"]
    assert work["cases"]["decided"] < work["cases"]["cases"], "nothing was carried over"
    assert work["read"]["anew"] < work["read"]["files"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2])
def test_links_findings_and_proposals_are_those_of_a_full_run(
    first: tuple[Path, NightEnded], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    plan, night = first
    home = night.folder.parents[1]
    last = read_last_night(home / "last")
    assert last is not None
    edit(plan.parent, random.Random(seed))
    monkeypatch.setenv("EA_MODEL", str(last.folder / "model.yaml"))
    folders = [_decided(plan, tmp_path / "full", None, tmp_path)]
    folders.append(_decided(plan, tmp_path / "again", Since(Kept(home / "kept"), home / "last", last), tmp_path))
    assert same_files(*folders) == []


def _decided(plan: Path, place: Path, since: Since | None, out: Path) -> Path:
    """The tables that the steps up to the proposals leave, in a folder."""
    told = out / f"{place.name}-tables"
    with run_audit.opened(plan, place, since=since) as run:
        for number in range(run.source_count):
            run_audit.read_source(str(place), number)
        for step in (run_audit.gather, run_audit.link, run_audit.assess, run_audit.recommend_):
            step(str(place))
        for step_name in ("gather", "link", "assess", "recommend"):
            ignored = shutil.ignore_patterns("cases", "decided.json", "annex_days.parquet")
            shutil.copytree(run.steps[step_name], told / step_name, ignore=ignored)
    return told
