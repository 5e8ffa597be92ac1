"""A real test message through each lane: fine when it gets through, else an alarm elsewhere, and a word when it is well again."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from channels.failures import PermanentFailure
from core.clock import ManualClock
from core.database import Database
from core.outbox.dispatching import Settlement, claim, settle
from core.outbox.receipts import take_receipt
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from jobs.round_trips import RoundTrips, make_round_trips
from tests import builders
from tests.jobs.phone import Phone

LANE = "telegram:default"
RULE = RoundTrips({LANE: "4711", "whatsapp:default": "34600"}, timedelta(minutes=15), timedelta(minutes=5))


@pytest.fixture
async def phone(database: Database) -> Phone:
    def build(uow: UnitOfWork) -> None:
        admin = builders.person(uow, builders.client(uow), "admin", "ADM", on="telegram")
        row = {"person_id": admin, "channel": "slack", "address": "slack-ADM", "rank": 2, "verified_at": uow.now}
        builders.put(uow, contact_methods, **row)

    await database.write(build)
    return Phone()


async def turn(database: Database, *phones: Phone) -> list[str]:
    with capture_logs():
        return list((await make_round_trips(database, phones, RULE)).values())


async def leaves(database: Database, channel: str = "telegram", **end: object) -> None:
    """The lane sends whatever is due."""
    how = {"outcome": "sent", "external_id": "m1"} | end

    def work(uow: UnitOfWork) -> None:
        settle(uow, [Settlement(one, **how) for one in claim(uow, channel, "default", 100)])  # type: ignore[arg-type]

    await database.write(work)


async def tests_sent(database: Database) -> list[str]:
    return [left.state for left in await database.read(lambda r: builders.outbox(r, template="outbox.self_check"))]


async def alarms(database: Database) -> list[tuple[str, str]]:
    found = await database.read(lambda reader: builders.outbox(reader, template="outbox.channel_silent"))
    return [(left.chat, left.card.notice) for left in found]


async def test_one_that_gets_through_is_taken_back_and_the_next_one_comes_after_its_time(
    database: Database, phone: Phone, clock: ManualClock
) -> None:
    await turn(database, phone)
    await leaves(database)
    assert await turn(database, phone) == []
    assert phone.erased == [("4711", "m1")]
    clock.advance(14 * 60)
    await turn(database, phone)
    assert await tests_sent(database) == ["sent"]
    clock.advance(60)
    await turn(database, phone)
    assert await tests_sent(database) == ["sent", "pending"]
    assert await alarms(database) == []


async def test_one_that_is_late_alarms_by_another_channel_once_and_its_end_is_said(
    database: Database, phone: Phone, clock: ManualClock
) -> None:
    await turn(database, phone)
    clock.advance(299)
    assert await turn(database, phone) == []
    for _ in range(3):
        clock.advance(301)
        await turn(database, phone)
        await turn(database, phone)
    ((chat, notice),) = await alarms(database)
    assert (chat, "telegram:default" in notice, "has not left within 5 minutes" in notice) == ("slack-ADM", True, True)
    assert (await tests_sent(database)).count("pending") <= 1  # the late ones do not pile up
    for _ in range(2):
        clock.advance(301)
        await turn(database, phone)
        await leaves(database)
        await turn(database, phone)
    assert "answers again" in (await alarms(database))[1][1]


async def test_a_lane_that_is_only_busy_is_not_late(database: Database, phone: Phone, clock: ManualClock) -> None:
    await database.write(builders.queued)
    await turn(database, phone)
    clock.advance(301)

    def one_leaves(uow: UnitOfWork) -> None:
        settle(uow, [Settlement(one, "sent", external_id="m") for one in claim(uow, "telegram", "default", 1)])

    await database.write(one_leaves)
    assert await turn(database, phone) == []


async def test_one_that_is_refused_is_said_at_once(database: Database, phone: Phone) -> None:
    await turn(database, phone)
    await leaves(database, outcome="permanent", external_id=None, reason="no such chat")
    assert await turn(database, phone) == ["no such chat"]
    assert len(await alarms(database)) == 1


async def test_where_receipts_come_being_taken_is_not_enough(
    database: Database, phone: Phone, clock: ManualClock
) -> None:
    whatsapp = Phone("whatsapp")
    await turn(database, whatsapp)
    await leaves(database, "whatsapp")
    assert await turn(database, whatsapp) == []
    clock.advance(301)
    (failure,) = await turn(database, whatsapp)
    assert "no receipt came within 5 minutes" in failure
    clock.advance(301)
    await turn(database, whatsapp)
    await leaves(database, "whatsapp", external_id="m2")
    await database.write(lambda uow: take_receipt(uow, "whatsapp", "m2", "sent", uow.now))
    assert await turn(database, whatsapp) == []
    assert len(await alarms(database)) == 2
    assert whatsapp.erased == []


async def test_lanes_without_an_address_send_nothing(database: Database, phone: Phone) -> None:
    assert await turn(database, Phone("slack")) == []
    assert await tests_sent(database) == []


async def test_what_cannot_be_taken_back_stays(database: Database, phone: Phone) -> None:
    class Kept(Phone):
        async def erase(self, chat: str, external_id: str) -> None:
            raise PermanentFailure("400", "too late")

    await turn(database, phone)
    await leaves(database)
    assert await turn(database, Kept()) == []
