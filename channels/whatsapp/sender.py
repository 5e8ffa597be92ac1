"""Deliveries to WhatsApp: free text and buttons inside the 24-hour window, the approved template outside it."""

import asyncio
import re
from typing import Any

from channels.base import Document, Outgoing
from channels.capabilities import CAPABILITIES
from channels.failures import PermanentFailure
from channels.parts import Progress
from channels.whatsapp import render
from channels.whatsapp.client import WhatsAppClient
from channels.whatsapp.templates import NoticeTemplates

_BUSINESS_SCOPED = re.compile(r"[A-Z]{2}\.")


class WhatsAppSender:
    channel = "whatsapp"
    capabilities = CAPABILITIES["whatsapp"]

    def __init__(
        self,
        account: str,
        token: str,
        phone_number_id: str,
        templates: NoticeTemplates,
        *,
        api_url: str = "https://graph.facebook.com",
        version: str = "v25.0",
        sends_per_second: int = 80,
    ) -> None:
        self.account = account
        self.client = WhatsAppClient(token, phone_number_id, api_url, version, sends_per_second)
        self._templates = templates
        self._progress = Progress()

    async def send(self, message: Outgoing) -> str:
        if message.edits:
            return await self._update(message, message.edits)
        if message.document and message.window_open:
            parts = [await self._document(message, message.document)]
        elif message.window_open:
            parts = render.messages(message.card, message.language, await self._image(message))
        else:
            parts = [render.notice(message.card, self._templates.find(message.language))]
        return await self._send(message, parts, message.thread)

    async def _update(self, message: Outgoing, external_id: str) -> str:
        """WhatsApp cannot edit: a short word quotes the old card. Outside the window it is left unsaid, as a template
        would be a new alarm for something that was dealt with."""
        if not message.card.update or not message.window_open:
            return external_id
        return await self._send(message, [render.reply(message.card.update)], external_id)

    async def _image(self, message: Outgoing) -> str | None:
        if message.photo is None:
            return None
        content = await asyncio.to_thread(message.photo.read_bytes)
        return await self.client.upload(content, "image/png" if content.startswith(b"\x89PNG") else "image/jpeg")

    async def _document(self, message: Outgoing, document: Document) -> dict[str, Any]:
        content = await asyncio.to_thread(document.path.read_bytes)
        media_id = await self.client.upload(content, document.mime, document.name)
        return render.file(media_id, document.mime, document.name, message.card)

    async def _send(self, message: Outgoing, parts: list[dict[str, Any]], quoted: str | None) -> str:
        if quoted:
            parts[0]["context"] = {"message_id": quoted}
        envelope = {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            **_recipient(message.chat),
            "biz_opaque_callback_data": str(message.delivery_id),
        }
        return await self._progress.send(
            message.delivery_id, parts, lambda part: self.client.send({**envelope, **part}, message.left), message.turn
        )

    async def erase(self, chat: str, external_id: str) -> None:
        raise PermanentFailure("unsupported", "WhatsApp takes no message back")

    async def fetch(self, file_id: str, limit: int) -> bytes:
        return await self.client.download(file_id, limit)

    async def check(self) -> str:
        return await self.client.number()

    async def close(self) -> None:
        await self.client.close()


def _recipient(address: str) -> dict[str, str]:
    """Phones go into `to`; the business-scoped id of a person who hides theirs into `recipient`."""
    return {"recipient" if _BUSINESS_SCOPED.match(address) else "to": address}
