"""The sweep over playbooks: steps whose moment has come go to whom they concern; what a resolved case leaves are its follow-ups."""

from functools import partial

from core.actor import SYSTEM
from core.database import Database
from core.executor import execute
from core.playbooks.commands import RemindFollowUp, SettleRun
from core.playbooks.queries import list_come_back, list_left
from core.unit_of_work import UnitOfWork

CHUNK = 200


async def remind_follow_ups(database: Database) -> int:
    """How many came back."""
    reminded = 0
    while left := await database.read(lambda reader: list_left(reader, CHUNK)):
        await database.write(partial(_settle, left))
        if len(left) < CHUNK:
            break
    while due := await database.read(lambda reader: list_come_back(reader, database.clock.now(), CHUNK)):
        reminded += await database.write(partial(_remind, due))
        if len(due) < CHUNK:
            break
    return reminded


def _settle(left: list[int], uow: UnitOfWork) -> None:
    uow.actor = SYSTEM
    for run_id in left:
        execute(SettleRun(run_id), uow)


def _remind(due: list[tuple[int, int]], uow: UnitOfWork) -> int:
    uow.actor = SYSTEM
    return sum(execute(RemindFollowUp(run_id, number), uow) for run_id, number in due)
