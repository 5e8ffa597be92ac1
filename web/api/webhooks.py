"""/api/webhooks: whoever wants to hear by HTTP what happens at a client; docs/webhooks.md describes what is sent."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from core.errors import NotFound
from core.executor import execute
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from core.webhooks.addresses import host_of
from core.webhooks.commands import AddWebhook, ChangeWebhook, RemoveWebhook, ReplayEvent, TryWebhook
from core.webhooks.queries import Sent, get_webhook, list_sent, list_webhooks
from core.webhooks.tables import Webhook
from web.api.desk import AtDesk, Desk
from web.api.json import Asked, Name, Out, Page, example
from web.paging import DEFAULT, Cursor, Limit, cursor_of, page_of, read_cursor
from web.sight import check_sight

router = APIRouter(prefix="/api/webhooks", tags=["webhooks"])

Url = Annotated[str, Field(min_length=1, max_length=2000)]
About = Annotated[str, Field(max_length=500)]


class WebhookOut(Out):
    """`kinds` of events, as `escalation.raised` or `escalation.*`; none: all. `secret` is shown once: when it is made."""

    id: str
    url: str
    kinds: list[str]
    description: str
    enabled: bool
    created_at: datetime
    created_by: str
    secret: str | None = None


class WebhookGiven(Asked):
    """`secret`: `whsec_` and 24 to 64 bytes in base64; without it one is made up."""

    model_config = example(url="https://example.com/callboard", kinds=["escalation.*", "ticket.accepted"])
    url: Url
    kinds: list[Name] = Field(default_factory=list, max_length=200)
    description: About = ""
    secret: Annotated[str, Field(max_length=200)] = ""


class WebhookChanged(Asked):
    """What is left out stays as it is. `newSecret`: the answer shows it, and the old one counts no more."""

    model_config = example(enabled=False)
    url: Url | None = None
    kinds: Annotated[list[Name], Field(max_length=200)] | None = None
    description: About | None = None
    enabled: bool | None = None
    new_secret: bool = False


class SentOut(Out):
    """One event on its way to the webhook. `messageId` is its `webhook-id`; `id` that of the delivery."""

    id: str
    message_id: str
    kind: str
    state: str
    attempts: int
    error: str | None
    created_at: datetime
    next_attempt_at: datetime | None
    settled_at: datetime | None


class TestOut(Out):
    delivery_id: str | None


@router.get("")
async def webhooks(desk: AtDesk, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[WebhookOut]:
    def query(reader: Reader) -> Page[WebhookOut]:
        check_sight(reader, desk.actor, "webhook.manage", desk.client_id)
        hooks, following = page_of(list_webhooks(reader, desk.client_id), limit, cursor)
        return Page(items=[_shown(hook) for hook in hooks], next_cursor=following)

    return await desk.read(query)


@router.post("", status_code=201, response_model=WebhookOut)
async def add_webhook(desk: AtDesk, asked: WebhookGiven) -> Response:
    """From now on every event of these kinds is sent there."""

    def work(uow: UnitOfWork) -> tuple[int, WebhookOut]:
        host_of(asked.url, allow_private=desk.web.private_webhooks)
        command = AddWebhook(desk.client_id, asked.url, tuple(asked.kinds), asked.description, asked.secret)
        hook = execute(command, uow)
        return 201, _shown(hook, secret=hook.secret)

    return await desk.post(work)


@router.patch("/{webhook_id}")
async def change_webhook(desk: AtDesk, webhook_id: str, asked: WebhookChanged) -> WebhookOut:
    """Switched off: what has not left yet does not leave any more."""

    def work(uow: UnitOfWork) -> WebhookOut:
        if asked.url is not None:
            host_of(asked.url, allow_private=desk.web.private_webhooks)
        kinds = None if asked.kinds is None else tuple(asked.kinds)
        found = _find(uow, desk, webhook_id)
        hook = execute(
            ChangeWebhook(found.id, asked.url, kinds, asked.description, asked.enabled, asked.new_secret), uow
        )
        return _shown(hook, secret=hook.secret if asked.new_secret else None)

    return await desk.do(work)


@router.delete("/{webhook_id}", status_code=204)
async def remove_webhook(desk: AtDesk, webhook_id: str) -> None:
    await desk.do(lambda uow: execute(RemoveWebhook(_find(uow, desk, webhook_id).id), uow))


@router.post("/{webhook_id}/test", status_code=202, response_model=TestOut)
async def test_webhook(desk: AtDesk, webhook_id: str) -> Response:
    """Sends it an event of the kind `webhook.test`."""

    def work(uow: UnitOfWork) -> tuple[int, TestOut]:
        delivery_id = execute(TryWebhook(_find(uow, desk, webhook_id).id), uow)
        return 202, TestOut(delivery_id=str(delivery_id) if delivery_id else None)

    return await desk.post(work)


@router.post("/{webhook_id}/deliveries/{delivery_id}/replay", status_code=202, response_model=TestOut)
async def replay(desk: AtDesk, webhook_id: str, delivery_id: str) -> Response:
    """Under the same `webhook-id`, whatever became of it; 409 while it is on its way."""

    def work(uow: UnitOfWork) -> tuple[int, TestOut]:
        hook = _find(uow, desk, webhook_id)
        new: int = execute(ReplayEvent(hook.id, _number(delivery_id, "delivery")), uow)
        return 202, TestOut(delivery_id=str(new))

    return await desk.post(work)


@router.get("/{webhook_id}/deliveries")
async def sent(desk: AtDesk, webhook_id: str, limit: Limit = DEFAULT, cursor: Cursor = "") -> Page[SentOut]:
    """The newest first."""
    place = read_cursor(cursor, int)

    def query(reader: Reader) -> Page[SentOut]:
        check_sight(reader, desk.actor, "webhook.manage", desk.client_id)
        before = place[0] if place else 2**62
        found = list_sent(reader, _find(reader, desk, webhook_id).id, limit + 1, before)
        following = cursor_of(found[limit - 1].id) if len(found) > limit else None
        return Page(items=[_sent(one) for one in found[:limit]], next_cursor=following)

    return await desk.read(query)


def _find(reader: Reader, desk: Desk, webhook_id: str) -> Webhook:
    """Another client's does not exist for whoever asks."""
    hook = get_webhook(reader, _number(webhook_id, "webhook"))
    if hook.client_id != desk.client_id:
        raise NotFound(f"There is no webhook {webhook_id}.")
    return hook


def _number(said: str, of: str) -> int:
    if not (said.isascii() and said.isdigit() and len(said) < 16):
        raise NotFound(f"There is no {of} {said}.")
    return int(said)


def _shown(hook: Webhook, secret: str | None = None) -> WebhookOut:
    return WebhookOut(
        id=str(hook.id),
        url=hook.url,
        kinds=hook.kinds,
        description=hook.description,
        enabled=hook.enabled,
        created_at=hook.created_at,
        created_by=hook.created_by,
        secret=secret,
    )


def _sent(one: Sent) -> SentOut:
    return SentOut(
        id=str(one.id),
        message_id=one.facts["message_id"],
        kind=one.facts["payload"]["type"],
        state=one.state,
        attempts=one.attempts,
        error=one.error,
        created_at=one.created_at,
        next_attempt_at=one.next_attempt_at if one.state == "pending" else None,
        settled_at=one.settled_at,
    )
