"""Where a platform counts changes of messages by themselves, they wait in a line of their own."""

import asyncio
from random import Random

from channels.failures import TemporaryFailure
from channels.limits import CHANGES, Limit
from core.audit.record import Subject
from core.database import Database
from core.outbox.cards import refresh_cards
from core.outbox.notify import Chat, Notification, tell_chat
from core.unit_of_work import UnitOfWork
from jobs.attempt import Attempt
from jobs.dispatch import Lane
from jobs.pace import Pace
from tests import builders
from tests.jobs.lanes import no_photo, queue, running, settled, tried
from tests.jobs.phone import Phone

CHATS = ("C1", "C2", "C3")
TOO_MANY = TemporaryFailure("ratelimited", "too many", retry_after=3600, holds="recipient", limited=True)
ONE_AN_HOUR = Limit("slack", "changes", 1, 3600, "test")


def lane_of(database: Database, phone: Phone, owner: str) -> Lane:
    pace = Pace("slack", lambda _channel, chat: (ONE_AN_HOUR,) if chat == CHANGES else (), 0.0)
    return Lane(database, phone, Attempt(database.clock, no_photo, Random(1)), owner, pace)


def cards(uow: UnitOfWork) -> list[Subject]:
    client = builders.client(uow)
    subjects = [Subject("ticket", number, f"T-{number}", client, client) for number, _ in enumerate(CHATS)]
    for subject, chat in zip(subjects, CHATS, strict=True):
        card = Notification("reply.text", {"text": "new", "buttons": []}, subject, card=True)
        tell_chat(uow, Chat("slack", "default", chat), card)
    return subjects


async def test_changes_wait_for_each_other_and_no_message_waits_for_them(database: Database) -> None:
    subjects = await database.write(cards)
    phone = Phone("slack")
    async with running(lane_of(database, phone, "first")):
        await settled(database, 3)
        for subject in subjects:
            await database.write(lambda uow, of=subject: refresh_cards(uow, of, {"text": "done"}))  # type: ignore[misc]
        await settled(database, 4)
        for chat in CHATS:
            await queue(database, "hello", chat=chat, channel="slack")
        await settled(database, 7)

    assert sorted(message.card.notice for message in phone.got) == ["done", *["hello"] * 3, *["new"] * 3]
    waiting = await database.read(lambda reader: builders.outbox(reader, state="pending"))
    assert [left.kind for left in waiting] == ["edit"] * 2


async def test_a_refused_change_rests_with_the_others_and_no_message_with_it(database: Database) -> None:
    subjects = await database.write(cards)
    phone = Phone("slack")
    pace = Pace("slack", lambda _channel, _chat: (), 0.0)
    lane = Lane(database, phone, Attempt(database.clock, no_photo, Random(1)), "first", pace)
    async with running(lane):
        await settled(database, 3)
        phone.refuses("C1", TOO_MANY)
        await database.write(lambda uow: refresh_cards(uow, subjects[0], {"text": "done"}))
        await tried(database, 4)
        await database.write(lambda uow: refresh_cards(uow, subjects[1], {"text": "done"}))
        await queue(database, "hello", chat="C1", channel="slack")
        await settled(database, 4)
        await asyncio.sleep(0.3)

    assert phone.texts == ["new"] * 3 + ["hello"]


async def test_who_takes_over_counts_on_with_the_changes(database: Database) -> None:
    subjects = await database.write(cards)
    async with running(lane_of(database, Phone("slack"), "first")):
        await settled(database, 3)
        await database.write(lambda uow: refresh_cards(uow, subjects[0], {"text": "done"}))
        await settled(database, 4)
    await database.write(lambda uow: refresh_cards(uow, subjects[1], {"text": "done"}))
    await queue(database, "hello", chat="C1", channel="slack")
    phone = Phone("slack")

    async with running(lane_of(database, phone, "second")):
        await settled(database, 5)
        await asyncio.sleep(0.3)

    assert phone.texts == ["hello"]
