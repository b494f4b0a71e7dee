"""Everything that the store holds of one person, for that person: a zip with JSON for programs, a page for people."""

import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Final

from eligibility_audit.errors import UsageError
from eligibility_audit.store.attachments import read_kept
from eligibility_audit.store.office import Office
from eligibility_audit.store.rights import cases_of, held_of

_TITLES: Final[Mapping[str, str]] = {
    "case": "Hồ sơ / Case",
    "dossiers": "Chứng cứ đóng băng / Frozen evidence",
    "steps": "Các bước / Steps",
    "documents": "Giấy tờ / Documents",
    "notices": "Thông báo, chứng cứ giao / Notices, proof of service",
    "verification_orders": "Yêu cầu xác minh / Verification orders",
    "complaints": "Khiếu nại, phản ánh / Complaints",
    "judgements": "Kết luận về cặp dòng / Judgements on pairs",
    "conflicts": "Người không được xử lý / Who may not act",
    "unmaskings": "Ai đã xem số định danh / Who saw the id",
    "earlier_decisions": "Quyết định trước đây / Earlier decisions",
    "opinion_drafts": "Ý kiến ghi trên danh sách (bản nháp) / Opinions written on a list (drafts)",
    "case_aliases": "Mã khác của hồ sơ / Other ids of the case",
    "ledger": "Trích sổ ghi, mã kiểm / Ledger extract, hashes",
    "actors": "Người xử lý / Actors",
}
_STYLE: Final = (
    "body{font:16px/1.5 sans-serif;margin:2rem auto;max-width:60rem}table{border-collapse:collapse;width:100%}"
    "th,td{border:1px solid #999;padding:.3rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}"
)


def export_subject(office: Office, person: str, out: Path) -> int:
    """Write the zip; returns how many cases are in it. `person`: a case id, dossier number or national id.

    Raises UsageError where nothing is held of the person, or the file is there already.
    """
    found = cases_of(office, person)
    if not found:
        raise UsageError(
            "Không có hồ sơ nào theo mã, số hồ sơ hoặc số định danh này. / Nothing is held under this id or number."
        )
    if out.exists():
        raise UsageError(f"{out.name}: tệp đã có; hãy đặt tên khác. / the file is there already; name another.")
    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for case_id in found:
            held = held_of(office, case_id)
            plain = json.dumps(held, ensure_ascii=False, indent=1, default=str)
            packed.writestr(f"{case_id}/data.json", plain)
            packed.writestr(f"{case_id}/index.html", page_of(json.loads(plain)))
            for digest in sorted({row["sha256"] for row in held["documents"] if row["sha256"]}):
                packed.writestr(f"{case_id}/attachments/{digest}", read_kept(office.attachments, digest))
    return len(found)


def page_of(held: Mapping[str, Any]) -> str:
    """What is held of a case as one page that prints: a numbered index, and a numbered part for each kind."""
    parts = [(name, title, held[name]) for name, title in _TITLES.items() if name in held]
    index = "".join(f'<li><a href="#p{n}">{escape(title)}</a></li>' for n, (_, title, _) in enumerate(parts, 1))
    body = "".join(
        f'<h2 id="p{n}">{n}. {escape(title)}</h2>{_told(value)}' for n, (_, title, value) in enumerate(parts, 1)
    )
    return (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Hồ sơ</title><style>{_STYLE}</style>'
        f"<h1>Dữ liệu đang giữ / What is held</h1><ol>{index}</ol>{body}</html>"
    )


def _told(value: Any) -> str:
    if isinstance(value, Mapping):
        rows = "".join(f"<tr><th scope=row>{escape(str(k))}</th><td>{_told(v)}</td></tr>" for k, v in value.items())
        return f"<table>{rows}</table>"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "".join(_told(each) for each in value) or "<p>không có / none</p>"
    return escape("" if value is None else str(value))
