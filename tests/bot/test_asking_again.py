"""A second report of the same fault: who reports it decides with a button whether it is the same."""

import pytest

from core.clock import ManualClock
from core.database import Database
from core.tickets.listing import Filters, list_tickets
from tests import builders
from tests.bot.chat import Chat
from tests.core.tickets.story import Branch, opened, staffed_branch

SAID = 'ticket BR-01 "Leaking Water" critical It drips on the floor'
ASKED = (
    "TKT-202611-00001 is open for the same fault (Store BR-01: Leaking Water) since 10:00: “Water below the cold room”"
)


@pytest.fixture
async def at(database: Database) -> Branch:
    made = await database.write(staffed_branch)
    await database.write(lambda uow: opened(uow, made, 2))
    return made


@pytest.fixture
async def chat(database: Database, at: Branch) -> Chat:
    chat = Chat(database)
    await chat.gets("whatsapp-MARTA")
    return chat


async def marta(chat: Chat, text: str, **more: object) -> list[str]:
    return await chat.says("whatsapp-MARTA", text, channel="whatsapp", **more)


async def numbers(database: Database, at: Branch) -> list[str]:
    everywhere = Filters(at.client, (f"/{at.client}/",))
    return await database.read(lambda r: [one.number for one in list_tickets(r, everywhere, database.clock.now())])


async def test_added_to_it_the_technician_reads_it(database: Database, chat: Chat, at: Branch) -> None:
    assert await marta(chat, SAID) == [ASKED]
    assert await marta(chat, "add", way="button") == ["Added to TKT-202611-00001. It is offered to Ana."]
    assert "It drips on the floor" in (await chat.reads("telegram-ANA"))[-1]
    assert len(await numbers(database, at)) == 1


async def test_the_question_has_two_buttons(database: Database, chat: Chat) -> None:
    await marta(chat, "me")
    await chat.hears(builders.inbound("whatsapp-MARTA", SAID, channel="whatsapp"))
    asked = (await chat.gets("whatsapp-MARTA"))[-1]
    assert [(button.label, button.command) for button in asked.card.buttons] == [
        ("Add to it", "=again add"),
        ("Open a new one", "=again another"),
    ]


@pytest.mark.parametrize("answer", ["another", "Open a new one", "new", "no"])
async def test_or_a_new_one_is_opened(database: Database, chat: Chat, at: Branch, answer: str) -> None:
    await marta(chat, SAID)
    assert (await marta(chat, answer))[-1].startswith("🔴 TKT-202611-00002")
    assert await numbers(database, at) == ["TKT-202611-00002", "TKT-202611-00001"]


async def test_anything_else_is_asked_again_and_cancel_opens_nothing(
    database: Database, chat: Chat, at: Branch
) -> None:
    await marta(chat, SAID)
    assert await marta(chat, "perhaps") == ["Say add, or another."]
    assert await marta(chat, "cancel") == ["All right, I ask no more. Everything stays as it was."]
    assert len(await numbers(database, at)) == 1


async def test_another_fault_and_a_later_report_are_not_asked_about(
    database: Database, chat: Chat, clock: ManualClock
) -> None:
    assert (await marta(chat, "ticket BR-01 noise low It hums"))[-1].startswith("🟢 TKT-202611-00002")
    clock.advance(3601)
    assert (await marta(chat, SAID))[-1].startswith("🔴 TKT-202611-00003")


async def test_more_can_be_said_about_an_open_ticket(chat: Chat) -> None:
    assert await marta(chat, "add TKT-202611-00001 now it smells") == [
        "Added to TKT-202611-00001. It is offered to Ana."
    ]
    assert "now it smells" in (await chat.reads("telegram-ANA"))[-1]
