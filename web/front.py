"""The outermost layer: webhooks go straight to their app, everything else to the pages and the API; headers and counts for all."""

import re
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from channels.asgi import Receive, Scope, Send, read_body, respond
from web.given import ASGIApp

BODY_LIMIT = 2 * 1024 * 1024
PHOTO_LIMIT = 20 * 1024 * 1024
PHOTOS = re.compile(r"/api/tickets/[^/]+/photos")
TOO_LONG = (
    b'{"type":"about:blank","title":"Content Too Large","status":413,'
    b'"detail":"The body may have 2 MB at most, a photo 20 MB."}'
)
NO_TEXT = (
    b'{"type":"about:blank","title":"Unprocessable Entity","status":422,'
    b'"detail":"The character U+0000 is in no text that could be kept: leave it out."}'
)
HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
}
NOT_KEPT = (b"cache-control", b"no-store")
_FIXED = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
HERE = "/here/"
_PLACE = (b"permissions-policy", b"camera=(), microphone=(), geolocation=(self)")
"""The one page that may ask the browser where it is."""
_SECURE = (b"strict-transport-security", b"max-age=31536000")


def in_front(
    webhooks: Mapping[str, ASGIApp], inner: ASGIApp, count: Callable[[str, int], None], *, https: bool
) -> ASGIApp:
    """`count(door, status)` once per answer; the door is webhook, api, health or page."""
    always = [*_FIXED, _SECURE] if https else _FIXED

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await inner(scope, receive, send)
            return
        path: str = scope["path"]
        if path in webhooks:  # answered to a platform, which looks at no header
            await webhooks[path](scope, receive, _counted(send, count))
            return
        door = _door(path)
        headers = _with_place(always) if path.startswith(HERE) else always
        send = _finished(send, lambda status: count(door, status), headers)
        if (body := await read_body(receive, _limit(path))) is None:
            await respond(send, 413, TOO_LONG, "application/problem+json")
        elif "\0" in path or b"%00" in scope["query_string"] or b"\\u0000" in body:  # PostgreSQL has no such text
            await respond(send, 422, NO_TEXT, "application/problem+json")
        else:
            await inner(scope, _again(body, receive), send)

    return front


def _with_place(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [_PLACE if name == _PLACE[0] else (name, value) for name, value in headers]


def _limit(path: str) -> int:
    return PHOTO_LIMIT if PHOTOS.fullmatch(path) else BODY_LIMIT


def _door(path: str) -> str:
    if path.startswith("/api/"):
        return "api"
    return "health" if path in ("/healthz", "/readyz", "/metrics") else "page"


def _again(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then whatever else comes (that the client went away)."""
    messages: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> MutableMapping[str, Any]:
        return messages.pop() if messages else await receive()

    return again


def _counted(send: Send, count: Callable[[str, int], None]) -> Send:
    async def counted(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            count("webhook", message["status"])
        await send(message)

    return counted


def _finished(send: Send, count: Callable[[int], None], always: list[tuple[bytes, bytes]]) -> Send:
    async def finished(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", ()), *always]
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append(NOT_KEPT)
            message["headers"] = headers
            count(message["status"])
        await send(message)

    return finished
