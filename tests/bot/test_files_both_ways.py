"""Files between customers and those who answer them: what is chosen together stays together, what cannot go is said."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.base import MediaRef
from core.clock import ManualClock
from core.conversations.queries import list_last_messages
from core.database import Database
from core.escalations.commands import TakeBackReply, TakeOver
from core.escalations.replies import keep_take_back
from core.media.queries import get_media
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import Desk, does, furnished, raised

DOUG = "34600"
ZIP = MediaRef("document", "z1", "application/zip", name="all.zip")


def photo(number: int) -> tuple[MediaRef, ...]:
    return (MediaRef("photo", f"f{number}"),)


@pytest.fixture
async def desk(database: Database) -> Desk:
    """Tina leads, in a chat of her own."""

    def work(uow: UnitOfWork) -> Desk:
        made = furnished(uow, board=False)
        tina = builders.person(uow, made.client, "agent", "TINA", on="telegram")
        builders.person(uow, made.client, "agent", "WIM", on="whatsapp")
        keep_take_back(uow, timedelta(0))
        does(uow, tina, TakeOver(raised(uow, made).id))
        return replace(made, ana=tina)

    return await database.write(work)


@pytest.fixture
def chat(database: Database, desk: Desk) -> Chat:
    return Chat(database)


async def sends(chat: Chat, text: str, *media: MediaRef, sender: str = "telegram-TINA", **more: Any) -> list[str]:
    return await chat.says(sender, text, media=media, **more)


async def reached(chat: Chat) -> list[Any]:
    """What the customer got, in order: words, or the platform's name of a file."""

    def query(reader: Reader) -> list[Any]:
        rows = reader.connection.exec_driver_sql(
            "SELECT d.kind, d.media_id FROM deliveries d WHERE d.chat = '34600' ORDER BY d.id"
        ).all()
        return [get_media(reader, row[1]).file_id if row[0] == "photo" else row[0] for row in rows]

    return await chat.database.read(query)


async def test_pictures_chosen_together_all_reach_the_customer_in_order(chat: Chat) -> None:
    await sends(chat, "reply the label", *photo(1), album="A")
    for number in (2, 3, 4):
        await sends(chat, "", *photo(number), album="A")
    assert await reached(chat) == ["message", "f1", "f2", "f3", "f4"]
    cards = await chat.database.read(lambda reader: builders.outbox(reader, template="escalation.reply"))
    assert cards[-1].facts["files"] == 4


async def test_a_picture_of_its_own_is_asked_about_and_goes_nowhere(chat: Chat) -> None:
    await sends(chat, "reply the label", *photo(1), album="A")
    *_, hint = await sends(chat, "", *photo(2), album="B")
    assert "A photo goes there with the caption: reply" in hint
    await sends(chat, "", *photo(3))
    assert await reached(chat) == ["message", "f1"]


async def test_where_nothing_says_what_belongs_together_what_follows_at_once_does(
    chat: Chat, desk: Desk, clock: ManualClock
) -> None:
    def to_wim(uow: UnitOfWork) -> None:
        wim = uow.connection.exec_driver_sql("SELECT id FROM persons WHERE code = 'WIM'").scalar_one()
        does(uow, wim, TakeOver(1))

    await chat.database.write(to_wim)
    wim = {"sender": "whatsapp-WIM", "channel": "whatsapp"}
    await sends(chat, "reply two labels", *photo(1), **wim)
    clock.advance(10)
    await sends(chat, "", *photo(2), **wim)
    clock.advance(60)
    await sends(chat, "", *photo(3), **wim)
    assert await reached(chat) == ["message", "f1", "f2"]


async def test_taken_back_all_of_it_stays_here_and_nothing_more_is_sent(chat: Chat, desk: Desk) -> None:
    await chat.database.write(lambda uow: keep_take_back(uow, timedelta(seconds=5)))
    await sends(chat, "reply the label", *photo(1), album="A")
    await sends(chat, "", *photo(2), album="A")
    await chat.database.write(lambda uow: does(uow, desk.ana, TakeBackReply(1)))
    *_, refused = await sends(chat, "", *photo(3), album="A")
    assert "taken back, so this was not sent either" in refused

    def left(reader: Reader) -> tuple[set[str], list[str]]:
        states = {one.state for one in builders.outbox(reader, chat=DOUG)}
        return states, [one.direction for one in list_last_messages(reader, desk.conversation, 10)]

    assert await chat.database.read(left) == ({"withdrawn"}, ["note", "note"])


async def test_what_cannot_be_passed_on_is_said_and_then_nothing_is(chat: Chat) -> None:
    *_, refused = await sends(chat, "reply here is everything", ZIP)
    assert refused.startswith("all.zip cannot be passed on, so nothing was said. What can: pictures, PDF, text, Word")
    assert await reached(chat) == []


@pytest.mark.parametrize(
    ("file", "said", "comes"),
    [
        (MediaRef("audio", "v1", "audio/ogg"), "🎤 a voice message", True),
        (MediaRef("document", "d1", "application/msword", name="offer.doc"), "📎 a document (offer.doc)", True),
        (ZIP, "📎 a document (all.zip), of a kind that cannot be passed on", False),
    ],
)
async def test_what_a_customer_sends_is_passed_on_or_said_not_to_be(
    chat: Chat, file: MediaRef, said: str, comes: bool
) -> None:
    await chat.hears(builders.inbound(DOUG, "", channel="whatsapp", media=(file,)))

    def relayed(reader: Reader) -> list[builders.Left]:
        return builders.outbox(reader, template="escalation.customer_said", chat="telegram-TINA")

    words, *files = await chat.database.read(relayed)
    assert said in words.text
    assert [one.kind for one in files] == (["photo"] if comes else [])
    assert words.facts["says_lost"]
