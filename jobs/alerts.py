"""The sweep over open cases: whoever should look at one is told, each thing once."""

from functools import partial

from core.actor import SYSTEM
from core.database import Database
from core.executor import execute
from core.guidance.alerting import WHOM, GiveAlert
from core.guidance.alerts import Alert, list_all
from core.people.queries import CLIENTS
from core.unit_of_work import UnitOfWork


async def give_alerts(database: Database) -> int:
    """How many were given."""
    given = 0
    for client in await database.read(lambda reader: reader.all(CLIENTS)):
        found = await database.read(partial(list_all, client_id=client.id, now=database.clock.now()))
        due = [alert for alert in found if alert.kind in WHOM]
        given += await database.write(partial(_give, due)) if due else 0
    return given


def _give(alerts: list[Alert], uow: UnitOfWork) -> int:
    uow.actor = SYSTEM
    return sum(execute(GiveAlert(one.escalation.id, one.kind, one.action, one.value, one.about), uow) for one in alerts)
