"""After a case customers are asked how it was: once, by a press, a number or stars; then a word; now and then one thing more."""

from typing import Any

import pytest

from core.clock import ManualClock
from core.database import Database
from core.escalations.commands import (
    ReopenEscalation,
    ReplyToCustomer,
    ResolveEscalation,
    SetFeedbackRules,
    TakeOver,
)
from core.escalations.feedback.words import score_in
from core.escalations.queries import get_escalation
from core.escalations.tables import Escalation
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import Desk, does, furnished

DOUG, EVE, ZOE = "34600", "34999", "34888"


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await database.write(furnished)


@pytest.fixture
def chat(database: Database) -> Chat:
    return Chat(database)


async def says(chat: Chat, text: str, who: str = DOUG) -> list[str]:
    return await chat.says(who, text, channel="whatsapp")


async def presses(chat: Chat, command: str, who: str = DOUG) -> list[str]:
    return await chat.says(who, "", channel="whatsapp", command=command, way="button")


async def served(chat: Chat, desk: Desk, resolution: str = "handled", number: int = 1) -> None:
    await says(chat, "a human please")
    for command in (
        TakeOver(number),
        ReplyToCustomer(number, "Hello, this is Ana."),
        ResolveEscalation(number, resolution),
    ):
        await chat.database.write(lambda uow, what=command: does(uow, desk.ana, what))  # type: ignore[misc]


async def case(chat: Chat, number: int = 1) -> Escalation:
    return await chat.database.read(lambda reader: get_escalation(reader, number))


async def heard(chat: Chat) -> list[str]:
    """What the conversation holds of the customer's words."""

    def query(reader: Any) -> list[str]:
        sql = "SELECT text FROM conversation_messages WHERE direction = 'in' ORDER BY id"
        return [row[0] for row in reader.connection.exec_driver_sql(sql)]

    return await chat.database.read(query)


async def test_asked_once_answered_with_a_press_a_word_and_a_recommendation(desk: Desk, chat: Chat) -> None:
    await served(chat, desk)
    question = (await chat.gets(DOUG))[-1]
    assert question.text.startswith("Ana has finished ESC-1. How was our help?")
    assert [option.command for option in question.card.menu.options] == [f"rate ESC-1 {n}" for n in (5, 4, 3, 2, 1)]

    (thanks,) = await presses(chat, "rate ESC-1 4")
    assert thanks == "Thank you! Would you like to add a word? Just write it."
    noted, recommend = await says(chat, "Quick and kind")
    assert (noted, recommend[:48]) == (
        "Thank you, I have noted it.",
        "One more question: how likely is it that you rec",
    )
    assert await says(chat, "10") == ["Thank you! That helps us."]

    found = await case(chat)
    assert (found.satisfaction, found.satisfaction_word) == (4, "Quick and kind")
    assert await heard(chat) == ["a human please"]
    assert [text for text in await chat.reads("slack-ANA") if "★★★★☆" in text] != []
    assert await chat.reads("slack-LEA") == []


async def test_a_second_press_changes_nothing_and_is_answered_politely(desk: Desk, chat: Chat) -> None:
    await served(chat, desk)
    await presses(chat, "rate ESC-1 4")
    assert await presses(chat, "rate ESC-1 1") == ["Thank you, I have your answer about ESC-1 already."]
    assert (await case(chat)).satisfaction == 4


async def test_a_bad_score_reaches_the_lead_and_no_word_is_fine(desk: Desk, chat: Chat) -> None:
    await served(chat, desk)
    sorry = (await presses(chat, "rate ESC-1 1"))[-1]
    assert "I am sorry. What went wrong?" in sorry
    await presses(chat, "no-word ESC-1")
    assert [text[:5] for text in await chat.reads("slack-LEA")] == ["★☆☆☆☆"]


async def test_too_late_is_said_kindly(desk: Desk, chat: Chat, clock: ManualClock) -> None:
    await served(chat, desk)
    clock.advance(15 * 86400)
    answer = (await presses(chat, "rate ESC-1 5"))[-1]
    assert answer.startswith("Thank you. The question about ESC-1 is closed by now")
    assert (await case(chat)).satisfaction is None


async def test_a_reopened_case_is_asked_about_at_its_next_end(desk: Desk, chat: Chat, clock: ManualClock) -> None:
    await served(chat, desk)
    await chat.reads(DOUG)
    await chat.database.write(lambda uow: does(uow, desk.lea, ReopenEscalation(1)))
    assert await presses(chat, "rate ESC-1 5") == [
        "Thank you. ESC-1 is being worked on again; I will ask when it is done."
    ]
    clock.advance(60)
    for command in (TakeOver(1), ReplyToCustomer(1, "Done now."), ResolveEscalation(1, "handled")):
        await chat.database.write(lambda uow, what=command: does(uow, desk.ana, what))  # type: ignore[misc]
    clock.advance(60)
    assert {"Done now.", "Ana has finished ESC-1. "} <= {text[:24] for text in await chat.reads(DOUG)}
    await presses(chat, "rate ESC-1 5")
    assert (await case(chat)).satisfaction == 5


@pytest.mark.parametrize("resolution", ["returned_to_ai", "lost", "no_action"])
async def test_nobody_is_asked_where_we_did_not_help(desk: Desk, chat: Chat, resolution: str) -> None:
    await served(chat, desk, resolution)
    assert [text for text in await chat.reads(DOUG) if "How was our help" in text] == []


