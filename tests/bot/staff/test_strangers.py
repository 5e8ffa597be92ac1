"""Who is not known yet, and how they become known."""

import pytest

from channels.base import InboundMessage
from core.executor import execute
from core.people.commands import CreateLinkCode
from tests import builders
from tests.bot.chat import Chat
from tests.bot.staff.saying import ana
from tests.core.escalations.desk import Desk

LINK_FIRST = "I do not know you here yet. Ask your admin for a link code, then write: start YOUR-CODE"


async def test_a_stranger_is_told_how_to_link(chat: Chat) -> None:
    assert await chat.says("U9", "claim ESC-1", channel="slack") == [LINK_FIRST]


async def test_a_stranger_who_just_talks_in_a_group_is_left_alone(chat: Chat) -> None:
    assert await chat.says("U9", "good morning", channel="slack", chat="C1") == []


async def test_a_stranger_who_presses_a_button_is_told_how_to_link(chat: Chat) -> None:
    message: InboundMessage = builders.inbound("U9", command="claim ESC-1", channel="slack", chat="C1", way="button")
    assert (await chat.hears(message)).toast == LINK_FIRST


async def link_code(chat: Chat, desk: Desk) -> str:
    code: str = await chat.database.write(lambda uow: execute(CreateLinkCode(desk.ana, "telegram"), uow))
    return code


@pytest.mark.parametrize("typed", ["start {}", "/start {}", "START {}"])
async def test_the_code_links_and_from_then_on_they_are_known(chat: Chat, desk: Desk, typed: str) -> None:
    code = await link_code(chat, desk)
    assert await chat.says("77", typed.format(code)) == [
        "Welcome, Ana. You are linked. Say help to see what you can do."
    ]
    assert (await chat.says("77", "me"))[0].startswith("You are Ana (ANA), writing on telegram.")


async def test_a_code_works_once(chat: Chat, desk: Desk) -> None:
    code = await link_code(chat, desk)
    await chat.says("77", f"start {code}")
    (answer,) = await chat.says("78", f"start {code}")
    assert answer.startswith("This code does not work: it is mistyped, used already, or older than a day.")


async def test_who_is_linked_already_is_told_so(chat: Chat) -> None:
    assert await ana(chat, "start ABC") == ["You are linked already, Ana. Say help to see what you can do."]
