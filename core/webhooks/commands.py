"""What can be asked about outgoing webhooks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AddWebhook:
    """`kinds` of events; none: all. `secret`: whsec_ and base64; empty: we make one up."""

    client_id: int
    url: str
    kinds: tuple[str, ...] = ()
    description: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
class ChangeWebhook:
    """None: stays as it is. `new_secret`: the old one counts no more."""

    webhook_id: int
    url: str | None = None
    kinds: tuple[str, ...] | None = None
    description: str | None = None
    enabled: bool | None = None
    new_secret: bool = False


@dataclass(frozen=True, slots=True)
class RemoveWebhook:
    """What has not left yet does not leave any more."""

    webhook_id: int


@dataclass(frozen=True, slots=True)
class TryWebhook:
    """Sends it an event `webhook.test`."""

    webhook_id: int


@dataclass(frozen=True, slots=True)
class ReplayEvent:
    """Sends the event of this delivery to the webhook once more, under the same `webhook-id`."""

    webhook_id: int
    delivery_id: int


@dataclass(frozen=True, slots=True)
class StopWebhook:
    """Its server answered 410 Gone: it is switched off, and those who manage webhooks hear of it."""

    webhook_id: int