async def test_nor_who_had_no_answer_or_whose_client_does_not_want_it(desk: Desk, chat: Chat) -> None:
    await says(chat, "a human please")
    for command in (TakeOver(1), ResolveEscalation(1, "handled")):
        await chat.database.write(lambda uow, what=command: does(uow, desk.ana, what))  # type: ignore[misc]
    await chat.database.write(lambda uow: does(uow, desk.lea, SetFeedbackRules(desk.client, satisfaction=False)))
    await served(chat, desk, number=2)
    assert [text for text in await chat.reads(DOUG) if "How was our help" in text] == []


async def test_a_recommendation_is_asked_for_only_now_and_then(desk: Desk, chat: Chat, clock: ManualClock) -> None:
    asked = []
    for number, days in enumerate((0, 10, 90), 1):
        clock.advance(days * 86400)
        await served(chat, desk, number=number)
        await presses(chat, f"rate ESC-{number} 5")
        asked.append([text for text in await presses(chat, f"no-word ESC-{number}") if "recommend" in text] != [])
    assert asked == [True, False, True]


async def test_words_that_call_a_human_do_so_and_are_kept(desk: Desk, chat: Chat) -> None:
    await served(chat, desk)
    await presses(chat, "rate ESC-1 1")
    answers = await says(chat, "You will hear from my lawyer")
    assert [text for text in answers if "ESC-2" in text] != []
    assert (await case(chat)).satisfaction_word == "You will hear from my lawyer"


async def test_a_question_is_answered_and_no_word_about_us(desk: Desk, chat: Chat) -> None:
    await served(chat, desk)
    await presses(chat, "rate ESC-1 5")
    await says(chat, "When do you open?")
    assert (await heard(chat))[-1] == "When do you open?"
    assert (await case(chat)).satisfaction_word == ""


async def test_what_is_no_score_stays_a_message(desk: Desk, chat: Chat) -> None:
    await served(chat, desk)
    await says(chat, "7")
    await says(chat, "5 freezers please")
    assert (await heard(chat))[-2:] == ["7", "5 freezers please"]
    assert (await case(chat)).satisfaction is None


async def test_nobody_answers_what_another_customer_was_asked(desk: Desk, database: Database) -> None:
    chat = Chat(database, client="ACME")

    def theirs(uow: Any) -> None:
        other = builders.client(uow, "OTHER")
        builders.conversation(uow, builders.customer(uow, other, "C-9"), chat=EVE)
        builders.conversation(uow, builders.customer(uow, desk.client, "C-8"), chat=ZOE)

    await chat.database.write(theirs)
    await served(chat, desk)
    for command in (
        "rate ESC-1 1",
        "no-word ESC-1",
        "recommend ESC-1 0",
        "rate ESC-1 9",
        "rate ESC-1",
        "rate ESC-99 5",
    ):
        assert await presses(chat, command, EVE) == await presses(chat, command, ZOE) == []
    await chat.reads(DOUG)
    assert await presses(chat, "rate ESC-1 9") == []
    assert (await case(chat)).satisfaction is None


@pytest.mark.parametrize(
    ("text", "kind", "score"),
    [
        ("5", "satisfaction", 5), ("4/5", "satisfaction", 4), ("3!", "satisfaction", 3), ("★★", "satisfaction", 2),
        ("⭐⭐⭐", "satisfaction", 3),
        ("five", "satisfaction", 5), ("Vier.", "satisfaction", 4), ("tres", "satisfaction", 3), ("0", "satisfaction", None),
        ("6", "satisfaction", None), ("5 apples", "satisfaction", None), ("4/10", "satisfaction", None), ("", "satisfaction", None),
        ("0", "recommend", 0), ("10", "recommend", 10), ("9 von 10", "recommend", 9), ("zehn", "recommend", 10),
        ("11", "recommend", None),
        ("diez", "recommend", 10), ("yes", "recommend", None),
    ],
)  # fmt: skip
def test_scores_as_people_type_them(text: str, kind: str, score: int | None) -> None:
    assert score_in(text, kind) == score


async def test_whether_it_took_a_human_is_asked_of_who_resolves(desk: Desk, chat: Chat) -> None:
    await says(chat, "a human please")
    await chat.says("slack-ANA", "takeover ESC-1", channel="slack")
    (asked,) = await chat.says("slack-ANA", "resolve ESC-1 handled all well", channel="slack")
    assert asked.endswith("Did it take a human?")
    (thanks,) = await chat.says("slack-ANA", "necessary ESC-1 no", channel="slack")
    assert thanks == "Thank you. ESC-1: no human was needed."
    assert (await case(chat)).necessary is False
    await says(chat, "a human please")
    await chat.says("slack-ANA", "takeover ESC-2", channel="slack")
    (done,) = await chat.says("slack-ANA", "resolve ESC-2 handled needed all well", channel="slack")
    assert not done.endswith("?")
    found = await case(chat, 2)
    assert (found.necessary, found.resolution_notes) == (True, "all well")


async def test_stats_are_everybodys_for_a_lead_and_ones_own_for_an_agent(desk: Desk, chat: Chat) -> None:
    await served(chat, desk)
    await presses(chat, "rate ESC-1 5")
    (whole,) = await chat.says("slack-LEA", "stats escalations", channel="slack")
    assert whole.startswith("📊 Escalations of the last 30 days")
    assert "1 raised · 1 resolved · 0 open" in whole
    assert "★ 5.0 (1)" in whole
    (own,) = await chat.says("slack-BEN", "stats", channel="slack")
    assert own.startswith("📊 Your escalations of the last 30 days\n\n0 raised")
    (groups,) = await chat.says("slack-LEA", "stats agent 7 days", channel="slack")
    assert "Ana: 1" in groups
