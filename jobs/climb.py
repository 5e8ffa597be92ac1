"""The sweep over climbs: every running policy whose next step is due takes exactly that step."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from core.tickets.commands import ClimbTicket

from core.actor import SYSTEM
from core.database import Database
from core.escalations.commands import ClimbEscalation
from core.executor import execute
from core.policies.climbing import list_due, take_step
from core.policies.tables import Climb
from core.unit_of_work import UnitOfWork

log = structlog.get_logger()

CHUNK = 100

COMMANDS: dict[str, Callable[[int, tuple[str, ...], str], Any]] = {
    "escalation": ClimbEscalation,
    "ticket": ClimbTicket,
}


async def climb_due(database: Database) -> int:
    """Take every step that is due now; returns how many were taken. A case that fails is logged and does not stop the others."""
    taken = 0
    while True:
        due = await database.read(lambda reader: list_due(reader, database.clock.now(), CHUNK))
        steps = [database.write(lambda uow, climb=climb: _step(uow, climb)) for climb in due]  # type: ignore[misc]
        results = await asyncio.gather(*steps, return_exceptions=True)
        for climb, result in zip(due, results, strict=True):
            if isinstance(result, BaseException):
                log.error("a climb failed", subject=climb.subject_kind, id=climb.subject_id, exc_info=result)
        done = sum(result is True for result in results)
        taken += done
        if len(due) < CHUNK or done == 0:
            return taken


def _step(uow: UnitOfWork, climb: Climb) -> bool:
    step = take_step(uow, climb)
    if step is None:
        return False
    uow.actor = SYSTEM
    execute(COMMANDS[climb.subject_kind](climb.subject_id, step.tell, step.act), uow)
    return True
