"""One night of a plan: the same audit on what changed, the difference with its causes, brakes, and word that it ran.

The audit itself is `run_audit`, step by step, through the flow that is handed in. A night that was killed is gone on
with by the next start: the run from its folder's steps, the rest from the files of the night.
"""

import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.domain.plan import Plan
from eligibility_audit.errors import EligibilityAuditError, InputError, IntegrityError, UsageError
from eligibility_audit.publish.difference import night_message, write_braked_night, write_difference
from eligibility_audit.settings import Settings, load_key, load_settings
from eligibility_audit.store.cleared import cleared_cases
from eligibility_audit.store.office import open_office
from eligibility_audit.use_cases import run_audit
from eligibility_audit.use_cases.collect_inputs import collect_sources
from eligibility_audit.use_cases.keeping.signed import end_of_day
from eligibility_audit.use_cases.law_asked import law_asked
from eligibility_audit.use_cases.load_plan import load_plan
from eligibility_audit.use_cases.model_asked import model_asked
from eligibility_audit.use_cases.nights import brakes, history, logs, metrics, telling
from eligibility_audit.use_cases.nights.causes import Caused, difference_of
from eligibility_audit.use_cases.nights.heartbeat import END, REFUSED, START, beat
from eligibility_audit.use_cases.nights.home import ENDED, NightHome, here, night_home, read_json
from eligibility_audit.use_cases.nights.kept import Kept
from eligibility_audit.use_cases.nights.last_night import (
    Artefact,
    LastNight,
    Since,
    keep_unchanged,
    next_state,
    read_artefact,
    read_last_night,
    take_over,
)
from eligibility_audit.use_cases.run_folder import read_manifest
from eligibility_audit.use_cases.source_file import SourceFile

Audit = Callable[[str, str], str]  # plan, run folder: the run's status
TONIGHT: Final = "tonight"


@dataclass(frozen=True)
class NightAsked:
    """What a night is asked to do.

    `as_of`: a day, `TONIGHT` (the day on which it runs), or None for the plan's. `accept`: what the brakes of the night
    would say has been looked at. `relearn`: learn the linkage model anew, and keep it from then on.
    """

    plan: Path
    as_of: date | str | None = None
    accept: bool = False
    relearn: bool = False


@dataclass(frozen=True)
class NightEnded:
    """What became of a night: `done`, or `braked` where nothing was published. `told`: its `night.json`, counts."""

    status: str
    label: str
    folder: Path
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def braked(self) -> bool:
        """Whether nothing was published."""
        return self.status != "done"


@dataclass
class _Night:
    """A night under way."""

    asked: NightAsked
    home: NightHome
    settings: Settings
    key: bytes
    plan: Plan
    now: datetime
    label: str
    last: LastNight | None

    @property
    def run_folder(self) -> Path:
        """Where its run goes."""
        return self.home.runs / self.label

    @property
    def folder(self) -> Path:
        """Where what is told of it goes."""
        return self.home.nights / self.label


def a_day(text: str | None) -> date | str | None:
    """A day, `TONIGHT`, or None, from what somebody wrote. Raises UsageError for anything else."""
    if text is None or text == TONIGHT:
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text}: ngày viết YYYY-MM-DD, hoặc {TONIGHT} / a day is YYYY-MM-DD, or {TONIGHT}") from None


def plainly(plan: str, run_folder: str) -> str:
    """The audit's steps one after another, without Prefect: for tests and for a machine without a server."""
    with run_audit.opened(Path(plan), Path(run_folder)) as run:
        if run.is_finished:
            return run.status
        with ThreadPoolExecutor(run.settings.workers) as threads:
            list(threads.map(lambda number: run_audit.read_source(run_folder, number), range(run.source_count)))
        run_audit.gather(run_folder)
        if not run_audit.validate(run_folder):
            run_audit.brake(run_folder)
            return run.status
        run_audit.link(run_folder)
        run_audit.assess(run_folder)
        (run_audit.publish_ if run_audit.recommend_(run_folder) else run_audit.brake)(run_folder)
        return run.status


