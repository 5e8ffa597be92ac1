"""What a person writes, uploads and reacts to in Slack, and the event it makes."""

import secrets
from typing import Any

from sandbox.acting import Act, CannotAct, Done, Given, file_bytes, photo_bytes, visible
from sandbox.bodies import Upload
from sandbox.chats import Chat, Message
from sandbox.people import Person
from sandbox.slack import events, files, interactions, shapes
from sandbox.slack.interactions import chat_of
from sandbox.state import Sandbox

Json = dict[str, Any]


def write(sandbox: Sandbox, person: Person, chat: Chat, given: Given, fields: Json) -> Done:
    """A new message of the person, shown and told to the app (twice when the app is mentioned in a channel)."""
    ts, team = sandbox.slack.next_ts(sandbox.clock.now()), sandbox.settings["slack"]["team_id"]
    vendor: Json = {"type": "message", "user": person.slack_id, "ts": ts, "team": team, **fields}
    thread = given.optional("thread") or given.optional("reply_to")
    if thread:
        parent = chat.messages.get(thread)
        if parent is None:
            raise CannotAct(f"no message {thread} in {chat.id}", 404)
        vendor["thread_ts"] = parent.thread or parent.id
        vendor["parent_user_id"] = parent.vendor.get("user")
    message = Message(ts, sandbox.clock.now(), person.key, person.name, str(fields.get("text", "")), vendor=vendor)
    message.thread = vendor.get("thread_ts")
    files.show_files(sandbox, message, fields.get("files") or [])
    sandbox.chats.add(chat, message)
    shapes.count_reply(sandbox, chat, message)
    event = {"kind": "message", "chat": chat.id, "message_id": ts, "ts": ts, "thread": message.thread}
    if chat.facts.get("bot_gone"):
        return Done(event)
    placed = {**vendor, "channel": chat.id, "event_ts": ts}
    sent = [events.post_event(sandbox, chat.id, {**placed, "channel_type": events.channel_type(chat)})]
    if not chat.private and f"<@{sandbox.settings['slack']['bot_user_id']}>" in vendor.get("text", ""):
        sent.append(events.post_event(sandbox, chat.id, {**placed, "type": "app_mention"}))
    return Done(event, sent)


async def say(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, text = chat_of(sandbox, person, given), given.text("text")
    mention = f"<@{sandbox.settings['slack']['bot_user_id']}>"
    if given.body.get("mention") and mention not in text:
        text = f"{mention} {text}"
    rich = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    block = {"type": "rich_text", "block_id": secrets.token_urlsafe(4), "elements": [rich]}
    return write(
        sandbox, person, chat, given, {"text": text, "client_msg_id": secrets.token_hex(16), "blocks": [block]}
    )


async def photo(sandbox: Sandbox, person: Person, given: Given) -> Done:
    count = int(given.body.get("album") or 1)
    words = f"{person.name}: {given.optional('caption') or 'photo'}"
    return _share(sandbox, person, given, [photo_bytes(given, words, number) for number in range(1, count + 1)])


async def document(sandbox: Sandbox, person: Person, given: Given) -> Done:
    return _share(sandbox, person, given, [file_bytes(given, "report.txt", "text/plain", b"A short report.\n")])


async def voice(sandbox: Sandbox, person: Person, given: Given) -> Done:
    return _share(sandbox, person, given, [file_bytes(given, "voice.m4a", "audio/mp4", bytes(64))])


def _share(sandbox: Sandbox, person: Person, given: Given, uploads: list[Upload]) -> Done:
    chat = chat_of(sandbox, person, given)
    stored = [sandbox.files.keep(upload.data, upload.name, upload.mime) for upload in uploads]
    shared = [files.file_object(sandbox, file, person.slack_id) for file in stored]
    fields = {"subtype": "file_share", "text": given.optional("caption") or "", "files": shared, "upload": False}
    return write(sandbox, person, chat, given, fields)


async def edit(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, text = chat_of(sandbox, person, given), given.text("text")
    message = chat.messages.get(given.optional("message_id") or "")
    if message is None or message.sender != person.key:
        raise CannotAct("not a message of theirs", 404)
    edited = {"user": person.slack_id, "ts": sandbox.slack.next_ts(sandbox.clock.now())}
    message.vendor = {**message.vendor, "text": text, "edited": edited}
    message.text, message.edited = text, True
    sandbox.chats.changed(chat, message)
    sent = events.post_event(sandbox, chat.id, events.changed_event(sandbox, chat, message.vendor))
    return Done({"kind": "message_changed", "chat": chat.id, "message_id": message.id}, [sent])


async def react(sandbox: Sandbox, person: Person, given: Given) -> Done:
    chat, name = chat_of(sandbox, person, given), given.optional("emoji") or "thumbsup"
    found = next(visible([chat], person, given.optional("message_id")), None)
    if found is None:
        raise CannotAct("no message to react to", 404)
    message = found[1]
    message.reactions[name] = [*message.reactions.get(name, []), person.key]
    sandbox.chats.changed(chat, message, "reaction")
    event = {
        "type": "reaction_added",
        "user": person.slack_id,
        "reaction": name,
        "item_user": message.vendor.get("user"),
        "item": {"type": "message", "channel": chat.id, "ts": message.id},
        "event_ts": sandbox.slack.next_ts(sandbox.clock.now()),
    }
    facts = {"kind": "reaction_added", "chat": chat.id, "message_id": message.id}
    return Done(facts, [events.post_event(sandbox, chat.id, event)])


async def home(sandbox: Sandbox, person: Person, given: Given) -> Done:
    """Opening the app's home page."""
    chat = shapes.dm_of(sandbox, person)
    ts = sandbox.slack.next_ts(sandbox.clock.now())
    event = {"type": "app_home_opened", "user": person.slack_id, "channel": chat.id, "tab": "home", "event_ts": ts}
    return Done({"kind": "app_home_opened", "chat": chat.id}, [events.post_event(sandbox, chat.id, event)])


ACTS: dict[str, Act] = {
    "say": say,
    "press": interactions.press,
    "command": interactions.command,
    "submit": interactions.submit,
    "close": interactions.close,
    "photo": photo,
    "document": document,
    "voice": voice,
    "edit": edit,
    "react": react,
    "home": home,
}
