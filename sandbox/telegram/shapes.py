"""Telegram's objects: users, chats, messages, photos."""

import io
from typing import Any

from PIL import Image

from sandbox.chats import Chat, Message
from sandbox.people import Person
from sandbox.photos import StoredFile
from sandbox.state import Sandbox

Json = dict[str, Any]


def bot_id(sandbox: Sandbox) -> int:
    return int(str(sandbox.settings["telegram"]["token"]).partition(":")[0])


def bot_user(sandbox: Sandbox) -> Json:
    settings = sandbox.settings["telegram"]
    return {
        "id": bot_id(sandbox),
        "is_bot": True,
        "first_name": settings["name"],
        "username": settings["username"],
    }


def named(person: Person) -> Json:
    first, _, last = person.name.partition(" ")
    return {"first_name": first, **({"last_name": last} if last else {})} | (
        {"username": person.username} if person.username else {}
    )


def user(person: Person) -> Json:
    return {"id": person.telegram_id, "is_bot": False, **named(person), "language_code": person.language}


def private_chat(sandbox: Sandbox, person: Person) -> Chat:
    found = sandbox.chats.find("telegram", person.telegram_id)
    if found and found.members == [person.key]:
        return found
    name = str(sandbox.settings["telegram"]["name"])
    return sandbox.chats.open("telegram", str(person.telegram_id), name, True, [person.key])


def chat_object(sandbox: Sandbox, chat: Chat) -> Json:
    if chat.private:
        return {"id": int(chat.id), "type": "private", **named(sandbox.people.by_key[chat.members[0]])}
    return {"id": int(chat.id), "type": "supergroup" if chat.id.startswith("-100") else "group", "title": chat.name}


def base(sandbox: Sandbox, chat: Chat, sender: Json) -> Json:
    """The fields every message has."""
    return {
        "message_id": sandbox.telegram.next_message_id(),
        "from": sender,
        "chat": chat_object(sandbox, chat),
        "date": int(sandbox.clock.now()),
    }


def quoted(message: Message) -> Json:
    return {name: value for name, value in message.vendor.items() if name != "reply_to_message"}


def photo_sizes(sandbox: Sandbox, stored: StoredFile) -> list[Json]:
    """Smallest first, as Telegram lists them; the small one is another file."""
    small = sandbox.files.keep(_thumbnail(stored.data), f"small-{stored.name}", "image/jpeg", "AgAC")
    return [photo_size(small), photo_size(stored)]


def photo_size(stored: StoredFile) -> Json:
    return {**file_object(stored), "width": stored.width, "height": stored.height}


def file_object(stored: StoredFile) -> Json:
    return {"file_id": stored.id, "file_unique_id": f"AQAD{stored.sha256[:12]}", "file_size": len(stored.data)}


def document_object(stored: StoredFile) -> Json:
    return {**file_object(stored), "file_name": stored.name, "mime_type": stored.mime}


def _thumbnail(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        image.thumbnail((90, 90))
        out = io.BytesIO()
        image.convert("RGB").save(out, "JPEG")
    return out.getvalue()
