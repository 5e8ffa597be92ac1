"""Chats and messages as a person sees them; the vendor's own shape of a message rides along in `vendor`."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sandbox.changes import Changes

BOT = "bot"


@dataclass(frozen=True)
class Button:
    """`kind` is callback, url, action, select, option, reply, list, template, location or text."""

    label: str
    data: str
    kind: str
    row: int
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Message:
    id: str
    at: float
    sender: str
    name: str
    text: str = ""
    html: str | None = None
    blocks: list[dict[str, Any]] | None = None
    buttons: list[Button] = field(default_factory=list)
    menu: list[Button] | None = None
    photo: str | None = None
    document: str | None = None
    voice: str | None = None
    location: dict[str, Any] | None = None
    thread: str | None = None
    edited: bool = False
    ephemeral: bool = False
    only_for: str | None = None
    quoted: str | None = None
    template: str | None = None
    status: str | None = None
    error: dict[str, Any] | None = None
    reply_count: int = 0
    reactions: dict[str, list[str]] = field(default_factory=dict)
    seq: int = 0
    vendor: dict[str, Any] = field(default_factory=dict)


@dataclass
class Chat:
    platform: str
    id: str
    name: str
    private: bool
    members: list[str]
    messages: dict[str, Message] = field(default_factory=dict)
    menu: list[Button] | None = None
    toasts: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


class Chats:
    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._all: dict[tuple[str, str], Chat] = {}
        self._of_person: dict[str, dict[tuple[str, str], Chat]] = {}

    def find(self, platform: str, chat_id: object) -> Chat | None:
        return self._all.get((platform, str(chat_id)))

    def open(self, platform: str, chat_id: str, name: str, private: bool, members: Iterable[str]) -> Chat:
        """The chat of that id, made when it is new; its name and members become the given ones."""
        chat = self._all.setdefault((platform, chat_id), Chat(platform, chat_id, name, private, []))
        for gone in set(chat.members) - set(members):
            self._of_person.get(gone, {}).pop((platform, chat_id), None)
        chat.name, chat.members = name, list(members)
        for member in chat.members:
            self._of_person.setdefault(member, {})[platform, chat_id] = chat
        return chat

    def rename(self, chat: Chat, chat_id: str) -> None:
        for index in (self._all, *(self._of_person.get(member, {}) for member in chat.members)):
            index.pop((chat.platform, chat.id), None)
            index[chat.platform, chat_id] = chat
        chat.id = chat_id

    def of(self, person: str) -> list[Chat]:
        return list(self._of_person.get(person, {}).values())

    def rooms(self) -> list[Chat]:
        return [chat for chat in self._all.values() if not chat.private]

    def add(self, chat: Chat, message: Message) -> Message:
        chat.messages[message.id] = message
        self._publish("message", chat, message)
        return message

    def changed(self, chat: Chat, message: Message, kind: str = "edit") -> None:
        self._publish(kind, chat, message)

    def remove(self, chat: Chat, message: Message) -> None:
        chat.messages.pop(message.id, None)
        self._publish("delete", chat, message)

    def toast(self, chat: Chat, person: str, toast: dict[str, Any]) -> None:
        seq = self._changes.publish("toast", chat.platform, [person], chat.id)
        chat.toasts = [*chat.toasts, {**toast, "person": person, "seq": seq}][-20:]

    def _publish(self, kind: str, chat: Chat, message: Message) -> None:
        people = [message.only_for] if message.only_for else chat.members
        message.seq = self._changes.publish(kind, chat.platform, people, chat.id, message.id)
