"""Who is there: the cookie, the word that each form carries, limits on login."""

import hmac
from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, Request
from fastapi.exceptions import HTTPException
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import FormData

from eligibility_audit.domain.review.people import Actor
from eligibility_audit.errors import RefusedError
from eligibility_audit.store.accounts import Session, session_of, who_signs
from eligibility_audit.store.office import Office

COOKIE: Final = "ea_session"
OF_A_LOGIN: Final = RateLimitItemPerMinute(8)
OF_AN_ADDRESS: Final = RateLimitItemPerMinute(60)  # a whole office may come from one address


class NotLoggedInError(Exception):
    """Nobody is logged in: the entrance is shown."""


class Attempts:
    """Logins that failed, by login and by address; those that succeed are not counted."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def are_too_many(self, login: str, address: str) -> bool:
        """Whether the next attempt has to wait."""
        return not (self._limiter.test(OF_A_LOGIN, login) and self._limiter.test(OF_AN_ADDRESS, address))

    def failed(self, login: str, address: str) -> None:
        """Count one."""
        self._limiter.hit(OF_A_LOGIN, login)
        self._limiter.hit(OF_AN_ADDRESS, address)


async def office(request: Request) -> Office:
    """The office that this application serves."""
    return office_of(request)


def office_of(request: Request) -> Office:
    """The same, for who holds a request."""
    found: Office = request.app.state.office
    return found


def session(request: Request) -> Session:
    """Who is there. Raises NotLoggedInError."""
    found = session_of(office_of(request), request.cookies.get(COOKIE))
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


def second_signer(request: Request, office: Office, form: Mapping[str, str]) -> Actor | None:
    """Who signs beside the one that is logged in, by a login and password of their own; None where none is typed.

    Raises RefusedError where they are wrong, or were so too often.
    """
    login, password = form.get("second_login", ""), form.get("second_password", "")
    if not login and not password:
        return None
    attempts: Attempts = request.app.state.attempts
    address = request.client.host if request.client else ""
    if attempts.are_too_many(login, address):
        raise RefusedError(["Nhập sai nhiều lần; hãy chờ một phút. / Too many attempts: wait a minute."])
    second = who_signs(office, login, password)
    if second is None:
        attempts.failed(login, address)
        raise RefusedError(["Người thứ hai: sai tên hoặc mật khẩu. / The second signer's login or password is wrong."])
    return second


async def typed(request: Request) -> FormData:
    """The form of a request, read before its handler: handlers wait for the store, and run beside the event loop."""
    return await request.form()


Here = Annotated[Office, Depends(office)]
Typed = Annotated[FormData, Depends(typed)]
Reader = Annotated[Session, Depends(session)]
Writer = Annotated[Session, Depends(written)]
