"""Scans on a case: kept by the hash of their content, of the kind that their content says, under their owner's rights.

The name that a file came with is text in the list of documents and never part of a path.
"""

import hashlib
import os
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import insert, select

from eligibility_audit.domain.review.people import Actor, Role
from eligibility_audit.errors import RefusedError
from eligibility_audit.store import ledger
from eligibility_audit.store.office import Office
from eligibility_audit.store.queue import in_scope
from eligibility_audit.store.tables import CaseRow, DocumentRow

LARGEST: Final = 10 * 2**20  # bytes of one scan
ATTACHES: Final = frozenset({Role.COMMUNE_OFFICER, Role.OFFICER, Role.CHECKER, Role.AUTHORITY})
_BEGINNINGS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_BLOCK: Final = 2**16
_NAME: Final = 200


@dataclass(frozen=True)
class Scan:
    """A file of a case: its content, its media type by its content, and the name it came with."""

    content: bytes
    media_type: str
    name: str


def attach(
    office: Office,
    actor: Actor,
    case_id: str,
    file: BinaryIO,
    name: str,
    *,
    kind: str,
    title: str,
    number: str = "",
    dated_on: date | None = None,
) -> str:
    """Put a scan on a case; returns the document's id.

    Raises RefusedError for a case out of scope, a blank title, a file that is too large or none of pdf, png, jpeg.
    """
    if actor.role not in ATTACHES:
        raise RefusedError(["Vai trò của bạn không thêm giấy tờ. / Your role does not add documents."])
    if not title.strip():
        raise RefusedError(["Hãy ghi tên văn bản. / Name the document."])
    round_ = _round(office, actor, case_id)
    content = b"".join(_blocks(file))
    if media_type(content) is None:
        raise RefusedError(
            ["Tệp phải là pdf, png hoặc jpg thật (xét theo nội dung). / By its content it is no pdf, png or jpeg."]
        )
    digest = keep(office.attachments, content)
    document, now = f"d-{secrets.token_hex(8)}", office.clock()
    told = {"kind": kind, "title": title.strip()[:300], "number": number or None, "dated_on": dated_on}
    of_file = {"file_name": plain_name(name), "sha256": digest}
    own = {"document_id": document, "case_id": case_id, "round": round_, "added_by": actor.user_id, "added_at": now}
    with office.cases.writing() as connection:
        connection.execute(insert(DocumentRow), [{**own, **told, **of_file}])
        content_told = {"document": document, "kind": kind, "title": told["title"], "number": number, "sha256": digest}
        ledger.append(connection, case_id, now=now, actor_id=actor.user_id, act="attach", content=content_told)
    return document


def scan(office: Office, actor: Actor, case_id: str, document_id: str) -> Scan | None:
    """The file of a document; None where there is none in the actor's scope. Raises RefusedError where the file is
    missing or is no longer what its hash says."""
    query = (
        select(DocumentRow.sha256, DocumentRow.file_name)
        .join(CaseRow, CaseRow.case_id == DocumentRow.case_id)
        .where(DocumentRow.document_id == document_id, DocumentRow.case_id == case_id, in_scope(actor))
    )
    with office.cases.reading() as connection:
        row = connection.execute(query).first()
    if row is None or row.sha256 is None:
        return None
    content = read_kept(office.attachments, row.sha256)
    return Scan(content, media_type(content) or "application/octet-stream", row.file_name or "")


def read_kept(folder: Path, digest: str) -> bytes:
    """The content that a hash names. Raises RefusedError where it is missing or another."""
    path = _path(folder, digest)
    content = path.read_bytes() if path.is_file() else b""
    if hashlib.sha256(content).hexdigest() != digest:
        raise RefusedError(
            ["Tệp đính kèm bị mất hoặc đã bị thay đổi; hãy báo quản trị. / The scan is missing or was changed."]
        )
    return content


def media_type(content: bytes) -> str | None:
    """What a file is by its first bytes: pdf, png or jpeg; None for anything else."""
    return next((kind for start, kind in _BEGINNINGS if content.startswith(start)), None)


def plain_name(name: str) -> str:
    """The last part of a name that a file came with, without what cannot be seen."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C")
    return seen.strip(". ")[:_NAME] or "?"


def _round(office: Office, actor: Actor, case_id: str) -> int:
    with office.cases.reading() as connection:
        found = connection.scalar(select(CaseRow.round).where(CaseRow.case_id == case_id, in_scope(actor)))
    if found is None:
        raise RefusedError(["Không có hồ sơ này trong địa bàn của bạn. / There is no such case in your area."])
    return int(found)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    size = 0
    while block := file.read(_BLOCK):
        size += len(block)
        if size > LARGEST:
            raise RefusedError(
                [f"Tệp lớn hơn {LARGEST // 2**20} MB; hãy quét lại gọn hơn. / The file is too large: scan it smaller."]
            )
        yield block


def keep(folder: Path, content: bytes) -> str:
    """Keep a content under its hash, which is returned. It is written aside and moved to its name: a broken upload
    leaves nothing there."""
    digest = hashlib.sha256(content).hexdigest()
    place = _path(folder, digest)
    if place.is_file() and hashlib.sha256(place.read_bytes()).hexdigest() == digest:
        return digest
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = place.with_name(f"{digest}.{secrets.token_hex(4)}.partial")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(place)
    return digest


def _path(folder: Path, digest: str) -> Path:
    return folder / digest[:2] / digest
