"""/control/clock: the sandbox's clock and, when it is known, the program's."""

from typing import Any

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.bodies import json_response
from sandbox.control.doors import json_of, sandbox_of

PROGRAM_TIMEOUT = 60.0


async def read(request: Request) -> Response:
    return json_response({"now": sandbox_of(request).clock.iso()})


async def advance(request: Request) -> Response:
    sandbox, given = sandbox_of(request), await json_of(request)
    seconds = float(given["advanceSeconds"])
    if seconds < 0:
        return json_response({"error": "the clock only goes forward"}, 400)
    sandbox.clock.advance(seconds)
    sandbox.changes.publish("clock")
    answer: dict[str, Any] = {"now": sandbox.clock.iso()}
    program = sandbox.settings["program"]
    if program["url"]:
        answer["program"] = await _tell(program["url"], program["token"], given)
    return json_response(answer)


async def _tell(url: str, token: str | None, body: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with httpx2.AsyncClient(trust_env=False, timeout=PROGRAM_TIMEOUT) as client:
            response = await client.post(f"{url.rstrip('/')}/api/clock", json=body, headers=headers)
    except httpx2.HTTPError as error:
        return {"status": None, "error": repr(error)}
    try:
        content = response.json()
    except ValueError:
        content = {"body": response.text[:2000]}
    return {"status": response.status_code, **(content if isinstance(content, dict) else {"body": content})}


ROUTES = [
    Route("/control/clock", read, methods=["GET"]),
    Route("/control/clock", advance, methods=["POST"]),
]
