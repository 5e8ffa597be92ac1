"""/control/templates, and what a platform's console does by hand: handshakes and single statuses."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.bodies import json_response
from sandbox.control.doors import json_of, sandbox_of
from sandbox.whatsapp import templates, webhooks

STATUSES = ("sent", "delivered", "read", "failed")


async def put_template(request: Request) -> Response:
    name, language = request.path_params["name"], request.path_params["language"]
    try:
        template = templates.register(sandbox_of(request), name, language, await json_of(request))
    except templates.BadTemplate as error:
        return json_response({"error": str(error)}, 400)
    return json_response(asdict(template))


async def read_templates(request: Request) -> Response:
    return json_response({"templates": [asdict(each) for each in sandbox_of(request).whatsapp.templates.values()]})


async def remove_template(request: Request) -> Response:
    known = sandbox_of(request).whatsapp.templates
    gone = known.pop((request.path_params["name"], request.path_params["language"]), None)
    return json_response({"ok": gone is not None}, 200 if gone else 404)


async def put_status(request: Request) -> Response:
    """{"status", "code"?} for one WhatsApp message; what `statuses: manual` leaves to the test."""
    sandbox, given = sandbox_of(request), await json_of(request)
    word, identity = given.get("status"), request.path_params["id"]
    if word not in STATUSES:
        return json_response({"error": f"status is one of {', '.join(STATUSES)}"}, 400)
    for person in sandbox.people.by_key.values():
        chat = sandbox.chats.find("whatsapp", person.whatsapp_id)
        if chat and identity in chat.messages:
            code = int(given.get("code") or 131000) if word == "failed" else None
            parcel = webhooks.status(sandbox, chat, chat.id, chat.messages[identity], word, code)
            outcome = await parcel.outcome()
            return json_response({"status": outcome.status, "note": outcome.note})
    return json_response({"error": f"no message {identity}"}, 404)


async def handshake(request: Request) -> Response:
    """Meta's GET verification of the webhook; {"token"} tries another verify token."""
    given = await json_of(request)
    return json_response(await webhooks.handshake(sandbox_of(request), given.get("token")))


ROUTES = [
    Route("/control/templates", read_templates, methods=["GET"]),
    Route("/control/templates/{name}/{language}", put_template, methods=["PUT"]),
    Route("/control/templates/{name}/{language}", remove_template, methods=["DELETE"]),
    Route("/control/whatsapp/statuses/{id}", put_status, methods=["POST"]),
    Route("/control/whatsapp/handshake", handshake, methods=["POST"]),
]
