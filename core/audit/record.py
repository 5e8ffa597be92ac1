"""Writing down what happened: an event is a frozen dataclass with a dotted `kind`; its row is the audit entry."""

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from core.audit.subject import Event, Subject
from core.audit.tables import EventRow, events
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork
from core.webhooks.queueing import follow

__all__ = ["Event", "Subject"]

INSERT = Statement(insert(events).values({c.name: bindparam(c.name) for c in events.c if c.name != "id"}))
TIMELINE = Statement(
    select(
        events.c.id, events.c.at, events.c.kind, events.c.actor_kind, events.c.actor_name, events.c.via, events.c.data
    )
    .where(events.c.subject_kind == bindparam("kind"), events.c.subject_id == bindparam("id"))
    .order_by(events.c.id),
    EventRow,
)


def record(uow: UnitOfWork, subject: Subject, event: Event, *, at: datetime | None = None) -> None:
    """`at`: when it happened, where that was not now (brought in from elsewhere)."""
    actor = uow.actor
    uow.run(
        INSERT,
        client_id=subject.client_id,
        at=at or uow.now,
        kind=event.kind,
        subject_kind=subject.kind,
        subject_id=subject.id,
        unit_id=subject.unit_id,
        actor_kind=actor.kind,
        actor_name=actor.name,
        person_id=actor.person_id,
        via=actor.via,
        data=event,
    )
    uow.announce("events")
    follow(uow, subject, event, at or uow.now)


def list_timeline(reader: Reader, kind: str, subject_id: int) -> list[EventRow]:
    """Everything that happened to one thing, oldest first."""
    return reader.all(TIMELINE, kind=kind, id=subject_id)
