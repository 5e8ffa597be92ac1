"""The few numbers that tell from outside whether the program keeps up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from core.audit.inbox import count_quarantined
from core.escalations.tables import escalations
from core.outbox.queries import count_by_state
from core.outbox.tables import deliveries
from core.statements import Reader, Statement, literally
from core.tickets.tables import tickets

OLDEST_PENDING = Statement(
    select(func.min(deliveries.c.next_attempt_at).label("at")).where(deliveries.c.state == literally("pending"))
)
OPEN_ESCALATIONS = Statement(
    select(escalations.c.status, func.count().label("n"))
    .where(escalations.c.status != literally("resolved"))
    .group_by(escalations.c.status)
)
OPEN_TICKETS = Statement(
    select(tickets.c.status, func.count().label("n"))
    .where(tickets.c.status.not_in([literally("closed"), literally("cancelled")]))
    .group_by(tickets.c.status)
)


@dataclass(frozen=True, slots=True)
class Vitals:
    """`deliveries` by (channel, state); `escalations` and `tickets` that are open, by status. `oldest_due_at`: of what
    waits to be sent, the moment the longest waiting one should have left."""

    deliveries: dict[tuple[str, str], int]
    oldest_due_at: datetime | None
    quarantined: int
    escalations: dict[str, int]
    tickets: dict[str, int]


def vitals(reader: Reader) -> Vitals:
    return Vitals(
        deliveries=count_by_state(reader),
        oldest_due_at=reader.one(OLDEST_PENDING).at,
        quarantined=count_quarantined(reader),
        escalations={row.status: row.n for row in reader.all(OPEN_ESCALATIONS)},
        tickets={row.status: row.n for row in reader.all(OPEN_TICKETS)},
    )
