"""A tick is one firing of a job at its scheduled time. It is claimed as a row, so that it counts once on any number of machines."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from core.database import Database
from core.scheduling.queries import claim_tick, finish_tick

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """`run(scheduled_at)` does one tick. Exactly one of `every_seconds` and `cron` (standard weekdays: 0 and 7 are Sunday)."""

    name: str
    run: Callable[[datetime], Awaitable[object]]
    every_seconds: int | None = None
    cron: str | None = None
    time_zone: str = "UTC"


async def fire(database: Database, job: Job, scheduled_at: datetime, owner: str) -> bool:
    """Run one tick if nobody else has; returns whether it was ours. A failing job is logged and its next tick comes as usual."""
    if not await database.write(
        lambda uow: claim_tick(uow, job.name, scheduled_at, owner, again=job.every_seconds is not None)
    ):
        return False
    outcome = "done"
    try:
        await job.run(scheduled_at)
    except Exception:
        outcome = "failed"
        log.exception("job failed", job=job.name)
    await database.write(lambda uow: finish_tick(uow, job.name, scheduled_at, outcome))
    return True
