"""Run one audit, step by step. Each step reads and writes files of the run folder; nothing else passes between them.

The flow in `flows/audit.py` calls these steps as tasks. What they are given is the run folder's path and numbers.
"""

import json
import multiprocessing
import shutil
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import pandas as pd
from pyarrow.parquet import read_schema

from eligibility_audit import linkage, publish, quality, recommend
from eligibility_audit.domain.kinds import AUDITED, KINDS
from eligibility_audit.domain.plan import Plan
from eligibility_audit.domain.review.measures import Measured
from eligibility_audit.errors import EligibilityAuditError, IntegrityError, UsageError
from eligibility_audit.law.files import Law, using
from eligibility_audit.recommend.wording import check as check_wording
from eligibility_audit.rules.assess import Assessed, Mask, ask_law
from eligibility_audit.rules.assess import assess as assess_cases
from eligibility_audit.rules.councils import READS as COUNCILS_READ
from eligibility_audit.rules.councils import councils
from eligibility_audit.rules.days import Unjudged
from eligibility_audit.rules.entitled import RELIEF, entitled_not_paid
from eligibility_audit.rules.entitled import note as left_out
from eligibility_audit.rules.facts.annexes import ANNEX
from eligibility_audit.settings import Settings, load_key, load_settings
from eligibility_audit.standardise import as_read
from eligibility_audit.store import Store, measured_error
from eligibility_audit.store.base import Unreachable
from eligibility_audit.store.office import open_office
from eligibility_audit.use_cases import in_processes as parallel
from eligibility_audit.use_cases import prepare_source as prepared
from eligibility_audit.use_cases import progress
from eligibility_audit.use_cases.collect_inputs import collect_inputs, collect_sources
from eligibility_audit.use_cases.follow_conclusions import READS, differing_days, follow, publish_conclusions, with_days
from eligibility_audit.use_cases.judgements_asked import (
    checked,
    judgements_asked,
    repointed,
    with_apart,
    with_digest,
)
from eligibility_audit.use_cases.keeping.basis import ANNEX_DAYS, BASIS, write_basis
from eligibility_audit.use_cases.law_asked import law_asked
from eligibility_audit.use_cases.load_conclusions import Followed, load_conclusions
from eligibility_audit.use_cases.load_plan import load_plan
from eligibility_audit.use_cases.model_asked import linking_counts, linking_notes, model_asked
from eligibility_audit.use_cases.nights.kept import link as link_file
from eligibility_audit.use_cases.nights.last_night import LINKS, Artefact, Since, keep_night, link_since
from eligibility_audit.use_cases.nights.unchanged import lay_again
from eligibility_audit.use_cases.run_folder import RunFolder, digest_of, read_manifest
from eligibility_audit.use_cases.source_file import SourceFile

P = ParamSpec("P")
T = TypeVar("T")

LINKED_FILES = ("links.csv", "candidates.parquet", "clusters.parquet", "contradictions.parquet", "model.yaml")
SCORED = ("left_record_id", "right_record_id", "match_probability")  # what the report reads of a link
DECIDED = "decided.json"  # by programme: cases, and how many of them were decided anew
UNJUDGED = "unjudged.json"  # sentences about cases that rules left open because of their day
NOTES = "notes.json"  # what the publish step had to say, written before the step is whole
POOL_FROM_BYTES = 2_000_000  # below this a second process costs more than it brings


