"""What the Slack stand-in remembers beyond channels: triggers, open modals, response addresses, uploads."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Trigger:
    person: str
    at: float
    used: bool = False


@dataclass
class ResponseAddress:
    """Where an interaction may be answered: five times within half an hour."""

    person: str
    channel: str
    message: str | None
    at: float
    uses: int = 0


@dataclass
class PendingUpload:
    file_id: str
    name: str
    length: int
    data: bytes | None = None


@dataclass
class SlackState:
    last_ts: int = 0
    last_number: int = 0
    triggers: dict[str, Trigger] = field(default_factory=dict)
    responses: dict[str, ResponseAddress] = field(default_factory=dict)
    uploads: dict[str, PendingUpload] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    modals: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    homes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def next_ts(self, now: float) -> str:
        """A message's identity: seconds and microseconds, always rising."""
        self.last_ts = max(self.last_ts + 1, int(now * 1_000_000))
        return f"{self.last_ts // 1_000_000}.{self.last_ts % 1_000_000:06d}"

    def next_number(self) -> int:
        self.last_number += 1
        return self.last_number
