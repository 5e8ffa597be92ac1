"""A dispatcher of four lanes with a limit each. As a program of its own (`python -m tests.jobs.dispatching URL NAME`) it can be
killed, and writes a line for every message that arrived."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from random import Random

from channels.base import Outgoing
from channels.limits import Limit
from core.clock import Clock, monotonic
from core.database import Database
from jobs.attempt import Attempt
from jobs.dispatch import Lane
from jobs.pace import Pace
from jobs.sharing import Sharing
from tests.jobs.lanes import running
from tests.jobs.phone import Phone

CHANNELS = ("telegram", "whatsapp", "slack", "webhooks")
LIMIT, WINDOW, GUARD = 20, 1.0, 0.1

Sent = tuple[float, str, str]
"""When, by whose dispatcher, and what it says. The moment is by the machine's clock, the same for every process."""


class Timed(Phone):
    def __init__(self, channel: str, arrives: Callable[[Sent], None], owner: str) -> None:
        super().__init__(channel)
        self._arrives, self._owner = arrives, owner

    async def send(self, message: Outgoing) -> str:
        self._arrives((monotonic(), self._owner, message.card.notice))
        return await super().send(message)


@asynccontextmanager
async def a_dispatcher(url: str, owner: str, arrives: Callable[[Sent], None]) -> AsyncIterator[Database]:
    database = Database(url, Clock())
    sharing = Sharing(database, owner, [f"{channel}:default" for channel in CHANNELS])

    async def no_photo(_: int) -> None:
        return None

    attempt = Attempt(database.clock, no_photo, Random(1))
    limit = Limit("any", "lane", LIMIT, WINDOW, "test")
    lanes = [
        Lane(
            database,
            Timed(channel, arrives, owner),
            attempt,
            owner,
            Pace(channel, lambda *_: (limit,), GUARD),
            sharing=sharing,
        )
        for channel in CHANNELS
    ]
    async with running(*lanes):
        yield database
    await database.write(sharing.leave)
    await database.close()


async def _until_killed(url: str, owner: str) -> None:
    def say(sent: Sent) -> None:
        sys.stdout.write("\t".join(str(part) for part in sent) + "\n")
        sys.stdout.flush()

    async with a_dispatcher(url, owner, say):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_until_killed(*sys.argv[1:]))
