"""Dialogs: what is missing is asked for one by one, the answers are kept, and nothing is lost or done by accident."""

from typing import Any

import pytest

from channels.base import Form
from core.database import Database
from core.dialogs.queries import find_dialog
from core.escalations.queries import get_escalation
from core.escalations.tables import Escalation
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import Desk, furnished, raised
from tests.core.tickets.story import Branch, opened, staffed_branch

HOW_DID_IT_END = "How did it end?"


@pytest.fixture
async def desk(database: Database) -> Desk:
    def work(uow: UnitOfWork) -> Desk:
        made = furnished(uow)
        raised(uow, made)
        return made

    return await database.write(work)


@pytest.fixture
async def chat(database: Database, desk: Desk) -> Chat:
    """Ana leads ESC-1 already."""
    chat = Chat(database)
    await ana(chat, "takeover ESC-1")
    return chat


async def ana(chat: Chat, text: str, /, **values: Any) -> list[str]:
    return await chat.says("slack-ANA", text, **{"channel": "slack"} | values)


async def case(chat: Chat) -> Escalation:
    return await chat.database.read(lambda reader: get_escalation(reader, 1))


async def test_what_is_missing_is_asked_for_with_choices(chat: Chat) -> None:
    await chat.hears(builders.inbound("slack-ANA", "resolve ESC-1", channel="slack"))
    (question,) = await chat.gets("slack-ANA")
    assert question.text == HOW_DID_IT_END
    assert question.commands == [
        f"=resolution {one}" for one in ("handled", "returned_to_ai", "converted", "lost", "no_action")
    ]


async def test_the_answer_completes_the_command(chat: Chat) -> None:
    await ana(chat, "resolve ESC-1")
    (done,) = await ana(chat, "handled")
    assert done.startswith("✅ ESC-1 is resolved (handled).")
    assert (await case(chat)).resolution == "handled"


async def test_an_answer_may_bring_the_next_argument_along(chat: Chat) -> None:
    await ana(chat, "resolve ESC-1")
    await ana(chat, "lost went to the competition")
    assert (await case(chat)).resolution_notes == "went to the competition"


async def test_a_question_survives_a_restart(chat: Chat) -> None:
    await ana(chat, "resolve ESC-1")
    again = Database(chat.database.url, chat.database.clock)
    done = (await ana(Chat(again), "handled"))[-1]
    await again.close()
    assert done.startswith("✅ ESC-1 is resolved")


async def test_a_wrong_answer_keeps_the_question_open(chat: Chat) -> None:
    await ana(chat, "resolve ESC-1")
    (wrong,) = await ana(chat, "splendid")
    assert wrong.startswith("“splendid” is no resolution. One of: handled")
    (done,) = await ana(chat, "handled")
    assert done.startswith("✅ ESC-1 is resolved")


@pytest.mark.parametrize("text", ["cancel", "/cancel", "Cancel."])
async def test_cancel_ends_the_questions(chat: Chat, text: str) -> None:
    await ana(chat, "resolve ESC-1")
    assert await ana(chat, text) == ["All right, I ask no more. Everything stays as it was."]
    (answer,) = await ana(chat, "handled")
    assert answer.startswith("I did not understand that.")
    assert (await case(chat)).status == "in_progress"


@pytest.mark.parametrize("text", ["release ESC-1", "/release"])
async def test_a_new_command_interrupts(chat: Chat, text: str) -> None:
    await ana(chat, "resolve ESC-1")
    assert await ana(chat, text) == ["ESC-1 is back in the queue."]
    (answer,) = await ana(chat, "handled")
    assert answer.startswith("I did not understand that.")


async def test_words_that_could_be_a_verb_are_an_answer_while_a_question_is_open(chat: Chat) -> None:
    await ana(chat, "note ESC-1")
    assert await ana(chat, "call him back and close it") == ["📝 Noted on ESC-1."]


@pytest.mark.parametrize("text", ["help", "me", "queue"])
async def test_who_looks_something_up_goes_on_with_the_question_afterwards(chat: Chat, text: str) -> None:
    await ana(chat, "resolve ESC-1")
    await ana(chat, text)
    (done,) = await ana(chat, "handled")
    assert done.startswith("✅ ESC-1 is resolved")


async def test_a_refused_command_is_over(chat: Chat, desk: Desk) -> None:
    await ana(chat, "resolve ESC-1")
    await chat.says("slack-LEA", "resolve ESC-1 handled", channel="slack")
    (refusal,) = await ana(chat, "lost")
    assert refusal.startswith("ESC-1 is resolved already, by Lea")
    assert await chat.database.read(lambda reader: find_dialog(reader, desk.ana, "slack", "slack-ANA")) is None


async def test_each_chat_has_its_own_question(chat: Chat) -> None:
    await ana(chat, "resolve ESC-1")
    assert await ana(chat, "nice weather", chat="C9") == []
    (done,) = await ana(chat, "handled")
    assert done.startswith("✅ ESC-1 is resolved")


