"""What can have happened to webhooks. No secret and nothing of the address but its host stands in them."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class WebhookAdded:
    kind: ClassVar[str] = "webhook.added"
    host: str


@dataclass(frozen=True, slots=True)
class WebhookChanged:
    kind: ClassVar[str] = "webhook.changed"
    changed: list[str]


@dataclass(frozen=True, slots=True)
class WebhookRemoved:
    kind: ClassVar[str] = "webhook.removed"
    host: str


@dataclass(frozen=True, slots=True)
class WebhookStopped:
    """Its server answered 410: it was switched off."""

    kind: ClassVar[str] = "webhook.stopped"
    host: str


@dataclass(frozen=True, slots=True)
class WebhookReplayed:
    """`event`: the kind of what was sent once more."""

    kind: ClassVar[str] = "webhook.replayed"
    event: str


@dataclass(frozen=True, slots=True)
class WebhookTest:
    """Sent to one webhook when somebody tries it; not recorded."""

    kind: ClassVar[str] = "webhook.test"
    by: str
