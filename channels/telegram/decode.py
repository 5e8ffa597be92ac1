"""Updates (core.telegram.org/bots/api#update) -> what a person did. Pure; raises on nonsense."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson

from channels.base import ChatMoved, Inbound, InboundMessage, Location, MediaRef, Source, Way

Now = Callable[[], datetime]
Payload = Mapping[str, Any]

_COMMAND = re.compile(r"/([A-Za-z0-9_]+)(?:@\w+)?")
_MENTION = re.compile(r"@\w*bot\b[\s,:]*", re.IGNORECASE)  # usernames of bots end in "bot"
_MEDIA = {
    "document": "document",
    "audio": "audio",
    "voice": "audio",
    "video": "video",
    "video_note": "video",
    "sticker": "sticker",
}


def source(account: str, now: Now) -> Source:
    return Source("telegram", account, partial(decode, account, now))


def decode(account: str, now: Now, body: bytes) -> list[Inbound]:
    """`now` dates the presses of buttons, which Telegram does not date."""
    update: Payload = orjson.loads(body)
    event_ids = (f"update:{update['update_id']}",)
    for kind, edited in (("message", False), ("edited_message", True)):
        if kind in update:
            return _message(account, event_ids, update[kind], edited)
    if "callback_query" in update:
        return _press(account, event_ids, update["callback_query"], now)
    return []


def callback_of(body: bytes) -> str | None:
    """The id of the pressed button's query, which Telegram wants answered; None for everything else, nonsense
    included."""
    if b'"callback_query"' not in body:
        return None
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    query = update.get("callback_query") if isinstance(update, dict) else None
    return str(query["id"]) if isinstance(query, dict) and "id" in query else None


def _message(account: str, event_ids: tuple[str, ...], message: Payload, edited: bool) -> list[Inbound]:
    chat = message["chat"]
    if "migrate_to_chat_id" in message:
        return [ChatMoved("telegram", account, event_ids, old=str(chat["id"]), new=str(message["migrate_to_chat_id"]))]
    person = message.get("from")
    if person is None or person.get("is_bot"):
        return []
    way, text = _words(message.get("text") or message.get("caption") or "")
    location, media = _location(message.get("location")), _media(message)
    if not (text or location or media):
        return []
    return [
        InboundMessage(
            channel="telegram",
            account=account,
            event_ids=event_ids,
            sender=str(person["id"]),
            sender_name=_name(person),
            chat=str(chat["id"]),
            private=chat["type"] == "private",
            sent_at=datetime.fromtimestamp(message.get("edit_date") or message["date"], UTC),
            way=way,
            message_id=str(message["message_id"]),
            thread=_thread(message),
            text=text,
            location=location,
            media=media,
            edited=edited,
            language=person.get("language_code"),
            album=message.get("media_group_id"),
        )
    ]


def _press(account: str, event_ids: tuple[str, ...], query: Payload, now: Now) -> list[Inbound]:
    """The pressed card is the `thread`. Without a message it was an inline card in somebody else's chat: not ours."""
    person, message = query["from"], query.get("message")
    if person.get("is_bot") or message is None or "data" not in query:
        return []
    return [
        InboundMessage(
            channel="telegram",
            account=account,
            event_ids=event_ids,
            sender=str(person["id"]),
            sender_name=_name(person),
            chat=str(message["chat"]["id"]),
            private=message["chat"]["type"] == "private",
            sent_at=now(),
            way="button",
            thread=str(message["message_id"]),
            command=query["data"],
            language=person.get("language_code"),
            callback=str(query["id"]),
        )
    ]


def _words(text: str) -> tuple[Way, str]:
    """`@our_bot accept 12` is a mention; `/take_over@our_bot 12` reads `take-over 12`: command names hold no hyphen."""
    way: Way = "text"
    if text.startswith("@") and (mention := _MENTION.match(text)):
        way, text = "mention", text[mention.end() :]
    if text.startswith("/") and (command := _COMMAND.match(text)):
        text = command[1].replace("_", "-") + text[command.end() :]
    return way, text.strip()


def _name(person: Payload) -> str:
    first, last = person.get("first_name", ""), person.get("last_name", "")
    return f"{first} {last}".strip()


def _thread(message: Payload) -> str | None:
    """The quoted message. In a forum every message "replies" to the one that opened its topic: that is no quote."""
    quoted = message.get("reply_to_message")
    if quoted is None or (message.get("is_topic_message") and quoted["message_id"] == message.get("message_thread_id")):
        return None
    return str(quoted["message_id"])


def _location(place: Payload | None) -> Location | None:
    """While a person shares, every update carries `live_period`; the one that ends it does not."""
    if place is None:
        return None
    return Location(place["latitude"], place["longitude"], live="live_period" in place)


def _media(message: Payload) -> tuple[MediaRef, ...]:
    """An album arrives as one message per picture; each is one reference of its own message."""
    if "photo" in message:
        largest = max(message["photo"], key=lambda size: size["width"] * size["height"])
        return (MediaRef("photo", largest["file_id"], "image/jpeg", largest.get("file_size")),)
    for key, kind in _MEDIA.items():
        if key in message:
            file = message[key]
            mime, name = file.get("mime_type"), file.get("file_name")
            return (MediaRef(kind, file["file_id"], mime, file.get("file_size"), name),)
    return ()
