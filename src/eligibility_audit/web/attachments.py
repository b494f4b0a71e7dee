"""Scans and letters: put on a case, shown on a route of their own that lets nothing in them run, or downloaded."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.exceptions import HTTPException
from fastapi.responses import RedirectResponse

from eligibility_audit.store.attachments import LARGEST, attach, scan
from eligibility_audit.web.gate import Here, Reader, Writer
from eligibility_audit.web.judgements import day_of

router = APIRouter(prefix="/cases/{case_id}/attachments")
_ENDINGS: Final = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BESIDE: Final = 2**16  # bytes of a form besides its file
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'; base-uri 'none'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def not_too_large(request: Request) -> None:
    """Refuse a body that is too large before any of it is read."""
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > LARGEST + _BESIDE:
        raise HTTPException(413)


@router.post("", include_in_schema=False, dependencies=[Depends(not_too_large)])
def attached(
    office: Here,
    who: Writer,
    case_id: str,
    file: Annotated[UploadFile, File()],
    kind: Annotated[str, Form(max_length=40)] = "paper",
    title: Annotated[str, Form(max_length=300)] = "",
    number: Annotated[str, Form(max_length=100)] = "",
    dated_on: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Put a scan on the case."""
    attach(
        office,
        who.actor,
        case_id,
        file.file,
        file.filename or "",
        kind=kind,
        title=title,
        number=number,
        dated_on=day_of(dated_on),
    )
    return RedirectResponse(f"/cases/{case_id}#documents", status_code=303)


@router.get("/{document_id}", include_in_schema=False)
def shown(office: Here, who: Reader, case_id: str, document_id: str, *, download: bool = False) -> Response:
    """The file itself, of the type that its content says; what is no scan (a letter) is only downloaded."""
    found = scan(office, who.actor, case_id, document_id)
    if found is None:
        raise HTTPException(404)
    is_letter = found.name.endswith(".docx") and found.content.startswith(b"PK\x03\x04")
    ending = "docx" if is_letter else _ENDINGS.get(found.media_type, "bin")
    how = "inline" if ending in _ENDINGS.values() and not download else "attachment"
    headers = {**_HEADERS, "Content-Disposition": f'{how}; filename="{document_id}.{ending}"'}
    if found.media_type != "application/pdf":  # chromium's own reader of pdf does not open in a sandbox
        headers["Content-Security-Policy"] += "; sandbox"
    return Response(found.content, media_type=_DOCX if is_letter else found.media_type, headers=headers)
