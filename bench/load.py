"""A client that costs little itself: ready-made requests over connections that stay open, one in flight on each."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import cast

PATIENCE = 60.0
END = b"\r\n\r\n"


class _Connection(asyncio.Protocol):
    """Sends the next request as soon as the last one is answered. The answers have no body."""

    def __init__(self, requests: Iterator[bytes], statuses: Counter[str], done: asyncio.Future[None]) -> None:
        self._requests, self._statuses, self._done = requests, statuses, done
        self._transport: asyncio.Transport
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one without being of the class
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if self._received.endswith(END):
            self._statuses[self._received[9:12].decode()] += 1
            self._received = b""
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionError("the server closed the connection"))

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is not None:
            self._transport.write(request)
        elif not self._done.done():
            self._done.set_result(None)
            self._transport.close()


async def send_all(port: int, requests: Sequence[bytes], connections: int) -> tuple[float, Counter[str]]:
    """Seconds for all of them, and how often each status was answered."""
    loop, waiting, statuses = asyncio.get_running_loop(), iter(requests), Counter[str]()
    begun, ends = perf_counter(), []
    for _ in range(connections):
        done: asyncio.Future[None] = loop.create_future()
        ends.append(done)
        await loop.create_connection(lambda done=done: _Connection(waiting, statuses, done), "127.0.0.1", port)  # type: ignore[misc]
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*ends)
    return perf_counter() - begun, statuses


def post(path: str, body: bytes, **headers: str) -> bytes:
    """The bytes of a request; `x_hub_signature_256="..."` becomes a header of that name."""
    lines = [
        f"POST {path} HTTP/1.1",
        "host: 127.0.0.1",
        "content-type: application/json",
        f"content-length: {len(body)}",
    ]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + END + body
