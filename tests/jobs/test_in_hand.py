"""What a lane has in hand: little of it is begun, nothing of it waits where nobody sees it, and what was lost is not sent."""

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import select

from channels.failures import TemporaryFailure
from channels.limits import Limit
from core.clock import ManualClock
from core.database import Database
from core.outbox.dispatching import LEASE as CLAIMED_FOR
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.in_hand import begin, take_over
from core.outbox.tables import deliveries
from core.scheduling.queries import take_lease
from core.unit_of_work import UnitOfWork
from jobs.ownership import LEASE
from tests.jobs.lanes import lane_of, queue, running, settled, states, until
from tests.jobs.phone import Phone

SLOW = Limit("telegram", "lane", 1, 0.7, "test")


async def in_hand(database: Database) -> list[datetime | None]:
    """When each that is claimed began."""
    claimed = select(deliveries.c.begun_at).where(deliveries.c.state == "sending").order_by(deliveries.c.id)
    return await database.read(lambda reader: list(reader.connection.execute(claimed).scalars()))


async def to_many(database: Database, number: int) -> None:
    for chat in range(number):
        await queue(database, str(chat), chat=str(100 + chat))


async def test_little_of_what_is_in_hand_is_begun(database: Database) -> None:
    await to_many(database, 40)
    phone = Phone()
    phone.may_answer.clear()
    async with running(lane_of(database, phone, "me", Limit("telegram", "lane", 10, 1, "test"))):
        await asyncio.wait_for(phone.begun.wait(), 10)
        found = await in_hand(database)
        phone.may_answer.set()
    assert 1 <= sum(at is not None for at in found) < len(found) / 2


async def test_what_the_dead_owner_had_not_begun_leaves_at_once_and_in_order(
    database: Database, clock: ManualClock
) -> None:
    def dies(uow: UnitOfWork) -> None:
        take_lease(uow, "lane:telegram:default", "one that died", LEASE)
        begin(uow, claim(uow, "telegram", "default", 3)[:1])

    await queue(database, "on the wire", "two", "three")
    await database.write(dies)
    clock.advance(LEASE.total_seconds())
    await queue(database, "four")
    phone = Phone()
    async with running(lane_of(database, phone)):
        await settled(database, 3)
    assert phone.texts == ["two", "three", "four"]
    assert await states(database) == ["sending", "sent", "sent", "sent"]


async def test_what_another_has_taken_over_meanwhile_is_not_sent_here(database: Database, clock: ManualClock) -> None:
    """This process stood still; when it goes on, others have sent what it had in hand."""
    await to_many(database, 3)
    phone = Phone()

    def others(uow: UnitOfWork) -> None:
        take_over(uow, "telegram", "default")
        taken = claim(uow, "telegram", "default", 9, lease_until=uow.now + 2 * CLAIMED_FOR)
        begin(uow, taken)
        settle(uow, [Settlement(one, "sent", external_id=f"theirs {one.id}") for one in taken])

    async with running(lane_of(database, phone, "me", SLOW)):
        await settled(database, 1)
        await database.write(others)
        await asyncio.sleep(2)
    assert await states(database) == ["sent", "sent", "sent"]
    assert phone.texts == ["0"]


@pytest.mark.parametrize("seconds", [600, 20])
async def test_what_waits_for_a_lane_that_rests_waits_in_the_outbox(database: Database, seconds: float) -> None:
    phone = Phone()
    phone.refuses("100", TemporaryFailure("130429", "too many", retry_after=seconds, holds="lane"))
    await to_many(database, 20)
    async with running(lane_of(database, phone, "me", Limit("telegram", "lane", 10, 1, "test"))):

        async def given_back() -> bool:
            return "sending" not in await states(database)

        await asyncio.wait_for(phone.begun.wait(), 10)
        await until(given_back)
        assert len(phone.got) < 10


async def test_no_more_is_claimed_than_the_lane_lets_through(database: Database) -> None:
    """Ten in a minute: the first ten leave, the others are not in anybody's hands meanwhile."""
    await to_many(database, 30)
    phone = Phone()
    async with running(lane_of(database, phone, "me", Limit("telegram", "lane", 10, 60, "test"))):
        await settled(database, 10)
        await asyncio.sleep(0.3)
        assert sorted(await states(database)) == ["pending"] * 20 + ["sent"] * 10
