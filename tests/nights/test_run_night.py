"""A night publishes nothing where its lists cannot be trusted; else it does only what changed, and what comes out is
what a full run with the same model gives, byte for byte.

Great Expectations is not asked here (eight seconds): `test_validated.py` holds what is taken over of it.
"""

import pickle
import random
import re
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Final

import pandas as pd
import pytest
import yaml

from eligibility_audit import quality
from eligibility_audit.errors import EligibilityAuditError, UsageError
from eligibility_audit.quality.validation import FAILURE_TYPES
from eligibility_audit.settings import load_settings
from eligibility_audit.store import Store
from eligibility_audit.use_cases import in_processes, run_audit
from eligibility_audit.use_cases.collect_inputs import collect_inputs
from eligibility_audit.use_cases.nights import history
from eligibility_audit.use_cases.nights.home import NightHome
from eligibility_audit.use_cases.nights.last_night import LastNight, read_artefact, read_last_night
from eligibility_audit.use_cases.run_night import NightAsked, NightEnded, plainly, run_night
from eligibility_audit.use_cases.verify_run import verify_run
from tests.nights import invented

FIRST: Final = datetime(2026, 1, 1, 18, tzinfo=UTC)
EDITS: Final = 4
PLAN: Final = "".join(line for line in invented.PLAN.splitlines(keepends=True) if "btxh" not in line)  # half the rules
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
        patch.setattr(in_processes, "FEW_LINES", 0)  # no list is printed: that has tests of its own
        yield


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NightEnded]:
    """A province and its first night."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EA_HOME", str(tmp_path_factory.getbasetemp() / "home"))
        patch.setenv("EA_WORKERS", "1")
        plan = invented.province(tmp_path_factory.mktemp("province") / "p")
        plan.write_text(PLAN, encoding="utf-8")
        (plan.parent / "rosters" / "btxh.csv").unlink()
        return plan, run_night(NightAsked(plan), now=FIRST)


@pytest.mark.parametrize("step", [run_audit.read_source, run_audit.publish_, run_audit.brake])
def test_a_step_goes_by_name_into_the_process_of_a_served_flow(step: object) -> None:
    """By value it would bring a copy of what is open: an empty one."""
    assert pickle.loads(pickle.dumps(step)) is step  # noqa: S301


@pytest.mark.slow
def test_a_night_on_which_nothing_changed_is_last_night_once_more(first: tuple[Path, NightEnded]) -> None:
    """The same bytes, not made again; where they are no longer those of the manifest they are made anew, alike."""
    plan, before = first
    night = run_night(NightAsked(plan), now=FIRST + timedelta(minutes=20))
    folders = [Path(each.told["run_folder"]) for each in (before, night)]
    table = "recommendations.csv"
    assert folders[0] != folders[1]
    assert night.told["unchanged"]
    assert night.told["run_id"] == before.told["run_id"]
    assert night.told["counts"]["unchanged"] + night.told["counts"]["expiring"] == night.told["proposals"]
    assert (folders[0] / table).stat().st_ino == (folders[1] / table).stat().st_ino
    assert verify_run(folders[1])
    whole = (folders[1] / table).read_bytes()
    (folders[1] / table).write_bytes(whole[:-9])
    again = run_night(NightAsked(plan), now=FIRST + timedelta(minutes=40))
    assert not again.told["unchanged"]
    assert (Path(again.told["run_folder"]) / table).read_bytes() == whole


@pytest.mark.slow
def test_a_night_killed_before_its_unchanged_run_was_entered_enters_it_when_it_goes_on(
    first: tuple[Path, NightEnded], monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    now = FIRST + timedelta(minutes=50)
    with monkeypatch.context() as patch:
        patch.setattr(run_audit, "_enter", killed)
        with pytest.raises(KeyboardInterrupt):
            run_night(NightAsked(first[0]), now=now)
    night = run_night(NightAsked(first[0]), now=now)
    store = Store(load_settings().store)
    assert night.told["unchanged"]
    assert night.told["run_folder"] in {run.folder for run in store.runs()}
    store.close()


@pytest.mark.slow
def test_a_night_without_a_source_is_not_a_night_without_change(first: tuple[Path, NightEnded]) -> None:
    plan, good = first
    stood = NightHome(good.folder.parents[1]).statements()["night"]
    deaths = plan.parent / "references" / "khai_tu.csv"
    deaths.rename(deaths.with_suffix(".away"))
    night = run_night(NightAsked(plan), now=FIRST + timedelta(hours=1))
    deaths.with_suffix(".away").rename(deaths)
    assert night.braked
    assert "counts" not in night.told
    assert night.told["statements"]["state"] == "old"
    assert night.told["statements"]["night"] == stood
    page = (night.folder / "difference.html").read_text(encoding="utf-8")
    assert "chưa công bố gì" in page
    assert "khai_tu.csv" in page


@pytest.mark.slow
@pytest.mark.parametrize("broken", ["plan", "state"])
def test_a_night_that_cannot_begin_marks_what_stands_as_old(first: tuple[Path, NightEnded], broken: str) -> None:
    plan, good = first
    home = NightHome(good.folder.parents[1])
    file = {"plan": plan, "state": home.last / "night.json"}[broken]
    kept = file.read_bytes()
    home.publish({"state": "current", "night": good.label})
    file.write_bytes(b"{")
    with pytest.raises(EligibilityAuditError):
        run_night(NightAsked(plan), now=FIRST + timedelta(hours=2))
    file.write_bytes(kept)
    assert home.statements()["state"] == "old"
    assert home.statements()["night"] == good.label


@pytest.mark.slow
def test_a_list_is_read_anew_after_an_upgrade_of_a_package(
    first: tuple[Path, NightEnded], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = []
    for number, packages in enumerate((("pandas", "vietnamadminunits"), ("pandas",))):
        monkeypatch.setattr("eligibility_audit.use_cases.collect_inputs.PACKAGES", packages)
        place = tmp_path / str(number)
        with run_audit.opened(first[0], place) as run:
            run_audit.read_source(str(place), 0)
            keys.append(run.read_keys)
    assert keys[0].keys() == keys[1].keys()
    assert not {*keys[0].values()} & {*keys[1].values()}


@pytest.mark.slow
def test_two_nights_at_once(first: tuple[Path, NightEnded]) -> None:
    plan, night = first
    with NightHome(night.folder.parents[1]).locked() as held:
        assert held
        with pytest.raises(UsageError, match="another night"):
            run_night(NightAsked(plan), now=FIRST + timedelta(hours=4))


@pytest.mark.slow
def test_a_night_after_random_edits_is_a_full_run_with_the_same_model_and_clusters(
    first: tuple[Path, NightEnded], tmp_path: Path
) -> None:
    """Every table and page of the run folder, validation too; and the parts of the difference sum to the whole."""
    plan, _ = first
    artefact = read_artefact(_last(first).folder)
    edit(plan.parent, random.Random(1))
    night = run_night(NightAsked(plan, accept=True), now=FIRST + timedelta(days=1))
    with run_audit.opened(plan, tmp_path / "full", artefact=artefact) as run:
        assert plainly(str(plan), str(tmp_path / "full")) == "done"
    assert run.folder.inputs_digest[:12] == night.told["run_id"]
    assert same_files(tmp_path / "full", Path(night.told["run_folder"])) == []
    assert night.told["adds_up"]
    assert not night.told["unchanged"]
    work = night.told["work"]
    assert work["cases"]["decided"] < work["cases"]["cases"], "nothing was carried over"
    assert work["read"]["anew"] < work["read"]["files"]


def _last(first: tuple[Path, NightEnded]) -> LastNight:
    last = read_last_night(first[1].folder.parents[1] / "last")
    assert last is not None
    return last


@pytest.mark.slow
def test_judgement_day_law_and_model_each_answer_for_what_they_change(
    first: tuple[Path, NightEnded], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one night, in the fixed order: last night's law decides until the turn of the rules, its model to the end."""
    plan, _ = first
    last = _last(first)
    dead = last.table("pairs").query("left_kind == 'agent_orange' and right_kind == 'deaths'").iloc[0]
    judged = pd.DataFrame({"left": [dead["left_record_id"]], "right": [dead["right_record_id"]]})
    judged = judged.assign(judgement="no_match", by="cb-1", on="2025-11-01")
    monkeypatch.setattr(run_audit, "judgements_asked", lambda *_: judged)
    monkeypatch.setenv("EA_LAW", str(stricter_law(tmp_path / "law")))
    monkeypatch.setenv("EA_MODEL", str(other_model(last.folder / "model.yaml", tmp_path / "model.yaml")))
    asked = NightAsked(plan, date(2021, 3, 31), accept=True)
    night = run_night(asked, now=FIRST + timedelta(days=3))
    causes = night.told["by_cause"]
    assert list(causes) == ["judgement", "time", "rule", "model"]
    assert not night.told["rule_first"]
    assert night.told["adds_up"]
    changed = {cause: {name for name, count in sums.items() if count} for cause, sums in causes.items()}
    assert changed["judgement"], "the death is another person's"
    assert changed["rule"] & {"new", "changed"}, "papers of 1976 come too late by the law of tonight"


