"""The suggested words: shown to whoever has the case, and sent by nothing but their press."""

import pytest

from core.clock import ManualClock
from core.database import Database
from core.escalations.commands import ClaimEscalation
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import Desk, does, furnished

DOUG = "34600111222"
ANA, BEN = "telegram-ANA", "telegram-BEN"


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await database.write(_on_telegram)


def _on_telegram(uow: UnitOfWork) -> Desk:
    """Where there are no forms."""
    desk = furnished(uow)
    for person, address in ((desk.ana, ANA), (desk.ben, BEN)):
        way = {"channel": "telegram", "address": address, "rank": 0, "verified_at": uow.now}
        builders.put(uow, contact_methods, person_id=person, **way)
    return desk


@pytest.fixture
async def chat(database: Database, desk: Desk) -> Chat:
    """Ana has ESC-1 and nobody has answered yet."""
    chat = Chat(database)
    await chat.says(DOUG, "You charged me twice! I want a human", channel="whatsapp", sender_name="Doug")
    await database.write(lambda uow: does(uow, desk.ana, ClaimEscalation(1)))
    for place in (DOUG, "C1", ANA):
        await chat.reads(place)
    return chat


async def presses(chat: Chat, who: str, command: str) -> list[str]:
    return await chat.says(who, "", channel="telegram", command=command, way="button", private=True)


async def hears(chat: Chat, clock: ManualClock) -> list[str]:
    """What has reached the customer; a reply waits a moment before it leaves."""
    clock.advance(60)
    return await chat.reads(DOUG)


async def test_they_are_shown_and_sent_when_that_is_pressed(chat: Chat, clock: ManualClock) -> None:
    (ask,) = await presses(chat, ANA, "use-words ESC-1")
    assert "This goes to Doug" in ask
    assert "You wrote: “You charged me twice!”" in ask
    assert await hears(chat, clock) == []
    await presses(chat, ANA, "send")
    (sent,) = await hears(chat, clock)
    assert f"“{sent}”" in ask
    await presses(chat, ANA, "send")  # once more
    assert await hears(chat, clock) == []


async def test_what_is_sent_is_what_was_shown_though_the_customer_wrote_meanwhile(
    chat: Chat, clock: ManualClock
) -> None:
    (ask,) = await presses(chat, ANA, "use-words ESC-1")
    await chat.says(DOUG, "And my lawyer will call you, you thieves!", channel="whatsapp")
    await presses(chat, ANA, "send")
    (sent,) = await hears(chat, clock)
    assert f"“{sent}”" in ask


async def test_other_words_go_instead_and_cancel_sends_nothing(chat: Chat, clock: ManualClock) -> None:
    await presses(chat, ANA, "use-words ESC-1")
    await chat.says(ANA, "Hello Doug, I am on it.", channel="telegram", private=True)
    assert await hears(chat, clock) == ["Hello Doug, I am on it."]
    await presses(chat, ANA, "use-words ESC-1")
    await presses(chat, ANA, "cancel")
    await presses(chat, ANA, "send")
    assert await hears(chat, clock) == []


async def test_they_are_not_for_somebody_else(chat: Chat, clock: ManualClock) -> None:
    (said,) = await presses(chat, BEN, "use-words ESC-1")
    assert "Ana has ESC-1" in said
    await presses(chat, BEN, "send")
    assert await hears(chat, clock) == []
    assert "There is no" in (await presses(chat, ANA, "use-words ESC-99"))[0]
