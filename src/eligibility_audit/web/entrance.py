"""Logging in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from eligibility_audit.store.accounts import log_in, log_out
from eligibility_audit.web.gate import COOKIE, Attempts, Here, Writer
from eligibility_audit.web.render import render

router = APIRouter()


@router.get("/login", include_in_schema=False)
def entrance(request: Request) -> Response:
    """The form."""
    return _form(request)


@router.post("/login", include_in_schema=False)
def enter(
    request: Request, office: Here, login: Annotated[str, Form()] = "", password: Annotated[str, Form()] = ""
) -> Response:
    """Open a session: a new token each time, whatever the cookie was before."""
    attempts: Attempts = request.app.state.attempts
    address = request.client.host if request.client else ""
    if attempts.are_too_many(login, address):
        said = (
            "Đăng nhập sai nhiều lần; hãy chờ một phút rồi thử lại. / Too many attempts: wait a minute and try again."
        )
        return render(request, "refused.html.j2", {"reasons": (said,), "title": "Hãy chờ"}, status=429)
    opened = log_in(office, login, password)
    if opened is None:
        attempts.failed(login, address)
        return _form(request, failed=True)
    response = RedirectResponse("/", status_code=303)
    response.set_cookie(
        COOKIE, opened.token, httponly=True, samesite="strict", secure=request.app.state.secure_cookies, path="/"
    )
    return response


@router.post("/logout", include_in_schema=False)
def leave(request: Request, office: Here, who: Writer) -> Response:
    """End the session."""
    log_out(office, request.cookies.get(COOKIE, ""))
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(COOKIE, path="/")
    return response


def _form(request: Request, *, failed: bool = False) -> Response:
    told = {"failed": failed, "single_sign_on": request.app.state.single_sign_on is not None}
    return render(request, "login.html.j2", told, status=401 if failed else 200)
