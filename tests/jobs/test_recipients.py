"""No more people are begun to be written to in a day than the account may; the rest waits, says when, and goes when it may."""

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.following import follow_notices
from channels.base import Outgoing
from channels.failures import PermanentFailure, UnknownOutcome
from channels.limits import RECIPIENTS_WINDOW
from core.clock import ManualClock
from core.database import Database
from core.outbox.notify import Chat, Notification, tell_chat
from core.outbox.tables import NORMAL, URGENT
from core.outbox.waiting import list_waiting
from core.unit_of_work import UnitOfWork
from jobs.dispatch import Lane
from jobs.recipients import Recipients
from tests import builders
from tests.jobs.lanes import lane_of, running, until
from tests.jobs.phone import Phone

DAY = timedelta(days=1)
T0 = datetime(2026, 11, 23, tzinfo=UTC)


class Number(Phone):
    """A WhatsApp account; `begun`: whom it wrote to outside their window."""

    def __init__(self) -> None:
        super().__init__("whatsapp")

    @property
    def begun_with(self) -> list[str]:
        return [message.chat for message in self.got if not message.window_open]

    async def send(self, message: Outgoing) -> str:
        return await super().send(message)


def limited(database: Database, number: Number, most: int, owner: str = "me") -> Lane:
    lane = lane_of(database, number, owner)
    return Lane(database, number, lane._attempt, owner, lane._gate.pace, recipients=most)


async def told(database: Database, *chats: str, urgency: int = NORMAL, heard: bool = False, text: str = "x") -> None:
    def work(uow: UnitOfWork) -> None:
        for chat in chats:
            to = Chat("whatsapp", "default", chat, heard_at=uow.now if heard else None)
            tell_chat(uow, to, Notification("reply.text", {"text": text}, urgency=urgency))

    await database.write(work)


async def in_state(database: Database, state: str, channel: str = "whatsapp") -> list[str]:
    return [left.chat for left in await database.read(lambda r: builders.outbox(r, state=state, channel=channel))]


async def sent(database: Database, number: int) -> list[str]:
    async def enough() -> bool:
        return len(await in_state(database, "sent")) >= number

    await until(enough)
    return await in_state(database, "sent")


async def waiting(database: Database, number: int) -> datetime:
    """Until so many are held; returns when the last of them leaves."""

    async def enough() -> bool:
        found = await database.read(lambda reader: list_waiting(reader, database.clock.now()))
        return any(lane.waiting == number and lane.held for lane in found if lane.channel == "whatsapp")

    await until(enough)
    (lane,) = [one for one in await database.read(lambda reader: list_waiting(reader, T0)) if one.channel == "whatsapp"]
    return lane.last_at


async def test_one_too_many_waits_a_day_and_goes_then(database: Database, clock: ManualClock) -> None:
    number, began = Number(), clock.now()
    await told(database, "a", "b", "c", "d")
    async with running(limited(database, number, 2)):
        assert await sent(database, 2) == ["a", "b"]
        assert await waiting(database, 2) == began + DAY
        clock.advance(DAY.total_seconds() - 1)
        await asyncio.sleep(0.1)
        assert number.begun_with == ["a", "b"]
        clock.advance(2)
        await sent(database, 4)
    assert number.begun_with == ["a", "b", "c", "d"]


async def test_who_was_written_to_and_who_has_written_is_not_counted_again(database: Database) -> None:
    number = Number()
    await told(database, "a", "b")
    async with running(limited(database, number, 2)):
        await sent(database, 2)
        await told(database, "a", text="again")
        await told(database, "c", heard=True)
        await sent(database, 4)
    assert number.begun_with == ["a", "b", "a"]


async def test_the_count_goes_on_where_a_restart_left_it(database: Database) -> None:
    await told(database, "a", "b")
    async with running(limited(database, Number(), 2, "first")):
        await sent(database, 2)
    await told(database, "c", "a")
    number = Number()
    async with running(limited(database, number, 2, "second")):
        await sent(database, 3)
        await waiting(database, 1)
    assert number.begun_with == ["a"]


