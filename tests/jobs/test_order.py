"""A chat keeps its order whatever fails, limits are nobody's fault, and what was withdrawn on its way does not come back."""

import asyncio
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from channels.failures import PermanentFailure, TemporaryFailure
from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.outbox.cards import refresh_cards
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.due import CLAIM
from core.outbox.giving_back import hold, release
from core.outbox.notify import withdraw
from core.outbox.retry import MOST_ATTEMPTS
from core.outbox.tables import URGENT, Delivery
from core.unit_of_work import UnitOfWork
from jobs.attempt import Attempt
from jobs.dispatch import Lane
from jobs.pace import Pace
from tests import builders
from tests.core.tickets.test_plans import plan_of
from tests.jobs.lanes import LATER, lane_of, queue, running, settled, states, tried, until
from tests.jobs.phone import Phone

TOO_FAST = TemporaryFailure("131056", "too many messages to this person", holds="recipient", limited=True)
TOO_MANY_CHANGES = TemporaryFailure("ratelimited", "too many messages", retry_after=30, limited=True)
AWAY = TemporaryFailure("network", "it cannot be reached", holds="lane")
BROKEN = PermanentFailure("401", "the token is wrong", broken=True)
TICKET = Subject("ticket", 7, "TKT-7", None)


@pytest.fixture
def phone() -> Phone:
    return Phone()


def claimed(uow: UnitOfWork, limit: int = 100) -> list[Delivery]:
    return claim(uow, "telegram", "default", limit)


@pytest.mark.parametrize("failure", [LATER, TOO_FAST, AWAY], ids=["a fault", "a limit", "no network"])
async def test_what_is_queued_after_a_failure_does_not_overtake(
    database: Database, phone: Phone, clock: ManualClock, failure: TemporaryFailure
) -> None:
    phone.refuses("42", failure)
    await queue(database, "one")
    async with running(lane_of(database, phone)):
        await tried(database, 1)
        await queue(database, "two")
        await asyncio.sleep(1.2)  # a lane that rests for a second has gone on
        assert phone.texts == []
        clock.advance(10)
        await settled(database, 2)
    assert phone.texts == ["one", "two"]


@pytest.mark.parametrize("failure", [LATER, TOO_MANY_CHANGES], ids=["a fault", "a limit"])
async def test_no_message_waits_for_the_change_of_a_card_above_it(
    database: Database, phone: Phone, failure: TemporaryFailure
) -> None:
    """Many cards of a busy board change at once; what is new there leaves meanwhile."""

    def changes(uow: UnitOfWork) -> None:
        refresh_cards(uow, TICKET, {"text": "claimed"})

    await queue(database, "card", subject=TICKET, card=True)
    async with running(lane_of(database, phone)):
        await settled(database, 1)
        phone.refuses("42", failure)
        await database.write(changes)
        await tried(database, 2)
        await queue(database, "alert")
        await settled(database, 2)
    assert phone.texts == ["card", "alert"]
    assert await states(database) == ["sent", "pending", "sent"]


async def test_what_is_more_urgent_passes_what_has_failed(database: Database, phone: Phone, clock: ManualClock) -> None:
    phone.refuses("42", LATER)
    await queue(database, "one", "two")
    async with running(lane_of(database, phone)):
        await tried(database, 1)
        await queue(database, "urgent", urgency=URGENT)
        await settled(database, 1)
        clock.advance(10)
        await settled(database, 3)
    assert phone.texts == ["urgent", "one", "two"]


async def test_what_was_claimed_while_the_failure_was_written_down_waits_too(
    database: Database, phone: Phone, clock: ManualClock
) -> None:
    phone.refuses("42", LATER)
    phone.may_answer.clear()
    await queue(database, "one")
    async with running(lane_of(database, phone)):
        await phone.begun.wait()
        await queue(database, "two", "three")
        await until(lambda: _are(database, "sending", "sending", "sending"))
        phone.may_answer.set()
        await tried(database, 1)
        await until(lambda: _are(database, "pending", "pending", "pending"))
        clock.advance(10)
        await settled(database, 3)
    assert phone.texts == ["one", "two", "three"]


async def _are(database: Database, *wanted: str) -> bool:
    return await states(database) == list(wanted)


async def test_the_order_holds_where_few_are_claimed_at_once(database: Database, clock: ManualClock) -> None:
    def fail(uow: UnitOfWork) -> None:
        (one,) = claimed(uow)
        settle(uow, [Settlement(one, "temporary", again_at=uow.now.replace(second=30))])

    await queue(database, "one")
    await database.write(fail)
    await queue(database, "two", "three")
    clock.advance(60)

    found = [await database.write(lambda uow: claimed(uow, 1)) for _ in range(3)]

    assert [[one.facts["text"] for one in batch] for batch in found] == [["one"], ["two"], ["three"]]


async def test_a_dead_letter_does_not_hold_up_the_rest(database: Database, phone: Phone, clock: ManualClock) -> None:
    phone.refuses("42", *[LATER] * MOST_ATTEMPTS)
    await queue(database, "one", "two")
    async with running(lane_of(database, phone)):
        for number in range(1, MOST_ATTEMPTS + 1):
            await tried(database, number)
            clock.advance(700)
        assert await settled(database, 2) == ["failed", "sent"]


