"""Webhook bodies (developers.facebook.com/docs/whatsapp/cloud-api/webhooks) -> what people did and what became of our
messages.

One body may hold several entries, each several changes, each several messages or statuses. Pure; raises on nonsense.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson

from channels.base import Inbound, InboundMessage, Location, MediaRef, Receipt, ReceiptState, Source
from channels.whatsapp.errors import STOPS, TABLE, again_after, holds

Payload = Mapping[str, Any]

_MEDIA = {"image": "photo", "document": "document", "audio": "audio", "video": "video", "sticker": "sticker"}
_STATES: dict[str, ReceiptState] = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}


def source(account: str, numbers: Mapping[str, str] | None = None) -> Source:
    """`numbers`: phone number id -> account, for the other numbers of the same Meta app, which share its webhook."""
    return Source("whatsapp", account, partial(decode, account, numbers or {}))


def decode(account: str, numbers: Mapping[str, str], body: bytes) -> list[Inbound]:
    payload: Payload = orjson.loads(body)
    found: list[Inbound | None] = []
    for entry in payload["entry"]:
        for change in entry["changes"]:
            if change.get("field") == "messages":
                found += _inbound(account, numbers, change["value"])
    return [item for item in found if item is not None]


def _inbound(account: str, numbers: Mapping[str, str], value: Payload) -> Iterator[Inbound | None]:
    whose = numbers.get(value.get("metadata", {}).get("phone_number_id"), account)
    contacts = value.get("contacts", ())
    for message in value.get("messages", ()):
        yield _message(whose, message, contacts)
    for status in value.get("statuses", ()):
        yield _receipt(whose, status)


def _message(account: str, message: Payload, contacts: list[Payload]) -> InboundMessage | None:
    """Reactions, deleted messages, orders, shared contacts, changed numbers and what the API cannot show say nothing
    here."""
    said = _said(message)
    if said is None:
        return None
    sender, aliases, name = _who(message, contacts)
    known = {"message_id": message["id"]} | said
    sent_at = datetime.fromtimestamp(int(message["timestamp"]), UTC)
    thread = (message.get("context") or {}).get("id")
    return InboundMessage(  # by place what every message has: it takes half the time
        "whatsapp", account, (message["id"],), sender, name, sender, True, sent_at, aliases, thread=thread, **known
    )


def _said(message: Payload) -> dict[str, Any] | None:
    """What the message carries, as fields of InboundMessage, by its type."""
    kind = message["type"]
    content: Payload = message.get(kind) or {}
    match kind:
        case "text":
            return {"text": content["body"].strip()}
        case "button":
            return {"way": "button", "text": content["text"], "command": content.get("payload") or content["text"]}
        case "interactive":
            return _chosen(content)
        case "location":
            return {"location": Location(content["latitude"], content["longitude"])}
        case "edit":
            return _edited(content)
        case _ if kind in _MEDIA:
            return {"text": content.get("caption", "").strip(), "media": (_media(_MEDIA[kind], content),)}
    return None


def _chosen(content: Payload) -> dict[str, Any] | None:
    chosen = content.get("button_reply") or content.get("list_reply")
    return {"way": "button", "text": chosen["title"], "command": chosen["id"]} if chosen else None


def _edited(content: Payload) -> dict[str, Any] | None:
    """An edit wraps the whole new message and names the one it replaces."""
    said = _said(content["message"])
    return said and said | {"edited": True, "message_id": content["original_message_id"]}


def _media(kind: str, content: Payload) -> MediaRef:
    mime = content.get("mime_type")
    plain = mime.partition(";")[0] if mime else None
    return MediaRef(kind, content["id"], plain, content.get("file_size"), content.get("filename"))


def _who(message: Payload, contacts: list[Payload]) -> tuple[str, tuple[str, ...], str]:
    """(sender, other addresses, name). The phone where Meta gives it, else the business-scoped id of a person who took
    a username; contacts[0] may be somebody else's in a batch."""
    phone, scoped = message.get("from"), message.get("from_user_id")
    contact = _contact_of(contacts, phone, scoped)
    name: str = contact.get("profile", {}).get("name", "")
    if phone and scoped is None and contact.get("wa_id", phone) == phone and "user_id" not in contact:
        return phone, (), name
    ids = dict.fromkeys((phone, contact.get("wa_id"), scoped, contact.get("user_id")))
    addresses = tuple([address for address in ids if address])
    return addresses[0], addresses[1:], name


def _contact_of(contacts: list[Payload], phone: str | None, scoped: str | None) -> Payload:
    for contact in contacts:
        if (phone and contact.get("wa_id") == phone) or (scoped and contact.get("user_id") == scoped):
            return contact
    return {}


def _receipt(account: str, status: Payload) -> Receipt | None:
    state = _STATES.get(status["status"])
    if state is None:
        return None
    error: Payload = next(iter(status.get("errors") or ()), {})
    known = TABLE.get(error.get("code", -1))
    ours = status.get("biz_opaque_callback_data") or ""
    return Receipt(
        channel="whatsapp",
        account=account,
        event_ids=(f"status:{status['id']}:{state}",),
        external_id=status["id"],
        state=state,
        at=datetime.fromtimestamp(int(status["timestamp"]), UTC),
        delivery_id=int(ours) if ours.isdigit() else None,
        code=str(error["code"]) if "code" in error else None,
        reason=known.reason if known else error.get("title"),
        unreachable=known is not None and known.meaning == "unreachable",
        window_closed=known is not None and known.meaning == "template",
        stops_lane=STOPS.get(known.meaning, 0.0) if known else 0.0,
        again_after=again_after(known) if known else None,
        holds=holds(known) if known else "delivery",
    )