@dataclass
class Run:
    """An audit under way (or already finished)."""

    plan: Plan
    base: Path
    key: bytes
    sources: tuple[SourceFile, ...]
    folder: RunFolder
    settings: Settings
    law: Law
    followed: Followed
    judgements: pd.DataFrame | None = None
    artefact: Artefact | None = None
    is_finished: bool = False
    is_unchanged: bool = False  # its inputs are those of the last night
    status: str = "running"
    counts: dict[str, Any] = field(default_factory=dict)
    steps: dict[str, Path] = field(default_factory=dict)
    pool: ProcessPoolExecutor | None = None
    read_done: int = 0
    begun: list[Future[None]] = field(default_factory=list)
    brakes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    since: Since | None = None
    read_keys: dict[str, str] = field(default_factory=dict)

    @property
    def source_count(self) -> int:
        """How many files and tables the plan names."""
        return len(self.sources)

    @property
    def accounts(self) -> list[dict[str, Any]]:
        """The accounts of all sheets, in the order of the plan."""
        files = (self.steps[f"read {n}"] / prepared.ACCOUNTS for n in range(self.source_count))
        return [account for file in files for account in _read_json(file)]

    @property
    def persons(self) -> dict[str, int]:
        """Persons of each kind that the plan brings."""
        counted: dict[str, int] = dict.fromkeys(self.plan.kinds, 0)
        for account in self.accounts:
            counted[account["kind"]] += account["persons"]
        return counted

    def records(self, *columns: str) -> dict[str, pd.DataFrame]:
        """Records by kind, for the kinds that the plan brings: these columns, or all but the line as received."""
        files = {kind: self.steps["gather"] / "records" / f"{kind}.parquet" for kind in self.plan.kinds}
        wanted = {kind: columns or [c for c in read_schema(path).names if c != "line"] for kind, path in files.items()}
        return {kind: pd.read_parquet(path, columns=list(wanted[kind])) for kind, path in files.items()}


_open: dict[str, Run] = {}


@contextmanager
def opened(
    plan_path: Path,
    run_folder: Path,
    judgements: pd.DataFrame | None = None,
    since: Since | None = None,
    artefact: Artefact | None = None,
) -> Iterator[Run]:
    """Open the run of a plan in a folder: locked while the block runs, resumed where it was stopped.

    `judgements`: of officers on pairs of records, those in force (`linkage/judgements.py`); an input of the run. Where
    none are handed over, the settings say whether those of the store are asked for. `since`: what an earlier run left;
    it changes what is done, not what comes out, but for the day and the artefact that it may set. `artefact`: the
    model to link with, and clusters whose names are kept, of an earlier run.
    Raises UsageError or InputError (exit 2) for a fault in the plan, a missing source or a folder of another run.
    """
    if str(run_folder) in _open:  # by whoever reads ahead
        yield _open[str(run_folder)]
        return
    settings = load_settings()
    plan = load_plan(plan_path)
    if since is not None and since.as_of is not None:
        plan = plan.model_copy(update={"as_of": since.as_of})
    base = plan_path.resolve().parent
    key = load_key(settings, base)
    sources = collect_sources(plan, base)
    law = law_asked(plan.law_known_on)
    with using(law):
        ask_law([kind for kind in AUDITED if kind in {source.kind for source in sources}], plan.as_of)
    followed = load_conclusions(plan, base)
    judgements = checked(judgements_asked(settings, key) if judgements is None else judgements)
    inputs = collect_inputs(plan, sources, key, law) | {"conclusions": dict(followed.digests)}
    artefact = _artefact(settings, since.artefact if since is not None else artefact)
    inputs = with_digest(inputs, judgements) | ({} if artefact is None else artefact.inputs())
    last = None if since is None else since.last
    stands = last is not None and last.stands(inputs, plan.as_of, None if artefact is None else artefact.model)
    if last is not None and stands:  # it is that run once more
        inputs = dict(last.inputs)
    folder = RunFolder(run_folder.resolve(), inputs, kept=None if since is None else since.kept)
    run = Run(plan, base, key, sources, folder, settings, law, followed, judgements=judgements)
    run.since, run.artefact, run.is_unchanged = since, artefact, stands
    if folder.is_finished():
        manifest = read_manifest(folder.place) or {}
        run.is_finished, run.status, run.counts = True, str(manifest.get("status")), dict(manifest.get("counts", {}))
        _open[str(run_folder)] = run  # the steps' own opening knows nothing of a last night
        try:
            yield run
        finally:
            del _open[str(run_folder)]
        return
    with folder:
        _open[str(run_folder)] = run
        try:
            yield run
        finally:
            _close_pool(run)
            del _open[str(run_folder)]


