"""Deliveries and edits to Slack, and the modal that follows a press."""

import asyncio
import logging
from typing import Any

from channels.base import Document, FormSpec, Outgoing
from channels.capabilities import CAPABILITIES
from channels.failures import SendFailure
from channels.parts import Progress
from channels.slack import forms, render
from channels.slack.client import TIMEOUT, SlackClient

log = logging.getLogger(__name__)

Payload = dict[str, Any]
Part = Payload | None
"""A message's payload, or None for the file."""


class SlackSender:
    channel = "slack"
    capabilities = CAPABILITIES["slack"]

    def __init__(
        self, account: str, token: str, *, api_url: str = "https://slack.com/api/", timeout: int = TIMEOUT
    ) -> None:
        self.account = account
        self.client = SlackClient(token, api_url, timeout)
        self._progress = Progress()
        self._direct: dict[str, str] = {}
        self._opening: set[asyncio.Task[None]] = set()

    async def send(self, message: Outgoing) -> str:
        channel = await self._channel(message.chat)
        if message.edits:
            change = {"channel": channel, "ts": message.edits, **render.edit(message.card)}
            await self.client.call("chat.update", change, repeatable=True)
            return message.edits
        parts: list[Part] = [*render.messages(message.card)]
        if (message.photo or message.document) and not message.visible_to:
            parts.insert(0, None)

        async def send_one(part: Part) -> str:
            return await (self._file(message, channel) if part is None else self._post(message, channel, part))

        return await self._progress.send(message.delivery_id, parts, send_one, message.turn)

    async def _post(self, message: Outgoing, channel: str, payload: Payload) -> str:
        target = {"channel": channel} | ({"thread_ts": message.thread} if message.thread else {})
        if message.visible_to:
            only = {"user": message.visible_to}
            return str((await self.client.call("chat.postEphemeral", target | only | payload))["message_ts"])
        return str((await self.client.call("chat.postMessage", target | payload))["ts"])

    async def _file(self, message: Outgoing, channel: str) -> str:
        """Posted before its card: a file's own message cannot carry buttons, and Slack does not tell its ts."""
        photo = Document(message.photo, message.photo.name) if message.photo else None
        file = message.document or photo
        assert file is not None
        await self.client.upload(file.path, file.name, channel, message.thread)
        return ""

    async def _channel(self, chat: str) -> str:
        """People are written to in their direct message with the bot, which has a channel id of its own."""
        if chat[:1] not in "UW":
            return chat
        if chat not in self._direct:
            answer = await self.client.query("conversations.open", {"users": chat})
            self._direct[chat] = answer["channel"]["id"]
        return self._direct[chat]

    def open_form(self, callback: str, form: FormSpec, chat: str, thread: str | None) -> None:
        """Opens the modal; `callback` is the press's trigger, good for three seconds. Nobody waits: failures are
        logged."""
        task = asyncio.create_task(self._open(callback, forms.view(form, chat, thread)))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    async def _open(self, trigger: str, view: Payload) -> None:
        try:
            await self.client.call("views.open", {"trigger_id": trigger, "view": view})
        except SendFailure as failure:
            log.warning("a form could not be opened: %s", failure)

    async def erase(self, chat: str, external_id: str) -> None:
        message = {"channel": await self._channel(chat), "ts": external_id}
        await self.client.call("chat.delete", message, repeatable=True)

    async def fetch(self, file_id: str, limit: int) -> bytes:
        return await self.client.download(file_id, limit)

    async def check(self) -> str:
        me = await self.client.call("auth.test", {}, repeatable=True)
        return f"{me['user']} in {me['team']}"

    async def close(self) -> None:
        await asyncio.gather(*self._opening)
        await self.client.close()
