"""Write what validation found: one CSV a kind with every failing record, a summary, and one page to read offline."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import pandas as pd
import pyarrow as pa
from pyarrow import csv

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.quality.suites import SEVERITIES
from eligibility_audit.quality.validation import FAILURE_TYPES, Result, Validation

FIRST_ROWS: Final = 12  # rows named on the page for an expectation; all are in the CSV
FILES_SHOWN: Final = 8
BOM: Final = b"\xef\xbb\xbf"
SEVERITY_WORDS: Final = {
    "error": ("✖", "Cần sửa", "To correct", "Không sửa thì không dùng được đúng.", "Of no right use until corrected."),
    "warning": (
        "▲",
        "Cần xem lại",
        "To look at",
        "Có thể sai; người xem quyết định.",
        "May be wrong; somebody decides.",
    ),
    "info": ("ℹ", "Để biết", "To know", "Không phải lỗi.", "No mistake."),
}
ON_WORDS: Final = {
    "received": ("ô như nhận được", "cells as received"),
    "standardised": ("bản ghi đã chuẩn hóa", "the standardised record"),
}


@dataclass(frozen=True)
class Card:
    """One expectation over all files of a kind, as the page shows it."""

    result: Result
    evaluated: int
    failed: int
    files: tuple[tuple[str, int, int], ...]  # file, failed, evaluated; most failures first
    rows: tuple[tuple[str, str, tuple[int, ...]], ...]  # file, sheet, first rows

    @property
    def state(self) -> str:
        """`failed`, `passed`, or `not_asked` where the lists have nothing to ask it of."""
        if self.failed:
            return "failed"
        return "passed" if self.evaluated else "not_asked"

    @property
    def rows_named(self) -> int:
        """How many of the failing rows the page names."""
        return sum(len(rows) or 1 for _, _, rows in self.rows)


@dataclass(frozen=True)
class Section:
    """One kind of list on the page."""

    kind: str
    validations: tuple[Validation, ...]

    @property
    def vi(self) -> str:
        """The kind's name in Vietnamese."""
        return KINDS[self.kind].vi

    @property
    def en(self) -> str:
        """The kind's name in English."""
        return KINDS[self.kind].en

    @property
    def records(self) -> int:
        """Records of all its files."""
        return sum(validation.records for validation in self.validations)

    @cached_property
    def cards(self) -> list[Card]:
        """Its expectations: the most severe, and in those the most frequent failures, first."""
        cards = [
            _card(results, self.validations) for results in zip(*(v.results for v in self.validations), strict=True)
        ]
        return sorted(cards, key=lambda card: (SEVERITIES.index(card.result.severity), -card.failed, card.result.code))

    def of(self, state: str) -> list[Card]:
        """The cards in a state."""
        return [card for card in self.cards if card.state == state]

    def failed(self, severity: str) -> int:
        """Failures of a severity."""
        return sum(card.failed for card in self.cards if card.result.severity == severity)

    @cached_property
    def by_file(self) -> list[tuple[str, int, dict[str, int]]]:
        """File, records, failures by severity."""
        return [(v.source_file, v.records, v.failed_by_severity) for v in self.validations]


def write_validation(folder: Path, validations: Iterable[Validation]) -> None:
    """Write into `folder` (a run's `validation/`): `<kind>.csv` (every failing record), `summary.csv`, `index.html`.

    Values stand in the CSV files alone; the page names files, sheets and rows. The same validations give
    the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    by_kind: dict[str, list[Validation]] = {}
    for validation in validations:
        by_kind.setdefault(validation.kind, []).append(validation)
    sections = [Section(kind, tuple(by_kind[kind])) for kind in KINDS if kind in by_kind]
    for section in sections:
        _write_csv(_failures(section), folder / f"{section.kind}.csv")
    _write_csv(_summary(sections), folder / "summary.csv")
    (folder / "index.html").write_text(render(sections), encoding="utf-8")


def render(sections: Sequence[Section]) -> str:
    """The page, as one HTML document without anything to fetch."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("eligibility_audit.quality"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": _number, "percent": _percent}
    return environment.get_template("validation.html.j2").render(
        sections=sections, severities=SEVERITY_WORDS, on=ON_WORDS, files_shown=FILES_SHOWN
    )


def _card(results: tuple[Result, ...], validations: tuple[Validation, ...]) -> Card:
    files = [(v.source_file, r.failed, r.evaluated) for r, v in zip(results, validations, strict=True) if r.failed]
    return Card(
        result=results[0],
        evaluated=sum(result.evaluated for result in results),
        failed=sum(result.failed for result in results),
        files=tuple(sorted(files, key=lambda file: -file[1])),
        rows=_first_rows(results, validations),
    )


def _first_rows(
    results: tuple[Result, ...], validations: tuple[Validation, ...]
) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
    found: dict[tuple[str, str], list[int]] = {}
    left = FIRST_ROWS
    for result, validation in zip(results, validations, strict=True):
        if not result.failed or left <= 0:
            continue
        failures = validation.failures
        first = failures.loc[failures["code"] == result.code].head(left)
        left -= len(first)
        for file, sheet, row in zip(
            first["source_file"], first["source_sheet"].fillna(""), first["source_row"], strict=True
        ):
            found.setdefault((file, sheet), []).extend([] if row is pd.NA else [int(row)])
    return tuple((file, sheet, tuple(rows)) for (file, sheet), rows in found.items())


def _failures(section: Section) -> pd.DataFrame:
    empty = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in FAILURE_TYPES.items()})
    there = [v.failures for v in section.validations if len(v.failures)]
    failures = pd.concat(there, ignore_index=True) if there else empty
    failures["value"] = _no_formula(failures["value"])
    sentences = {card.result.code: card.result.sentence_vi for card in section.cards}
    return failures.assign(expected_vi=failures["code"].map(sentences).astype("str"))


def _summary(sections: Sequence[Section]) -> pd.DataFrame:
    names = list(Result.__dataclass_fields__)
    lines = [
        (section.kind, validation.source_file, *(getattr(result, name) for name in names))
        for section in sections
        for validation in section.validations
        for result in validation.results
    ]
    return pd.DataFrame(lines, columns=["kind", "source_file", *names])


def _no_formula(values: "pd.Series[str]") -> "pd.Series[str]":
    """An apostrophe before what a spreadsheet would take for a formula."""
    return values.str.replace(r"^(?=[=+@\t\r]|-\D)", "'", regex=True)


def _write_csv(frame: pd.DataFrame, path: Path) -> None:
    with path.open("wb") as file:
        file.write(BOM)
        csv.write_csv(pa.Table.from_pandas(frame, preserve_index=False), file)


def _number(value: int) -> str:
    """A whole number as Vietnamese write it: 12.345."""
    return f"{value:,}".replace(",", ".")


def _percent(part: int, whole: int) -> str:
    """A share as Vietnamese write it: 3,5 %; never rounded to nothing."""
    share = 100 * part / whole
    return "dưới 0,1 %" if share < 0.1 else f"{share:.1f} %".replace(".", ",").replace(",0 ", " ")
