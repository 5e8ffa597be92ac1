"""`python -m bench.receiving PORT ANSWER_AFTER`: a tiny platform in a process of its own that notes when each message arrived.

A message is any POST; it is answered after ANSWER_AFTER seconds. `GET /` returns what was received so far and forgets it.
"""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import cast

import orjson
import uvloop

from bench.webhooks import free_port
from core.clock import monotonic

END = b"\r\n\r\n"
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
ACCEPTED = b'{"messaging_product":"whatsapp","messages":[{"id":"wamid.HBgLMzQ2MDAwMDAwMDAVAgARGBI3QThCNTg0QTBGNUI"}]}'
"""As Meta answers."""
META = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(ACCEPTED) + ACCEPTED


@dataclass(frozen=True, slots=True)
class Received:
    """Body and moment (monotonic seconds of the receiver) of each message, in the order of arrival."""

    bodies: list[str]
    times: list[float]


class Platform(asyncio.Protocol):
    """One connection. Nobody sends a second request on it before the first is answered."""

    def __init__(self, received: Received, answer_after: float) -> None:
        self._received, self._answer_after = received, answer_after
        self._transport: asyncio.Transport
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        at = monotonic()
        self._buffer += data
        head, end, body = self._buffer.partition(END)
        if not end or len(body) < _length(head):
            return
        self._buffer = b""
        if head.startswith(b"GET"):
            self._report()
            return
        self._received.bodies.append(body.decode())
        self._received.times.append(at)
        answer = META if b"biz_opaque_callback_data" in body else ANSWER
        if self._answer_after:
            asyncio.get_running_loop().call_later(self._answer_after, self._transport.write, answer)
        else:
            self._transport.write(answer)

    def _report(self) -> None:
        found = orjson.dumps(self._received)
        self._received.bodies.clear()
        self._received.times.clear()
        self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(found) + found)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


@contextmanager
def receiver(answer_after: float) -> Iterator[int]:
    """Its port."""
    port = free_port()
    process = subprocess.Popen((sys.executable, "-m", "bench.receiving", str(port), str(answer_after)))
    try:
        while not _answers(port):
            if process.poll() is not None:
                raise RuntimeError(f"the receiver ended with {process.returncode}")
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    with suppress(OSError):
        take_received(port)
        return True
    return False


def take_received(port: int) -> Received:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    found = Received(**orjson.loads(connection.getresponse().read()))
    connection.close()
    return found


def watch_closely() -> None:
    """Before all others, where that is allowed: a clock that has to wait for the processor sees messages nearer together than they
    came."""
    with suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))


async def listen(port: int, answer_after: float) -> None:
    received = Received([], [])
    server = await asyncio.get_running_loop().create_server(lambda: Platform(received, answer_after), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    watch_closely()
    uvloop.run(listen(int(sys.argv[1]), float(sys.argv[2])))
