"""/control/events: server-sent events, one for each change."""

from collections.abc import AsyncIterator
from dataclasses import asdict

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sandbox.control.doors import number, sandbox_of
from sandbox.state import Sandbox

HEARTBEAT_SECONDS = 15.0


async def events(request: Request) -> Response:
    sandbox = sandbox_of(request)
    after = int(request.headers.get("last-event-id") or number(request, "after", sandbox.changes.seq))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_lines(sandbox, after), media_type="text/event-stream", headers=headers)


async def _lines(sandbox: Sandbox, after: int) -> AsyncIterator[bytes]:
    yield b": connected\n\n"
    while not sandbox.changes.closed:
        fresh = sandbox.changes.after(after)
        for change in fresh:
            after = change.seq
            line = {**asdict(change), "person": change.people[0] if len(change.people) == 1 else None}
            yield b"id: %d\ndata: %s\n\n" % (change.seq, orjson.dumps(line))
        if not fresh and not await sandbox.changes.next(HEARTBEAT_SECONDS):
            yield b": still here\n\n"


ROUTES = [Route("/control/events", events, methods=["GET"])]