def _artefact(settings: Settings, given: Artefact | None) -> Artefact | None:
    """What was given, else the model of the settings, if there is one."""
    model = None if given is not None else model_asked(settings)
    return given if model is None else Artefact(model)


@contextmanager
def reading_ahead(plan_path: Path, run_folder: Path) -> Iterator[None]:
    """Begin to read the sources while the block starts whatever runs the steps: Prefect needs ten seconds of its own.

    The step `read_source` then waits for what has begun; it is the same work, under the same lock.
    """
    with opened(plan_path, run_folder) as run, ThreadPoolExecutor(run.settings.workers) as threads:
        if not run.is_finished:
            run.begun = [threads.submit(_read_source, run, number) for number in range(run.source_count)]
        try:
            yield
        finally:
            for begun in run.begun:
                begun.cancel()


def _step(function: Callable[Concatenate[Run, P], T]) -> Callable[Concatenate[str, P], T]:
    """Give a step its run by the folder's path, and keep what an unforeseen error says in the run folder.

    An unforeseen error's text may hold a person's data, and a task's error reaches Prefect's database: only the name
    of the error goes on; the text stays in the folder, which its owner alone can read.
    """

    def step(run_folder: str, *args: P.args, **kwargs: P.kwargs) -> T:
        run = _open[run_folder]
        try:
            with using(run.law):
                return function(run, *args, **kwargs)
        except (EligibilityAuditError, OSError):
            raise
        except Unreachable:  # its text holds the address, perhaps with a password
            raise UsageError(
                "Không ghi được vào cơ sở dữ liệu (EA_STORE_URL); xem nó có chạy và đĩa còn chỗ không, rồi chạy lại "
                "cùng lệnh, nó sẽ làm tiếp / the store cannot be reached or is full; mend it, then run the same command"
            ) from None
        except Exception as error:  # noqa: BLE001 - turned into a sentence; the text is kept
            if isinstance(error.__context__, OSError):  # libraries give a full disk names of their own
                raise error.__context__ from None
            crash = run.folder.aside / "crash.txt"
            crash.write_text(traceback.format_exc(), encoding="utf-8")
            crash.chmod(0o600)
            raise IntegrityError(
                f"Bước {function.__name__} gặp lỗi không lường trước ({type(error).__name__}); chi tiết ở {crash} / "
                f"step {function.__name__} met an unforeseen error; details are in that file"
            ) from None

    step.__name__, step.__doc__ = function.__name__, function.__doc__  # not its parameters: Prefect reads them here
    step.__qualname__ = function.__qualname__  # a served flow is pickled: by name the step keeps what is open
    return cast("Callable[Concatenate[str, P], T]", step)


@_step
def read_source(run: Run, number: int) -> None:
    """Read and standardise one source file; files of one run are read side by side."""
    if run.begun and not run.begun[number].cancelled():
        try:
            run.begun[number].result()
        except OSError:  # tried again below, as the task will be
            run.begun = []
        else:
            return
    _read_source(run, number)


def _read_source(run: Run, number: int) -> None:
    source = run.sources[number]
    key = digest_of(
        source.name,
        run.folder.inputs["sources"][source.name],
        as_read(run.plan.as_of),
        *(run.folder.inputs[name] for name in ("code", "plugins", "packages")),
        source.spec_text(),
    )

    def make(out: Path) -> None:
        _apart(run, prepared.prepare_source, source, run.plan.as_of, out)()

    run.steps[f"read {number}"] = run.folder.step(f"read-{number:04d}", key, make, keep="read")
    run.read_keys[source.name] = key
    with run.lock:
        run.read_done += 1
        progress.tell("read", run.read_done, run.source_count)


@_step
def gather(run: Run) -> None:
    """Bring the records of each kind together and give them their ids; write the account of every line."""

    def make(out: Path) -> None:
        (out / "records").mkdir()
        waiting = [_gather_kind(run, kind, out / "records" / f"{kind}.parquet") for kind in run.plan.kinds]
        rejects = pd.concat(
            [pd.read_parquet(run.steps[f"read {n}"] / prepared.REJECTS) for n in range(run.source_count)],
            ignore_index=True,
        )
        publish.write_csv(rejects, out / "rejects.csv", publish.REJECTS)
        publish.write_csv(reconciliation(run.accounts), out / "reconciliation.csv", publish.RECONCILIATION)
        for number, done in enumerate(waiting, start=1):
            done()
            progress.tell("gather", number, len(waiting))

    _once(run, "gather", make, *(f"read {n}" for n in range(run.source_count)))
    _close_pool(run)  # what the readers hold in memory is given back


