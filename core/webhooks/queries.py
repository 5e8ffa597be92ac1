"""Webhooks of a client, and what became of the last events that went to one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from core.errors import NotFound
from core.outbox.tables import deliveries, notifications
from core.statements import Reader, Statement, literally
from core.webhooks.queueing import COLUMNS
from core.webhooks.tables import ACCOUNT, CHANNEL, Webhook, webhooks


@dataclass(frozen=True, slots=True)
class Sent:
    """One event on its way to one webhook, or there."""

    id: int
    state: str
    attempts: int
    error: str | None
    created_at: datetime
    next_attempt_at: datetime | None
    settled_at: datetime | None
    facts: dict[str, Any]


BY_ID = Statement(select(*COLUMNS).where(webhooks.c.id == bindparam("id")), Webhook)
OF_CLIENT = Statement(
    select(*COLUMNS).where(webhooks.c.client_id == bindparam("client_id")).order_by(webhooks.c.id), Webhook
)
_own = [deliveries.c[name] for name in Sent.__dataclass_fields__ if name != "facts"]
LAST = Statement(
    select(*_own, notifications.c.facts)
    .join(notifications, notifications.c.id == deliveries.c.notification_id)
    .where(
        deliveries.c.channel == literally(CHANNEL),
        deliveries.c.account == literally(ACCOUNT),
        deliveries.c.chat == bindparam("chat"),
        deliveries.c.id < bindparam("before"),
    )
    .order_by(deliveries.c.id.desc())
    .limit(bindparam("limit")),
    Sent,
)


ONE = Statement(
    select(*_own, notifications.c.facts, deliveries.c.notification_id)
    .join(notifications, notifications.c.id == deliveries.c.notification_id)
    .where(
        deliveries.c.id == bindparam("delivery_id"),
        deliveries.c.channel == literally(CHANNEL),
        deliveries.c.account == literally(ACCOUNT),
        deliveries.c.chat == bindparam("chat"),
    )
)


def get_webhook(reader: Reader, webhook_id: int) -> Webhook:
    found = reader.first(BY_ID, id=webhook_id)
    if found is None:
        raise NotFound(f"There is no webhook {webhook_id}.")
    return found


def list_webhooks(reader: Reader, client_id: int) -> list[Webhook]:
    """In the order in which they were added."""
    return reader.all(OF_CLIENT, client_id=client_id)


def find_listening(reader: Reader, chat: str) -> Webhook | None:
    """By the address in the outbox; None when it was removed or switched off meanwhile."""
    found = reader.first(BY_ID, id=int(chat)) if chat.isdecimal() else None
    return found if found and found.enabled else None


def list_sent(reader: Reader, webhook_id: int, limit: int, before: int = 2**62) -> list[Sent]:
    """The newest first. `before`: id of the last one that was seen."""
    return reader.all(LAST, chat=str(webhook_id), limit=limit, before=before)
