"""One message that says several deliveries: the first of them carries the others, from the claim until it is settled.

What was carried is `bundled` once the carrier has left, or may have: from then on it shares the carrier's fate. A carrier names
itself in `carried_by`, so that everything a message said is found by one column.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from core.outbox.bundling import HELD
from core.outbox.tables import Delivery, deliveries
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

COLLECTS = (HELD, "quiet", "recipients")
"""Held for one of these a delivery waits for others, too; what only waits for a limit leaves by itself."""
IN_A_BUNDLE = deliveries.c.bundle_key.is_not(None) & deliveries.c.held_for.in_([literally(held) for held in COLLECTS])

_siblings = (
    select(deliveries.c.id)
    .where(
        deliveries.c.channel == bindparam("channel_"),
        deliveries.c.account == bindparam("account_"),
        deliveries.c.chat == bindparam("chat_"),
        deliveries.c.bundle_key == bindparam("bundle_key_"),
        deliveries.c.bundle_key.is_not(None),
        deliveries.c.person_id.is_not_distinct_from(bindparam("person_id_", type_=deliveries.c.person_id.type)),
        deliveries.c.state == literally("pending"),
    )
    .order_by(deliveries.c.id)
    .with_for_update(skip_locked=True)
)
_CARRY: dict[str, Any] = {
    "state": "sending",
    "lease_until": bindparam("lease_until"),
    "begun_at": None,
    "carried_by": bindparam("carrier"),
}
JOIN = Statement(
    update(deliveries).where(deliveries.c.id.in_(_siblings.scalar_subquery())).values(_CARRY).returning(deliveries.c.id)
)
REJOIN = Statement(
    update(deliveries)
    .where(deliveries.c.carried_by == bindparam("before"), deliveries.c.state == literally("bundled"))
    .values(_CARRY)
    .returning(deliveries.c.id)
)
TIE = Statement(update(deliveries).where(deliveries.c.id == bindparam("id_")).values(carried_by=bindparam("carrier")))
UNTIE = Statement(
    update(deliveries)
    .where(deliveries.c.carried_by == bindparam("carrier"), deliveries.c.state == literally("pending"))
    .values(carried_by=None)
)


def gather(
    uow: UnitOfWork, claimed: list[Delivery], lease_until: datetime, load: Callable[[int], Delivery]
) -> list[Delivery]:
    """Of claimed deliveries that were held, the first of a bundle carries the others, and whatever else waits for it. A bundle that
    is sent again says all of it again."""
    first: dict[tuple[object, ...], Delivery] = {}
    together: dict[int, list[Delivery]] = {}
    for delivery in claimed:
        if delivery.carried_by is None and (delivery.bundle_key is None or delivery.held_for not in COLLECTS):
            continue
        key = (delivery.chat, delivery.person_id, delivery.bundle_key or delivery.id)
        together.setdefault(first.setdefault(key, delivery).id, []).append(delivery)
    bundles = {carrier.id: _carrying(uow, together[carrier.id], lease_until, load) for carrier in first.values()}
    carried = {one.id for bundle in bundles.values() for one in bundle.carried}
    return [bundles.get(delivery.id, delivery) for delivery in claimed if delivery.id not in carried]


def _carrying(
    uow: UnitOfWork, claimed: list[Delivery], lease_until: datetime, load: Callable[[int], Delivery]
) -> Delivery:
    carrier, *others = claimed
    to = {f"{name}_": getattr(carrier, name) for name in ("channel", "account", "chat", "bundle_key", "person_id")}
    joined = uow.all(JOIN, **to, carrier=carrier.id, lease_until=lease_until)
    for before in (one.id for one in claimed if one.carried_by == one.id):
        joined += uow.all(REJOIN, before=before, carrier=carrier.id, lease_until=lease_until)
    if not joined and not others:
        return carrier
    uow.run_many(TIE, [{"id_": one.id, "carrier": carrier.id} for one in claimed])
    carried = [*others, *(load(row.id) for row in joined)]
    return replace(carrier, carried=tuple(sorted(carried, key=lambda one: one.id)))


def put_back(uow: UnitOfWork, carriers: list[Delivery]) -> None:
    """They were given back unsent: everybody waits for themselves again."""
    for carrier in carriers:
        if carrier.carried:
            uow.run(UNTIE, carrier=carrier.id)
