"""Keys that clients gave their requests, with what was answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, PrimaryKeyConstraint, SmallInteger, Table, Text

from core.schema import UTCDateTime, metadata

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("actor", Text, nullable=False),  # a key means something only to whoever made it up
    Column("key", Text, nullable=False),
    Column("request", Text, nullable=False),  # method and path
    Column("digest", Text, nullable=False),  # SHA-256 of the body
    Column("status", SmallInteger),  # empty while the effect is on its way
    Column("response", Text),
    Column("at", UTCDateTime, nullable=False, index=True),
    PrimaryKeyConstraint("actor", "key"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """`status` and `response` are None while the first request is still at work."""

    request: str
    digest: str
    status: int | None
    response: str | None
    at: datetime
