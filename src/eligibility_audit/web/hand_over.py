"""Work among colleagues: who is away, hand-over, one's ties, and the sheet of visits to print."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from eligibility_audit.errors import RefusedError
from eligibility_audit.store import assignments
from eligibility_audit.store.accounts import Session
from eligibility_audit.store.office import Office
from eligibility_audit.store.visits import communes_to_visit, visits
from eligibility_audit.web.gate import Here, Reader, Writer
from eligibility_audit.web.render import render

router = APIRouter(include_in_schema=False)


@router.get("/colleagues")
def shown(request: Request, office: Here, who: Reader) -> Response:
    """Absence, hand-over and ties."""
    return _shown(request, office, who)


@router.post("/colleagues/absences")
def away(
    request: Request,
    office: Here,
    who: Writer,
    deputy: Annotated[str, Form(max_length=40)] = "",
    from_day: Annotated[str, Form(max_length=10)] = "",
    to_day: Annotated[str, Form(max_length=10)] = "",
    user: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Enter an absence with its deputy."""
    try:
        days = (_day(from_day), _day(to_day))
        assignments.state_absence(office, who.actor, user or who.actor.user_id, *days, deputy)
    except RefusedError as error:
        return _shown(request, office, who, refused=error.reasons)
    return RedirectResponse("/colleagues", status_code=303)


@router.post("/colleagues/absences/{absence_id}/end")
def back(office: Here, who: Writer, absence_id: str) -> Response:
    """Back before the last day."""
    assignments.end_absence(office, who.actor, absence_id)
    return RedirectResponse("/colleagues", status_code=303)


@router.post("/colleagues/hand-over")
def handed_over(
    request: Request,
    office: Here,
    who: Writer,
    to_user: Annotated[str, Form(max_length=40)] = "",
    note: Annotated[str, Form(max_length=2000)] = "",
    from_user: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Hand all open cases over; what stayed is listed."""
    try:
        done = assignments.hand_over(office, who.actor, from_user or who.actor.user_id, to_user, note)
    except RefusedError as error:
        return _shown(request, office, who, refused=error.reasons)
    return _shown(request, office, who, done=done)


@router.post("/colleagues/ties")
def tied(
    request: Request,
    office: Here,
    who: Writer,
    number: Annotated[str, Form(max_length=80)] = "",
    tie: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """State a tie to a case."""
    try:
        assignments.state_tie(office, who.actor, number, tie)
    except RefusedError as error:
        return _shown(request, office, who, refused=error.reasons)
    return RedirectResponse("/colleagues#ties", status_code=303)


@router.get("/visits")
def to_visit(
    request: Request,
    office: Here,
    who: Reader,
    district: Annotated[str, Query(max_length=120)] = "",
    commune: Annotated[str, Query(max_length=120)] = "",
) -> Response:
    """Communes with visits to make; of one commune, the sheet by hamlet."""
    if not commune:
        return render(request, "visits.html.j2", {"communes": communes_to_visit(office, who.actor)})
    told = {"hamlets": visits(office, who.actor, district, commune), "commune": commune, "district": district}
    return render(request, "visit_sheet.html.j2", told)


def _shown(
    request: Request,
    office: Office,
    who: Session,
    *,
    refused: tuple[str, ...] = (),
    done: assignments.HandedOver | None = None,
) -> Response:
    leads = who.actor.role in assignments.FOR_OTHERS
    officers = assignments.colleagues(office, who.actor)
    told: dict[str, Any] = {
        "leads": leads,
        "works": who.actor.role in assignments.WORKS_ON,
        "officers": officers,
        "others": [one for one in officers if one.user_id != who.actor.user_id],
        "absences": assignments.absences(office, who.actor),
        "ties": assignments.ties(office, who.actor),
        "ties_vi": assignments.TIES_VI,
        "refused": refused,
        "done": done,
    }
    return render(request, "work.html.j2", told, status=422 if refused else 200)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RefusedError(["Hãy ghi ngày, như 2021-03-31. / Give the day, as 2021-03-31."]) from None
