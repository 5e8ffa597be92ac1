"""What a client has said about its trainings: the levels, one row for each time they were changed. Rows never change: a run
names the one it went by, so that nobody has to guess later under which somebody was told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Table, Text

from core.schema import JSONText, UTCDateTime, metadata, one_of, primary_key

training_policies = Table(
    "training_policies",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("levels", JSONText, nullable=False),  # [[1, "store_manager"], ...]
    Column("critical_from", SmallInteger, nullable=False),
    Column("counts", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    Column("created_by", Text, nullable=False),
    one_of("counts", ("calendar", "working")),
    Index("ix_training_policies_client", "client_id", "id"),
)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    id: int
    client_id: int
    levels: list[list[Any]]
    critical_from: int
    counts: str
    created_at: datetime
    created_by: str