def _gather_kind(run: Run, kind: str, out: Path) -> Callable[[], None]:
    """Begin to gather one kind, or take what an earlier run gathered from the same files; returns what waits for it."""
    numbers = [n for n, source in enumerate(run.sources) if source.kind == kind]
    parts = [run.steps[f"read {n}"] / prepared.RECORDS for n in numbers]
    if run.folder.kept is None:
        return _apart(run, parallel.gather_kind, parts, run.key, kind, out)
    of = digest_of(kind, run.folder.inputs["key"], [run.read_keys[run.sources[n].name] for n in numbers])
    aside = out.parent / f".{kind}"
    aside.mkdir(mode=0o700)
    run.folder.kept.fill(
        f"gather-{of}", aside, lambda made: parallel.gather_kind(parts, run.key, kind, made / out.name)
    )
    (aside / out.name).rename(out)
    aside.rmdir()
    return lambda: None


@_step
def validate(run: Run) -> bool:
    """Hold the records against the suites and the brakes. False where a brake tripped."""

    def make(out: Path) -> None:
        records = {kind: run.steps["gather"] / "records" / f"{kind}.parquet" for kind in run.plan.kinds}
        kept = None if run.folder.kept is None else (run.folder.kept.folder, run.read_keys)
        validated = _apart(run, parallel.validate_records, records, run.plan.as_of, out / "validation", kept)
        account, persons = reconciliation(run.accounts), run.persons
        rejects = publish.read_csv(run.steps["gather"] / "rejects.csv")
        tripped = quality.check_brakes(account, persons, rejects, run.plan.brakes)
        notes = quality.unchecked(account, persons, run.plan.brakes)
        _write_json(out / "brakes.json", {"tripped": [*map(str, tripped)], "notes": _together(notes)})
        validated()

    _once(run, "validate", make, "gather")
    progress.tell("validate", 1, 1)
    brakes = _read_json(run.steps["validate"] / "brakes.json")
    run.brakes, run.warnings = brakes["tripped"], brakes["notes"]
    if run.since is not None:
        run.since.kept.add(**_read_json(run.steps["validate"] / parallel.USED))
        run.brakes = run.brakes + run.since.brakes("read", {"accounts": run.accounts})
    return not run.brakes


def _together(notes: list[quality.BrakeMessage]) -> list[str]:
    """One sentence for all kinds whose number of persons could not be checked."""
    if not notes:
        return []
    kinds = [KINDS[note.kind] for note in notes]
    return [
        f"Chưa kiểm tra được số người của: {', '.join(kind.vi for kind in kinds)}, vì không có dòng tổng đếm người; "
        "có thể ghi `brakes: {control_total: …}` trong kế hoạch / the number of persons was not checked for: "
        f"{', '.join(kind.name for kind in kinds)}; no total row counts them; "
        "`brakes: {control_total: …}` in the plan would"
    ]


@_step
def link(run: Run) -> None:
    """Who is the same person, within and across lists."""

    def make(out: Path) -> None:
        people = linkage.people(run.records(*linkage.READS))
        links, kept = link_since(
            people,
            run.artefact,
            run.since,
            run.folder.inputs,
            judgements=repointed(run.judgements, people, run.key),
            key=run.key,
        )
        links.pairs.to_parquet(out / "pairs.parquet", index=False)
        links.candidates.to_parquet(out / "candidates.parquet", index=False)
        links.groups.clusters.rename(columns={"id": "record_id"}).to_parquet(out / "clusters.parquet", index=False)
        links.groups.contradictions.to_parquet(out / "contradictions.parquet", index=False)
        if links.judged is not None:
            links.judged.states.to_parquet(out / "judgements.parquet", index=False)
            links.judged.conflicts.to_parquet(out / "judgement_conflicts.parquet", index=False)
        if kept is not None:
            kept.write(out / LINKS)
        publish.write_csv(_located(links.pairs, run), out / "links.csv", publish.LINKS)
        (out / "model.yaml").write_text(links.model.to_text(), encoding="utf-8")
        _write_json(out / "link_report.json", links.report)

    _once(run, "link", make, "gather")
    progress.tell("link", 1, 1)


