"""Pages asked for in this process, and the statements they run noted, so that the same can be run by hand."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, TypeVar
from urllib.parse import urlsplit

from channels.asgi import Scope
from core.database import Database
from core.statements import Reader
from web.given import ASGIApp

T = TypeVar("T")


@dataclass(slots=True)
class Noted:
    """One statement, and how many rows of its answer were taken."""

    sql: str
    parameters: Any
    rows: int = 0


class _Cursor:
    def __init__(self, cursor: Any, script: list[Noted]) -> None:
        self._cursor, self._script = cursor, script

    def execute(self, sql: str, parameters: Any = ()) -> None:
        self._script.append(Noted(sql, parameters))
        self._cursor.execute(sql, parameters)

    def fetchall(self) -> list[Any]:
        rows: list[Any] = self._cursor.fetchall()
        self._script[-1].rows += len(rows)
        return rows

    def fetchone(self) -> Any:
        row = self._cursor.fetchone()
        self._script[-1].rows += row is not None
        return row

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class Watched(Database):
    """Notes what is read while `script` is a list."""

    script: list[Noted] | None = None

    async def read(self, query: Callable[[Reader], T]) -> T:
        return await super().read(lambda reader: query(self._noting(reader)))

    def _noting(self, reader: Reader) -> Reader:
        if self.script is not None:
            reader._cursor = _Cursor(reader._cursor, self.script)
        return reader


@dataclass(slots=True)
class Answer:
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0


async def look(app: ASGIApp, address: str, headers: dict[str, str], most_parts: int = 0, method: str = "GET") -> Answer:
    """`most_parts`: of a long answer only so many, then the browser goes away; 0: all of it."""
    url, answer, parts, over = urlsplit(address), Answer(), 0, asyncio.Event()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "path": url.path,
        "raw_path": url.path.encode(), "query_string": url.query.encode(), "root_path": "", "client": ("127.0.0.1", 1),
        "server": ("callboard.test", 80),
        "headers": [(b"host", b"callboard.test"), *((name.encode(), value.encode()) for name, value in headers.items())],
    }  # fmt: skip
    asked = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Scope:
        if asked:
            return asked.pop()
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Scope) -> None:
        nonlocal parts
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        answer.body += message.get("body", b"")
        parts += 1
        if parts == most_parts:
            over.set()

    begun = perf_counter()
    await app(scope, receive, send)
    answer.seconds = perf_counter() - begun
    return answer
