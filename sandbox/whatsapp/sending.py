"""POST messages: accepted, shown to the person, and followed by statuses."""

import asyncio
import secrets
from typing import Any

from sandbox.chats import BOT, Button, Chat, Message
from sandbox.gate import Answer, Call
from sandbox.people import Person
from sandbox.state import DAY, Sandbox
from sandbox.whatsapp import checks, templates, webhooks
from sandbox.whatsapp.errors import in_status, refuse

STATUS_DELAY = 0.02

Json = dict[str, Any]


def address(value: object) -> str:
    """Digits of a number, or a business-scoped user id as it is."""
    text = str(value or "")
    return text if "." in text else "".join(filter(str.isdigit, text))


def chat_of(sandbox: Sandbox, person: Person) -> Chat:
    found = sandbox.chats.find("whatsapp", person.whatsapp_id)
    if found and found.members == [person.key]:
        return found
    name = str(sandbox.settings["whatsapp"]["business_name"])
    return sandbox.chats.open("whatsapp", person.whatsapp_id, name, True, [person.key])


async def send(sandbox: Sandbox, call: Call) -> Answer:
    message = call.params
    if message.get("status") == "read":
        return _mark_read(sandbox, message)
    kind = checks.check(message)
    to = address(message.get("to") or message.get("recipient"))
    if not to:
        raise refuse(100, "The parameter to is required.")
    allowed = sandbox.settings["whatsapp"]["allowed_numbers"]
    if allowed is not None and to not in {address(number) for number in allowed}:
        raise refuse(131030, "Recipient phone number not in allowed list: Add recipient phone number to recipient list")
    if to == sandbox.settings["whatsapp"]["display_phone_number"]:
        raise refuse(131021, "Sender and recipient phone number is same")
    person = sandbox.people.at("whatsapp", to)
    sent = _made(sandbox, person, kind, message)
    if failure := _failure(sandbox, person, kind):
        _refuse_directly(sandbox, failure)
    if person is not None and failure is None:
        _show(sandbox, person, message, kind, sent)
    _follow_up(sandbox, person, to, sent, failure)
    return _accepted(message, to, person, sent)


def _accepted(message: Json, to: str, person: Person | None, sent: Message) -> Answer:
    contact: Json = {"input": str(message.get("to") or message.get("recipient")), "wa_id": to}
    if person is not None:
        contact["user_id"] = person.bsuid
        if "." in to:
            contact.pop("wa_id")
    made = {"id": sent.id} | ({"message_status": "accepted"} if sent.template else {})
    return Answer({"messaging_product": "whatsapp", "contacts": [contact], "messages": [made]})


def _made(sandbox: Sandbox, person: Person | None, kind: str, message: Json) -> Message:
    identity = f"wamid.HBg{secrets.token_urlsafe(24)}"
    name = str(sandbox.settings["whatsapp"]["business_name"])
    sent = Message(identity, sandbox.clock.now(), BOT, name, vendor=dict(message), status="accepted")
    if kind == "template":
        template, sent.text, sent.buttons = templates.fill(sandbox, message)
        sent.template, sent.vendor["category"] = template.name, template.category.lower()
    elif message.get("type") == "interactive":
        _fill_interactive(sent, kind, message["interactive"])
    elif kind == "text":
        sent.text = message["text"]["body"]
    elif kind == "location":
        sent.location = {**message["location"]}
    elif kind in ("image", "document", "audio", "video"):
        _fill_media(sandbox, sent, kind, message[kind])
    return sent


def _fill_interactive(sent: Message, kind: str, interactive: Json) -> None:
    parts = [(interactive.get(name) or {}).get("text") for name in ("header", "body", "footer")]
    sent.text = "\n".join(part for part in parts if part)
    action = interactive["action"]
    if kind == "button":
        replies = [button["reply"] for button in action["buttons"]]
        sent.buttons = [Button(reply["title"], reply["id"], "reply", row) for row, reply in enumerate(replies)]
    elif kind == "list":
        rows = [row for section in action["sections"] for row in section["rows"]]
        sent.buttons = [
            Button(row["title"], row["id"], "list", number, {"description": row.get("description")})
            for number, row in enumerate(rows)
        ]
    elif kind == "location_request_message":
        sent.buttons = [Button("Send location", "send_location", "location", 0)]
    else:
        link = action["parameters"]
        sent.buttons = [Button(link["display_text"], link["url"], "url", 0, {"url": link["url"]})]


def _fill_media(sandbox: Sandbox, sent: Message, kind: str, part: Json) -> None:
    sent.text = str(part.get("caption") or "")
    url = str(part.get("link") or "")
    if identity := part.get("id"):
        media = sandbox.whatsapp.media.get(str(identity))
        stored = sandbox.files.find(media.file_id) if media else None
        if stored is None:
            raise refuse(100, f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID")
        url = stored.url
    field = {"image": "photo", "audio": "voice"}.get(kind, "document")
    setattr(sent, field, url)


def _failure(sandbox: Sandbox, person: Person | None, kind: str) -> int | None:
    if person is None or not person.whatsapp_on:
        return 131026
    last = sandbox.whatsapp.last_inbound.get(person.key)
    open_window = last is not None and sandbox.clock.now() - last < DAY
    return None if kind == "template" or open_window else 131047


def _refuse_directly(sandbox: Sandbox, code: int) -> None:
    settings = sandbox.settings["whatsapp"]
    if code in settings["direct_errors"] or (code == 131047 and settings["window_errors"] == "direct"):
        raise refuse(code, in_status(code)["error_data"]["details"])


def _show(sandbox: Sandbox, person: Person, message: Json, kind: str, sent: Message) -> None:
    chat = chat_of(sandbox, person)
    quoted = (message.get("context") or {}).get("message_id")
    sent.quoted = quoted if quoted in chat.messages else None
    if kind == "reaction":
        target = chat.messages.get(str(message["reaction"].get("message_id")))
        if target is None:
            raise refuse(131009, "reaction.message_id is not a known message")
        emoji = message["reaction"].get("emoji")
        target.reactions = {emoji: [BOT]} if emoji else {}
        sandbox.chats.changed(chat, target, "reaction")
        return
    sandbox.chats.add(chat, sent)


def _follow_up(sandbox: Sandbox, person: Person | None, to: str, sent: Message, failure: int | None) -> None:
    """Statuses come a moment after the answer, as from the real platform."""
    chat, life = chat_of(sandbox, person) if person else None, sandbox.whatsapp

    def tell() -> None:
        if sandbox.whatsapp is not life:
            return  # everything was forgotten meanwhile
        if failure is not None:
            webhooks.status(sandbox, chat, to, sent, "failed", failure)
        elif sandbox.settings["whatsapp"]["statuses"] == "auto":
            webhooks.status(sandbox, chat, to, sent, "sent")
            webhooks.status(sandbox, chat, to, sent, "delivered")

    asyncio.get_running_loop().call_later(STATUS_DELAY, tell)


def _mark_read(sandbox: Sandbox, message: Json) -> Answer:
    identity = str(message.get("message_id") or "")
    person = sandbox.people.by_key.get(sandbox.whatsapp.writers.get(identity, ""))
    chat = chat_of(sandbox, person) if person else None
    if chat is None or identity not in chat.messages:
        raise refuse(131009, "Message ID is not valid")
    chat.messages[identity].status = "read"
    sandbox.chats.changed(chat, chat.messages[identity], "status")
    return Answer({"success": True})
