"""What a night leaves to the next: records, pairs, cases, findings, model, and the inputs that they came from.

The folder holds people's data and is readable by its owner alone. It is written aside and renamed: a night that was
killed leaves the one before it.
"""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd

from eligibility_audit.errors import InputError
from eligibility_audit.linkage import READS as LINKED
from eligibility_audit.linkage import Links, Model, link_incremental, link_people, people, read_model
from eligibility_audit.rules.assess import Assessed
from eligibility_audit.use_cases.judgements_asked import with_apart
from eligibility_audit.use_cases.nights.kept import Kept, link

KEPT_OF_STEPS: Final = {
    "gather": ("records/*.parquet",),
    "link": ("pairs.parquet", "candidates.parquet", "judgements.parquet", "model.yaml", "link_report.json"),
    "assess": ("findings.parquet", "cases/*.parquet", "annex_days.parquet", "decided.json"),
    "recommend": ("recommendations.parquet",),
}
NOTE: Final = "night.json"
JUDGED: Final = "judgements_given.parquet"
LAWFUL: Final = ("code", "law", "plugins", "packages", "key")  # inputs that change how a case is decided
LINKING: Final = ("code", "packages", "key")
Brakes = Callable[
    [str, Mapping[str, Any]], list[str]
]  # step, what it came to: sentences where nothing may be published


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


@dataclass(frozen=True)
class Since:
    """What a run is given that comes after another: kept steps, the last night, its own day and model, its brakes."""

    kept: Kept
    state: Path
    last: LastNight | None = None
    as_of: date | None = None
    model: Model | None = None
    brakes: Brakes = lambda _step, _found: []
    label: str = ""


def link_since(
    lines: pd.DataFrame, model: Model | None, since: Since | None, inputs: Mapping[str, Any], **options: Any
) -> Links:
    """Who is the same person: as a full linking with the model, comparing only what changed where that is enough.

    `lines`: the frame of `linkage.people`; `options`: of `link_people`.
    """
    if since is None or since.last is None or model is None or not since.last.links_by(model, inputs):
        return link_people(lines, model, **options)
    old = people(since.last.records(*LINKED))
    return link_incremental(old, lines, model, since.last.known(), **options)


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
    since: Since, steps: Mapping[str, Path], note: Mapping[str, Any], judgements: pd.DataFrame | None
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
    said = dict(note) | {"label": since.label}
    (aside / NOTE).write_text(json.dumps(said, ensure_ascii=False, default=str), encoding="utf-8")


def take_over(state: Path) -> None:
    """Make the state that was written aside the last night's."""
    aside, old = next_state(state), state.with_name(f".{state.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if state.exists():
        state.rename(old)
    aside.rename(state)
    shutil.rmtree(old, ignore_errors=True)
