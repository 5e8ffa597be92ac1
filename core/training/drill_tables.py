"""Drills: the chain is called as it would be, and who answers when is written down. Nothing else knows of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, SmallInteger, Table, Text, UniqueConstraint, text

from core.schema import UTCDateTime, metadata, primary_key, where

GOES_ON = text("ended_at IS NULL")

training_drills = Table(
    "training_drills",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),  # its branches are called
    Column("minutes", SmallInteger, nullable=False),  # from one level to the next
    Column("started_at", UTCDateTime, nullable=False),
    Column("started_by", ForeignKey("persons.id")),
    Column("started_by_name", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),  # called so far
    Column("due_at", UTCDateTime, nullable=False),  # the next level's turn
    Column("ended_at", UTCDateTime),
    Index("ix_training_drills_due", "due_at", **where(GOES_ON)),
    Index("ix_training_drills_client", "client_id"),
)

training_drill_calls = Table(
    "training_drill_calls",
    metadata,
    primary_key(),
    Column("drill_id", ForeignKey("training_drills.id"), nullable=False),
    Column("unit_id", ForeignKey("units.id"), nullable=False),
    Column("person_id", ForeignKey("persons.id"), nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("called_at", UTCDateTime, nullable=False),
    Column("answered_at", UTCDateTime),
    UniqueConstraint("drill_id", "unit_id", "person_id"),
    Index("ix_training_drill_calls_person", "drill_id", "person_id"),
)


@dataclass(frozen=True, slots=True)
class Drill:
    id: int
    client_id: int
    unit_id: int
    minutes: int
    started_at: datetime
    started_by: int | None
    started_by_name: str
    level: int
    due_at: datetime
    ended_at: datetime | None

    @property
    def reference(self) -> str:
        return f"DRL-{self.id}"


@dataclass(frozen=True, slots=True)
class DrillCall:
    """One person called for one branch. `seconds`: from the call to the answer."""

    unit_id: int
    unit: str
    person_id: int
    person: str
    level: int
    called_at: datetime
    answered_at: datetime | None

    @property
    def seconds(self) -> float | None:
        return (self.answered_at - self.called_at).total_seconds() if self.answered_at else None