async def test_what_was_refused_takes_no_place_and_what_may_have_left_does(database: Database) -> None:
    number = Number()
    number.refuses("a", PermanentFailure("131026", "no WhatsApp"))
    number.refuses("b", UnknownOutcome("timeout", "no answer"))
    async with running(limited(database, number, 2)):
        await told(database, "a")
        await until(lambda: _any(database, "failed"))
        await told(database, "b", "c", "d")
        await sent(database, 1)
        await waiting(database, 1)
    assert (await in_state(database, "sent"), await in_state(database, "pending")) == (["c"], ["d"])


async def _any(database: Database, state: str) -> bool:
    return bool(await in_state(database, state))


async def test_the_urgent_come_before_those_who_wait_longer(database: Database, clock: ManualClock) -> None:
    number = Number()
    async with running(limited(database, number, 1)):
        await told(database, "a")
        await sent(database, 1)
        await told(database, "b")
        await waiting(database, 1)
        await told(database, "c", urgency=URGENT)
        assert await waiting(database, 2) == clock.now() + DAY
        clock.advance(DAY.total_seconds() + 1)
        await sent(database, 2)
        await waiting(database, 1)
    assert number.begun_with == ["a", "c"]


async def test_what_waits_for_somebody_leaves_when_they_write_or_were_written_to(database: Database) -> None:
    number = Number()
    async with running(limited(database, number, 1)):
        await told(database, "a")
        await sent(database, 1)
        await told(database, "34600")
        await waiting(database, 1)
        words = builders.inbound("34600", "hello", channel="whatsapp")
        await database.write(lambda uow: follow_notices(uow, words, answered=False))
        await sent(database, 2)
    assert (number.begun_with, number.got[-1].chat) == (["a"], "34600")


async def test_the_admins_hear_of_it_once_a_day(database: Database, clock: ManualClock) -> None:
    def staff(uow: UnitOfWork) -> None:
        builders.person(uow, builders.client(uow), "admin", "ADA", on="slack")

    await database.write(staff)
    async with running(limited(database, Number(), 1)):
        await told(database, "a", "b")
        await waiting(database, 1)
        await told(database, "c")
        await waiting(database, 2)
        (alarm,) = await database.read(lambda reader: builders.outbox(reader, channel="slack"))
    assert alarm.text.startswith("🚦 whatsapp:default has begun to write to 1 people within 24 hours")


@given(st.lists(st.tuples(st.integers(0, 400_000), st.integers(0, 12)), max_size=80), st.integers(1, 5))
def test_no_window_ever_holds_more_people_than_the_account_may(wanted: list[tuple[int, int]], most: int) -> None:
    recipients, log = Recipients(most, RECIPIENTS_WINDOW), []
    for number, (second, person) in enumerate(sorted(wanted)):
        now = T0 + timedelta(seconds=second)
        if recipients.admit(number, str(person), now):
            recipients.ended(number, now, left=True)
            log.append((now, person))
        else:
            (moment,) = recipients.leave_at([(1, number)], now)
            assert now <= moment
    for at, _ in log:
        assert len({person for when, person in log if at <= when < at + RECIPIENTS_WINDOW}) <= most


@given(st.integers(1, 4), st.integers(1, 12))
def test_each_who_waits_gets_a_place_of_their_own(most: int, waiting: int) -> None:
    recipients = Recipients(most, RECIPIENTS_WINDOW)
    for number in range(most):
        recipients.admit(number, str(number), T0)
        recipients.ended(number, T0 + timedelta(hours=number), left=True)
    moments = recipients.leave_at([(1, 100 + number) for number in range(waiting)], T0 + timedelta(hours=most))
    days = [timedelta(hours=place % most) + DAY * (place // most + 1) for place in range(waiting)]
    assert moments == [T0 + each for each in days]
