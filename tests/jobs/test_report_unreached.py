"""The sweep looks at everything that is late, in chunks, and says each once."""

from datetime import timedelta

from core.audit.record import Subject
from core.clock import ManualClock
from core.database import Database
from core.outbox.notify import URGENT, Notification, tell_person
from core.outbox.unreached import ALARM
from core.unit_of_work import UnitOfWork
from jobs.unreached import CHUNK, report_unreached
from tests import builders

PATIENCE = timedelta(minutes=30)


def told(uow: UnitOfWork, number: int) -> None:
    client = builders.client(uow)
    builders.person(uow, client, "admin", "ADA", on="slack")
    technician = builders.person(uow, client, "technician", "ANA")
    for n in range(number):
        thing = Subject("ticket", n, f"TKT-{n}", client)
        tell_person(uow, technician, Notification("reply.text", {"text": "Yours"}, thing, URGENT))


async def test_each_is_reported_once_however_many_there_are(database: Database, clock: ManualClock) -> None:
    await database.write(lambda uow: told(uow, CHUNK + 5))
    clock.advance(PATIENCE.total_seconds() - 1)
    assert await report_unreached(database, PATIENCE) == 0
    clock.advance(1)
    assert await report_unreached(database, PATIENCE) == CHUNK + 5
    assert await report_unreached(database, PATIENCE) == 0
    alarms = [one for one in await database.read(builders.outbox) if one.template == ALARM]
    assert [len(alarm.facts["cases"]) + alarm.facts["more"] for alarm in alarms] == [CHUNK, 5]
