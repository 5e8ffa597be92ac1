"""The sweep over drills: where a level had its time, the next one is called."""

from functools import partial

from core.actor import SYSTEM
from core.database import Database
from core.executor import execute
from core.training.drill_queries import list_due_drills
from core.training.drill_tables import Drill
from core.training.drills import ClimbDrill
from core.unit_of_work import UnitOfWork


async def climb_drills(database: Database) -> int:
    """How many were due."""
    due = await database.read(lambda reader: list_due_drills(reader, database.clock.now()))
    for drill in due:
        await database.write(partial(_climb, drill))
    return len(due)


def _climb(drill: Drill, uow: UnitOfWork) -> None:
    uow.actor = SYSTEM
    execute(ClimbDrill(drill.client_id, drill.id), uow)
