"""Judgements on the pairs that a case page shows."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from eligibility_audit.errors import RefusedError
from eligibility_audit.use_cases.review.judge_pair import confirm_alive, judge_pair
from eligibility_audit.web.gate import Here, Writer

router = APIRouter(prefix="/cases/{case_id}")


@router.post("/judgements", include_in_schema=False)
def judged(
    office: Here,
    who: Writer,
    case_id: str,
    other: Annotated[str, Form(max_length=40)] = "",
    judgement: Annotated[str, Form(max_length=10)] = "",
    evidence: Annotated[str, Form(max_length=1000)] = "",
    reason: Annotated[str, Form(max_length=2000)] = "",
    expires_on: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """Judge a pair."""
    judge_pair(
        office,
        who.actor,
        case_id,
        other,
        judgement,
        evidence=evidence,
        reason=reason,
        expires_on=day_of(expires_on),
    )
    return RedirectResponse(f"/cases/{case_id}#compared", status_code=303)


@router.post("/alive", include_in_schema=False)
def alive(
    office: Here,
    who: Writer,
    case_id: str,
    document: Annotated[str, Form(max_length=250)] = "",
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Record that the commune found the person alive."""
    confirm_alive(office, who.actor, case_id, document=document, reason=reason)
    return RedirectResponse(f"/cases/{case_id}#compared", status_code=303)


def day_of(text: str) -> date | None:
    """A day of a form; None where it is blank. Raises RefusedError."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RefusedError(["Ngày không đúng; viết như 2021-03-31. / Not a day: write 2021-03-31."]) from None
