"""Telegram's own ways: buttons that want an answer, edits, captions, the location keyboard, and our getUpdates loop."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from channels.base import Answer, Outgoing
from channels.card import Button, Card, Menu, Paragraph, Span
from channels.failures import PermanentFailure
from channels.telegram.poller import TelegramPoller
from channels.telegram.sender import TelegramSender
from core.errors import Unavailable
from tests.channels.kits import TELEGRAM, Door
from tests.channels.payload_files import SOURCES
from tests.channels.stand_in import DROPPED, Asked, Reply, StandIn, reply

CARD = Card(notice="Ticket", paragraphs=(Paragraph((Span("Ticket"),)),), buttons=(Button("Accept", "accept TKT-1"),))


def refused(words: str, **parameters: int) -> Reply:
    return reply(400, ok=False, error_code=400, description=f"Bad Request: {words}", parameters=parameters)


@pytest.fixture
async def platform() -> AsyncIterator[StandIn]:
    async with StandIn(TELEGRAM.usual).running() as platform:
        yield platform


@pytest.fixture
async def sender(platform: StandIn) -> AsyncIterator[TelegramSender]:
    sender = TelegramSender("default", "1000001:token", api_url=platform.url)
    yield sender
    await sender.close()


def asked(platform: StandIn, method: str) -> list[dict[str, str]]:
    return [one.form for one in platform.asked if one.path.endswith(f"/{method}")]


# --- out ------------------------------------------------------------------------------------------------------------


async def test_a_quoted_message_may_be_gone(platform: StandIn, sender: TelegramSender) -> None:
    await sender.send(Outgoing(1, "5", CARD, thread="388"))
    quoted = orjson.loads(asked(platform, "sendMessage")[0]["reply_parameters"])
    assert quoted == {"message_id": 388, "allow_sending_without_reply": True}


async def test_an_edit_that_changes_nothing_is_done(platform: StandIn, sender: TelegramSender) -> None:
    platform.replies.append(refused("message is not modified: specified new message content is the same"))
    assert await sender.send(Outgoing(1, "5", CARD, edits="388")) == "388"


async def test_an_edit_takes_old_buttons_away(platform: StandIn, sender: TelegramSender) -> None:
    await sender.send(Outgoing(1, "5", Card(notice="closed"), edits="388"))
    assert asked(platform, "editMessageText")[0]["reply_markup"] == '{"inline_keyboard": []}'


async def test_an_edit_of_a_photo_changes_its_caption(platform: StandIn, sender: TelegramSender) -> None:
    platform.replies.append(refused("there is no text in the message to edit"))
    assert await sender.send(Outgoing(1, "5", CARD, edits="388")) == "388"
    assert asked(platform, "editMessageCaption")[0]["caption"] == "Ticket"


async def test_an_edit_of_a_deleted_message_fails_for_good(platform: StandIn, sender: TelegramSender) -> None:
    platform.replies.append(refused("message to edit not found"))
    with pytest.raises(PermanentFailure) as caught:
        await sender.send(Outgoing(1, "5", CARD, edits="388"))
    assert not caught.value.unreachable


async def test_a_group_that_moved_names_its_new_id(platform: StandIn, sender: TelegramSender) -> None:
    platform.replies.append(refused("group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1001234567890))
    with pytest.raises(PermanentFailure) as caught:
        await sender.send(Outgoing(1, "-4455", CARD))
    assert caught.value.moved_to == "-1001234567890"


async def test_a_photo_carries_its_card(platform: StandIn, sender: TelegramSender, tmp_path: Path) -> None:
    photo = tmp_path / "after.jpg"
    photo.write_bytes(b"\xff\xd8 picture")
    await sender.send(Outgoing(1, "5", CARD, photo=photo))
    await sender.send(Outgoing(2, "5", Card(notice="x", paragraphs=(Paragraph((Span("word " * 400),)),)), photo=photo))
    assert [one.path.rpartition("/")[2] for one in platform.asked] == ["sendPhoto", "sendPhoto", "sendMessage"]
    assert b"\xff\xd8 picture" in platform.asked[0].body
    assert b'name="caption"\r\n\r\nTicket' in platform.asked[0].body
    assert b"caption" not in platform.asked[1].body


async def test_a_location_is_asked_for_where_a_keyboard_can_be(platform: StandIn, sender: TelegramSender) -> None:
    asking = Card(notice="Where are you?", asks_location=True)
    await sender.send(Outgoing(1, "5", asking, language="es-MX"))
    await sender.send(Outgoing(2, "-100", asking))
    await sender.send(Outgoing(3, "5", Card(notice="Where?", asks_location=True, buttons=CARD.buttons)))
    private, group, buttons = asked(platform, "sendMessage")
    assert '"request_location": true' in private["reply_markup"]
    assert "reply_markup" not in group
    assert "📎" in group["text"]
    assert "accept TKT-1" in buttons["reply_markup"]
    assert "📎" in buttons["text"]


async def test_a_menu_is_one_row_per_option(platform: StandIn, sender: TelegramSender) -> None:
    options = tuple(Button(f"Ben {n}", f"assign ESC-1 BEN{n}") for n in range(3))
    await sender.send(Outgoing(1, "5", Card(notice="x", buttons=CARD.buttons * 3, menu=Menu("Who?", options))))
    rows = orjson.loads(asked(platform, "sendMessage")[0]["reply_markup"])["inline_keyboard"]
    assert [len(row) for row in rows] == [2, 1, 1, 1, 1]


async def test_a_file_over_the_limit_is_not_fetched(platform: StandIn, sender: TelegramSender) -> None:
    platform.replies.append(reply(ok=True, result={"file_path": "photos/1.jpg", "file_size": 11}))
    with pytest.raises(PermanentFailure):
        await sender.fetch("AgAD", 10)
    assert len(platform.asked) == 1


async def test_a_file_is_fetched(platform: StandIn, sender: TelegramSender) -> None:
    platform.replies += [reply(ok=True, result={"file_path": "photos/1.jpg"}), Reply(body=b"picture")]
    assert await sender.fetch("AgAD", 10) == b"picture"
    assert platform.asked[1].path == "/file/bot1000001:token/photos/1.jpg"


# --- in: getUpdates -------------------------------------------------------------------------------------------------


class Updates:
    """The queue at Telegram: an update is forgotten when one behind it is asked for."""

    def __init__(self, *updates: dict[str, Any]) -> None:
        self.waiting = list(updates)
        self.drained = asyncio.Event()

    def __call__(self, one: Asked) -> Reply:
        if not one.path.endswith("/getUpdates"):
            return reply(ok=True, result=True)
        offset = int(one.form["offset"])
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        if not self.waiting:
            self.drained.set()
        return reply(ok=True, result=self.waiting)


def said(update_id: int, chat: int, text: str) -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "Ana"}
    place = {"id": chat, "type": "private"}
    message = {"message_id": update_id, "date": 1795255200, "chat": place, "from": person, "text": text}
    return {"update_id": update_id, "message": message}


async def listen(updates: Updates, door: Any) -> StandIn:
    """Polls until Telegram's queue is empty."""
    async with StandIn(updates).running() as platform:
        sender = TelegramSender("default", "1000001:token", api_url=platform.url)
        poller = TelegramPoller(SOURCES["telegram"], sender, patience=0, pauses=(0.01,))
        task = asyncio.create_task(poller.listen(door))
        await asyncio.wait_for(updates.drained.wait(), 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await sender.close()
        return platform


async def test_updates_are_confirmed_only_when_they_are_stored() -> None:
    updates = Updates(said(10, 1, "a"), said(11, 2, "b"), said(12, 1, "c"))
    stored: list[int] = []
    locked = {12: 2}  # two attempts at update 12 find the database locked

    async def door(source: object, body: bytes) -> Answer:
        update_id = orjson.loads(body)["update_id"]
        if locked.get(update_id, 0):
            locked[update_id] -= 1
            raise Unavailable
        stored.append(update_id)
        return Answer()

    platform = await listen(updates, door)
    assert sorted(stored) == [10, 11, 12]
    offsets = [int(one["offset"]) for one in asked(platform, "getUpdates")]
    assert offsets[:4] == [0, 12, 12, 13]


async def test_nothing_of_a_chat_is_taken_before_what_came_first() -> None:
    updates = Updates(said(10, 1, "a"), said(11, 1, "b"), said(12, 2, "c"))
    tried: list[int] = []
    locked = [10]

    async def door(source: object, body: bytes) -> Answer:
        update_id = orjson.loads(body)["update_id"]
        tried.append(update_id)
        if update_id in locked:
            locked.remove(update_id)
            raise Unavailable
        return Answer()

    await listen(updates, door)
    first_chat = [update_id for update_id in tried if update_id != 12]
    assert first_chat == [10, 10, 11]


async def test_an_update_nobody_can_read_blocks_nothing() -> None:
    broken: dict[str, Any] = {"update_id": 10, "callback_query": {"strange": True}, "message": 5}
    door = Door()
    await listen(Updates(broken, said(11, 1, "help")), door)
    assert [orjson.loads(body)["update_id"] for body in door.bodies] == [10, 11]


async def test_a_pressed_button_is_answered_once_it_is_stored() -> None:
    person = {"id": 1, "is_bot": False, "first_name": "Ana"}
    press = {"id": "77", "from": person, "data": "claim ESC-1", "chat_instance": "x"}
    door = Door()
    door.answer = Answer(toast="Claimed")
    platform = await listen(Updates({"update_id": 10, "callback_query": press}), door)
    assert asked(platform, "answerCallbackQuery") == [{"callback_query_id": "77", "text": "Claimed"}]


@pytest.mark.parametrize("trouble", [DROPPED, reply(409, ok=False, error_code=409, description="Conflict")])
async def test_trouble_with_telegram_is_waited_out(trouble: Reply) -> None:
    updates, door = Updates(said(10, 1, "help")), Door()
    async with StandIn(updates).running() as platform:
        sender = TelegramSender("default", "1000001:token", api_url=platform.url)
        platform.replies += [trouble, reply(ok=True, result=True), trouble, trouble]
        poller = TelegramPoller(SOURCES["telegram"], sender, patience=0, pauses=(0.01,))
        task = asyncio.create_task(poller.listen(door))
        await asyncio.wait_for(updates.drained.wait(), 10)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await sender.close()
    assert len(door.bodies) == 1
