"""Lanes with a channel of our own, at work, for the tests of this folder."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

from channels.failures import TemporaryFailure
from channels.limits import Limit
from core.database import Database
from core.outbox.renewing import Renewers
from core.unit_of_work import UnitOfWork
from jobs.attempt import Attempt
from jobs.dispatch import Lane
from jobs.pace import Pace
from tests import builders
from tests.jobs.phone import Phone

PATIENCE = 30.0
FINAL_STATES = ("sent", "delivered", "read", "failed", "uncertain", "withdrawn")
LATER = TemporaryFailure("502", "bad gateway")


def lane_of(
    database: Database, phone: Phone, owner: str = "me", *limits: Limit, renewers: Renewers | None = None
) -> Lane:
    pace = Pace(phone.channel, lambda _channel, _chat: limits, 0.0)
    return Lane(database, phone, Attempt(database.clock, no_photo, Random(1)), owner, pace, renewers=renewers)


async def no_photo(_: int) -> Path | None:
    return None


@asynccontextmanager
async def running(*lanes: Lane) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(lane.run()) for lane in lanes]
    try:
        yield
    finally:
        await stop(*tasks)


async def stop(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def states(database: Database) -> list[str]:
    return [left.state for left in await database.read(builders.outbox)]


async def until(condition: Callable[[], Any], within: float = PATIENCE) -> None:
    async with asyncio.timeout(within):
        while not await condition():  # noqa: ASYNC110 - what another task writes down can only be looked for
            await asyncio.sleep(0.01)


async def settled(database: Database, number: int) -> list[str]:
    """Their states, once so many have one that lasts."""

    async def enough() -> bool:
        return sum(state in FINAL_STATES for state in await states(database)) >= number

    await until(enough)
    return await states(database)


async def tried(database: Database, number: int) -> None:
    """Until so many attempts are written down."""

    async def enough() -> bool:
        found = await database.read(
            lambda reader: reader.connection.exec_driver_sql("SELECT count(*) FROM attempts").scalar_one()
        )
        return int(found) >= number

    await until(enough)


async def queue(database: Database, *texts: str, chat: str = "42", **values: Any) -> None:
    def work(uow: UnitOfWork) -> None:
        for text in texts:
            builders.queued(uow, chat=chat, text=text, **values)

    await database.write(work)
