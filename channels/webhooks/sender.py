"""Deliveries to webhooks: the event as JSON, as it was when it happened. A repeat is harmless: it has the same webhook-id."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import orjson

from channels.base import Outgoing
from channels.capabilities import CAPABILITIES
from channels.failures import PermanentFailure
from channels.webhooks.connection import Connection
from channels.webhooks.errors import failure_for
from channels.webhooks.signing import signed


@dataclass(frozen=True, slots=True)
class Receiver:
    url: str
    secret: str


FindReceiver = Callable[[str], Awaitable[Receiver | None]]
"""By the address in the outbox; None: it was removed or switched off."""
Stop = Callable[[str], Awaitable[None]]
"""Its server wants no more events: it is to be switched off."""
GONE = 410
TEST = "webhook.test"


class WebhookSender:
    channel = "webhooks"
    capabilities = CAPABILITIES["webhooks"]

    def __init__(
        self,
        account: str,
        find: FindReceiver,
        stop: Stop,
        now: Callable[[], datetime],
        *,
        allow_private: bool = False,
        timeout_seconds: float = 15.0,
        test_mode: bool = False,
    ) -> None:
        self.account = account
        self._find, self._stop, self._now = find, stop, now
        self._connection = Connection(allow_private, timeout_seconds, test_mode)

    async def send(self, message: Outgoing) -> str:
        receiver = await self._find(message.chat)
        if receiver is None or message.facts is None:
            raise PermanentFailure("gone", "the webhook was removed or switched off")
        payload = message.facts["payload"]
        message_id, body = str(message.facts["message_id"]), orjson.dumps(payload)
        headers = signed(message_id, int(self._now().timestamp()), body, receiver.secret)
        is_test = payload["type"] == TEST
        status, retry_after = await self._connection.post(receiver.url, body, headers, is_test=is_test)
        if status == GONE:
            await self._stop(message.chat)
        if failure := failure_for(status, retry_after):
            raise failure
        return message_id

    async def erase(self, chat: str, external_id: str) -> None:
        raise PermanentFailure("unsupported", "an event cannot be taken back")

    async def fetch(self, file_id: str, limit: int) -> bytes:
        raise PermanentFailure("unsupported", "webhooks keep no files")

    async def check(self) -> str:
        return "webhooks"

    async def close(self) -> None:
        await self._connection.close()
