"""Webhooks added, changed, removed and tried."""

import base64
import binascii
from secrets import token_bytes
from typing import Any

from sqlalchemy import bindparam, delete, insert, update

from core.audit.kinds import event_kinds
from core.audit.record import record
from core.audit.subject import Subject
from core.errors import Conflict, Invalid, NotFound
from core.outbox.notify import LOW, Chat, Notification, tell_again, tell_role
from core.outbox.tables import deliveries
from core.rule import Rule
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork
from core.webhooks import events
from core.webhooks.addresses import host_of
from core.webhooks.commands import AddWebhook, ChangeWebhook, RemoveWebhook, ReplayEvent, StopWebhook, TryWebhook
from core.webhooks.queries import ONE, get_webhook, list_webhooks
from core.webhooks.queueing import COLUMNS, queue
from core.webhooks.tables import ACCOUNT, CHANNEL, Webhook, webhooks

MOST = 20
OFF = "This webhook is switched off: switch it on first."
PREFIX = "whsec_"
CHANGEABLE = ("url", "kinds", "description", "enabled", "secret")
NEW = Statement(
    insert(webhooks)
    .values({name: bindparam(name) for name in Webhook.__dataclass_fields__ if name != "id"})
    .returning(*COLUMNS),
    Webhook,
)
CHANGE = Statement(
    update(webhooks)
    .where(webhooks.c.id == bindparam("id_"))
    .values({name: bindparam(name) for name in CHANGEABLE})
    .returning(*COLUMNS),
    Webhook,
)
STOP = Statement(
    update(webhooks)
    .where(webhooks.c.id == bindparam("id_"), webhooks.c.enabled)
    .values(enabled=False)
    .returning(*COLUMNS),
    Webhook,
)
REMOVE = Statement(delete(webhooks).where(webhooks.c.id == bindparam("id_")))
TAKE_BACK = Statement(
    update(deliveries)
    .where(
        deliveries.c.state == literally("pending"),
        deliveries.c.channel == literally(CHANNEL),
        deliveries.c.account == literally(ACCOUNT),
        deliveries.c.chat == bindparam("chat_"),
    )
    .values(state="withdrawn", settled_at=bindparam("now"))
)


def add(command: AddWebhook, uow: UnitOfWork) -> Webhook:
    host = host_of(command.url)
    if len(list_webhooks(uow, command.client_id)) >= MOST:
        raise Conflict(f"There are {MOST} webhooks already: remove one first.")
    hook = uow.one(
        NEW,
        client_id=command.client_id,
        url=command.url,
        secret=_checked_secret(command.secret) if command.secret else new_secret(),
        kinds=_checked_kinds(command.kinds),
        description=command.description.strip(),
        enabled=True,
        created_at=uow.now,
        created_by=uow.actor.name,
    )
    record(uow, subject_of(hook), events.WebhookAdded(host))
    return hook


def change(command: ChangeWebhook, uow: UnitOfWork) -> Webhook:
    before = get_webhook(uow, command.webhook_id)
    if command.url is not None:
        host_of(command.url)
    wanted: dict[str, Any] = {
        "url": command.url,
        "kinds": None if command.kinds is None else _checked_kinds(command.kinds),
        "description": None if command.description is None else command.description.strip(),
        "enabled": command.enabled,
        "secret": new_secret() if command.new_secret else None,
    }
    values = {name: getattr(before, name) if value is None else value for name, value in wanted.items()}
    changed = [name for name, value in values.items() if value != getattr(before, name)]
    if not changed:
        return before
    after = uow.one(CHANGE, id_=before.id, **values)
    if not after.enabled:
        _take_back(uow, after)
    record(uow, subject_of(after), events.WebhookChanged(changed))
    return after


def remove(command: RemoveWebhook, uow: UnitOfWork) -> None:
    hook = get_webhook(uow, command.webhook_id)
    _take_back(uow, hook)
    uow.run(REMOVE, id_=hook.id)
    record(uow, subject_of(hook), events.WebhookRemoved(host_of(hook.url)))


def stop(command: StopWebhook, uow: UnitOfWork) -> None:
    """Said once, however many events were answered so."""
    hook = uow.first(STOP, id_=command.webhook_id)
    if hook is None:
        return
    _take_back(uow, hook)
    host = host_of(hook.url)
    record(uow, subject_of(hook), events.WebhookStopped(host))
    news = Notification("webhook.stopped", {"host": host, "description": hook.description}, subject_of(hook))
    tell_role(uow, hook.client_id, "admin", news) or tell_role(uow, hook.client_id, "owner", news)


def try_out(command: TryWebhook, uow: UnitOfWork) -> int | None:
    """The delivery's id."""
    hook = get_webhook(uow, command.webhook_id)
    if not hook.enabled:
        raise Conflict(OFF)
    return queue(uow, hook, subject_of(hook), events.WebhookTest(uow.actor.name), uow.now)


def replay(command: ReplayEvent, uow: UnitOfWork) -> int:
    """The new delivery's id."""
    hook = get_webhook(uow, command.webhook_id)
    if not hook.enabled:
        raise Conflict(OFF)
    old = uow.first(ONE, delivery_id=command.delivery_id, chat=str(hook.id))
    if old is None:
        raise NotFound(f"This webhook was sent no delivery {command.delivery_id}.")
    if old.state == "pending":
        raise Conflict("This event is on its way still: it need not be sent once more.")
    new = tell_again(uow, Chat(CHANNEL, ACCOUNT, str(hook.id)), old.notification_id, LOW, person_id=None, photos=())
    record(uow, subject_of(hook), events.WebhookReplayed(old.facts["payload"]["type"]))
    return new


def subject_of(hook: Webhook) -> Subject:
    return Subject("webhook", hook.id, str(hook.id), hook.client_id, hook.client_id)


def new_secret() -> str:
    return PREFIX + base64.b64encode(token_bytes(32)).decode()


def _checked_secret(secret: str) -> str:
    """24 to 64 bytes, as github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md has it."""
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not 24 <= len(key) <= 64:
        raise Invalid("A secret is whsec_ and 24 to 64 random bytes in base64.", field="secret")
    return secret


def _checked_kinds(kinds: tuple[str, ...]) -> list[str]:
    known = set(event_kinds()) | {f"{kind.partition('.')[0]}.*" for kind in event_kinds()}
    wanted = [kind.strip().lower() for kind in kinds]
    if "*" in wanted:
        return []
    for kind in wanted:
        if kind not in known:
            raise Invalid(f"“{kind}” is no kind of event: docs/webhooks.md lists them.", field="kinds")
    return sorted(set(wanted))


def _take_back(uow: UnitOfWork, hook: Webhook) -> None:
    uow.run(TAKE_BACK, chat_=str(hook.id), now=uow.now)


def _client_of(command: ChangeWebhook | RemoveWebhook | TryWebhook | StopWebhook, reader: Reader) -> int:
    return get_webhook(reader, command.webhook_id).client_id


RULES = {
    AddWebhook: Rule(add, "webhook.manage", lambda command, _: command.client_id),
    ChangeWebhook: Rule(change, "webhook.manage", _client_of),
    RemoveWebhook: Rule(remove, "webhook.manage", _client_of),
    TryWebhook: Rule(try_out, "webhook.manage", _client_of),
    ReplayEvent: Rule(replay, "webhook.manage", _client_of),
    StopWebhook: Rule(stop, "webhook.stop", lambda _command, _reader: None),
}
