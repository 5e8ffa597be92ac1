"""Climbs: one running policy per case and purpose, with the moment its next step is due. Policies: what a client has said, one row
for each time it was changed; rows never change, and a case keeps the one it began with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Column, Dialect, ForeignKey, Index, Integer, SmallInteger, Table, Text, UniqueConstraint

from core.policies.steps import Step
from core.schema import JSONText, UTCDateTime, metadata, one_of, primary_key, where


class StepsText(JSONText):
    """Tuples of steps. Many climbs have the same ones, word for word: what was read once is known."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return _read_steps


@lru_cache(maxsize=1000)
def _read_steps(text: str) -> tuple[Step, ...]:
    return tuple(Step(**row | {"tell": tuple(row["tell"])}) for row in orjson.loads(text))


climbs = Table(
    "climbs",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Integer, nullable=False),
    Column("purpose", Text, nullable=False),  # response, resolution
    Column("steps", StepsText, nullable=False),  # as they were: editing a policy changes new cases only
    Column("position", SmallInteger, nullable=False),
    Column("started_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime),
    Column("state", Text, nullable=False),
    UniqueConstraint("subject_kind", "subject_id", "purpose"),
    one_of("state", ("running", "stopped", "exhausted")),
    Index("ix_climbs_due", "due_at", **where("state = 'running'")),
)

POLICY_STATES = ("own", "house", "removed")

policies = Table(
    "policies",
    metadata,
    primary_key(),
    Column("client_id", ForeignKey("units.id"), nullable=False),
    Column("kind", Text, nullable=False),  # escalation, ticket
    Column("code", Text, nullable=False),
    Column("number", Integer, nullable=False),  # 1, 2, 3: of this policy of this client
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("steps", JSONText, nullable=False),  # core/policies/policy.py; of the house's and of a removed one: none
    Column("changes", JSONText, nullable=False),  # sentences
    Column("changed_by", Text, nullable=False),
    Column("created_at", UTCDateTime, nullable=False),
    UniqueConstraint("client_id", "kind", "code", "number"),
    one_of("state", POLICY_STATES),
)


@dataclass(frozen=True, slots=True)
class PolicyRow:
    id: int
    client_id: int
    kind: str
    code: str
    number: int
    state: str
    name: str
    steps: list[dict[str, Any]]
    changes: list[str]
    changed_by: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Climb:
    id: int
    client_id: int
    subject_kind: str
    subject_id: int
    purpose: str
    steps: tuple[Step, ...]
    position: int
    started_at: datetime
    due_at: datetime | None
    state: str


class DueClimb(NamedTuple):
    """What a sweep has to know of thousands: which step of which case it saw due."""

    id: int
    subject_kind: str
    subject_id: int
    purpose: str
    position: int
    started_at: datetime
