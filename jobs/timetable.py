"""The beat: when each job fires. APScheduler keeps the time and nothing else; whether a firing counts is decided in ticks.py."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from core.calendars.cron import next_cron
from core.clock import Clock
from core.errors import Unavailable
from jobs.ticks import Job

log = structlog.get_logger()

CATCH_UP = timedelta(hours=24)
BEAT = 1.0

Fire = Callable[[Job, datetime], Awaitable[object]]


class Timetable:
    """Asks every second of the program's own clock which firings have come due, so that a moved clock moves the jobs, too."""

    def __init__(self, clock: Clock, jobs: Sequence[Job], fire: Fire) -> None:
        self._clock = clock
        self._jobs = jobs
        self._fire = fire
        self._last = {job.name: clock.now() for job in jobs}
        self._busy: set[str] = set()
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        beats = len(self._jobs) + 1  # every job may still be busy with an earlier one
        self._scheduler.add_job(self._beat, "interval", seconds=BEAT, max_instances=beats, coalesce=True)
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    def resume(self, last_fired: dict[str, datetime]) -> None:
        """After a start: what was missed while nothing ran (at most a day) is caught up once."""
        earliest = self._clock.now() - CATCH_UP
        self._last |= {name: max(at, earliest) for name, at in last_fired.items() if name in self._last}

    async def _beat(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):  # stopping ends what is under way, and that is no fault
            await self.beat()

    async def beat(self) -> None:
        """Fire everything that has come due since the last beat; of several missed firings of a job only the latest. A job that
        takes long holds up only itself."""
        now = self._clock.now()
        await asyncio.gather(*(self._fire_due(job, now) for job in self._jobs if job.name not in self._busy))

    async def _fire_due(self, job: Job, now: datetime) -> None:
        due = latest_due(job, self._last[job.name], now)
        if due is None:
            return
        self._busy.add(job.name)
        try:
            await self._fire(job, due)
            self._last[job.name] = due
        except Unavailable as error:
            log.warning("the database does not answer; the firing stays due", job=job.name, error=str(error))
        finally:
            self._busy.discard(job.name)


def latest_due(job: Job, after: datetime, now: datetime) -> datetime | None:
    """The latest scheduled moment in (after, now]; None when there is none. The same for every process that asks. When the clock
    was set back, what happens every few seconds goes on; what happens at a time of day does not happen twice."""
    if job.every_seconds:
        seconds = job.every_seconds
        latest = datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)
        set_back = now < after - timedelta(seconds=seconds)
        return latest if latest > after or set_back else None
    assert job.cron is not None
    found, at = None, after
    while (following := next_cron(job.cron, job.time_zone, at)) and following <= now:
        found = at = following
    return found
