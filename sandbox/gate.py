"""The way of every request to a stand-in: record, fault, rate limit, method, answer."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sandbox.bodies import Upload
from sandbox.faults import Fault
from sandbox.rates import Rule
from sandbox.state import Sandbox
from sandbox.traffic import Entry

BAD_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n"
)


@dataclass(frozen=True)
class Answer:
    """What the client gets; `outcome` is the word under which it is counted."""

    body: Any
    status: int = 200
    outcome: str = "ok"
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json; charset=utf-8"


class Refused(Exception):
    """A method's refusal, already in the vendor's own words."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.outcome)
        self.answer = answer


@dataclass
class Call:
    """One request: `chat` is its addressee as the vendor writes it, `sends` whether it makes a message."""

    platform: str
    method: str
    path: str
    params: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)
    chat: str | None = None
    sends: bool = False
    rules: list[Rule] = field(default_factory=list)


class Refusals(Protocol):
    """How a vendor words the two refusals that can be ordered for any call."""

    def too_many(self, seconds: float) -> Answer: ...
    def failed(self, code: int | str | None, description: str | None) -> Answer: ...


Act = Callable[[], Awaitable[Answer]]


class CutError(Exception):
    """The connection cannot be cut, because the server does not show its transport."""


async def serve(sandbox: Sandbox, request: Request, call: Call, refusals: Refusals, act: Act) -> Response:
    sandbox.base_url = str(request.base_url).rstrip("/")
    entry = sandbox.traffic.open(
        sandbox.clock.iso(),
        "in",
        call.platform,
        call.method,
        call.path,
        chat=call.chat,
        body=call.params,
        sends=call.sends,
    )
    fault = sandbox.faults.on_call(call.platform, call.method, call.chat)
    if fault is None:
        return _respond(sandbox, entry, await _limited(sandbox, call, refusals, act))
    entry.fault = fault.kind
    return await _faulty(sandbox, request, call, refusals, act, entry, fault)


async def _limited(sandbox: Sandbox, call: Call, refusals: Refusals, act: Act) -> Answer:
    if (wait := sandbox.rates.ask(call.rules, time.monotonic())) > 0:
        return refusals.too_many(wait)
    try:
        return await act()
    except Refused as refusal:
        return refusal.answer


async def _faulty(
    sandbox: Sandbox, request: Request, call: Call, refusals: Refusals, act: Act, entry: Entry, fault: Fault
) -> Response:
    if fault.kind in ("hang", "drop_before"):
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
        return _cut(sandbox, request, entry, fault)
    if fault.kind in ("rate_limit", "error", "html_502", "garbage"):
        await asyncio.sleep(fault.pause)
        return _respond(sandbox, entry, _ordered(refusals, fault))
    answer = await _limited(sandbox, call, refusals, act)
    if fault.kind == "drop_after":
        return _cut(sandbox, request, entry, fault)
    if fault.kind == "drip":
        whole = _respond(sandbox, entry, answer)
        return StreamingResponse(_dripping(bytes(whole.body), fault.seconds), whole.status_code, whole.headers)
    if fault.kind == "mangled":
        return _respond(sandbox, entry, replace(answer, headers=answer.headers | {"Content-Encoding": "gzip"}))
    await asyncio.sleep(fault.seconds)
    return _respond(sandbox, entry, answer)


async def _dripping(content: bytes, seconds: float) -> AsyncIterator[bytes]:
    for place in range(len(content)):
        yield content[place : place + 1]
        await asyncio.sleep(seconds)


def _ordered(refusals: Refusals, fault: Fault) -> Answer:
    if fault.kind == "rate_limit":
        return refusals.too_many(fault.retry_after)
    if fault.kind == "error":
        return refusals.failed(fault.code, fault.description)
    if fault.kind == "html_502":
        return Answer(BAD_GATEWAY, 502, "html_502", media_type="text/html")
    return Answer(b'{"ok":', 200, "garbage", media_type="text/html; charset=utf-8")


def _respond(sandbox: Sandbox, entry: Entry, answer: Answer) -> Response:
    sandbox.traffic.close(entry, answer.status, answer.outcome, answer.body)
    content = answer.body if isinstance(answer.body, bytes) else orjson.dumps(answer.body)
    return Response(content, answer.status, answer.headers, answer.media_type)


def _cut(sandbox: Sandbox, request: Request, entry: Entry, fault: Fault) -> Response:
    """Uvicorn's receive is bound to the object that holds the connection; there is no public way to close it unanswered."""
    sandbox.traffic.close(entry, None, fault.kind)
    transport = getattr(getattr(request.receive, "__self__", None), "transport", None)
    if transport is None:
        raise CutError(fault.kind)
    transport.abort()
    return Response(status_code=499)
