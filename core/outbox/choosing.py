"""Which way to a person: their contact methods in order, those that work first, and never twice the same for one notification."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select, update

from core.outbox.tables import deliveries
from core.people.queries import CONTACTS_OF
from core.people.tables import ContactMethod, contact_methods
from core.statements import Reader, Statement
from core.unit_of_work import UnitOfWork

TRIED = Statement(
    select(deliveries.c.channel, deliveries.c.account, deliveries.c.chat).where(
        deliveries.c.notification_id == bindparam("notification_id")
    )
)
DISTRUST = Statement(
    update(contact_methods)
    .where(
        contact_methods.c.channel == bindparam("channel_"),
        contact_methods.c.account == bindparam("account_"),
        contact_methods.c.address == bindparam("address_"),
        # who has written since is there again, however late the platform reports the failure
        or_(contact_methods.c.last_inbound_at.is_(None), contact_methods.c.last_inbound_at <= bindparam("at")),
    )
    .values(unreachable_since=bindparam("at"), unreachable_reason=bindparam("reason"))
)


def list_ways(reader: Reader, person_id: int) -> list[ContactMethod]:
    """Proved addresses, the reachable ones first, in the person's order. The others come last and not never: an address may work
    again without a word, and it is better than none."""
    return reader.all(CONTACTS_OF, person_id=person_id)


def next_way(reader: Reader, person_id: int, notification_id: int) -> ContactMethod | None:
    """The first that this notification has not been sent to."""
    tried = {tuple(row) for row in reader.all(TRIED, notification_id=notification_id)}
    ways = list_ways(reader, person_id)
    return next((way for way in ways if (way.channel, way.account, way.address) not in tried), None)


def distrust(uow: UnitOfWork, channel: str, account: str, address: str, reason: str | None, at: datetime) -> None:
    """The platform says that nobody can be reached there; `at`: when that was. Hearing from the person makes up for it."""
    uow.run(DISTRUST, channel_=channel, account_=account, address_=address, reason=reason, at=at)
