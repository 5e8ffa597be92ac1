"""A client's playbooks in every version, the runs of them, and what became of each step."""

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

STEP_KINDS = ("call", "message", "offer", "follow_up")
RUN_STATES = ("running", "finished", "stopped")
STEP_STATES = ("open", "done", "skipped")
CURRENT = text("is_current")
RUNNING = text("state = 'running'")
COMES_BACK = text("state = 'open' AND reminded_at IS NULL AND due_at IS NOT NULL")

playbooks = Table(
    "playbooks",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("version", SmallInteger, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("content", JSONText, nullable=False),  # name, win, reasons, words, steps
    Column("edited_by", ForeignKey("persons.id")),
    Column("edited_at", UTCDateTime, nullable=False),
    UniqueConstraint("client_id", "code", "version"),
    Index("uq_playbooks_current", "client_id", "code", unique=True, **where(CURRENT)),
)

playbook_runs = Table(
    "playbook_runs",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("escalation_id", ForeignKey("escalations.id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("version", SmallInteger, nullable=False),  # 0: as shipped
    Column("content", JSONText, nullable=False),  # frozen: editing a playbook changes new runs only
    Column("state", Text, nullable=False),
    Column("started_by", ForeignKey("persons.id")),
    Column("started_at", UTCDateTime, nullable=False),
    Column("ended_at", UTCDateTime),
    one_of("state", RUN_STATES),
    CheckConstraint("(state = 'running') = (ended_at IS NULL)", name="ended"),
    Index("uq_playbook_runs_running", "escalation_id", unique=True, **where(RUNNING)),
    Index("ix_playbook_runs_code", "client_id", "code"),
)

playbook_steps = Table(
    "playbook_steps",
    metadata,
    primary_key(),
    Column("run_id", ForeignKey("playbook_runs.id"), nullable=False),
    Column("number", SmallInteger, nullable=False),  # from 1
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", UTCDateTime),
    Column("reminded_at", UTCDateTime),
    Column("reason", Text, nullable=False, server_default=""),
    Column("person_id", ForeignKey("persons.id")),
    Column("at", UTCDateTime),
    UniqueConstraint("run_id", "number"),
    one_of("kind", STEP_KINDS),
    one_of("state", STEP_STATES),
    CheckConstraint("state <> 'skipped' OR reason <> ''", name="reason"),
    Index("ix_playbook_steps_comes_back", "due_at", **where(COMES_BACK)),
)


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of a client's playbook as it is kept."""

    id: int
    client_id: int
    code: str
    version: int
    is_current: bool
    enabled: bool
    content: dict[str, Any]
    edited_by: int | None
    edited_at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    id: int
    client_id: int
    escalation_id: int
    code: str
    version: int
    content: dict[str, Any]
    state: str
    started_by: int | None
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class StepRow:
    id: int
    run_id: int
    number: int
    kind: str
    state: str
    due_at: datetime | None
    reminded_at: datetime | None
    reason: str
    person_id: int | None
    at: datetime | None
