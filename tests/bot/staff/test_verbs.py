"""Verbs however they are typed, and slips."""

from dataclasses import replace

import pytest

from core.conversations.queries import list_last_messages
from core.escalations.commands import ClaimEscalation
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.bot.staff.saying import ana, in_thread, status
from tests.core.escalations.desk import Desk, does, raised

YOU_HAVE_IT = "You have ESC-1. Take over to speak with Doug Carter."


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
