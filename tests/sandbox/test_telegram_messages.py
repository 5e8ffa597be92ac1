import io

import pytest
import telegram
from PIL import Image
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken

from sandbox.photos import make_jpeg
from sandbox.telegram import html
from tests.sandbox.conftest import ANA, TOKEN
from tests.sandbox.serving import Control


def keyboard(*labels: str, data: str = "do:1") -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=data) for label in labels]])


async def test_html_becomes_entities_for_the_bot_and_clean_html_for_the_reader(
    bot: telegram.Bot, control: Control
) -> None:
    source = '🔥 <b>hot</b> &lt;i&gt; <a href="https://a.example/?x=1&amp;y=2">link</a> & more'
    sent = await bot.send_message(ANA, source, parse_mode="HTML")
    assert sent.text == "🔥 hot <i> link & more"
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities] == [
        ("bold", 3, 3),
        ("text_link", 11, 4),
    ]
    assert sent.entities[1].url == "https://a.example/?x=1&y=2"
    (seen,) = control.messages("ana", "telegram")
    assert seen["text"] == sent.text
    assert "<b>hot</b> &lt;i&gt;" in seen["html"]
    assert (seen["from"], seen["id"]) == ("bot", str(sent.message_id))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a <b>bold", """can't find end tag corresponding to start tag "b\""""),
        ("é <i>x</b>", """unmatched end tag at byte offset 7, expected "</i>", found "</b>\""""),
        ("5 < 6", 'unsupported start tag "" at byte offset 2'),
        ("<h1>x</h1>", 'unsupported start tag "h1" at byte offset 0'),
        ("x</b>", "unexpected end tag at byte offset 1"),
        ("x <b", "unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
async def test_bad_html_is_refused_in_telegrams_words(bot: telegram.Bot, text: str, complaint: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(ANA, text, parse_mode="HTML")
    assert refusal.value.message.lower() == f"can't parse entities: {complaint}"


def test_the_readers_html_carries_no_script() -> None:
    shown = html.parse('<a href="javascript:alert(1)">x</a>&lt;script&gt;').shown
    assert shown == "<a>x</a>&lt;script&gt;"


async def test_length_counts_utf16_units_after_parsing(bot: telegram.Bot) -> None:
    await bot.send_message(ANA, f"<b>{'🔥' * 2048}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"(?i)message is too long"):
        await bot.send_message(ANA, "🔥" * 2048 + "x")
    with pytest.raises(BadRequest, match=r"(?i)text is empty"):
        await bot.send_message(ANA, "<b> </b>", parse_mode="HTML")


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        (keyboard("x", data="ä" * 33), "BUTTON_DATA_INVALID"),
        (InlineKeyboardMarkup([[InlineKeyboardButton("x", url="http://localhost:8000/")]]), "Wrong HTTP URL"),
        (InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="1")]] * 101), "reply markup is too long"),
    ],
)
async def test_keyboards_beyond_the_limits_are_refused(
    bot: telegram.Bot, markup: InlineKeyboardMarkup, complaint: str
) -> None:
    with pytest.raises(BadRequest) as refusal:
        await bot.send_message(ANA, "x", reply_markup=markup)
    assert complaint.lower() in refusal.value.message.lower()


async def test_callback_data_of_64_bytes_is_allowed(bot: telegram.Bot) -> None:
    sent = await bot.send_message(ANA, "x", reply_markup=keyboard("Accept", data="ä" * 32))
    assert sent.reply_markup


async def test_a_location_button_is_for_private_chats(bot: telegram.Bot, control: Control) -> None:
    menu = ReplyKeyboardMarkup([[KeyboardButton("Where I am", request_location=True), "Cancel"]])
    await bot.send_message(ANA, "where?", reply_markup=menu)
    chat = next(chat for chat in control.get("/people/ana/chats")["telegram"] if chat["private"])
    assert [(button["label"], button["kind"]) for button in chat["menu"]] == [
        ("Where I am", "location"),
        ("Cancel", "text"),
    ]
    with pytest.raises(BadRequest, match=r"(?i)private chats only"):
        await bot.send_message(-4001, "where?", reply_markup=menu)


async def test_editing_shows_the_new_text_and_refuses_the_same(bot: telegram.Bot, control: Control) -> None:
    sent = await bot.send_message(ANA, "one", reply_markup=keyboard("Accept"))
    with pytest.raises(BadRequest, match=r"(?i)message is not modified"):
        await sent.edit_text("one", reply_markup=keyboard("Accept"))
    await sent.edit_text("two")
    (seen,) = control.messages("ana", "telegram")
    assert (seen["text"], seen["edited"], seen["buttons"]) == ("two", True, [])
    await sent.edit_reply_markup(keyboard("Again"))
    assert control.messages("ana", "telegram")[0]["buttons"][0]["label"] == "Again"
    await sent.delete()
    assert control.messages("ana", "telegram") == []
    with pytest.raises(BadRequest, match=r"(?i)message to edit not found"):
        await sent.edit_text("three")


async def test_a_persons_message_cannot_be_edited_by_the_bot(bot: telegram.Bot, control: Control) -> None:
    said = control.act("ana", "telegram", "say", text="mine")
    with pytest.raises(BadRequest, match=r"(?i)message can't be edited"):
        await bot.edit_message_text("yours", ANA, int(said["message_id"]))


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"blocked_telegram": True}, Forbidden, "bot was blocked by the user"),
        ({"deactivated": True}, Forbidden, "user is deactivated"),
        ({"started": False}, Forbidden, "bot can't initiate conversation with a user"),
    ],
)
async def test_people_who_cannot_be_written_to(
    bot: telegram.Bot, control: Control, change: dict[str, bool], error: type[Exception], words: str
) -> None:
    control.put("/people/ana", change)
    with pytest.raises(error, match=words):
        await bot.send_message(ANA, "x")


