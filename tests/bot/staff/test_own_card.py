"""Whoever works where no board is has the case's card in their own chat, as the answer to what they pressed."""

import pytest

from tests import builders
from tests.bot.chat import Chat
from tests.bot.staff.saying import ana
from tests.core.escalations.desk import Desk

YOU_HAVE_IT = "You have ESC-1. Take over to speak with Doug Carter."


@pytest.fixture(autouse=True)
async def bo(chat: Chat, desk: Desk) -> None:
    await chat.database.write(lambda uow: builders.person(uow, desk.client, "agent", "BO", on="telegram"))


async def test_who_claims_in_a_private_chat_gets_one_message_with_card_answer_and_buttons(chat: Chat) -> None:
    (card,) = await _bo(chat, "claim ESC-1")
    assert "ESC-1" in card.splitlines()[0]
    assert f"👤 {YOU_HAVE_IT}" in card
    assert "has it since" not in card


async def test_the_answer_on_a_card_goes_with_the_next_change(chat: Chat) -> None:
    await _bo(chat, "claim ESC-1")
    await ana(chat, "takeover ESC-1")
    told = await chat.reads("telegram-BO")
    assert any("Ana" in text for text in told)
    assert not any(YOU_HAVE_IT in text for text in told)


async def test_a_second_answer_stands_by_itself_below_the_card(chat: Chat) -> None:
    await _bo(chat, "claim ESC-1")
    said = await _bo(chat, "takeover ESC-1")
    assert [text for text in said if text.startswith("You lead the conversation with Doug Carter now")]


async def _bo(chat: Chat, text: str) -> list[str]:
    return await chat.says("telegram-BO", text, channel="telegram", way="button", command=text)
