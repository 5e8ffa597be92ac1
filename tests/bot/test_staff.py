"""What people who work here say: verbs however they are typed, notes in threads, slips, and strangers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from channels.base import InboundMessage
from core.clock import ManualClock
from core.conversations.queries import list_last_messages
from core.database import Database
from core.escalations.commands import ClaimEscalation
from core.escalations.queries import get_escalation
from core.escalations.replies import keep_take_back
from core.executor import execute
from core.people.commands import CreateLinkCode
from core.people.tables import contact_methods
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import Desk, does, furnished, raised

LINK_FIRST = "I do not know you here yet. Ask your admin for a link code, then write: start YOUR-CODE"
YOU_HAVE_IT = "You have ESC-1. Take over to speak with Doug Carter."


@pytest.fixture
async def desk(database: Database) -> Desk:
    def work(uow: UnitOfWork) -> Desk:
        made = furnished(uow)
        keep_take_back(uow, timedelta(0))
        raised(uow, made)
        builders.person(uow, made.client, "technician", "TOM")
        return made

    return await database.write(work)


@pytest.fixture
async def chat(database: Database, desk: Desk) -> Chat:
    """The card of ESC-1 stands on the board C1 already."""
    chat = Chat(database)
    await chat.reads("C1")
    return chat


async def ana(chat: Chat, text: str, /, **values: Any) -> list[str]:
    return await chat.says("slack-ANA", text, **{"channel": "slack"} | values)


async def in_thread(chat: Chat, text: str, /, **values: Any) -> list[str]:
    """Said below the card on the board."""
    (card,) = await chat.database.read(
        lambda reader: builders.outbox(reader, template="escalation.card", kind="message")
    )
    return await ana(chat, text, **{"chat": "C1", "thread": f"sent-{card.id}"} | values)


async def status(chat: Chat) -> str:
    return (await chat.database.read(lambda reader: get_escalation(reader, 1))).status


def answers(read: list[str]) -> list[str]:
    """Without the changes of the card itself."""
    return [text for text in read if not text.startswith(("🔴", "🟡"))]


# verbs


@pytest.mark.parametrize(
    "text",
    ["claim ESC-1", "/claim ESC-1", "CLAIM esc-1", "claim #1", "claim 1", "take ESC1", "claim", '/claim "ESC-1"'],
)
async def test_a_verb_is_understood_however_it_is_typed(chat: Chat, text: str) -> None:
    assert await ana(chat, text) == [YOU_HAVE_IT]
    assert await status(chat) == "assigned"


@pytest.mark.parametrize("way", ["button", "slash", "mention"])
async def test_a_verb_counts_in_every_way_it_is_said_in_a_group(chat: Chat, way: str) -> None:
    assert YOU_HAVE_IT in await ana(chat, "claim ESC-1", chat="C1", way=way)


@pytest.mark.parametrize("text", ["claim", "/claim", "Claim!"])
async def test_a_bare_verb_in_a_thread_means_its_thing(chat: Chat, text: str) -> None:
    assert YOU_HAVE_IT in await in_thread(chat, text)


async def test_in_a_thread_a_sentence_may_begin_with_a_number(chat: Chat) -> None:
    await in_thread(chat, "takeover")
    await in_thread(chat, "reply 2 minutes please")
    said = await chat.database.read(lambda reader: list_last_messages(reader, 1, 1))
    assert [message.text for message in said] == ["2 minutes please"]


async def test_the_rest_of_a_reply_is_the_customers_as_it_was_typed(chat: Chat) -> None:
    await ana(chat, "takeover ESC-1")
    assert await ana(chat, 'reply ESC-1 He said "no".\n\nTomorrow?') == [
        '💬 Ana → Doug Carter\n\nHe said "no".\n\nTomorrow?\n\n⏳ On its way.'
    ]
    assert await chat.reads("34600") == ['He said "no".\n\nTomorrow?']
    await ana(chat, 'reply ESC-1 "Today" or "tomorrow"')
    assert await chat.reads("34600") == ['"Today" or "tomorrow"']


async def test_a_slip_is_answered_with_the_nearest_verb(chat: Chat) -> None:
    assert await ana(chat, "clam ESC-1") == [
        "I did not understand that. Did you mean “claim”? Say help to see what you can do."
    ]


async def test_what_is_like_no_verb_is_answered_with_help(chat: Chat) -> None:
    assert await ana(chat, "xyzzy") == ["I did not understand that. Say help to see what you can do."]


@pytest.mark.parametrize("text", ["claim ESC-99", "claim #99", "claim 99"])
async def test_a_thing_nobody_has_heard_of_is_named(chat: Chat, text: str) -> None:
    (answer,) = await ana(chat, text)
    assert answer.startswith("There is no escalation")
    assert "99" in answer


@pytest.mark.parametrize("word", ["ESC-1234567890", "1234567890", "TKT-2026-1", "#1a"])
async def test_a_mistyped_reference_never_means_whatever_is_open(chat: Chat, word: str) -> None:
    (refusal,) = await ana(chat, f"claim {word}")
    assert refusal == f"{word.upper()} is no escalation. Say for example ESC-12."
    assert await status(chat) == "pending"


async def test_where_nothing_is_open_nothing_is_asked(chat: Chat) -> None:
    for text in ("takeover ESC-1", "resolve ESC-1 handled"):
        await ana(chat, text)
    assert await ana(chat, "claim") == ["No escalation is open that you could mean."]


async def test_a_thing_of_another_kind_is_refused_with_an_example(chat: Chat) -> None:
    assert await ana(chat, "claim TRN-7") == ["TRN-7 is no escalation. Say for example ESC-12."]


async def test_a_thing_of_another_client_does_not_exist(chat: Chat) -> None:
    def elsewhere(uow: UnitOfWork) -> None:
        client = builders.client(uow, "OTHER")
        builders.person(uow, client, "agent", "EVE")

    await chat.database.write(elsewhere)
    (answer,) = await chat.says("telegram-EVE", "claim ESC-1")
    assert answer == "There is no escalation ESC-1 that you could mean."


async def test_help_shows_what_the_role_may_do(chat: Chat) -> None:
    (for_agent,), (for_technician,) = await ana(chat, "help"), await chat.says("telegram-TOM", "help")
    assert "claim: " in for_agent
    assert "approve: " not in for_agent
    assert "accept: " in for_technician
    assert "claim: " not in for_technician


async def test_help_about_a_verb_has_an_example(chat: Chat) -> None:
    assert await ana(chat, "help take") == ["Take an escalation from the queue.\nFor example: claim ESC-12"]


# refusals


async def test_a_refusal_names_who_has_it_and_is_written_down(chat: Chat, desk: Desk) -> None:
    await chat.database.write(lambda uow: does(uow, desk.ben, ClaimEscalation(1)))
    (answer,) = await ana(chat, "claim ESC-1")
    assert answer.startswith("Ben has ESC-1, 0 s ago.")
    assert (await chat.happened())[-1] == "command.refused"


async def test_who_may_not_reads_who_may_and_nothing_changes(chat: Chat) -> None:
    (answer,) = await chat.says("telegram-TOM", "claim ESC-1")
    assert answer == "You may not do that at Acme. This is for an agent, the team lead, the owner or an admin."
    assert await status(chat) == "pending"
    assert (await chat.happened())[-1] == "command.refused"


async def test_who_is_known_by_a_second_address_is_refused_as_themselves(chat: Chat) -> None:
    def by_alias(uow: UnitOfWork) -> None:
        uow.connection.execute(
            contact_methods.update().where(contact_methods.c.address == "telegram-TOM").values(alias="T.77")
        )

    await chat.database.write(by_alias)
    await chat.says("T.99", "claim ESC-1", sender_aliases=("T.77",), chat="T.99", private=True)
    assert (await chat.happened())[-1] == "command.refused"


async def test_who_has_left_may_do_nothing(chat: Chat) -> None:
    await chat.database.write(lambda uow: builders.person(uow, 1, "agent", "GONE", status="inactive"))
    (answer,) = await chat.says("telegram-GONE", "claim ESC-1")
    assert answer.startswith("You may not do that")


# groups and threads


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


async def test_who_is_refused_has_still_written(chat: Chat) -> None:
    """A refused command is undone; that they wrote, which opens WhatsApp's window, is not."""
    (refusal,) = await chat.says("telegram-TOM", "claim ESC-1")
    assert refusal.startswith("You may not do that")
    heard = select(contact_methods.c.last_inbound_at).where(contact_methods.c.address == "telegram-TOM")
    assert await chat.database.read(lambda reader: reader.connection.execute(heard).scalar_one()) is not None


