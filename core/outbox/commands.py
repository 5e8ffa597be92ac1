"""What can be asked about deliveries that did not arrive, or may not have, about lanes that rest, and about bundling."""

from dataclasses import dataclass
from typing import Literal

from core.outbox.bundling import Bundling


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
    """Whatever holds a lane back counts no more: broken, paused, breaker. `client_id`: whose admin asks; None: whoever sits at the
    machine."""

    client_id: int | None
    lane: str


@dataclass(frozen=True, slots=True)
class SetBundling:
    """`key`: one of core/outbox/bundling.py, or everything. `rule` None: as the installation has it."""

    person_id: int
    key: str
    rule: Bundling | None


@dataclass(frozen=True, slots=True)
class SetOwnBundling:
    """Of the one who asks."""

    key: str
    rule: Bundling | None
