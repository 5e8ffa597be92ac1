"""stats: the numbers of one's own places in a message that fits a phone."""

import pytest

from core.clock import ManualClock
from core.database import Database
from tests.bot.chat import Chat
from tests.core.tickets.story import Branch
from tests.core.tickets.test_figures import a_month


@pytest.fixture
async def at(database: Database, clock: ManualClock) -> Branch:
    return await a_month(database, clock)


async def dana(database: Database, text: str) -> str:
    chat = Chat(database)
    await chat.reads("slack-DANA")
    return (await chat.says("slack-DANA", text, channel="slack"))[-1]


async def test_the_dispatcher_reads_everything_at_once(database: Database, at: Branch) -> None:
    lines = [line for line in (await dana(database, "stats 90 days")).splitlines() if line]
    assert lines == [
        "📊 Tickets of the last 90 days",
        "4 opened · 2 closed · 1 cancelled · 1 open (⚠️ 1 late)",
        "Answered in time: 33 %, after 3 h 00 on average",
        "Repaired in time: 50 %, after 13 h 30 on average",
        "Fixed the first time: 0 % · 1 sent back · 1 came back within 30 days",
        "Cost: labour €120.00 · parts €21.00",
    ]


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("stats month 90 days", "2026-11: 1, answered in time 0 %, repaired in time 0 % · 1 sent back, 0 came back"),
        (
            "stats by technician 90 days",
            "Ben: 1, answered in time 100 %, repaired in time 100 % · 0 sent back, 1 came back",
        ),
        ("stats technicians 90 days", "Ana: 4 offers, 1 declined"),
        (
            "stats br-01 kinds 90 days",
            "Leaking Water: 4, answered in time 33 %, repaired in time 50 % · 1 sent back, 1 came back",
        ),
        ("STATS stores", "Store BR-01: 3, answered in time 50 %, repaired in time 100 % · 0 sent back, 1 came back"),
        (
            "stats bananas",
            "I do not know “bananas” here. Say for example: stats branch, stats technician BR-07, stats 90 days.",
        ),
    ],
)
async def test_by_branch_kind_month_and_technician(database: Database, at: Branch, said: str, line: str) -> None:
    assert line in (await dana(database, said)).splitlines()


async def test_a_technician_reads_their_own_work(database: Database, at: Branch) -> None:
    read = (await Chat(database).says("telegram-BEN", "stats 90 days"))[-1]
    assert "📊 Tickets of the last 90 days · Ben" in read
    assert "Ben: 1 offer" in read
    assert "1 repaired and approved" in read
    assert "Ana" not in read


async def test_the_groups_are_offered(database: Database, at: Branch) -> None:
    chat = Chat(database)
    await dana(database, "stats BR-01")
    left = [one for one in await chat.gets("slack-DANA") if one.template == "ticket.stats"]
    menu = left[-1].card.menu
    assert menu is not None
    groups = ("branch", "subcategory", "month", "technician")
    assert [option.command for option in menu.options] == [f"stats {by} BR-01" for by in groups]
