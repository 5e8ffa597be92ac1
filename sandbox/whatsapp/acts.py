"""What a person does in WhatsApp, and the webhook it makes."""

import secrets
from typing import Any

from sandbox.acting import Act, CannotAct, Done, Given, file_bytes, find_button, photo_bytes, visible
from sandbox.bodies import Upload
from sandbox.chats import BOT, Button, Chat, Message
from sandbox.people import Person
from sandbox.state import Sandbox
from sandbox.whatsapp import media, webhooks
from sandbox.whatsapp.sending import chat_of

Json = dict[str, Any]


def write(sandbox: Sandbox, person: Person, given: Given, kind: str, part: Json, **seen: Any) -> Done:
    """A new message of the person, shown and told to the program."""
    if not person.whatsapp_on:
        raise CannotAct(f"{person.key} is not on WhatsApp", 409)
    chat = chat_of(sandbox, person)
    identity = f"wamid.HBgI{secrets.token_urlsafe(24)}"
    body: Json = {"id": identity, "timestamp": str(int(sandbox.clock.now())), "type": kind, kind: part}
    quoted = chat.messages.get(given.optional("reply_to") or "")
    if quoted:
        body["context"] = _context(sandbox, person, quoted)
    message = Message(identity, sandbox.clock.now(), person.key, person.name, vendor=body, **seen)
    message.quoted = quoted.id if quoted else None
    sandbox.whatsapp.writers[identity] = person.key
    sandbox.chats.add(chat, message)
    return _told(sandbox, person, chat, body)


def _context(sandbox: Sandbox, person: Person, quoted: Message) -> Json:
    ours = quoted.sender == BOT
    return {
        "from": sandbox.settings["whatsapp"]["display_phone_number"] if ours else person.whatsapp_id,
        "id": quoted.id,
    }


def _told(sandbox: Sandbox, person: Person, chat: Chat, body: Json) -> Done:
    delivery = webhooks.inbound(sandbox, person, chat, body)
    return Done({"kind": body["type"], "chat": chat.id, "message_id": body["id"]}, [delivery])


async def say(sandbox: Sandbox, person: Person, given: Given) -> Done:
    text = given.text("text")
    return write(sandbox, person, given, "text", {"body": text}, text=text)


