"""Who wants no praise, and which achievements somebody has been told of."""

from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint

from core.schema import UTCDateTime, metadata, primary_key

praise_declined = Table(
    "praise_declined",
    metadata,
    primary_key(),
    Column("person_id", ForeignKey("persons.id"), nullable=False, unique=True),
    Column("at", UTCDateTime, nullable=False),
)

achievements = Table(
    "achievements",
    metadata,
    primary_key(),
    Column("person_id", ForeignKey("persons.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    UniqueConstraint("person_id", "code"),
)
