"""Climbs: each step once and in order, whoever asks; one that was stopped stays silent."""

import asyncio

from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.policies.climbing import hasten, list_due, list_running, start, stop, take_step
from core.policies.steps import Step, due_at
from core.policies.tables import Climb
from core.statements import Reader
from core.unit_of_work import UnitOfWork
from tests import builders
from tests.conftest import START

STEPS = (
    Step(30, ("assignee", "board"), "warn"),
    Step(60, ("team_lead",), "breach"),
    Step(120, ("owner",), "breach"),
)


def begun(uow: UnitOfWork, number: int = 12, steps: tuple[Step, ...] = STEPS, purpose: str = "response") -> Subject:
    (client,) = [row.id for row in uow.connection.exec_driver_sql("SELECT id FROM units")] or [builders.client(uow)]
    subject = Subject("escalation", number, f"ESC-{number}", client)
    start(uow, subject, purpose, steps)
    return subject


async def due(database: Database) -> list[Climb]:
    return await database.read(lambda reader: list_due(reader, database.clock.now(), 100))


def running(reader: Reader) -> list[tuple[str, int]]:
    return [(climb.purpose, climb.position) for climb in list_running(reader, "escalation", 12)]


def test_past_the_last_step_nothing_is_due() -> None:
    assert [due_at(STEPS, n, START) for n in (2, 3)] == [START.replace(hour=11), None]


async def test_nothing_is_due_before_its_minute(database: Database, clock: ManualClock) -> None:
    await database.write(begun)
    clock.advance(30 * 60 - 1)
    assert await due(database) == []
    clock.advance(1)
    assert [climb.subject_id for climb in await due(database)] == [12]


async def test_the_steps_are_taken_in_order_and_then_it_ends(database: Database, clock: ManualClock) -> None:
    await database.write(begun)
    taken: list[Step | None] = []
    for _ in STEPS:
        clock.advance(40 * 60)
        (climb,) = await due(database)
        taken.append(await database.write(lambda uow, climb=climb: take_step(uow, climb)))
    clock.advance(365 * 86_400)
    assert taken == list(STEPS)
    assert await due(database) == []
    assert await database.read(running) == []


async def test_steps_that_do_the_same_and_came_due_together_are_taken_as_one(
    database: Database, clock: ManualClock
) -> None:
    """After hours in which nothing ran nobody is told the same thing once for every level."""
    steps = (
        Step(10, ("dispatcher",), "alone"),
        Step(20, ("dispatcher", "owner"), "alone"),
        Step(30, ("owner",), "late"),
    )
    await database.write(lambda uow: begun(uow, steps=steps))
    clock.advance(40 * 60)
    taken: list[Step | None] = []
    while found := await due(database):
        taken += [await database.write(lambda uow, climb=climb: take_step(uow, climb)) for climb in found]
    assert taken == [Step(20, ("dispatcher", "owner"), "alone"), steps[2]]


async def test_a_warning_is_not_given_any_more_when_what_it_warns_of_is_due(
    database: Database, clock: ManualClock
) -> None:
    steps = (
        Step(30, ("assignee",), "warn", warns=True),
        Step(60, ("team_lead",), "breach"),
        Step(90, ("owner",), "late"),
    )
    await database.write(lambda uow: begun(uow, steps=steps))
    clock.advance(60 * 60)
    (climb,) = await due(database)
    assert await database.write(lambda uow: take_step(uow, climb)) == steps[1]


async def test_of_many_who_take_a_step_at_once_one_has_it(database: Database, clock: ManualClock) -> None:
    await database.write(begun)
    clock.advance(60 * 60)
    (climb,) = await due(database)
    taken = await asyncio.gather(*(database.write(lambda uow: take_step(uow, climb)) for _ in range(20)))
    assert [step for step in taken if step] == [STEPS[0]]


async def test_one_that_was_stopped_stays_silent(database: Database, clock: ManualClock) -> None:
    subject = await database.write(begun)
    clock.advance(60 * 60)
    (read_before,) = await due(database)
    await database.write(lambda uow: stop(uow, subject, "response"))
    assert await due(database) == []
    assert await database.write(lambda uow: take_step(uow, read_before)) is None


async def test_begun_again_it_has_a_fresh_clock_and_old_readings_take_nothing(
    database: Database, clock: ManualClock
) -> None:
    await database.write(begun)
    clock.advance(31 * 60)
    (read_before,) = await due(database)
    await database.write(begun)
    assert await due(database) == []
    assert await database.write(lambda uow: take_step(uow, read_before)) is None
    clock.advance(30 * 60)
    assert [climb.position for climb in await due(database)] == [0]


async def test_one_that_had_ended_begins_again(database: Database, clock: ManualClock) -> None:
    await database.write(lambda uow: begun(uow, steps=()))
    assert await database.read(running) == []
    await database.write(begun)
    clock.advance(30 * 60)
    assert len(await due(database)) == 1


async def test_each_purpose_of_a_case_climbs_by_itself(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[tuple[str, int]]:
        begun(uow, purpose="resolution", steps=(Step(10, ("owner",)),))
        stop(uow, begun(uow), "resolution")
        return running(uow)

    assert await database.write(work) == [("response", 0)]


async def test_the_longest_overdue_comes_first(database: Database, clock: ManualClock) -> None:
    for number in (3, 1, 2):
        await database.write(lambda uow, number=number: begun(uow, number))
        clock.advance(60)
    clock.advance(3600)
    assert [climb.subject_id for climb in await due(database)] == [3, 1, 2]


async def test_a_running_climb_keeps_the_steps_it_began_with(database: Database) -> None:
    await database.write(begun)
    (climb,) = await database.read(lambda reader: list_running(reader, "escalation", 12))
    assert climb.steps == STEPS
    assert climb.due_at == START.replace(minute=30)


async def test_a_hastened_climb_takes_one_step_now_and_the_others_in_their_time(
    database: Database, clock: ManualClock
) -> None:
    await database.write(begun)
    clock.advance(60)
    assert await database.write(lambda uow: hasten(uow, "escalation", 12, "response", START))
    assert not await database.write(lambda uow: hasten(uow, "escalation", 12, "response", START))
    (climb,) = await due(database)
    assert await database.write(lambda uow: take_step(uow, climb)) == STEPS[0]
    assert await due(database) == []
    clock.advance(59 * 60)
    (climb,) = await due(database)
    assert await database.write(lambda uow: take_step(uow, climb)) == STEPS[1]


async def test_only_the_climb_meant_is_hastened(database: Database, clock: ManualClock) -> None:
    await database.write(begun)
    await database.write(lambda uow: begun(uow, purpose="resolution"))
    await database.write(lambda uow: begun(uow, 13))
    clock.advance(60)
    subject = await database.write(begun)
    assert not await database.write(lambda uow: hasten(uow, "escalation", 12, "response", START)), "it has begun again"
    await database.write(lambda uow: stop(uow, subject, "response"))
    assert not await database.write(lambda uow: hasten(uow, "escalation", 12, "response", uow.now))
    assert await due(database) == []
    assert await database.write(lambda uow: hasten(uow, "escalation", 12, "resolution", uow.now))
    assert [climb.purpose for climb in await due(database)] == ["resolution"]
