"""What the pages do, for programs: the same use cases, the same rights, the same refusals (RFC 9457 problems).

Who is there: the cookie of the pages with the word of the session in `x-csrf` for what changes something, or
`Authorization: Bearer` with the token of a session that was opened here (it ends as a login does).
"""

import hmac
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, FastAPI, Path, Query, Request
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException as StarletteHTTPException

from eligibility_audit.domain.review.states import Step
from eligibility_audit.errors import RefusedError, StaleError
from eligibility_audit.store.accounts import Session, log_in, log_out, session_of
from eligibility_audit.store.along import add_document
from eligibility_audit.store.case_page import case_page
from eligibility_audit.store.judgements import judged_of_case
from eligibility_audit.store.queue import Filter, queue
from eligibility_audit.use_cases.review.judge_pair import judge_pair
from eligibility_audit.use_cases.review.take_step import take_step
from eligibility_audit.web.gate import COOKIE, Attempts, Here, second_signer

_bearer = HTTPBearer(auto_error=False, description="Token of POST /sessions.")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False)
Word = Annotated[str, Field(max_length=40, pattern=r"^[^\x00]*$")]
Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
CaseId = Annotated[str, Path(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class Problem(BaseModel):
    """Why something was not done. `reasons`: every reason, Vietnamese and English."""

    type: str = "about:blank"
    title: str
    status: int
    reasons: list[str] = []


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Login(_Asked):
    """An account's login and password."""

    login: Annotated[str, Field(max_length=100)]
    password: Annotated[str, Field(max_length=200)]


class Opened(BaseModel):
    """A session: the token for `Authorization: Bearer`."""

    token: str


class LineOut(BaseModel):
    """A case in the queue."""

    model_config = ConfigDict(from_attributes=True)

    case_id: str
    name: str
    date_of_birth: str
    dossier_no: str
    commune: str
    district: str
    programme: str
    action: str
    state: str
    due_on: date | None
    office_can_settle: bool
    law_mark: str


class QueueOut(BaseModel):
    """A page of the queue."""

    count: int
    page: int
    pages: int
    cases: list[LineOut]


class Search(_Asked):
    """A name, a dossier number or an id; in the body, so that no name stands in an address."""

    words: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
    page: Annotated[int, Field(ge=1, le=100_000)] = 1


class StepAsked(_Asked):
    """A step on a case that was seen at `seq`. `stated`: what the step needs besides its reason.

    `second`: who signs a repayment beside the one that is logged in.
    """

    seq: Annotated[int, Field(ge=0, le=2**31 - 2)]
    reason: Text
    stated: Annotated[dict[Word, Text], Field(max_length=20)] = {}
    second: Login | None = None


class StateOut(BaseModel):
    """Where a case stands."""

    state: str


class DocumentAsked(_Asked):
    """A document by its kind, title and number."""

    kind: Word
    title: Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]
    number: Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")] = ""
    dated_on: date | None = None


class Made(BaseModel):
    """The id of what was made."""

    id: str


class JudgementAsked(_Asked):
    """A judgement of the case's line and another that its dossier shows: match, no_match, unsure."""

    other: Word
    judgement: Word
    evidence: Text = ""
    reason: Text
    expires_on: date | None = None


def who_is_there(
    request: Request,
    office: Here,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Session:
    """The session of the token or the cookie; with the cookie what changes something carries the session's word."""
    found = session_of(office, bearer.credentials if bearer else cookie)
    if found is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    if bearer is None and request.method != "GET" and not _is_ours(request, found):
        raise HTTPException(403)
    return found


def _is_ours(request: Request, who: Session) -> bool:
    return hmac.compare_digest(request.headers.get("x-csrf", "").encode(), who.csrf.encode())


Who = Annotated[Session, Depends(who_is_there)]
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": Problem, "description": HTTPStatus(status).phrase}
    for status in (400, 401, 403, 404, 409, 422, 429)
}
router = APIRouter(responses=_PROBLEMS)


@router.post("/sessions", status_code=201)
def open_session(request: Request, office: Here, asked: Login) -> Opened:
    """Log in."""
    attempts: Attempts = request.app.state.attempts
    address = request.client.host if request.client else ""
    if attempts.are_too_many(asked.login, address):
        raise HTTPException(429)
    opened = log_in(office, asked.login, asked.password)
    if opened is None:
        attempts.failed(asked.login, address)
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return Opened(token=opened.token)


@router.delete("/sessions", status_code=204)
def end_session(
    office: Here,
    who: Who,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> None:
    """Log out."""
    log_out(office, bearer.credentials if bearer else cookie or "")


@router.get("/queue")
def listed(
    office: Here,
    who: Who,
    state: Annotated[str, Query(max_length=30, pattern=r"^[^\x00]*$")] = "",
    programme: Annotated[str, Query(max_length=40, pattern=r"^[^\x00]*$")] = "",
    action: Annotated[str, Query(max_length=20, pattern=r"^[^\x00]*$")] = "",
    district: Annotated[str, Query(max_length=120, pattern=r"^[^\x00]*$")] = "",
    commune: Annotated[str, Query(max_length=120, pattern=r"^[^\x00]*$")] = "",
    due: Annotated[str, Query(max_length=10, pattern=r"^[^\x00]*$")] = "",
    alone: bool = False,
    mine: bool = True,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> QueueOut:
    """The queue, the nearest deadline first."""
    return _queue(office, who, Filter(state, programme, action, district, commune, due, alone, mine, page=page))


@router.post("/search")
def searched(office: Here, who: Who, asked: Search) -> QueueOut:
    """The cases of a name, a dossier number or an id."""
    return _queue(office, who, Filter(mine=False, words=asked.words, page=asked.page))


@router.get("/cases/{case_id}")
def case(office: Here, who: Who, case_id: CaseId) -> dict[str, Any]:
    """All that the case page shows; national ids are masked."""
    page = case_page(office, who.actor, case_id)
    if page is None:
        raise HTTPException(404)
    steps = [{"step": move.step.value, "needs": sorted(move.needs), "refused": list(why)} for move, why in page.steps]
    judged = judged_of_case(office, case_id)
    return {
        "case": page.case,
        "dossier": page.dossier,
        "history": page.history,
        "documents": page.documents,
        "notices": page.notices,
        "orders": page.orders,
        "complaints": page.complaints,
        "judgements": {"pairs": judged.pairs, "conflicts": judged.conflicts},
        "steps": steps,
    }


@router.post("/cases/{case_id}/steps/{step}")
def stepped(request: Request, office: Here, who: Who, case_id: CaseId, step: Step, asked: StepAsked) -> StateOut:
    """Take a step."""
    stated = {**asked.stated, "reason": asked.reason}
    told = {"second_login": asked.second.login, "second_password": asked.second.password} if asked.second else {}
    second = second_signer(request, office, told) if step == Step.SIGN else None
    return StateOut(state=take_step(office, who.actor, case_id, step, stated, seq=asked.seq, second=second).value)


@router.post("/cases/{case_id}/documents", status_code=201)
def documented(office: Here, who: Who, case_id: CaseId, asked: DocumentAsked) -> Made:
    """Put a document on the case."""
    told = {"number": asked.number, "dated_on": asked.dated_on}
    return Made(id=add_document(office, who.actor, case_id, asked.kind, asked.title, **told))  # type: ignore[arg-type]


@router.post("/cases/{case_id}/judgements", status_code=204)
def judged(office: Here, who: Who, case_id: CaseId, asked: JudgementAsked) -> None:
    """Judge a pair."""
    judge_pair(
        office,
        who.actor,
        case_id,
        asked.other,
        asked.judgement,
        evidence=asked.evidence,
        reason=asked.reason,
        expires_on=asked.expires_on,
    )


def create_api(app: FastAPI) -> FastAPI:
    """The application of programs, with the state of that of the pages."""
    api = FastAPI(title="eligibility_audit", version="1", docs_url=None, redoc_url=None)
    api.state = app.state
    api.include_router(router)
    api.add_exception_handler(RefusedError, _refused)
    api.add_exception_handler(StaleError, _stale)
    api.add_exception_handler(RequestValidationError, _invalid)
    api.add_exception_handler(StarletteHTTPException, _failed)
    return api


def _queue(office: Here, who: Session, wanted: Filter) -> QueueOut:
    found = queue(office, who.actor, wanted)
    cases = [LineOut.model_validate(line) for line in found.lines]
    return QueueOut(count=found.count, page=found.filter.page, pages=found.pages, cases=cases)


def _problem(status: int, reasons: list[str], headers: Any = None) -> JSONResponse:
    told = Problem(title=HTTPStatus(status).phrase, status=status, reasons=reasons)
    return JSONResponse(told.model_dump(), status, headers, media_type="application/problem+json")


def _refused(_request: Request, error: Exception) -> JSONResponse:
    return _problem(422, list(error.reasons) if isinstance(error, RefusedError) else [])


def _stale(_request: Request, error: Exception) -> JSONResponse:
    return _problem(409, [str(error)])


def _invalid(_request: Request, error: Exception) -> JSONResponse:
    """What of a request is not of its form; the value itself is not told again."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    return _problem(422, [f"{'.'.join(map(str, fault['loc']))}: {fault['type']}" for fault in faults])


def _failed(_request: Request, error: Exception) -> JSONResponse:
    known = error if isinstance(error, StarletteHTTPException) else StarletteHTTPException(500)
    return _problem(known.status_code, [], known.headers)
