"""Lanes that rest, in the chat: `queue` says it to those who watch, and an admin lets them try again."""

from datetime import timedelta

import pytest

from core.clock import ManualClock
from core.database import Database
from core.outbox.lanes import find_lane, pause_lane
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat

LANE = "slack:default"


@pytest.fixture
async def chat(database: Database) -> Chat:
    """Ada is an admin, Dan a dispatcher, and Slack rests for ten minutes."""

    def build(uow: UnitOfWork) -> None:
        client = builders.client(uow, time_zone="UTC")
        builders.person(uow, client, "admin", "ADA")
        builders.person(uow, client, "dispatcher", "DAN")
        pause_lane(uow, LANE, uow.now + timedelta(minutes=10), "too many messages")

    await database.write(build)
    return Chat(database)


async def test_queue_says_what_rests_and_offers_an_admin_to_end_it(chat: Chat) -> None:
    await chat.hears(builders.inbound("telegram-ADA", "queue"))
    await chat.hears(builders.inbound("telegram-DAN", "queue"))
    (ada,), (dan,) = await chat.gets("telegram-ADA"), await chat.gets("telegram-DAN")
    assert "🚧 slack:default rests until 09:10: too many messages" in ada.text
    assert ada.commands == ["reset slack:default"]
    assert ada.text == dan.text
    assert dan.commands == []


async def test_an_admin_resets_it_once_and_it_is_written_down(database: Database, chat: Chat) -> None:
    (done,) = await chat.says("telegram-ADA", "reset Slack:default")
    (again,) = await chat.says("telegram-ADA", "reset slack:default")
    state = await database.read(lambda reader: find_lane(reader, LANE))
    assert state is not None
    assert state.paused_until is None
    assert done.startswith("slack:default tries again now.")
    assert again == "Nothing holds slack:default back, nor any other lane."
    assert "lane.reset" in await chat.happened()


async def test_others_may_not_and_a_wrong_name_is_answered_with_the_right_ones(database: Database, chat: Chat) -> None:
    (refusal,) = await chat.says("telegram-DAN", "reset slack:default")
    (unknown,) = await chat.says("telegram-ADA", "reset slak:default")
    assert refusal.endswith("This is for an admin.")
    assert unknown == "Nothing holds slak:default back. There is something to reset at slack:default."


async def test_what_leaves_on_another_day_says_which(database: Database, chat: Chat, clock: ManualClock) -> None:
    def work(uow: UnitOfWork) -> None:
        builders.change(uow, builders.deliveries, builders.queued(uow), next_attempt_at=uow.now + timedelta(hours=24))

    await database.write(work)
    (answer,) = await chat.says("telegram-DAN", "queue")
    assert "⏳ 1 waiting for Telegram, last leaves Tue 24 Nov 09:00" in answer
