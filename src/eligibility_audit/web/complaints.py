"""Complaints: the list by deadline, the intake, a complaint with its steps, the sheet of a reception; letters."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.exceptions import HTTPException
from fastapi.responses import RedirectResponse

from eligibility_audit.domain.review.complaints import (
    ENTERS,
    KIND_EN,
    KIND_VI,
    LEVEL_VI,
    MOVE_EN,
    MOVE_VI,
    OF_COMPLAINT,
    OF_DENUNCIATION,
    OUTCOME_VI,
    STAGE_VI,
    VIA,
    Kind,
    Level,
    Move,
)
from eligibility_audit.errors import RefusedError, StaleError
from eligibility_audit.publish.drafts import DRAFTS
from eligibility_audit.publish.letters import LETTERS
from eligibility_audit.store import complaints as store
from eligibility_audit.store.accounts import Session
from eligibility_audit.store.case_page import case_page
from eligibility_audit.store.office import Office
from eligibility_audit.use_cases.review.complaints import enter, go_on, receptions, show, take
from eligibility_audit.use_cases.review.drafts import draft_of_case
from eligibility_audit.use_cases.review.letters import WRITES, Made, letter_of_case, letter_of_complaint
from eligibility_audit.web.gate import Here, Reader, Typed, Writer
from eligibility_audit.web.render import render

router = APIRouter()
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WORDS = {
    "KIND_VI": KIND_VI,
    "KIND_EN": KIND_EN,
    "STAGE_VI": STAGE_VI,
    "LEVEL_VI": LEVEL_VI,
    "OUTCOME_VI": OUTCOME_VI,
    "MOVE_VI": MOVE_VI,
    "MOVE_EN": MOVE_EN,
    "VIA": VIA,
}


async def _sent(form: Typed) -> dict[str, str]:
    return {name: str(value).strip()[:5000] for name, value in form.items()}


Sent = Annotated[dict[str, str], Depends(_sent)]


@router.get("/complaints", include_in_schema=False)
def listed(
    request: Request,
    office: Here,
    who: Reader,
    kind: Annotated[str, Query(max_length=20)] = "",
    via: Annotated[str, Query(max_length=20)] = "",
    done: bool = False,
) -> Response:
    """What is open, the nearest deadline first; or what is done."""
    rows = store.listed(office, who.actor, kind=kind, via=via, is_open=not done)
    told = {"rows": rows, "kind": kind, "via": via, "done": done, "counts": store.timeliness(office, who.actor)}
    may = who.actor.role in ENTERS
    return render(request, "complaints.html.j2", WORDS | told | {"may_enter": may, "days": receptions(office)})


@router.get("/complaints/new", include_in_schema=False)
def intake(request: Request, office: Here, who: Reader, case: Annotated[str, Query(max_length=40)] = "") -> Response:
    """The form of the intake."""
    return _intake(request, office, who, {"case_id": case})


@router.post("/complaints/new", include_in_schema=False)
def entered(request: Request, office: Here, who: Writer, form: Sent) -> Response:
    """Enter what came in; what is refused is said on the form, with what was typed kept."""
    try:
        made = enter(office, who.actor, form)
    except RefusedError as error:
        return _intake(request, office, who, form, error.reasons)
    return RedirectResponse(f"/complaints/{made}", status_code=303)


@router.get("/complaints/reception", include_in_schema=False)
def reception(request: Request, office: Here, who: Reader, day: Annotated[str, Query(max_length=10)] = "") -> Response:
    """The sheet of a reception of citizens, to print: what waits, and lines for who comes."""
    try:
        on = date.fromisoformat(day) if day else receptions(office, 1)[0]
    except ValueError:
        raise HTTPException(404) from None
    rows = [row for row in store.listed(office, who.actor) if row["kind"] != Kind.DENUNCIATION.value]
    return render(request, "reception.html.j2", WORDS | {"day": on, "rows": rows[:40]})


@router.get("/complaints/{complaint_id}", include_in_schema=False)
def shown(request: Request, office: Here, who: Reader, complaint_id: str) -> Response:
    """The page of a complaint."""
    return _shown(request, office, who, complaint_id)


@router.post("/complaints/{complaint_id}/steps/{move}", include_in_schema=False)
def stepped(request: Request, office: Here, who: Writer, form: Sent, complaint_id: str, move: str) -> Response:
    """Take a step; what is refused is said on the page, with what was typed kept."""
    if move not in set(Move):
        raise HTTPException(404)
    seq = int(form["seq"]) if form.get("seq", "").isdigit() else -1
    told = {name: value for name, value in form.items() if name not in ("seq", "csrf")}
    try:
        take(office, who.actor, complaint_id, Move(move), told, seq=seq)
    except RefusedError as error:
        return _shown(request, office, who, complaint_id, error.reasons, {**form, "step": move})
    except StaleError as error:
        answer = _shown(request, office, who, complaint_id, (str(error),), {**form, "step": move})
        answer.status_code = 409
        return answer
    return RedirectResponse(f"/complaints/{complaint_id}", status_code=303)


@router.post("/complaints/{complaint_id}/on/{level}", include_in_schema=False)
def gone_on(request: Request, office: Here, who: Writer, form: Sent, complaint_id: str, level: str) -> Response:
    """Enter the second level, or that it went to court."""
    if level not in (Level.SECOND, Level.COURT):
        raise HTTPException(404)
    try:
        made = go_on(office, who.actor, complaint_id, Level(level), form)
    except RefusedError as error:
        return _shown(request, office, who, complaint_id, error.reasons)
    return RedirectResponse(f"/complaints/{made}", status_code=303)


@router.post("/complaints/{complaint_id}/reporter", include_in_schema=False)
def reporter(
    request: Request, office: Here, who: Writer, complaint_id: str, reason: Annotated[str, Form(max_length=500)] = ""
) -> Response:
    """Show who denounced, recorded with the reason."""
    seen = store.reporter_of(office, who.actor, complaint_id, reason)
    return _shown(request, office, who, complaint_id, reporter=seen)


@router.post("/complaints/{complaint_id}/letters", include_in_schema=False)
def letter(request: Request, office: Here, who: Writer, form: Sent, complaint_id: str) -> Response:
    """A letter of the complaint, as a docx file."""
    return _file(letter_of_complaint(office, who.actor, complaint_id, form.get("letter", ""), form))


@router.post("/cases/{case_id}/letters", include_in_schema=False)
def letter_for_case(request: Request, office: Here, who: Writer, form: Sent, case_id: str) -> Response:
    """A letter of a case, or a draft of its decision, as a docx file."""
    key = form.get("letter", "")
    make = draft_of_case if key in DRAFTS else letter_of_case
    return _file(make(office, who.actor, case_id, key, form))


def _file(made: Made) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "X-Content-SHA256": made.sha256}
    return Response(made.content, media_type=DOCX, headers=headers)


def _intake(
    request: Request, office: Office, who: Session, typed: dict[str, str], refused: tuple[str, ...] = ()
) -> Response:
    if who.actor.role not in ENTERS:
        raise RefusedError(["Vai trò của bạn không nhận đơn. / Your role enters no papers."])
    case_id = typed.get("case_id") or ""
    page = case_page(office, who.actor, case_id) if case_id else None
    if case_id and page is None:
        raise HTTPException(404)
    signed = store.decisions(office, who.actor, case_id) if case_id else []
    told = {"typed": typed, "refused": refused, "case": page.case if page else None, "decisions": signed}
    return render(request, "complaint_new.html.j2", WORDS | told, status=422 if refused else 200)


def _shown(
    request: Request,
    office: Office,
    who: Session,
    complaint_id: str,
    refused: tuple[str, ...] = (),
    typed: dict[str, str] | None = None,
    reporter: tuple[str, str] | None = None,
) -> Response:
    found = show(office, who.actor, complaint_id)
    if found is None:
        raise HTTPException(404)
    outcomes = OF_DENUNCIATION if found.page.facts.kind == Kind.DENUNCIATION else OF_COMPLAINT
    role = who.actor.role
    told = {
        "shown": found,
        "page": found.page,
        "row": found.page.complaint,
        "refused": refused,
        "typed": typed or {},
        "reporter": reporter,
        "outcomes": outcomes,
        "letters": [each for each in LETTERS.values() if each.of_complaint],
        "writes": role in WRITES and found.page.case is not None and found.page.facts.kind == Kind.COMPLAINT,
        "may_enter": role in ENTERS,
        "sees_reporter": role in store.SEES_DENUNCIATIONS or found.page.facts.verifier == who.actor.user_id,
    }
    return render(request, "complaint.html.j2", WORDS | told, status=422 if refused else 200)
