"""The sweep over climbs: every due step once; a case that fails stops nobody and is tried again."""

import asyncio
from math import ceil, log2

from sqlalchemy import update
from structlog.testing import capture_logs

from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.escalations.commands import ReplyToCustomer
from core.escalations.queries import subject_of
from core.policies.climbing import start
from core.policies.steps import Step
from core.policies.tables import climbs
from core.unit_of_work import UnitOfWork
from jobs.climb import CHUNK, climb_due
from tests import builders
from tests.core.escalations.desk import Desk, does, furnished, raised


async def told(database: Database) -> list[str]:
    """Who was told in turn, by the first word of their chat."""
    alerts = await database.read(builders.outbox)
    return [left.chat for left in alerts if left.template == "escalation.due"]


STEPS = (Step(30, ("board",), "warn"), Step(60, ("team_lead",), "breach"), Step(120, ("owner",), "breach"))


async def case(database: Database) -> Desk:
    """One that is watched by these steps and no other."""

    def work(uow: UnitOfWork) -> Desk:
        desk = furnished(uow)
        escalation = raised(uow, desk)
        uow.connection.execute(climbs.delete())
        start(uow, subject_of(escalation), "response", STEPS)
        return desk

    return await database.write(work)


async def test_every_step_is_taken_once_at_its_time(database: Database, clock: ManualClock) -> None:
    await case(database)
    taken = []
    for _ in range(5):
        clock.advance(30 * 60)
        taken += [await climb_due(database), await climb_due(database)]
    assert taken == [1, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    assert await told(database) == ["C1", "slack-LEA", "whatsapp-OLGA"]


async def test_many_sweeps_at_once_take_it_once(database: Database, clock: ManualClock) -> None:
    await case(database)
    clock.advance(60 * 60 - 1)
    assert sum(await asyncio.gather(*(climb_due(database) for _ in range(8)))) == 1
    assert await told(database) == ["C1"]


async def test_many_sweeps_at_once_share_what_is_due(database: Database, clock: ManualClock) -> None:
    """More than one of them reads at a time."""
    number = CHUNK + 20

    def work(uow: UnitOfWork) -> None:
        about = subject_of(raised(uow, furnished(uow)))
        uow.connection.execute(climbs.delete())
        for one in range(number):
            start(uow, about, f"purpose {one}", (Step(30, ("board",), "warn"),))

    await database.write(work)
    clock.advance(30 * 60)
    assert sum(await asyncio.gather(*(climb_due(database) for _ in range(4)))) == number
    assert len(await told(database)) == number


async def test_after_the_answer_nobody_is_told_any_more(database: Database, clock: ManualClock) -> None:
    desk = await case(database)
    await database.write(lambda uow: does(uow, desk.lea, ReplyToCustomer(1, "Hello")))
    await database.write(
        lambda uow: uow.connection.execute(climbs.delete().where(climbs.c.purpose != "response")).rowcount
    )
    clock.advance(86_400)
    assert await climb_due(database) == 0
    assert await told(database) == []


async def test_after_a_long_silence_a_sweep_takes_together_what_does_the_same(
    database: Database, clock: ManualClock
) -> None:
    await case(database)
    clock.advance(86_400)
    assert [await climb_due(database) for _ in range(3)] == [1, 1, 0]
    assert await told(database) == ["C1", "slack-LEA", "whatsapp-OLGA"]


async def test_cases_that_fail_stop_nobody_and_are_tried_again(database: Database, clock: ManualClock) -> None:
    """More of them than one sweep reads at a time, and all of them longer due."""

    def broken(uow: UnitOfWork, client: int) -> None:
        for number in range(1000, 1000 + CHUNK):
            start(uow, Subject("escalation", number, f"ESC-{number}", client), "response", (Step(1, ("owner",)),))

    desk = await case(database)
    await database.write(lambda uow: broken(uow, desk.client))
    clock.advance(30 * 60)

    with capture_logs() as logged:
        assert await climb_due(database) == 1
        assert await climb_due(database) == 0
        assert len(logged) == CHUNK
        clock.advance(60)
        assert await climb_due(database) == 0
    assert len(logged) == 2 * CHUNK
    assert await told(database) == ["C1"]


async def test_one_that_fails_is_found_without_taking_all_others_one_by_one(
    database: Database, clock: ManualClock
) -> None:
    def work(uow: UnitOfWork) -> None:
        about = subject_of(raised(uow, furnished(uow)))
        uow.connection.execute(climbs.delete())
        for number in range(CHUNK - 1):
            start(uow, about, f"purpose {number}", STEPS[:1])
            if number == CHUNK // 3:
                start(uow, Subject("escalation", 1000, "ESC-1000", about.client_id), "response", STEPS[:1])

    await database.write(work)
    clock.advance(30 * 60)
    commits = list[frozenset[str]]()
    database.committed.append(commits.append)

    with capture_logs() as logged:
        assert await climb_due(database) == CHUNK - 1

    assert [(line["subject"], line["id"]) for line in logged] == [("escalation", 1000)]
    assert len(await told(database)) == CHUNK - 1
    assert len(commits) <= 2 * ceil(log2(CHUNK))


async def test_a_case_that_is_well_again_takes_its_step(database: Database, clock: ManualClock) -> None:
    await case(database)

    def points_to(subject_id: int) -> update:
        return update(climbs).values(subject_id=subject_id)

    await database.write(lambda uow: uow.connection.execute(points_to(99)).rowcount)
    clock.advance(30 * 60)
    with capture_logs():
        assert await climb_due(database) == 0
    await database.write(lambda uow: uow.connection.execute(points_to(1)).rowcount)
    clock.advance(60)
    assert await climb_due(database) == 1
