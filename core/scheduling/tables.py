"""Ticks, leases, and settings that belong to the data and not to a process (the demonstration's clock, paused jobs)."""

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, Text

from core.schema import JSONText, UTCDateTime, metadata

ticks = Table(
    "ticks",
    metadata,
    Column("job", Text, nullable=False),
    Column("scheduled_at", UTCDateTime, nullable=False),
    Column("claimed_at", UTCDateTime, nullable=False),
    Column("claimed_by", Text, nullable=False),
    Column("finished_at", UTCDateTime),
    Column("outcome", Text),
    PrimaryKeyConstraint("job", "scheduled_at"),
    Index("ix_ticks_claimed", "claimed_at"),
)

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("until", UTCDateTime, nullable=False),
)

dispatchers = Table(
    "dispatchers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("lanes", JSONText, nullable=False),  # those it can serve: it has their accounts
    Column("until", UTCDateTime, nullable=False),
)

kept_settings = Table(
    "kept_settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", JSONText, nullable=False),
)
