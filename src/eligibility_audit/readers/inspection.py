"""How a file would be read: kind, header, columns with their fields, counts, doubts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.domain.received import ReceivedSheet
from eligibility_audit.errors import EligibilityAuditError, UsageError
from eligibility_audit.readers.header import Header, understand
from eligibility_audit.readers.kinds import guess_kind
from eligibility_audit.readers.sheets import Looked, check_columns, look, receive
from eligibility_audit.readers.sources import grids, without_copies
from eligibility_audit.readers.spec import SourceSpec
from eligibility_audit.readers.workbooks import letters

DOUBTFUL = 0.8  # below this confidence a column is named among the doubts


@dataclass(frozen=True)
class ColumnView:
    """A column: its letters, its heading (decoded), the field it would be ("" for none) and how surely, 0..1."""

    letters: str
    heading: str
    field: str
    confidence: float


@dataclass(frozen=True)
class SheetView:
    """A sheet: `received` is null where it could not be read, and `problem` says why."""

    sheet: str
    kind: str
    kind_confidence: float
    columns: tuple[ColumnView, ...]
    text_encoding: str  # of its text: unicode, tcvn3, vni
    received: ReceivedSheet | None
    problem: str = ""

    @property
    def people(self) -> int:
        """Lines that look like a person."""
        return len(self.received.lines) if self.received else 0


@dataclass(frozen=True)
class Inspection:
    """How a file would be read. `kind` is what was asked, else the likeliest ("" where none is likely)."""

    source_file: str
    kind: str
    kind_confidence: float
    sheets: tuple[SheetView, ...]
    doubts: tuple[str, ...]  # sentences, Vietnamese / English
    columns: Mapping[str, str]  # field -> heading, for the plan's `columns:`


def inspect_file(
    path: Path, kind: str | None = None, columns: Mapping[str, str] | None = None, encoding: str = ""
) -> Inspection:
    """Look at a file as a run would. Raises InputError where it cannot be read at all, UsageError for no such kind."""
    overrides = dict(columns or {})
    if kind is not None and kind not in KINDS:
        raise UsageError(
            f"Không có loại danh sách “{kind}”; các loại: {', '.join(KINDS)}. / "
            f"There is no kind “{kind}”; the kinds: {', '.join(KINDS)}."
        )
    if kind:
        check_columns(kind, overrides)
    source = SourceSpec(kind or "", str(path), encoding=encoding)
    looks = [look(grid, overrides) for grid in grids(path, path.name, source)]
    guesses = [(kind, 1.0) if kind else guess_kind(looked, path.name) for looked in looks]
    overall, sure = _overall(guesses)
    views = tuple(
        _view(looked, own or overall, how, path.name, overrides)
        for looked, (own, how) in zip(looks, guesses, strict=True)
    )
    views = _with_copies_marked(views)
    return Inspection(path.name, overall, sure, views, _doubts(views, overall), _columns(views))


def _with_copies_marked(views: tuple[SheetView, ...]) -> tuple[SheetView, ...]:
    sheets = without_copies([view.received for view in views if view.received])
    return tuple(replace(view, received=next(sheets)) if view.received else view for view in views)


def _overall(guesses: list[tuple[str, float]]) -> tuple[str, float]:
    weights: dict[str, float] = {}
    for kind, confidence in guesses:
        if kind:
            weights[kind] = weights.get(kind, 0.0) + confidence
    if not weights:
        return "", 0.0
    best = max(weights, key=lambda kind: weights[kind])
    return best, max(confidence for kind, confidence in guesses if kind == best)


def _view(looked: Looked, kind: str, confidence: float, name: str, overrides: Mapping[str, str]) -> SheetView:
    encoding, sheet = looked.decode.encoding, looked.grid.sheet
    if not kind:
        return SheetView(sheet, "", 0.0, (), encoding, None, "")
    try:
        received = receive(looked, kind, name, overrides)
        header = understand(kind, looked.place, looked.columns, overrides, name) if looked.place else None
    except EligibilityAuditError as error:
        return SheetView(sheet, kind, confidence, (), encoding, None, str(error))
    return SheetView(sheet, kind, confidence, _column_views(header), encoding, received)


def _column_views(header: Header | None) -> tuple[ColumnView, ...]:
    if header is None:
        return ()
    fields = {column: name for name, held in header.columns.items() for column in held}
    fields |= {column: "sex" for column in header.sex_marks if column >= 0}
    return tuple(
        ColumnView(letters(c + 1), header.heading(c), fields.get(c, ""), header.confidences.get(fields.get(c, ""), 0.0))
        for c in range(len(header.tiers))
        if header.tiers[c] or c in fields
    )


def _doubts(views: tuple[SheetView, ...], kind: str) -> tuple[str, ...]:
    doubts: list[str] = []
    if not kind:
        doubts.append("Không đoán được loại danh sách; hãy thêm --kind. / The kind of list is not clear; add --kind.")
    for view in views:
        if view.problem:
            doubts.append(view.problem)
        if view.received:
            doubts += view.received.warnings
        for column in view.columns:
            if column.field and column.confidence < DOUBTFUL:
                doubts.append(
                    f"Trang “{view.sheet}”, cột {column.letters} “{column.heading}”: có lẽ là {column.field}. / "
                    f"Sheet “{view.sheet}”, column {column.letters} “{column.heading}”: probably {column.field}."
                )
    return tuple(dict.fromkeys(doubts))


def _columns(views: tuple[SheetView, ...]) -> dict[str, str]:
    """Field -> heading of the sheet with most people; the letters where a heading occurs twice or is blank."""
    best = max(views, key=lambda view: view.people, default=None)
    if best is None:
        return {}
    headings = [column.heading for column in best.columns]
    found: dict[str, str] = {}
    for column in best.columns:
        unique = column.heading and headings.count(column.heading) == 1
        if column.field and column.field not in found:
            found[column.field] = column.heading if unique else column.letters
    return found
