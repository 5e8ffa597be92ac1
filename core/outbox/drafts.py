"""What has been queued since some delivery, and has not left yet: for looking at what a run would say."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from core.outbox.tables import deliveries, notifications
from core.people.tables import persons
from core.statements import Reader, Statement


@dataclass(frozen=True, slots=True)
class Draft:
    """`person` is None for a group chat."""

    channel: str
    person: str | None
    language: str
    time_zone: str
    template: str
    facts: dict[str, Any]


QUEUED_AFTER = Statement(
    select(
        deliveries.c.channel, persons.c.name, deliveries.c.language, deliveries.c.time_zone,
        notifications.c.template, notifications.c.facts,
    )
    .join(notifications, notifications.c.id == deliveries.c.notification_id)
    .outerjoin(persons, persons.c.id == deliveries.c.person_id)
    .where(deliveries.c.id > bindparam("after"))
    .order_by(deliveries.c.id),
    Draft,
)  # fmt: skip
LAST = Statement(select(deliveries.c.id).order_by(deliveries.c.id.desc()).limit(1))


def last_delivery(reader: Reader) -> int:
    row = reader.first(LAST)
    return int(row.id) if row else 0


def list_drafts(reader: Reader, after: int) -> list[Draft]:
    """Everything queued after that delivery, in order."""
    return reader.all(QUEUED_AFTER, after=after)
