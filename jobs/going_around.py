"""The sweep over urgent messages that wait in a lane which is known not to work."""

from functools import partial

import structlog

from core.database import Database
from core.outbox.going_around import go_around, list_stranded

log = structlog.get_logger()

CHUNK = 100


async def go_around_lanes(database: Database) -> int:
    """Returns how many went another way."""
    gone = 0
    while stranded := await database.read(partial(list_stranded, limit=CHUNK)):
        gone += await database.write(partial(go_around, stranded=stranded))
    if gone:
        log.warning("urgent messages go around lanes that do not work", count=gone)
    return gone
