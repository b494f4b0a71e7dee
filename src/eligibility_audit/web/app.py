"""The web application: pages over the use cases of the review. Nothing here decides; refusals come from below."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.base import RequestResponseEndpoint

from eligibility_audit.errors import RefusedError, StaleError
from eligibility_audit.store.office import Office
from eligibility_audit.web import (
    attachments,
    bulk,
    complaints,
    desk,
    director,
    entrance,
    file_page,
    hand_over,
    judgements,
    second_look,
)
from eligibility_audit.web import nights as nights_page
from eligibility_audit.web import single_sign_on as sign_on
from eligibility_audit.web.api import create_api
from eligibility_audit.web.gate import Attempts, NotLoggedInError
from eligibility_audit.web.render import render
from eligibility_audit.web.single_sign_on import SingleSignOn

STATIC: Final = Path(__file__).parent / "static"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def create_app(
    office: Office,
    *,
    secure_cookies: bool = False,
    single_sign_on: SingleSignOn | None = None,
    nights: Path | None = None,
) -> FastAPI:
    """The application of an office. `secure_cookies`: where it is reached by https; `nights`: the folder of nights."""
    app = FastAPI(title="eligibility_audit", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.office = office
    app.state.secure_cookies = secure_cookies
    app.state.attempts = Attempts()
    app.state.single_sign_on = single_sign_on
    app.state.nights = nights
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    for part in (
        entrance,
        sign_on,
        desk,
        file_page,
        complaints,
        judgements,
        attachments,
        bulk,
        director,
        hand_over,
        second_look,
        nights_page,
    ):
        app.include_router(part.router)
    app.mount("/api/v1", create_api(app))
    app.middleware("http")(_headers)
    app.add_exception_handler(NotLoggedInError, _to_the_entrance)
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(StaleError, _stale)
    app.add_exception_handler(HTTPException, _not_there)
    return app


async def _headers(request: Request, call_next: RequestResponseEndpoint) -> Response:
    response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    is_static = request.url.path.startswith("/static")
    response.headers["Cache-Control"] = "public, max-age=3600" if is_static else "no-store"
    return response


def _to_the_entrance(request: Request, _error: Exception) -> Response:
    return RedirectResponse("/login", status_code=303)


def _refused(request: Request, error: Exception) -> HTMLResponse:
    reasons = error.reasons if isinstance(error, RefusedError) else ()
    return render(request, "refused.html.j2", {"reasons": reasons, "title": "Chưa làm được"}, status=422)


def _stale(request: Request, error: Exception) -> HTMLResponse:
    return render(request, "refused.html.j2", {"reasons": (str(error),), "title": "Hồ sơ vừa thay đổi"}, status=409)


def _not_there(request: Request, error: Exception) -> HTMLResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    said = {
        404: "Không có trang hoặc hồ sơ này trong địa bàn của bạn. / There is no such page or case in your area.",
        413: "Tệp quá lớn; hãy quét lại gọn hơn. / The file is too large: scan it smaller.",
        403: "Biểu mẫu đã cũ hoặc không từ trang này; hãy mở lại trang. / The form is old: open the page again.",
    }.get(status, "Không làm được việc này. / This cannot be done.")
    return render(request, "refused.html.j2", {"reasons": (said,), "title": "Không có"}, status=status)