# forms, where the platform has them


def pressed(command: str, **values: Any) -> Any:
    return builders.inbound("slack-ANA", command=command, channel="slack", way="button", callback="trigger-1", **values)


def submitted(command: str, **answers: str) -> Any:
    return builders.inbound("slack-ANA", channel="slack", way="form", form=Form(command, answers))


async def test_a_button_opens_one_form_for_all_that_is_missing(chat: Chat) -> None:
    answer = await chat.hears(pressed("resolve ESC-1"))
    assert answer.form is not None
    assert (answer.form.command, answer.form.title) == ("resolve ESC-1", "Resolve")
    assert [(f.name, f.label, f.kind, f.optional) for f in answer.form.fields] == [
        ("resolution", "How did it end?", "choice", False),
        ("necessary", "Did it take a human?", "choice", True),
        ("notes", "Notes", "text", True),
    ]
    assert answer.form.fields[0].choices[1] == ("returned_to_ai", "Returned to ai")
    assert await chat.reads("slack-ANA") == []


async def test_without_a_handle_to_open_a_form_the_question_is_asked_in_words(chat: Chat) -> None:
    assert await ana(chat, "resolve ESC-1", way="slash") == [HOW_DID_IT_END]


async def test_a_submitted_form_carries_the_command_out(chat: Chat) -> None:
    answer = await chat.hears(submitted("resolve ESC-1", resolution="lost", notes="too dear"))
    assert answer.errors is None
    then = await case(chat)
    assert (then.resolution, then.resolution_notes) == ("lost", "too dear")


async def test_a_field_left_empty_is_no_answer(chat: Chat) -> None:
    await chat.hears(submitted("resolve ESC-1", resolution="handled", notes="  "))
    then = await case(chat)
    assert (then.status, then.resolution_notes) == ("resolved", "")


async def test_a_wrong_answer_in_a_form_is_shown_at_its_field(chat: Chat) -> None:
    answer = await chat.hears(submitted("assign ESC-1", person="nobody-at-all"))
    assert answer.errors is not None
    assert list(answer.errors) == ["person"]
    assert answer.errors["person"].startswith("I know nobody called “nobody-at-all”.")
    assert await chat.reads("slack-ANA") == []


async def test_a_form_for_what_is_over_says_so_in_the_form(chat: Chat) -> None:
    await ana(chat, "resolve ESC-1 handled")
    answer = await chat.hears(submitted("resolve ESC-1", resolution="lost"))
    assert answer.errors is not None
    assert next(iter(answer.errors.values())).startswith("ESC-1 is resolved already")
    assert (await chat.happened())[-1] == "command.refused"


# a longer dialog


@pytest.fixture
async def branch(database: Database) -> Branch:
    def work(uow: UnitOfWork) -> Branch:
        made = staffed_branch(uow)
        opened(uow, made)
        return made

    return await database.write(work)


async def completes(chat: Chat, *answers: str) -> list[str]:
    """What the technician reads last after each answer."""
    return [(await chat.says("telegram-ANA", answer))[-1].split("\n")[0] for answer in answers]


async def test_a_technician_is_asked_one_thing_after_the_other(branch: Branch, database: Database) -> None:
    chat = Chat(database)
    await completes(chat, "accept", "arrive")
    asked = await completes(chat, "complete", "Changed the fan", "1h30", "2 x Fan motor 89.50")
    assert asked == [
        "What did you do?",
        "How long did it take? For example 45 min, or 1h30.",  # they arrived this minute
        "Which parts? One per line, by code or words: 2 x FM-230, or 2 x Fan motor 89.50. Or none.",
        "Send photos of the work, from before and after, as many as you like. Then say done.",
    ]
    (thanks,) = await completes(chat, "done")
    assert thanks.startswith("Thank you. TKT-202611-00001 is done")


async def test_one_wrong_answer_in_the_middle_costs_none_of_the_others(branch: Branch, database: Database) -> None:
    chat = Chat(database)
    await completes(chat, "accept", "complete", "Changed the fan")
    (wrong, parts) = await completes(chat, "a while", "45 min")
    assert wrong.startswith("“a while” is no working time.")
    assert parts.startswith("Which parts?")
    assert (await completes(chat, "none", "done"))[-1].startswith("Thank you.")


async def test_the_manager_is_asked_why_it_is_rejected(branch: Branch, database: Database) -> None:
    chat = Chat(database)
    await completes(chat, "accept", "complete", "Changed the fan", "45", "none", "done")
    manager = {"channel": "whatsapp"}
    assert (await chat.says("whatsapp-MARTA", "reject", **manager))[-1] == "What is wrong?"
    answer = (await chat.says("whatsapp-MARTA", "still 9 degrees", **manager))[-1]
    assert answer.startswith("You rejected TKT-202611-00001.")
