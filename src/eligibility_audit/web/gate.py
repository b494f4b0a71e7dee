"""Who is there: the cookie, the word that each form carries, limits on login."""

import hmac
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.exceptions import HTTPException
from slowapi import Limiter
from slowapi.util import get_remote_address

from eligibility_audit.use_cases.review.accounts import Session, session_of
from eligibility_audit.use_cases.review.office import Office

COOKIE: Final = "ea_session"
LIMITS: Final = Limiter(key_func=get_remote_address)


class NotLoggedInError(Exception):
    """Nobody is logged in: the entrance is shown."""


def office(request: Request) -> Office:
    """The office that this application serves."""
    found: Office = request.app.state.office
    return found


def session(request: Request) -> Session:
    """Who is there. Raises NotLoggedInError."""
    found = session_of(office(request), request.cookies.get(COOKIE))
    if found is None:
        raise NotLoggedInError
    request.state.session = found
    return found


async def written(request: Request, who: Annotated[Session, Depends(session)]) -> Session:
    """Who is there, for a form that changes something: it carries the word of its session, and comes from our pages."""
    form = await request.form()
    word = str(form.get("csrf") or request.headers.get("x-csrf") or "")
    origin = request.headers.get("origin")
    ours = origin is None or origin == "null" or origin.split("://", 1)[-1] == request.headers.get("host")
    if not ours or not hmac.compare_digest(word, who.csrf):
        raise HTTPException(403)
    return who


Here = Annotated[Office, Depends(office)]
Reader = Annotated[Session, Depends(session)]
Writer = Annotated[Session, Depends(written)]
