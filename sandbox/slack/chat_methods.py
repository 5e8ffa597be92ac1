"""chat.*: posting, changing and deleting messages."""

from typing import Any

from sandbox.bodies import parsed
from sandbox.chats import BOT, Chat, Message
from sandbox.gate import Answer, Call
from sandbox.slack import events, shapes
from sandbox.slack.answers import ok, refuse
from sandbox.state import Sandbox

LONGEST_TEXT = 40_000
MOST_ATTACHMENTS = 100

Json = dict[str, Any]


def read_content(params: Json, ts: str) -> Json:
    """text, blocks and attachments of a message about to be; raises no_text, msg_too_long, invalid_blocks."""
    text = str(params.get("text") or params.get("markdown_text") or "")
    blocks, attachments = shapes.checked_blocks(parsed(params.get("blocks"))), parsed(params.get("attachments")) or []
    if not text and not blocks and not attachments:
        raise refuse("no_text")
    if len(text) > LONGEST_TEXT:
        raise refuse("msg_too_long")
    if len(attachments) > MOST_ATTACHMENTS:
        raise refuse("too_many_attachments")
    for attachment in attachments:
        attachment["blocks"] = shapes.checked_blocks(attachment.get("blocks"))
    content: Json = {"text": text, "ts": ts}
    content |= {"blocks": blocks} if blocks else {}
    return content | ({"attachments": attachments} if attachments else {})


def thread_of(chat: Chat, params: Json) -> Json:
    thread = str(params.get("thread_ts") or "")
    if not thread:
        return {}
    parent = chat.messages.get(thread)
    if parent is None or parent.ephemeral:
        raise refuse("thread_not_found")
    return {"thread_ts": parent.thread or parent.id}


async def post_message(sandbox: Sandbox, call: Call) -> Answer:
    chat = shapes.writable(sandbox, call.params.get("channel"))
    content = read_content(call.params, sandbox.slack.next_ts(sandbox.clock.now()))
    vendor = shapes.bot_message(sandbox, {**content, **thread_of(chat, call.params)})
    if metadata := parsed(call.params.get("metadata")):
        vendor["metadata"] = metadata
    shapes.show(sandbox, chat, vendor)
    events.own_message(sandbox, chat, vendor)
    return ok(channel=chat.id, ts=vendor["ts"], message=vendor)


async def post_ephemeral(sandbox: Sandbox, call: Call) -> Answer:
    chat = shapes.writable(sandbox, call.params.get("channel"))
    person = sandbox.people.at("slack", call.params.get("user"))
    if person is None or person.key not in chat.members:
        raise refuse("user_not_in_channel")
    content = read_content(call.params, sandbox.slack.next_ts(sandbox.clock.now()))
    vendor = shapes.bot_message(sandbox, {**content, **thread_of(chat, call.params)})
    if _has_begun(chat, vendor.get("thread_ts")):
        shapes.show(sandbox, chat, vendor, only_for=person.key)
    return ok(message_ts=vendor["ts"])


def _has_begun(chat: Chat, thread: str | None) -> bool:
    """Slack accepts what is for one person below any message, and shows it only where somebody has answered already."""
    return thread is None or chat.messages[thread].reply_count > 0


async def update(sandbox: Sandbox, call: Call) -> Answer:
    chat, message = _own(sandbox, call, "cant_update_message")
    keep = {} if "text" in call.params or "blocks" in call.params else message.vendor
    content = read_content({**keep, **call.params}, message.id)
    rewrite(sandbox, chat, message, content)
    events.own_change(sandbox, chat, message.vendor)
    return ok(channel=chat.id, ts=message.id, text=message.vendor["text"], message=message.vendor)


def rewrite(sandbox: Sandbox, chat: Chat, message: Message, content: Json) -> None:
    kept = {name: value for name, value in message.vendor.items() if name not in ("text", "blocks", "attachments")}
    edited = {"user": sandbox.settings["slack"]["bot_user_id"], "ts": sandbox.slack.next_ts(sandbox.clock.now())}
    message.vendor = {**kept, **content, "ts": message.id, "edited": edited}
    shapes.seen_by_people(message, content["text"], content.get("blocks") or [], content.get("attachments"))
    message.edited = True
    sandbox.chats.changed(chat, message)


async def delete(sandbox: Sandbox, call: Call) -> Answer:
    chat, message = _own(sandbox, call, "cant_delete_message")
    sandbox.chats.remove(chat, message)
    return ok(channel=chat.id, ts=message.id)


def _own(sandbox: Sandbox, call: Call, refusal: str) -> tuple[Chat, Message]:
    """A message of the bot; channels are named by id here, ephemeral messages cannot be found again."""
    chat = shapes.writable(sandbox, call.params.get("channel"))
    message = chat.messages.get(str(call.params.get("ts") or ""))
    if message is None or message.ephemeral:
        raise refuse("message_not_found")
    if message.sender != BOT:
        raise refuse(refusal)
    return chat, message


async def permalink(sandbox: Sandbox, call: Call) -> Answer:
    chat = shapes.channel(sandbox, call.params.get("channel"))
    ts = str(call.params.get("message_ts") or "")
    if ts not in chat.messages:
        raise refuse("message_not_found")
    link = f"{sandbox.base_url}/slack/archives/{chat.id}/p{ts.replace('.', '')}"
    return ok(channel=chat.id, permalink=link)


async def add_reaction(sandbox: Sandbox, call: Call) -> Answer:
    chat = shapes.channel(sandbox, call.params.get("channel"))
    message, name = chat.messages.get(str(call.params.get("timestamp") or "")), str(call.params.get("name") or "")
    if message is None:
        raise refuse("message_not_found")
    if not name:
        raise refuse("invalid_name")
    if BOT in message.reactions.get(name, []):
        raise refuse("already_reacted")
    message.reactions[name] = [*message.reactions.get(name, []), BOT]
    sandbox.chats.changed(chat, message, "reaction")
    return ok()
