"""A tick counts once, whichever of the processes is first; a job that fails is written down and comes again."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy import select
from structlog.testing import capture_logs

from core.clock import ManualClock
from core.database import Database
from core.scheduling.tables import ticks
from jobs.ticks import Job, fire
from jobs.timetable import Timetable
from tests.conftest import START


async def outcomes(database: Database) -> list[str | None]:
    wanted = select(ticks.c.outcome).order_by(ticks.c.scheduled_at)
    return await database.read(lambda reader: list(reader.connection.execute(wanted).scalars()))


async def test_of_two_processes_one_does_the_tick(database: Database, clock: ManualClock) -> None:
    done: list[datetime] = []

    async def work(at: datetime) -> None:
        done.append(at)

    other = Database(database.url, clock)
    job = Job("climb", work, every_seconds=5)
    both = [fire(one, job, START, owner) for owner, one in (("a", database), ("b", other)) for _ in range(10)]
    assert (await asyncio.gather(*both)).count(True) == 1
    await other.close()
    assert done == [START]
    assert await outcomes(database) == ["done"]


async def test_a_job_that_fails_is_logged_and_its_next_tick_comes(database: Database) -> None:
    async def fails(at: datetime) -> None:
        raise ValueError("the disk is on fire")

    job = Job("climb", fails, every_seconds=5)
    with capture_logs() as logged:
        assert await fire(database, job, START, "a")
        assert await fire(database, job, START + timedelta(seconds=5), "a")
    assert await outcomes(database) == ["failed", "failed"]
    assert [(line["event"], line["job"]) for line in logged] == [("job failed", "climb")] * 2


async def test_after_the_clock_was_set_back_sweeps_go_on_and_daily_jobs_do_not_come_twice(
    database: Database, clock: ManualClock
) -> None:
    done: list[str] = []

    def job(name: str, **when: object) -> Job:
        async def work(at: datetime) -> None:
            done.append(name)

        return Job(name, work, **when)  # type: ignore[arg-type]

    sweep, daily = job("sweep", every_seconds=5), job("daily", cron="0 9 * * *")
    clock.advance(-60)
    timetable = Timetable(clock, [sweep, daily], lambda one, at: fire(database, one, at, "a"))
    clock.advance(120)
    await timetable.beat()

    clock.advance(-3600)
    for _ in range(3):
        await timetable.beat()
        clock.advance(5)
    clock.advance(3600)
    await timetable.beat()

    assert done.count("sweep") == 5
    assert done.count("daily") == 1
