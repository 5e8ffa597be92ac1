"""The sweep over climbs: every running policy whose next step is due takes exactly that step."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog

from core.actor import SYSTEM
from core.database import Database
from core.errors import Unavailable
from core.escalations.commands import ClimbEscalation
from core.executor import execute
from core.policies.climbing import list_due, postpone, take_steps
from core.policies.tables import DueClimb
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
        taken += await _take(database, due)
        if len(due) < CHUNK:
            return taken


async def _take(database: Database, due: Sequence[DueClimb]) -> int:
    """All of them in one unit of work; where one of them fails, each in its own."""
    try:
        return await database.write(lambda uow: take_due_steps(uow, due))
    except Unavailable:
        raise
    except Exception:
        if len(due) > 1:
            return sum([await _take(database, [climb]) for climb in due])
        log.exception("a climb failed", subject=due[0].subject_kind, id=due[0].subject_id)
        await database.write(lambda uow: postpone(uow, due[0], uow.now + AGAIN_AFTER))
        return 0


def take_due_steps(uow: UnitOfWork, due: Sequence[DueClimb]) -> int:
    taken = take_steps(uow, due)
    uow.actor = SYSTEM
    for climb, step in taken:
        execute(COMMANDS[climb.subject_kind](climb.subject_id, step.tell, step.act), uow)
    return len(taken)
