"""What names people is built anew when it leaves: a message that waited, failed and is tried again, goes another way, follows its
notice or is sent again by an operator says what is true at that moment, or nothing.

Who knows what is true is given to the dispatcher, by template; see core/training/renewing.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import bindparam, update

from core.outbox.tables import Delivery, deliveries, notifications
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Renewed:
    template: str
    facts: Mapping[str, Any]


Renew = Callable[[UnitOfWork, Delivery], Renewed | None]
"""None: nothing is left to say."""
Renewers = Mapping[str, Renew]
"""By template."""

SETTLED = Renewed("outbox.settled", {})
_d, _n = deliveries.c, notifications.c
REPLACE = Statement(
    update(notifications)
    .where(_n.id == bindparam("id_"))
    .values(template=bindparam("template_"), facts=bindparam("facts_"))
)
DROP = Statement(
    update(deliveries)
    .where(_d.id == bindparam("id_"), _d.state == literally("sending"))
    .values(state="withdrawn", lease_until=None, settled_at=bindparam("now"))
)
NO_MORE = Statement(update(notifications).where(_n.id == bindparam("id_")).values(withdrawn_at=bindparam("now")))
_waits_behind = (_d.target_id == bindparam("id_"), _d.state == literally("pending"))
_withdrawn: dict[str, Any] = {"state": "withdrawn", "settled_at": bindparam("now")}
DROP_FOLLOWERS = Statement(
    update(deliveries).where(*_waits_behind, _d.kind.in_([literally("edit"), literally("photo")])).values(_withdrawn)
)
DROP_CHANGES = Statement(update(deliveries).where(*_waits_behind, _d.kind == literally("edit")).values(_withdrawn))


def renew_all(uow: UnitOfWork, claimed: Sequence[Delivery], renewers: Renewers) -> list[Delivery]:
    """Those that are still to be sent, as they are now."""
    found = [_renew(uow, delivery, renewers) for delivery in claimed]
    return [delivery for delivery in found if delivery]


def renew_line(uow: UnitOfWork, delivery: Delivery, renewers: Renewers) -> Delivery:
    """What leaves as a line of another's message is part of it in any case."""
    renew = _renewer(delivery, renewers)
    return _with(uow, delivery, renew(uow, delivery) or SETTLED) if renew else delivery


def _renew(uow: UnitOfWork, delivery: Delivery, renewers: Renewers) -> Delivery | None:
    renew = _renewer(delivery, renewers)
    if renew is None:
        return delivery
    if delivery.carried_by == delivery.id:
        return renew_line(uow, delivery, renewers)
    if (renewed := renew(uow, delivery)) is not None:
        return _with(uow, delivery, renewed)
    uow.run(DROP, id_=delivery.id, now=uow.now)
    uow.run(DROP_FOLLOWERS, id_=delivery.id, now=uow.now)
    uow.run(NO_MORE, id_=delivery.notification_id, now=uow.now)
    return None


def _renewer(delivery: Delivery, renewers: Renewers) -> Renew | None:
    return renewers.get(delivery.template) if delivery.kind == "message" else None


def _with(uow: UnitOfWork, delivery: Delivery, renewed: Renewed) -> Delivery:
    facts = orjson.loads(orjson.dumps(renewed.facts, option=orjson.OPT_UTC_Z))  # as they are read from the database
    if (renewed.template, facts) == (delivery.template, delivery.facts):
        return delivery
    uow.run(DROP_CHANGES, id_=delivery.id, now=uow.now)  # it says them itself
    uow.run(REPLACE, id_=delivery.notification_id, template_=renewed.template, facts_=facts)
    return replace(delivery, template=renewed.template, facts=facts)


STALE = "stale"


def stale_topic(client_id: int) -> str:
    """What names people of this client may not be true any more: a dispatcher of this process gives back what it has in hand."""
    return f"{STALE} {client_id}"
