"""What managers say about several trainings at once, in words."""

from datetime import date
from typing import Any

import pytest

from core.database import Database
from core.training.tables import training_assignments
from core.unit_of_work import UnitOfWork
from tests.bot.chat import Chat
from tests.core.training import world as training
from tests.core.training.world import late

MANAGER = "whatsapp-ACME-MN1"


@pytest.fixture
async def chat(database: Database) -> Chat:
    """Store N1 with E1 to E4 late, as TRN-1 to TRN-4; TRN-5 belongs to another store."""

    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(
            uow, world, *(late(f"E{n}", "N1", 1, line=n + 1) for n in range(1, 5)), late("E5", "N2", 1, line=9)
        )

    await database.write(work)
    return Chat(database)


async def _rows(database: Database) -> list[Any]:
    columns = training_assignments.select().order_by(training_assignments.c.id)
    return await database.read(lambda reader: list(reader.connection.execute(columns)))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("done TRN-1", [1]),
        ("done TRN-1 TRN-3", [1, 3]),
        ("done TRN-1, trn-3 and TRN-4", [1, 3, 4]),
        ("done TRN-1, 3 and 4", [1, 3, 4]),
        ("Done all", [1, 2, 3, 4]),
        ("done trn-2 trn-2", [2]),
    ],
)
async def test_done_for_one_or_several(database: Database, chat: Chat, said: str, meant: list[int]) -> None:
    await chat.says(MANAGER, said, channel="whatsapp")
    assert [row.id for row in await _rows(database) if row.completed_on] == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("promise all 5.12.", [1, 2, 3, 4]),
        ("promise TRN-1 TRN-2 2026-12-05", [1, 2]),
        ("promise TRN-1 and TRN-2 in 12 days", [1, 2]),
    ],
)
async def test_promise_for_several(database: Database, chat: Chat, said: str, meant: list[int]) -> None:
    await chat.says(MANAGER, said, channel="whatsapp")
    promised = {row.id: row.promised_on for row in await _rows(database) if row.promised_on}
    assert promised == dict.fromkeys(meant, date(2026, 12, 5))


async def test_a_promise_for_several_asks_for_the_day(database: Database, chat: Chat) -> None:
    await chat.says(MANAGER, "promise TRN-1 TRN-2", channel="whatsapp")
    await chat.says(MANAGER, "5.12.", channel="whatsapp")
    assert [row.id for row in await _rows(database) if row.promised_on] == [1, 2]


async def test_one_of_another_store_stops_the_whole_answer(database: Database, chat: Chat) -> None:
    await chat.says(MANAGER, "done TRN-1 TRN-5", channel="whatsapp")
    assert [row.id for row in await _rows(database) if row.completed_on] == []


async def test_one_that_is_closed_is_named_and_the_others_are_answered(database: Database, chat: Chat) -> None:
    await chat.says(MANAGER, "done TRN-1", channel="whatsapp")
    await chat.says(MANAGER, "leave TRN-1 TRN-2 friday", channel="whatsapp")
    assert [row.id for row in await _rows(database) if row.leave_until] == [2]


async def test_more_time_and_not_mine_in_words(database: Database, chat: Chat) -> None:
    await chat.says(MANAGER, "more time TRN-1 TRN-2 5.12.", channel="whatsapp")
    await chat.says(MANAGER, "not mine TRN-3", channel="whatsapp")
    rows = await _rows(database)
    assert [row.id for row in rows if row.asked_until == date(2026, 12, 5)] == [1, 2]
    assert [row.id for row in rows if row.disputed_on] == [3]
    await chat.says("whatsapp-ACME-CN", "grant TRN-1, 2", channel="whatsapp")
    await chat.says("whatsapp-ACME-CN", "move TRN-3 N2", channel="whatsapp")
    rows = await _rows(database)
    assert [row.id for row in rows if row.extended_to] == [1, 2]
    assert rows[2].unit_id == rows[4].unit_id


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (["several", "1 3", "done"], [1, 3]),
        (["several", "2-4", "Done"], [2, 3, 4]),
        (["several", "1, 2 and 4", "done"], [1, 2, 4]),
        (["several", "all", "done"], [1, 2, 3, 4]),
        (["several 1 4 done"], [1, 4]),
        (["several", "5", "1", "done"], [1]),  # 5 is not in the list
        (["several", "the first", "0", "4", "perhaps", "done"], [4]),
        (["several", "4-1", "3", "done"], [3]),
        (["several", "²", "1-²", "2", "done"], [2]),
    ],
)
async def test_several_are_picked_by_their_numbers(
    database: Database, chat: Chat, said: list[str], meant: list[int]
) -> None:
    for words in said:
        await chat.says(MANAGER, words, channel="whatsapp")
    assert [row.id for row in await _rows(database) if row.completed_on] == meant


async def test_a_number_means_what_was_shown_even_when_others_were_answered_meanwhile(
    database: Database, chat: Chat
) -> None:
    (asked,) = await chat.says(MANAGER, "several", channel="whatsapp")
    assert "1. Employee E1: Food safety, 1 d" in asked
    assert "E5" not in asked
    await chat.says("whatsapp-ACME-CN", "done TRN-1", channel="whatsapp")
    await chat.says(MANAGER, "2 3", channel="whatsapp")
    (when,) = await chat.says(MANAGER, "promise", channel="whatsapp")
    assert when == "Until which day?"
    (done,) = await chat.says(MANAGER, "in 3 days", channel="whatsapp")
    assert "2 trainings: TRN-2 (Employee E2), TRN-3 (Employee E3)" in done
    assert [row.id for row in await _rows(database) if row.promised_on] == [2, 3]


@pytest.mark.parametrize("question", ["several", "promise TRN-1"])
async def test_another_page_or_a_file_is_no_answer_to_an_open_question(
    database: Database, chat: Chat, question: str
) -> None:
    await chat.says(MANAGER, question, channel="whatsapp")
    *_, listed = await chat.says(MANAGER, "overdue 1", channel="whatsapp", way="button", command="overdue 1")
    assert "4 overdue trainings" in listed
    await chat.says(MANAGER, question, channel="whatsapp")
    *_, file = await chat.says(MANAGER, "overdue pdf", channel="whatsapp")
    assert "The overdue trainings as PDF" in file
