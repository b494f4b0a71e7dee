"""Second looks: drawing a month's sample, judging a dossier again blind, and the error that was measured."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.exceptions import HTTPException
from fastapi.responses import RedirectResponse

from eligibility_audit.errors import RefusedError
from eligibility_audit.store import second_look
from eligibility_audit.store.accounts import Session
from eligibility_audit.store.office import Office
from eligibility_audit.store.overview import MAY_SEE
from eligibility_audit.web.file_page import FIELDS_VI
from eligibility_audit.web.gate import Here, Reader, Writer
from eligibility_audit.web.render import render

router = APIRouter(prefix="/second-looks", include_in_schema=False)
_MORE = {
    "group": "Đối tượng / Group",
    "claim": "Diện / Claim",
    "disease": "Bệnh / Disease",
    "percent": "Tỷ lệ / Percent",
    "service_from": "Tham gia từ / Served from",
    "service_to": "đến / to",
    "unit": "Đơn vị / Unit",
    "place": "Địa bàn / Place",
    "papers": "Giấy tờ / Papers",
    "decision_no": "Số quyết định / Decision",
    "decision_date": "Ngày quyết định / Of",
    "start_month": "Hưởng từ / From",
    "monthly_amount": "Mức hằng tháng / Monthly",
    "note": "Ghi chú / Note",
}


@router.get("")
def listed(request: Request, office: Here, who: Reader) -> Response:
    """What waits for a second look by this officer; the measured error for everybody."""
    told = {
        "waiting": second_look.waiting(office, who.actor),
        "may_draw": who.actor.role in second_look.MAY_DRAW,
        "month": second_look.month_of(office.today()),
        "draws": second_look.draws(office),
        "strata": second_look.measured_strata(office),
        "stratum_vi": second_look.STRATUM_VI,
        "rules": dict(sorted(second_look.measured(office).items())),
        "disparity": second_look.disparity(office) if who.actor.role in MAY_SEE else {},
    }
    return render(request, "second_looks.html.j2", told)


@router.post("/draw")
def drawn(office: Here, who: Writer, month: Annotated[str, Form(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]) -> Response:
    """Draw the sample of a month."""
    second_look.draw(office, who.actor, month)
    return RedirectResponse("/second-looks", status_code=303)


@router.get("/{look_id}")
def shown(request: Request, office: Here, who: Reader, look_id: str) -> Response:
    """A dossier, blind."""
    return _shown(request, office, who, look_id)


@router.post("/{look_id}")
def looked(
    request: Request,
    office: Here,
    who: Writer,
    look_id: str,
    verdict: Annotated[str, Form(max_length=20)] = "",
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Record what the second officer thinks."""
    try:
        second_look.look(office, who.actor, look_id, verdict, reason)
    except RefusedError as error:
        typed = {"verdict": verdict, "reason": reason}
        return _shown(request, office, who, look_id, refused=error.reasons, typed=typed)
    return RedirectResponse("/second-looks", status_code=303)


def _shown(
    request: Request,
    office: Office,
    who: Session,
    look_id: str,
    *,
    refused: tuple[str, ...] = (),
    typed: dict[str, str] | None = None,
) -> Response:
    dossier = second_look.blind(office, who.actor, look_id)
    if dossier is None:
        raise HTTPException(404)
    told = {
        "dossier": dossier,
        "fields": FIELDS_VI,
        "more": _MORE,
        "verdicts": second_look.VERDICT_VI,
        "refused": refused,
        "typed": typed or {"verdict": "", "reason": ""},
    }
    return render(request, "second_look.html.j2", told, status=422 if refused else 200)
