"""What customers were asked afterwards, and what they answered."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, SmallInteger, Table, Text, UniqueConstraint, text

from core.schema import UTCDateTime, metadata, one_of, primary_key, where

KINDS = ("satisfaction", "recommend")
STATES = ("asked", "scored", "done", "withdrawn")
WAITING = text("state IN ('asked', 'scored')")

feedback_questions = Table(
    "feedback_questions",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("customer_id", ForeignKey("customers.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("escalation_id", ForeignKey("escalations.id"), nullable=False),
    Column("person_id", ForeignKey("persons.id")),  # whose work it is about
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("resolved_at", UTCDateTime, nullable=False),  # which end of it: it may be reopened
    Column("asked_at", UTCDateTime, nullable=False),
    Column("score", SmallInteger),
    Column("scored_at", UTCDateTime),
    Column("word", Text, nullable=False, server_default=""),
    one_of("kind", KINDS),
    one_of("state", STATES),
    CheckConstraint("score BETWEEN 0 AND 10", name="score"),
    CheckConstraint("(score IS NULL) = (scored_at IS NULL)", name="scored"),
    UniqueConstraint("escalation_id", "kind", "resolved_at"),
    Index("ix_feedback_questions_waiting", "customer_id", **where(WAITING)),
    Index("ix_feedback_questions_client", "client_id", "asked_at"),
)


@dataclass(frozen=True, slots=True)
class Question:
    id: int
    client_id: int
    customer_id: int
    conversation_id: int
    escalation_id: int
    person_id: int | None
    kind: str
    state: str
    asked_at: datetime
    score: int | None
    scored_at: datetime | None
    word: str


COLUMNS = tuple(feedback_questions.c[name] for name in Question.__dataclass_fields__)
