"""A lane under limits: what must wait says until when, the urgent go first, a new owner counts on where the last one stopped."""

import asyncio
import time
from datetime import timedelta
from random import Random

import pytest

from channels.base import Outgoing
from channels.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from channels.limits import Limit
from core.clock import ManualClock, monotonic
from core.database import Database
from core.outbox.lanes import find_lane, pause_lane, report_broken, report_tripped, reset_lane
from core.outbox.waiting import list_waiting
from jobs.attempt import Attempt
from jobs.breaker import BURST, FIRST_PAUSE, LONGEST_PAUSE, Breaker
from jobs.dispatch import Lane
from jobs.gate import Gate
from jobs.pace import Grant, Pace
from tests import builders
from tests.jobs.lanes import lane_of, no_photo, queue, running, settled, states, until
from tests.jobs.phone import Phone

HOURLY = Limit("telegram", "recipient", 1, 3600, "test")
LANE = "telegram:default"


def slow(database: Database, phone: Phone, owner: str = "me"):  # type: ignore[no-untyped-def]
    return lane_of(database, phone, owner, HOURLY)


async def test_what_must_wait_for_its_chat_goes_back_and_says_when_it_leaves(
    database: Database, clock: ManualClock
) -> None:
    await queue(database, "a", "b", "c")

    async with running(slow(database, Phone())):
        await settled(database, 1)
        lane = (await database.read(lambda reader: list_waiting(reader, clock.now())))[0]

    assert (lane.waiting, lane.held) == (2, 2)
    assert lane.last_at - clock.now() == pytest.approx(timedelta(hours=2), abs=timedelta(seconds=30))
    assert lane.sentence("UTC", clock.now()) == f"⏳ 2 waiting for Telegram, last leaves {lane.last_at:%H:%M}"


async def test_whoever_owns_a_lane_writes_down_how_fast_it_is(database: Database) -> None:
    limits = Limit("telegram", "lane", 200, 60, "test"), Limit("telegram", "lane", 30, 1, "test"), HOURLY
    await queue(database, "a")

    async with running(lane_of(database, Phone(), "me", *limits)):
        await settled(database, 1)
        lane = await database.read(lambda reader: find_lane(reader, LANE))

    assert lane is not None
    assert lane.sends_per_second == pytest.approx(200 / 60)


async def test_a_new_owner_counts_on_from_what_the_last_one_sent(database: Database) -> None:
    await queue(database, "a")
    async with running(slow(database, Phone(), "first")):
        await settled(database, 1)
    await queue(database, "b")
    phone = Phone()

    async with running(slow(database, phone, "second")):
        await asyncio.sleep(0.5)

    assert phone.got == []
    assert await states(database) == ["sent", "pending"]


async def test_the_urgent_enter_before_those_who_wait_longer() -> None:
    pace = Pace("x", lambda _channel, _chat: (Limit("x", "lane", 100, 1, "test"),), 0.0)
    gate, entered = Gate(pace), []
    gate.hold(0.05)

    async def enter(name: str, urgency: int) -> None:
        await gate.enter(name, urgency)
        entered.append(name)

    await asyncio.gather(enter("low", 2), enter("normal", 1), enter("urgent", 0), enter("urgent too", 0))

    assert entered == ["urgent", "urgent too", "normal", "low"]


async def test_a_chat_that_must_wait_lets_the_others_pass() -> None:
    limits = (Limit("x", "lane", 100, 1, "test"), Limit("x", "recipient", 1, 3600, "test"))
    pace = Pace("x", lambda _channel, _chat: limits, 0.0)
    pace.grant("busy", monotonic())
    gate = Gate(pace)
    waiting = asyncio.create_task(gate.enter("busy", 0))

    await asyncio.wait_for(gate.enter("free", 2), 1)

    assert not waiting.done()
    waiting.cancel()


class LosesTheProcessor(Pace):
    """Right after a grant: a busy machine, or a stop of the whole process."""

    has_it_again = 0.0

    def grant(self, chat: str, at: float, wanted_at: float | None = None) -> Grant:
        grant = super().grant(chat, at, wanted_at)
        time.sleep(0.02)
        self.has_it_again = monotonic()
        return grant


async def test_the_next_one_keeps_its_distance_from_when_the_last_one_really_left() -> None:
    limits = (Limit("x", "lane", 1, 60, "test"), Limit("x", "recipient", 1, 60, "test"))
    pace = LosesTheProcessor("x", lambda _channel, _chat: limits, 0.0)
    gate = Gate(pace)
    gate.hold(0.01)

    await gate.enter("a", 0)

    assert pace.lane_free_at(0.0) >= pace.has_it_again + 60
    assert pace.chat_free_at("a", 0.0) >= pace.has_it_again + 60


class LeavesLate(Phone):
    """As from a thread that has to wait for the processor, or to connect."""

    left_at = 0.0

    async def send(self, message: Outgoing) -> str:
        await asyncio.to_thread(self._write, message)
        return await super().send(message)

    def _write(self, message: Outgoing) -> None:
        time.sleep(0.02)
        self.left_at = monotonic()
        assert message.left
        message.left()


