"""What a file failed is taken over until its records, its reading or the day change; a kept step is whole, or made."""

from datetime import date
from pathlib import Path
from typing import Final

import pandas as pd
import pytest

from eligibility_audit import quality
from eligibility_audit.quality.validation import FAILURE_COLUMNS, FAILURE_TYPES, Result, Validation
from eligibility_audit.use_cases.nights.kept import Kept
from eligibility_audit.use_cases.nights.validated import validate_since

DAY: Final = date(2020, 12, 31)
KEYS: Final = {"a.csv": "1", "b.csv": "2"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that are asked, by a suite of one expectation that every record fails."""
    files: list[str] = []

    def fails(kind: str, records: pd.DataFrame, _as_of: date) -> list[Validation]:
        made = []
        for file, own in records.groupby("source_file", sort=False):
            files.append(str(file))
            rows = [
                ("CODE", "error", "received", r, file, pd.NA, n, "name", "x") for n, r in enumerate(own["record_id"])
            ]
            failures = pd.DataFrame(rows, columns=list(FAILURE_COLUMNS)).astype(FAILURE_TYPES)
            result = Result("CODE", "error", "received", "record", "name", "v", "e", "t", "t", len(own), len(own))
            made.append(Validation(kind, str(file), len(own), (result,), failures))
        return made

    monkeypatch.setattr(quality, "validate_kind", fails)
    return files


def records(folder: Path, ids: dict[str, list[str]]) -> Path:
    path = folder / "deaths.parquet"
    rows = [(record, file) for file, own in ids.items() for record in own]
    pd.DataFrame(rows, columns=["record_id", "source_file"]).to_parquet(path, index=False)
    return path


@pytest.mark.parametrize(
    ("ids", "keys", "day", "expected"),
    [
        pytest.param({"a.csv": ["r-1"], "b.csv": ["r-2"]}, KEYS, DAY, [], id="nothing changed"),
        pytest.param(
            {"a.csv": ["r-1"], "b.csv": ["r-2"]}, {**KEYS, "b.csv": "3"}, DAY, ["b.csv"], id="one file read anew"
        ),
        pytest.param(
            {"a.csv": ["r-1"], "b.csv": ["r-9"]}, KEYS, DAY, ["b.csv"], id="an equal line elsewhere renamed one"
        ),
        pytest.param(
            {"a.csv": ["r-1"], "b.csv": ["r-2"]}, KEYS, date(2021, 1, 1), ["a.csv", "b.csv"], id="another day"
        ),
    ],
)
def test_only_files_that_changed_are_asked(
    tmp_path: Path, asked: list[str], ids: dict[str, list[str]], keys: dict[str, str], day: date, expected: list[str]
) -> None:
    kept = Kept(tmp_path / "kept")
    before = records(tmp_path, {"a.csv": ["r-1"], "b.csv": ["r-2"]})
    first = validate_since("deaths", before, DAY, kept, KEYS)
    asked.clear()
    again = validate_since("deaths", records(tmp_path, ids), day, kept, keys)
    assert asked == expected
    assert [each.results for each in again] == [each.results for each in first]
    assert [each.failures["record_id"].tolist() for each in again] == list(ids.values())
    for one, other in zip(first, again, strict=True):
        assert one.failures.dtypes.astype(str).tolist() == other.failures.dtypes.astype(str).tolist()


def made(out: Path) -> None:
    (out / "file").write_text("made")


@pytest.mark.parametrize(
    ("harm", "taken"),
    [
        pytest.param(lambda _step: None, True, id="whole"),
        pytest.param(lambda step: (step / "file").write_text("altered"), False, id="altered"),
        pytest.param(lambda step: (step / "file").unlink(), False, id="cut short"),
        pytest.param(lambda step: (step / "hashes.json").write_text("{"), False, id="its hashes are half written"),
    ],
)
def test_a_kept_step_is_what_it_was_or_is_made_anew(tmp_path: Path, harm: object, taken: bool) -> None:
    for number in (1, 2):
        (tmp_path / str(number)).mkdir()
    kept = Kept(tmp_path / "kept")
    kept.fill("step-1", tmp_path / "1", made)
    (tmp_path / "1" / "file").unlink()  # a link: what is altered below is the kept one alone
    harm(tmp_path / "kept" / "step-1")  # type: ignore[operator]
    assert kept.fill("step-1", tmp_path / "2", made) is taken
    assert (tmp_path / "2" / "file").read_text() == "made"


def test_what_a_night_did_not_use_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    Kept(tmp_path / "kept").fill("old", tmp_path / "out", made)
    later = Kept(tmp_path / "kept")
    (tmp_path / "new").mkdir()
    later.fill("new", tmp_path / "new", made)
    assert later.sweep() == 1
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["new"]
