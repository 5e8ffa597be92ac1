"""What was claimed and not tried goes back, and waits there for its turn."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, exists, update

from core.outbox.bundling import HELD
from core.outbox.carrying import IN_A_BUNDLE, put_back
from core.outbox.tables import Delivery, deliveries, notifications
from core.row_sets import rows_of
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

_waiting = rows_of("waiting", id=deliveries.c.id.type)
NOBODY_WAITS = Statement(
    update(deliveries)
    .where(
        deliveries.c.id == _waiting.c.id,
        deliveries.c.state == literally("pending"),
        exists().where(notifications.c.id == deliveries.c.notification_id, notifications.c.withdrawn_at.is_not(None)),
    )
    .values(state="withdrawn", settled_at=bindparam("now"))
)
"""It was withdrawn while it was on its way, and has not arrived."""
_newer = deliveries.alias("newer")
REPLACED = Statement(
    update(deliveries)
    .where(
        deliveries.c.id == _waiting.c.id,
        deliveries.c.state == literally("sending"),
        deliveries.c.kind == literally("edit"),
        exists().where(
            _newer.c.target_id == deliveries.c.target_id,
            _newer.c.kind == literally("edit"),
            _newer.c.state == literally("pending"),
        ),
    )
    .values(state="withdrawn", lease_until=None, settled_at=bindparam("now"))
)
"""A card changed once more while its change was on the way: the newer one says all of it."""
_unsent = rows_of(
    "unsent",
    id=deliveries.c.id.type,
    lease_until=deliveries.c.lease_until.type,
    next_attempt_at=deliveries.c.next_attempt_at.type,
)
_still_ours = (
    deliveries.c.id == _unsent.c.id,
    deliveries.c.state == literally("sending"),
    deliveries.c.lease_until == _unsent.c.lease_until,
)
RELEASE = Statement(update(deliveries).where(*_still_ours).values(state="pending", lease_until=None, begun_at=None))
_OWN_REASONS = [literally("recipients"), literally("quiet")]
HOLD = Statement(
    update(deliveries)
    .where(*_still_ours)
    .values(
        state="pending",
        lease_until=None,
        begun_at=None,
        next_attempt_at=_unsent.c.next_attempt_at,
        # what has become part of a bundle stays one
        held_for=case(
            (bindparam("why", type_=deliveries.c.held_for.type).in_(_OWN_REASONS), bindparam("why")),
            (IN_A_BUNDLE, literally(HELD)),
            else_=bindparam("why"),
        ),
    )
)


def release(uow: UnitOfWork, unsent: list[Delivery]) -> None:
    """Give back deliveries that were claimed and not tried: they have the place that they had before."""
    _give_back(uow, RELEASE, [(delivery, None) for delivery in unsent])


def hold(uow: UnitOfWork, leaving: list[tuple[Delivery, datetime]], why: str) -> None:
    """Give back deliveries that have to wait, each until its moment, and say what for."""
    _give_back(uow, HOLD, leaving, why=why)


def _give_back(
    uow: UnitOfWork, statement: Statement[Any], leaving: Sequence[tuple[Delivery, datetime | None]], **values: str
) -> None:
    every = [(delivery, at) for carrier, at in leaving for delivery in (carrier, *carrier.carried)]
    withdraw_replaced(uow, [delivery for delivery, _ in every])
    if every:
        uow.run(statement, unsent=[(one.id, one.lease_until, at) for one, at in every], **values)
    put_back(uow, [carrier for carrier, _ in leaving])
    withdraw_late(uow, [delivery for delivery, _ in every])


def withdraw_replaced(uow: UnitOfWork, unsent: list[Delivery]) -> None:
    """Before they wait again: of a card's changes only one may wait."""
    if edits := [(delivery.id,) for delivery in unsent if delivery.kind == "edit"]:
        uow.run(REPLACED, waiting=edits, now=uow.now)


def withdraw_late(uow: UnitOfWork, waiting: list[Delivery]) -> None:
    if waiting:
        uow.run(NOBODY_WAITS, waiting=[(delivery.id,) for delivery in waiting], now=uow.now)
