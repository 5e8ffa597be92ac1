"""What was sent to us, by the platform's handle, and under which digest it was stored."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Table, Text

from core.schema import UTCDateTime, metadata, one_of, primary_key, where

media = Table(
    "media",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id")),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("file_id", Text, nullable=False),  # the platform's handle
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("digest", Text),  # SHA-256 of the stored bytes: their name in the folder
    Column("mime", Text),
    Column("name", Text),  # of the file, as whoever sent it called it
    Column("attempts", SmallInteger, nullable=False),
    Column("next_attempt_at", UTCDateTime, nullable=False),
    Column("error", Text),
    Column("created_at", UTCDateTime, nullable=False),
    one_of("state", ("pending", "stored", "failed")),
    Index("ix_media_due", "next_attempt_at", **where("state = 'pending'")),
)


@dataclass(frozen=True, slots=True)
class Media:
    id: int
    client_id: int | None
    channel: str
    account: str
    file_id: str
    kind: str
    state: str
    digest: str | None
    mime: str | None
    attempts: int
    error: str | None
    created_at: datetime
    name: str | None = None
