"""Which way to a person: their contact methods in order, those that work first, and never twice the same for one notification."""

from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, update

from core.outbox.tables import deliveries, lanes
from core.people.queries import CONTACT_COLUMNS, CONTACTS_OF
from core.people.tables import ContactMethod, contact_methods
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

TRIED = Statement(
    select(deliveries.c.channel, deliveries.c.account, deliveries.c.chat).where(
        deliveries.c.notification_id == bindparam("notification_id")
    )
)
IN_TROUBLE = or_(
    lanes.c.broken_since.is_not(None),
    and_(
        lanes.c.tripped_since.is_not(None), lanes.c.alarmed_at >= lanes.c.tripped_since
    ),  # its first pause did not help
)
ON_LANE = lanes.c.name == contact_methods.c.channel + literally(":") + contact_methods.c.account
_ways = (
    select(*CONTACT_COLUMNS)
    .select_from(contact_methods.outerjoin(lanes, and_(ON_LANE, IN_TROUBLE)))
    .where(contact_methods.c.person_id == bindparam("person_id"), contact_methods.c.verified_at.is_not(None))
)
_IN_ORDER = (contact_methods.c.rank, contact_methods.c.id)
WAYS_ROUND = Statement(
    _ways.order_by(contact_methods.c.unreachable_since.is_not(None), lanes.c.name.is_not(None), *_IN_ORDER),
    ContactMethod,
)
WORKING_WAYS = Statement(
    _ways.where(contact_methods.c.unreachable_since.is_(None), lanes.c.name.is_(None)).order_by(*_IN_ORDER),
    ContactMethod,
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


def list_ways_round(reader: Reader, person_id: int) -> list[ContactMethod]:
    """The same; those of a lane that is known not to work come behind the others that may be reached."""
    return reader.all(WAYS_ROUND, person_id=person_id)


def list_working_ways(reader: Reader, person_id: int) -> list[ContactMethod]:
    """Only those that may be reached, of lanes that are not known not to work."""
    return reader.all(WORKING_WAYS, person_id=person_id)


def next_way(reader: Reader, person_id: int, notification_id: int) -> ContactMethod | None:
    """The first that this notification has not been sent to."""
    tried = {tuple(row) for row in reader.all(TRIED, notification_id=notification_id)}
    ways = list_ways_round(reader, person_id)
    return next((way for way in ways if (way.channel, way.account, way.address) not in tried), None)


def distrust(uow: UnitOfWork, channel: str, account: str, address: str, reason: str | None, at: datetime) -> None:
    """The platform says that nobody can be reached there; `at`: when that was. Hearing from the person makes up for it."""
    uow.run(DISTRUST, channel_=channel, account_=account, address_=address, reason=reason, at=at)
