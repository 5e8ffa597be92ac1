"""The few bytes of ASGI a webhook needs; a framework's routing in front of it costs three times the work itself."""

from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_LIMIT = 3 * 1024 * 1024
"""Bytes. Meta's documented maximum for a webhook body, the largest of the three platforms."""


def header(scope: Scope, name: bytes) -> str:
    """The value of the first header of that (lower-case) name, or an empty string."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return ""


async def read_body(receive: Receive, limit: int = BODY_LIMIT) -> bytes | None:
    """The whole body, or None when it is longer than `limit` or the client went away in the middle."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk: bytes = message.get("body", b"")
        body += chunk
        if len(body) > limit:
            return None
        if not message.get("more_body"):
            return body


async def respond(send: Send, status: int, body: bytes = b"", content_type: str = "text/plain; charset=utf-8") -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*_headers(content_type, len(body))]})
    await send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=256)
def _headers(content_type: str, length: int) -> tuple[tuple[bytes, bytes], ...]:
    return (b"content-type", content_type.encode()), (b"content-length", b"%d" % length)
