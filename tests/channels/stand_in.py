"""A platform that does what a test tells it: answers in order, hangs up, and remembers what it was asked."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote

import orjson

STATUS = {200: "OK", 201: "Created", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, object]:
        parsed: dict[str, object] = orjson.loads(self.body)
        return parsed

    @property
    def form(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(self.body.decode() or self.query).items()}


@dataclass(frozen=True)
class Reply:
    """`dropped`: the request is read to its end and the connection closed without a word."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    dropped: bool = False


DROPPED = Reply(dropped=True)
HTML = Reply(502, b"<html>Bad Gateway</html>", content_type="text/html")
GARBAGE = Reply(200, b"<html>Welcome</html>", content_type="text/html")


def reply(status: int = 200, headers: dict[str, str] | None = None, **body: object) -> Reply:
    return Reply(status, orjson.dumps(body), headers or {})


class StandIn:
    """`usual` answers whatever has no `replies` left."""

    def __init__(self, usual: Callable[[Asked], Reply]) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.replies: list[Reply] = []
        self.connections = 0
        self._usual = usual

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._answer(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client hung up between two requests
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        asked = await _read(reader)
        self.asked.append(asked)
        answer = self.replies.pop(0) if self.replies else self._usual(asked)
        if answer.dropped:
            return False
        headers = {"content-type": answer.content_type, "content-length": str(len(answer.body)), **answer.headers}
        lines = [f"HTTP/1.1 {answer.status} {STATUS.get(answer.status, 'Something')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + answer.body)
        await writer.drain()
        return True

    @asynccontextmanager
    async def running(self) -> AsyncIterator["StandIn"]:
        server = await asyncio.start_server(self, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    path, _, query = target.partition("?")
    return Asked(method, unquote(path), query, headers, body)
