"""Answers that a model finds: said once, for everything the customer has said, and never into a human's conversation."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.customers import hear_customer
from channels.model.task import Task
from core.answers.commands import AddAnswer
from core.answers.queries import list_answers
from core.clock import ManualClock
from core.conversations.queries import get_conversation
from core.database import Database
from core.escalations.commands import RaiseEscalation, TakeOver
from core.escalations.queries import list_queue
from core.executor import execute
from core.unit_of_work import UnitOfWork
from jobs.assistant_answers import answer_due
from tests import builders
from tests.core.escalations.desk import Desk, does, furnished

LEASE = timedelta(seconds=20)
DOUG = "34600"


class Model:
    """Writes what it is told to; `meanwhile` happens while it thinks, the first time."""

    def __init__(self, database: Database, words: str | None = "We open at nine.") -> None:
        self.database, self.words = database, words
        self.asked: list[Task] = []
        self.meanwhile: Callable[[UnitOfWork], object] | None = None
        self.dies = False

    async def write(self, task: Task) -> str | None:
        self.asked.append(task)
        if self.dies:
            self.dies = False
            raise asyncio.CancelledError
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            await self.database.write(meanwhile)
        return self.words


def says(uow: UnitOfWork, desk: Desk, text: str) -> None:
    hear_customer(uow, builders.inbound(DOUG, text, channel="whatsapp"), desk.client, model=True)


@pytest.fixture
async def desk(database: Database) -> Desk:
    def work(uow: UnitOfWork) -> Desk:
        desk = furnished(uow)
        execute(AddAnswer(desk.client, "Opening hours", "Monday to Friday from 9 to 18."), uow)
        execute(AddAnswer(desk.client, "Parking", "Behind the store, for nothing."), uow)
        says(uow, desk, "What are your opening hours?")
        return desk

    return await database.write(work)


async def told(database: Database) -> list[str]:
    return [left.text for left in await database.read(lambda reader: builders.outbox(reader, chat=DOUG))]


async def test_the_words_of_the_model_are_said_once_and_the_article_is_counted(database: Database, desk: Desk) -> None:
    model = Model(database)
    assert await told(database) == []
    assert [await answer_due(database, model, LEASE) for _ in range(2)] == [1, 0]
    assert await told(database) == ["We open at nine."]
    assert model.asked[0].facts == "Opening hours\nMonday to Friday from 9 to 18."
    assert model.asked[0].said == "What are your opening hours?"
    answers = await database.read(lambda reader: list_answers(reader, desk.client, 9))
    assert [one.uses for one in answers] == [1, 0]


async def test_what_the_customer_adds_meanwhile_gets_one_answer_with_it(database: Database, desk: Desk) -> None:
    model = Model(database)
    model.meanwhile = lambda uow: says(uow, desk, "And where is the parking?")
    await answer_due(database, model, LEASE)
    assert await told(database) == ["We open at nine."]
    assert [task.said for task in model.asked] == [
        "What are your opening hours?",
        "What are your opening hours?\nAnd where is the parking?",
    ]


async def test_before_it_was_asked_two_messages_are_one_question(database: Database, desk: Desk) -> None:
    await database.write(lambda uow: says(uow, desk, "Thanks!"))
    model = Model(database)
    await answer_due(database, model, LEASE)
    assert ([task.said for task in model.asked], len(await told(database))) == (
        ["What are your opening hours?\nThanks!"],
        1,
    )


async def test_who_takes_over_meanwhile_is_not_spoken_over(database: Database, desk: Desk) -> None:
    def takes_over(uow: UnitOfWork) -> None:
        raised = RaiseEscalation(desk.client, desk.customer, "complaint", desk.conversation, tells_customer=False)
        does(uow, desk.ana, raised)
        does(uow, desk.ana, TakeOver(1))

    model = Model(database)
    model.meanwhile = takes_over
    await answer_due(database, model, LEASE)
    assert await told(database) == []
    led = await database.read(lambda reader: get_conversation(reader, desk.conversation))
    assert (led.led_by, led.answer_due_at, led.unanswered_since) == ("human", None, None)


async def test_a_human_who_was_called_meanwhile_answers_and_not_the_model(database: Database, desk: Desk) -> None:
    model = Model(database)
    model.meanwhile = lambda uow: says(uow, desk, "I want to talk to a human")
    await answer_due(database, model, LEASE)
    (words,) = await told(database)
    assert words.startswith("Thank you. I have passed this on")
    assert await answer_due(database, model, LEASE) == 0


@pytest.mark.parametrize("words", [None, "NOTHING"])
async def test_without_words_of_the_model_the_article_answers_as_it_is(
    database: Database, desk: Desk, words: str | None
) -> None:
    await answer_due(database, Model(database, words), LEASE)
    assert await told(database) == ["Monday to Friday from 9 to 18."]


async def test_without_a_model_what_is_still_due_is_answered(database: Database, desk: Desk) -> None:
    await answer_due(database, None, LEASE)
    assert await told(database) == ["Monday to Friday from 9 to 18."]


async def test_a_process_that_dies_while_it_asks_loses_nothing(
    database: Database, desk: Desk, clock: ManualClock
) -> None:
    model = Model(database)
    model.dies = True
    with pytest.raises(asyncio.CancelledError):
        await answer_due(database, model, LEASE)
    assert await answer_due(database, model, LEASE) == 0  # somebody may still be at it
    clock.advance(LEASE.total_seconds())
    assert await answer_due(database, model, LEASE) == 1
    assert await told(database) == ["We open at nine."]


async def test_of_two_who_look_for_it_one_says_it(database: Database, desk: Desk, clock: ManualClock) -> None:
    """The lease of the first has run out while its model was thinking."""
    first, second = Model(database, "The first."), Model(database, "The second.")
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slowly(task: Task) -> str | None:
        arrived.set()
        await go_on.wait()
        return "The first."

    first.write = slowly  # type: ignore[method-assign]
    late = asyncio.create_task(answer_due(database, first, LEASE))
    await arrived.wait()
    clock.advance(LEASE.total_seconds())
    await answer_due(database, second, LEASE)
    go_on.set()
    await late
    assert await told(database) == ["The second."]


async def test_what_no_article_is_about_is_not_asked(database: Database, desk: Desk) -> None:
    await answer_due(database, Model(database), LEASE)
    await database.write(lambda uow: says(uow, desk, "My freezer makes a strange noise"))
    model = Model(database)
    assert await answer_due(database, model, LEASE) == 0
    assert "Shall a colleague help you?" in (await told(database))[-1]
    await database.write(lambda uow: says(uow, desk, "Yes"))
    queue = await database.read(lambda reader: list_queue(reader, desk.client))
    assert [one.reason for one in queue] == ["requested_human"]
