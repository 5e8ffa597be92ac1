"""Outgoing webhooks. The secret stands as it is: we sign with it (docs/webhooks.md)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, ForeignKey, Table, Text

from core.schema import JSONText, UTCDateTime, metadata, primary_key

CHANNEL, ACCOUNT = "webhooks", "default"

webhooks = Table(
    "webhooks",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("kinds", JSONText, nullable=False),  # as escalation.raised, or escalation.*; none: all
    Column("description", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Webhook:
    id: int
    client_id: int
    url: str
    secret: str
    kinds: list[str]
    description: str
    enabled: bool
    created_at: datetime
    created_by: str

    def wants(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds or f"{kind.partition('.')[0]}.*" in self.kinds
