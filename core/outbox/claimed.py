"""What is claimed, with everything that is needed to render and send it."""

from typing import Any

from sqlalchemy import bindparam, func, select

from core.outbox.quiet import TIMED
from core.outbox.tables import Delivery, deliveries, notifications
from core.people.tables import contact_methods, persons
from core.quick import maker
from core.statements import Statement, literally

_target = deliveries.alias("target")
_card = notifications.alias("card")
_CLAIMED_COLUMNS = [
    deliveries.c.id, deliveries.c.kind, deliveries.c.channel, deliveries.c.account, deliveries.c.chat,
    deliveries.c.thread, deliveries.c.visible_to, deliveries.c.person_id, deliveries.c.media_id, deliveries.c.language,
    deliveries.c.time_zone, deliveries.c.urgency, deliveries.c.attempts, deliveries.c.created_at,
    notifications.c.template, notifications.c.facts, notifications.c.subject_kind, notifications.c.subject_id,
    _target.c.external_id, func.coalesce(contact_methods.c.last_inbound_at, deliveries.c.heard_at),
    deliveries.c.is_repeat, deliveries.c.held_for, deliveries.c.bundle_key, deliveries.c.carried_by,
    notifications.c.most_attempts, notifications.c.retry_seconds, TIMED, notifications.c.id,
    func.coalesce(notifications.c.client_id, persons.c.client_id), deliveries.c.lease_until,
    _card.c.facts.label("of_card"),
]  # fmt: skip
_make = maker(Delivery)
_FACTS = list(Delivery.__dataclass_fields__).index("facts")


def claimed(*columns: Any) -> Delivery:
    """A row of CLAIMED_CORE. The change of a card is rendered from the card's facts, and what changes over them."""
    *own, of_card = columns
    if of_card is not None:
        own[_FACTS] = of_card | own[_FACTS]
    return _make(*own)


CLAIMED_CORE = (
    select(*_CLAIMED_COLUMNS)
    .join(notifications, notifications.c.id == deliveries.c.notification_id)
    .outerjoin(_target, _target.c.id == deliveries.c.target_id)
    .outerjoin(_card, (_card.c.id == _target.c.notification_id) & (deliveries.c.kind == literally("edit")))
    .outerjoin(persons, persons.c.id == deliveries.c.person_id)
    .outerjoin(
        contact_methods,
        (contact_methods.c.channel == deliveries.c.channel)
        & (contact_methods.c.account == deliveries.c.account)
        & (contact_methods.c.address == deliveries.c.chat),
    )
)
CLAIMED = Statement(CLAIMED_CORE.where(deliveries.c.id == bindparam("id")), claimed)
CLAIMED_NOW = Statement(
    CLAIMED_CORE.where(
        deliveries.c.state == literally("sending"),
        deliveries.c.lease_until == bindparam("lease_until"),
        deliveries.c.channel == bindparam("channel"),
        deliveries.c.account == bindparam("account"),
    ).order_by(deliveries.c.urgency, deliveries.c.created_at, deliveries.c.id),
    claimed,
)
