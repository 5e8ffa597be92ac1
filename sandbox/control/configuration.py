"""/control/reset and /control/config."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import config
from sandbox.bodies import json_response
from sandbox.control.doors import json_of, sandbox_of
from sandbox.telegram import updates


async def reset(request: Request) -> Response:
    await sandbox_of(request).reset()
    return json_response({"ok": True})


async def read(request: Request) -> Response:
    return json_response(sandbox_of(request).settings)


async def change(request: Request) -> Response:
    sandbox = sandbox_of(request)
    try:
        config.merge(sandbox.settings, await json_of(request))
    except config.UnknownSetting as unknown:
        return json_response({"error": f"there is no setting {unknown}"}, 400)
    updates.flush(sandbox)
    return json_response(sandbox.settings)


ROUTES = [
    Route("/control/reset", reset, methods=["POST"]),
    Route("/control/config", read, methods=["GET"]),
    Route("/control/config", change, methods=["PUT"]),
]
