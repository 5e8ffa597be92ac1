"""Slack's objects: channels, users, messages."""

from typing import Any

from sandbox.chats import BOT, Button, Chat, Message
from sandbox.people import Person
from sandbox.slack import blocks as block_kit
from sandbox.slack.answers import refuse
from sandbox.state import Sandbox

Json = dict[str, Any]


def dm_of(sandbox: Sandbox, person: Person) -> Chat:
    channel = f"D{person.slack_id[1:]}"
    found = sandbox.chats.find("slack", channel)
    if found and found.members == [person.key]:
        return found
    return sandbox.chats.open("slack", channel, str(sandbox.settings["slack"]["bot_name"]), True, [person.key])


def channel(sandbox: Sandbox, asked: object) -> Chat:
    """By id, by user id, or by #name; raises channel_not_found."""
    name = str(asked or "")
    if person := sandbox.people.at("slack", name):
        return dm_of(sandbox, person)
    if name.startswith("D") and (owner := sandbox.people.at("slack", f"U{name[1:]}")):
        return dm_of(sandbox, owner)
    found = sandbox.chats.find("slack", name)
    if found is None and name.startswith("#"):
        rooms = [room for room in sandbox.chats.rooms() if room.platform == "slack"]
        found = next((room for room in rooms if room.name.lstrip("#") == name[1:]), None)
    if found is None:
        raise refuse("channel_not_found")
    return found


def writable(sandbox: Sandbox, asked: object) -> Chat:
    chat = channel(sandbox, asked)
    if chat.facts.get("archived"):
        raise refuse("is_archived")
    if chat.facts.get("bot_gone"):
        raise refuse("not_in_channel")
    return chat


def channel_object(sandbox: Sandbox, chat: Chat) -> Json:
    if chat.private:
        user = sandbox.people.by_key[chat.members[0]].slack_id
        return {"id": chat.id, "is_im": True, "user": user, "is_channel": False, "is_archived": False, "created": 1}
    return {
        "id": chat.id,
        "name": chat.name.lstrip("#"),
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": False,
        "is_archived": bool(chat.facts.get("archived")),
        "is_member": not chat.facts.get("bot_gone"),
        "num_members": len(chat.members) + 1,
        "created": 1,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def handle(person: Person) -> str:
    return person.username or person.key.lower().replace(" ", ".")


def user_object(sandbox: Sandbox, person: Person) -> Json:
    profile = {"real_name": person.name, "display_name": handle(person), "phone": f"+{person.whatsapp_id}"}
    return {
        "id": person.slack_id,
        "team_id": sandbox.settings["slack"]["team_id"],
        "name": handle(person),
        "deleted": person.deactivated,
        "real_name": person.name,
        "tz": person.time_zone or "Etc/UTC",
        "tz_offset": 0,
        "profile": profile | ({"email": person.email} if person.email else {}),
        "is_admin": False,
        "is_bot": False,
        "is_app_user": False,
        "updated": 1,
    }


def bot_object(sandbox: Sandbox) -> Json:
    settings = sandbox.settings["slack"]
    return {
        "id": settings["bot_user_id"],
        "team_id": settings["team_id"],
        "name": settings["bot_name"],
        "deleted": False,
        "real_name": settings["bot_name"],
        "profile": {"real_name": settings["bot_name"], "bot_id": settings["bot_id"], "api_app_id": settings["app_id"]},
        "is_bot": True,
    }


def bot_message(sandbox: Sandbox, fields: Json) -> Json:
    settings = sandbox.settings["slack"]
    return {
        "type": "message",
        "user": settings["bot_user_id"],
        "bot_id": settings["bot_id"],
        "app_id": settings["app_id"],
        "team": settings["team_id"],
        "bot_profile": {"id": settings["bot_id"], "name": settings["bot_name"], "app_id": settings["app_id"]},
        **fields,
    }


def checked_blocks(value: Any) -> list[Json]:
    """The blocks with all ids filled in; raises invalid_blocks, or invalid_blocks_format for what is no list."""
    if value in (None, "", []):
        return []
    if not isinstance(value, list):
        raise refuse("invalid_blocks_format")
    if complaints := block_kit.check(value):
        raise refuse("invalid_blocks", errors=complaints, response_metadata={"messages": complaints})
    return block_kit.completed(value)


def seen_by_people(message: Message, text: str, blocks: list[Json], attachments: list[Json] | None = None) -> None:
    """Sets what a person sees of a bot's message."""
    everything = [*blocks, *(block for attachment in attachments or [] for block in attachment.get("blocks") or [])]
    message.blocks = everything or None
    message.text = block_kit.words(everything) or text
    message.buttons = list[Button](block_kit.buttons(everything))


def show(sandbox: Sandbox, chat: Chat, vendor: Json, only_for: str | None = None) -> Message:
    """A new message of the bot."""
    name = str(sandbox.settings["slack"]["bot_name"])
    message = Message(vendor["ts"], sandbox.clock.now(), BOT, name, vendor=vendor, only_for=only_for)
    message.ephemeral, message.thread = only_for is not None, vendor.get("thread_ts")
    seen_by_people(message, vendor.get("text", ""), vendor.get("blocks") or [], vendor.get("attachments"))
    sandbox.chats.add(chat, message)
    count_reply(sandbox, chat, message)
    return message


def count_reply(sandbox: Sandbox, chat: Chat, message: Message) -> None:
    parent = chat.messages.get(message.thread or "")
    if parent is not None and parent is not message and not message.only_for:
        parent.reply_count += 1
        parent.vendor |= {"thread_ts": parent.id, "reply_count": parent.reply_count}
        sandbox.chats.changed(chat, parent, "thread")
