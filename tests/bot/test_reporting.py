"""A store manager's own words become a proposal with buttons; what others say is left alone."""

import pytest

from core.database import Database
from core.executor import execute
from core.tickets.commands import AddCategory, AddSubcategory, Terms
from core.tickets.queries import list_queue
from core.tickets.subcategories import get_subcategory
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.tickets.story import Branch, staffed_branch

SOUNDS = (
    "🔧 This sounds like Leaking Water at Store BR-01, priority HIGH:\n“freezer is leaking”\n\nShall I open a ticket?"
)


@pytest.fixture
async def at(database: Database) -> Branch:
    return await database.write(staffed_branch)


@pytest.fixture
async def chat(database: Database, at: Branch) -> Chat:
    return Chat(database, "ACME")


async def marta(chat: Chat, text: str) -> list[str]:
    return await chat.says("whatsapp-MARTA", text, channel="whatsapp")


async def tickets(chat: Chat, at: Branch) -> list[tuple[str, int, str]]:
    def look(uow: UnitOfWork) -> list[tuple[str, int, str]]:
        found = list_queue(uow, at.client)
        return [(get_subcategory(uow, one.subcategory_id).code, one.priority, one.description) for one in found]

    return await chat.database.write(look)


async def test_it_is_opened_when_she_says_yes_and_not_before(chat: Chat, at: Branch) -> None:
    await chat.hears(builders.inbound("whatsapp-MARTA", "freezer is leaking", channel="whatsapp"))
    (proposal,) = await chat.gets("whatsapp-MARTA")
    assert proposal.text == SOUNDS
    assert [button.label for button in proposal.card.buttons] == ["Open ticket", "Change", "No"]
    assert await tickets(chat, at) == []
    (card,) = await marta(chat, "yes")
    assert "Leaking Water" in card
    assert await tickets(chat, at) == [("leaking-water", 1, "freezer is leaking")]


async def test_no_opens_nothing(chat: Chat, at: Branch) -> None:
    await marta(chat, "freezer is leaking")
    assert (await marta(chat, "No!"))[0].startswith("All right, no ticket.")
    assert await tickets(chat, at) == []


async def test_a_wrong_guess_is_changed(chat: Chat, at: Branch) -> None:
    await marta(chat, "freezer is leaking")
    assert await marta(chat, "change") == ["What kind of problem?"]
    assert await marta(chat, "Cold Chambers") == ["How urgent is it?"]
    await marta(chat, "critical")
    assert await tickets(chat, at) == [("cold-chambers", 0, "freezer is leaking")]


async def test_an_answer_that_is_none_is_asked_for_again(chat: Chat, at: Branch) -> None:
    await marta(chat, "freezer is leaking")
    assert await marta(chat, "hm") == ["Shall I open a ticket? Say yes, change or no."]
    await marta(chat, "Sí")
    assert len(await tickets(chat, at)) == 1


async def test_the_same_fault_again_is_offered_to_be_added(chat: Chat, at: Branch) -> None:
    await marta(chat, "freezer is leaking")
    await marta(chat, "yes")
    (asked,) = await marta(chat, "there is water below the freezer")
    assert "is open for the same fault" in asked
    (added,) = await marta(chat, "add")
    assert added.startswith("Added to TKT-")
    assert len(await tickets(chat, at)) == 1


async def test_who_has_two_branches_is_asked_which(chat: Chat, at: Branch) -> None:
    def another(uow: UnitOfWork) -> None:
        second = builders.unit(uow, at.cluster, "BR-02", name="Vienna Neubau")
        builders.put(uow, builders.positions, person_id=at.manager, unit_id=second, role="store_manager")

    await chat.database.write(another)
    await chat.hears(builders.inbound("whatsapp-MARTA", "freezer is leaking", channel="whatsapp"))
    (question,) = await chat.gets("whatsapp-MARTA")
    assert (question.text, question.commands) == ("At which branch?", ["=branch BR-01", "=branch BR-02"])
    assert "at Vienna Neubau, priority HIGH" in (await marta(chat, "vienna"))[0]


async def test_said_outright_anybody_who_opens_tickets_may_report(chat: Chat, at: Branch) -> None:
    assert await chat.says("slack-DANA", "report the glass door is broken", channel="slack") == [
        "🔧 This sounds like Glass Repair at Store BR-01, priority NORMAL:\n“the glass door is broken”\n\nShall I open a ticket?"
    ]
    (unknown,) = await chat.says("slack-DANA", "report something smells", channel="slack")
    assert unknown == "What kind of problem?"


async def test_nobody_elses_talk_is_looked_at(chat: Chat, at: Branch) -> None:
    def others(uow: UnitOfWork) -> None:
        builders.person(uow, at.client, "agent", "ABE", on="slack")
        both = builders.person(uow, at.branch, "store_manager", "BOTH", on="slack")
        builders.put(uow, builders.positions, person_id=both, unit_id=at.client, role="agent")

    await chat.database.write(others)
    for who, channel in (
        ("slack-ABE", "slack"),
        ("slack-BOTH", "slack"),
        ("slack-DANA", "slack"),
        ("telegram-ANA", "telegram"),
    ):
        (answer,) = await chat.says(who, "my freezer is leaking", channel=channel)
        assert answer.startswith("I did not understand that."), who
    await chat.says("34600", "my freezer is leaking", channel="whatsapp")
    assert "ticket.opened" not in await chat.happened()
    assert await chat.says("slack-MARTA", "freezer is leaking", channel="slack", chat="C1") == []
    assert await tickets(chat, at) == []


async def test_a_line_without_branch_is_about_ones_own(chat: Chat, at: Branch) -> None:
    await marta(chat, "ticket leaking critical Water everywhere")
    assert await tickets(chat, at) == [("leaking-water", 0, "Water everywhere")]
    assert await marta(chat, "ticket BR-99 leaking critical Water") == [
        "There is no branch BR-99. Codes look like BR-07."
    ]


async def test_the_dialog_offers_branches_kinds_and_urgencies(chat: Chat, at: Branch) -> None:
    await chat.database.write(lambda uow: builders.unit(uow, at.cluster, "BR-02"))
    offered = []
    for said in ("ticket", "BR-02", "noise", "Low"):
        await chat.hears(builders.inbound("slack-DANA", said, channel="slack"))
        offered += [left.commands for left in await chat.gets("slack-DANA")]
    assert offered[0] == ["=branch BR-01", "=branch BR-02"]
    assert offered[1][:2] == ["=subcategory cold-chambers", "=subcategory glass-repair"]
    assert offered[2:] == [[f"=priority {one}" for one in ("Critical", "High", "Normal", "Low")], []]


async def test_with_many_kinds_the_category_is_asked_for_first(chat: Chat, at: Branch) -> None:
    def more(uow: UnitOfWork) -> None:
        ovens = execute(AddCategory(at.client, "Ovens"), uow)
        for number in range(5):
            execute(AddSubcategory(ovens.id, Terms(name=f"Oven {number}")), uow)

    await chat.database.write(more)
    await chat.hears(builders.inbound("whatsapp-MARTA", "ticket", channel="whatsapp"))
    (question,) = await chat.gets("whatsapp-MARTA")
    assert (question.text, question.commands) == ("What is it about?", ["=subcategory cooling", "=subcategory ovens"])
    await chat.hears(builders.inbound("whatsapp-MARTA", "ovens", channel="whatsapp"))
    (question,) = await chat.gets("whatsapp-MARTA")
    assert question.commands == [f"=subcategory oven-{number}" for number in range(5)]
    assert await marta(chat, "oven-3") == ["How urgent?"]
