"""One POST to an address that was looked at: the name is resolved once, and what was found is what we connect to."""

import asyncio
import socket
from urllib.parse import urlsplit, urlunsplit

import httpx2

from channels.calling import Transport
from channels.failures import PermanentFailure
from channels.webhooks.errors import rests
from core.webhooks.addresses import is_public

AGENT = "Callboard-Webhooks/1"


class Connection:
    """`allow_private`: also what lies inside private networks, as a test setup needs it; `test_mode`: nothing else. No redirects,
    no proxies, and no connection is used twice: two names at one address are two receivers."""

    def __init__(self, allow_private: bool, timeout_seconds: float, test_mode: bool = False) -> None:
        self._allow_private, self._test_mode = allow_private, test_mode
        self._timeout = timeout_seconds
        self._http = httpx2.AsyncClient(
            timeout=timeout_seconds,
            follow_redirects=False,
            trust_env=False,
            transport=Transport(
                trust_env=False, limits=httpx2.Limits(max_connections=200, max_keepalive_connections=0)
            ),
        )

    async def post(
        self, url: str, body: bytes, headers: dict[str, str], *, is_test: bool = False
    ) -> tuple[int, str | None]:
        """Status and Retry-After. The answer's body is not read. `is_test`: leaves also in the test mode. Raises
        TemporaryFailure, PermanentFailure."""
        try:
            async with asyncio.timeout(self._timeout):
                return await self._post(url, body, headers, inside=self._test_mode and not is_test)
        except TimeoutError:
            raise rests("timeout", f"no answer within {self._timeout:g} seconds") from None
        except httpx2.InvalidURL as error:
            raise PermanentFailure("address", "the address cannot be used") from error
        except httpx2.TransportError as error:
            raise rests("unreachable", f"the receiver could not be reached ({type(error).__name__})") from error

    async def close(self) -> None:
        await self._http.aclose()

    async def _post(self, url: str, body: bytes, headers: dict[str, str], inside: bool) -> tuple[int, str | None]:
        parts = urlsplit(url)
        host = parts.hostname or ""
        address = await self._address_of(host, parts.port or (443 if parts.scheme == "https" else 80), inside)
        shown = f"[{address}]" if ":" in address else address
        there = urlunsplit(
            (parts.scheme, f"{shown}:{parts.port}" if parts.port else shown, parts.path, parts.query, "")
        )
        named = {"host": parts.netloc, "content-type": "application/json", "user-agent": AGENT}
        secured = {"sni_hostname": host}
        async with self._http.stream(
            "POST", there, content=body, headers=named | headers, extensions=secured
        ) as answer:
            return answer.status_code, answer.headers.get("retry-after")

    async def _address_of(self, host: str, port: int, inside: bool) -> str:
        """Every address of a name has to be public: of one that mixes them nobody knows which is meant."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise rests("name", "the receiver's name is not known") from None
        addresses = [str(one[4][0]) for one in found]
        if not self._allow_private and not all(map(is_public, addresses)):
            raise PermanentFailure("private", "the receiver's address lies inside a private network")
        if inside and any(map(is_public, addresses)):
            raise PermanentFailure("test_mode", "the test mode is on: only webhook.test leaves")
        return addresses[0]