@pytest.mark.parametrize("failure", [TOO_FAST, AWAY, BROKEN], ids=["limit", "network", "broken"])
@pytest.mark.logs_errors
async def test_a_limit_or_a_fault_of_the_channel_is_no_try_of_the_message(
    database: Database, phone: Phone, failure: Exception
) -> None:
    def attempts(reader):  # type: ignore[no-untyped-def]
        return reader.connection.exec_driver_sql("SELECT attempts, held_for FROM deliveries").one()

    phone.refuses("42", failure)
    await queue(database, "one")
    async with running(lane_of(database, phone)):
        await tried(database, 1)

    tries, held = await database.read(attempts)
    assert (tries, held) == (0, "limit" if failure is TOO_FAST else "broken")


@pytest.mark.parametrize("how", ["failed", "given back", "held"])
async def test_what_was_withdrawn_on_its_way_and_did_not_arrive_stays_withdrawn(database: Database, how: str) -> None:
    def work(uow: UnitOfWork) -> None:
        builders.queued(uow, subject=TICKET)
        taken = claimed(uow)
        withdraw(uow, TICKET, "reply.text")
        if how == "failed":
            settle(uow, [Settlement(taken[0], "temporary", again_at=uow.now)])
        elif how == "given back":
            release(uow, taken)
        else:
            hold(uow, [(taken[0], uow.now)], "limit")

    await database.write(work)
    assert await states(database) == ["withdrawn"]


async def test_what_was_withdrawn_on_its_way_and_arrived_is_sent(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        builders.queued(uow, subject=TICKET)
        taken = claimed(uow)
        withdraw(uow, TICKET, "reply.text")
        settle(uow, [Settlement(taken[0], "sent", external_id="m1")])

    await database.write(work)
    assert await states(database) == ["sent"]


async def test_what_stands_in_the_way_is_found_by_its_partial_index(database: Database) -> None:
    await queue(database, *[str(number) for number in range(200)])

    def plan(uow: UnitOfWork) -> str:
        if uow.dialect.name == "postgresql":
            uow.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            uow.connection.exec_driver_sql("ANALYZE deliveries")
        lane = {"channel": "telegram", "account": "default", "whose": 0}
        return plan_of(uow, CLAIM[1], lane | {"now": uow.now, "lately": uow.now, "lease_until": uow.now, "limit": 10})

    assert "ix_deliveries_held" in await database.write(plan)


async def test_what_is_withdrawn_while_it_waits_its_turn_in_the_dispatcher_does_not_leave(
    database: Database, phone: Phone, clock: ManualClock
) -> None:
    phone.may_answer.clear()
    await queue(database, "one")
    async with running(lane_of(database, phone)):
        await phone.begun.wait()
        await queue(database, "alert", subject=TICKET)
        await until(lambda: _are(database, "sending", "sending"))
        clock.advance(1)
        await database.write(lambda uow: withdraw(uow, TICKET, "reply.text"))
        phone.may_answer.set()
        await settled(database, 2)
        await queue(database, "again", subject=TICKET)
        await settled(database, 3)
    assert phone.texts == ["one", "again"]
    assert await states(database) == ["sent", "withdrawn", "sent"]


async def test_a_file_waits_for_the_one_before_it_and_not_for_ever(database: Database, clock: ManualClock) -> None:
    """The first cannot be fetched yet."""

    def first(uow: UnitOfWork) -> list[int | None]:
        builders.queued(uow, photos=(10, 11))
        settle(uow, [Settlement(one, "sent", external_id="m1") for one in claimed(uow)])
        photo, behind = claimed(uow)
        again = uow.now + timedelta(seconds=3)
        settle(uow, [Settlement(photo, "temporary", again_at=again, held="photo")])
        release(uow, [behind])
        builders.queued(uow, text="what is said meanwhile")
        return [one.media_id for one in claimed(uow)]

    def then(uow: UnitOfWork) -> set[int | None]:
        return {one.media_id for one in claimed(uow)}

    assert await database.write(first) == [None]
    clock.advance(2)
    assert await database.write(then) == set()
    clock.advance(119)
    assert await database.write(then) == {10, 11}  # better out of order than never


async def test_what_is_behind_a_file_that_is_not_there_yet_is_given_back(database: Database, phone: Phone) -> None:
    asked: list[int] = []

    async def find(media_id: int) -> Path | None:
        asked.append(media_id)
        return None

    await database.write(lambda uow: builders.queued(uow, photos=(10, 11)))
    await queue(database, "and another thing")
    pace = Pace(phone.channel, lambda _channel, _chat: (), 0.0)
    async with running(Lane(database, phone, Attempt(database.clock, find, Random(1)), "me", pace)):
        await tried(database, 3)
        await until(lambda: _are(database, "sent", "pending", "pending", "sent"))
    assert set(asked) == {10}
    assert phone.texts == ["Hello", "and another thing"]
