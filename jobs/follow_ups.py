"""The sweep over playbooks: follow-ups whose moment has come go to whom they concern."""

from functools import partial

from core.actor import SYSTEM
from core.database import Database
from core.executor import execute
from core.playbooks.commands import RemindFollowUp
from core.playbooks.queries import list_come_back
from core.unit_of_work import UnitOfWork

CHUNK = 200


async def remind_follow_ups(database: Database) -> int:
    """How many came back."""
    reminded = 0
    while due := await database.read(lambda reader: list_come_back(reader, database.clock.now(), CHUNK)):
        reminded += await database.write(partial(_remind, due))
        if len(due) < CHUNK:
            break
    return reminded


def _remind(due: list[tuple[int, int]], uow: UnitOfWork) -> int:
    uow.actor = SYSTEM
    return sum(execute(RemindFollowUp(run_id, number), uow) for run_id, number in due)
