"""Whose turn it is: a tick counts once, a lease has one owner, and settings are kept."""

import asyncio
from datetime import timedelta

from core.clock import ManualClock
from core.database import Database
from core.scheduling.queries import (
    claim_tick,
    drop_lease,
    find_kept,
    find_last_tick,
    forget_ticks,
    keep,
    take_lease,
)
from tests.conftest import START

TTL = timedelta(seconds=15)


async def takes(database: Database, owner: str) -> bool:
    return await database.write(lambda uow: take_lease(uow, "lane:slack:default", owner, TTL))


async def ticks(database: Database, job: str, minute: int = 0) -> bool:
    at = START + timedelta(minutes=minute)
    return await database.write(lambda uow: claim_tick(uow, job, at, "me"))


async def test_of_many_who_claim_a_tick_one_has_it(database: Database) -> None:
    assert (await asyncio.gather(*(ticks(database, "climb") for _ in range(20)))).count(True) == 1


async def test_another_job_or_moment_is_another_tick(database: Database) -> None:
    assert await ticks(database, "climb")
    assert await ticks(database, "climb", minute=1)
    assert await ticks(database, "prune")


async def test_the_last_tick_is_the_latest_moment_not_the_last_claimed(database: Database) -> None:
    for minute in (5, 3):
        await ticks(database, "climb", minute)
    assert await database.read(lambda reader: find_last_tick(reader, "climb")) == START + timedelta(minutes=5)
    assert await database.read(lambda reader: find_last_tick(reader, "prune")) is None


async def test_old_ticks_are_forgotten(database: Database, clock: ManualClock) -> None:
    await ticks(database, "climb")
    clock.advance(3600)
    await ticks(database, "climb", minute=60)
    assert await database.write(lambda uow: forget_ticks(uow, START + timedelta(minutes=1))) == 1


async def test_a_lease_has_one_owner_who_may_renew_it(database: Database, clock: ManualClock) -> None:
    assert await takes(database, "a")
    assert not await takes(database, "b")
    clock.advance(10)
    assert await takes(database, "a")
    clock.advance(10)
    assert not await takes(database, "b")


async def test_a_lease_that_ran_out_goes_to_the_next(database: Database, clock: ManualClock) -> None:
    await takes(database, "a")
    clock.advance(15)
    assert await takes(database, "b")
    assert not await takes(database, "a")


async def test_a_lease_given_up_is_free_at_once_and_only_its_owner_gives_it_up(database: Database) -> None:
    await takes(database, "a")
    await database.write(lambda uow: drop_lease(uow, "lane:slack:default", "b"))
    assert not await takes(database, "b")
    await database.write(lambda uow: drop_lease(uow, "lane:slack:default", "a"))
    assert await takes(database, "b")


async def test_of_many_who_take_a_free_lease_one_has_it(database: Database) -> None:
    assert (await asyncio.gather(*(takes(database, f"owner {n}") for n in range(20)))).count(True) == 1


async def test_a_setting_is_kept_until_it_is_changed(database: Database) -> None:
    assert await database.read(lambda reader: find_kept(reader, "paused")) is None
    for value in (True, {"until": "10:00"}):
        await database.write(lambda uow, value=value: keep(uow, "paused", value))
        assert await database.read(lambda reader: find_kept(reader, "paused")) == value
