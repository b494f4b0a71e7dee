"""Write a plan for a folder of files: which list each is, by what it says; doubts are for a person to settle."""

from datetime import date
from pathlib import Path

import yaml

from eligibility_audit.domain.kinds import KINDS
from eligibility_audit.errors import EligibilityAuditError, UsageError
from eligibility_audit.readers import READABLE, inspect_file
from eligibility_audit.settings import KEY_FILE, make_key
from eligibility_audit.use_cases import progress
from eligibility_audit.use_cases.plugins import load_plugins

PLAN = "audit.yaml"
SURE = 0.6


def make_plan(folder: Path, as_of: date | None, name: str) -> str:
    """Write `audit.yaml` and the key of all ids into the folder; return what was written, in words.

    Raises UsageError where the folder is none, holds no list, or has a plan already (it is never written over).
    """
    load_plugins()  # which may bring kinds of list
    plan = folder / PLAN
    if not folder.is_dir():
        raise UsageError(f"{folder}: không phải thư mục / is not a folder")
    if plan.exists():
        raise UsageError(f"{plan}: đã có kế hoạch; xóa hoặc đổi tên trước / there is a plan already; move it first")
    files = sorted(path for path in folder.rglob("*") if _is_list(path, folder))
    if not files:
        raise UsageError(
            f"{folder}: không có tệp nào đọc được ({', '.join(sorted(READABLE))}) / there is no file that can be read"
        )
    lines, told = [], []
    for number, path in enumerate(files, start=1):
        line, sentence = _source(path, folder)
        lines += line
        told.append(sentence)
        progress.tell("inspect", number, len(files))
    day = as_of or date(date.today().year - 1, 12, 31)  # noqa: DTZ011 - a proposal in a file that a person reads
    note = "" if as_of else "    # XEM LẠI: ngày tính của cuộc rà soát / LOOK: the day of the audit"
    title = yaml.safe_dump(name, allow_unicode=True).splitlines()[0]
    plan.write_text("\n".join([f"name: {title}", f"as_of: {day}{note}", "sources:", *lines, ""]), encoding="utf-8")
    if not (folder / KEY_FILE).exists():
        make_key(folder / KEY_FILE)
        told.append(f"  Đã tạo khóa của mọi mã, hãy giữ kỹ / made the key of all ids, keep it: {folder / KEY_FILE}")
    told += [
        "",
        f"Đã viết {plan}; hãy đọc lại, sửa các dòng có chữ XEM LẠI, rồi chạy / written; read it, mend the "
        "lines that say LOOK, then run:",
        f"  eligibility-audit run {plan}",
    ]
    return "\n".join(told)


def _is_list(path: Path, folder: Path) -> bool:
    inside = path.relative_to(folder).parts
    hidden = any(part.startswith((".", "~$")) for part in inside)
    return path.is_file() and path.suffix.lower() in READABLE and not hidden and "runs" not in inside[:-1]


def _source(path: Path, folder: Path) -> tuple[list[str], str]:
    name = path.relative_to(folder).as_posix()
    quoted = yaml.safe_dump(name, allow_unicode=True, default_flow_style=True, width=1000).splitlines()[0]
    try:
        seen = inspect_file(path)
    except EligibilityAuditError as error:
        return [f"  # XEM LẠI / LOOK: {name}: không đọc được / could not be read"], f"  ?  {error}"
    if not seen.kind:
        kinds = "|".join(KINDS)
        return [f"  # XEM LẠI / LOOK: - {{kind: {kinds}, path: {quoted}}}"], f"  ?  {name}: chưa rõ loại / kind unknown"
    doubt = "" if seen.kind_confidence >= SURE else "    # XEM LẠI loại / LOOK at the kind"
    people = sum(sheet.people for sheet in seen.sheets)
    kind = KINDS[seen.kind]
    sentence = f"  {'✓' if not doubt else '?'}  {name}: {kind.vi} / {kind.en}: {people:,} dòng có người / lines"
    return [f"  - {{kind: {seen.kind}, path: {quoted}}}{doubt}"], sentence
