"""A drill calls the real chain, level after level where nobody answers, takes the time, and touches nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from core.actor import SYSTEM
from core.clock import ManualClock
from core.database import Database
from core.errors import Conflict, Forbidden, NotFound
from core.executor import execute
from core.statements import Reader
from core.training.drill_queries import list_calls
from core.training.drill_tables import Drill
from core.training.drills import AnswerDrill, StartDrill, StopDrill, facts_of_result
from core.training.queries import get_assignment
from core.unit_of_work import UnitOfWork
from jobs.drills import climb_drills
from tests import builders
from tests.bot.chat import Chat
from tests.core.training import world as training
from tests.core.training.world import late

MINUTE = 60.0


@pytest.fixture
async def world(database: Database) -> training.World:
    def work(uow: UnitOfWork) -> training.World:
        world = training.build(uow)
        training.bring(uow, world, late("E1", "N1", 1))
        training.hire(uow, world, "ACME-ADM", "admin", "", on="slack")
        return world

    return await database.write(work)


async def does(database: Database, world: training.World, who: str, command: Any) -> Any:
    def work(uow: UnitOfWork) -> Any:
        builders.acting(uow, world.people[who])
        return execute(command, uow)

    return await database.write(work)


def _called(reader: Reader) -> dict[int, str]:
    return {one.person_id: one.text for one in training.list_told(reader) if one.template == "training.drill"}


async def test_level_after_level_is_called_where_nobody_answers(
    database: Database, world: training.World, clock: ManualClock
) -> None:
    drill: Drill = await does(database, world, "ADM", StartDrill(world.client_id, 10))
    called = await database.read(_called)
    assert set(called) == {world.people[key] for key in ("MN1", "MN2", "MS1")}
    assert all(words.count("DRILL") >= 2 and "Nothing is overdue because of this" in words for words in called.values())

    clock.advance(2 * MINUTE)
    await does(database, world, "MN1", AnswerDrill(world.client_id, drill.id))
    clock.advance(8 * MINUTE)
    assert await climb_drills(database) == 1
    called = await database.read(_called)
    assert set(called) == {world.people[key] for key in ("MN1", "MN2", "MS1", "CN", "CS")}
    assert "Nobody has answered within 10 minutes at:\n• Store N2" in called[world.people["CN"]]
    assert "Store N1" not in called[world.people["CN"]]

    clock.advance(3 * MINUTE)
    await does(database, world, "CN", AnswerDrill(world.client_id, drill.id))
    clock.advance(7 * MINUTE)
    await climb_drills(database)
    assert "• Store S1" in (await database.read(_called))[world.people["HR"]]
    clock.advance(10 * MINUTE)
    await climb_drills(database)
    assert await climb_drills(database) == 0

    result = [one for one in await database.read(training.list_told) if one.template == "training.drill_result"]
    assert [one.person_id for one in result] == [world.people["ADM"]]
    assert "🔔 DRILL DRL-1 is over: 2 of 3 branches answered" in result[0].text
    assert "• Store S1: nobody yet; called" in result[0].text
    assert "• Store N2: Acme-Cn (level 2) after 13 min" in result[0].text
    assert "• Store N1: Acme-Mn1 (level 1) after 2 min" in result[0].text


async def test_it_ends_once_every_branch_has_answered(
    database: Database, world: training.World, clock: ManualClock
) -> None:
    drill: Drill = await does(database, world, "HR", StartDrill(world.units["N"]))
    for seconds, who in ((30, "MN1"), (15, "MN2")):
        clock.advance(seconds)
        drill = await does(database, world, who, AnswerDrill(world.client_id, drill.id))
    assert drill.ended_at == clock.now()
    facts = await database.read(lambda reader: facts_of_result(reader, drill))
    assert (facts["answered"], facts["branches"], facts["fastest"], facts["median"]) == (2, 2, 30, 45)
    with pytest.raises(Conflict, match="is over since"):
        await does(database, world, "MN1", AnswerDrill(world.client_id, drill.id))


async def test_nothing_of_the_real_data_changes(database: Database, world: training.World, clock: ManualClock) -> None:
    def real(reader: Reader) -> Any:
        tables = (
            "training_assignments",
            "training_runs",
            "training_notices",
            "training_tellings",
            "training_recipients",
            "climbs",
        )
        counts = [reader.connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables]
        return counts, get_assignment(reader, training.assignment_id(reader, "E1"))

    before = await database.read(real)
    drill: Drill = await does(database, world, "ADM", StartDrill(world.client_id))
    await does(database, world, "MN1", AnswerDrill(world.client_id, drill.id))
    clock.advance(timedelta(hours=2).total_seconds())
    for _ in range(4):
        await climb_drills(database)
        clock.advance(timedelta(hours=1).total_seconds())
    assert await database.read(real) == before


async def test_only_one_at_a_time_only_who_may_and_only_who_was_called(
    database: Database, world: training.World
) -> None:
    with pytest.raises(Forbidden):
        await does(database, world, "MN1", StartDrill(world.units["N1"]))
    drill: Drill = await does(database, world, "ADM", StartDrill(world.units["N"]))
    with pytest.raises(Conflict, match="DRL-1 goes on since 09:00 UTC"):
        await does(database, world, "HR", StartDrill(world.client_id))
    with pytest.raises(NotFound, match="You were not called"):
        await does(database, world, "MS1", AnswerDrill(world.client_id, drill.id))
    await does(database, world, "ADM", StopDrill(world.client_id, drill.id))
    states = {
        left.state for left in await database.read(lambda reader: builders.outbox(reader, template="training.drill"))
    }
    assert states == {"withdrawn"}
    nobody = await database.write(lambda uow: builders.client(uow, "EMPTY"))

    def start(uow: UnitOfWork) -> None:
        uow.actor = SYSTEM
        execute(StartDrill(nobody), uow)

    with pytest.raises(NotFound, match="There is nobody to call"):
        await database.write(start)


async def test_in_the_chat_a_button_answers_and_the_result_is_shown(database: Database, world: training.World) -> None:
    chat = Chat(database)
    (begun,) = await chat.says("slack-ACME-ADM", "drill start N 5", channel="slack")
    assert begun.startswith("🔔 DRILL DRL-1: 0 of 2 branches answered")
    (call,) = await chat.gets("whatsapp-ACME-MN1")
    assert [(button.label, button.command) for button in call.card.buttons] == [("I am here", "drill here 1")]
    assert call.card.notice.startswith("🔔 DRILL: this is an exercise")
    (thanks,) = await chat.says("whatsapp-ACME-MN1", "drill here 1", channel="whatsapp")
    assert thanks.startswith("DRILL DRL-1: thank you")
    (shown,) = await chat.says("slack-ACME-ADM", "drill show", channel="slack")
    assert "1 of 2 branches answered" in shown
    calls = await database.read(lambda reader: list_calls(reader, 1))
    assert [(call.unit, call.level, call.seconds) for call in calls] == [("Store N1", 1, 0.0), ("Store N2", 1, None)]
