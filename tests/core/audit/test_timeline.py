"""An event is written down once, with who did it and through which door."""

from core.actor import Actor
from core.audit.events import CommandRefused
from core.audit.record import Subject, list_timeline, record
from core.clock import ManualClock
from core.database import Database
from core.escalations.events import EscalationClaimed, EscalationNoted
from core.unit_of_work import UnitOfWork
from tests.conftest import START

CASE = Subject("escalation", 12, "ESC-12", None)


async def test_a_timeline_tells_what_happened_in_order_and_by_whom(database: Database, clock: ManualClock) -> None:
    def claims(uow: UnitOfWork) -> None:
        uow.actor = Actor("person", "Ana", person_id=7, via="slack")
        record(uow, CASE, EscalationClaimed("Ana"))

    await database.write(claims)
    clock.advance(60)
    await database.write(lambda uow: record(uow, CASE, EscalationNoted("Callboard", "late")))

    told = await database.read(lambda reader: list_timeline(reader, "escalation", 12))
    assert [(row.kind, row.actor_name, row.via, row.data) for row in told] == [
        ("escalation.claimed", "Ana", "slack", {"by": "Ana"}),
        ("escalation.noted", "Callboard", "system", {"by": "Callboard", "text": "late"}),
    ]
    assert [(row.at - START).total_seconds() for row in told] == [0, 60]


async def test_each_thing_has_its_own_timeline(database: Database) -> None:
    def work(uow: UnitOfWork) -> list[str]:
        record(uow, CASE, EscalationClaimed("Ana"))
        record(uow, Subject("ticket", 12, "TKT", None), CommandRefused("Conflict", "No."))
        return [row.kind for row in list_timeline(uow, "ticket", 12)]

    assert await database.write(work) == ["command.refused"]
