"""Customers: the assistant answers until a human is wanted; then it stays silent and the human is told."""

from typing import Any

import pytest

from bot.customers import hear_customer
from channels.base import Location, MediaRef
from core.answers.commands import AddAnswer
from core.answers.queries import list_answers
from core.conversations.queries import get_conversation
from core.database import Database
from core.escalations.commands import ClaimEscalation, ReplyToCustomer, ResolveEscalation
from core.escalations.queries import list_queue
from core.executor import execute
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import Desk, does, furnished

DOUG = "34600111222"


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await database.write(furnished)


@pytest.fixture
def chat(database: Database) -> Chat:
    return Chat(database)


async def says(chat: Chat, text: str, /, **values: Any) -> list[str]:
    return await chat.says(DOUG, text, **{"channel": "whatsapp", "sender_name": "Doug"} | values)


async def test_an_unknown_customer_appears_and_is_greeted(desk: Desk, chat: Chat) -> None:
    (answer,) = await says(chat, "Hello!")
    assert answer.startswith("Hello! How can I help you?")
    assert await chat.happened() == ["customer.appeared"]


async def test_they_are_answered_in_their_language(desk: Desk, chat: Chat) -> None:
    (answer,) = await says(chat, "Hola", language="es-MX")
    assert answer.startswith("¡Hola!")


async def test_a_human_wanted_is_raised_once_and_the_customer_is_told_by_when(desk: Desk, chat: Chat) -> None:
    (answer,) = await says(chat, "I want to talk to a human")
    passed_on = "Thank you. I have passed this on: a colleague will write to you here by 11:00. Your number is ESC-1."
    assert answer == passed_on
    assert await says(chat, "HUMAN please!!") == []
    queue = await chat.database.read(lambda reader: list_queue(reader, desk.client))
    assert [(one.reference, one.reason) for one in queue] == [("ESC-1", "requested_human")]


async def test_a_word_that_weighs_calls_a_human_and_a_later_one_joins_and_hurries(desk: Desk, chat: Chat) -> None:
    (answer,) = await says(chat, "Wir gehen zu einem anderen Anbieter", language="de")
    assert "unsere Kundenbetreuung schreibt Ihnen hier, spätestens um 14:00. Ihre Nummer ist ESC-1." in answer
    await chat.reads("C1")
    assert await says(chat, "und mein Anwalt meldet sich") == []
    assert (await chat.reads("C1"))[-1].startswith("⬆️ ESC-1 (Doug) is P1 now, also for: legal.")
    assert await says(chat, "mein Anwalt!") == []
    (one,) = await chat.database.read(lambda reader: list_queue(reader, desk.client))
    assert (one.reason, one.more_reasons.count("legal"), one.priority) == ("competitor", 1, 1)
    assert one.reason_details.startswith("“anderen Anbieter”; “Anwalt”")


async def test_what_they_say_meanwhile_stands_below_the_card(desk: Desk, chat: Chat) -> None:
    await says(chat, "a human please")
    await chat.reads("C1")
    await says(chat, "it is about my order")
    assert await chat.reads("C1") == ["Doug:\n\nit is about my order"]


async def test_the_assistant_is_silent_while_a_human_leads(desk: Desk, chat: Chat) -> None:
    await says(chat, "a human please")
    await chat.database.write(lambda uow: does(uow, desk.ana, ClaimEscalation(1)))
    await chat.database.write(lambda uow: does(uow, desk.ana, ReplyToCustomer(1, "Hello, this is Ana.")))
    assert await chat.reads(DOUG) == []  # it can still be taken back
    for text in ("Hello", "where is my order", "human"):
        assert await says(chat, text) == []


async def test_after_it_is_resolved_the_assistant_speaks_again(desk: Desk, chat: Chat) -> None:
    await says(chat, "a human please")
    await chat.database.write(lambda uow: does(uow, desk.ana, ClaimEscalation(1)))
    await chat.database.write(lambda uow: does(uow, desk.ana, ResolveEscalation(1, "handled")))
    (answer,) = await says(chat, "Hello")
    assert answer.startswith("Hello! How can I help you?")


async def test_resolved_without_giving_it_back_the_next_word_calls_the_human_again(desk: Desk, chat: Chat) -> None:
    await says(chat, "a human please")
    await chat.database.write(lambda uow: does(uow, desk.ana, ClaimEscalation(1)))
    await chat.database.write(lambda uow: does(uow, desk.ana, ReplyToCustomer(1, "Hello")))
    await chat.database.write(lambda uow: does(uow, desk.ana, ResolveEscalation(1, "handled", return_to_ai=False)))
    await chat.reads(DOUG)
    assert await says(chat, "one more thing") == []
    led = await chat.database.read(lambda reader: get_conversation(reader, 2).led_by)
    queue = await chat.database.read(lambda reader: list_queue(reader, desk.client))
    assert ([one.reference for one in queue], led) == (["ESC-2"], "human")


