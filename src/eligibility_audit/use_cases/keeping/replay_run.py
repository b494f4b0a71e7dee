"""Replay a whole run from its folder: link, facts, rules and recommendations, with the law and the model kept there."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd

from eligibility_audit.law.files import law_of_texts, using
from eligibility_audit.linkage import READS, link_people, people, read_model
from eligibility_audit.publish import FINDINGS, RECOMMENDATIONS, read_csv, write_csv
from eligibility_audit.recommend import recommend
from eligibility_audit.rules.assess import Assessed, Mask, assess
from eligibility_audit.use_cases import progress
from eligibility_audit.use_cases.keeping.basis import BASIS, LAW, MADE_WITH
from eligibility_audit.use_cases.keeping.cut import KeptRun, kept_run
from eligibility_audit.use_cases.keeping.recompute import IDS, NO_KEY, Facts, weights
from eligibility_audit.use_cases.keeping.replay import Difference, Replayed, because, differing
from eligibility_audit.use_cases.keeping.tables import flat
from eligibility_audit.use_cases.verify_run import verify_run

_SIDES: Final = ("left_record_id", "right_record_id")
_NOTE: Final = (
    "bước 1 không làm lại: tệp nguồn không ở trong thư mục (mã băm có trong manifest.json); bước 6 không thuộc lần chạy"
    " / step 1 is not done again: the sources are not in the folder (their hashes are in manifest.json); step 6 is none"
    " of a run's"
)


def replay_run(folder: Path) -> Replayed:
    """Steps 2 to 5 of all cases again. Raises UsageError for no such run, IntegrityError for one that was changed."""
    verify_run(folder)
    run = kept_run(folder)
    was = json.loads((folder / BASIS / MADE_WITH).read_text(encoding="utf-8"))
    content = json.loads((folder / BASIS / LAW).read_text(encoding="utf-8"))
    found: list[Difference] = []
    with TemporaryDirectory(prefix="eligibility-audit-law-") as place, _law(content, Path(place)):
        for step, (then, now) in _steps(run):
            items = differing(then, now)
            if items:
                found.append(Difference(step, tuple(items), because(step, was, now, items)))
            progress.tell("replay", step - 1, 4)
    return Replayed(folder.name, tuple(found), {}, (_NOTE,), (2, 3, 4, 5))


def _law(content: Mapping[str, Any], place: Path) -> AbstractContextManager[None]:
    known_on = date.fromisoformat(content["known_on"]) if content["known_on"] else None
    return using(law_of_texts(content["layers"], known_on, place))


def _steps(run: KeptRun) -> Iterator[tuple[int, tuple[Facts, Facts]]]:
    """What each step came to, and comes to now."""
    as_of = date.fromisoformat(str(run.manifest["as_of"]))
    records = run.records(run.lines["record_id"])
    yield 2, (_pairs(run.pairs), _pairs(_linked(run, records)))
    cases: dict[str, pd.DataFrame] = {}

    def took(programme: str, frame: pd.DataFrame, _touched: Mask) -> None:
        cases[programme] = frame

    findings = assess(records, run.told, as_of=as_of, key=NO_KEY, since=Assessed(took=took))
    yield 3, (_cases(run.all_cases()), _cases(cases, run))
    yield 4, (_table(read_csv(run.folder / "findings.csv"), _FINDING), _table(_written(findings, FINDINGS), _FINDING))
    made = recommend(findings, records, as_of=as_of, key=NO_KEY)
    yield 5, (_table(run.recommendations, _LINE), _table(_written(made, RECOMMENDATIONS), _LINE))


def _linked(run: KeptRun, records: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The pairs weighed again but those that officers judged: the same, or (among the candidates) not the same."""
    lines = people({kind: frame[[*READS]] for kind, frame in records.items()})
    made = link_people(lines, read_model(run.folder / "model.yaml")).pairs
    told = pd.concat([each[[*_SIDES, "comparisons"]] for each in (run.pairs, run.candidates)], ignore_index=True)
    judged = pd.MultiIndex.from_frame(told.loc[_is_judged(told), [*_SIDES]])
    return made[~pd.MultiIndex.from_frame(made[[*_SIDES]]).isin(judged)]


def _pairs(pairs: pd.DataFrame) -> Facts:
    """Pairs and the weight of each field; what officers judged is taken as it was."""
    return weights(pairs[~_is_judged(pairs)])


def _is_judged(pairs: pd.DataFrame) -> "pd.Series[bool]":
    return pairs["comparisons"].str.contains('"judgement"', regex=False)


def _cases(cases: Mapping[str, pd.DataFrame], run: KeptRun | None = None) -> Facts:
    found: dict[str, str] = {}
    for frame in cases.values():
        own = frame if run is None else frame[frame.index.isin(run.recommendations["record_id"])]
        found |= flat(own.reset_index(), ["record_id"])
    return found


def _written(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The frame as it is once written and read."""
    with TemporaryDirectory(prefix="eligibility-audit-") as place:
        write_csv(frame, Path(place) / "table.csv", columns)
        return read_csv(Path(place) / "table.csv")


def _table(frame: pd.DataFrame, key: list[str]) -> Facts:
    return flat(frame.drop(columns=[name for name in IDS if name in frame]), key)


_FINDING: Final = ["rule_id", "record_id"]
_LINE: Final = ["record_id"]
