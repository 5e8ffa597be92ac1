"""A lane has one owner whatever happens, and whoever stops leaves nothing half done."""

import asyncio
import contextlib

import pytest

from channels.limits import Limit
from core.clock import ManualClock
from core.database import Database
from core.outbox.lanes import changed_topic
from core.scheduling.queries import drop_lease, take_lease
from core.unit_of_work import UnitOfWork
from jobs.ownership import LEASE
from tests.jobs.lanes import PATIENCE, lane_of, queue, running, settled, states, stop
from tests.jobs.phone import Phone

LANE = "telegram:default"


@pytest.fixture
def phone() -> Phone:
    return Phone()


async def test_of_two_processes_one_sends(database: Database, clock: ManualClock) -> None:
    other = Database(database.url, clock)
    mine, theirs = Phone(), Phone()
    await queue(database, *[str(n) for n in range(30)])
    async with running(lane_of(database, mine, "a"), lane_of(other, theirs, "b")):
        await settled(database, 30)
    await other.close()
    assert sorted([len(mine.got), len(theirs.got)]) == [0, 30]


async def test_when_the_owner_dies_another_takes_over_after_the_lease(database: Database, clock: ManualClock) -> None:
    await database.write(lambda uow: take_lease(uow, "lane:telegram:default", "one that died", LEASE))
    await queue(database, "x")
    phone = Phone()
    async with running(lane_of(database, phone)):
        await asyncio.sleep(0.2)
        assert await states(database) == ["pending"]
        clock.advance(LEASE.total_seconds())
        assert await settled(database, 1) == ["sent"]


async def test_a_lane_that_stops_is_free_at_once_for_the_next(database: Database) -> None:
    async with running(lane_of(database, Phone(), "a")):
        await queue(database, "x")
        await settled(database, 1)
    async with running(lane_of(database, Phone(), "b")):
        await queue(database, "y")
        assert await settled(database, 2) == ["sent", "sent"]


async def test_stopping_finishes_what_is_on_the_wire_and_gives_back_the_rest(database: Database, phone: Phone) -> None:
    phone.may_answer.clear()
    await queue(database, "on the wire", "not begun", "not begun either")
    task = asyncio.create_task(lane_of(database, phone).run())
    await phone.begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    phone.may_answer.set()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert await states(database) == ["sent", "pending", "pending"]
    assert phone.texts == ["on the wire"]


async def test_stopping_gives_back_what_waits_for_the_lanes_limit(database: Database, phone: Phone) -> None:
    once_a_minute = Limit("telegram", "lane", 1, 60, "ours")
    await queue(database, "first", chat="42")
    await queue(database, "second", chat="43")
    async with running(lane_of(database, phone, "me", once_a_minute)):
        await settled(database, 1)
    assert await states(database) == ["sent", "pending"]


async def test_a_lane_that_is_woken_and_told_to_stop_at_the_same_moment_stops(database: Database, phone: Phone) -> None:
    lane = lane_of(database, phone)
    task = asyncio.create_task(lane.run())
    await queue(database, "x")
    await settled(database, 1)
    await asyncio.sleep(0.1)  # it rests

    lane._awake.set()
    await asyncio.sleep(0)
    task.cancel()

    await asyncio.wait({task}, timeout=PATIENCE)
    in_time = task.done()
    task.cancel()
    assert in_time


async def test_wherever_it_is_stopped_nothing_stays_claimed(database: Database, phone: Phone) -> None:
    for number in range(40):
        await queue(database, *("x" * 5), chat=str(number))
        task = asyncio.create_task(lane_of(database, phone).run())
        await asyncio.sleep(number * 0.0005)
        await stop(task)

        assert "sending" not in await states(database), number


async def test_who_finds_the_lane_with_another_sends_nothing_more(database: Database, phone: Phone) -> None:
    """As when somebody set the clock back, and with it the lease, or an operator deleted it."""

    def give_away(uow: UnitOfWork) -> None:
        drop_lease(uow, f"lane:{LANE}", "me")
        take_lease(uow, f"lane:{LANE}", "another", LEASE)
        uow.announce(changed_topic(LANE))  # so that it looks now, and not in five seconds

    for chat in ("1", "2", "3"):
        await queue(database, "x", chat=chat)
    async with running(lane_of(database, phone, "me", Limit("telegram", "lane", 1, 1, "ours"))):
        await settled(database, 1)
        await database.write(give_away)
        await asyncio.sleep(1.3)
        assert len(phone.got) == 1
    assert sorted(await states(database)) == ["pending", "pending", "sent"]
