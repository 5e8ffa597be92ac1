"""What people see, the files in it, and the record of traffic."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import views
from sandbox.bodies import json_response
from sandbox.control.doors import number, person_of, sandbox_of

LONGEST_WAIT = 120.0


async def _wait(request: Request) -> None:
    if (seconds := number(request, "wait")) > 0:
        after = int(number(request, "after") or number(request, "since"))
        changes = sandbox_of(request).changes
        await changes.wait_for_person(person_of(request).key, after, min(seconds, LONGEST_WAIT))


async def chats(request: Request) -> Response:
    await _wait(request)
    return json_response(views.chats_view(sandbox_of(request), person_of(request), int(number(request, "since"))))


async def messages(request: Request) -> Response:
    await _wait(request)
    asked = request.query_params
    since = int(max(number(request, "since"), number(request, "after")))
    sandbox = sandbox_of(request)
    found = views.messages_view(sandbox, person_of(request), asked.get("platform"), asked.get("room"), since)
    return json_response({"messages": found, "seq": sandbox.changes.seq})


async def traffic(request: Request) -> Response:
    asked = request.query_params
    directions = {"received": "in", "sent": "out", "webhook": "out"}
    direction = directions.get(asked.get("direction") or "", asked.get("direction") or None)
    after = int(number(request, "after"))
    entries = sandbox_of(request).traffic.after(after, asked.get("platform") or None, direction)
    wanted = [entry for entry in entries if asked.get("method") in (None, "", entry.method)]
    return json_response({"traffic": [entry.view() for entry in wanted], "seq": entries[-1].seq if entries else after})


async def counters(request: Request) -> Response:
    return json_response(sandbox_of(request).traffic.counters())


async def file(request: Request) -> Response:
    stored = sandbox_of(request).files.find(request.path_params["id"])
    if stored is None:
        raise HTTPException(404, "no such file")
    return Response(stored.data, media_type=stored.mime)


ROUTES = [
    Route("/control/people/{key}/chats", chats, methods=["GET"]),
    Route("/control/people/{key}/messages", messages, methods=["GET"]),
    Route("/control/traffic", traffic, methods=["GET"]),
    Route("/control/counters", counters, methods=["GET"]),
    Route("/control/files/{id}/{name}", file, methods=["GET"]),
]