def run_night(asked: NightAsked, audit: Audit = plainly, now: datetime | None = None) -> NightEnded:
    """Run one night. `audit`: the flow that takes the steps; `now`: a moment with its zone, else the clock's.

    Raises UsageError for a fault in plan or settings and where another night is under way; the statements of the last
    good night are then, and where the night is braked, marked as old.
    """
    settings = load_settings()
    moment = here(settings, now or datetime.now(UTC))
    home = night_home(settings, asked.plan)
    with _old_where_it_fails(home, moment):
        plan = load_plan(asked.plan)
        key = load_key(settings, asked.plan.resolve().parent)
    with home.locked() as held:
        if not held:
            beat(home, key, moment, REFUSED, home.label(moment))
            raise UsageError(
                "Một đêm khác của kế hoạch này đang chạy; đợi nó xong, không chạy hai đêm cùng lúc / "
                "another night of this plan is under way; wait for it, never two at once"
            )
        with _old_where_it_fails(home, moment):
            settle(home)
            last = read_last_night(home.last)
        label = home.label(moment)
        home.forget_unfinished(label)
        night = _Night(asked, home, settings, key, plan, moment, label, last)
        beat(home, key, moment, START, label)
        try:
            with logs.to_file(home.folder, label, settings):
                ended = _through(night, audit)
        except BaseException as error:
            _failed(night, error, now)
            if isinstance(error, EligibilityAuditError | OSError) or not isinstance(error, Exception):
                raise
            raise _unforeseen(night, error) from None
        beat(home, key, here(settings, now or datetime.now(UTC)), END, label, status=ended.status)
        return ended


@contextmanager
def _old_where_it_fails(home: NightHome, moment: datetime) -> Iterator[None]:
    """What stands published is marked as old where a night cannot even begin."""
    try:
        yield
    except EligibilityAuditError as error:
        _mark_old(home, home.label(moment), type(error).__name__)
        raise


def _failed(night: _Night, error: BaseException, now: datetime | None) -> None:
    """A night that ended in an error: what stands published is marked as old."""
    _mark_old(night.home, night.label, type(error).__name__)
    moment = here(night.settings, now or datetime.now(UTC))
    beat(night.home, night.key, moment, END, night.label, status="failed", error=type(error).__name__)


def _unforeseen(night: _Night, error: Exception) -> IntegrityError:
    """A sentence with the error's name alone: its text may hold a person's data, and Prefect keeps what is raised."""
    crash = night.home.folder / "crash.txt"
    crash.touch(mode=0o600)
    crash.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    return IntegrityError(
        f"Đêm {night.label} gặp lỗi không lường trước ({type(error).__name__}); chi tiết ở {crash} / "
        "the night met an unforeseen error; details are in that file"
    )


def _through(night: _Night, audit: Audit) -> NightEnded:
    """The brakes before reading, the audit, and what is told of it."""
    try:
        base = night.asked.plan.resolve().parent
        sources = collect_sources(night.plan, base)
        said = _before_reading(night, sources)
        if said:
            return _braked(night, said, {})
        with run_audit.opened(night.asked.plan, night.run_folder, since=_since(night)) as run:
            logs.say("run", run_id=run.folder.inputs_digest[:12], sources=run.source_count)
            unchanged = _unchanged(night, run)
            status = "done" if unchanged else audit(str(night.asked.plan), str(night.run_folder))
            manifest = read_manifest(night.run_folder) or {}
            if status != "done":
                return _braked(night, [str(each) for each in manifest.get("brakes", [])], manifest)
            return _ended(night, manifest, None if unchanged or run.since is None else run.since.kept)
    except InputError as error:  # a source did not load: never "no change"
        return _braked(night, [str(error)], {})


def _unchanged(night: _Night, run: run_audit.Run) -> bool:
    """Whether tonight is last night once more; its run folder and its state are then those of last night."""
    if run.since is None or not run_audit.stand_again(run):
        return False
    keep_unchanged(run.since, night.run_folder)
    return True


def _before_reading(night: _Night, sources: tuple[SourceFile, ...]) -> list[str]:
    said = brakes.stale(night.plan, sources, night.now)
    if night.last is not None and not night.asked.accept:
        said += brakes.gone((source.name for source in sources), night.last.inputs["sources"])
    return said


def _since(night: _Night) -> Since:
    as_of = night.now.date() if night.asked.as_of == TONIGHT else night.asked.as_of
    last, limits = night.last, night.plan.nightly

    def unlike(step: str, found: Mapping[str, Any]) -> list[str]:
        if last is None or night.asked.accept:
            return []
        if step == "read":
            return brakes.unlike(found["accounts"], last.accounts, limits)
        return brakes.jumped(found["recommendations"], last.table("recommendations"), limits)

    kept = Kept(night.home.kept)
    return Since(
        kept, night.home.last, last, as_of if isinstance(as_of, date) else None, _artefact(night), unlike, night.label
    )


def _artefact(night: _Night) -> Artefact | None:
    """The model that the nights keep and the clusters of the last one; None where a model is to be learnt."""
    asked, last = model_asked(night.settings), night.last
    if last is None or night.asked.relearn:
        return None if asked is None else Artefact(asked)
    kept = read_artefact(last.folder)
    return kept if asked is None else replace(kept, model=asked)


