"""The sweep over open cases: whoever should look at one is told, each thing once."""

from datetime import datetime
from functools import partial

from core.actor import SYSTEM
from core.database import Database
from core.executor import execute
from core.guidance.alerting import GiveAlert, without_told
from core.guidance.alerts import Alert, list_all
from core.people.queries import CLIENTS
from core.statements import Reader
from core.unit_of_work import UnitOfWork


async def give_alerts(database: Database) -> int:
    """How many were given."""
    given = 0
    for client in await database.read(lambda reader: reader.all(CLIENTS)):
        due = await database.read(partial(_due, client_id=client.id, now=database.clock.now()))
        given += await database.write(partial(_give, due)) if due else 0
    return given


def _due(reader: Reader, client_id: int, now: datetime) -> list[Alert]:
    return [alert for chunk in list_all(reader, client_id, now) for alert in without_told(reader, client_id, chunk)]


def _give(alerts: list[Alert], uow: UnitOfWork) -> int:
    uow.actor = SYSTEM
    return sum(
        execute(GiveAlert(one.escalation.id, one.kind, one.action, one.value, one.about, one.more), uow)
        for one in alerts
    )
