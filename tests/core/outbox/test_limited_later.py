"""A limit of which the platform speaks only after it took the message holds up what it would have held up at once."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.clock import ManualClock
from core.database import Database
from core.outbox.dispatching import claim
from core.outbox.lanes import find_lane, pause_lane, reset_lane
from core.outbox.receipts import LANE_RESTS, NEWS, take_receipt
from core.outbox.retry import LIMITED_FOR, MOST_ATTEMPTS, rest_after
from core.outbox.tables import deliveries
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.outbox.test_failed_later import colleague, customer, fails, leaves, left
from tests.jobs.lanes import lane_of, queue, running, settled, until
from tests.jobs.phone import Phone

LANE = "whatsapp:default"
FULL = {"code": "130429", "reason": "the number's throughput is reached", "holds": "lane"}
NEXT = select(deliveries.c.next_attempt_at).where(deliveries.c.state == "pending")
PAIR = {"code": "131056", "reason": "too many messages to this person", "holds": "recipient"}


@pytest.mark.parametrize(("more", "seconds"), [({}, LANE_RESTS), ({"code": "131057", "again_after": 60.0}, 60.0)])
async def test_the_lane_rests(database: Database, clock: ManualClock, more: dict[str, object], seconds: float) -> None:
    def work(uow: UnitOfWork) -> None:
        customer(uow)
        fails(uow, leaves(uow), **FULL | more)

    await database.write(work)
    lane = await database.read(lambda reader: find_lane(reader, LANE))
    assert lane is not None
    assert lane.paused_until == clock.now() + timedelta(seconds=seconds)
    assert lane.paused_reason == "the number's throughput is reached"


@pytest.mark.parametrize("refusal", [FULL, PAIR])
async def test_what_is_told_long_afterwards_holds_up_nothing(database: Database, refusal: dict[str, object]) -> None:
    def work(uow: UnitOfWork) -> tuple[object, int]:
        customer(uow)
        refused = leaves(uow)
        builders.queued(uow, channel="whatsapp", chat=refused.chat)
        fails(uow, refused, at=uow.now - NEWS, **refusal)
        return find_lane(uow, LANE), len(claim(uow, "whatsapp", "default", 10))

    assert await database.write(work) == (None, 1)


async def test_it_does_not_end_a_longer_rest(database: Database, clock: ManualClock) -> None:
    tomorrow = clock.now() + timedelta(days=1)

    def work(uow: UnitOfWork) -> None:
        customer(uow)
        one = leaves(uow)
        pause_lane(uow, LANE, tomorrow, "blocked")
        fails(uow, one, **FULL)

    await database.write(work)
    lane = await database.read(lambda reader: find_lane(reader, LANE))
    assert lane is not None
    assert (lane.paused_until, lane.paused_reason) == (tomorrow, "blocked")


async def test_its_dispatcher_hears_of_every_rest_and_of_its_end_at_once(database: Database) -> None:
    phone = Phone("whatsapp")

    async def refused(number: int, seconds: float) -> None:
        """Its number-th message, after it was taken."""
        await settled(database, number)
        row = FULL | {"again_after": seconds}
        await database.write(lambda uow: take_receipt(uow, "whatsapp", f"m{number}", "failed", uow.now, **row))

    async with running(lane_of(database, phone)):
        await queue(database, "one", channel="whatsapp", chat="1")
        await refused(1, 0.05)
        await queue(database, "two", channel="whatsapp", chat="2")
        await refused(2, 3600.0)
        await queue(database, "three", channel="whatsapp", chat="3")
        await asyncio.sleep(0.2)
        assert phone.texts == ["one", "two"]
        await database.write(lambda uow: reset_lane(uow, LANE))
        await until(lambda: _said(phone, "three"))


async def _said(phone: Phone, text: str) -> bool:
    return text in phone.texts


async def test_their_other_messages_rest_as_well(database: Database) -> None:
    """Those of others do not; what is queued afterwards stands behind."""

    def claimed(uow: UnitOfWork) -> list[str]:
        return sorted(one.facts["text"] for one in claim(uow, "whatsapp", "default", 10))

    def work(uow: UnitOfWork) -> tuple[list[str], ...]:
        customer(uow)
        refused = leaves(uow)
        builders.queued(uow, channel="whatsapp", chat=refused.chat, text="second")
        fails(uow, refused, **PAIR)
        builders.queued(uow, channel="whatsapp", chat=refused.chat, text="third")
        builders.queued(uow, channel="whatsapp", chat="another", text="somebody else's")
        others = claimed(uow)
        uow.now += timedelta(seconds=2)
        return others, claimed(uow), claimed(uow)

    assert await database.write(work) == (["somebody else's"], ["Hello", "second"], ["third"])


async def test_it_is_no_fault_of_the_message_until_a_day_is_over(database: Database) -> None:
    """For longer each time, as often as it takes; then the person's next way is tried."""

    def work(uow: UnitOfWork) -> tuple[list[float], list[tuple[str, str]]]:
        colleague(uow)
        began, waits = uow.now, list[float]()
        while uow.now - began < LIMITED_FOR:
            refused_at = uow.now
            fails(uow, leaves(uow), **PAIR)
            uow.now = uow.connection.execute(NEXT).scalar_one()
            waits.append((uow.now - refused_at).total_seconds())
        fails(uow, leaves(uow), **PAIR)
        return waits, left(uow)[-2:]

    waits, ways = await database.write(work)
    assert len(waits) > MOST_ATTEMPTS
    assert waits == [pytest.approx(rest_after(refusals), abs=0.3) for refusals in range(len(waits))]
    assert ways == [("whatsapp", "failed"), ("slack", "pending")]
