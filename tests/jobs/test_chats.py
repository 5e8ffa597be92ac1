"""Chats side by side, each in its order; and what is said is true when it leaves."""

import asyncio

import pytest

from channels.failures import PermanentFailure
from channels.limits import Limit
from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.outbox.renewing import Renewed, stale_topic
from core.outbox.tables import Delivery
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.jobs.lanes import LATER, PATIENCE, lane_of, queue, running, settled, tried
from tests.jobs.phone import Phone


@pytest.fixture
def phone() -> Phone:
    return Phone()


async def test_what_waits_leaves_and_what_comes_later_wakes_it(database: Database, phone: Phone) -> None:
    await queue(database, "before")
    async with running(lane_of(database, phone)):
        await settled(database, 1)
        await queue(database, "after")
        assert await settled(database, 2) == ["sent", "sent"]
    assert phone.texts == ["before", "after"]


async def test_what_stands_behind_a_failure_in_a_chat_waits_and_keeps_its_order(
    database: Database, phone: Phone, clock: ManualClock
) -> None:
    phone.refuses("42", LATER)
    await queue(database, "one", "two", "three")
    await queue(database, "elsewhere", chat="43")
    async with running(lane_of(database, phone)):
        await tried(database, 2)
        assert phone.texts == ["elsewhere"]
        for _ in range(5):
            clock.advance(10)
            await asyncio.sleep(0.05)
        await settled(database, 4)
    assert phone.texts == ["elsewhere", "one", "two", "three"]


async def test_one_that_fails_for_good_does_not_hold_up_the_next(database: Database, phone: Phone) -> None:
    phone.refuses("42", PermanentFailure("400", "too long"))
    await queue(database, "one", "two")
    async with running(lane_of(database, phone)):
        assert await settled(database, 2) == ["failed", "sent"]


async def test_a_slow_chat_does_not_hold_up_others(database: Database) -> None:
    phone = Phone()
    phone.may_answer.clear()
    await queue(database, "slow", chat="42")
    async with running(lane_of(database, phone)):
        await phone.begun.wait()
        await queue(database, "fast", chat="43")
        phone.begun.clear()
        await asyncio.wait_for(phone.begun.wait(), PATIENCE)
        phone.may_answer.set()
        assert await settled(database, 2) == ["sent", "sent"]


async def test_a_change_leaves_after_the_card_it_changes(database: Database, phone: Phone) -> None:
    first = await database.write(lambda uow: builders.queued(uow, text="card"))
    await database.write(lambda uow: builders.queued(uow, text="below it", below=first))
    async with running(lane_of(database, phone)):
        await settled(database, 2)
    assert [(message.card.notice, message.thread) for message in phone.got] == [("card", None), ("below it", "m1")]


async def test_what_names_people_is_built_anew_when_they_change_while_it_is_in_hand(database: Database) -> None:
    """Ours waits at the gate of a lane that lets one out in a while; what is true changes meanwhile."""
    truth = ["two are late"]

    def renew(uow: UnitOfWork, delivery: Delivery) -> Renewed | None:
        return Renewed("reply.text", {"text": truth[0]} if delivery.chat == "9" else delivery.facts)

    phone = Phone()
    lane = lane_of(database, phone, "me", Limit("telegram", "lane", 1, 0.7, "ours"), renewers={"reply.text": renew})

    def work(uow: UnitOfWork) -> None:
        client_id = builders.client(uow)
        for chat in ("1", "2", "9"):
            builders.queued(uow, chat, "before", subject=Subject("unit", client_id, "ACME", client_id, client_id))
        uow.announce("lane:telegram")

    await database.write(work)
    async with running(lane):
        await _heard(phone, 1)
        truth[0] = "nobody is late"
        await database.write(lambda uow: uow.announce(stale_topic(1)))
        await _heard(phone, 3)
    assert sorted(phone.texts) == ["before", "before", "nobody is late"]


async def _heard(phone: Phone, messages: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while len(phone.texts) < messages:  # noqa: ASYNC110 - another task fills it
            await asyncio.sleep(0.01)
