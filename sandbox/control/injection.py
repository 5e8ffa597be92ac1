"""/control/raw and /control/replay: exactly these bytes to the program's webhook."""

import dataclasses
import time
from collections.abc import Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.bodies import json_response
from sandbox.control.doors import json_of, sandbox_of
from sandbox.delivery import Manner, Outcome, Parcel
from sandbox.slack import events
from sandbox.state import Sandbox
from sandbox.telegram import updates
from sandbox.whatsapp import webhooks

OLD_SECONDS = 400

Json = dict[str, Any]


async def raw(request: Request) -> Response:
    sandbox, given, platform = sandbox_of(request), await json_of(request), request.path_params["platform"]
    if platform not in MANNERS:
        return json_response({"error": "platform is telegram, slack or whatsapp"}, 404)
    body = given["text"].encode() if "text" in given else orjson.dumps(given.get("body"))
    if platform == "telegram" and not updates.webhook_url(sandbox):
        return _queued(sandbox, given.get("body"))
    how = MANNERS[platform](sandbox, given.get("signed", True))
    if not how.address():
        return json_response({"error": f"no webhook of {platform} is configured"}, 409)
    extra = {str(name): str(value) for name, value in (given.get("headers") or {}).items()}
    parcel = Parcel(platform, "raw", None, body, dataclasses.replace(how, delays=()), extra_headers=extra)
    return _said(await sandbox.delivery.send(parcel))


def _queued(sandbox: Sandbox, update: Any) -> Response:
    """A polling bot gets it with its next getUpdates; an update id is added when it has none."""
    if not isinstance(update, dict):
        return json_response({"error": "an update is a JSON object"}, 400)
    update = {"update_id": sandbox.telegram.next_update_id(), **update}
    updates.inject(sandbox, update)
    return json_response({"status": None, "queued": True, "update_id": update["update_id"]})


def _said(outcome: Outcome) -> Response:
    body = outcome.body.decode(errors="replace")
    return json_response({"status": outcome.status, "body": body, "note": outcome.note, "headers": outcome.headers})


def _telegram(sandbox: Sandbox, signed: bool | str) -> Manner:
    how = updates.manner(sandbox)

    def headers(body: bytes, attempt: int, reason: str | None) -> dict[str, str]:
        right = how.headers(body, attempt, reason)
        if signed is not True:
            right.pop("X-Telegram-Bot-Api-Secret-Token", None)
        return right | ({"X-Telegram-Bot-Api-Secret-Token": "wrong-secret"} if signed == "wrong" else {})

    return dataclasses.replace(how, headers=headers)


def _slack(sandbox: Sandbox, signed: bool | str) -> Manner:
    how = events.manner(sandbox, "events")
    secret = sandbox.settings["slack"]["signing_secret"]

    def headers(body: bytes, attempt: int, reason: str | None) -> dict[str, str]:
        stamp = int(time.time()) - (OLD_SECONDS if signed == "old" else 0)
        if not signed:
            return {"Content-Type": _content_type(body)}
        signature = events.sign("another secret" if signed == "wrong" else secret, body, stamp)
        return {
            "Content-Type": _content_type(body),
            "X-Slack-Request-Timestamp": str(stamp),
            "X-Slack-Signature": signature,
        }

    return dataclasses.replace(how, headers=headers)


def _content_type(body: bytes) -> str:
    return events.FORM if body.startswith((b"payload=", b"token=")) else "application/json"


def _whatsapp(sandbox: Sandbox, signed: bool | str) -> Manner:
    how = webhooks.manner(sandbox)
    secret = sandbox.settings["whatsapp"]["app_secret"]

    def headers(body: bytes, attempt: int, reason: str | None) -> dict[str, str]:
        signature = webhooks.sign("another secret" if signed == "wrong" else secret, body)
        return {"Content-Type": "application/json"} | ({"X-Hub-Signature-256": signature} if signed else {})

    return dataclasses.replace(how, headers=headers)


MANNERS: dict[str, Callable[[Sandbox, bool | str], Manner]] = {
    "telegram": _telegram,
    "slack": _slack,
    "whatsapp": _whatsapp,
}


async def replay(request: Request) -> Response:
    """{"seq"} of a webhook in the traffic; for a polling bot {"update_id"} is not needed: its update is queued again."""
    sandbox, given = sandbox_of(request), await json_of(request)
    entry = sandbox.traffic.find(int(given["seq"]))
    if entry is None or not isinstance(entry.sent, Parcel):
        return json_response({"error": f"no webhook {given['seq']} in the traffic"}, 404)
    parcel = dataclasses.replace(entry.sent, before=None, after=None, first=None)
    return _said(await sandbox.delivery.send(parcel))


ROUTES = [
    Route("/control/raw/{platform}", raw, methods=["POST"]),
    Route("/control/replay", replay, methods=["POST"]),
]
