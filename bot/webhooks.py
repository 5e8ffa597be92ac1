"""The sender of outgoing webhooks: it always runs, and looks up the receiver of each event when it leaves. What it sends is no
message to anybody, so that the test mode does not redirect it."""

from bot.settings import Settings
from channels.webhooks.sender import Receiver, WebhookSender
from core.clock import wall_time
from core.database import Database
from core.webhooks.queries import find_listening
from core.webhooks.tables import ACCOUNT


def webhook_sender(settings: Settings, database: Database) -> WebhookSender:
    async def find(chat: str) -> Receiver | None:
        hook = await database.read(lambda reader: find_listening(reader, chat))
        return Receiver(hook.url, hook.secret) if hook else None

    return WebhookSender(ACCOUNT, find, wall_time, allow_private=settings.webhooks_allow_private)
