"""Who waits too long for a word of the assistant gets a human."""

from datetime import timedelta

from structlog.testing import capture_logs

from bot.customers import hear_customer
from core.answers.commands import AddAnswer
from core.clock import ManualClock
from core.database import Database
from core.escalations.commands import RaiseEscalation
from core.escalations.queries import list_queue
from core.executor import execute
from core.unit_of_work import UnitOfWork
from jobs.assistant_answers import answer_due
from jobs.assistant_rescue import rescue_stuck
from tests import builders
from tests.core.escalations.desk import Desk, furnished

AFTER = timedelta(seconds=60)


def asks(uow: UnitOfWork) -> Desk:
    desk = furnished(uow)
    execute(AddAnswer(desk.client, "Opening hours", "From 9 to 18."), uow)
    hear_customer(uow, builders.inbound("34600", "opening hours?", channel="whatsapp"), desk.client, model=True)
    return desk


async def test_after_a_while_a_human_is_called_once(database: Database, clock: ManualClock) -> None:
    desk = await database.write(asks)
    assert await rescue_stuck(database, AFTER) == 0
    clock.advance(60)
    with capture_logs() as logs:
        assert [await rescue_stuck(database, AFTER) for _ in range(2)] == [1, 0]
    assert [line["log_level"] for line in logs] == ["warning"]
    queue = await database.read(lambda reader: list_queue(reader, desk.client))
    assert [(one.reason, one.priority) for one in queue] == [("assistant_stuck", 1)]
    told = await database.read(lambda reader: builders.outbox(reader, chat="34600"))
    assert [left.text[:34] for left in told] == ["Thank you. I have passed this on: "]
    assert await answer_due(database, None, AFTER) == 0


async def test_the_first_message_counts_not_the_last(database: Database, clock: ManualClock) -> None:
    desk = await database.write(asks)
    clock.advance(40)
    again = builders.inbound("34600", "hello??", channel="whatsapp")
    await database.write(lambda uow: hear_customer(uow, again, desk.client, model=True))
    clock.advance(20)
    assert await rescue_stuck(database, AFTER) == 1


async def test_who_was_answered_or_has_a_human_already_is_left_alone(database: Database, clock: ManualClock) -> None:
    desk = await database.write(asks)
    await answer_due(database, None, AFTER)
    clock.advance(3600)
    assert await rescue_stuck(database, AFTER) == 0
    again = builders.inbound("34600", "opening hours?", channel="whatsapp")
    await database.write(lambda uow: hear_customer(uow, again, desk.client, model=True))
    raised = RaiseEscalation(desk.client, desk.customer, "complaint", desk.conversation)
    await database.write(lambda uow: execute(raised, uow))
    clock.advance(3600)
    assert await rescue_stuck(database, AFTER) == 0
    queue = await database.read(lambda reader: list_queue(reader, desk.client))
    assert [(one.reason, one.more_reasons) for one in queue] == [("complaint", [])]
