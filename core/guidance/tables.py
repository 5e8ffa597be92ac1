"""Words a model has written for a case, until the customer says something new; and what people were alerted of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, SmallInteger, Table, Text, UniqueConstraint

from core.schema import Identity, JSONText, UTCDateTime, metadata, primary_key

guidance_drafts = Table(
    "guidance_drafts",
    metadata,
    Column("escalation_id", ForeignKey("escalations.id"), primary_key=True),
    Column("message_id", Identity, nullable=False),  # the customer's last when it was written; 0: none yet
    Column("language", Text, nullable=False),  # of the summary
    Column("person_id", ForeignKey("persons.id")),  # who is to say them: they hold the name
    Column("words", JSONText),  # null: the model had nothing usable
    Column("tries", SmallInteger, nullable=False),
    Column("again_at", UTCDateTime),  # when it is asked once more; null: not before there is something new
    Column("made_at", UTCDateTime, nullable=False),
)


guidance_alerts = Table(
    "guidance_alerts",
    metadata,
    primary_key(),
    Column("escalation_id", ForeignKey("escalations.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("whom", Text, nullable=False),  # one of core.guidance.alert_rules.RECIPIENTS
    Column("told_at", UTCDateTime, nullable=False),
    UniqueConstraint("escalation_id", "kind", "about", "whom"),
)


@dataclass(frozen=True, slots=True)
class Draft:
    escalation_id: int
    message_id: int
    language: str
    person_id: int | None
    words: dict[str, object] | None
    tries: int
    again_at: datetime | None
    made_at: datetime
