"""Answers that make no sense, come too late or from the wrong person: refused with a sentence, and nothing has changed."""

from typing import Any

import pytest

from core.actor import SYSTEM
from core.database import Database
from core.executor import execute
from core.people.tables import persons
from core.training.commands import MarkTrainingDone, MoveEmployee, WaiveTraining
from core.training.tables import training_assignments
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.bot.chat import Chat
from tests.core.training import world as training
from tests.core.training.world import late

MANAGER, OTHER = "whatsapp-ACME-MN1", "whatsapp-ACME-MN2"


@pytest.fixture
async def chat(database: Database) -> Chat:
    """TRN-1 to TRN-3 at N1; TRN-2 is done and TRN-3 moved to N2 since the digest. TRN-4 belongs to another client."""

    def work(uow: UnitOfWork) -> None:
        world = training.build(uow)
        training.bring(uow, world, *(late(f"E{n}", "N1", 1, line=n + 1) for n in range(1, 4)))
        training.run(uow, world)
        builders.acting(uow, world.people["CN"])
        execute(MarkTrainingDone(2), uow)
        execute(MoveEmployee(3, world.units["N2"]), uow)
        uow.actor = SYSTEM
        other = training.build(uow, "BETA")
        training.bring(uow, other, late("E1", "N1", 1))

    await database.write(work)
    return Chat(database)


async def _rows(database: Database) -> list[Any]:
    columns = training_assignments.select().order_by(training_assignments.c.id)
    return await database.read(lambda reader: [tuple(row) for row in reader.connection.execute(columns)])


CASES = [
    (MANAGER, "done TRN-2", "is done already, according to Acme-Cn since"),
    (MANAGER, "promise TRN-2 friday", "is done already"),
    (MANAGER, "not-mine TRN-2", "is done already"),
    (MANAGER, "extend TRN-2 friday", "is done already"),
    (MANAGER, "show TRN-3", "You may not do that at"),
    (MANAGER, "done TRN-3", "You may not do that at"),
    (OTHER, "done TRN-1", "You may not do that at"),
    (MANAGER, "done TRN-4", "There is no training TRN-4 that you could mean."),
    (MANAGER, "show TRN-4", "There is no training TRN-4 that you could mean."),
    (MANAGER, "done TRN-1 TRN-4", "There is no training TRN-4 that you could mean."),
    (MANAGER, "done TRN-999999999", "There is no training"),
    (MANAGER, "grant TRN-1", "This is for the cluster manager"),
    (MANAGER, "waive TRN-1 because", "This is for the cluster manager"),
    (MANAGER, "move TRN-1 N2", "This is for the cluster manager"),
    (MANAGER, "run go-on", "You may not do that"),
    (MANAGER, "leave TRN-1 31.02.", "“31.02.” is no date"),
    (MANAGER, "leave TRN-1 2026-13-45", "is no date"),
    (MANAGER, "leave TRN-1 never ever", "is no date"),
    (MANAGER, "leave TRN-1 💥", "is no date"),
    (MANAGER, "leave TRN-1 " + "9" * 300, "is no date"),
    (MANAGER, "leave TRN-1 1.1.0001", "is over already"),
    (MANAGER, "promise TRN-1 2020-01-01", "01.01.2020 is over already. Give a day from today on."),
    (MANAGER, "promise TRN-1 9999-12-31", "more than a year away"),
    (MANAGER, "promise TRN-1 in 999 days", "more than a year away"),
    (MANAGER, "extend TRN-1 2020-01-01", "is over already"),
    ("whatsapp-ACME-CN", "deny TRN-1", "Nobody asks for more time"),
    ("whatsapp-ACME-CN", "keep TRN-1", "nobody says otherwise"),
    ("whatsapp-ACME-CN", "move TRN-1 S", "is no branch"),
    ("whatsapp-ACME-CN", "move TRN-1 N1", "belongs to Store N1 already"),
]


async def test_it_is_refused_and_nothing_has_changed(database: Database, chat: Chat) -> None:
    before, wrong = await _rows(database), []
    for who, said, answer in CASES:
        *_, refusal = await chat.says(who, said, channel="whatsapp")
        await chat.says(who, "cancel", channel="whatsapp")
        if answer not in refusal or await _rows(database) != before:
            wrong.append((who, said, refusal))
    assert wrong == []


async def test_what_was_waived_is_over(database: Database, chat: Chat) -> None:
    def work(uow: UnitOfWork) -> None:
        uow.actor = SYSTEM
        execute(WaiveTraining(1), uow)

    await database.write(work)
    *_, refusal = await chat.says(MANAGER, "done TRN-1", channel="whatsapp")
    assert "was waived on" in refusal


async def test_a_german_manager_is_refused_in_german_and_asked_in_german(database: Database, chat: Chat) -> None:
    def speaks_german(uow: UnitOfWork) -> None:
        uow.connection.execute(persons.update().where(persons.c.code == "ACME-MN1").values(language="de"))

    await database.write(speaks_german)
    said = {
        "done TRN-2": "TRN-2 (Employee E2, Food safety) ist schon erledigt, laut Acme-Cn seit 23.11.2026.",
        "done TRN-4": "Es gibt keine Schulung TRN-4, die Sie meinen könnten.",
        "show TRN-3": "Das dürfen Sie bei Store N2 nicht.",
        "leave TRN-1 31.02.": "„31.02.“ ist kein Datum. Sagen Sie zum Beispiel: Freitag, oder 2026-12-01.",
        "promise TRN-1 2020-01-01": "Der 01.01.2020 ist schon vorbei. Nennen Sie einen Tag ab heute.",
    }
    for words, answer in said.items():
        *_, refusal = await chat.says(MANAGER, words, channel="whatsapp")
        assert refusal == answer
        await chat.says(MANAGER, "cancel", channel="whatsapp")
    *_, asked = await chat.says(MANAGER, "several", channel="whatsapp")
    assert asked.startswith("Welche? Nennen Sie die Nummern")
