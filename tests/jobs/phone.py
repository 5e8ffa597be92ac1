"""A channel of our own that behaves as it is told, for the tests of this folder."""

import asyncio
from collections import defaultdict, deque
from dataclasses import replace

from channels.base import Outgoing
from channels.capabilities import CAPABILITIES, Capabilities
from channels.failures import SendFailure


class Phone:
    """Takes every message at once. `fails`: chat -> failures to raise first, in order; `slow`: seconds each send takes."""

    def __init__(self, channel: str = "telegram", slow: float = 0.0, **can: bool) -> None:
        self.channel, self.account = channel, "default"
        self.capabilities: Capabilities = replace(CAPABILITIES[channel], **can)
        self.fails: defaultdict[str, deque[Exception]] = defaultdict(deque)
        self.got: list[Outgoing] = []
        self.erased: list[tuple[str, str]] = []
        self.begun = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self._slow = slow

    def refuses(self, chat: str, *failures: SendFailure | Exception) -> None:
        self.fails[chat].extend(failures)

    @property
    def texts(self) -> list[str]:
        return [message.card.notice for message in self.got]

    async def send(self, message: Outgoing) -> str:
        self.begun.set()
        await asyncio.sleep(self._slow)
        await self.may_answer.wait()
        if self.fails[message.chat]:
            raise self.fails[message.chat].popleft()
        self.got.append(message)
        return f"m{len(self.got)}"

    async def erase(self, chat: str, external_id: str) -> None:
        self.erased.append((chat, external_id))

    async def fetch(self, file_id: str, limit: int) -> bytes:
        raise NotImplementedError

    async def check(self) -> str:
        return "a phone"

    async def close(self) -> None: ...
