"""The beat: nothing skipped or done twice when the clock moves."""

import asyncio
from datetime import datetime, timedelta

import pytest

from core.clock import Clock, ManualClock
from core.errors import Unavailable
from jobs.ticks import Job
from jobs.timetable import Timetable, latest_due
from tests.conftest import START


async def nothing(_: datetime) -> None: ...


class Book:
    """Writes down what was fired; fails while `down`."""

    def __init__(self) -> None:
        self.fired: list[tuple[str, datetime]] = []
        self.down = False

    async def fire(self, job: Job, at: datetime) -> bool:
        if self.down:
            raise Unavailable("locked")
        self.fired.append((job.name, at))
        return True

    @property
    def times(self) -> list[str]:
        return [f"{at:%H:%M:%S}" for _, at in self.fired]


SWEEP = Job("sweep", nothing, every_seconds=5)
DAILY = Job("daily", nothing, cron="0 8 * * *", time_zone="Europe/Madrid")
HOUR = timedelta(hours=1)


@pytest.fixture
def book() -> Book:
    return Book()


def test_the_moment_due_is_the_same_for_every_process() -> None:
    asked = [START + timedelta(seconds=seconds) for seconds in (15, 16.5, 19.999)]
    assert {latest_due(SWEEP, START, now) for now in asked} == {START + timedelta(seconds=15)}


async def test_a_sweep_fires_at_its_moments_and_once_each(clock: ManualClock, book: Book) -> None:
    timetable = Timetable(clock, [SWEEP], book.fire)
    for _ in range(12):
        await timetable.beat()
        clock.advance(1)
    assert book.times == ["09:00:05", "09:00:10"]


async def test_after_a_jump_forward_only_the_latest_is_caught_up(clock: ManualClock, book: Book) -> None:
    timetable = Timetable(clock, [SWEEP, DAILY], book.fire)
    clock.advance(3 * 86_400)
    await timetable.beat()
    await timetable.beat()
    assert [(name, at - START) for name, at in book.fired] == [
        ("sweep", timedelta(days=3)),
        ("daily", timedelta(days=2, hours=22)),
    ]


async def test_after_a_jump_back_nothing_is_done_twice(clock: ManualClock, book: Book) -> None:
    timetable = Timetable(clock, [DAILY], book.fire)
    clock.advance(23 * 3600)
    await timetable.beat()
    clock.advance(-2 * 3600)
    await timetable.beat()
    clock.advance(2 * 3600)
    await timetable.beat()
    assert len(book.fired) == 1


async def test_what_was_missed_while_nothing_ran_is_caught_up_once(clock: ManualClock, book: Book) -> None:
    timetable = Timetable(clock, [DAILY], book.fire)
    timetable.resume({"daily": START - timedelta(days=1, hours=2), "of another version": START})
    await timetable.beat()
    await timetable.beat()
    assert [at for _, at in book.fired] == [START.replace(hour=7)]


async def test_what_was_missed_more_than_a_day_ago_is_over(clock: ManualClock, book: Book) -> None:
    weekly = Job("weekly", nothing, cron="0 8 * * sat")
    timetable = Timetable(clock, [weekly], book.fire)
    timetable.resume({"weekly": START - timedelta(days=30)})
    await timetable.beat()
    assert book.fired == []


async def test_a_firing_the_database_could_not_take_stays_due(clock: ManualClock, book: Book) -> None:
    timetable = Timetable(clock, [DAILY, SWEEP], book.fire)
    clock.advance(23 * 3600)
    book.down = True
    await timetable.beat()
    book.down = False
    await timetable.beat()
    await timetable.beat()
    assert sorted(name for name, _ in book.fired) == ["daily", "sweep"]


async def test_a_job_that_takes_long_holds_up_only_itself(clock: ManualClock) -> None:
    begun, may_end, fired = asyncio.Event(), asyncio.Event(), list[str]()

    async def fire(job: Job, at: datetime) -> None:
        fired.append(job.name)
        if job.name == "slow":
            begun.set()
            await may_end.wait()

    timetable = Timetable(clock, [SWEEP, Job("slow", nothing, every_seconds=5)], fire)
    clock.advance(5)
    first = asyncio.create_task(timetable.beat())
    await begun.wait()
    clock.advance(5)
    await timetable.beat()
    assert fired == ["sweep", "slow", "sweep"]
    may_end.set()
    await first
    await timetable.beat()
    assert fired == ["sweep", "slow", "sweep", "slow"]


async def test_it_beats_by_itself_once_started() -> None:
    beaten = asyncio.Event()

    async def fire(job: Job, at: datetime) -> None:
        beaten.set()

    timetable = Timetable(Clock(), [Job("often", nothing, every_seconds=1)], fire)
    timetable.start()
    await asyncio.wait_for(beaten.wait(), 10)
    timetable.stop()
