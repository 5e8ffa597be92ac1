"""De-escalation: what solved a case becomes an answer of the assistant, and is found by it."""

import pytest

from core.answers.queries import list_answers
from core.answers.tables import Answer
from core.database import Database
from core.escalations.commands import ClaimEscalation, ReplyToCustomer, ResolveEscalation
from core.escalations.lessons import Lesson, lesson_of
from core.escalations.queries import get_escalation
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import Desk, does, furnished

DOUG, LEA, ANA = "34600111222", "slack-LEA", "slack-ANA"
QUESTION, REPLY = "Can I swap the glass door of my freezer myself?", "Yes: order the set DS-1, it takes ten minutes."


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await database.write(furnished)


@pytest.fixture
async def chat(database: Database, desk: Desk) -> Chat:
    """ESC-1 is resolved: a question nobody could answer, a wish for a human, a reply."""
    chat = Chat(database)
    for text in ("Hello", QUESTION, "I want a human"):
        await customer(chat, text)
    await database.write(lambda uow: does(uow, desk.ana, ClaimEscalation(1)))
    await database.write(lambda uow: does(uow, desk.ana, ReplyToCustomer(1, REPLY)))
    await database.write(lambda uow: does(uow, desk.ana, ResolveEscalation(1, "handled", "door swapped")))
    for place in (DOUG, "C1", LEA, ANA):
        await chat.reads(place)
    return chat


async def customer(chat: Chat, text: str) -> list[str]:
    return await chat.says(DOUG, text, channel="whatsapp", sender_name="Doug")


async def colleague(chat: Chat, who: str, text: str) -> list[str]:
    return await chat.says(who, text, channel="slack", private=True)


async def kept(database: Database) -> list[Answer]:
    return await database.read(lambda reader: list_answers(reader, 1, 10))


async def test_the_proposal_is_what_was_asked_and_what_was_replied(database: Database, chat: Chat) -> None:
    lesson = await database.read(lambda reader: lesson_of(reader, get_escalation(reader, 1)))
    assert lesson == Lesson(QUESTION, REPLY, "en")


async def test_kept_as_proposed_the_assistant_answers_with_it(database: Database, chat: Chat, desk: Desk) -> None:
    (ask,) = await colleague(chat, LEA, "teach ESC-1")
    assert QUESTION in ask
    (ask,) = await colleague(chat, LEA, "keep")
    assert REPLY in ask
    (done,) = await colleague(chat, LEA, "save")
    assert done.startswith("💡 Kept from ESC-1")
    (answer,) = await kept(database)
    assert (answer.question, answer.answer, answer.source, answer.kind) == (QUESTION, REPLY, "ESC-1", "article")
    await database.write(lambda uow: builders.customer(uow, desk.client, "C-2"))
    answered = await chat.says("34600777", "how do I swap a freezer glass door?", channel="whatsapp")
    assert answered == [REPLY]


async def test_both_are_edited_before_they_are_kept(database: Database, chat: Chat) -> None:
    for text in ("teach ESC-1", "Swapping the door of a freezer", "Order the set DS-1 from us."):
        await colleague(chat, LEA, text)
    (answer,) = await kept(database)
    assert (answer.question, answer.answer) == ("Swapping the door of a freezer", "Order the set DS-1 from us.")


async def test_once_is_enough_and_stopping_keeps_nothing(database: Database, chat: Chat) -> None:
    await colleague(chat, LEA, "teach ESC-1")
    assert "I ask no more" in (await colleague(chat, LEA, "cancel"))[0]
    assert await kept(database) == []
    for text in ("teach ESC-1", "keep", "save", "teach ESC-1", "keep"):
        await colleague(chat, LEA, text)
    (refusal,) = await colleague(chat, LEA, "save")
    assert "There is an answer to" in refusal
    assert len(await kept(database)) == 1


async def test_an_agent_reads_who_may(database: Database, chat: Chat) -> None:
    (refusal,) = await colleague(chat, ANA, "teach ESC-1")
    assert "This is for the team lead" in refusal
    assert await kept(database) == []


async def test_the_resolved_card_has_the_button(database: Database, chat: Chat) -> None:
    await chat.hears(builders.inbound(LEA, "show ESC-1", channel="slack"))
    (card,) = await chat.gets(LEA)
    assert "teach ESC-1" in card.commands
