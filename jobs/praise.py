"""Praise: whoever reached something is told within the hour, and on Monday morning every team reads its week."""

from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from core.actor import SYSTEM
from core.database import Database
from core.executor import execute
from core.people.queries import CLIENTS
from core.praise.commands import GivePraise, PostWeek
from core.praise.queries import list_active
from core.unit_of_work import UnitOfWork

LOOKS_BACK = timedelta(hours=26)
"""Much more than the hour between two looks: what a day without the program has missed is made up for."""
MONDAY, MORNING = 0, 9


async def give_praise(database: Database, scheduled_at: datetime) -> int:
    """How many achievements were told of."""
    people = await database.read(lambda reader: list_active(reader, scheduled_at - LOOKS_BACK))
    given = [await database.write(partial(_give, person_id)) for person_id in people]
    await _post_weeks(database, scheduled_at)
    return sum(given)


async def _post_weeks(database: Database, at: datetime) -> None:
    clients = await database.read(lambda reader: reader.all(CLIENTS))
    for client in clients:
        local = at.astimezone(ZoneInfo(client.time_zone))
        if local.weekday() == MONDAY and local.hour == MORNING:
            await database.write(partial(_post, client.id, at))


def _give(person_id: int, uow: UnitOfWork) -> int:
    uow.actor = SYSTEM
    return int(execute(GivePraise(person_id), uow))


def _post(client_id: int, until: datetime, uow: UnitOfWork) -> int:
    uow.actor = SYSTEM
    return int(execute(PostWeek(client_id, until), uow))