async def press(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat = chat_of(sandbox, person)
    seen = visible([chat], person, given.optional("message_id"))
    _, message, button = find_button(seen, given.optional("label"), given.optional("data"))
    if button.kind == "url":
        return Done({"kind": "url", "url": button.data, "chat": chat.id, "message_id": message.id})
    reply = Given({**given.body, "reply_to": message.id})
    if button.kind == "location":
        return await location(sandbox, person, Given({"latitude": 41.31, "longitude": 69.28, **reply.body}))
    kind, part = _answer(button)
    done = write(sandbox, person, reply, kind, part, text=button.label)
    return Done({**done.event, "label": button.label, "pressed": message.id}, done.deliveries)


def _answer(button: Button) -> tuple[str, Json]:
    if button.kind == "template":
        return "button", {"payload": button.data, "text": button.label}
    chosen: Json = {"id": button.data, "title": button.label}
    if button.kind == "list":
        if button.more.get("description"):
            chosen["description"] = button.more["description"]
        return "interactive", {"type": "list_reply", "list_reply": chosen}
    return "interactive", {"type": "button_reply", "button_reply": chosen}


async def location(sandbox: Sandbox, person: Person, given: Given) -> Done:
    place: Json = {"latitude": float(given.body["latitude"]), "longitude": float(given.body["longitude"])}
    place |= {name: given.body[name] for name in ("name", "address") if given.body.get(name)}
    if given.body.get("live"):
        raise CannotAct("the Cloud API carries no live locations")
    return write(sandbox, person, given, "location", place, location=place)


async def photo(sandbox: Sandbox, person: Person, given: Given) -> Done:
    caption, parts = given.optional("caption"), []
    for number in range(1, int(given.body.get("album") or 1) + 1):
        upload = photo_bytes(given, f"{person.name}: {caption or 'photo'}", number)
        words = {"caption": caption} if caption and number == 1 else {}
        parts.append(_file(sandbox, person, given, "image", upload, words))
    event = {**parts[0].event, "message_ids": [part.event["message_id"] for part in parts]}
    return Done(event, [delivery for part in parts for delivery in part.deliveries])


async def document(sandbox: Sandbox, person: Person, given: Given) -> Done:
    upload = file_bytes(given, "report.txt", "text/plain", b"A short report.\n")
    words = {"filename": upload.name} | ({"caption": caption} if (caption := given.optional("caption")) else {})
    return _file(sandbox, person, given, "document", upload, words)


async def voice(sandbox: Sandbox, person: Person, given: Given) -> Done:
    upload = file_bytes(given, "voice.ogg", "audio/ogg; codecs=opus", b"OggS" + bytes(64))
    return _file(sandbox, person, given, "audio", upload, {"voice": True})


def _file(sandbox: Sandbox, person: Person, given: Given, kind: str, upload: Upload, words: Json) -> Done:
    mime = upload.mime or "application/octet-stream"
    identity = media.keep(sandbox, upload.data, upload.name, mime)
    stored = sandbox.files.find(sandbox.whatsapp.media[identity].file_id)
    if stored is None:
        raise CannotAct("the file was not kept", 500)
    part = {"id": identity, "mime_type": mime, "sha256": stored.sha256, **words}
    field = {"image": "photo", "audio": "voice"}.get(kind, "document")
    return write(sandbox, person, given, kind, part, text=words.get("caption", ""), **{field: stored.url})


async def edit(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, text = chat_of(sandbox, person), given.text("text")
    message = chat.messages.get(given.optional("message_id") or "")
    if message is None or message.sender != person.key:
        raise CannotAct("not a message of theirs", 404)
    message.text, message.edited = text, True
    sandbox.chats.changed(chat, message)
    edited = {"original_message_id": message.id, "message": {"type": "text", "text": {"body": text}}}
    now = str(int(sandbox.clock.now()))
    body = {"id": f"wamid.HBgE{secrets.token_urlsafe(24)}", "timestamp": now, "type": "edit", "edit": edited}
    return _told(sandbox, person, chat, body)


async def read(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat = chat_of(sandbox, person)
    unread = [m for m in chat.messages.values() if m.sender == BOT and m.status in ("accepted", "sent", "delivered")]
    deliveries = [webhooks.status(sandbox, chat, person.whatsapp_id, message, "read") for message in unread]
    return Done({"kind": "read", "chat": chat.id, "message_ids": [message.id for message in unread]}, deliveries)


async def react(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, emoji = chat_of(sandbox, person), given.optional("emoji")
    found = next(visible([chat], person, given.optional("message_id")), None)
    if found is None:
        raise CannotAct("no message to react to", 404)
    found[1].reactions = {emoji: [person.key]} if emoji else {}
    sandbox.chats.changed(chat, found[1], "reaction")
    reaction = {"message_id": found[1].id} | ({"emoji": emoji} if emoji else {})
    now = str(int(sandbox.clock.now()))
    body = {"id": f"wamid.HBgR{secrets.token_urlsafe(24)}", "timestamp": now, "type": "reaction", "reaction": reaction}
    return _told(sandbox, person, chat, body)


async def block(sandbox: Sandbox, person: Person, given: Given) -> Done:
    """A blocked business learns nothing; its messages stop at sent, which this stand-in words as undeliverable."""
    person.whatsapp_on = False
    return Done({"kind": "block"})


async def unblock(sandbox: Sandbox, person: Person, given: Given) -> Done:
    person.whatsapp_on = True
    return Done({"kind": "unblock"})


ACTS: dict[str, Act] = {
    "say": say,
    "press": press,
    "location": location,
    "photo": photo,
    "document": document,
    "voice": voice,
    "edit": edit,
    "read": read,
    "react": react,
    "block": block,
    "unblock": unblock,
}
