"""Hearing customers: known by any of their addresses, each with one conversation per line."""

import asyncio
from typing import Any

import pytest

from core.conversations.assistant import SAYS, say, understand
from core.conversations.commands import HearCustomer, SayToCustomer
from core.conversations.handlers import Heard
from core.conversations.leading import lead
from core.conversations.queries import get_conversation, list_last_messages
from core.database import Database
from core.executor import execute
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START


def hears(uow: UnitOfWork, client: int, text: str = "Hello", *addresses: str, **values: Any) -> Heard:
    known_by = addresses or ("34600111222",)
    row = {"channel": "whatsapp", "account": "default", "chat": known_by[0], "name": "Doug"} | values
    heard: Heard = execute(HearCustomer(client, addresses=known_by, text=text, **row), uow)
    return heard


async def test_an_unknown_customer_appears_with_name_number_and_language(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        customer = hears(uow, builders.client(uow), language="es").customer
        return customer.name, customer.phone, customer.stage, customer.language, builders.happened(uow)

    assert await database.write(work) == ("Doug", "+34600111222", "new", "es", ["customer.appeared"])


async def test_the_next_message_is_in_the_same_conversation(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        client = builders.client(uow)
        first, second = hears(uow, client, "Hello"), hears(uow, client, "Anybody?")
        texts = [message.text for message in list_last_messages(uow, first.conversation.id, 10)]
        return first.conversation.id == second.conversation.id, texts

    assert await database.write(work) == (True, ["Hello", "Anybody?"])


async def test_a_new_address_of_a_known_customer_is_learned(database: Database) -> None:
    """WhatsApp: the number first, later only the business-scoped id."""

    def work(uow: UnitOfWork) -> set[int]:
        client = builders.client(uow)
        ways = [("34600111222",), ("ES.77", "34600111222"), ("ES.77",)]
        return {hears(uow, client, "Hello", *addresses).customer.id for addresses in ways}

    assert len(await database.write(work)) == 1


async def test_an_imported_customer_is_known_by_their_address(database: Database) -> None:
    def work(uow: UnitOfWork) -> tuple[str, list[str]]:
        client = builders.client(uow)
        builders.conversation(uow, builders.customer(uow, client), chat="34600111222")
        return hears(uow, client).customer.code, builders.happened(uow)

    assert await database.write(work) == ("C-1", [])


async def test_every_line_has_its_own_conversation(database: Database) -> None:
    def work(uow: UnitOfWork) -> int:
        client = builders.client(uow)
        lines = ({}, {"account": "second"}, {"channel": "telegram"})
        return len({hears(uow, client, **line).conversation.id for line in lines})

    assert await database.write(work) == 3


async def test_several_photos_are_several_messages_and_the_words_stand_with_the_first(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        media = [
            uow.connection.exec_driver_sql(
                "INSERT INTO media (channel, account, kind, file_id, state, attempts, created_at, next_attempt_at) "
                f"VALUES ('whatsapp', 'default', 'photo', 'f{n}', 'pending', 0, '{START.isoformat()}', '{START.isoformat()}') "
                "RETURNING id"
            ).scalar_one()
            for n in range(2)
        ]
        heard = hears(uow, builders.client(uow), "Look", media_ids=tuple(media))
        return [message.text for message in list_last_messages(uow, heard.conversation.id, 10)]

    assert await database.write(work) == ["Look", ""]


async def test_many_first_messages_at_once_are_one_customer(database: Database) -> None:
    client = await database.write(builders.client)
    heard = await asyncio.gather(*(database.write(lambda uow, n=n: hears(uow, client, f"{n}")) for n in range(8)))
    assert len({one.customer.id for one in heard}) == 1
    said = await database.read(lambda reader: list_last_messages(reader, heard[0].conversation.id, 20))
    assert sorted(message.text for message in said) == [f"{n}" for n in range(8)]


async def test_what_is_heard_says_who_leads_now(database: Database) -> None:
    def work(uow: UnitOfWork) -> str:
        client = builders.client(uow)
        lead(uow, get_conversation(uow, hears(uow, client).conversation.id), "human")
        return hears(uow, client).conversation.led_by

    assert await database.write(work) == "human"


async def test_switching_who_leads_is_an_event_and_saying_it_twice_is_one(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        conversation = hears(uow, builders.client(uow)).conversation
        for who in ("human", "human", "assistant"):
            lead(uow, conversation, who)
        return builders.happened(uow)[1:]

    assert await database.write(work) == ["conversation.led", "conversation.led"]


async def test_the_assistants_words_are_kept_and_leave(database: Database) -> None:
    def work(uow: UnitOfWork) -> Any:
        heard = hears(uow, builders.client(uow), "Hello")
        execute(SayToCustomer(heard.conversation.id, "How can I help?"), uow)
        said = [(m.direction, m.text) for m in list_last_messages(uow, heard.conversation.id, 10)]
        return said, [(left.chat, left.text) for left in builders.outbox(uow)]

    assert await database.write(work) == (
        [("in", "Hello"), ("out", "How can I help?")],
        [("34600111222", "How can I help?")],
    )


@pytest.mark.parametrize(
    "text",
    [
        "I want a human",
        "let me talk to someone",
        "Can I speak with a real person?",
        "AGENT!",
        "call me",
        "quiero hablar con una persona real",
        "asesor por favor",
        "Bitte einen Mitarbeiter",
        "Mensch",
    ],
)
def test_a_wish_for_a_human_is_understood(text: str) -> None:
    assert understand(text) == "human"


@pytest.mark.parametrize("text", ["Hi", "¡Hola!", "good morning, my order 12", "Guten Tag"])
def test_a_greeting_is_understood(text: str) -> None:
    assert understand(text) == "greeting"


@pytest.mark.parametrize("text", ["", "where is my order", "the agency closed", "humanity", "🙂"])
def test_everything_else_is_something_else(text: str) -> None:
    assert understand(text) == "other"


def test_every_language_has_every_answer_and_others_read_english() -> None:
    assert {frozenset(words) for words in SAYS.values()} == {frozenset(SAYS["en"])}
    assert say("greeting", "fr") == SAYS["en"]["greeting"]


async def test_what_a_customer_writes_is_kept_with_its_mood_our_words_without(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[float | None]:
        client = builders.client(uow)
        heard = hears(uow, client, "Na toll, schon wieder ein Ausfall.", language="de")
        execute(SayToCustomer(heard.conversation.id, "Das ist schlimm."), uow)
        hears(uow, client, "")
        return [message.mood for message in list_last_messages(uow, heard.conversation.id, 10)]

    customer, ours, wordless = await database.write(work)
    assert customer is not None
    assert customer < -0.5
    assert (ours, wordless) == (None, None)
