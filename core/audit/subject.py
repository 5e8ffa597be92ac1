"""What an event is about, and what every event has."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from core.quick import quick


@quick
@dataclass(frozen=True, slots=True)
class Subject:
    """What something is about. `kind`: ticket, escalation, assignment, person, ...; `reference`: what people say."""

    kind: str
    id: int
    reference: str
    client_id: int | None
    unit_id: int | None = None


class Event(Protocol):
    kind: ClassVar[str]
