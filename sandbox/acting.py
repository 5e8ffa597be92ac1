"""What acting as a person needs on every platform: the result, the refusal, and finding the button to press."""

import base64
import binascii
import heapq
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.bodies import Upload
from sandbox.chats import Button, Chat, Message
from sandbox.delivery import Parcel
from sandbox.people import Person
from sandbox.photos import make_jpeg
from sandbox.state import Sandbox

MOST_LISTED = 100


@dataclass
class Given:
    """The body of one act; `uploads` when it came as a multipart form."""

    body: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.body.get(name)
        if not isinstance(value, str) or not value:
            raise CannotAct(f"{name} is missing")
        return value

    def optional(self, name: str) -> str | None:
        value = self.body.get(name)
        return None if value in (None, "") else str(value)


@dataclass
class Done:
    event: dict[str, Any]
    deliveries: list[Parcel] = field(default_factory=list)


Act = Callable[[Sandbox, Person, Given], Awaitable[Done]]


class CannotAct(Exception):
    """Why a person cannot do that here; `more` joins the answer."""

    def __init__(self, why: str, status: int = 400, **more: Any) -> None:
        super().__init__(why)
        self.why, self.status, self.more = why, status, more


def room_of(sandbox: Sandbox, platform: str, person: Person, room: str) -> Chat:
    chat = sandbox.chats.find(platform, room)
    if chat is None or (not chat.private and person.key not in chat.members):
        raise CannotAct(f"{person.key} is in no {platform} room {room}", 404)
    return chat


def visible(chats: Iterable[Chat], person: Person, message_id: str | None) -> Iterator[tuple[Chat, Message]]:
    """Newest first over all given chats, read only as far as somebody looks."""
    if message_id is not None:
        return ((chat, chat.messages[message_id]) for chat in chats if message_id in chat.messages)
    lists = [_backwards(chat, person) for chat in chats]
    return heapq.merge(*lists, key=lambda pair: -pair[1].at)


def _backwards(chat: Chat, person: Person) -> Iterator[tuple[Chat, Message]]:
    for message in reversed(chat.messages.values()):
        if message.only_for in (None, person.key):
            yield chat, message


def find_button(
    messages: Iterable[tuple[Chat, Message]], label: str | None, data: str | None
) -> tuple[Chat, Message, Button]:
    """The newest fitting one; CannotAct 404 lists what could have been pressed."""
    others: list[dict[str, Any]] = []
    for chat, message in messages:
        for button in [*message.buttons, *(message.menu or [])]:
            if _is(button, label, data):
                return chat, message, button
            if len(others) < MOST_LISTED:
                others.append({"message_id": message.id, "chat": chat.id, "label": button.label, "data": button.data})
    raise CannotAct(f"no visible button {label or data!r}", 404, buttons=others)


def _is(button: Button, label: str | None, data: str | None) -> bool:
    if data is not None:
        return data in (button.data, button.more.get("action_id"))
    return label is not None and label.strip().casefold() == button.label.strip().casefold()


def photo_bytes(given: Given, words: str, number: int = 1) -> Upload:
    """The uploaded or base64 file, else a picture made on the spot."""
    upload = given.uploads.get("file")
    if upload is not None:
        return upload
    if encoded := given.optional("file"):
        return Upload(given.optional("name") or "photo.jpg", given.optional("mime") or "image/jpeg", decoded(encoded))
    width, height = int(given.body.get("width") or 640), int(given.body.get("height") or 480)
    return Upload(f"photo{number}.jpg", "image/jpeg", make_jpeg(words, number, width, height))


def file_bytes(given: Given, name: str, mime: str, default: bytes) -> Upload:
    upload = given.uploads.get("file")
    if upload is not None:
        return upload
    data = decoded(encoded) if (encoded := given.optional("file")) else default
    return Upload(given.optional("name") or name, given.optional("mime") or mime, data)


def decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.partition("base64,")[2] or encoded, validate=True)
    except binascii.Error as error:
        raise CannotAct(f"file is not base64: {error}") from None
