"""Words a model has written for a case, until the customer says something new; and what people were alerted of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, Text, UniqueConstraint

from core.schema import Identity, JSONText, UTCDateTime, metadata, primary_key

guidance_drafts = Table(
    "guidance_drafts",
    metadata,
    Column("escalation_id", ForeignKey("escalations.id"), primary_key=True),
    Column("message_id", Identity, nullable=False),  # the customer's last when it was written; 0: none yet
    Column("language", Text, nullable=False),  # of the summary
    Column("words", JSONText),  # null: the model had nothing usable, and is not asked again
    Column("made_at", UTCDateTime, nullable=False),
)


guidance_alerts = Table(
    "guidance_alerts",
    metadata,
    primary_key(),
    Column("escalation_id", ForeignKey("escalations.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("told_at", UTCDateTime, nullable=False),
    UniqueConstraint("escalation_id", "kind", "about"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    escalation_id: int
    message_id: int
    language: str
    words: dict[str, object] | None
    made_at: datetime
