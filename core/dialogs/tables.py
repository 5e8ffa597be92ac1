"""One open dialog per person and chat; it survives restarts and days."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint

from core.schema import JSONText, UTCDateTime, metadata, primary_key

dialogs = Table(
    "dialogs",
    metadata,
    primary_key(),
    Column("person_id", ForeignKey("persons.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("answers", JSONText, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    UniqueConstraint("person_id", "channel", "chat"),
)


@dataclass(frozen=True, slots=True)
class Dialog:
    id: int
    verb: str
    answers: dict[str, Any]
    updated_at: datetime
