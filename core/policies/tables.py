"""Climbs: one running policy per case and purpose, with the moment its next step is due."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, UniqueConstraint, text

from core.schema import JSONText, UTCDateTime, metadata, one_of, primary_key

climbs = Table(
    "climbs",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Integer, nullable=False),
    Column("purpose", Text, nullable=False),  # response, resolution
    Column("steps", JSONText, nullable=False),  # frozen: editing a policy changes new cases only
    Column("position", SmallInteger, nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime),
    Column("state", Text, nullable=False),
    UniqueConstraint("subject_kind", "subject_id", "purpose"),
    one_of("state", ("running", "stopped", "exhausted")),
    Index(
        "ix_climbs_due", "due_at", sqlite_where=text("state = 'running'"), postgresql_where=text("state = 'running'")
    ),
)


@dataclass(frozen=True, slots=True)
class Climb:
    id: int
    client_id: int
    subject_kind: str
    subject_id: int
    purpose: str
    steps: list[dict[str, Any]]
    position: int
    started_at: datetime
    due_at: datetime | None
    state: str


class DueClimb(NamedTuple):
    """What a sweep has to know of thousands: which step of which case it saw due."""

    id: int
    subject_kind: str
    subject_id: int
    purpose: str
    position: int
    started_at: datetime
