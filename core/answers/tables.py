"""A client's answers. Articles are found by their words (core/fulltext), patterns by their form (core/answers/patterns.py)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Table, Text, UniqueConstraint, text

from core.schema import UTCDateTime, metadata, one_of, primary_key

KINDS = ("pattern", "article")
LANGUAGES = ("en", "de", "es")

answers = Table(
    "answers",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("question", Text, nullable=False),  # patterns: one a line
    Column("answer", Text, nullable=False),
    Column("enabled", Boolean, nullable=False, server_default=text("true")),
    Column("source", Text, nullable=False, server_default=""),  # what it was learnt from, for example 'ESC-12'
    Column("uses", BigInteger, nullable=False, server_default="0"),
    Column("last_used_at", UTCDateTime),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    UniqueConstraint("client_id", "kind", "language", "question"),
    one_of("kind", KINDS),
    one_of("language", LANGUAGES),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """`uses`: how often a customer was told this."""

    id: int
    client_id: int
    kind: str
    language: str
    question: str
    answer: str
    enabled: bool
    source: str
    uses: int
    last_used_at: datetime | None
    created_at: datetime
    updated_at: datetime


COLUMNS = tuple(answers.c[name] for name in Answer.__dataclass_fields__)
