"""The events, and what came in: ids already seen, and payloads that could not be understood."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from core.schema import JSONText, UTCDateTime, metadata, primary_key, where

events = Table(
    "events",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id")),
    Column("at", UTCDateTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_kind", Text),
    Column("subject_id", Integer),
    Column("unit_id", Integer),
    Column("actor_kind", Text, nullable=False),
    Column("actor_name", Text, nullable=False),
    Column("person_id", Integer),
    Column("via", Text, nullable=False),
    Column("data", JSONText, nullable=False),
    Index("ix_events_subject", "subject_kind", "subject_id"),
    Index("ix_events_client", "client_id", "at"),
    Index("ix_events_person", "person_id", "at", **where("person_id IS NOT NULL")),
)

seen_events = Table(
    "seen_events",
    metadata,
    Column("key", Text, primary_key=True),  # channel:account:the platform's id
    Column("at", UTCDateTime, nullable=False, index=True),
    # what became of it: heard, refused, receipt, moved; another: a second name of the same event
    Column("outcome", Text),
    sqlite_with_rowid=False,
)

quarantine = Table(
    "quarantine",
    metadata,
    primary_key(),
    Column("channel", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("traceback", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("replayed_at", UTCDateTime),
)


@dataclass(frozen=True, slots=True)
class EventRow:
    id: int
    at: datetime
    kind: str
    actor_kind: str
    actor_name: str
    via: str
    data: dict[str, Any]
