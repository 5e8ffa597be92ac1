"""The sweep over urgent messages that have reached nobody by their target."""

from datetime import timedelta

import structlog

from core.database import Database
from core.outbox.late import late, list_late

log = structlog.get_logger()

CHUNK = 100


async def report_unreached(database: Database, patience: timedelta) -> int:
    """Alarm whoever has to know; returns how many urgent notifications nobody got within `patience`."""
    reported = 0
    while True:
        before = database.clock.now() - patience
        found = await database.read(lambda reader, before=before: list_late(reader, before, CHUNK))  # type: ignore[misc]
        if found:
            reported += await database.write(lambda uow, found=found: late(uow, found))  # type: ignore[misc]
        if len(found) < CHUNK:
            break
    if reported:
        log.warning("urgent messages reached nobody", count=reported)
    return reported
