"""queue: narrowed by words in any order, a page at a time, only what the asker may see."""

import pytest

from core.clock import ManualClock
from core.database import Database
from core.tickets.commands import AcceptTicket, CancelTicket
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.tickets.story import Branch, does, opened, staffed_branch


@pytest.fixture
async def at(database: Database) -> Branch:
    """Twenty tickets at BR-01: every fourth critical, the first two accepted by Ana; nobody at BR-02."""

    def work(uow: UnitOfWork) -> Branch:
        made = staffed_branch(uow)
        other = builders.unit(uow, made.client, "BR 02")
        builders.person(uow, other, "store_manager", "NORA", on="whatsapp")
        numbers = [opened(uow, made, n % 4).id for n in range(20)]
        for number in numbers[:2]:
            does(uow, made.ana, AcceptTicket(number))
        return made

    return await database.write(work)


async def dana(chat: Chat, text: str) -> builders.Left:
    await chat.gets("slack-DANA")
    await chat.hears(builders.inbound("slack-DANA", text, channel="slack"))
    return (await chat.gets("slack-DANA"))[-1]


@pytest.mark.parametrize(
    ("said", "head"),
    [
        ("queue", "20 tickets"),
        ("queue critical", "5 tickets: critical"),
        ("QUEUE accepted ana", "2 tickets: in progress, Ana"),
        ("queue br-01 offered Critical", "4 tickets: assigned, critical, Store BR-01"),
        ("list BEN", "No ticket: Ben."),
        ("queue closed", "No ticket: closed."),
        ("queue overdue", "No ticket: overdue."),
        ('queue "BR 02"', "No ticket: Store BR 02."),
        ("queue BR 02", "No ticket: Store BR 02."),
        ("queue in progress", "2 tickets: in progress"),
        ("queue page 9", "There is nothing on that page any more."),
    ],
)
async def test_words_narrow_it_in_any_order(database: Database, at: Branch, said: str, head: str) -> None:
    assert (await dana(Chat(database), said)).text.splitlines()[0].partition(" · ")[0] == head


async def test_a_word_that_narrows_nothing_is_named(database: Database, at: Branch) -> None:
    text = (await dana(Chat(database), "queue critical bananas")).text
    assert text.startswith("I do not know “bananas” here.")


async def test_more_and_back_turn_the_pages(database: Database, at: Branch) -> None:
    chat = Chat(database)
    seen: list[str] = []
    page = await dana(chat, "queue offered")
    while True:
        assert page.card.menu is not None
        seen += [option.command for option in page.card.menu.options]
        labels = {button.label: button.command for button in page.card.buttons}
        if "More" not in labels:
            break
        page = await dana(chat, labels["More"])
    assert len(seen) == len(set(seen)) == 18
    assert labels == {"Back": "queue assigned page 2"}


async def test_what_is_late_says_so(database: Database, at: Branch, clock: ManualClock) -> None:
    clock.advance(5 * 3600)
    text = (await dana(Chat(database), "queue overdue critical")).text
    assert text.startswith("5 tickets: critical, overdue")
    assert text.count("⚠️") == 5
    assert "no answer in time" not in text  # that the repair is late says more


async def test_a_store_manager_sees_their_own_store_only(database: Database, at: Branch) -> None:
    chat = Chat(database)
    assert (await chat.says("whatsapp-NORA", "queue", channel="whatsapp"))[-1] == "Nothing waits. Well done."
    refused = (await chat.says("whatsapp-NORA", "queue BR-01", channel="whatsapp"))[-1]
    assert refused.startswith("You may not see that at Store BR-01.")


async def test_a_technician_asks_for_their_own(database: Database, at: Branch) -> None:
    shown = (await Chat(database).says("telegram-ANA", "queue mine accepted"))[-1]
    assert shown.startswith("2 tickets: in progress, Ana")


async def test_asked_again_it_says_what_has_changed_since(database: Database, at: Branch, clock: ManualClock) -> None:
    chat = Chat(database)
    assert "Since" not in (await dana(chat, "queue")).text
    clock.advance(600)

    def meanwhile(uow: UnitOfWork) -> None:
        opened(uow, at)
        does(uow, at.ana, AcceptTicket(3))
        does(uow, at.dispatcher, CancelTicket(4, "A mistake"))

    await database.write(meanwhile)
    assert (await dana(chat, "queue")).text.splitlines()[0] == "Since 10:00: 1 new, 1 changed, 1 gone."
    assert "Since" not in (await dana(chat, "queue critical")).text
    assert "Since" not in (await dana(chat, "queue")).text
