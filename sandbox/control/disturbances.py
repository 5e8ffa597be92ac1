"""/control/faults."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.bodies import json_response
from sandbox.control.doors import json_of, sandbox_of
from sandbox.faults import BadFault


async def add(request: Request) -> Response:
    try:
        fault = sandbox_of(request).faults.add(await json_of(request))
    except BadFault as error:
        return json_response({"error": str(error)}, 400)
    return json_response(fault.view(), 201)


async def read(request: Request) -> Response:
    return json_response({"faults": [fault.view() for fault in sandbox_of(request).faults.all()]})


async def remove(request: Request) -> Response:
    sandbox_of(request).faults.remove(request.path_params.get("id"))
    return json_response({"ok": True})


ROUTES = [
    Route("/control/faults", add, methods=["POST"]),
    Route("/control/faults", read, methods=["GET"]),
    Route("/control/faults", remove, methods=["DELETE"]),
    Route("/control/faults/{id:int}", remove, methods=["DELETE"]),
]