@pytest.mark.slow
def test_a_list_cut_short_holds_the_night_until_somebody_accepts_it_also_on_that_of_an_upgrade(
    first: tuple[Path, NightEnded], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Code that changed is put in place first, and the page says so."""
    plan, _ = first
    file = plan.parent / "rosters" / "hoa_hoc_2.csv"
    plan.write_text(PLAN + "nightly: {shrink_count: 3}\n", encoding="utf-8")
    invented.write(file, invented.VETERANS, invented.read(file)[:-3])
    upgraded = {"code": "of an upgrade"}
    monkeypatch.setattr(run_audit, "collect_inputs", lambda *given: collect_inputs(*given) | upgraded)
    day = _last(first).as_of
    held = run_night(NightAsked(plan, day), now=FIRST + timedelta(days=4))
    accepted = run_night(NightAsked(plan, day, accept=True), now=FIRST + timedelta(days=5))
    assert (held.status, accepted.status) == ("braked", "done")
    assert [sentence.split(":")[0] for sentence in held.told["brakes"]] == ["rosters/hoa_hoc_2.csv"]
    assert list(accepted.told["by_cause"])[:2] == ["rule", "roster"]
    assert accepted.told["rule_first"]
    assert accepted.told["adds_up"]
    assert accepted.told["statements"]["state"] == "current"
    assert accepted.told["accepted"]
    assert "được thay trước tiên" in (accepted.folder / "difference.html").read_text(encoding="utf-8")


def stricter_law(folder: Path) -> Path:
    """Law by which papers must be of 1975."""
    (folder / "agent_orange").mkdir(parents=True)
    (folder / "pack.yaml").write_text("vi: Thử\nen: Test\nversion: '1'\nknown_from: 2020-01-01\n", encoding="utf-8")
    value = {"valid_from": date(2013, 6, 1), "value": "1975-01-01", "mark": "to_verify", "source": "thử"}
    said = {"vi": "thử", "en": "test", "values": [value | {"last_checked": date(2026, 11, 22)}]}
    text = yaml.safe_dump({"paper_cutoff": said}, allow_unicode=True)
    (folder / "agent_orange" / "parameters.yaml").write_text(text, encoding="utf-8")
    return folder


def other_model(model: Path, place: Path) -> Path:
    """The model, with one weight that is otherwise."""
    text = model.read_text(encoding="utf-8")
    found = re.search(r"weight: (\d+\.\d+)", text)
    assert found is not None
    place.write_text(text.replace(found.group(), f"weight: {float(found.group(1)) + 0.25}", 1), encoding="utf-8")
    return place


def said(*cases: str) -> pd.DataFrame:
    """Changes of a night: one that is new, one that is otherwise, one that went."""
    rows = {"statement_id": cases, "case_id": cases, "record_id": cases, "programme": "agent_orange"}
    return pd.DataFrame(rows | {"status": ["new", "changed", "cleared"]})


@pytest.mark.parametrize(
    ("cleared", "expected"),
    [
        pytest.param(frozenset(), ["new", "changed", "cleared"], id="officers cleared none"),
        pytest.param({"c-1"}, ["reopened", "changed", "cleared"], id="a new one on a case that officers cleared"),
        pytest.param({"c-2"}, ["new", "reopened", "cleared"], id="one that is otherwise on such a case"),
        pytest.param({"c-3"}, ["new", "changed", "cleared"], id="one that went stays gone"),
    ],
)
def test_a_case_that_officers_cleared_comes_back(cleared: set[str], expected: list[str]) -> None:
    whole = said("c-1", "c-2", "c-3")
    assert list(history.reopened(whole, set(), cleared)) == expected


@pytest.mark.slow
def test_what_was_killed_is_told_to_prefect_of_this_plan_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from eligibility_audit.flows import nightly

    told: list[str] = []

    class Client:
        def read_flow_runs(self, **_: object) -> list[SimpleNamespace]:
            return [SimpleNamespace(id=name, parameters={"plan": name}) for name in ("one.yaml", "other.yaml")]

        def set_flow_run_state(self, run: str, *_: object, **__: object) -> None:
            told.append(run)

    monkeypatch.setattr(nightly, "get_client", lambda **_: nullcontext(Client()))
    assert nightly.mark_stale("one.yaml") == 1
    assert told == ["one.yaml"]
