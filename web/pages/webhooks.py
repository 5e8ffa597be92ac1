"""Webhooks: which other programs hear what happens here, whether it reached them, and their secret, shown once."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from core.errors import DomainError, Forbidden, NotFound
from core.executor import execute
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from core.webhooks.addresses import host_of
from core.webhooks.commands import AddWebhook, ChangeWebhook, RemoveWebhook, ReplayEvent, TryWebhook
from core.webhooks.queries import get_webhook, list_sent, list_webhooks
from core.webhooks.tables import Webhook
from web.pages.settings import tabs_of
from web.pages.visit import AtForm, AtPage, Visit
from web.sight import check_sight

router = APIRouter(include_in_schema=False, prefix="/settings/webhooks")

SHOWN = 5
"""Of what was sent to each, the newest."""
Url = Annotated[str, Form(max_length=2000)]
Text = Annotated[str, Form(max_length=500)]


@router.get("")
async def webhooks(visit: AtPage) -> Response:
    return await _shown(visit)


@router.post("")
async def add(visit: AtForm, url: Url = "", kinds: Text = "", description: Text = "") -> Response:
    """The answer is the page with the secret on it."""

    def work(uow: UnitOfWork) -> Webhook:
        uow.actor = visit.actor
        host_of(url, allow_private=visit.web.private_webhooks)
        wanted = tuple(kinds.replace(",", " ").split())
        made: Webhook = execute(AddWebhook(visit.client_id, url.strip(), wanted, description.strip(), ""), uow)
        return made

    try:
        made = await visit.web.database.write(work)
    except Forbidden:
        raise
    except DomainError as wrong:
        return await _shown(visit, wrong=wrong, given={"url": url, "kinds": kinds, "description": description})
    return await _shown(visit, secret=made.secret)


@router.post("/{webhook_id}/{what}")
async def change(visit: AtForm, webhook_id: int, what: str) -> Response:
    """`what`: on, off, secret, test or remove. A new secret stands on the page that answers."""
    if what == "secret":
        return await _renew(visit, webhook_id)
    commands: dict[str, tuple[Any, str]] = {
        "on": (ChangeWebhook(webhook_id, enabled=True), "It hears from us again."),
        "off": (ChangeWebhook(webhook_id, enabled=False), "It hears nothing more from us."),
        "test": (TryWebhook(webhook_id), "A test is on its way. Look below in a moment whether it arrived."),
        "remove": (RemoveWebhook(webhook_id), "It is removed."),
    }
    if what not in commands:
        raise NotFound("There is nothing at this address.")
    command, said = commands[what]

    def work(uow: UnitOfWork) -> None:
        _check_own(uow, visit, webhook_id)
        execute(command, uow)

    return await visit.work(work, then="/settings/webhooks", said=said)


@router.post("/{webhook_id}/replay/{delivery_id}")
async def replay(visit: AtForm, webhook_id: int, delivery_id: int) -> Response:
    def work(uow: UnitOfWork) -> None:
        _check_own(uow, visit, webhook_id)
        execute(ReplayEvent(webhook_id, delivery_id), uow)

    return await visit.work(work, then="/settings/webhooks", said="It is sent once more, under the same id.")


async def _renew(visit: Visit, webhook_id: int) -> Response:
    def work(uow: UnitOfWork) -> Webhook:
        uow.actor = visit.actor
        _check_own(uow, visit, webhook_id)
        renewed: Webhook = execute(ChangeWebhook(webhook_id, new_secret=True), uow)
        return renewed

    return await _shown(visit, secret=(await visit.web.database.write(work)).secret)


def _check_own(uow: UnitOfWork, visit: Visit, webhook_id: int) -> None:
    if get_webhook(uow, webhook_id).client_id != visit.client_id:
        raise NotFound("There is no such webhook.")


async def _shown(
    visit: Visit, secret: str = "", wrong: DomainError | None = None, given: dict[str, str] | None = None
) -> Response:
    def facts(reader: Reader) -> dict[str, Any]:
        check_sight(reader, visit.actor, "webhook.manage", visit.client_id)
        return {
            "title": "Webhooks",
            "tabs": tabs_of(visit.actor),
            "hooks": [
                (replace(hook, secret=""), list_sent(reader, hook.id, SHOWN))
                for hook in list_webhooks(reader, visit.client_id)
            ],
            "secret": secret,
            "wrong": {wrong.field or "url": wrong.sentence} if wrong else {},
            "given": given or {},
        }

    return await visit.show("webhooks.html", facts, wrong.status if wrong else 200)