def _located(pairs: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Pairs with file, sheet and row of each side."""
    columns = ["record_id", "source_file", "source_sheet", "source_row"]
    places = pd.concat(run.records(*columns).values(), ignore_index=True).set_index("record_id")
    for side in ("left", "right"):
        found = places.reindex(pairs[f"{side}_record_id"])
        for column, name in zip(columns[1:], ("file", "sheet", "row"), strict=True):
            pairs[f"{side}_{name}"] = found[column].to_numpy()
    return pairs


def read_and_link(run: Run, run_folder: str) -> None:
    """The steps that no law touches: read, standardise, gather, link."""
    with ThreadPoolExecutor(run.settings.workers) as threads:
        list(threads.map(lambda number: read_source(run_folder, number), range(run.source_count)))
    gather(run_folder)
    link(run_folder)


@_step
def assess(run: Run) -> None:
    """Apply the rules of law in force on the plan's day."""

    def make(out: Path) -> None:
        pairs = with_apart(pd.read_parquet(run.steps["link"] / "pairs.parquet"), run.steps["link"])
        left_open: list[Unjudged] = []
        records = run.records()
        if ANNEX in records:
            records[ANNEX] = with_days(records[ANNEX], run.followed.conclusions)
            records[ANNEX][["record_id", "conclusion_date"]].to_parquet(out / ANNEX_DAYS, index=False)
        findings = assess_cases(
            records, pairs, as_of=run.plan.as_of, key=run.key, tell=left_open.append, since=_assessed(run, out)
        )
        findings.to_parquet(out / "findings.parquet", index=False)
        _write_json(out / UNJUDGED, [told.sentence for told in left_open])

    _once(run, "assess", make, "link")
    progress.tell("assess", 1, 1)


def _assessed(run: Run, out: Path) -> Assessed:
    """The last night's assessment, where there is one; the cases are written down for capsules and the next night."""
    (out / "cases").mkdir()
    counted: dict[str, dict[str, int]] = {}

    def took(programme: str, cases: pd.DataFrame, touched: Mask) -> None:
        cases.to_parquet(out / "cases" / f"{programme}.parquet", compression="zstd")
        counted[programme] = {"cases": len(cases), "decided": int(touched.sum())}
        _write_json(out / DECIDED, counted)

    last = None if run.since is None else run.since.last
    known = None if last is None else last.assessed(run.folder.inputs, run.plan.as_of)
    return replace(known or Assessed(), took=took)


@_step
def recommend_(run: Run) -> bool:
    """At most one recommendation a record. False where the brake on stop recommendations tripped."""

    def make(out: Path) -> None:
        findings = pd.read_parquet(run.steps["assess"] / "findings.parquet")
        made = recommend.recommend(findings, run.records(), as_of=run.plan.as_of, key=run.key)
        made.to_parquet(out / "recommendations.parquet", index=False)

    _once(run, "recommend", make, "assess")
    progress.tell("recommend", 1, 1)
    made = pd.read_parquet(run.steps["recommend"] / "recommendations.parquet", columns=["action", "programme"])
    run.brakes = [*map(str, quality.check_stops(made, run.persons, run.plan.brakes))]
    if run.since is not None:
        run.brakes += run.since.brakes("recommend", {"recommendations": made})
    return not run.brakes


@_step
def publish_(run: Run) -> None:
    """Write the tables, lists and the report; move the folder to its place."""

    def make(out: Path) -> None:
        _common_files(run, out)
        link_step = run.steps["link"]
        for name in (*LINKED_FILES, *(path.name for path in sorted(link_step.glob("judgement*.parquet")))):
            _link(link_step / name, out / name)
        table = run.steps["recommend"] / "recommendations.parquet"
        named = run.plan.name, run.plan.as_of, run.folder.inputs_digest[:12]
        lists = _apart(run, parallel.write_lists, table, out / "lists", *named, _last_root(run))
        findings = pd.read_parquet(run.steps["assess"] / "findings.parquet")
        made = pd.read_parquet(table)
        run.warnings += _read_json(run.steps["assess"] / UNJUDGED)
        run.warnings += linking_notes(_read_json(link_step / "link_report.json"))
        run.warnings += _accusing(made)
        publish.write_csv(findings, out / "findings.csv", publish.FINDINGS)
        publish.write_csv(made, out / "recommendations.csv", publish.RECOMMENDATIONS)
        signals = _councils(run, out)
        run.warnings += _entitled(run, out)
        run.warnings += _conclusions(run, out)
        write_basis(out / BASIS, run.steps["assess"], findings, made, run.law)
        progress.tell("publish", 1, 3)
        publish.write_report(
            out,
            publish.ReportData(
                plan_name=named[0],
                as_of=named[1],
                run_id=named[2],
                reconciliation=pd.DataFrame(run.accounts),
                rejects=publish.read_csv(out / "rejects.csv"),
                findings=findings,
                recommendations=made,
                link_report=_read_json(link_step / "link_report.json"),
                validation=pd.read_csv(out / "validation" / "summary.csv", encoding="utf-8-sig"),
                notes=tuple(run.warnings),
                councils=signals,
                pairs=pd.read_parquet(link_step / "pairs.parquet", columns=list(SCORED)),
                lesser=pd.read_parquet(link_step / "candidates.parquet", columns=["match_probability"])[
                    "match_probability"
                ],
                **_before(run),
                measured=_measured(run),
            ),
        )
        progress.tell("publish", 2, 3)
        lists()
        _write_json(run.folder.aside / NOTES, run.warnings)
        progress.tell("publish", 3, 3)

    whole = _once(run, "publish", make, "recommend")
    run.warnings = _read_json(run.folder.aside / NOTES)  # also where the step was made by a start that was killed
    made = pd.read_parquet(
        run.steps["recommend"] / "recommendations.parquet", columns=["action", "rule_ids", "direction"]
    )
    linked = _read_json(run.steps["link"] / "link_report.json")
    run.counts = _counts(run) | {
        "clusters": {name: linked[name] for name in ("clusters", "largest_cluster", "contradictions")},
        **{name: linked[name] for name in ("judgements", "judgement_conflicts") if name in linked},
        **linking_counts(linked),
        "recommendations": made["action"].value_counts().sort_index().to_dict(),
        "lists": publish.count_lists(made),
    }
    _finish(run, whole, "done")


def _last_root(run: Run) -> str:
    """The root of the office's ledger that the lists print; the ledger is sealed first where it has grown."""
    store = Store(run.settings.store)
    root = store.seal()
    store.close()
    return root


def _before(run: Run) -> dict[str, Any]:
    """The recommendations of the last night and what it is called; nothing for a run by itself."""
    last = None if run.since is None else run.since.last
    return {} if last is None else {"before": last.table("recommendations"), "before_label": f"đêm {last.label}"}


def _measured(run: Run) -> Mapping[str, Measured]:
    """What blind second looks found of each rule."""
    office = open_office(run.settings)
    try:
        return measured_error.of_rules(office)
    finally:
        office.close()


def _councils(run: Run, out: Path) -> pd.DataFrame | None:
    """Signals on the councils that determine disability, written to `councils.csv`; None without such a roster."""
    if "social_assistance" not in run.plan.kinds:
        return None
    records = pd.read_parquet(
        run.steps["gather"] / "records" / "social_assistance.parquet", columns=list(COUNCILS_READ)
    )
    signals = councils(records, run.plan.as_of)
    publish.write_csv(signals, out / "councils.csv", publish.COUNCILS)
    return signals


def _entitled(run: Run, out: Path) -> list[str]:
    """Who may have been left out of the relief, in `entitled_not_paid.csv`, and the sentence that counts them."""
    if RELIEF not in run.plan.kinds:
        return []
    pairs = with_apart(pd.read_parquet(run.steps["link"] / "pairs.parquet"), run.steps["link"])
    table = entitled_not_paid(run.records(), pairs, run.plan.as_of)
    publish.write_csv(table, out / "entitled_not_paid.csv", publish.ENTITLED)
    said = left_out(table)
    return [said] if said else []


def _accusing(made: pd.DataFrame) -> list[str]:
    """A sentence where the words of a line accuse without a number of a conclusion: a fault of ours."""
    columns = ["reason_vi", "question_vi", "least_change", "identity_agrees", "identity_differs", "verify_with"]
    lines = made[columns].fillna("").agg("\n".join, axis=1)
    faults = sorted(set(made.loc[[bool(check_wording(line)) for line in lines], "rule_ids"]))
    if not faults:
        return []
    return [
        f"Lời văn của {', '.join(faults)} có từ buộc tội; không gửi danh sách này đi, báo cho nhóm phát triển / "
        "the words of these rules accuse; do not send the lists out, tell the developers"
    ]


def _conclusions(run: Run, out: Path) -> list[str]:
    """Write what became of inspection conclusions, where the plan brings any; sentences on what to know."""
    if ANNEX not in run.plan.kinds and not run.followed.conclusions:
        return []
    records, link_step = run.records(*READS), run.steps["link"]
    if ANNEX in records:
        records[ANNEX] = pd.read_parquet(run.steps["gather"] / "records" / f"{ANNEX}.parquet")
    pairs, lesser = (pd.read_parquet(link_step / f"{name}.parquet") for name in ("pairs", "candidates"))
    ledger = follow(records, pairs, lesser, run.followed, as_of=run.plan.as_of, key=run.key, accounts=run.accounts)
    named = run.plan.name, run.plan.as_of, run.folder.inputs_digest[:12]
    differing = differing_days(records[ANNEX], run.followed.conclusions) if ANNEX in records else []
    return [*publish_conclusions(ledger, out / "conclusions", *named), *differing]


@_step
def brake(run: Run) -> None:
    """A brake tripped: finish the folder without findings, recommendations or lists."""

    def make(out: Path) -> None:
        _common_files(run, out)
        named = run.plan.name, run.plan.as_of, run.folder.inputs_digest[:12]
        publish.write_braked(out, run.brakes, plan_name=named[0], as_of=named[1], run_id=named[2])

    whole = _once(run, "braked", make, "validate")
    run.counts = _counts(run)
    _finish(run, whole, "braked")


def _common_files(run: Run, out: Path) -> None:
    """What a braked run holds too: records, reconciliation, rejects, validation."""
    for source in (run.steps["gather"], run.steps["validate"]):
        ignored = shutil.ignore_patterns("brakes.json", parallel.USED)
        shutil.copytree(source, out, dirs_exist_ok=True, ignore=ignored, copy_function=_link)


def _link(source: str | Path, target: str | Path) -> None:
    """The same file in the run folder; nothing writes into one that is there."""
    link_file(Path(source), Path(target))


def _counts(run: Run) -> dict[str, Any]:
    accounts = run.accounts
    return {
        "sources": run.source_count,
        "sheets": len(accounts),
        "lines": sum(a["lines"] for a in accounts),
        "record_lines": sum(a["records"] for a in accounts),
        "records": sum(a["persons"] for a in accounts),
        "rejected_lines": sum(a["rejects"] for a in accounts),
        "not_person": sum(sum(a["not_person"].values()) for a in accounts),
    }


def _finish(run: Run, whole: Path, status: str) -> None:
    """Write the manifest, move the folder to its place, enter the run into the store."""
    accounts = run.accounts
    run.folder.timings["of which reading, all processes"] = round(sum(a["read_seconds"] for a in accounts), 3)
    run.folder.timings["of which standardising"] = round(sum(a["standardise_seconds"] for a in accounts), 3)
    manifest = {
        "run_id": run.folder.inputs_digest[:12],
        "status": status,
        "plan": json.loads(run.plan.model_dump_json()),
        "as_of": str(run.plan.as_of),
        "counts": run.counts,
        "brakes": run.brakes,
        "warnings": run.warnings + [w for a in accounts for w in a["warnings"]],
        "columns_of_later_issues": list(publish.LATER),
        "timings": run.folder.timings,
    }
    run.status = status
    if run.since is not None and status == "done":
        note = {
            "inputs": dict(run.folder.inputs),
            "as_of": str(run.plan.as_of),
            "accounts": accounts,
            "kinds": {source.name: source.kind for source in run.sources},
            "read_keys": run.read_keys,
            "run_folder": str(run.folder.place),
        }
        keep_night(run.since, run.steps, note, run.judgements, run.law)
    _enter(run, manifest["run_id"])
    run.folder.finish(whole, manifest)  # last: what is in its place is entered


def stand_again(run: Run) -> bool:
    """Give the run the bytes of last night's, whose inputs it has, as hard links; False where those are not whole."""
    if not run.is_unchanged or run.since is None or run.since.last is None:
        return False
    if run.is_finished:  # by a start that was killed after it, perhaps before it was entered
        _enter(run, run.folder.inputs_digest[:12])
        return True
    manifest = lay_again(run.since.last.run_folder, run.folder)
    if manifest is None:
        return False
    run.is_finished, run.status, run.counts = True, str(manifest["status"]), dict(manifest["counts"])
    _enter(run, str(manifest["run_id"]))
    return True


def _enter(run: Run, run_id: str) -> None:
    """Enter a run that ended into the store."""
    store = Store(run.settings.store)
    store.record_run(
        run_id=run_id,
        folder=run.folder.place,
        plan_name=run.plan.name,
        as_of=run.plan.as_of,
        status=run.status,
        counts=run.counts,
    )
    store.close()


def reconciliation(accounts: list[dict[str, Any]]) -> pd.DataFrame:
    """One row a sheet: lines = records + rejects + not_person; with what the brakes look at."""
    frame = pd.DataFrame(accounts, columns=[field.name for field in fields(prepared.SheetAccount)])
    frame["not_person"] = [sum(account["not_person"].values()) for account in accounts]
    frame["control_persons"] = frame["control_persons"].astype("Int64")
    frame["missing_required"] = [_missing(account) for account in accounts]
    return frame.drop(columns=["columns", "unmapped", "warnings", "notes"])


def _missing(account: dict[str, Any]) -> str:
    """Required fields that a sheet with a table lacks."""
    if not account["records"] + account["rejects"]:
        return ""
    return ";".join(quality.missing_required(account["kind"], account["columns"]))


def _once(run: Run, name: str, make: Callable[[Path], None], *after: str) -> Path:
    """A step whose inputs are the steps before it (by the names of their folders, which hold their keys)."""
    key = digest_of(run.folder.inputs_digest, [run.steps[step].name for step in after])
    run.steps[name] = run.folder.step(name, key, make)
    return run.steps[name]


def _pool(run: Run) -> ProcessPoolExecutor | None:
    """Processes for reading, where the files are worth one."""
    with run.lock:
        if run.pool is None and run.settings.workers > 1 and run.source_count > 1:
            size = sum(source.size for source in run.sources)
            if size >= POOL_FROM_BYTES:
                context = multiprocessing.get_context("spawn")  # Prefect's threads make a fork unsafe
                run.pool = ProcessPoolExecutor(run.settings.workers, mp_context=context, initializer=parallel.begin)
        return run.pool


def _apart(run: Run, work: Callable[..., None], *args: object) -> Callable[[], None]:
    """Do the work in a process of its own where the run has some, else here; returns what waits for its end."""
    pool = _pool(run)
    if pool is None:
        work(*args)
        return lambda: None
    return pool.submit(work, *args).result


def _close_pool(run: Run) -> None:
    with run.lock:
        if run.pool is not None:
            run.pool.shutdown(cancel_futures=True)
            run.pool = None


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


def _read_json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
