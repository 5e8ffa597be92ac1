"""What a client has said about where its escalations go, one row for each time it was changed; and where each of them went.

Rows never change: a case names the rule that decided, and what was known of it is kept, so that other rules can be tried on it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, SmallInteger, Table, Text, UniqueConstraint

from core.schema import JSONText, UTCDateTime, metadata, primary_key, where

escalation_rule_sets = Table(
    "escalation_rule_sets",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3: of this client
    Column("rules", Text, nullable=False),  # a JSON list in their order; empty text: those of the house
    Column("changes", JSONText, nullable=False),  # sentences
    Column("changed_by", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("client_id", "number"),
)

escalation_routings = Table(
    "escalation_routings",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("escalation_id", ForeignKey("escalations.id"), nullable=False, index=True),
    Column("at", UTCDateTime, nullable=False),
    Column("joined", Boolean, nullable=False),  # a later cause of an open one
    Column("facts", JSONText, nullable=False),  # rules_triggers.Case
    Column("rule_id", Text, nullable=False),  # empty: no rule fitted
    Column("rule", Text, nullable=False),  # its name at that time
    Column("team", Text, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("assign_to", Text, nullable=False),  # as the rule said
    Column("respond_within", Integer),  # minutes; empty: as the priority has it
    Column("person_id", ForeignKey("persons.id")),  # whom it was assigned to
    Column("remarks", JSONText, nullable=False),  # sentences: what could not be done as the rule said
    Index("ix_escalation_routings_person", "person_id", "at", **where("person_id IS NOT NULL")),
    Index("ix_escalation_routings_rule", "client_id", "rule_id", "at"),
    Index("ix_escalation_routings_client", "client_id", "at"),
)


@dataclass(frozen=True, slots=True)
class RuleSetRow:
    number: int
    rules: str
    changes: list[str]
    changed_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Routing:
    escalation_id: int
    at: datetime
    joined: bool
    facts: dict[str, Any]
    rule_id: str
    rule: str
    team: str
    priority: int
    assign_to: str
    respond_within: int | None
    person_id: int | None
    remarks: list[str]
