"""The sweep over climbs: every running policy whose next step is due takes exactly that step."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog

from core.actor import SYSTEM
from core.database import Database
from core.errors import Unavailable
from core.escalations.commands import ClimbEscalation
from core.executor import execute
from core.policies.climbing import list_due, postpone, take_step
from core.policies.tables import Climb
from core.tickets.commands import ClimbTicket
from core.unit_of_work import UnitOfWork

log = structlog.get_logger()

CHUNK = 100
AGAIN_AFTER = timedelta(minutes=1)

COMMANDS: dict[str, Callable[[int, tuple[str, ...], str], Any]] = {
    "escalation": ClimbEscalation,
    "ticket": ClimbTicket,
}


async def climb_due(database: Database) -> int:
    """Take every step that is due now; returns how many were taken. A case that fails is logged, tried again a minute later and
    stops no other."""
    taken = 0
    while True:
        due = await database.read(lambda reader: list_due(reader, database.clock.now(), CHUNK))
        taken += sum(await asyncio.gather(*(_try_step(database, climb) for climb in due)))
        if len(due) < CHUNK:
            return taken


async def _try_step(database: Database, climb: Climb) -> bool:
    try:
        return await database.write(lambda uow: _step(uow, climb))
    except Unavailable:
        raise
    except Exception:
        log.exception("a climb failed", subject=climb.subject_kind, id=climb.subject_id)
        await database.write(lambda uow: postpone(uow, climb, uow.now + AGAIN_AFTER))
        return False


def _step(uow: UnitOfWork, climb: Climb) -> bool:
    step = take_step(uow, climb)
    if step is None:
        return False
    uow.actor = SYSTEM
    execute(COMMANDS[climb.subject_kind](climb.subject_id, step.tell, step.act), uow)
    return True
