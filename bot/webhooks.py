"""The sender of outgoing webhooks: it always runs, and looks up the receiver of each event when it leaves. What it sends is no
message to anybody, so that the test mode does not redirect it, but keeps it from leaving."""

from bot.settings import Settings
from channels.webhooks.sender import Receiver, WebhookSender
from core.clock import wall_time
from core.database import Database
from core.executor import execute
from core.webhooks.commands import StopWebhook
from core.webhooks.queries import find_listening
from core.webhooks.tables import ACCOUNT


def webhook_sender(settings: Settings, database: Database) -> WebhookSender:
    async def find(chat: str) -> Receiver | None:
        hook = await database.read(lambda reader: find_listening(reader, chat))
        return Receiver(hook.url, hook.secret) if hook else None

    async def stop(chat: str) -> None:
        await database.write(lambda uow: execute(StopWebhook(int(chat)), uow))

    return WebhookSender(
        ACCOUNT,
        find,
        stop,
        wall_time,
        allow_private=settings.webhooks_allow_private,
        test_mode=settings.escalation_test_mode,
    )
