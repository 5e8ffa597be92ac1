"""Deliveries and edits to Telegram, and the immediate answer to a pressed button."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from channels.base import Document, Outgoing
from channels.capabilities import CAPABILITIES
from channels.failures import PermanentFailure, SendFailure
from channels.parts import Progress
from channels.telegram import render
from channels.telegram.client import TIMEOUT, TelegramClient
from channels.telegram.errors import NO_TEXT, NOT_MODIFIED
from channels.text import shorten

TOAST_LIMIT = 200
"""Characters, core.telegram.org/bots/api#answercallbackquery."""

UPDATES = ["message", "edited_message", "callback_query"]
"""The kinds we read; the others are not sent to us."""

Payload = dict[str, Any]
log = logging.getLogger(__name__)


class TelegramSender:
    channel = "telegram"
    capabilities = CAPABILITIES["telegram"]

    def __init__(
        self, account: str, token: str, *, api_url: str = "https://api.telegram.org", timeout: float = TIMEOUT
    ) -> None:
        self.account = account
        self.client = TelegramClient(token, api_url, timeout)
        self._progress = Progress()
        self._answers: set[asyncio.Task[None]] = set()

    async def send(self, message: Outgoing) -> str:
        if message.edits:
            return await self._edit(message, message.edits)
        if message.document:
            return await self._document(message, message.document)
        parts = await self._parts(message)
        if message.thread:
            quoted = int(message.thread)
            parts[0][1]["reply_parameters"] = {"message_id": quoted, "allow_sending_without_reply": True}
        return await self._progress.send(message.delivery_id, parts, self._send_one(message), message.turn)

    async def _parts(self, message: Outgoing) -> list[tuple[bytes | None, Payload]]:
        """(photo, payload) of every message. A photo carries the card as its caption where that is long enough."""
        photo = await asyncio.to_thread(message.photo.read_bytes) if message.photo else None
        if photo is not None and render.fits_caption(message.card):
            return [(photo, render.caption(message.card))]
        texts = render.messages(message.card, private=not message.chat.startswith("-"), language=message.language)
        parts: list[tuple[bytes | None, Payload]] = [(None, text) for text in texts]
        return parts if photo is None else [(photo, {}), *parts]

    async def _document(self, message: Outgoing, document: Document) -> str:
        payload = {"chat_id": message.chat, **render.caption(message.card)}
        if message.thread:
            quoted = {"message_id": int(message.thread), "allow_sending_without_reply": True}
            payload["reply_parameters"] = quoted
        content = await asyncio.to_thread(document.path.read_bytes)
        return str((await self.client.send_document(content, document.name, payload))["message_id"])

    def _send_one(self, message: Outgoing) -> Callable[[tuple[bytes | None, Payload]], Any]:
        async def send(part: tuple[bytes | None, Payload]) -> str:
            photo, payload = part
            payload = {"chat_id": message.chat, **payload}
            sent = await (self.client.send_photo(photo, payload) if photo else self.client.call("sendMessage", payload))
            return str(sent["message_id"])

        return send

    async def _edit(self, message: Outgoing, external_id: str) -> str:
        target = {"chat_id": message.chat, "message_id": int(external_id)}
        try:
            await self._change("editMessageText", target | render.edit(message.card))
        except PermanentFailure as failure:
            if failure.code != NO_TEXT:
                raise
            await self._change("editMessageCaption", target | render.caption(message.card))
        return external_id

    async def _change(self, method: str, payload: Payload) -> None:
        try:
            await self.client.call(method, payload, repeatable=True)
        except PermanentFailure as failure:
            if failure.code != NOT_MODIFIED:
                raise

    def answer(self, callback: str, toast: str = "") -> None:
        """Stops the spinner on the pressed button and shows the toast. Nobody waits: failures are only logged."""
        task = asyncio.create_task(self._answer(callback, toast))
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _answer(self, callback: str, toast: str) -> None:
        payload = {"callback_query_id": callback} | ({"text": shorten(toast, TOAST_LIMIT)} if toast else {})
        try:
            await self.client.call("answerCallbackQuery", payload)
        except SendFailure as failure:
            log.warning("a pressed button stayed unanswered: %s", failure)

    async def erase(self, chat: str, external_id: str) -> None:
        """Within 48 hours (core.telegram.org/bots/api#deletemessage)."""
        await self.client.call("deleteMessage", {"chat_id": chat, "message_id": int(external_id)}, repeatable=True)

    async def fetch(self, file_id: str, limit: int) -> bytes:
        return await self.client.download(file_id, limit)

    async def check(self) -> str:
        me = await self.client.call("getMe", {}, repeatable=True)
        return f"@{me['username']}"

    async def listen_at(self, url: str, secret: str) -> None:
        """Makes Telegram post its updates to `url` (core.telegram.org/bots/api#setwebhook)."""
        webhook = {"url": url, "secret_token": secret, "allowed_updates": UPDATES}
        await self.client.call("setWebhook", webhook, repeatable=True)

    async def close(self) -> None:
        await asyncio.gather(*self._answers)
        await self.client.close()
