"""What a person does in Telegram, and the update it makes."""

import secrets
from typing import Any

from sandbox.acting import Act, CannotAct, Done, Given, file_bytes, find_button, photo_bytes, room_of, visible
from sandbox.chats import BOT, Chat, Message
from sandbox.delivery import Parcel
from sandbox.people import Person
from sandbox.state import Sandbox
from sandbox.telegram import html, shapes, updates
from sandbox.telegram.state import Pressed

Json = dict[str, Any]


def chat_of(sandbox: Sandbox, person: Person, given: Given) -> Chat:
    if room := given.optional("room"):
        return room_of(sandbox, "telegram", person, sandbox.telegram.migrated.get(room, room))
    return shapes.private_chat(sandbox, person)


def write(sandbox: Sandbox, person: Person, chat: Chat, given: Given, fields: Json, **seen: Any) -> Done:
    """A new message of the person, shown and told to the bot."""
    vendor = {**shapes.base(sandbox, chat, shapes.user(person)), **fields}
    quoted = chat.messages.get(given.optional("reply_to") or "")
    if quoted:
        vendor["reply_to_message"] = shapes.quoted(quoted)
    identity = str(vendor["message_id"])
    message = Message(identity, sandbox.clock.now(), person.key, person.name, vendor=vendor, **seen)
    message.quoted = quoted.id if quoted else None
    sandbox.chats.add(chat, message)
    if not chat.private and sandbox.settings["telegram"]["privacy"] and not _meant_for_bot(fields, quoted):
        return Done({"kind": "message", "chat": chat.id, "message_id": identity, "hidden": "privacy mode"})
    return told(sandbox, "message", vendor, chat, identity)


def _meant_for_bot(fields: Json, quoted: Message | None) -> bool:
    return str(fields.get("text", "")).startswith("/") or (quoted is not None and quoted.sender == BOT)


def told(sandbox: Sandbox, kind: str, payload: Any, chat: Chat, message_id: str, **event: Any) -> Done:
    delivery: Parcel | None = updates.push(sandbox, kind, payload, chat.id)
    update_id = sandbox.telegram.last_update_id
    facts = {"kind": kind, "chat": chat.id, "message_id": message_id, "update_id": update_id, **event}
    return Done(facts, [delivery] if delivery else [])


async def say(sandbox: Sandbox, person: Person, given: Given) -> Done:
    text, chat = given.text("text"), chat_of(sandbox, person, given)
    if given.body.get("mention"):
        text = f"@{sandbox.settings['telegram']['username']} {text}"
    entities = list(given.body.get("entities") or []) or _found_entities(text)
    if html.utf16(text) > 4096:
        raise CannotAct("a Telegram message has at most 4096 characters")
    fields = {"text": text} | ({"entities": entities} if entities else {})
    _start_if_private(person, chat)
    return write(sandbox, person, chat, given, fields, text=text)


def _start_if_private(person: Person, chat: Chat) -> None:
    if chat.private:
        if person.blocked_telegram:
            raise CannotAct(f"{person.key} has blocked the bot; unblock first", 409)
        person.started = True


def _found_entities(text: str) -> list[Json]:
    """Commands and mentions, which Telegram marks by itself."""
    found, offset = [], 0
    for word in text.split(" "):
        kind = "bot_command" if word.startswith("/") and len(word) > 1 else "mention" if len(word) > 1 else ""
        if kind == "bot_command" or (kind and word.startswith("@")):
            found.append({"type": kind, "offset": offset, "length": html.utf16(word)})
        offset += html.utf16(word) + 1
    return found


async def start(sandbox: Sandbox, person: Person, given: Given) -> Done:
    payload = given.optional("payload")
    given.body["text"] = f"/start {payload}" if payload else "/start"
    person.blocked_telegram = False
    return await say(sandbox, person, given)


