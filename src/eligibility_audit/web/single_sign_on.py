"""The office's own log-in (OpenID Connect, code flow with state, nonce and PKCE): it says who somebody is, no more.

Accounts, roles and areas are the store's; the provider makes none. What a log-in under way needs is kept here, in
memory, for a short while and once; the browser holds only the random name of it.
"""

import secrets
import threading
from collections import OrderedDict
from typing import Any, Final

import httpx
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]
from fastapi import APIRouter, Request, Response
from fastapi.exceptions import HTTPException
from joserfc.errors import JoseError
from starlette.concurrency import run_in_threadpool

from eligibility_audit.settings import Settings
from eligibility_audit.store.accounts import log_in_as
from eligibility_audit.web.gate import COOKIE, Attempts, Here
from eligibility_audit.web.render import render

router = APIRouter(prefix="/login/oidc", include_in_schema=False)
UNDER_WAY: Final = "ea_oidc"
SECONDS: Final = 600
_MOST: Final = 1_000  # under way at once; the oldest gives way


class SingleSignOn:
    """The client of one provider, and the log-ins that are under way with it."""

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer = issuer
        self.client = _oauth().register(
            "office",
            client_id=client_id,
            client_secret=client_secret,
            server_metadata_url=f"{issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": 10},
        )
        self._under_way: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, state: dict[str, Any]) -> str:
        """Keep what a log-in needs when it comes back; returns its name, for the browser."""
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._under_way[name] = state
            while len(self._under_way) > _MOST:
                self._under_way.popitem(last=False)
        return name

    def take(self, name: str) -> dict[str, Any]:
        """What was kept under a name; it is given once, and empty where there is none."""
        with self._lock:
            return self._under_way.pop(name, {})


def _oauth() -> Any:
    """Its registry; read only where an office has such a log-in, and without its word on a coming httpx."""
    import warnings

    import authlib.deprecate  # type: ignore[import-untyped]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", authlib.deprecate.AuthlibDeprecationWarning)
        from authlib.integrations.starlette_client import OAuth  # type: ignore[import-untyped]
    return OAuth()


def single_sign_on(settings: Settings) -> SingleSignOn | None:
    """The office's own log-in; None where the settings name none."""
    if settings.oidc_issuer is None or settings.oidc_client_id is None or settings.oidc_client_secret is None:
        return None
    return SingleSignOn(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret.get_secret_value())


@router.get("")
async def start(request: Request) -> Response:
    """Send the browser to the provider."""
    known = _known(request)
    state: dict[str, Any] = {}
    request.scope["session"] = state
    try:
        response: Response = await known.client.authorize_redirect(request, _back(request))
    except (httpx.HTTPError, AuthlibBaseError, RuntimeError, ValueError):
        return _failed(
            request, "Không gặp được nơi đăng nhập chung. / The provider of the log-in cannot be reached.", 503
        )
    response.set_cookie(
        UNDER_WAY,
        known.keep(state),
        max_age=SECONDS,
        httponly=True,
        samesite="lax",  # the provider sends the browser back from another site
        secure=request.app.state.secure_cookies,
        path=router.prefix,
    )
    return response


@router.get("/back")
async def back(request: Request, office: Here) -> Response:
    """The browser comes back with a code: who it is, by the provider's signature; then whose account that is."""
    known = _known(request)
    attempts: Attempts = request.app.state.attempts
    address = request.client.host if request.client else ""
    tried = f"oidc {address}"
    if attempts.are_too_many(tried, address):
        return _failed(request, "Hãy chờ một phút rồi thử lại. / Wait a minute and try again.", 429)
    request.scope["session"] = known.take(request.cookies.get(UNDER_WAY, ""))
    try:
        claims = {"iss": {"essential": True, "values": [known.issuer, known.issuer + "/"]}}
        token = await known.client.authorize_access_token(request, claims_options=claims)
        said = token["userinfo"]
        subject = str(said["sub"])
    except (httpx.HTTPError, AuthlibBaseError, JoseError, RuntimeError, ValueError, KeyError):
        attempts.failed(tried, address)
        return _failed(request, "Nơi đăng nhập chung không xác nhận bạn. / The provider did not vouch for you.", 401)
    email = str(said["email"]) if said.get("email") and said.get("email_verified") is True else None
    opened = await run_in_threadpool(log_in_as, office, subject, email)
    if opened is None:
        attempts.failed(tried, address)
        said_vi = "Danh tính này chưa được gắn với tài khoản nào; hãy hỏi người quản trị."
        return _failed(request, f"{said_vi} / No account is bound to this identity.", 401)
    # Not a redirect: the strict cookie would not go along on a way that began at another site.
    response = render(request, "entered.html.j2", {})
    response.delete_cookie(UNDER_WAY, path=router.prefix)
    response.set_cookie(
        COOKIE, opened.token, httponly=True, samesite="strict", secure=request.app.state.secure_cookies, path="/"
    )
    return response


def _known(request: Request) -> SingleSignOn:
    known: SingleSignOn | None = request.app.state.single_sign_on
    if known is None:
        raise HTTPException(404)
    return known


def _back(request: Request) -> str:
    scheme = "https" if request.app.state.secure_cookies else request.url.scheme
    return f"{scheme}://{request.url.netloc}{router.prefix}/back"


def _failed(request: Request, why: str, status: int) -> Response:
    response = render(request, "refused.html.j2", {"reasons": (why,), "title": "Chưa đăng nhập được"}, status=status)
    response.delete_cookie(UNDER_WAY, path=router.prefix)
    return response
