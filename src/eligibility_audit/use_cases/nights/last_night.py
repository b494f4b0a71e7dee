"""What a night leaves to the next: records, pairs, cases, findings, model, and the inputs that they came from.

The folder holds people's data and is readable by its owner alone. It is written aside and renamed: a night that was
killed leaves the one before it.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.errors import InputError
from eligibility_audit.law.files import Law, law_of_texts, law_texts
from eligibility_audit.linkage import LastLinks, Links, Model, link_again, link_people, read_last, read_model, remember
from eligibility_audit.rules.assess import Assessed
from eligibility_audit.use_cases.judgements_asked import with_apart
from eligibility_audit.use_cases.nights.home import read_json, write_json
from eligibility_audit.use_cases.nights.kept import Kept, link
from eligibility_audit.use_cases.run_folder import file_digest

KEPT_OF_STEPS: Final = {
    "gather": ("records/*.parquet",),
    "link": (
        *("pairs.parquet", "candidates.parquet", "clusters.parquet", "judgements.parquet", "model.yaml"),
        *("link_report.json", "last_links/*"),
    ),
    "assess": ("findings.parquet", "cases/*.parquet", "annex_days.parquet", "decided.json"),
    "recommend": ("recommendations.parquet",),
}
NOTE: Final = "night.json"
LINKS: Final = "last_links"
LAW: Final = "law.json"
CLUSTERS: Final = "clusters.parquet"
JUDGED: Final = "judgements_given.parquet"
CODE: Final = ("code", "plugins", "packages", "key")  # what is no longer there once it was changed
LAWFUL: Final = (*CODE, "law")  # inputs that change how a case is decided
LINKING: Final = ("code", "packages", "key")
OF_THE_ARTEFACT: Final = ("model", "clusters")  # inputs that a night is given by the one before
FULL_RUN: Final = ("blocking", "drift")  # of the report of linking: told by full runs, as of the last one
Brakes = Callable[
    [str, Mapping[str, Any]], list[str]
]  # step, what it came to: sentences where nothing may be published


@dataclass(frozen=True)
class Artefact:
    """What links of an earlier run hold on to: its model, and its clusters (`record_id`, `cluster_id`), whose names are
    kept. `digest`: of the clusters' file."""

    model: Model
    clusters: pd.DataFrame | None = None
    digest: str = ""

    def previous(self) -> pd.DataFrame | None:
        """The clusters as linkage asks for them."""
        return None if self.clusters is None else self.clusters.rename(columns={"record_id": "id"})

    def inputs(self) -> dict[str, str]:
        """What it is among the inputs of a run."""
        return {"model": self.model.digest} | ({"clusters": self.digest} if self.digest else {})


def read_artefact(folder: Path) -> Artefact:
    """Model and clusters of the state of a night, or of a run folder. Raises InputError where there is no model."""
    file = folder / CLUSTERS
    model = read_model(folder / "model.yaml")
    if not file.exists():
        return Artefact(model)
    return Artefact(model, pd.read_parquet(file, columns=["record_id", "cluster_id"]), file_digest(file))


