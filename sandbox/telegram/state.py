"""What the Telegram stand-in remembers beyond chats: the update queue, the webhook, buttons that were pressed."""

import asyncio
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Pressed:
    """A callback query that waits for its answer."""

    person: str
    chat: str
    at: float
    answered: bool = False


@dataclass
class TelegramState:
    pending: dict[int, dict[str, Any]] = field(default_factory=dict)
    last_update_id: int = 500_000
    last_message_id: int = 0
    allowed_updates: list[str] | None = None
    webhook_url: str | None = None
    webhook_secret: str | None = None
    webhook_error: tuple[int, str] | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    poll: int = 0
    polling: bool = False
    pressed: dict[str, Pressed] = field(default_factory=dict)
    commands: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    migrated: dict[str, str] = field(default_factory=dict)

    def next_message_id(self) -> int:
        self.last_message_id += 1
        return self.last_message_id

    def next_update_id(self) -> int:
        self.last_update_id += 1
        return self.last_update_id
