"""Read one source file and standardise it: the work of one task, in a process of its own where files are large."""

import json
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from eligibility_audit.domain.received import ReceivedSheet, StandardisedSheet
from eligibility_audit.errors import IntegrityError
from eligibility_audit.standardise import standardise_sheet
from eligibility_audit.use_cases.source_file import SourceFile

RECORDS = "records.parquet"
REJECTS = "rejects.parquet"
ACCOUNTS = "accounts.json"


@dataclass(frozen=True)
class SheetAccount:
    """Every line of one sheet: lines = records + rejects + the sum of not_person."""

    kind: str
    source_file: str
    source_sheet: str
    lines: int
    records: int
    rejects: int
    not_person: dict[str, int]
    persons: int
    control_persons: int | None
    columns: dict[str, str]
    unmapped: list[str]
    confidence: float
    encoding: str
    hidden: bool
    warnings: list[str]
    notes: dict[str, int]
    read_seconds: float
    standardise_seconds: float


def prepare_source(source: SourceFile, as_of: date, out: Path) -> None:
    """Write records, rejects and accounts of one source file into the folder `out`."""
    records: list[pd.DataFrame] = []
    rejects: list[pd.DataFrame] = []
    accounts: list[SheetAccount] = []
    started = time.monotonic()
    for sheet in source.read():
        read = time.monotonic()
        standardised = standardise_sheet(sheet, as_of)
        done = time.monotonic()
        records.append(standardised.records)
        rejects.append(standardised.rejects)
        accounts.append(_account(sheet, standardised, read - started, done - read))
        started = time.monotonic()
    _write(records, out / RECORDS)
    _write(rejects, out / REJECTS)
    text = json.dumps([asdict(account) for account in accounts], ensure_ascii=False)
    (out / ACCOUNTS).write_text(text, encoding="utf-8")


def _account(
    sheet: ReceivedSheet, made: StandardisedSheet, read_seconds: float, standardise_seconds: float
) -> SheetAccount:
    rejected = set(made.rejects.loc[made.rejects["stage"] == "line", "source_row"].tolist())
    account = SheetAccount(
        kind=sheet.kind,
        source_file=sheet.source_file,
        source_sheet=sheet.source_sheet,
        lines=sheet.total_lines,
        records=int(made.records["source_row"].nunique()),
        rejects=len(rejected - set(made.records["source_row"].tolist())),
        not_person=dict(sheet.not_person),
        persons=len(made.records),
        control_persons=sheet.control_persons,
        columns=dict(sheet.header),
        unmapped=list(sheet.unmapped),
        confidence=round(sheet.confidence, 3),
        encoding=sheet.encoding,
        hidden=sheet.hidden,
        warnings=list(sheet.warnings),
        notes=dict(made.notes),
        read_seconds=read_seconds,
        standardise_seconds=standardise_seconds,
    )
    if account.lines != account.records + account.rejects + sum(account.not_person.values()):
        raise IntegrityError(
            f"{sheet.source_file}, trang / sheet {sheet.source_sheet!r}: {account.lines} dòng, chỉ giải trình được "
            f"{account.records} + {account.rejects} + {sum(account.not_person.values())}; báo cho nhóm phát triển / "
            "the lines do not add up; tell the developers"
        )
    return account


def _write(parts: list[pd.DataFrame], path: Path) -> None:
    whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    whole.to_parquet(path, index=False, compression="zstd")
