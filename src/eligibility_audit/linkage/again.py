"""Tonight's people after last night's: what a full run with the same model gives, to the byte, for the work of what
changed.

`remember` keeps of a linking what the next one needs; `link_again` links tonight's people with it and gives both the
links and what the night after needs; `write` and `read_last` keep that in a folder.
"""

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from eligibility_audit.errors import InputError, UsageError
from eligibility_audit.linkage.model import Model, read_model
from eligibility_audit.linkage.people import Links, Since, link_people

MODEL, PEOPLE, PAIRS, CLUSTERS = "model.yaml", "people.parquet", "pairs.parquet", "clusters.parquet"


@dataclass(frozen=True)
class LastLinks:
    """What the next linking needs of the last one."""

    people: pd.DataFrame
    pairs: pd.DataFrame
    clusters: pd.DataFrame
    model: Model

    def write(self, folder: Path) -> None:
        """Keep it in a folder for its owner alone; what was there is replaced when all is written.

        Raises UsageError where the folder cannot be written.
        """
        aside = folder.with_name(f".{folder.name}.partial")
        try:
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir(parents=True, mode=0o700)
            self.people.to_parquet(aside / PEOPLE, index=False)
            self.pairs.to_parquet(aside / PAIRS, index=False)
            self.clusters.to_parquet(aside / CLUSTERS, index=False)
            (aside / MODEL).write_text(self.model.to_text(), encoding="utf-8")
            shutil.rmtree(folder, ignore_errors=True)
            aside.rename(folder)
        except OSError as error:
            raise UsageError(f"Không ghi được thư mục {folder.name}. / {folder.name} cannot be written.") from error


def read_last(folder: Path) -> LastLinks:
    """What a folder keeps of the last linking. Raises InputError where it does not."""
    try:
        tables = [pd.read_parquet(folder / name) for name in (PEOPLE, PAIRS, CLUSTERS)]
    except (OSError, ValueError) as error:
        raise InputError(
            f"Thư mục {folder.name} không giữ lần ghép trước; hãy xóa đi để ghép lại từ đầu."
            f" / The folder {folder.name} holds no state of a linking: remove it, and all is linked anew."
        ) from error
    return LastLinks(tables[0], tables[1], tables[2], read_model(folder / MODEL))


def remember(people: pd.DataFrame, links: Links) -> LastLinks:
    """What the next linking needs of a linking of these people (the frame of `people()`)."""
    pairs = pd.concat([links.pairs, links.candidates], ignore_index=True)
    return LastLinks(people, pairs, links.groups.clusters[["id", "cluster_id"]], links.model)


def link_again(
    last: LastLinks,
    people: pd.DataFrame,
    *,
    judgements: pd.DataFrame | None = None,
    day: date | None = None,
    key: bytes = b"",
) -> tuple[Links, LastLinks]:
    """The links of tonight's people, and what the next night needs.

    Pairs, candidates and groups are those, byte for byte, of `link_people(people, last.model, judgements=…, day=…,
    key=…, previous=last night's clusters)`, which keeps last night's cluster ids. The report says how many records
    were `touched`, pairs `compared` and `carried`.
    """
    since = Since(last.people, last.pairs)
    links = link_people(
        people, last.model, since=since, previous=last.clusters, judgements=judgements, day=day, key=key
    )
    return links, remember(people, links)
