"""Webhooks of the Cloud API: signed bodies with entries, changes, messages and statuses."""

import hashlib
import hmac
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import orjson

from sandbox.chats import Chat, Message
from sandbox.delivery import Manner, Parcel
from sandbox.people import Person
from sandbox.state import Sandbox
from sandbox.whatsapp.errors import in_status

DELAYS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)
TIMEOUT = 10.0

Json = dict[str, Any]


def sign(secret: str, body: bytes) -> str:
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def manner(sandbox: Sandbox) -> Manner:
    settings = sandbox.settings["whatsapp"]

    def headers(body: bytes, _attempt: int, _reason: str | None) -> dict[str, str]:
        signature = sign(settings["app_secret"], body)
        return {
            "Content-Type": "application/json",
            "X-Hub-Signature-256": signature,
            "User-Agent": "facebookexternalua",
        }

    return Manner(lambda: settings["webhook_url"], headers, DELAYS, TIMEOUT)


def envelope(sandbox: Sandbox, value: Json) -> Json:
    settings = sandbox.settings["whatsapp"]
    metadata = {
        "display_phone_number": settings["display_phone_number"],
        "phone_number_id": settings["phone_number_id"],
    }
    change = {"value": {"messaging_product": "whatsapp", "metadata": metadata, **value}, "field": "messages"}
    return {"object": "whatsapp_business_account", "entry": [{"id": settings["business_id"], "changes": [change]}]}


def merge(bodies: list[bytes]) -> bytes:
    """Several bodies as one: the first two as one change with several messages, the rest as further changes and entries."""
    parts = [orjson.loads(body) for body in bodies]
    first = parts[0]["entry"][0]
    for number, part in enumerate(parts[1:], start=1):
        change = part["entry"][0]["changes"][0]
        if number == 1:
            _join(first["changes"][0]["value"], change["value"])
        elif number % 2 == 0:
            first["changes"].append(change)
        else:
            parts[0]["entry"].append(part["entry"][0])
    return orjson.dumps(parts[0])


def _join(value: Json, other: Json) -> None:
    for name in ("contacts", "messages", "statuses"):
        if name in other:
            value[name] = [*value.get(name, []), *other[name]]


def post(sandbox: Sandbox, kind: str, chat: str, value: Json, before: Callable[[], None] | None = None) -> Parcel:
    body = orjson.dumps(envelope(sandbox, value))
    return sandbox.delivery.post(Parcel("whatsapp", kind, chat, body, manner(sandbox), before=before, merge=merge))


def contact(person: Person) -> Json:
    shown: Json = {"profile": {"name": person.name}, "user_id": person.bsuid}
    if person.username:
        shown["profile"]["username"] = person.username
    return shown if person.bsuid_only else {**shown, "wa_id": person.whatsapp_id}


def inbound(sandbox: Sandbox, person: Person, chat: Chat, message: Json) -> Parcel:
    sandbox.whatsapp.last_inbound[person.key] = sandbox.clock.now()
    sender = {} if person.bsuid_only else {"from": person.whatsapp_id}
    full = {**sender, "from_user_id": person.bsuid, **message}
    return post(sandbox, "message", chat.id, {"contacts": [contact(person)], "messages": [full]})


def status(
    sandbox: Sandbox, chat: Chat | None, recipient: str, message: Message, word: str, code: int | None = None
) -> Parcel:
    """Shows the new status to the person's page and tells the program."""
    body: Json = {
        "id": message.id,
        "status": word,
        "timestamp": str(int(sandbox.clock.now())),
        "recipient_id": recipient,
    }
    if word in ("sent", "delivered"):
        category = str(message.vendor.get("category") or "service")
        kind = "regular" if message.template else "free_customer_service"
        body["pricing"] = {
            "billable": bool(message.template),
            "pricing_model": "PMP",
            "category": category,
            "type": kind,
        }
    if code is not None:
        body["errors"] = [in_status(code)]
        message.error = {"code": code, "title": body["errors"][0]["title"]}
    if data := message.vendor.get("biz_opaque_callback_data"):
        body["biz_opaque_callback_data"] = data
    message.status = word
    if chat is not None and message.id in chat.messages:
        sandbox.chats.changed(chat, message, "status")
    return post(sandbox, f"status.{word}", recipient, {"statuses": [body]})


async def handshake(sandbox: Sandbox, token: str | None = None) -> Json:
    """Meta's GET verification: the program must echo the challenge."""
    settings = sandbox.settings["whatsapp"]
    query = {
        "hub.mode": "subscribe",
        "hub.verify_token": token or settings["verify_token"],
        "hub.challenge": "1158201444",
    }
    plain = Manner(
        lambda: f"{settings['webhook_url']}?{urlencode(query)}" if settings["webhook_url"] else None, lambda *_: {}
    )
    outcome = await sandbox.delivery.send(Parcel("whatsapp", "handshake", None, b"", plain, method="GET"))
    echoed = outcome.body.decode(errors="replace")
    return {"status": outcome.status, "body": echoed, "verified": outcome.accepted and echoed == query["hub.challenge"]}
