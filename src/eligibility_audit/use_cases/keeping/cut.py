"""A run cut down to what one case needs: its records, those linked to them, of its family, of its papers."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import pandas as pd
from pyarrow.parquet import read_schema

from eligibility_audit.errors import UsageError
from eligibility_audit.publish import read_csv
from eligibility_audit.rules.facts.annexes import ANNEX
from eligibility_audit.use_cases.judgements_asked import with_apart
from eligibility_audit.use_cases.keeping.basis import ANNEX_DAYS, BASIS
from eligibility_audit.use_cases.run_folder import read_manifest

MOST_AROUND: Final = 60  # records around a case; further ones are left out, and what hangs on them is taken
_KEYS: Final = ("national_id", "dossier_no", "parent_dossier_no", "household_no")
_PLACE: Final = ("source_file", "source_sheet", "source_row")
_SIDES: Final = ("left_record_id", "right_record_id")
Records = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class KeptRun:
    """A finished run with its basis. Raises UsageError (`kept_run`) for a folder that has none."""

    folder: Path
    manifest: Mapping[str, Any]

    @cached_property
    def recommendations(self) -> pd.DataFrame:
        """Its recommendations."""
        return read_csv(self.folder / "recommendations.csv")

    @cached_property
    def findings(self) -> pd.DataFrame:
        """The findings of recommended records, all columns."""
        return pd.read_parquet(self.folder / BASIS / "findings.parquet")

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Its pairs as linkage gave them."""
        return _pairs(read_csv(self.folder / "links.csv"), self.lines)

    @cached_property
    def told(self) -> pd.DataFrame:
        """Its pairs as the rules were given them."""
        return with_apart(self.pairs, self.folder)

    @cached_property
    def candidates(self) -> pd.DataFrame:
        """Pairs below the threshold."""
        return pd.read_parquet(self.folder / "candidates.parquet")

    @cached_property
    def lines(self) -> pd.DataFrame:
        """Of every record: id, kind, place, and the numbers that tie records together."""
        return pd.concat([self._lines_of(path) for path in self._files()], ignore_index=True)

    def _files(self) -> list[Path]:
        return sorted((self.folder / "records").glob("*.parquet"))

    def _lines_of(self, path: Path) -> pd.DataFrame:
        known = set(read_schema(path).names)
        frame = pd.read_parquet(path, columns=["record_id", *_PLACE, *(name for name in _KEYS if name in known)])
        return frame.reindex(columns=["record_id", *_PLACE, *_KEYS]).assign(kind=path.stem)

    def cases(self, programme: str, ids: Sequence[str]) -> pd.DataFrame:
        """The cases as the rules saw them, indexed by record_id."""
        path = self.folder / BASIS / "cases" / f"{programme}.parquet"
        return pd.read_parquet(path, filters=[("record_id", "in", list(ids))])

    def all_cases(self) -> dict[str, pd.DataFrame]:
        """The cases of all recommended records as the rules saw them, by programme."""
        return {path.stem: pd.read_parquet(path) for path in sorted((self.folder / BASIS / "cases").glob("*.parquet"))}

    def records(self, ids: Iterable[str]) -> dict[str, pd.DataFrame]:
        """These records whole, by kind."""
        wanted = self.lines[self.lines["record_id"].isin(set(ids))].groupby("kind")["record_id"]
        found = {}
        for kind, own in wanted:
            path = self.folder / "records" / f"{kind}.parquet"
            frame = pd.read_parquet(path, filters=[("record_id", "in", own.tolist())])
            found[str(kind)] = self._with_days(str(kind), frame)
        return found

    def _with_days(self, kind: str, frame: pd.DataFrame) -> pd.DataFrame:
        path = self.folder / BASIS / ANNEX_DAYS
        if kind != ANNEX or not path.exists():
            return frame
        days = pd.read_parquet(path).set_index("record_id")["conclusion_date"]
        return frame.assign(conclusion_date=days.reindex(frame["record_id"]).to_numpy())


def kept_run(folder: Path) -> KeptRun:
    """A finished run that kept its basis. Raises UsageError for any other folder."""
    manifest = read_manifest(folder)
    if manifest is None or manifest.get("status") != "done" or not (folder / BASIS).is_dir():
        raise UsageError(
            f"{folder}: không phải thư mục của một lần chạy đã xong có thư mục {BASIS}; hãy chạy lại bằng phiên bản này"
            f" / is not the folder of a finished run with its {BASIS}; run it again with this version"
        )
    return KeptRun(folder, manifest)


@dataclass(frozen=True)
class World:
    """What belongs to one case. `left_out`: records around it that are not here (`MOST_AROUND`)."""

    own: tuple[str, ...]
    ids: frozenset[str]
    left_out: int


