"""What can have happened in a conversation."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class CustomerAppeared:
    kind: ClassVar[str] = "customer.appeared"
    channel: str


@dataclass(frozen=True, slots=True)
class CustomersMerged:
    """Two were one: codes of the one that stays and of the one that is it now."""

    kind: ClassVar[str] = "customers.merged"
    kept: str
    dropped: str


@dataclass(frozen=True, slots=True)
class ConversationLed:
    """Who speaks with the customer from now on."""

    kind: ClassVar[str] = "conversation.led"
    led_by: str


@dataclass(frozen=True, slots=True)
class CustomersImported:
    kind: ClassVar[str] = "customers.imported"
    added: int
    changed: int
