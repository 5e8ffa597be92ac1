"""An account that is blocked, locked or reported as spam: nothing is tried again by itself, and that outlives its dispatcher."""

import asyncio
from datetime import timedelta

import pytest

from channels.failures import PermanentFailure
from core.clock import ManualClock
from core.database import Database
from core.outbox.lanes import pause_lane, reset_lane, stop_lane
from core.outbox.notify import Notification, tell_person
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.jobs.lanes import lane_of, queue, running, settled, states
from tests.jobs.phone import Phone

LANE = "telegram:default"
SPAM = PermanentFailure("131048", "too many recipients reported our messages as spam", halts=True)


@pytest.fixture
async def phone(database: Database) -> Phone:
    phone = Phone()
    phone.refuses("42", SPAM)
    await queue(database, "one")
    await queue(database, "another", chat="43")
    return phone


@pytest.mark.logs_errors
async def test_the_lane_stops_until_an_operator_resets_it(database: Database, phone: Phone, clock: ManualClock) -> None:
    async with running(lane_of(database, phone, "first")):
        await settled(database, 1)
        await queue(database, "later", chat="44")
        await asyncio.sleep(0.2)
        before = await states(database)
    async with running(lane_of(database, phone, "second")):
        clock.advance(3600)
        await asyncio.sleep(0.3)
        assert await states(database) == before
        assert (before[0], before[-1]) == ("failed", "pending")
        await database.write(lambda uow: reset_lane(uow, LANE))
        await settled(database, 3)


@pytest.mark.logs_errors
async def test_who_was_to_get_it_gets_it_another_way(database: Database) -> None:
    def build(uow: UnitOfWork) -> None:
        ana = builders.person(uow, builders.client(uow), "technician", "ANA")
        row = {"person_id": ana, "channel": "slack", "address": "slack-ANA", "rank": 2, "verified_at": uow.now}
        builders.put(uow, contact_methods, **row)
        tell_person(uow, ana, Notification("reply.text", {"text": "x"}))

    await database.write(build)
    phone = Phone()
    phone.refuses("telegram-ANA", SPAM)
    async with running(lane_of(database, phone)):
        await settled(database, 1)
    found = await database.read(builders.outbox)
    assert [(left.channel, left.state) for left in found] == [("telegram", "failed"), ("slack", "pending")]


@pytest.mark.parametrize("rests", [False, True])
async def test_a_lane_stops_that_receipts_have_stopped_even_while_it_rests(
    database: Database, clock: ManualClock, rests: bool
) -> None:
    phone = Phone()
    lane = lane_of(database, phone)
    if rests:
        await database.write(lambda uow: pause_lane(uow, LANE, clock.now(), "too fast"))
    async with running(lane):
        await queue(database, "before")
        await settled(database, 1)
        await lane.health.read()
        await database.write(lambda uow: stop_lane(uow, LANE, "not paid", timedelta(hours=1)))
        await lane.health.read()
        await queue(database, "after")
        await asyncio.sleep(0.2)
    assert phone.texts == ["before"]
    assert lane.health.broken == "not paid"