def _braked(night: _Night, said: list[str], manifest: Mapping[str, Any]) -> NightEnded:
    """Nothing is published: the last good night's statements stand, marked as old."""
    statements = _mark_old(night.home, night.label, "; ".join(said))
    told = _told(night, "braked", manifest) | {"brakes": said, "statements": statements}
    night.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_braked_night(night.folder, told)
    return _end(night, "braked", told)


def _mark_old(home: NightHome, label: str, why: str) -> dict[str, Any]:
    statements = home.statements()
    if statements["state"] != "none":
        since = statements.get("old_since", label)
        statements |= {"state": "old", "old_since": since, "why": why}
        home.publish(statements)
    return statements


def _ended(night: _Night, manifest: Mapping[str, Any], kept: Kept | None) -> NightEnded:
    """What changed and why, the measures of the run, who is told; then tonight is the last night.

    `kept`: the steps that the run used; None where it is last night's once more.
    """
    now = read_last_night(next_state(night.home.last))
    if now is None:
        raise UsageError(f"{night.home.last.name}: thiếu trạng thái / the state of the night is missing")
    last = night.last
    night.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = history.read(night.home.last)
    base = now if last is None else last
    caused = difference_of(base, now, law_asked(night.plan.law_known_on), night.key, known)
    within, cleared = night.plan.nightly.due_within, _cleared(night.settings)
    whole, known = history.follow(known, caused, night.now.date(), now.as_of, within, cleared)
    told = _told(night, "done", manifest) | _differences(caused, whole, first=last is None)
    measured = metrics.measure(now, manifest)
    told["warnings"] = metrics.compare(measured, metrics.earlier(night.home.folder, night.label)) + list(
        manifest.get("warnings", [])
    )
    told["work"] = metrics.work(manifest, kept, now)
    told["unchanged"] = kept is None
    statements = {
        "state": "current",
        "night": night.label,
        "run_folder": str(night.run_folder),
        "run_id": told["run_id"],
    }
    told["statements"] = statements
    write_difference(night.folder, whole, caused.steps, told)
    metrics.keep(night.home.folder, night.folder, night.label, measured, told["warnings"])
    history.write(now.folder, known)
    ended = _end(night, "done", told)
    settle(night.home)
    if kept is not None:
        kept.sweep()
    return ended


def _cleared(settings: Settings) -> frozenset[str]:
    """The cases that officers cleared."""
    office = open_office(settings)
    try:
        return cleared_cases(office)
    finally:
        office.close()


def settle(home: NightHome) -> None:
    """Where the night whose state was written aside has ended well, its statements stand and it is the last night.

    A night calls it when it has ended; the next one calls it again, for one that was killed between.
    """
    state = read_last_night(next_state(home.last))
    told = None if state is None else read_json(home.nights / state.label / ENDED)
    if told is not None and told["status"] == "done":
        home.publish(told["statements"])
        take_over(home.last)


def _end(night: _Night, status: str, told: dict[str, Any]) -> NightEnded:
    told |= end_of_day(night.settings)
    told["sent"] = telling.send(night.settings, night_message(told), told)
    night.home.end(night.label, told)
    logs.say("ended", status=status)
    return NightEnded(status, night.label, night.folder, told)


def _told(night: _Night, status: str, manifest: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "night": night.label,
        "plan": night.plan.name,
        "status": status,
        "as_of": str(manifest.get("as_of", "")),
        "run_id": str(manifest.get("run_id", "")),
        "run_folder": str(night.run_folder) if manifest else "",
        "accepted": night.asked.accept,
        "brakes": [],
    }


def _differences(caused: Caused, whole: pd.DataFrame, *, first: bool) -> dict[str, Any]:
    """The counts of a difference: in all, by cause, by who changed."""
    counts = {name: int((whole["status"] == name).sum()) for name in history.STATUSES}
    counts["unchanged"] = caused.unchanged - counts["expiring"]
    return {
        "first": first,
        "proposals": len(caused.standing),
        "counts": counts,
        "by_cause": {cause: by_cause(caused.steps, cause) for cause in caused.order},
        "order": list(caused.order),
        "rule_first": caused.rule_first,
        "adds_up": caused.adds_up,
    }


def by_cause(steps: pd.DataFrame, cause: str) -> dict[str, int]:
    """What one cause changed: proposals new, cleared and changed; money to be made clear, more and less (đồng)."""
    own = steps[steps["cause"] == cause]
    counts = {name: int((own["status"] == name).sum()) for name in ("new", "cleared", "changed")}
    money = own["amount_after"].fillna(0) - own["amount_before"].fillna(0)
    return counts | {"more": int(money.clip(lower=0).sum()), "less": int((-money).clip(lower=0).sum())}