@dataclass(frozen=True)
class LastNight:
    """The state that a night left in a folder."""

    folder: Path
    inputs: Mapping[str, Any]
    as_of: date
    accounts: Sequence[Mapping[str, Any]]
    kinds: Mapping[str, str]  # of each source file
    read_keys: Mapping[str, str]
    label: str
    run_folder: Path

    @cached_property
    def model(self) -> Model:
        """The linkage model that it used."""
        return read_model(self.folder / "model.yaml")

    @cached_property
    def links(self) -> LastLinks | None:
        """What it linked, as the next linking asks for it; None where it kept none."""
        return read_last(self.folder / LINKS) if (self.folder / LINKS).is_dir() else None

    def link_report(self) -> Mapping[str, Any]:
        """What its linking told."""
        return read_json(self.folder / "link_report.json") or {}

    def records(self, *columns: str) -> dict[str, pd.DataFrame]:
        """Its records by kind: these columns, or all."""
        files = sorted((self.folder / "records").glob("*.parquet"))
        return {path.stem: pd.read_parquet(path, columns=list(columns) or None) for path in files}

    def table(self, name: str) -> pd.DataFrame:
        """`pairs`, `candidates`, `findings`, `recommendations` or, where there were any, `judgements`."""
        return pd.read_parquet(self.folder / f"{name}.parquet")

    def records_of(self, kind: str) -> pd.DataFrame | None:
        """All its records of a kind; None where its plan brought none."""
        path = self.folder / "records" / f"{kind}.parquet"
        return pd.read_parquet(path) if path.exists() else None

    def files_of(self, kind: str) -> list[str]:
        """Its source files of a kind."""
        return [name for name, of in self.kinds.items() if of == kind]

    def known(self) -> pd.DataFrame:
        """Its pairs and candidates, one after the other."""
        return pd.concat([self.table("pairs"), self.table("candidates")], ignore_index=True)

    def told(self) -> pd.DataFrame:
        """Its pairs as its rules were given them."""
        return with_apart(self.table("pairs"), self.folder)

    def keeps_law(self) -> bool:
        """Whether it kept the law by which it decided."""
        return (self.folder / LAW).exists()

    def law(self, folder: Path) -> Law | None:
        """The law by which it decided, written into an empty folder; None where it kept none."""
        said = read_json(self.folder / LAW)
        if said is None:
            return None
        return law_of_texts(said["law"], date.fromisoformat(said["known_on"]) if said["known_on"] else None, folder)

    def judgements(self) -> pd.DataFrame | None:
        """The judgements that it was given; None where it was given none."""
        path = self.folder / JUDGED
        return pd.read_parquet(path) if path.exists() else None

    def annex_days(self) -> "pd.Series[str] | None":
        """The day of the conclusion of each line of an annex, by record_id."""
        path = self.folder / "annex_days.parquet"
        return pd.read_parquet(path).set_index("record_id")["conclusion_date"] if path.exists() else None

    def cases(self) -> dict[str, pd.DataFrame]:
        """The cases as its rules saw them, by programme, indexed by record_id."""
        return {path.stem: pd.read_parquet(path) for path in sorted((self.folder / "cases").glob("*.parquet"))}

    def assessed(self, inputs: Mapping[str, Any], as_of: date) -> Assessed | None:
        """Its assessment, where tonight's law, code and day are the same; None where all is to be decided anew."""
        if as_of != self.as_of or any(self.inputs.get(name) != inputs.get(name) for name in LAWFUL):
            return None
        return Assessed(self.cases(), self.table("findings"))

    def links_by(self, model: Model | None, inputs: Mapping[str, Any]) -> bool:
        """Whether its pairs are those that this model would find in its records."""
        same = all(self.inputs.get(name) == inputs.get(name) for name in LINKING)
        return same and model is not None and model.digest == self.model.digest

    def stands(self, inputs: Mapping[str, Any], as_of: date, model: Model | None) -> bool:
        """Whether a run of these inputs and this model would be that of this night once more."""
        names = (self.inputs.keys() | inputs.keys()) - set(OF_THE_ARTEFACT)
        same = as_of == self.as_of and all(self.inputs.get(name) == inputs.get(name) for name in names)
        return same and model is not None and model.digest == self.model.digest


@dataclass(frozen=True)
class Since:
    """What a run is given that comes after another: kept steps, the last night, its own day and model, its brakes."""

    kept: Kept
    state: Path
    last: LastNight | None = None
    as_of: date | None = None
    artefact: Artefact | None = None
    brakes: Brakes = lambda _step, _found: []
    label: str = ""


