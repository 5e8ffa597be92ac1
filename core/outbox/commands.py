"""What can be asked about deliveries that did not arrive, or may not have, and about lanes that rest."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ResendDelivery:
    """“Send again”: a dead letter, or one with an unknown outcome, which then says that it may be a repeat."""

    delivery_id: int


@dataclass(frozen=True, slots=True)
class ConfirmDelivery:
    """“It arrived”: somebody found out."""

    delivery_id: int


@dataclass(frozen=True, slots=True)
class ResendFiltered:
    """Everything of a client in this state, narrowed by channel and by subject (kind, id); a bounded number at a time."""

    client_id: int
    state: Literal["failed", "uncertain"]
    channel: str | None = None
    subject: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class RepeatDelivery:
    """An urgent message with an unknown outcome is sent once more, by itself."""

    delivery_id: int


@dataclass(frozen=True, slots=True)
class ResetLane:
    """Whatever holds a lane back counts no more: broken, paused, breaker. Asked for by somebody of the client."""

    client_id: int
    lane: str