async def test_start_opens_the_way(bot: telegram.Bot, control: Control) -> None:
    control.put("/people/ana", {"started": False})
    control.act("ana", "telegram", "start", payload="code-1")
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.text == "/start code-1"
    assert update.message.entities[0].type == "bot_command"
    await bot.send_message(ANA, "welcome")


async def test_unknown_chats_tokens_and_methods(bot: telegram.Bot, control: Control) -> None:
    with pytest.raises(BadRequest, match=r"(?i)chat not found"):
        await bot.send_message(999, "x")
    with pytest.raises(InvalidToken):
        async with telegram.Bot("42:wrong", base_url=f"{control.url}/telegram/bot"):
            pass
    answer = control.session.get(f"{control.url}/telegram/bot{TOKEN}/sendTelepathy")
    assert (answer.status_code, answer.json()["description"]) == (404, "Not Found: method not found")


async def test_a_group_becomes_a_supergroup(bot: telegram.Bot, control: Control) -> None:
    await bot.send_message(-4001, "before")
    control.post("/rooms/-4001/migrate", {"to": "-1004001"})
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(-4001, "after")
    assert moved.value.new_chat_id == -1004001
    sent = await bot.send_message(moved.value.new_chat_id, "after")
    assert sent.chat.type == "supergroup"
    first, second = await bot.get_updates()
    assert first.message
    assert first.message.migrate_to_chat_id == -1004001
    assert second.message
    assert second.message.migrate_from_chat_id == -4001
    assert [message["text"] for message in control.messages("bob", "telegram")] == ["before", "after"]


async def test_replies_quote_and_missing_ones_are_refused(bot: telegram.Bot, control: Control) -> None:
    said = control.act("ana", "telegram", "say", text="question")
    sent = await bot.send_message(ANA, "answer", reply_parameters=telegram.ReplyParameters(int(said["message_id"])))
    assert sent.reply_to_message
    assert sent.reply_to_message.text == "question"
    assert control.messages("ana", "telegram")[-1]["quoted"] == said["message_id"]
    with pytest.raises(BadRequest, match=r"(?i)message to be replied not found"):
        await bot.send_message(ANA, "answer", reply_parameters=telegram.ReplyParameters(4040))


async def test_photos_travel_both_ways(bot: telegram.Bot, control: Control) -> None:
    sent = await bot.send_photo(ANA, make_jpeg("out", 1), caption="<b>out</b>", parse_mode="HTML")
    assert sent.caption == "out"
    shown = control.messages("ana", "telegram")[0]["photo"]
    picture = control.session.get(f"{control.url}{shown}").content
    assert Image.open(io.BytesIO(picture)).size == (640, 480)
    assert (await bot.send_photo(ANA, sent.photo[-1].file_id)).photo
    control.act("ana", "telegram", "photo", caption="fridge", album=3)
    updates = await bot.get_updates()
    albums = {update.message.media_group_id for update in updates if update.message}
    assert len(updates) == 3
    assert len(albums) == 1
    assert [update.message.caption for update in updates if update.message] == ["fridge", None, None]
    assert updates[0].message
    sizes = updates[0].message.photo
    assert sizes[0].width < sizes[-1].width
    content = await (await bot.get_file(sizes[-1].file_id)).download_as_bytearray()
    assert Image.open(io.BytesIO(content)).size == (640, 480)


async def test_captions_are_edited_apart_from_texts(bot: telegram.Bot, control: Control) -> None:
    sent = await bot.send_photo(ANA, make_jpeg("out", 1), caption="one")
    await sent.edit_caption("<i>two</i>", parse_mode="HTML")
    assert control.messages("ana", "telegram")[0]["text"] == "two"
    with pytest.raises(BadRequest, match=r"(?i)there is no text in the message"):
        await sent.edit_text("three")
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.send_photo(ANA, sent.photo[-1].file_id, caption="x" * 1025)


async def test_documents_albums_places_and_what_is_no_photo(bot: telegram.Bot, control: Control) -> None:
    await bot.send_document(ANA, b"a,b\n", filename="list.csv", caption="list")
    await bot.send_location(ANA, 41.3, 69.2)
    await bot.send_venue(-4001, 41.3, 69.2, "Store", "Street 1")
    album = await bot.send_media_group(
        -4001, [InputMediaPhoto(make_jpeg("a", 1), caption="both"), InputMediaPhoto(make_jpeg("b", 2))]
    )
    assert album[0].media_group_id == album[1].media_group_id
    kinds = [set(message) & {"document", "location", "photo"} for message in control.messages("ana", "telegram")]
    assert kinds == [{"document"}, {"location"}, {"location"}, {"photo"}, {"photo"}]
    with pytest.raises(BadRequest, match=r"(?i)image_process_failed"):
        await bot.send_photo(ANA, b"not a picture", filename="x.jpg")


async def test_the_command_list_is_checked_and_kept(bot: telegram.Bot) -> None:
    await bot.set_my_commands([("help", "What I can do")])
    assert [command.command for command in await bot.get_my_commands()] == ["help"]
    with pytest.raises(BadRequest, match=r"(?i)bot_command_invalid"):
        await bot.set_my_commands([("not-valid", "x")])
    assert (await bot.get_chat(ANA)).first_name == "Ana"