def worlds(run: KeptRun, cases: Mapping[str, Sequence[str]]) -> dict[str, World]:
    """For each case (id to its records) the records that it needs, the nearest first where there are too many."""
    lines = run.lines
    ties = _Ties(lines, run.told, run.candidates)
    cited = _cited(run.findings[run.findings["record_id"].isin({r for own in cases.values() for r in own})], lines)
    found = {}
    for case_id, own in cases.items():
        near = [each for one in own for each in (*cited.get(one, ()), *ties.linked(one), *ties.tied(one))]
        second = [each for one in dict.fromkeys(near) for each in ties.linked(one)]
        around = [each for each in dict.fromkeys([*near, *second]) if each not in own]
        kept = around[:MOST_AROUND]
        found[case_id] = World(tuple(own), frozenset((*own, *kept)), len(around) - len(kept))
    return found


class _Ties:
    """Which records are linked, or share a number, or name each other's dossier."""

    def __init__(self, lines: pd.DataFrame, pairs: pd.DataFrame, candidates: pd.DataFrame) -> None:
        sides = pd.concat([pairs[list(_SIDES)], candidates[list(_SIDES)]], ignore_index=True)
        turned = sides.set_axis(_SIDES[::-1], axis=1)
        self._linked = _lists(pd.concat([sides, turned], ignore_index=True), *_SIDES)
        self._numbers = lines.set_index("record_id")[list(_KEYS)]
        self._of = {name: _lists(lines.dropna(subset=[name]), name, "record_id") for name in _KEYS}

    def linked(self, record: str) -> Sequence[str]:
        return self._linked.get(record, ())

    def tied(self, record: str) -> list[str]:
        numbers = dict(zip(_KEYS, self._numbers.loc[record], strict=True))
        found = [
            *self._with(("national_id",), numbers["national_id"]),
            *self._with(("dossier_no", "parent_dossier_no"), numbers["dossier_no"]),
            *self._with(("dossier_no", "parent_dossier_no"), numbers["parent_dossier_no"]),
            *self._with(("household_no",), numbers["household_no"]),
        ]
        return [each for each in found if each != record]

    def _with(self, columns: Sequence[str], number: Any) -> list[str]:
        return [] if pd.isna(number) else [each for name in columns for each in self._of[name].get(str(number), ())]


def _lists(frame: pd.DataFrame, key: str, value: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one, other in zip(frame[key].tolist(), frame[value].tolist(), strict=True):
        found.setdefault(str(one), []).append(str(other))
    return found


def _cited(findings: pd.DataFrame, lines: pd.DataFrame) -> dict[str, list[str]]:
    """The records that stand on the lines which the findings of a record speak of, and that they name."""
    wanted: dict[tuple[str, str, int], list[str]] = {}
    found: dict[str, list[str]] = {}
    columns = ("record_id", "evidence", "evidence_against", "other_record_ids")
    for record, *sides, others in zip(*(findings[name].fillna("[]") for name in columns), strict=True):
        found.setdefault(record, []).extend(json.loads(others or "[]"))
        for item in (each for side in sides for each in json.loads(side or "[]") if each.get("row")):
            wanted.setdefault((item.get("file") or "", item.get("sheet") or "", int(item["row"])), []).append(record)
    here = lines[lines["source_file"].isin({place[0] for place in wanted})]
    columns = ("source_file", "source_sheet", "source_row", "record_id")
    for file, sheet, row, record in zip(*(here[name] for name in columns), strict=True):
        for one in wanted.get((file, sheet if isinstance(sheet, str) else "", int(row)), ()):
            found.setdefault(one, []).append(record)
    return found


def _pairs(links: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """`links.csv` as linkage gave it: with the kinds of its sides, and figures as figures."""
    kinds = lines.set_index("record_id")["kind"]
    columns: dict[str, Any] = {}
    for side in ("left", "right"):
        columns[f"{side}_record_id"] = links[f"{side}_record_id"].astype("string[pyarrow]")
        columns[f"{side}_kind"] = kinds.reindex(links[f"{side}_record_id"]).astype("string[pyarrow]").to_numpy()
    for name in ("match_probability", "match_weight"):
        columns[name] = pd.to_numeric(links[name]).astype("Float64")
    columns["comparisons"] = links["comparisons"].astype("string[pyarrow]")
    return pd.DataFrame(columns)


def within(pairs: pd.DataFrame, world: World) -> pd.DataFrame:
    """Pairs of which both sides are in a world."""
    sides = [pairs[name].isin(world.ids) for name in _SIDES]
    return pairs[sides[0] & sides[1]].reset_index(drop=True)
