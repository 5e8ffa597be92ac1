"""What was said to customers, as far as it has got: it leaves after a moment in which it can be taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Table, Text

from core.schema import UTCDateTime, any_of, metadata, one_of, primary_key, where

STATES = ("leaving", "waiting", "uncertain", "sent", "delivered", "read", "noticed", "failed", "taken_back")
"""`waiting`: the platform does not take it yet; `noticed`: only the approved template has left, the words follow."""
UNSETTLED = any_of("state", ("leaving", "waiting", "uncertain"))

escalation_replies = Table(
    "escalation_replies",
    metadata,
    primary_key(),
    Column("escalation_id", ForeignKey("escalations.id"), nullable=False, index=True),
    Column("person_id", ForeignKey("persons.id")),  # whose words they are; empty: a service's
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("album", Text, nullable=False, server_default=""),  # names further files that belong to it
    Column("first_message_id", ForeignKey("conversation_messages.id"), nullable=False),
    Column("last_message_id", ForeignKey("conversation_messages.id"), nullable=False),  # one for each photo
    Column("notification_id", ForeignKey("notifications.id"), unique=True),
    Column("state", Text, nullable=False),
    Column("said_at", UTCDateTime, nullable=False),
    Column("leaves_at", UTCDateTime, nullable=False),
    one_of("state", STATES),
    Index("ix_escalation_replies_person", "person_id", "id"),
    Index("ix_escalation_replies_unsettled", "leaves_at", **where(UNSETTLED)),
)


@dataclass(frozen=True, slots=True)
class EscalationReply:
    id: int
    escalation_id: int
    person_id: int | None
    author: str
    text: str
    album: str
    first_message_id: int
    last_message_id: int
    notification_id: int | None
    state: str
    said_at: datetime
    leaves_at: datetime


COLUMNS = tuple(escalation_replies.c[name] for name in EscalationReply.__dataclass_fields__)
