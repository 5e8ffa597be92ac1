"""What can have happened in a conversation."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class CustomerAppeared:
    kind: ClassVar[str] = "customer.appeared"
    channel: str


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