async def press(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chats = [chat_of(sandbox, person, given)] if given.optional("room") else _own_chats(sandbox, person)
    seen = visible(chats, person, given.optional("message_id"))
    chat, message, button = find_button(seen, given.optional("label"), given.optional("data"))
    if button.kind == "url":
        return Done({"kind": "url", "url": button.data, "chat": chat.id, "message_id": message.id})
    if button.kind == "location":
        return await location(sandbox, person, Given({"latitude": 41.31, "longitude": 69.28, **given.body}))
    if button.kind == "text":
        return await say(sandbox, person, Given({"text": button.label, "room": None if chat.private else chat.id}))
    query_id = str(secrets.randbits(60))
    sandbox.telegram.pressed[query_id] = Pressed(person.key, chat.id, sandbox.clock.now())
    query = {
        "id": query_id,
        "from": shapes.user(person),
        "message": message.vendor,
        "chat_instance": str(-int(chat.id) * 7919),
        "data": button.data,
    }
    return told(sandbox, "callback_query", query, chat, message.id, callback_query_id=query_id, label=button.label)


def _own_chats(sandbox: Sandbox, person: Person) -> list[Chat]:
    shapes.private_chat(sandbox, person)
    return [chat for chat in sandbox.chats.of(person.key) if chat.platform == "telegram"]


async def location(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat = chat_of(sandbox, person, given)
    if message_id := given.optional("message_id"):
        return _move(sandbox, chat, message_id, given)
    place = {"latitude": float(given.body["latitude"]), "longitude": float(given.body["longitude"])}
    if live := given.body.get("live"):
        place["live_period"] = int(live)
    _start_if_private(person, chat)
    return write(sandbox, person, chat, given, {"location": place}, location=place)


def _move(sandbox: Sandbox, chat: Chat, message_id: str, given: Given) -> Done:
    message = chat.messages.get(message_id)
    if message is None or "location" not in message.vendor:
        raise CannotAct(f"no location {message_id}", 404)
    place = {**message.vendor["location"]}
    place |= {name: float(given.body[name]) for name in ("latitude", "longitude") if name in given.body}
    if given.body.get("stop"):
        place.pop("live_period", None)
    return _edited(sandbox, chat, message, {"location": place}, location=place)


def _edited(sandbox: Sandbox, chat: Chat, message: Message, fields: Json, **seen: Any) -> Done:
    message.vendor = {**message.vendor, **fields, "edit_date": int(sandbox.clock.now())}
    for name, value in seen.items():
        setattr(message, name, value)
    message.edited = True
    sandbox.chats.changed(chat, message)
    return told(sandbox, "edited_message", message.vendor, chat, message.id)


async def edit(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, text = chat_of(sandbox, person, given), given.text("text")
    message = chat.messages.get(given.optional("message_id") or "")
    if message is None or message.sender != person.key:
        raise CannotAct("not a message of theirs", 404)
    return _edited(sandbox, chat, message, {"text": text, "entities": _found_entities(text)}, text=text)


async def photo(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, count = chat_of(sandbox, person, given), int(given.body.get("album") or 1)
    _start_if_private(person, chat)
    group = {"media_group_id": str(secrets.randbits(50))} if count > 1 else {}
    caption, parts = given.optional("caption"), []
    for number in range(1, count + 1):
        upload = photo_bytes(given, f"{person.name}: {caption or 'photo'}", number)
        stored = sandbox.files.keep(upload.data, upload.name, "image/jpeg", "AgAC")
        words = {"caption": caption} if caption and number == 1 else {}
        fields = {"photo": shapes.photo_sizes(sandbox, stored), **words, **group}
        parts.append(write(sandbox, person, chat, given, fields, text=words.get("caption", ""), photo=stored.url))
    event = {**parts[0].event, "message_ids": [part.event["message_id"] for part in parts], **group}
    return Done(event, [delivery for part in parts for delivery in part.deliveries])


async def document(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, upload = chat_of(sandbox, person, given), file_bytes(given, "report.txt", "text/plain", b"A short report.\n")
    stored = sandbox.files.keep(upload.data, upload.name, upload.mime, "BQAC")
    caption = given.optional("caption")
    fields = {"document": shapes.document_object(stored)} | ({"caption": caption} if caption else {})
    return write(sandbox, person, chat, given, fields, text=caption or "", document=stored.url)


async def voice(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, upload = chat_of(sandbox, person, given), file_bytes(given, "voice.ogg", "audio/ogg", b"OggS" + bytes(64))
    stored = sandbox.files.keep(upload.data, upload.name, upload.mime, "AwAC")
    fields = {"voice": {**shapes.file_object(stored), "duration": 3, "mime_type": stored.mime}}
    return write(sandbox, person, chat, given, fields, voice=stored.url)


async def block(sandbox: Sandbox, person: Person, given: Given) -> Done:
    return _membership(sandbox, person, "member", "kicked")


async def unblock(sandbox: Sandbox, person: Person, given: Given) -> Done:
    return _membership(sandbox, person, "kicked", "member")


def _membership(sandbox: Sandbox, person: Person, old: str, new: str) -> Done:
    person.blocked_telegram = new == "kicked"
    chat, bot = shapes.private_chat(sandbox, person), shapes.bot_user(sandbox)
    states = {"kicked": {"status": "kicked", "user": bot, "until_date": 0}, "member": {"status": "member", "user": bot}}
    update = {
        "chat": shapes.chat_object(sandbox, chat),
        "from": shapes.user(person),
        "date": int(sandbox.clock.now()),
        "old_chat_member": states[old],
        "new_chat_member": states[new],
    }
    return told(sandbox, "my_chat_member", update, chat, "")


async def react(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, emoji = chat_of(sandbox, person, given), given.optional("emoji")
    found = next(visible([chat], person, given.optional("message_id")), None)
    if found is None:
        raise CannotAct("no message to react to", 404)
    message = found[1]
    old = [name for name, people in message.reactions.items() if person.key in people]
    message.reactions = {name: [key for key in keys if key != person.key] for name, keys in message.reactions.items()}
    if emoji:
        message.reactions[emoji] = [*message.reactions.get(emoji, []), person.key]
    sandbox.chats.changed(chat, message, "reaction")
    reaction = {
        "chat": shapes.chat_object(sandbox, chat),
        "message_id": int(message.id),
        "user": shapes.user(person),
        "date": int(sandbox.clock.now()),
        "old_reaction": [{"type": "emoji", "emoji": name} for name in old],
        "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
    }
    return told(sandbox, "message_reaction", reaction, chat, message.id)


def migrate(sandbox: Sandbox, chat: Chat, to: str) -> Done:
    """The group gets another id; the bot is told in the old chat and in the new one."""
    old, sender = chat.id, shapes.bot_user(sandbox)
    leaving = {**shapes.base(sandbox, chat, sender), "migrate_to_chat_id": int(to)}
    done = told(sandbox, "message", leaving, chat, str(leaving["message_id"]), migrated_to=to)
    sandbox.chats.rename(chat, to)
    sandbox.telegram.migrated[old] = to
    arriving = {**shapes.base(sandbox, chat, sender), "migrate_from_chat_id": int(old)}
    told(sandbox, "message", arriving, chat, str(arriving["message_id"]))
    return done


ACTS: dict[str, Act] = {
    "say": say,
    "start": start,
    "press": press,
    "location": location,
    "photo": photo,
    "document": document,
    "voice": voice,
    "edit": edit,
    "block": block,
    "unblock": unblock,
    "react": react,
}
