"""response_url: up to five answers within half an hour, and the answer a slash command gives at once."""

from typing import Any

from sandbox.chats import Chat, Message
from sandbox.gate import Answer, Refused
from sandbox.people import Person
from sandbox.slack import chat_methods, shapes
from sandbox.slack.state import ResponseAddress
from sandbox.state import Sandbox

MOST_USES = 5
LASTS_SECONDS = 1800

Json = dict[str, Any]


def respond(sandbox: Sandbox, key: str, body: Json) -> Answer:
    address = sandbox.slack.responses.get(key)
    if address is None or sandbox.clock.now() - address.at > LASTS_SECONDS:
        return _said(404, {"ok": False, "error": "expired_url"})
    if address.uses >= MOST_USES:
        return _said(404, {"ok": False, "error": "used_url"})
    address.uses += 1
    try:
        return _apply(sandbox, address, body)
    except Refused as refusal:
        return _said(404 if refusal.answer.outcome == "channel_not_found" else 400, refusal.answer.body)


def _said(status: int, body: Json) -> Answer:
    return Answer(body, status, str(body["error"]))


def _apply(sandbox: Sandbox, address: ResponseAddress, body: Json) -> Answer:
    chat = shapes.channel(sandbox, address.channel)
    message = chat.messages.get(address.message or "")
    person = sandbox.people.by_key[address.person]
    if body.get("delete_original") and message:
        sandbox.chats.remove(chat, message)
    elif message and _replaces(body):
        chat_methods.rewrite(sandbox, chat, message, chat_methods.read_content(body, message.id))
    else:
        answer(sandbox, chat, person, body, message)
    return Answer(b"ok", media_type="text/plain")


def _replaces(body: Json) -> bool:
    return bool(body.get("replace_original"))


def answer(sandbox: Sandbox, chat: Chat, person: Person, body: Json, original: Message | None = None) -> Message:
    """Shown to the person alone unless response_type is in_channel."""
    content = chat_methods.read_content(body, sandbox.slack.next_ts(sandbox.clock.now()))
    thread = {"thread_ts": original.thread} if original and original.thread else {}
    if body.get("thread_ts"):
        thread = {"thread_ts": str(body["thread_ts"])}
    vendor = shapes.bot_message(sandbox, {**content, **thread})
    alone = None if body.get("response_type") == "in_channel" else person.key
    return shapes.show(sandbox, chat, vendor, only_for=alone)
