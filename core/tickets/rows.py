"""The frozen rows read from the tables."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Category:
    id: int
    client_id: int
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Subcategory:
    """`response_minutes` and `resolution_minutes`: one number for each priority, 0 (critical) to 3 (low). `words`: what people call
    it, in lower case. `skill`: what is needed to mend it; empty: nothing special. `retired`: for no new tickets."""

    id: int
    client_id: int
    category_id: int
    code: str
    name: str
    response_minutes: list[int]
    resolution_minutes: list[int]
    usual_priority: int
    skill: str
    words: list[str]
    retired: bool


@dataclass(frozen=True, slots=True)
class Ticket:
    id: int
    client_id: int
    unit_id: int
    number: str
    running: int
    external_id: str | None
    parent_id: int | None
    subcategory_id: int
    priority: int
    description: str
    currency: str
    status: str
    policy_id: int | None
    dispatcher_id: int | None
    technician_id: int | None
    response_promised_at: datetime
    response_due_at: datetime
    resolution_due_at: datetime
    rework_due_at: datetime | None
    assigned_at: datetime | None
    first_response_at: datetime | None
    accepted_at: datetime | None
    arrived_at: datetime | None
    completed_at: datetime | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    latitude: float | None
    longitude: float | None
    located_at: datetime | None
    arrival_distance: int | None
    expected_at: datetime | None
    arrival_asked_by: int | None
    created_at: datetime
    updated_at: datetime

    @property
    def reference(self) -> str:
        return self.number


@dataclass(frozen=True, slots=True)
class Offer:
    id: int
    ticket_id: int
    person_id: int
    offered_at: datetime
    due_at: datetime
    because: str
    outcome: str
    reason: str
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Completion:
    """Amounts are minor units of `currency`; `labour_rate` per hour. `parts`: name, quantity (text), unit_cost, total."""

    id: int
    ticket_id: int
    completed_by: int
    completed_at: datetime
    work: str
    labour_minutes: int
    labour_rate: int
    parts: list[dict[str, Any]]
    parts_cost: int
    labour_cost: int
    total_cost: int
    currency: str
    approval: str
    notes: str
    decided_by: int | None
    decided_at: datetime | None
    signed_by: int | None
    signed_at: datetime | None
    signed_how: str | None


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A part of the client's price list."""

    id: int
    client_id: int
    code: str
    name: str
    unit_cost: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """One line of a price list, as text."""

    line: int
    code: str
    name: str
    unit_cost: str


@dataclass(frozen=True, slots=True)
class SignatureCode:
    completion_id: int
    person_id: int
    code: str
    expires_at: datetime
    tries: int
    issued: int
    first_issued_at: datetime


@dataclass(frozen=True, slots=True)
class TicketPhoto:
    id: int
    ticket_id: int
    completion_id: int | None
    media_id: int
    kind: str
    caption: str
