"""A stand-in for an issuer of OpenID Connect, on loopback: it keeps its part of the protocol strictly, and lies when told."""

import base64
import hashlib
import hmac
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlencode

import orjson
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.sandbox.serving import serving

CLIENT, SECRET = "callboard", "the client's secret"
BACK = "http://callboard.test/sign-in/oidc/back"


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).decode().rstrip("=")


@dataclass
class Issuer:
    """`claims`: more or other than it would say truly. `signs_with`, `algorithm`: none, or HS256
    with the public key as the secret. `broken`: paths that answer 500.
    `says_little`: the id_token has no address; whoever wants it asks."""

    url: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}))
    signs_with: RSAKey | None = None
    algorithm: str = "RS256"
    claims: dict[str, Any] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    garbled: set[str] = field(default_factory=set)
    says_little: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    account: dict[str, Any] = field(default_factory=lambda: {"email": "dis@acme.test", "email_verified": True})

    def as_before(self) -> None:
        fresh = Issuer(key=self.key)
        self.__dict__.update({name: value for name, value in vars(fresh).items() if name not in ("url", "key")})

    def metadata(self, _: Request) -> Response:
        endpoints = {name: f"{self.url}/{path}" for name, path in (
            ("authorization_endpoint", "authorize"), ("token_endpoint", "token"), ("jwks_uri", "jwks"),
            ("userinfo_endpoint", "userinfo"),
        )}  # fmt: skip
        return JSONResponse({"issuer": self.url, "id_token_signing_alg_values_supported": ["RS256"], **endpoints})

    def jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})

    def authorize(self, request: Request) -> Response:
        """Whoever comes is signed in there already and agrees at once."""
        asked = dict(request.query_params)
        fixed = {"client_id": CLIENT, "redirect_uri": BACK, "response_type": "code", "code_challenge_method": "S256"}
        assert asked.items() >= fixed.items(), asked
        assert {"openid", "email"} <= set(asked["scope"].split())
        code = token_urlsafe(8)
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 302)

    async def token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        asked = self.codes.pop(form.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proved = asked and asked["code_challenge"] == _encoded(challenge)
        if not proved or request.headers.get("authorization") != f"Basic {known}" or form["redirect_uri"] != BACK:
            return JSONResponse({"error": "invalid_grant"}, 400)
        assert asked
        return JSONResponse({"access_token": "at-1", "token_type": "Bearer", "id_token": self._signed(asked["nonce"])})

    def userinfo(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer at-1"
        return JSONResponse({"sub": "u-1"} | self.account | self.claims)

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.url, "sub": "u-1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims |= ({} if self.says_little else self.account) | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "k1"}
        if self.algorithm == "RS256":
            return jwt.encode(header, claims, self.signs_with or self.key)
        text = ".".join(_encoded(orjson.dumps(part)) for part in (header, claims))
        signature = hmac.digest(self.key.as_pem(private=False), text.encode(), "sha256")
        return f"{text}.{_encoded(signature) if self.algorithm == 'HS256' else ''}"

    def app(self) -> Starlette:
        def route(path: str, endpoint: Any, *methods: str) -> Route:
            async def answer(request: Request) -> Response:
                if path in self.broken:
                    return Response("down", 500)
                if path in self.garbled:
                    return Response("<html>a login page</html>")
                answered = endpoint(request)
                return answered if isinstance(answered, Response) else await answered

            return Route(path, answer, methods=methods or ("GET",))

        return Starlette(routes=[
            route("/.well-known/openid-configuration", self.metadata), route("/jwks", self.jwks),
            route("/authorize", self.authorize), route("/token", self.token, "POST"), route("/userinfo", self.userinfo),
        ])  # fmt: skip


@contextmanager
def issuing() -> Iterator[Issuer]:
    issuer = Issuer()
    with serving(issuer.app()) as url:
        issuer.url = url
        yield issuer
