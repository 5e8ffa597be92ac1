"""The Graph addresses the Cloud API uses."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import bodies, gate
from sandbox.gate import Answer, Call
from sandbox.rates import Rule
from sandbox.state import Sandbox
from sandbox.whatsapp import media, sending
from sandbox.whatsapp.errors import WhatsAppRefusals, error

Method = Callable[[Sandbox, Call], Awaitable[Answer]]


async def _profile(sandbox: Sandbox, call: Call) -> Answer:
    profile = {"messaging_product": "whatsapp", "about": "Callboard", "vertical": "OTHER"}
    return Answer({"data": [{**profile, **sandbox.whatsapp.profile}]})


async def _set_profile(sandbox: Sandbox, call: Call) -> Answer:
    sandbox.whatsapp.profile.update(call.params)
    return Answer({"success": True})


async def _number(sandbox: Sandbox, call: Call) -> Answer:
    settings = sandbox.settings["whatsapp"]
    return Answer(
        {
            "verified_name": settings["business_name"],
            "display_phone_number": settings["display_phone_number"],
            "quality_rating": "GREEN",
            "code_verification_status": "VERIFIED",
            "throughput": {"level": "STANDARD"},
            "id": settings["phone_number_id"],
        }
    )


OF_NUMBER: dict[tuple[str, str], tuple[str, Method]] = {
    ("POST", "messages"): ("messages", sending.send),
    ("POST", "media"): ("media", media.upload),
    ("GET", "whatsapp_business_profile"): ("profile", _profile),
    ("POST", "whatsapp_business_profile"): ("profile", _set_profile),
}
OF_OBJECT: dict[str, tuple[str, Method]] = {
    "GET": ("media_url", media.describe),
    "DELETE": ("media_delete", media.forget),
}


async def number_edge(request: Request) -> Response:
    """/{version}/{phone_number_id}/{edge}"""
    sandbox: Sandbox = request.app.state.sandbox
    number, edge = request.path_params["id"], request.path_params["edge"]
    name, act = OF_NUMBER.get((request.method, edge), (edge, None))
    body = await bodies.read(request)
    call = Call("whatsapp", name, f"{request.method} {request.url.path}", body.params, body.files)
    if name == "messages" and body.params.get("status") != "read":
        call.sends, call.chat = True, sending.address(body.params.get("to") or body.params.get("recipient"))
    refused = _refused(sandbox, request, number, body.malformed) or (None if act else media.no_such_object(edge))
    return await _through(request, sandbox, call, refused, act or _number)


async def object_node(request: Request) -> Response:
    """/{version}/{media_id or phone_number_id}"""
    sandbox: Sandbox = request.app.state.sandbox
    identity = request.path_params["id"]
    name, act = OF_OBJECT[request.method]
    if request.method == "GET" and identity == sandbox.settings["whatsapp"]["phone_number_id"]:
        name, act = "phone_number", _number
    call = Call("whatsapp", name, f"{request.method} {request.url.path}", {"id": identity})
    refused = _refused(sandbox, request, sandbox.settings["whatsapp"]["phone_number_id"], False)
    return await _through(request, sandbox, call, refused, act)


async def _through(request: Request, sandbox: Sandbox, call: Call, refused: Answer | None, act: Method) -> Response:
    refusals = WhatsAppRefusals()
    if call.sends and refused is None and sandbox.settings["whatsapp"]["rates"]["enforced"]:
        pair = _pair(sandbox, call)
        call.rules = [Rule("whatsapp", sandbox.settings["whatsapp"]["rates"]["overall"], 1.0), pair]
        if sandbox.rates.would_wait(pair):
            refusals = WhatsAppRefusals(131056)

    async def answer() -> Answer:
        return refused or await act(sandbox, call)

    return await gate.serve(sandbox, request, call, refusals, answer)


def _pair(sandbox: Sandbox, call: Call) -> Rule:
    rates = sandbox.settings["whatsapp"]["rates"]
    return Rule(f"whatsapp:{call.chat}", 1, rates["pair_every"], int(rates["pair_burst"]))


def _refused(sandbox: Sandbox, request: Request, number: str, malformed: bool) -> Answer | None:
    settings = sandbox.settings["whatsapp"]
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token if scheme.lower() == "bearer" else request.query_params.get("access_token", "")
    if token != settings["access_token"]:
        return error(190 if token else 0)
    if number != settings["phone_number_id"]:
        return media.no_such_object(number)
    return error(100, "The request body is not a JSON object") if malformed else None


async def download(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    call = Call("whatsapp", "download", f"GET {request.url.path}", {"id": request.path_params["id"]})
    bearer = f"Bearer {sandbox.settings['whatsapp']['access_token']}"
    refused = None if request.headers.get("authorization") == bearer else Answer(b"", 401, "unauthorized")
    return await _through(request, sandbox, call, refused, media.download)


ROUTES = [
    Route("/whatsapp/media/{id}", download, methods=["GET"]),
    Route("/whatsapp/{version}/{id}/{edge}", number_edge, methods=["GET", "POST"]),
    Route("/whatsapp/{version}/{id}", object_node, methods=["GET", "DELETE"]),
]
