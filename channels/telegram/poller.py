"""Our own getUpdates loop (core.telegram.org/bots/api#getupdates): the library's confirms updates before they are
handled.

Telegram forgets an update once it is asked for the ones after it. So the offset moves only past updates whose effect
is stored; a crash or a lost database makes Telegram give the rest again.
"""

import asyncio
import logging
from collections import defaultdict
from typing import Any

import orjson

from channels.base import Intake, Source
from channels.failures import PermanentFailure, SendFailure
from channels.telegram.client import TelegramClient
from channels.telegram.decode import callback_of
from channels.telegram.sender import UPDATES, TelegramSender
from core.errors import Unavailable

PATIENCE = 25
"""Seconds Telegram holds the request open when there is nothing new."""
PAUSES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds to wait after the first, second, ... failure in a row."""

Update = dict[str, Any]
log = logging.getLogger(__name__)


class TelegramPoller:
    channel = "telegram"

    def __init__(
        self, source: Source, sender: TelegramSender, *, patience: float = PATIENCE, pauses: tuple[float, ...] = PAUSES
    ) -> None:
        self.account = source.account
        self._source, self._sender = source, sender
        self._client: TelegramClient = sender.client
        self._patience, self._pauses = patience, pauses
        self._offset = 0
        self._failures = 0

    async def listen(self, intake: Intake) -> None:
        """Runs until cancelled. A webhook that is still set would refuse us: it is removed once, unread updates are
        kept."""
        ready = False
        while True:
            try:
                if not ready:
                    await self._client.call("deleteWebhook", {"drop_pending_updates": False}, repeatable=True)
                    ready = True
                await self._round(intake)
                self._failures = 0
            except (SendFailure, Unavailable) as trouble:
                await self._pause(trouble)

    async def _round(self, intake: Intake) -> None:
        question = {"offset": self._offset, "timeout": self._patience, "limit": 100, "allowed_updates": UPDATES}
        updates: list[Update] = await self._client.call(
            "getUpdates", question, repeatable=True, wait=self._patience + 10
        )
        if not updates:
            return
        unstored = await self._take(intake, updates)
        if unstored:
            self._offset = min(unstored)
            raise Unavailable(f"{len(unstored)} updates wait at Telegram")
        self._offset = updates[-1]["update_id"] + 1

    async def _take(self, intake: Intake, updates: list[Update]) -> list[int]:
        """The ids of those that could not be stored. One chat's updates in order, different chats side by side."""
        chats: defaultdict[object, list[Update]] = defaultdict(list)
        for update in updates:
            chats[_chat(update)].append(update)
        taken = await asyncio.gather(*(self._take_chat(intake, chat) for chat in chats.values()))
        return [update_id for unstored in taken for update_id in unstored]

    async def _take_chat(self, intake: Intake, updates: list[Update]) -> list[int]:
        for number, update in enumerate(updates):
            body = orjson.dumps(update)
            try:
                answer = await intake(self._source, body)
            except Unavailable:
                return [update["update_id"] for update in updates[number:]]
            if callback := callback_of(body):
                self._sender.answer(callback, answer.toast)
        return []

    async def _pause(self, trouble: Exception) -> None:
        seconds = self._pauses[min(self._failures, len(self._pauses) - 1)]
        self._failures += 1
        broken = isinstance(trouble, PermanentFailure)
        log.log(logging.ERROR if broken else logging.WARNING, "no updates, again in %g s: %s", seconds, trouble)
        await asyncio.sleep(seconds)


def _chat(update: Update) -> object:
    """The chat an update belongs to, as far as one can be seen in it."""
    for content in update.values():
        if isinstance(content, dict):
            message = content.get("message") or content
            chat = message.get("chat") if isinstance(message, dict) else None
            return chat.get("id") if isinstance(chat, dict) else None
    return None
