import asyncio

import pytest
import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, Conflict

from tests.sandbox.conftest import ANA, TOKEN
from tests.sandbox.serving import Control, Program

ACCEPT = InlineKeyboardMarkup([[InlineKeyboardButton("Accept", callback_data="accept:1")]])


def texts(updates: tuple[telegram.Update, ...]) -> list[str | None]:
    return [update.message.text for update in updates if update.message]


async def test_an_update_stays_until_a_higher_offset_confirms_it(bot: telegram.Bot, control: Control) -> None:
    for text in ("one", "two", "three"):
        control.act("ana", "telegram", "say", text=text)
    first = await bot.get_updates()
    assert texts(first) == texts(await bot.get_updates()) == ["one", "two", "three"]
    assert texts(await bot.get_updates(limit=1)) == ["one"]
    assert texts(await bot.get_updates(offset=first[1].update_id)) == ["two", "three"]
    assert texts(await bot.get_updates(offset=first[0].update_id)) == ["two", "three"]
    assert texts(await bot.get_updates(offset=-1)) == ["three"]
    assert texts(await bot.get_updates()) == ["three"]
    assert await bot.get_updates(offset=first[2].update_id + 1) == ()


async def test_a_long_poll_is_answered_by_the_next_message(bot: telegram.Bot, control: Control) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(control.act, "ana", "telegram", "say", text="now")
    assert texts(await polling) == ["now"]


async def test_the_older_of_two_polls_loses(bot: telegram.Bot, control: Control) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    async with telegram.Bot(TOKEN, base_url=f"{control.url}/telegram/bot") as twin:
        newer = asyncio.create_task(twin.get_updates(timeout=20))
        with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
            await older
        await asyncio.to_thread(control.act, "ana", "telegram", "say", text="now")
        assert texts(await newer) == ["now"]


async def test_a_reset_answers_a_poll_at_once_and_the_next_one_sees_the_new_world(
    bot: telegram.Bot, control: Control
) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(control.post, "/reset")
    assert await polling == ()
    await asyncio.to_thread(control.put, "/people/ana", {"telegram_id": ANA})
    await asyncio.to_thread(control.act, "ana", "telegram", "say", text="fresh")
    assert texts(await bot.get_updates()) == ["fresh"]


async def test_only_asked_for_kinds_arrive(bot: telegram.Bot, control: Control) -> None:
    said = control.act("ana", "telegram", "say", text="one")
    control.act("ana", "telegram", "react", message_id=said["message_id"], emoji="👍")
    assert len(await bot.get_updates(allowed_updates=["message_reaction"])) == 1
    control.act("ana", "telegram", "say", text="two")
    control.act("ana", "telegram", "react", message_id=said["message_id"], emoji="🔥")
    updates = await bot.get_updates()
    assert texts(updates) == ["one"]
    assert updates[-1].message_reaction


async def test_webhook_carries_the_secret_repeats_and_excludes_polling(
    bot: telegram.Bot, control: Control, receiver: Program
) -> None:
    control.act("ana", "telegram", "say", text="waited")
    await bot.set_webhook(f"{receiver.url}/telegram/webhook", secret_token="s3cret")
    receiver.wait_for(1)
    with pytest.raises(Conflict, match=r"(?i)webhook is active"):
        await bot.get_updates()
    receiver.will_answer(500)
    receiver.will_answer(503)
    event = control.act("ana", "telegram", "say", text="again")
    assert event["status"] == 500
    requests = receiver.wait_for(4)
    assert [request.json["message"]["text"] for request in requests] == ["waited", "again", "again", "again"]
    assert {request.headers["x-telegram-bot-api-secret-token"] for request in requests} == {"s3cret"}
    assert control.act("ana", "telegram", "say", text="fine")["status"] == 200
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 0
    assert info.last_error_message
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_pressing_and_answering(bot: telegram.Bot, control: Control) -> None:
    sent = await bot.send_message(ANA, "offer", reply_markup=ACCEPT)
    refusal = control.act("ana", "telegram", "press", expect=404, label="Nonsense")
    assert [button["label"] for button in refusal["buttons"]] == ["Accept"]
    control.act("ana", "telegram", "press", label="accept")
    (update,) = await bot.get_updates()
    query = update.callback_query
    assert query
    assert query.data == "accept:1"
    assert query.message
    assert query.message.message_id == sent.message_id
    assert query.message.is_accessible
    await query.answer("Yours")
    chat = next(chat for chat in control.get("/people/ana/chats")["telegram"] if chat["private"])
    assert chat["toasts"][0]["text"] == "Yours"
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await query.answer("Yours")


async def test_a_callback_waits_fifteen_seconds_and_takes_200_characters(bot: telegram.Bot, control: Control) -> None:
    await bot.send_message(ANA, "offer", reply_markup=ACCEPT)
    control.act("ana", "telegram", "press", data="accept:1")
    (update,) = await bot.get_updates()
    assert update.callback_query
    with pytest.raises(BadRequest):
        await update.callback_query.answer("x" * 201)
    control.advance(16)
    with pytest.raises(BadRequest, match=r"(?i)query is too old"):
        await update.callback_query.answer("late")


async def test_a_live_location_moves_under_one_message_id(bot: telegram.Bot, control: Control) -> None:
    first = control.act("ana", "telegram", "location", latitude=41.0, longitude=69.0, live=900)
    moved = {"message_id": first["message_id"], "latitude": 41.5, "longitude": 69.5}
    control.act("ana", "telegram", "location", **moved)
    control.act("ana", "telegram", "location", message_id=first["message_id"], stop=True)
    start, move, stop = await bot.get_updates()
    assert start.message
    assert start.message.location
    assert start.message.location.to_dict()["live_period"]
    assert move.edited_message
    assert move.edited_message.location
    assert move.edited_message.location.latitude == 41.5
    assert stop.edited_message
    assert stop.edited_message.location
    assert "live_period" not in stop.edited_message.location.to_dict()
    assert move.edited_message.message_id == start.message.message_id


async def test_groups_edits_files_and_leaving(bot: telegram.Bot, control: Control) -> None:
    said = control.act("ana", "telegram", "say", room="-4001", text="hello", mention=True)
    control.act("ana", "telegram", "edit", room="-4001", message_id=said["message_id"], text="hello all")
    control.act("ana", "telegram", "voice")
    control.act("ana", "telegram", "document", name="notes.txt")
    control.act("ana", "telegram", "block")
    group, edited, voice, document, left = await bot.get_updates()
    assert group.message
    assert group.message.chat.id == -4001
    assert group.message.entities[0].type == "mention"
    assert edited.edited_message
    assert edited.edited_message.text == "hello all"
    assert voice.message
    assert voice.message.voice
    assert document.message
    assert document.message.document
    assert document.message.document.file_name == "notes.txt"
    assert left.my_chat_member
    assert left.my_chat_member.new_chat_member.status == "kicked"
    control.act("ana", "telegram", "say", expect=409, text="still here?")


async def test_privacy_mode_hides_small_talk_of_groups(bot: telegram.Bot, control: Control) -> None:
    control.put("/config", {"telegram": {"privacy": True}})
    control.act("ana", "telegram", "say", room="-4001", text="small talk")
    control.act("ana", "telegram", "say", room="-4001", text="/help")
    assert texts(await bot.get_updates()) == ["/help"]
