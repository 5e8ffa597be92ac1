"""The dispatcher: every ending has its state, a chat keeps its order, and a lane has one owner whatever happens."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from channels.base import Outgoing
from channels.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from channels.limits import Limit
from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.outbox.renewing import Renewed, Renewers, stale_topic
from core.outbox.tables import Delivery
from core.people.tables import contact_methods
from core.scheduling.queries import take_lease
from core.unit_of_work import UnitOfWork
from jobs.attempt import Attempt
from jobs.dispatch import Lane
from jobs.ownership import LEASE
from jobs.pace import Pace
from tests import builders
from tests.jobs.phone import Phone

PATIENCE = 10.0
FINAL_STATES = ("sent", "delivered", "read", "failed", "uncertain", "withdrawn")
LATER = TemporaryFailure("502", "bad gateway")


def lane_of(
    database: Database, phone: Phone, owner: str = "me", *limits: Limit, renewers: Renewers | None = None
) -> Lane:
    async def no_photo(_: int) -> Path | None:
        return None

    pace = Pace(phone.channel, lambda _channel, _chat: limits, 0.0)
    return Lane(database, phone, Attempt(database.clock, no_photo, Random(1)), owner, pace, renewers=renewers)


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


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE):
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


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (PermanentFailure("400", "no such chat"), "failed"),
        (UnknownOutcome("timeout", "no answer"), "uncertain"),
    ],
)
async def test_each_ending_has_its_state(database: Database, phone: Phone, failure: Exception, state: str) -> None:
    phone.refuses("42", failure)
    await queue(database, "x")
    async with running(lane_of(database, phone)):
        assert await settled(database, 1) == [state]


async def test_a_passing_failure_leaves_after_its_time(database: Database, phone: Phone, clock: ManualClock) -> None:
    phone.refuses("42", LATER)
    await queue(database, "x")
    async with running(lane_of(database, phone)):
        await tried(database, 1)
        assert await states(database) == ["pending"]
        clock.advance(10)
        assert await settled(database, 1) == ["sent"]


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


async def test_a_dead_address_is_marked(database: Database, phone: Phone) -> None:
    def work(uow: UnitOfWork) -> None:
        builders.person(uow, builders.client(uow), "technician", "ANA")
        builders.queued(uow, chat="telegram-ANA")

    await database.write(work)
    phone.refuses("telegram-ANA", PermanentFailure("403", "blocked by the user", unreachable=True))
    async with running(lane_of(database, phone)):
        await settled(database, 1)
    reason = contact_methods.select().with_only_columns(contact_methods.c.unreachable_reason)
    assert await database.read(lambda reader: reader.connection.execute(reason).scalar()) == "blocked by the user"


async def test_a_group_that_moved_gets_its_message_at_its_new_place(
    database: Database, phone: Phone, clock: ManualClock
) -> None:
    phone.refuses("-42", PermanentFailure("400", "upgraded", moved_to="-10042"))
    await queue(database, "one", "two", chat="-42")
    async with running(lane_of(database, phone)):
        await tried(database, 1)
        clock.advance(1)
        await settled(database, 2)
    assert [(message.chat, message.card.notice) for message in phone.got] == [("-10042", "one"), ("-10042", "two")]


async def test_a_channel_that_refuses_everything_says_so_and_loses_nothing(database: Database, phone: Phone) -> None:
    phone.refuses("42", PermanentFailure("401", "the token is wrong", broken=True))
    await queue(database, "x")
    lane = lane_of(database, phone)
    with capture_logs() as logged:
        async with running(lane):
            await tried(database, 1)
            assert lane.health.broken == "the token is wrong"
    assert await states(database) == ["pending"]
    assert "the channel refuses everything" in [line["event"] for line in logged]


async def test_a_fault_of_ours_stops_neither_the_chat_nor_the_lane(database: Database, phone: Phone) -> None:
    phone.refuses("42", KeyError("result"))
    await queue(database, "one", "two")
    with capture_logs():
        async with running(lane_of(database, phone)):
            assert await settled(database, 2) == ["uncertain", "sent"]


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


async def test_a_change_leaves_after_the_card_it_changes(database: Database, phone: Phone) -> None:
    first = await database.write(lambda uow: builders.queued(uow, text="card"))
    await database.write(lambda uow: builders.queued(uow, text="below it", below=first))
    async with running(lane_of(database, phone)):
        await settled(database, 2)
    assert [(message.card.notice, message.thread) for message in phone.got] == [("card", None), ("below it", "m1")]


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


async def test_an_outcome_that_cannot_be_written_stops_neither_its_chat_nor_the_others(
    database: Database, phone: Phone
) -> None:
    class Odd(Phone):
        async def send(self, message: Outgoing) -> str:
            external_id = await super().send(message)
            return object() if self.texts[-1] == "odd" else external_id  # type: ignore[return-value]

    await queue(database, "odd", "after")
    await queue(database, "another", chat="43")

    with capture_logs() as logs:
        async with running(lane_of(database, Odd())):
            await until(lambda: _sent(database, 2))

    assert sorted(await states(database)) == ["sending", "sent", "sent"]
    assert [entry["log_level"] for entry in logs] == ["error"]


async def _sent(database: Database, number: int) -> bool:
    return (await states(database)).count("sent") == number


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
