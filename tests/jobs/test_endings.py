"""Every ending of a message has its state, and none of them holds up what has nothing to do with it."""

import pytest
from structlog.testing import capture_logs

from channels.base import Outgoing
from channels.failures import PermanentFailure, UnknownOutcome
from core.clock import ManualClock
from core.database import Database
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.jobs.lanes import LATER, lane_of, queue, running, settled, states, tried, until
from tests.jobs.phone import Phone


@pytest.fixture
def phone() -> Phone:
    return Phone()


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
