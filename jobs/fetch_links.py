"""Photos that the API was given as links: fetched like those that people send, from public addresses only.

Whoever may post a completion names the address, so nothing inside our own network may be reached by it: every address a name
stands for must be public, the connection goes to the address that was checked, and redirects are not followed.
"""

import asyncio
import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx2

from channels.calling import Transport
from channels.failures import PermanentFailure, TemporaryFailure

TIMEOUT = 20.0
TEMPORARY = (408, 425, 429)


class LinkFetcher:
    """`private`: addresses on this machine and in its network are allowed, as in a demonstration."""

    def __init__(self, *, private: bool = False) -> None:
        self._private = private

    async def fetch(self, file_id: str, limit: int) -> bytes:
        """`file_id` is the link. Raises as Sender.fetch does."""
        url = urlsplit(file_id)
        host = url.hostname or ""
        if url.scheme not in ("http", "https") or not host:
            raise PermanentFailure("link", "This is no address of a photo.")
        port = url.port or (443 if url.scheme == "https" else 80)
        address = await self._address(host, port)
        shown = f"[{address}]" if ":" in address else address
        target = url._replace(netloc=f"{shown}:{port}").geturl()
        try:
            async with httpx2.AsyncClient(
                timeout=TIMEOUT, follow_redirects=False, trust_env=False, transport=Transport(trust_env=False)
            ) as http:
                return await self._read(http, target, url.netloc.rpartition("@")[2], host, limit)
        except httpx2.HTTPError as error:
            raise TemporaryFailure("network", f"{host} cannot be reached") from error

    async def _address(self, host: str, port: int) -> str:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise TemporaryFailure("network", f"{host} is not known") from None
        addresses = [str(entry[4][0]) for entry in found]
        if not self._private and not all(ip_address(one.partition("%")[0]).is_global for one in addresses):
            raise PermanentFailure("link", f"{host} is no public address.")
        return addresses[0]

    async def _read(self, http: httpx2.AsyncClient, target: str, netloc: str, host: str, limit: int) -> bytes:
        request = http.build_request("GET", target, headers={"Host": netloc}, extensions={"sni_hostname": host})
        answer = await http.send(request, stream=True)
        try:
            if answer.status_code != 200:
                passing = answer.status_code >= 500 or answer.status_code in TEMPORARY
                kind = TemporaryFailure if passing else PermanentFailure
                raise kind(str(answer.status_code), f"{host} answered {answer.status_code}")
            content = b""
            async for chunk in answer.aiter_bytes():
                content += chunk
                if len(content) > limit:
                    raise PermanentFailure("too_large", f"the file is longer than the {limit} bytes allowed")
            return content
        finally:
            await answer.aclose()
