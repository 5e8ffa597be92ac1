"""OpenID Connect: an issuer proves whose e-mail address it is. The only file that knows Authlib, which is an extra
(`uv sync --extra oidc`): authorization code with PKCE, state and nonce, kept in the browser's own session until it comes back."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth
from joserfc.errors import JoseError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from core.errors import Forbidden

log = structlog.get_logger()

TIMEOUT = 10.0
LEEWAY = 60
"""Seconds by which the issuer's clock may differ from ours."""
SILENT = (
    "The sign-in with {} does not answer at the moment. Try again in a few minutes, or sign in by a link to your chat."
)
UNPROVED = "The sign-in with {} came to nothing. Begin again on the sign-in page, or sign in by a link to your chat."
UNVERIFIED = "The e-mail address of {} is not verified there. Verify it first, or sign in by a link to your chat."


class Provider:
    """`name`: what people call it, after “Sign in with”."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, name: str) -> None:
        self.issuer, self.name = issuer.rstrip("/"), name
        how = {} if client_secret else {"token_endpoint_auth_method": "none"}
        self._app: Any = OAuth().register(
            "oidc",
            client_id=client_id,
            client_secret=client_secret or None,
            server_metadata_url=f"{self.issuer}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": TIMEOUT, **how},
        )

    async def leave(self, request: Request, back: str) -> Response:
        """To the issuer, which sends the browser back to this address. Raises 503."""
        with self._in_words():
            await self._check_issuer()
            answer: Response = await self._app.authorize_redirect(request, back)
            return answer

    async def proved(self, request: Request) -> str:
        """The e-mail address of whoever comes back. Raises Forbidden, 503."""
        with self._in_words():
            await self._check_issuer()
            token = await self._app.authorize_access_token(request, leeway=LEEWAY)
            claims = await self._claims(token)
        address = claims.get("email")
        if not isinstance(address, str) or "@" not in address or claims.get("email_verified") not in (True, "true"):
            raise Forbidden(UNVERIFIED.format(self.name))
        return address

    async def _claims(self, token: dict[str, Any]) -> dict[str, Any]:
        """Of the verified id_token; an issuer that leaves the address out of it is asked for it."""
        claims: dict[str, Any] = token["userinfo"]
        if "email" in claims:
            return claims
        asked: dict[str, Any] = await self._app.userinfo(token=token)
        return asked if asked.get("sub") == claims["sub"] else {}

    async def _check_issuer(self) -> None:
        known = (await self._app.load_server_metadata()).get("issuer")
        if str(known).rstrip("/") != self.issuer:
            raise ValueError(f"it calls itself {known}")

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """What the library and the issuer raise, for a person; what was wrong stands in the log."""
        try:
            yield
        except (AuthlibBaseError, JoseError) as refused:
            log.warning("a sign-in was refused", issuer=self.issuer, reason=f"{type(refused).__name__}: {refused}")
            raise Forbidden(UNPROVED.format(self.name)) from refused
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, RuntimeError) as broken:
            log.warning("the issuer cannot be used", issuer=self.issuer, reason=f"{type(broken).__name__}: {broken}")
            raise HTTPException(503, SILENT.format(self.name)) from broken
