"""The outermost layer: webhooks go straight to their app, everything else to the pages and the API; headers and counts for all."""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any

from channels.asgi import Receive, Scope, Send, header, respond
from web.given import ASGIApp

API_BODY_LIMIT = 2 * 1024 * 1024
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
        door = _door(path, webhooks)
        send = _finished(send, lambda status: count(door, status), always)
        if door == "webhook":
            await webhooks[path](scope, receive, send)
        elif _too_long(header(scope, b"content-length")):
            await respond(send, 413, b'{"type":"about:blank","title":"Content Too Large","status":413,'
                          b'"detail":"The body may have 2 MB at most."}', "application/problem+json")  # fmt: skip
        else:
            await inner(scope, _limited(receive), send)

    return front


def _door(path: str, webhooks: Mapping[str, ASGIApp]) -> str:
    if path in webhooks:
        return "webhook"
    if path.startswith("/api/"):
        return "api"
    return "health" if path in ("/healthz", "/readyz", "/metrics") else "page"


def _too_long(length: str) -> bool:
    return length.isdigit() and int(length) > API_BODY_LIMIT


def _limited(receive: Receive) -> Receive:
    """A body without a length is cut off where it gets too long: the client is treated as gone."""
    size = 0

    async def limited() -> MutableMapping[str, Any]:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        return message if size <= API_BODY_LIMIT else {"type": "http.disconnect"}

    return limited


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