async def test_a_message_that_was_edited_is_not_answered_again(desk: Desk, chat: Chat) -> None:
    assert await says(chat, "a human please", edited=True) == []


async def test_of_two_clients_none_is_guessed(database: Database) -> None:
    await database.write(lambda uow: [builders.client(uow, code) for code in ("ACME", "OTHER")])
    answer = await Chat(database).says(DOUG, "Hello", channel="whatsapp")
    assert answer == ["I do not know you here yet. Ask your admin for a link code, then write: start YOUR-CODE"]


async def test_the_default_line_decides_between_clients(database: Database) -> None:
    await database.write(lambda uow: [builders.client(uow, code) for code in ("ACME", "OTHER")])
    (answer,) = await Chat(database, client="other").says(DOUG, "Hello", channel="whatsapp")
    assert answer.startswith("Hello! How can I help you?")


async def test_a_default_line_that_does_not_exist_is_nobodys(database: Database) -> None:
    await database.write(builders.client)
    (answer,) = await Chat(database, client="TYPO").says(DOUG, "Hello", channel="whatsapp")
    assert answer.startswith("I do not know you here yet")


async def test_in_a_group_or_on_slack_nobody_is_a_customer(desk: Desk, chat: Chat) -> None:
    assert await chat.says("U77", "Hello", channel="slack", chat="C9") == []
    assert await chat.says("77", "Hello", chat="-100") == []
    assert await chat.happened() == []


@pytest.mark.parametrize(
    ("came", "read"),
    [
        ({"location": Location(48.2, 16.3)}, "openstreetmap.org/?mlat=48.2"),
        ({"media": (MediaRef("audio", "voice-1"),)}, "a voice message"),
        ({"text": "the second door", "edited": True}, "changed to: the second door"),
    ],
)
async def test_an_agent_reads_what_came_besides_words(desk: Desk, chat: Chat, came: dict[str, Any], read: str) -> None:
    await says(chat, "a human please")
    message = builders.inbound(DOUG, **{"channel": "whatsapp"} | came)

    await chat.database.write(lambda uow: hear_customer(uow, message, desk.client))

    told = [str(left.facts.get("text")) for left in await chat.database.read(builders.outbox)]
    assert any(read in text for text in told)


async def test_an_article_answers_in_the_language_that_is_written(desk: Desk, chat: Chat) -> None:
    def knows(uow: UnitOfWork) -> None:
        execute(AddAnswer(desk.client, "Opening hours", "From 9 to 21."), uow)
        execute(AddAnswer(desk.client, "Öffnungszeiten", "Von 9 bis 21 Uhr.", "de"), uow)
        execute(AddAnswer(desk.client, '"thanks"', "You are welcome!", kind="pattern"), uow)

    await chat.database.write(knows)
    assert await says(chat, "Hello, what are your opening hours?") == ["From 9 to 21."]
    assert await says(chat, "Wie sind die Öffnungszeiten bei euch?") == ["Von 9 bis 21 Uhr."]
    assert await says(chat, "Thanks!") == ["You are welcome!"]
    answers = await chat.database.read(lambda reader: list_answers(reader, desk.client, 10))
    assert [one.uses for one in answers] == [1, 1, 1]


@pytest.mark.parametrize(
    ("then", "reason"),
    [("yes please", "requested_human"), ("it still makes that noise and smells", "unsure")],
)
async def test_not_sure_it_offers_a_human_and_the_second_time_hands_over(
    desk: Desk, chat: Chat, then: str, reason: str
) -> None:
    (offer,) = await says(chat, "My freezer makes a strange noise")
    assert "Shall a colleague help you?" in offer
    (answer,) = await says(chat, then)
    assert answer.startswith("Thank you. I have passed this on")
    queue = await chat.database.read(lambda reader: list_queue(reader, desk.client))
    assert [one.reason for one in queue] == [reason]


async def test_who_declines_or_gets_an_answer_is_offered_a_human_anew(desk: Desk, chat: Chat) -> None:
    await says(chat, "My freezer makes a strange noise")
    assert await says(chat, "no, thanks") == ["All right. Just write when there is something else."]
    (offer,) = await says(chat, "Mein Gefrierschrank macht ein komisches Geräusch und ich weiß nicht warum")
    assert "Soll ein Kollege helfen?" in offer
