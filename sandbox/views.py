"""What a person sees, as JSON."""

from typing import Any

from sandbox.chats import Button, Chat, Message
from sandbox.clock import iso
from sandbox.people import Person
from sandbox.slack import forms
from sandbox.slack.blocks import buttons, words
from sandbox.state import DAY, Sandbox

PLATFORMS = ("telegram", "slack", "whatsapp")
ALWAYS = {"id", "at", "seq", "sender", "name", "text", "edited", "ephemeral"}
HIDDEN = {"vendor", "only_for", "buttons", "menu", "sender"}

Json = dict[str, Any]


def message_view(message: Message) -> Json:
    """Empty fields are left out."""
    shown = {
        name: value
        for name, value in vars(message).items()
        if name not in HIDDEN and (name in ALWAYS or value not in (None, {}, [], 0))
    }
    shown |= {"at": iso(message.at), "from": message.sender, "buttons": [button_view(b) for b in message.buttons]}
    if message.menu is not None:
        shown["menu"] = [button_view(button) for button in message.menu]
    return shown


def button_view(button: Button) -> Json:
    more = {name: value for name, value in button.more.items() if name not in ("element", "option") and value}
    return {"label": button.label, "data": button.data, "kind": button.kind, "row": button.row, **more}


def chats_view(sandbox: Sandbox, person: Person, after: int = 0) -> Json:
    """All chats of a person; with `after`, only the messages newer than that."""
    shown: Json = {platform: [] for platform in PLATFORMS}
    for chat in sandbox.chats.of(person.key):
        shown[chat.platform].append(chat_view(sandbox, person, chat, after))
    return {**shown, "seq": sandbox.changes.seq, "now": sandbox.clock.iso()} | _slack_views(sandbox, person)


def chat_view(sandbox: Sandbox, person: Person, chat: Chat, after: int = 0) -> Json:
    view: Json = {
        "id": chat.id,
        "name": chat.name,
        "private": chat.private,
        "platform": chat.platform,
        "members": chat.members,
        "messages": [message_view(message) for message in seen(chat, person) if message.seq > after],
    }
    if chat.menu:
        view["menu"] = [button_view(button) for button in chat.menu]
    if toasts := [toast for toast in chat.toasts if toast["person"] == person.key]:
        view["toasts"] = toasts
    last = sandbox.whatsapp.last_inbound.get(person.key)
    if chat.platform == "whatsapp":
        view["window_open_until"] = iso(last + DAY) if last and last + DAY > sandbox.clock.now() else None
    if chat.platform == "slack" and chat.private and (stack := sandbox.slack.modals.get(person.key)):
        view["modal"] = modal_view(stack[-1])
    return view


def seen(chat: Chat, person: Person) -> list[Message]:
    return [message for message in chat.messages.values() if message.only_for in (None, person.key)]


def _slack_views(sandbox: Sandbox, person: Person) -> Json:
    shown: Json = {}
    if stack := sandbox.slack.modals.get(person.key):
        shown["modal"] = modal_view(stack[-1])
    if home := sandbox.slack.homes.get(person.key):
        shown["home"] = modal_view(home)
    return shown


def modal_view(view: Json) -> Json:
    fields = [{name: value for name, value in field.items() if name != "element"} for field in forms.fields(view)]
    return {
        "id": view["id"],
        "callback_id": view["callback_id"],
        "title": (view["title"] or {}).get("text"),
        "submit": (view["submit"] or {}).get("text"),
        "close": (view["close"] or {}).get("text"),
        "text": words(view["blocks"]),
        "blocks": view["blocks"],
        "fields": fields,
        "buttons": [button_view(button) for button in buttons(view["blocks"])],
        "errors": view.get("errors", {}),
        "private_metadata": view["private_metadata"],
    }


def messages_view(sandbox: Sandbox, person: Person, platform: str | None, room: str | None, since: int) -> list[Json]:
    """Flat and newest last, each with its platform and chat."""
    found = [
        (chat, message)
        for chat in sandbox.chats.of(person.key)
        if platform in (None, chat.platform) and room in (None, chat.id)
        for message in seen(chat, person)
        if message.seq > since
    ]
    found.sort(key=lambda pair: pair[1].at)
    return [
        {**message_view(m), "platform": chat.platform, "chat": chat.id, "chat_name": chat.name} for chat, m in found
    ]
