"""A small OpenID provider that signs for itself: discovery, keys, code flow with PKCE. `said` makes it lie."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import FastAPI, Form, Header, HTTPException
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

CLIENT = ("ra-soat", "bi mat & cua / so")


@dataclass
class Provider:
    """`claims`: of who is logged in there; `said`: what the token says otherwise; `signs_with`: another's key."""

    url: str
    claims: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    signs_with: ECKey | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256", {"kid": "k1"}))

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/.well-known/openid-configuration")
        def discovery() -> dict[str, Any]:
            here = {"authorization": "authorize", "token": "token"}
            return {
                "issuer": self.url,
                **{f"{name}_endpoint": f"{self.url}/{path}" for name, path in here.items()},
                "jwks_uri": f"{self.url}/keys",
                "id_token_signing_alg_values_supported": ["ES256"],
            }

        @app.get("/keys")
        def keys() -> Any:
            return KeySet([self.key]).as_dict(private=False)

        @app.get("/authorize")
        def authorize(
            client_id: str, redirect_uri: str, state: str, nonce: str, code_challenge: str, code_challenge_method: str
        ) -> RedirectResponse:
            assert (client_id, code_challenge_method) == (CLIENT[0], "S256")
            code = secrets.token_urlsafe(12)
            self.codes[code] = {"nonce": nonce, "challenge": code_challenge, "redirect_uri": redirect_uri}
            return RedirectResponse(f"{redirect_uri}?{urlencode({'code': code, 'state': state})}", 302)

        @app.post("/token")
        def token(
            code: Annotated[str, Form()],
            redirect_uri: Annotated[str, Form()],
            code_verifier: Annotated[str, Form()],
            authorization: Annotated[str, Header()],
        ) -> dict[str, Any]:
            known = self.codes.pop(code, None)
            digest = hashlib.sha256(code_verifier.encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            client = base64.b64decode(authorization.removeprefix("Basic ")).decode()
            fits = known and (known["challenge"], known["redirect_uri"]) == (challenge, redirect_uri)
            if not known or not fits or client != ":".join(CLIENT):
                raise HTTPException(400, "invalid_grant")
            now = int(time.time())
            claims = {"iss": self.url, "aud": CLIENT[0], "iat": now, "exp": now + 60, "nonce": known["nonce"]}
            signed = jwt.encode(
                {"alg": "ES256", "kid": "k1"}, claims | self.claims | self.said, self.signs_with or self.key
            )
            return {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "id_token": signed}

        return app
