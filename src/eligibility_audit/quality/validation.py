"""Validate records against the suite of their kind: counts for everyone, values for the run folder alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility_audit.quality import checked
from eligibility_audit.quality.suites import Expectation, suite

BATCH_ROWS: Final = 250_000  # rows asked at once, so that memory stays bounded
LONGEST_LIFE: Final = 115  # years: an older date of birth is taken for a mistake in the list
FAILURE_COLUMNS: Final = (
    "code", "severity", "on", "record_id", "source_file", "source_sheet", "source_row", "column", "value",
)  # fmt: skip
FAILURE_TYPES: Final = {name: "Int64" if name == "source_row" else "str" for name in FAILURE_COLUMNS}
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Result:
    """What one expectation found in one file: words and counts, no values.

    `evaluated` records (or sheets, where `per` is `sheet`) were asked; a null only where null is the
    question.
    """

    code: str
    severity: str
    on: str
    per: str
    field: str
    sentence_vi: str
    sentence_en: str
    todo_vi: str
    todo_en: str
    evaluated: int
    failed: int


@dataclass(frozen=True)
class Validation:
    """The results of one source file, and every failing record.

    `failures`: code, severity, on, record_id, source_file, source_sheet, source_row (Int64), column, value; text
    columns are Arrow strings. record_id and source_row are null where a whole sheet fails. It holds people's
    values: it stays in the run folder.
    """

    kind: str
    source_file: str
    records: int
    results: tuple[Result, ...]
    failures: pd.DataFrame

    @property
    def failed_by_severity(self) -> dict[str, int]:
        """Failures by severity, the severities without any left out."""
        counts: dict[str, int] = {}
        for result in self.results:
            if result.failed:
                counts[result.severity] = counts.get(result.severity, 0) + result.failed
        return counts


def preload() -> None:
    """Import Great Expectations (5 seconds), so that a thread can do it while something else waits for a disk."""
    from eligibility_audit.quality import great  # noqa: F401


def validate_batch(kind: str, records: pd.DataFrame, as_of: date) -> Validation:
    """Ask the suite of `kind` of the standardised records of one source file (docs/architecture.md, Records).

    Any number of rows; they are asked 250,000 at a time, repetitions being counted over the whole file.
    """
    validations = validate_kind(kind, records, as_of)
    if len(validations) != 1:
        raise ValueError("validate_batch takes the records of one source file")
    return validations[0]


def validate_kind(kind: str, records: pd.DataFrame, as_of: date) -> list[Validation]:
    """Ask the suite of `kind` of the records of any number of source files; one validation a file, in their order.

    Small files are asked together (asking costs half a second however few the rows), large ones 250,000 rows at a time.
    """
    expectations = suite(kind)
    records = records.reset_index(drop=True)
    file_codes, files = pd.factorize(records["source_file"])
    if not expectations:  # a plugin's kind without a suite
        persons = np.bincount(file_codes, minlength=len(files))
        return [Validation(kind, str(file), int(persons[n]), (), _together([])) for n, file in enumerate(files)]
    sheets = checked.of_sheets(records, dict.fromkeys(e.field for e in expectations if e.per == "sheet"))
    sheet_codes = pd.Index(files).get_indexer(sheets["source_file"])
    columns = dict.fromkeys(column for e in expectations if e.per == "record" for column in e.columns)
    frames = {
        "sheet": (sheets, sheets[["source_file", "source_sheet"]], sheet_codes),
        "record": (checked.of_records(records, columns), records[list(checked.PLACE)], file_codes),
    }
    failing = {
        code: rows
        for per, (frame, _, _) in frames.items()
        for code, rows in _ask([e for e in expectations if e.per == per], frame, _parameters(as_of)).items()
    }
    evaluated = {
        e.code: np.bincount(frames[e.per][2][e.asked(frames[e.per][0])], minlength=len(files)) for e in expectations
    }
    failed = {e.code: np.bincount(frames[e.per][2][failing[e.code]], minlength=len(files)) for e in expectations}
    failures = _together([_failures(e, failing[e.code], *frames[e.per][:2]) for e in expectations])
    of_file = np.argsort(np.concatenate([frames[e.per][2][failing[e.code]] for e in expectations]), kind="stable")
    ends = np.cumsum(sum(failed.values()))
    counts = np.bincount(file_codes, minlength=len(files))
    return [
        Validation(
            kind=kind,
            source_file=str(file),
            records=int(counts[number]),
            results=tuple(
                _result(e, int(evaluated[e.code][number]), int(failed[e.code][number])) for e in expectations
            ),
            failures=failures.take(of_file[(ends[number - 1] if number else 0) : ends[number]]).reset_index(drop=True),
        )
        for number, file in enumerate(files)
    ]


def _ask(expectations: list[Expectation], frame: pd.DataFrame, parameters: Mapping[str, str]) -> dict[str, Positions]:
    """The positions in `frame` of all rows that fail, by code."""
    from eligibility_audit.quality import great

    found: dict[str, list[Positions]] = {e.code: [] for e in expectations}
    for start in range(0, len(frame), BATCH_ROWS):
        batch = frame.iloc[start : start + BATCH_ROWS].reset_index(drop=True)
        for code, rows in great.run([e.config for e in expectations], batch, parameters).items():
            found[code].append(rows + start)
    return {code: np.concatenate([np.zeros(0, dtype="int64"), *rows]) for code, rows in found.items()}


def _parameters(as_of: date) -> Mapping[str, str]:
    """What suites say as `{"$PARAMETER": …}`."""
    after = (as_of.year, as_of.month + 1) if as_of.month < 12 else (as_of.year + 1, 1)
    return {
        "as_of": as_of.isoformat(),
        "born_from": date(as_of.year - LONGEST_LIFE, 1, 1).isoformat(),
        "next_month": date(*after, 28).isoformat(),
    }


def _failures(
    expectation: Expectation, rows: Positions, frame: pd.DataFrame, places: pd.DataFrame
) -> pd.DataFrame | None:
    if not len(rows):
        return None
    at = places.take(rows).reset_index(drop=True)
    values = [_text(frame[column].take(rows)) for column in expectation.columns]
    value = values[0] if len(values) == 1 else values[0].str.cat(values[1], sep=" | ", na_rep="")
    if expectation.per == "sheet":
        at = at.assign(record_id=None, source_row=None)
        value = value.mask(pd.Series(True, index=value.index))
    words = {
        "code": expectation.code,
        "severity": expectation.severity,
        "on": expectation.on,
        "column": expectation.field,
    }
    return at.assign(**words, value=value)[list(FAILURE_COLUMNS)]


def _together(parts: list[pd.DataFrame | None]) -> pd.DataFrame:
    there = [part.astype(FAILURE_TYPES) for part in parts if part is not None]
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in FAILURE_TYPES.items()})
    return pd.concat(there, ignore_index=True) if there else empty


def _text(values: "pd.Series[str]") -> "pd.Series[str]":
    if isinstance(values.dtype, pd.CategoricalDtype):
        text = values.astype("str")
    else:
        text = values.map(_number, na_action="ignore").astype("str")
    return text.reset_index(drop=True)


def _number(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _result(expectation: Expectation, evaluated: int, failed: int) -> Result:
    names = [name for name in Result.__dataclass_fields__ if name not in ("evaluated", "failed")]
    return Result(**{name: getattr(expectation, name) for name in names}, evaluated=evaluated, failed=failed)