async def test_a_client_that_writes_late_says_when_its_message_left(database: Database) -> None:
    limits = (Limit("telegram", "lane", 1, 60, "test"), Limit("telegram", "recipient", 1, 60, "test"))
    phone, pace = LeavesLate(), Pace("telegram", lambda _channel, _chat: limits, 0.0)
    await queue(database, "a")

    async with running(Lane(database, phone, Attempt(database.clock, no_photo, Random(1)), "me", pace)):
        await settled(database, 1)

    assert pace.lane_free_at(0.0) >= phone.left_at + 60
    assert pace.chat_free_at("42", 0.0) >= phone.left_at + 60


def test_a_burst_of_failures_trips_the_breaker_for_longer_each_time() -> None:
    breaker, pauses = Breaker(), []
    for _ in range(BURST):
        news = breaker.note("unknown")
    assert news == "tripped"
    for _ in range(10):
        pauses.append(breaker.pause)
        breaker.note("unknown")

    assert pauses[0] == FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_one_success_closes_the_breaker_and_refusals_do_not_trip_it() -> None:
    breaker = Breaker()
    for _ in range(BURST - 1):
        breaker.note("unknown")

    assert breaker.note("permanent") is None
    assert [breaker.note("temporary") for _ in range(BURST)][-1] == "tripped"
    assert breaker.note("sent") == "closed"


async def test_a_tripped_lane_stands_in_the_database_and_an_operator_ends_its_pause(database: Database) -> None:
    phone = Phone()
    phone.refuses("42", *[UnknownOutcome("502", "no answer")] * BURST)
    await queue(database, *[str(n) for n in range(BURST)])
    async with running(lane_of(database, phone)):
        await settled(database, BURST)

        async def paused() -> bool:
            state = await database.read(lambda reader: find_lane(reader, LANE))
            return state is not None and state.paused_until is not None

        await until(paused)
        await queue(database, "after")
        await database.write(lambda uow: reset_lane(uow, LANE))

        await settled(database, BURST + 1)

    assert phone.got[-1].card.notice == "after"


@pytest.mark.logs_errors
async def test_a_broken_channel_alarms_the_admin_on_another_one(database: Database) -> None:
    def staff(uow):  # type: ignore[no-untyped-def]
        client = builders.client(uow)
        builders.person(uow, client, "admin", "ADA", on="slack")

    await database.write(staff)
    await queue(database, "x")
    phone = Phone()
    phone.refuses("42", PermanentFailure("401", "the token is wrong", broken=True))
    async with running(lane_of(database, phone)):

        async def told() -> bool:
            return any(left.channel == "slack" for left in await database.read(builders.outbox))

        await until(told)

    assert (await database.read(lambda reader: find_lane(reader, LANE))).broken_reason == "the token is wrong"  # type: ignore[union-attr]


async def test_a_pause_the_platform_asked_for_is_shown_and_an_operator_ends_it(database: Database) -> None:
    phone = Phone()
    phone.refuses("42", TemporaryFailure("130429", "the number's throughput is reached", retry_after=600, holds="lane"))
    await queue(database, "x")
    async with running(lane_of(database, phone)):

        async def paused() -> bool:
            state = await database.read(lambda reader: find_lane(reader, LANE))
            return state is not None and state.paused_reason == "the number's throughput is reached"

        await until(paused)
        await queue(database, "another", chat="43")
        await asyncio.sleep(0.2)
        assert phone.got == []
        await database.write(lambda uow: reset_lane(uow, LANE))
        await settled(database, 1)
    assert phone.texts == ["another"]


async def test_the_next_owner_keeps_to_the_pause_and_finds_out_that_a_broken_channel_works_again(
    database: Database, clock: ManualClock
) -> None:
    later = clock.now() + timedelta(seconds=600)
    await database.write(lambda uow: pause_lane(uow, LANE, later, "too fast"))
    await queue(database, "x")
    phone = Phone()
    async with running(lane_of(database, phone)):
        await asyncio.sleep(0.3)
    assert phone.got == []

    await database.write(lambda uow: reset_lane(uow, LANE))
    await database.write(lambda uow: report_broken(uow, LANE, "the token is wrong"))
    lane = lane_of(database, phone)
    async with running(lane):
        await settled(database, 1)
        await until(lambda: _mended(database))
    assert lane.health.broken is None


async def _mended(database: Database) -> bool:
    state = await database.read(lambda reader: find_lane(reader, LANE))
    return state is not None and state.broken_since is None


async def test_the_admins_hear_of_a_lane_that_fails_again_after_its_pause_once(
    database: Database, clock: ManualClock
) -> None:
    def staff(uow):  # type: ignore[no-untyped-def]
        builders.person(uow, builders.client(uow), "admin", "ADA", on="slack")

    def trip(uow):  # type: ignore[no-untyped-def]
        report_tripped(uow, LANE, uow.now + timedelta(seconds=60), "many failures in a row, the last: no answer")

    await database.write(staff)
    for told in (0, 1, 1):
        await database.write(trip)
        assert len(await database.read(builders.outbox)) == told
        clock.advance(61)
    state = await database.read(lambda reader: find_lane(reader, LANE))
    assert state is not None
    assert (state.breaker(clock.now()), state.breaker(clock.now() - timedelta(seconds=30))) == ("half open", "open")
    (alarm,) = await database.read(builders.outbox)
    assert (alarm.channel, alarm.commands) == ("slack", [f"reset {LANE}"])