async def test_who_may_not_is_told_before_any_question(chat: Chat) -> None:
    (refusal,) = await chat.says("telegram-TOM", "promise")
    assert refusal.startswith("You may not do that")


async def test_plain_text_in_another_thread_is_talk(chat: Chat) -> None:
    assert await ana(chat, "He called twice already.", chat="C1", thread="somebody-elses") == []
    assert await chat.database.read(lambda reader: list_last_messages(reader, 1, 5)) == []


async def test_an_old_button_answers_politely_and_reopens_nothing(chat: Chat) -> None:
    for text in ("takeover ESC-1", "resolve ESC-1 handled"):
        await ana(chat, text)
    answer = await chat.hears(
        builders.inbound("slack-ANA", command="claim ESC-1", channel="slack", chat="C1", way="button")
    )
    assert answer.toast == "ESC-1 is resolved already, by Ana 0 s ago."
    assert await status(chat) == "resolved"


async def test_a_message_that_was_edited_does_nothing_again(chat: Chat) -> None:
    assert await ana(chat, "claim ESC-1", edited=True) == []
    assert await status(chat) == "pending"


# strangers


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


async def test_who_comes_second_presses_a_button_to_offer_help(chat: Chat, desk: Desk) -> None:
    await chat.database.write(lambda uow: does(uow, desk.ben, ClaimEscalation(1)))
    await chat.hears(builders.inbound("slack-ANA", "claim ESC-1", channel="slack"))
    (refusal,) = await chat.gets("slack-ANA")
    assert refusal.text == "Ben has ESC-1, 0 s ago. To take it from Ben: takeover ESC-1"
    assert [(button.label, button.command) for button in refusal.card.buttons] == [
        ("Offer help", "help-with ESC-1"),
        ("Take over from Ben", "takeover ESC-1"),
    ]
    assert await ana(chat, "help-with ESC-1") == ["🤝 Ben is told that you would help with ESC-1."]
    assert await chat.reads("slack-BEN") == ["🤝 Ana offers to help with ESC-1 (Doug Carter)."]


async def test_without_a_reference_it_is_the_one_that_somebody_has_in_hand(chat: Chat, desk: Desk) -> None:
    def another(uow: UnitOfWork) -> None:
        second = builders.customer(uow, desk.client, "C-2", name="Rosa")
        raised(uow, replace(desk, customer=second, conversation=builders.conversation(uow, second, chat="34601")))
        does(uow, desk.ana, ClaimEscalation(2))

    await chat.database.write(another)
    assert await ana(chat, "note called twice") == ["📝 Noted on ESC-2."]


async def test_released_to_the_assistant_and_reopened(chat: Chat) -> None:
    await ana(chat, "takeover ESC-1")
    assert await ana(chat, "release ESC-1 to the assistant") == [
        "The assistant speaks with Doug Carter again; ESC-1 is resolved."
    ]
    assert await ana(chat, "reopen ESC-1") == ["ESC-1 is open again."]
    assert await status(chat) == "pending"