def link_since(
    lines: pd.DataFrame,
    given: Artefact | None,
    since: Since | None,
    inputs: Mapping[str, Any],
    *,
    judgements: pd.DataFrame | None,
    key: bytes,
) -> tuple[Links, LastLinks | None]:
    """Who is the same person: as a full linking with the model and the clusters given, comparing only what changed
    where that is enough; and what the next night needs of it, where `since` says that there is one.

    `lines`: the frame of `linkage.people`.
    """
    model = None if given is None else given.model
    last = None if since is None else since.last
    known = None if last is None or not last.links_by(model, inputs) else last.links
    if last is not None and known is not None:
        links, kept = link_again(known, lines, judgements=judgements, key=key)
        return replace(links, report=dict(links.report) | as_told(last.link_report())), kept
    previous = None if given is None else given.previous()
    links = link_people(lines, model, previous=previous, judgements=judgements, key=key)
    return links, None if since is None else remember(lines, links)


def as_told(report: Mapping[str, Any]) -> dict[str, Any]:
    """What only a full linking tells, from the report of the last one."""
    return {name: report[name] for name in FULL_RUN if name in report}


def read_last_night(folder: Path) -> LastNight | None:
    """The state in a folder; None where there is none. Raises InputError where it cannot be read."""
    note = folder / NOTE
    if not note.exists():
        return None
    try:
        content = json.loads(note.read_text(encoding="utf-8"))
        return LastNight(
            folder=folder,
            inputs=content["inputs"],
            as_of=date.fromisoformat(content["as_of"]),
            accounts=content["accounts"],
            kinds=content["kinds"],
            read_keys=content["read_keys"],
            label=content["label"],
            run_folder=Path(content["run_folder"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            f"{folder.name}: trạng thái đêm trước không đọc được; xóa thư mục này, đêm nay sẽ chạy toàn bộ / the last "
            "night's state cannot be read; remove this folder and tonight runs in full"
        ) from None


def next_state(state: Path) -> Path:
    """Where the state of a night lies until it has ended."""
    return state.with_name(f".{state.name}.next")


def keep_night(
    since: Since, steps: Mapping[str, Path], note: Mapping[str, Any], judgements: pd.DataFrame | None, law: Law
) -> None:
    """Write the state of a night beside that of the last (`next_state`), from the folders of its steps.

    `note`: inputs, as_of, accounts, kinds, read_keys, run_folder. `take_over` makes it the last night.
    """
    aside = next_state(since.state)
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True, mode=0o700)
    for step, patterns in KEPT_OF_STEPS.items():
        for file in (file for pattern in patterns for file in sorted(steps[step].glob(pattern))):
            link(file, aside / file.relative_to(steps[step]))
    if judgements is not None:
        judgements.to_parquet(aside / JUDGED, index=False)
    write_json(aside / LAW, {"known_on": None if law.known_on is None else str(law.known_on), "law": law_texts(law)})
    said = dict(note) | {"label": since.label}
    (aside / NOTE).write_text(json.dumps(said, ensure_ascii=False, default=str), encoding="utf-8")


def keep_unchanged(since: Since, run_folder: Path) -> None:
    """Write the state of a night on which nothing changed: that of the last one, under tonight's name."""
    if since.last is None:
        raise ValueError("there is no night to stand for this one")
    aside = next_state(since.state)
    shutil.rmtree(aside, ignore_errors=True)
    for file in sorted(path for path in since.state.rglob("*") if path.is_file() and path.name != NOTE):
        link(file, aside / file.relative_to(since.state))
    said = read_json(since.state / NOTE) | {"label": since.label, "run_folder": str(run_folder)}
    (aside / NOTE).write_text(json.dumps(said, ensure_ascii=False, default=str), encoding="utf-8")


def take_over(state: Path) -> None:
    """Make the state that was written aside the last night's."""
    aside, old = next_state(state), state.with_name(f".{state.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if state.exists():
        state.rename(old)
    aside.rename(state)
    shutil.rmtree(old, ignore_errors=True)
