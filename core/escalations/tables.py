"""Escalations: one open per conversation, which the database itself keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from core.schema import JSONText, UTCDateTime, metadata, one_of, primary_key, where

STATES = ("pending", "assigned", "in_progress", "resolved")
RESOLUTIONS = ("handled", "returned_to_ai", "converted", "lost", "no_action")
IN_HAND = "status IN ('assigned', 'in_progress')"
RESOLVED = text("status = 'resolved'")
UNRESOLVED = text("status <> 'resolved'")
LATE = text("breached_at IS NOT NULL")
OPEN = text("status <> 'resolved' AND conversation_id IS NOT NULL")

escalations = Table(
    "escalations",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("customer_id", ForeignKey("customers.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversations.id")),
    Column("status", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),  # 0 is the most urgent
    Column("team", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False),
    Column("more_reasons", JSONText, nullable=False),  # causes that joined while it was open
    Column("reason_details", Text, nullable=False, server_default=""),
    Column("summary", Text, nullable=False, server_default=""),
    Column("suggested_response", Text, nullable=False, server_default=""),
    Column("trigger_message_id", Text),
    Column("external_id", Text),  # of a case brought in from elsewhere
    Column("assigned_to", ForeignKey("persons.id")),
    Column("assigned_at", UTCDateTime),
    Column("first_response_at", UTCDateTime),
    Column("response_due_at", UTCDateTime, nullable=False),
    Column("breached_at", UTCDateTime),
    Column("resolution_due_at", UTCDateTime),  # empty: it was resolved elsewhere
    Column("resolution_breached_at", UTCDateTime),
    Column("resolved_at", UTCDateTime),
    Column("resolved_by", ForeignKey("persons.id")),
    Column("resolution", Text),
    Column("resolution_notes", Text, nullable=False, server_default=""),
    Column("return_to_ai", Boolean, nullable=False, server_default=text("true")),
    Column("necessary", Boolean),  # was a human needed? asked when it is resolved
    Column("satisfaction", SmallInteger),  # 1 to 5, as the customer said afterwards
    Column("satisfaction_word", Text, nullable=False, server_default=""),
    Column("policy_id", ForeignKey("policies.id")),  # which it began with; empty: the house's usual one
    Column("technical_context", JSONText),  # what another program knows about it, as it said it
    Column("customer_told_at", UTCDateTime),
    Column("created_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    one_of("status", STATES),
    one_of("resolution", RESOLUTIONS),
    CheckConstraint("priority BETWEEN 0 AND 3", name="priority"),
    CheckConstraint("satisfaction BETWEEN 1 AND 5", name="satisfaction"),
    CheckConstraint("status IN ('pending', 'resolved') OR assigned_to IS NOT NULL", name="assignee"),
    CheckConstraint("(status = 'resolved') = (resolved_at IS NOT NULL)", name="resolved"),
    Index("uq_escalations_open", "conversation_id", unique=True, **where(OPEN)),
    UniqueConstraint("client_id", "external_id"),
    Index("ix_escalations_assignee", "assigned_to", **where(IN_HAND)),
    Index("ix_escalations_customer", "customer_id", "created_at"),
    Index("ix_escalations_resolved", "client_id", "resolved_at", "id", **where(RESOLVED)),
    Index("ix_escalations_queue", "client_id", "priority", "response_due_at", "id", **where(UNRESOLVED)),
    Index("ix_escalations_late", "client_id", "status", **where(LATE)),
)


@dataclass(frozen=True, slots=True)
class Escalation:
    id: int
    client_id: int
    customer_id: int
    conversation_id: int | None
    status: str
    priority: int
    team: str
    reason: str
    more_reasons: list[str]
    reason_details: str
    summary: str
    suggested_response: str
    trigger_message_id: str | None
    assigned_to: int | None
    assigned_at: datetime | None
    first_response_at: datetime | None
    response_due_at: datetime
    breached_at: datetime | None
    resolution_due_at: datetime | None
    resolution_breached_at: datetime | None
    resolved_at: datetime | None
    resolved_by: int | None
    resolution: str | None
    resolution_notes: str
    return_to_ai: bool
    necessary: bool | None
    satisfaction: int | None
    satisfaction_word: str
    policy_id: int | None
    technical_context: dict[str, Any] | None
    customer_told_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def reference(self) -> str:
        return f"ESC-{self.id}"


COLUMNS = tuple(escalations.c[name] for name in Escalation.__dataclass_fields__)
