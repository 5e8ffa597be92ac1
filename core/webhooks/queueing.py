"""Every event goes to the webhooks that want it, through the outbox and in the transaction of its cause."""

from datetime import datetime
from secrets import token_hex

from sqlalchemy import bindparam, select

from core.audit.subject import Event, Subject
from core.outbox.notify import LOW, Chat, Notification, tell_chat
from core.people.queries import get_unit
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork
from core.webhooks.tables import ACCOUNT, CHANNEL, Webhook, webhooks

COLUMNS = [webhooks.c[name] for name in Webhook.__dataclass_fields__]
LISTENING = Statement(
    select(*COLUMNS).where(webhooks.c.client_id == bindparam("client_id"), webhooks.c.enabled).order_by(webhooks.c.id),
    Webhook,
)


def follow(uow: UnitOfWork, subject: Subject, event: Event, at: datetime) -> None:
    """Where nobody listens it costs next to nothing."""
    if subject.client_id is None:
        return
    for hook in uow.derive(_list_listening, subject.client_id):
        if hook.wants(event.kind):
            queue(uow, hook, subject, event, at)


def _list_listening(reader: Reader, client_id: int) -> list[Webhook]:
    return reader.all(LISTENING, client_id=client_id)


def queue(uow: UnitOfWork, hook: Webhook, subject: Subject, event: Event, at: datetime) -> int | None:
    """The delivery's id. `message_id` is the same however often it is sent; the receiver may know it by that."""
    actor = uow.actor
    payload = {
        "type": event.kind,
        "timestamp": at,
        "data": {
            "clientId": get_unit(uow, hook.client_id).code,
            "subject": {"kind": subject.kind, "reference": subject.reference},
            "actor": {"kind": actor.kind, "name": actor.name},
            "via": actor.via,
            "event": event,
        },
    }
    facts = {"message_id": f"msg_{token_hex(12)}", "payload": payload}
    about = Subject(subject.kind, subject.id, subject.reference, hook.client_id, subject.unit_id)
    chat = Chat(CHANNEL, ACCOUNT, str(hook.id))
    return tell_chat(uow, chat, Notification("webhook.event", facts, about, urgency=LOW))
