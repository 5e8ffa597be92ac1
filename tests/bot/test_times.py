"""One's own hours, quiet hours and bundling, said in a chat."""

from typing import Any

import pytest

from core.clock import ManualClock
from core.database import Database
from core.people.queries import find_person
from core.people.tables import Person
from tests import builders
from tests.bot.chat import Chat


@pytest.fixture
async def chat(database: Database) -> Chat:
    def work(uow: Any) -> None:
        branch = builders.unit(uow, builders.client(uow), "BR-1", holidays="ES")
        builders.person(uow, branch, "technician", "ANA")

    await database.write(work)
    return Chat(database)


async def ana(chat: Chat, text: str, /, **values: Any) -> str:
    return "\n".join(await chat.says("telegram-ANA", text, **values))


async def who(chat: Chat) -> Person:
    found = await chat.database.read(lambda reader: find_person(reader, 1, "ANA"))
    assert found
    return found


async def test_hours_are_said_shown_and_taken_back(chat: Chat) -> None:
    assert "Working hours: any time" in await ana(chat, "hours")
    said = await ana(chat, "hours mo-fr 8-18")
    assert "Working hours: Mon-Fri 08:00-18:00" in said
    assert "Holidays: ES" in said
    assert "What can wait reaches you now" in said
    assert "Holidays: none" in await ana(chat, "hours holidays off")
    assert "Working hours: any time" in await ana(chat, "hours off")
    assert (await who(chat)).hours == ""


async def test_quiet_hours_say_when_they_end(chat: Chat, clock: ManualClock) -> None:
    said = await ana(chat, "quiet 22-7")
    assert "Quiet hours: 22:00-07:00" in said
    clock.advance(13 * 3600)  # 23:00 in Madrid
    assert "reaches you from Tue 24 Nov 07:00 on" in await ana(chat, "quiet")
    assert "Quiet hours: none" in await ana(chat, "quiet off")


async def test_an_answer_comes_at_night_too(chat: Chat, clock: ManualClock) -> None:
    await ana(chat, "quiet 22-7")
    clock.advance(13 * 3600)
    assert "Quiet hours" in await ana(chat, "hours")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("hours someday 8-18", "“someday” is no day of the week"),
        ("hours 8-18", "does not say on which days"),
        ("hours holidays XX", "is no country"),
        ("quiet please", "write them like 22:00-07:00"),
        ("bundle many", "Say for example: bundle 2 10 min"),
        ("bundle 2 tomorrow", "is no working time"),
        ("bundle 200 10 min", "Between 0 and 100"),
        ("bundle 2 30 h", "for a day at most"),
    ],
)
async def test_what_is_wrong_is_answered_with_what_is_right(chat: Chat, text: str, answer: str) -> None:
    before = await who(chat)
    assert answer in await ana(chat, text)
    assert await who(chat) == before


async def test_bundling_is_chosen_for_all_or_for_one_kind(chat: Chat) -> None:
    everything = "the first 2 at once, then one message for those of 2 minutes."
    assert await ana(chat, "bundle") == (
        f"🗂 Updates about tickets: {everything}\n🗂 Updates about escalations: {everything}"
    )
    said = await ana(chat, "bundle tickets 0 1h")
    assert "tickets: one message for those of 60 minutes." in said
    assert f"escalations: {everything}" in said
    assert "escalations: each at once." in await ana(chat, "bundle off")
    assert "tickets: one message for those of 60 minutes." in await ana(chat, "bundle default")
    assert f"tickets: {everything}" in await ana(chat, "bundle ticket default")


async def test_in_a_group_it_is_just_talk(chat: Chat) -> None:
    for text in ("hours", "hours Mon-Fri 8-18", "quiet 22-7", "bundle off"):
        assert await ana(chat, text, chat="G1") == ""
    assert (await who(chat)).hours == ""
