"""A desk, a branch and the door that hears everybody, for the tests of this folder."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.receive import Door
from channels.base import Answer, Form, Inbound, InboundMessage, MediaRef, Source
from core.database import Database
from core.outbox.dispatching import Settlement, claim, settle
from core.unit_of_work import UnitOfWork
from tests import builders

CHANNELS = ("telegram", "slack", "whatsapp")


def normalise(body: bytes) -> list[Inbound]:
    """A platform of our own whose payloads are lists of messages as builders.inbound makes them."""
    return [_message(row) for row in json.loads(body)]


def _message(row: dict[str, Any]) -> InboundMessage:
    if row.get("poison"):
        raise KeyError("poison")
    row["sent_at"] = datetime.fromisoformat(row["sent_at"])
    row |= {name: tuple(row[name]) for name in ("event_ids", "sender_aliases")}
    row["media"] = tuple(MediaRef(**one) for one in row["media"])
    row["form"] = Form(**row["form"]) if row["form"] else None
    return InboundMessage(**row)


SOURCE = Source("telegram", "default", normalise)


def payload(*messages: InboundMessage | dict[str, Any]) -> bytes:
    rows = [message if isinstance(message, dict) else asdict(message) for message in messages]
    return json.dumps(rows, default=lambda moment: moment.isoformat()).encode()


@dataclass
class Chat:
    """What people say goes in through the door; what they read is taken from the outbox as if it had been delivered."""

    database: Database
    client: str = ""

    def __post_init__(self) -> None:
        self.door = Door(self.database, "https://board.example", {("", ""): self.client})
        self._read: set[int] = set()

    async def hears(self, message: InboundMessage) -> Answer:
        return await self.door.take(SOURCE, payload(message))

    async def says(self, sender: str, text: str, /, **values: Any) -> list[str]:
        """Say it, and read what comes back in that chat."""
        message = builders.inbound(sender, text, **values)
        await self.hears(message)
        return await self.reads(message.chat)

    async def reads(self, chat: str) -> list[str]:
        """Everything new in a chat, oldest first."""
        return [left.text for left in await self.gets(chat)]

    async def gets(self, chat: str) -> list[builders.Left]:
        await self.database.write(self._delivers)
        there = await self.database.read(lambda reader: builders.outbox(reader, chat=chat, state="sent"))
        new = [left for left in there if left.id not in self._read]
        self._read |= {left.id for left in new}
        return new

    def _delivers(self, uow: UnitOfWork) -> None:
        for channel in CHANNELS:
            while due := claim(uow, channel, "default", 100):
                settle(uow, [Settlement(one, "sent", external_id=f"sent-{one.id}") for one in due])

    async def happened(self) -> list[str]:
        return await self.database.read(builders.happened)
