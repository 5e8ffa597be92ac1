"""Urgent messages whose outcome nobody knows are sent once more, marked as a possible repeat, and everything to machines, which
know a repeat; the others wait for the operator."""

from datetime import timedelta
from functools import partial

import structlog

from channels.capabilities import CAPABILITIES
from core.actor import SYSTEM
from core.database import Database
from core.executor import execute
from core.outbox.commands import RepeatDelivery
from core.outbox.uncertain import list_to_repeat
from core.unit_of_work import UnitOfWork

log = structlog.get_logger()

CHUNK = 100
GRACE = timedelta(seconds=60)
"""How long a platform that reports what became of a message has for it."""


async def repeat_uncertain(database: Database) -> int:
    """Returns how many were sent again."""
    repeated = 0
    for channel, capabilities in CAPABILITIES.items():
        before = database.clock.now() - (GRACE if capabilities.receipts else timedelta(0))
        query = partial(list_to_repeat, everything=capabilities.machines)
        due = await database.read(partial(query, channel=channel, before=before, limit=CHUNK))
        for delivery_id in due:
            repeated += await database.write(partial(_repeat, RepeatDelivery(delivery_id)))
    if repeated:
        log.warning("urgent messages with an unknown outcome were sent again", count=repeated)
    return repeated


def _repeat(command: RepeatDelivery, uow: UnitOfWork) -> bool:
    uow.actor = SYSTEM
    return execute(command, uow) is not None
