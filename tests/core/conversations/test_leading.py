"""Assistant and human: never do both speak. However closely they meet, nothing of the assistant leaves after a takeover."""

import asyncio
from contextlib import suppress

import pytest

from core.conversations.commands import SayToCustomer
from core.conversations.handlers import tell_customer
from core.conversations.leading import lead
from core.conversations.queries import get_conversation, list_last_messages
from core.database import Database
from core.errors import Conflict
from core.escalations.commands import TakeOver
from core.escalations.tables import escalations
from core.executor import execute
from core.outbox.notify import Notification
from core.outbox.tables import deliveries
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.core.escalations.desk import Desk, does, furnished, raised

ROUNDS = 40


def left(uow: UnitOfWork) -> list[tuple[str, str]]:
    return [(one.text, one.state) for one in builders.outbox(uow, chat="34600")]


async def test_a_takeover_takes_back_what_the_assistant_said_and_nothing_else(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        desk = furnished(uow)
        conversation = get_conversation(uow, desk.conversation)
        other = builders.conversation(uow, builders.customer(uow, desk.client, "C-2"), chat="34611")
        execute(SayToCustomer(desk.conversation, "Of the assistant"), uow)
        execute(SayToCustomer(other, "To somebody else"), uow)
        tell_customer(uow, conversation, Notification("conversation.said", {"text": "Of a colleague"}))
        lead(uow, conversation, "human")
        return left(uow) + [(one.text, one.state) for one in builders.outbox(uow, chat="34611")]

    assert await database.write(work) == [
        ("Of the assistant", "withdrawn"),
        ("Of a colleague", "pending"),
        ("To somebody else", "pending"),
    ]


async def test_the_human_sees_what_the_customer_never_read(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        desk = furnished(uow)
        for text in ("It leaves", "It stays", "It stays"):
            execute(SayToCustomer(desk.conversation, text), uow)
        first = builders.outbox(uow, chat="34600")[0]
        builders.change(uow, deliveries, first.id, state="sent", settled_at=uow.now)
        lead(uow, get_conversation(uow, desk.conversation), "human")
        return [(message.direction, message.text) for message in list_last_messages(uow, desk.conversation, 9)]

    assert await database.write(work) == [
        ("out", "It leaves"),
        ("note", "↩ Not sent: It stays"),
        ("note", "↩ Not sent: It stays"),
    ]


async def test_what_is_given_back_to_the_assistant_is_said_again(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, str]]:
        desk = furnished(uow)
        for led_by in ("human", "assistant"):
            lead(uow, get_conversation(uow, desk.conversation), led_by)
        execute(SayToCustomer(desk.conversation, "Here I am"), uow)
        return left(uow)

    assert await database.write(work) == [("Here I am", "pending")]


async def test_the_assistant_is_refused_by_name_of_who_leads(database: Database) -> None:
    def work(uow: UnitOfWork) -> None:
        desk = furnished(uow)
        lead(uow, get_conversation(uow, desk.conversation), "human")
        execute(SayToCustomer(desk.conversation, "Too late"), uow)

    with pytest.raises(Conflict, match="A colleague leads"):
        await database.write(work)


@pytest.mark.parametrize("first", ["assistant", "human"])
async def test_a_takeover_against_the_assistants_answer(database: Database, first: str) -> None:
    """Many rounds of both at the same moment: whoever comes first, no word of the assistant waits to leave once a human leads, and
    none stands in the conversation as if the customer had read it."""

    def begin(uow: UnitOfWork) -> Desk:
        desk = furnished(uow)
        raised(uow, desk)
        return desk

    desk = await database.write(begin)

    async def answers(number: int) -> None:
        with suppress(Conflict):
            await database.write(lambda uow: execute(SayToCustomer(desk.conversation, f"answer {number}"), uow))

    async def takes_over() -> None:
        with suppress(Conflict):
            await database.write(lambda uow: does(uow, desk.ana, TakeOver(1)))

    for number in range(ROUNDS):
        await database.write(lambda uow: lead(uow, get_conversation(uow, desk.conversation), "assistant"))
        await database.write(lambda uow: builders.change(uow, escalations, 1, status="pending", assigned_to=None))
        both = [answers(number), takes_over()]
        await asyncio.gather(*(both if first == "assistant" else reversed(both)))
        assert await database.read(lambda reader: builders.outbox(reader, chat="34600", state="pending")) == []
        said = await database.read(lambda reader: list_last_messages(reader, desk.conversation, ROUNDS))
        assert {message.direction for message in said} <= {"note"}
    assert (await database.read(lambda reader: get_conversation(reader, desk.conversation))).led_by == "human"
