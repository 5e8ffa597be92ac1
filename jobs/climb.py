"""The sweep over climbs: every running policy whose next step is due takes exactly that step."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import structlog

from core.actor import SYSTEM
from core.database import Database
from core.errors import Unavailable
from core.escalations.commands import ClimbEscalation
from core.escalations.looking_ahead import look_ahead_at_escalations
from core.executor import execute
from core.policies.climbing import list_due, postpone, take_due, take_steps
from core.policies.steps import Step
from core.policies.tables import Climb, DueClimb
from core.tickets.commands import ClimbTicket
from core.tickets.looking_ahead import look_ahead_at_tickets
from core.unit_of_work import UnitOfWork

log = structlog.get_logger()

CHUNK = 200
AGAIN_AFTER = timedelta(minutes=1)

COMMANDS: dict[str, Callable[[int, tuple[str, ...], str], Any]] = {
    "escalation": ClimbEscalation,
    "ticket": ClimbTicket,
}
AHEAD: dict[str, Callable[[UnitOfWork, Sequence[int]], None]] = {
    "escalation": look_ahead_at_escalations,
    "ticket": look_ahead_at_tickets,
}
"""Reads what the steps of many cases will ask for."""


async def climb_due(database: Database) -> int:
    """Take every step that is due now; returns how many were taken. A case that fails is logged, tried again a minute later and
    stops no other."""
    taken, more = 0, bool(await _read_due(database, 1))
    while more:
        number, more = await _take(database)
        taken += number
    return taken


async def _read_due(database: Database, limit: int) -> list[DueClimb]:
    return await database.read(lambda reader: list_due(reader, database.clock.now(), limit))


async def _take(database: Database) -> tuple[int, bool]:
    """Many in one unit of work. True: there may be more."""
    try:
        taken = await database.write(lambda uow: _act(uow, take_due(uow, CHUNK)))
    except Unavailable:
        raise
    except Exception:  # noqa: BLE001 - which of them it is is found out by halves
        due = await _read_due(database, CHUNK)
        return await _take_these(database, due), len(due) == CHUNK
    return taken, taken == CHUNK


async def _take_these(database: Database, due: Sequence[DueClimb]) -> int:
    """Where one of them fails, the halves by themselves: one of 200 costs some twenty units of work, and not 200."""
    try:
        return await database.write(lambda uow: take_due_steps(uow, due))
    except Unavailable:
        raise
    except Exception:
        if len(due) == 1:
            log.exception("a climb failed", subject=due[0].subject_kind, id=due[0].subject_id)
            await database.write(lambda uow: postpone(uow, due[0], uow.now + AGAIN_AFTER))
            return 0
    half = len(due) // 2
    return await _take_these(database, due[:half]) + await _take_these(database, due[half:])


def take_due_steps(uow: UnitOfWork, due: Sequence[DueClimb]) -> int:
    return _act(uow, take_steps(uow, due))


def _act(uow: UnitOfWork, taken: Sequence[tuple[Climb, Step]]) -> int:
    """Do what is due of each; returns of how many."""
    uow.actor = SYSTEM
    for kind, look_ahead in AHEAD.items():
        look_ahead(uow, [climb.subject_id for climb, _ in taken if climb.subject_kind == kind])
    for climb, step in taken:
        execute(COMMANDS[climb.subject_kind](climb.subject_id, step.tell, step.act), uow)
    return len(taken)
