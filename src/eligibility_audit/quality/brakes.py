"""Brakes: too much is wrong, so nothing is published (design.md, 5). Pure: counts in, sentences out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from eligibility_audit.domain.kinds import KINDS, PIECES
from eligibility_audit.domain.plan import BrakeLimits
from eligibility_audit.domain.words import STOPS

COMMONEST: Final = 3  # reasons named in a sentence on rejects


@dataclass(frozen=True)
class BrakeMessage:
    """A brake that tripped, or one that could not be checked; file and sheet are empty where it is of a whole kind."""

    brake: str  # rejects | required_column | control_total | stops
    kind: str
    source_file: str
    source_sheet: str
    vi: str
    en: str

    def __str__(self) -> str:
        return f"{self.vi} / {self.en}"


def missing_required(kind: str, fields: Iterable[str]) -> tuple[str, ...]:
    """Fields that a list of this kind must have and that are not among the fields found in a sheet.

    A field that comes in pieces (surname and given name; members in one cell) is there.
    """
    there = set(fields)
    there |= {PIECES[field] for field in there if field in PIECES}
    return tuple(field for field in KINDS[kind].required if field not in there)


def check_brakes(
    reconciliation: pd.DataFrame,
    persons_by_kind: Mapping[str, int],
    rejects: pd.DataFrame,
    limits: BrakeLimits | None = None,
) -> list[BrakeMessage]:
    """The brakes that trip before anything is decided; empty where all is well.

    `reconciliation`: design.md's columns, and as far as known `kind`, `control_persons` (the persons that the sheet's
    own total row counts, null where there is none) and `missing_required` (fields joined by `;`, "" for none).
    `rejects`: source_file, source_sheet, stage, code.
    """
    limits = limits or BrakeLimits()
    lines = _lines(reconciliation)
    messages = [m for line in lines if (m := _too_many_rejects(line, rejects, limits))]
    messages += [_column_missing(line) for line in lines if _text(line, "missing_required")]
    messages += _too_few_persons(lines, persons_by_kind, limits)
    return messages


def unchecked(
    reconciliation: pd.DataFrame, persons_by_kind: Mapping[str, int], limits: BrakeLimits | None = None
) -> list[BrakeMessage]:
    """Kinds whose number of persons could not be checked: no control total in the plan, no total row counting them."""
    limits = limits or BrakeLimits()
    controlled: set[str] = set(limits.control_total)
    controlled |= {_text(line, "kind") for line in _lines(reconciliation) if _whole(line, "control_persons")}
    return [
        BrakeMessage(
            "control_total",
            kind,
            "",
            "",
            f"{KINDS[kind].vi}: chưa kiểm tra được số người, vì không có dòng tổng đếm người; "
            f"có thể ghi `brakes: {{control_total: {{{kind}: n}}}}` trong kế hoạch.",
            f"{KINDS[kind].en}: the number of persons was not checked, no total row counts them; "
            f"`brakes: {{control_total: {{{kind}: n}}}}` in the plan would.",
        )
        for kind in persons_by_kind
        if kind not in controlled
    ]


def check_stops(
    recommendations: pd.DataFrame, records_by_programme: Mapping[str, int], limits: BrakeLimits | None = None
) -> list[BrakeMessage]:
    """Programmes with more stop recommendations than max(stop_count, stop_share of its records).

    `recommendations`: at least programme and action, one line a record.
    """
    limits = limits or BrakeLimits()
    stops = recommendations.loc[recommendations["action"].isin(STOPS), "programme"].value_counts()
    messages = []
    for programme, records in records_by_programme.items():
        count, most = int(stops.get(programme, 0)), max(limits.stop_count, limits.stop_share * records)
        if count > most:
            messages.append(
                BrakeMessage(
                    "stops",
                    programme,
                    "",
                    "",
                    f"{programme}: {count} đề xuất dừng trên {records} hồ sơ, quá mức {most:g}; chưa công bố gì. "
                    "Xem lại danh sách đối chiếu và luật áp dụng, hoặc nâng `brakes.stop_share` trong kế hoạch.",
                    f"{programme}: {count} stop recommendations among {records} records, more than {most:g}; nothing "
                    "is published. Look at the reference lists and the law applied, or raise `brakes.stop_share`.",
                )
            )
    return messages


def _too_many_rejects(line: Mapping[str, Any], rejects: pd.DataFrame, limits: BrakeLimits) -> BrakeMessage | None:
    count, records = _whole(line, "rejects"), _whole(line, "records")
    if count < limits.reject_count or count <= limits.reject_share * (records + count):
        return None
    file, sheet = _text(line, "source_file"), _text(line, "source_sheet")
    share = 100 * count / (records + count)
    reasons = _commonest(rejects, file, sheet)
    return BrakeMessage(
        "rejects",
        _text(line, "kind"),
        file,
        sheet,
        f"{_place(file, sheet)}: {count} trên {records + count} dòng ({_percent(share)}) không đọc được{reasons}, "
        f"quá mức {_percent(100 * limits.reject_share)}. Xem rejects.csv; sửa tệp, hoặc khai báo `columns:` cho đúng.",
        f"{_place(file, sheet)}: {count} of {records + count} lines ({share:.1f} %) could not be read{reasons}, "
        f"more than {100 * limits.reject_share:g} %. See rejects.csv; correct the file, or say `columns:` in the plan.",
    )


def _commonest(rejects: pd.DataFrame, file: str, sheet: str) -> str:
    if rejects.empty:
        return ""
    here = (
        (rejects["source_file"] == file) & (rejects["source_sheet"].fillna("") == sheet) & (rejects["stage"] == "line")
    )
    counts = rejects.loc[here.fillna(False).to_numpy(dtype=bool), "code"].value_counts().head(COMMONEST)
    return f" ({', '.join(f'{code}: {number}' for code, number in counts.items())})" if len(counts) else ""


def _column_missing(line: Mapping[str, Any]) -> BrakeMessage:
    file, sheet, kind = _text(line, "source_file"), _text(line, "source_sheet"), _text(line, "kind")
    missing = _text(line, "missing_required").split(";")
    names = {field.name: field for field in KINDS[kind].fields} if kind in KINDS else {}
    vi = ", ".join(names[name].vi if name in names else name for name in missing)
    en = ", ".join(names[name].en if name in names else name for name in missing)
    return BrakeMessage(
        "required_column",
        kind,
        file,
        sheet,
        f'{_place(file, sheet)}: không có cột bắt buộc {vi}; khai báo `columns: {{{missing[0]}: "…"}}` trong kế hoạch.',
        f'the required column {en} is missing; say `columns: {{{missing[0]}: "…"}}` in the plan.',
    )


def _too_few_persons(
    lines: list[dict[str, Any]], persons_by_kind: Mapping[str, int], limits: BrakeLimits
) -> list[BrakeMessage]:
    """By kind where the plan has a control total, else by sheet where its total row counts persons.

    A total row that fits its whole file (sheets of one total) does not trip for its sheet.
    """
    messages = [
        _shortfall(kind, "", "", persons_by_kind.get(kind, 0), control)
        for kind, control in limits.control_total.items()
        if _falls_short(persons_by_kind.get(kind, 0), control, limits)
    ]
    by_file: dict[str, int] = {}
    for line in lines:
        by_file[_text(line, "source_file")] = by_file.get(_text(line, "source_file"), 0) + _whole(line, "persons")
    for line in lines:
        control, kind = _whole(line, "control_persons"), _text(line, "kind")
        if not control or kind in limits.control_total:
            continue
        persons, file = _whole(line, "persons"), _text(line, "source_file")
        margin = limits.missing_persons_share * control
        if _falls_short(persons, control, limits) and abs(by_file[file] - control) > margin:
            messages.append(_shortfall(kind, file, _text(line, "source_sheet"), persons, control))
    return messages


def _falls_short(persons: int, control: int, limits: BrakeLimits) -> bool:
    return control - persons > limits.missing_persons_share * control


def _shortfall(kind: str, file: str, sheet: str, persons: int, control: int) -> BrakeMessage:
    where, where_en = (_place(file, sheet),) * 2 if file else (KINDS[kind].vi, KINDS[kind].en)
    return BrakeMessage(
        "control_total",
        kind,
        file,
        sheet,
        f"{where}: đọc được {persons} người, số đối chiếu là {control}. Xem reconciliation.csv: có trang tính hay dòng "
        "nào chưa được đọc.",
        f"{where_en}: {persons} persons were read and the control total is {control}. "
        "See reconciliation.csv for lines left out.",
    )


def _lines(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in line.items()} for line in frame.to_dict("records")]


def _percent(share: float) -> str:
    return f"{share:.3g} %".replace(".", ",")


def _place(file: str, sheet: str) -> str:
    return f"{file} [{sheet}]" if sheet else file


def _text(line: Mapping[str, Any], name: str) -> str:
    value = line.get(name)
    return value if isinstance(value, str) else ""


def _whole(line: Mapping[str, Any], name: str) -> int:
    value = line.get(name)
    return 0 if value is None or pd.isna(value) else int(value)
