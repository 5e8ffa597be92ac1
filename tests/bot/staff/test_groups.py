"""What is said in groups and below cards: notes, talk, and answers for the customer."""

import pytest

from core.clock import ManualClock
from core.conversations.queries import list_last_messages
from tests import builders
from tests.bot.chat import Chat
from tests.bot.staff.saying import ana, answers, in_thread, status


async def test_talk_in_a_group_is_ignored(chat: Chat) -> None:
    for text in ("anybody having lunch?", "done for today", "I will take it", "close the window", "help me with this"):
        assert await ana(chat, text, chat="C1") == []
    assert await chat.happened() == ["escalation.raised"]


async def test_in_a_group_an_answer_stands_below_what_was_said(chat: Chat) -> None:
    await chat.hears(builders.inbound("slack-ANA", "queue", channel="slack", chat="C1", message_id="17.2"))
    (answer,) = await chat.gets("C1")
    assert (answer.thread, answer.visible_to) == ("17.2", None)


async def test_who_presses_a_button_in_a_group_reads_the_answer_alone(chat: Chat) -> None:
    await chat.hears(builders.inbound("slack-ANA", command="queue", channel="slack", chat="C1", way="button"))
    (answer,) = await chat.gets("C1")
    assert answer.visible_to == "slack-ANA"


@pytest.mark.parametrize("thread", [None, "12.1"])
async def test_the_answer_to_a_press_stands_beside_the_card_and_in_a_thread_only_where_one_is(
    chat: Chat, thread: str | None
) -> None:
    """Slack shows what is for one member in a thread only after somebody wrote there."""
    pressed = {"channel": "slack", "chat": "C1", "message_id": "17.2", "thread": thread}
    await chat.hears(builders.inbound("slack-ANA", command="queue", way="button", **pressed))
    (answer,) = await chat.gets("C1")
    assert (answer.thread, answer.visible_to) == (thread, "slack-ANA")


async def test_a_question_after_a_press_stands_below_the_card_where_it_can_be_answered(chat: Chat) -> None:
    pressed = {"channel": "slack", "chat": "C1", "message_id": "1.1"}
    await chat.hears(builders.inbound("slack-ANA", command="takeover ESC-1", way="button", **pressed))
    await chat.hears(builders.inbound("slack-ANA", command="reply ESC-1", way="button", **pressed))
    question = (await chat.gets("C1"))[-1]
    assert (question.thread, question.visible_to) == ("1.1", None)
    await ana(chat, "I am looking into it.", chat="C1", thread="1.1")
    assert await chat.reads("34600") == ["I am looking into it."]


async def test_plain_text_in_a_thread_is_a_note_and_never_reaches_the_customer(chat: Chat) -> None:
    assert await in_thread(chat, "He called twice already.") == []
    said = await chat.database.read(lambda reader: list_last_messages(reader, 1, 5))
    assert [(message.direction, message.author, message.text) for message in said] == [
        ("note", "Ana", "He called twice already.")
    ]
    assert await chat.reads("34600") == []


@pytest.mark.parametrize("text", ["release notes are out", "me too", "take care of it", "answer is no"])
async def test_a_sentence_in_a_thread_that_begins_like_a_verb_is_a_note(chat: Chat, text: str) -> None:
    await in_thread(chat, "takeover")
    assert answers(await in_thread(chat, text)) == []
    (said,) = await chat.database.read(lambda reader: list_last_messages(reader, 1, 5))
    assert (said.direction, said.text) == ("note", text)
    assert await status(chat) == "in_progress"


@pytest.mark.parametrize("text", ["new colleague joins today", "ticket is still open"])
async def test_talk_in_a_group_that_begins_like_a_ticket_is_talk(chat: Chat, text: str) -> None:
    assert await ana(chat, text, chat="C1") == []


async def test_what_is_said_elsewhere_in_the_channel_is_no_answer_for_the_customer(chat: Chat) -> None:
    await in_thread(chat, "takeover")
    await in_thread(chat, "reply")
    for elsewhere in ({}, {"thread": "somebody-elses"}):
        assert await ana(chat, "anybody having lunch?", chat="C1", **elsewhere) == []
    assert await chat.reads("34600") == []
    said = await in_thread(chat, "I am looking into it.")
    assert [text for text in said if text.startswith("💬 Ana → Doug Carter")]
    assert await chat.reads("34600") == ["I am looking into it."]


async def test_what_is_said_long_after_the_question_is_no_answer_for_the_customer(
    chat: Chat, clock: ManualClock
) -> None:
    await in_thread(chat, "takeover")
    await in_thread(chat, "reply")
    clock.advance(11 * 60)
    await in_thread(chat, "thanks everybody, see you tomorrow")
    assert await chat.reads("34600") == []


async def test_a_verb_said_again_is_no_part_of_its_answer(chat: Chat) -> None:
    await in_thread(chat, "takeover")
    await in_thread(chat, "reply")
    await in_thread(chat, "reply I am looking into it.")
    assert await chat.reads("34600") == ["I am looking into it."]


async def test_a_command_while_the_answer_for_the_customer_is_asked_for_is_no_answer(chat: Chat) -> None:
    await in_thread(chat, "takeover")
    await in_thread(chat, "reply")
    await in_thread(chat, "resolve handled")
    assert await status(chat) == "resolved"
    assert await chat.reads("34600") == []


async def test_plain_text_in_another_thread_is_talk(chat: Chat) -> None:
    assert await ana(chat, "He called twice already.", chat="C1", thread="somebody-elses") == []
    assert await chat.database.read(lambda reader: list_last_messages(reader, 1, 5)) == []


async def test_a_message_that_was_edited_does_nothing_again(chat: Chat) -> None:
    assert await ana(chat, "claim ESC-1", edited=True) == []
    assert await status(chat) == "pending"
