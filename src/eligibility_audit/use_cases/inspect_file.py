"""Say how one file would be read, as text an officer can check: Vietnamese first, then English."""

from pathlib import Path

import yaml

from eligibility_audit import readers
from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.readers import Inspection, SheetView
from eligibility_audit.use_cases.plugins import load_plugins

REASONS_VI = {
    "title": "tiêu đề trang",
    "header": "tiêu đề cột",
    "repeated_header": "tiêu đề lặp lại",
    "column_numbers": "số cột",
    "group": "dòng nhóm (huyện, xã, diện)",
    "subtotal": "cộng từng phần",
    "total": "tổng cộng",
    "note": "ghi chú",
    "signature": "phần ký",
    "blank": "dòng trống",
    "no_table": "không có bảng",
    "hidden_copy": "bản sao ẩn",
}
ENCODINGS = {"unicode": "Unicode", "tcvn3": "TCVN3 (ABC)", "vni": "VNI"}


def inspect_file(path: Path, kind: str | None = None) -> str:
    """The whole answer as text. Raises InputError where the file cannot be read at all."""
    load_plugins()  # which may bring kinds of list
    return as_text(readers.inspect_file(path, kind))


def as_text(found: Inspection) -> str:
    """An inspection as text: kind, each sheet with its columns and counts, doubts, the `columns:` to correct it."""
    lines = [
        f"Tệp / File: {found.source_file}",
        _kind_line("Loại danh sách / Kind of list", found.kind, found.kind_confidence),
    ]
    for view in found.sheets:
        lines += ["", *_sheet_lines(view, found.kind)]
    if found.doubts:
        lines += ["", "Chỗ chưa chắc / Doubts:", *(f"  - {doubt}" for doubt in found.doubts)]
    return "\n".join([*lines, "", *_plan_lines(found), ""])


def _kind_line(label: str, kind: str, confidence: float) -> str:
    if not kind:
        return f"{label}: chưa rõ / not clear"
    return f"{label}: {kind} ({KINDS[kind].vi} / {KINDS[kind].en}), {confidence:.0%}"


def _sheet_lines(view: SheetView, file_kind: str) -> list[str]:
    received = view.received
    hidden = " (ẩn / hidden)" if received and received.hidden else ""
    lines = [f"Trang / Sheet: {view.sheet or '—'}{hidden}"]
    if view.kind and view.kind != file_kind:
        lines.append("  " + _kind_line("Riêng trang này / This sheet alone", view.kind, view.kind_confidence))
    if received is None:
        return [*lines, f"  {view.problem or 'Không đọc được bảng nào. / No table was found.'}"]
    rows = ", ".join(map(str, received.header_rows)) or "—"
    lines.append(f"  Dòng tiêu đề / Header rows: {rows}; độ chắc / confidence: {received.confidence:.0%}")
    bytes_in = f"; tệp / file: {received.encoding}" if received.encoding else ""
    lines.append(f"  Bảng mã chữ / Text encoding: {ENCODINGS.get(view.text_encoding, view.text_encoding)}{bytes_in}")
    lines.append(
        f"  Số dòng / Lines: {received.total_lines}; người / people: {view.people}{_control(received.control_persons)}"
    )
    lines += [
        f"    {REASONS_VI.get(reason, reason)} / {reason}: {count}" for reason, count in received.not_person.items()
    ]
    lines += ["  Cột / Columns:", *_column_lines(view)]
    return lines


def _control(persons: int | None) -> str:
    return "" if persons is None else f"; dòng tổng ghi / the total row says: {persons}"


def _column_lines(view: SheetView) -> list[str]:
    names = {field.name: field for field in KINDS[view.kind].fields}
    lines = []
    for column in view.columns:
        field = names.get(column.field)
        meaning = (
            f"{column.field} ({field.vi} / {field.en}), {column.confidence:.0%}" if field else "không dùng / not used"
        )
        lines.append(f"    {column.letters:<3} {column.heading or '—'}  ->  {meaning}")
    return lines


def _plan_lines(found: Inspection) -> list[str]:
    """The source as the plan would name it, every column written out: change what is wrong and paste it."""
    source = {"kind": found.kind or "?", "path": found.source_file, "columns": dict(found.columns)}
    text = yaml.safe_dump([source], allow_unicode=True, sort_keys=False, width=1000)
    return [
        "Để sửa: chép phần dưới vào `sources:` của kế hoạch và đổi cột sai. / "
        "To correct it: copy this under `sources:` of the plan and change what is wrong.",
        *(f"  {line}" for line in text.rstrip().splitlines()),
    ]
