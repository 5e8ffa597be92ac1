"""Looking at what some work would say: it is done, read, and undone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from core.errors import DomainError
from core.outbox.tables import deliveries, notifications
from core.people.tables import contact_methods, persons
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Draft:
    """`person` is None for a group chat. `due_at`: it leaves then, as far as limits allow; `held_for`: why not at once. `heard_at`:
    when the other side last wrote."""

    channel: str
    account: str
    chat: str
    person_code: str | None
    person: str | None
    language: str
    time_zone: str
    template: str
    facts: dict[str, Any]
    created_at: datetime
    due_at: datetime
    held_for: str | None
    urgency: int
    heard_at: datetime | None


QUEUED_AFTER = Statement(
    select(
        deliveries.c.channel, deliveries.c.account, deliveries.c.chat, persons.c.code, persons.c.name,
        deliveries.c.language, deliveries.c.time_zone, notifications.c.template, notifications.c.facts,
        deliveries.c.created_at, deliveries.c.next_attempt_at, deliveries.c.held_for, deliveries.c.urgency,
        func.coalesce(contact_methods.c.last_inbound_at, deliveries.c.heard_at),
    )
    .join(notifications, notifications.c.id == deliveries.c.notification_id)
    .outerjoin(persons, persons.c.id == deliveries.c.person_id)
    .outerjoin(contact_methods, contact_methods.c.id == deliveries.c.contact_method_id)
    .where(deliveries.c.id > bindparam("after"), deliveries.c.kind == literally("message"))
    .order_by(deliveries.c.id),
    Draft,
)  # fmt: skip
LAST = Statement(select(deliveries.c.id).order_by(deliveries.c.id.desc()).limit(1))


class Looked(DomainError):
    """Ends the unit of work as a refusal does, so that nothing of the work stays. `found`: what it returned."""

    def __init__(self, found: Any, drafts: list[Draft]) -> None:
        super().__init__("This was a preview.")
        self.found = found
        self.drafts = drafts


def looking_at(work: Callable[[UnitOfWork], Any]) -> Callable[[UnitOfWork], None]:
    """A unit of work that always raises Looked, with everything `work` has queued, in order."""

    def look(uow: UnitOfWork) -> None:
        before = _last_delivery(uow)
        found = work(uow)
        raise Looked(found, uow.all(QUEUED_AFTER, after=before))

    return look


def _last_delivery(reader: Reader) -> int:
    row = reader.first(LAST)
    return int(row.id) if row else 0
