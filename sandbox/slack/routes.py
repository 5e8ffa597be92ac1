"""Slack's addresses and the table of its methods."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox import bodies, gate
from sandbox.gate import Answer, Call
from sandbox.rates import Rule
from sandbox.slack import chat_methods, directory, files, modals, responses
from sandbox.slack.answers import SlackRefusals, error
from sandbox.state import Sandbox

Method = Callable[[Sandbox, Call], Awaitable[Answer]]

# name -> (method, calls a minute it is granted; api.slack.com/docs/rate-limits)
TIER_2, TIER_3, TIER_4, SPECIAL = 20, 50, 100, 0
METHODS: dict[str, tuple[Method, int]] = {
    "auth.test": (directory.auth_test, SPECIAL),
    "chat.postMessage": (chat_methods.post_message, SPECIAL),
    "chat.postEphemeral": (chat_methods.post_ephemeral, TIER_4),
    "chat.update": (chat_methods.update, TIER_3),
    "chat.delete": (chat_methods.delete, TIER_3),
    "chat.getPermalink": (chat_methods.permalink, SPECIAL),
    "reactions.add": (chat_methods.add_reaction, TIER_3),
    "views.open": (modals.open_view, TIER_4),
    "views.push": (modals.push_view, TIER_4),
    "views.update": (modals.update_view, TIER_4),
    "views.publish": (modals.publish, TIER_4),
    "conversations.open": (directory.open_conversation, TIER_3),
    "conversations.info": (directory.conversation_info, TIER_3),
    "conversations.list": (directory.conversation_list, TIER_2),
    "conversations.members": (directory.conversation_members, TIER_4),
    "users.info": (directory.user_info, TIER_4),
    "users.list": (directory.user_list, TIER_2),
    "users.lookupByEmail": (directory.user_by_email, TIER_3),
    "files.getUploadURLExternal": (files.get_upload_url, TIER_4),
    "files.completeUploadExternal": (files.complete_upload, TIER_4),
    "files.info": (files.info, TIER_4),
    "apps.connections.open": (directory.no_socket_mode, SPECIAL),
}
SENDING = {"chat.postMessage", "chat.postEphemeral"}
REFUSALS = SlackRefusals()


async def method(request: Request) -> Response:
    sandbox: Sandbox = request.app.state.sandbox
    body, name = await bodies.read(request), request.path_params["method"]
    token = _token(request, body.params)
    channel = body.params.get("channel") or body.params.get("channel_id")
    call = Call(
        "slack", name, f"{request.method} /api/{name}", body.params, body.files, str(channel) if channel else None
    )
    call.sends = name in SENDING
    act, tier = METHODS.get(name, (_unknown, SPECIAL))
    refused = _refused(sandbox, token, body.malformed)
    if refused is None:
        call.rules = _rules(sandbox, name, tier, call.chat)

    async def answer() -> Answer:
        return refused or await act(sandbox, call)

    return await gate.serve(sandbox, request, call, REFUSALS, answer)


def _token(request: Request, params: dict[str, object]) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    in_body = params.pop("token", "")
    return token if scheme.lower() == "bearer" else str(in_body or "")


async def _unknown(sandbox: Sandbox, call: Call) -> Answer:
    return error("unknown_method", req_method=call.method)


def _refused(sandbox: Sandbox, token: str, malformed: bool) -> Answer | None:
    if not token:
        return error("not_authed")
    if token != sandbox.settings["slack"]["bot_token"]:
        return error("invalid_auth")
    return error("invalid_json") if malformed else None


def _rules(sandbox: Sandbox, name: str, tier: int, chat: str | None) -> list[Rule]:
    rates = sandbox.settings["slack"]["rates"]
    if not rates["enforced"]:
        return []
    if name == "chat.postMessage":
        return [Rule(f"slack:{chat}", rates["per_channel"], 1.0, int(rates["burst"]))]
    return [Rule(f"slack:{name}", tier, 60.0)] if tier and rates["tiers"] else []


async def upload(request: Request) -> Response:
    body = await bodies.read(request)
    data = next(iter(body.files.values())).data if body.files else await request.body()
    return await _beside(request, "upload", {}, lambda box: files.receive(box, request.path_params["key"], data))


async def respond(request: Request) -> Response:
    body = await bodies.read(request)
    params = body.params if "payload" not in body.params else bodies.parsed(body.params["payload"])
    key = request.path_params["key"]
    return await _beside(request, "response_url", params, lambda box: responses.respond(box, key, params))


async def download(request: Request) -> Response:
    identity, authorization = request.path_params["id"], request.headers.get("authorization", "")
    return await _beside(request, "file", {}, lambda box: files.download(box, identity, authorization))


async def _beside(request: Request, name: str, params: dict[str, Any], act: Callable[[Sandbox], Answer]) -> Response:
    """An address that is no Web API method, recorded and disturbed like one."""
    sandbox: Sandbox = request.app.state.sandbox
    call = Call("slack", name, f"{request.method} {request.url.path}", params)

    async def answer() -> Answer:
        return act(sandbox)

    return await gate.serve(sandbox, request, call, REFUSALS, answer)


ROUTES = [
    Route("/slack/api/{method}", method, methods=["GET", "POST"]),
    Route("/slack/upload/{key}", upload, methods=["POST", "PUT"]),
    Route("/slack/response/{team}/{number}/{key}", respond, methods=["POST"]),
    Route("/slack/files/{id}/{name}", download, methods=["GET"]),
]
