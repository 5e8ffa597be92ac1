"""The jobs that keep house: leases of senders that died, and what has been kept long enough."""

from datetime import datetime, timedelta
from pathlib import Path

import structlog

from core.audit.inbox import forget_seen
from core.database import Database
from core.idempotency.queries import forget_keys
from core.outbox.in_hand import expire
from core.people.sessions import forget_secrets
from core.scheduling.dispatchers import forget_dead_dispatchers
from core.scheduling.queries import forget_ticks
from core.tickets.arriving import forget_places
from jobs.training_files import forget_files

log = structlog.get_logger()

SEEN_FOR = timedelta(days=10)  # WhatsApp repeats for up to seven days
TICKS_FOR = timedelta(days=2)
KEYS_FOR = timedelta(days=2)
SECRETS_FOR = timedelta(days=30)
FILES_FOR = timedelta(days=1)


async def expire_leases(database: Database) -> int:
    """What a dispatcher that died had begun to send becomes uncertain; returns how much."""
    lost = await database.write(lambda uow: expire(uow, database.clock.unmoved()))
    if lost:
        log.warning("deliveries with an unknown outcome", count=lost)
    return lost


async def forget_locations(database: Database, scheduled_at: datetime, days: int) -> int:
    """Where technicians were more than so many days ago."""
    return await database.write(lambda uow: forget_places(uow, scheduled_at - timedelta(days=days)))


async def prune(database: Database, scheduled_at: datetime, media_folder: Path | None = None) -> None:
    """Platform events older than any repetition of them, old ticks, and keys, links and sessions that were over long ago;
    lists that were made as files."""
    await database.write(lambda uow: forget_seen(uow, scheduled_at - SEEN_FOR))
    await database.write(lambda uow: forget_ticks(uow, scheduled_at - TICKS_FOR))
    dead = database.clock.unmoved() - TICKS_FOR
    await database.write(lambda uow: forget_dead_dispatchers(uow, dead))
    await database.write(lambda uow: forget_keys(uow, scheduled_at - KEYS_FOR))
    await database.write(lambda uow: forget_secrets(uow, scheduled_at - SECRETS_FOR))
    if media_folder:
        forget_files(media_folder, (scheduled_at - FILES_FOR).timestamp())
