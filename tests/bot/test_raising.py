"""raise: a colleague calls a human for a customer; and what a client says about causes."""

import pytest

from core.database import Database
from core.escalations.commands import SetCauseRules
from core.escalations.queries import list_queue
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.escalations.desk import Desk, does, furnished

DOUG = "34600"


@pytest.fixture
async def desk(database: Database) -> Desk:
    return await database.write(furnished)


@pytest.fixture
def chat(database: Database) -> Chat:
    return Chat(database)


@pytest.mark.parametrize(
    ("said", "priority", "details"),
    [
        ("raise C-1 P1 the freezer is dead", 1, "Ana: the freezer is dead"),
        ("escalate c-1 urgent it burns", 0, "Ana: it burns"),
        ('raise "doug carter" 2 freezers are dead', 2, "Ana: 2 freezers are dead"),
        ("/raise doug low he asks for ice", 3, "Ana: he asks for ice"),
    ],
)
async def test_a_colleague_raises_for_a_customer(
    desk: Desk, chat: Chat, said: str, priority: int, details: str
) -> None:
    (answer,) = await chat.says("slack-ANA", said, channel="slack")
    assert answer == f"ESC-1 is raised (P{priority}). Doug Carter is told that somebody will write."
    (one,) = await chat.database.read(lambda reader: list_queue(reader, desk.client))
    assert (one.reason, one.priority, one.reason_details) == ("raised_by_colleague", priority, details)
    (told,) = await chat.reads(DOUG)
    assert told.startswith("Thank you. I have passed this on: a colleague will write to you here")


async def test_the_second_time_joins_and_the_customer_is_not_told_again(desk: Desk, chat: Chat) -> None:
    await chat.says("slack-ANA", "raise C-1 the freezer is dead", channel="slack")
    await chat.reads(DOUG)
    (answer,) = await chat.says("slack-BEN", "raise C-1 p1 he called again", channel="slack")
    assert answer == "Doug Carter has ESC-1 open already; your reason was added (P1)."
    assert await chat.reads(DOUG) == []
    (one,) = await chat.database.read(lambda reader: list_queue(reader, desk.client))
    assert one.reason_details == "Ana: the freezer is dead; Ben: he called again"


async def test_an_unknown_or_ambiguous_customer_is_asked_for_again(desk: Desk, chat: Chat) -> None:
    await chat.database.write(lambda uow: builders.customer(uow, desk.client, "C-2", name="Douglas Hill"))
    (answer,) = await chat.says("slack-ANA", "raise C-77 x", channel="slack")
    assert answer.startswith("I know no customer “C-77”.")
    (answer,) = await chat.says("slack-ANA", "raise doug x", channel="slack")
    assert answer == "Several customers are called “doug”: Doug Carter (C-1), Douglas Hill (C-2). Say the code."


async def test_nobody_raises_for_a_customer_of_another_client(desk: Desk, chat: Chat) -> None:
    def theirs(uow: UnitOfWork) -> None:
        other = builders.client(uow, "OTHER")
        builders.customer(uow, other, "C-9", name="Zoe Zander", phone="+34600999000")

    await chat.database.write(theirs)
    for word in ("C-9", '"zoe zander"', "+34600999000"):
        (answer,) = await chat.says("slack-ANA", f"raise {word} x", channel="slack")
        assert answer.startswith("I know no customer")


async def test_a_client_names_its_competitors_and_its_best_customers(desk: Desk, chat: Chat) -> None:
    rules = SetCauseRules(desk.client, competitors=("FreshCo",), premium_tiers=("silver",), premium="always")
    await chat.database.write(lambda uow: does(uow, desk.lea, rules))
    (answer,) = await chat.says(DOUG, "Freshco is quicker than you", channel="whatsapp")
    assert "Your number is ESC-1" in answer
    (one,) = await chat.database.read(lambda reader: list_queue(reader, desk.client))
    assert (one.reason, one.reason_details) == ("competitor", "“Freshco”")


@pytest.mark.parametrize(
    ("said", "reason", "priority"),
    [
        ("the whole site is down!", "site_down", 0),
        ("Der Shop ist ausgefallen", "site_down", 0),
        ("where are my invoices?", "", 2),
    ],
)
async def test_an_urgent_rule_calls_a_human_by_itself(
    desk: Desk, chat: Chat, said: str, reason: str, priority: int
) -> None:
    await chat.says(DOUG, said, channel="whatsapp")
    queue = await chat.database.read(lambda reader: list_queue(reader, desk.client))
    assert [(one.reason, one.priority) for one in queue] == ([(reason, priority)] if reason else [])
    assert not queue or (queue[0].team, queue[0].reason_details) == ("engineering", "Site down")


async def test_unless_the_client_does_not_want_that(desk: Desk, chat: Chat) -> None:
    await chat.database.write(lambda uow: does(uow, desk.lea, SetCauseRules(desk.client, urgent_rules=False)))
    await chat.says(DOUG, "the whole site is down!", channel="whatsapp")
    assert await chat.database.read(lambda reader: list_queue(reader, desk.client)) == []
