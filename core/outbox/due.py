"""What of a lane may leave now, in its order: of one client and one urgency at a time (core/outbox/fairness.py)."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, literal_column, or_, select, text, tuple_, update

from core.outbox.tables import ASKED_FOR, HOLDING, LOW, NORMAL, URGENT, deliveries
from core.statements import Statement, literally

_target = deliveries.alias("target")
_before = deliveries.alias("before")
KEEPS_ITS_PLACE = or_(
    *(_before.c.held_for == literally(held) for held in HOLDING), _before.c.attempts > literal_column("0")
)
"""Whoever was let in or held before: a limit, a fault of the channel, or one of its own."""
_held_before = (
    select(_before.c.id)
    .where(
        _before.c.state == literally("pending"),
        _before.c.channel == deliveries.c.channel,
        _before.c.account == deliveries.c.account,
        _before.c.chat == deliveries.c.chat,
        KEEPS_ITS_PLACE,
        _before.c.kind != literally("edit"),  # new messages do not wait for what changes above them
        _before.c.held_for.is_distinct_from(literally("quiet")),  # by day: what is said at night goes first
        _before.c.next_attempt_at > deliveries.c.next_attempt_at,
        _before.c.urgency <= deliveries.c.urgency,
        _before.c.id < deliveries.c.id,
    )
    .correlate(deliveries)
)
FILES_IN_ORDER_FOR = timedelta(minutes=2)
"""One that cannot be fetched for longer is overtaken: better out of order than a day late."""
_waits_for_file = (
    select(_before.c.id)
    .where(
        _before.c.target_id == deliveries.c.target_id,
        _before.c.state == literally("pending"),
        _before.c.held_for == literally("photo"),
        _before.c.created_at > bindparam("lately"),
        _before.c.id < deliveries.c.id,
    )
    .correlate(deliveries)
)


def _nothing(found: Select[Any]) -> ColumnElement[bool]:
    """Asked for each row in turn. Of a NOT EXISTS PostgreSQL makes a join, and goes through the whole queue for its first rows."""
    one = found.limit(literal_column("1")).offset(
        literal_column("0")
    )  # said in full: a bound one is planned anew every time
    return one.scalar_subquery().is_(None)


_of_queue = (
    deliveries.c.state == literally("pending"),
    deliveries.c.channel == bindparam("channel"),
    deliveries.c.account == bindparam("account"),
    deliveries.c.whose == bindparam("whose"),
    deliveries.c.next_attempt_at <= bindparam("now"),
)
_due = (
    select(deliveries.c.id)
    .outerjoin(_target, _target.c.id == deliveries.c.target_id)
    .where(
        *_of_queue,
        # what answers or changes an earlier message waits until that one has an outcome
        (_target.c.id.is_(None)) | (_target.c.state.not_in([literally("pending"), literally("sending")])),
        (deliveries.c.kind != literally("photo")) | _nothing(_waits_for_file),
        _nothing(_held_before),  # a chat keeps its order: what has to wait is not overtaken, but by what is more urgent
    )
    .order_by(deliveries.c.next_attempt_at, deliveries.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=deliveries)
)


def _earlier_of(another: ColumnElement[bool]) -> Select[Any]:
    """Something of the chat that counts as another client's."""
    return (
        select(_before.c.id)
        .where(
            _before.c.state == literally("pending"),
            _before.c.channel == deliveries.c.channel,
            _before.c.account == deliveries.c.account,
            _before.c.chat == deliveries.c.chat,
            text(f"before.{ASKED_FOR}"),  # as its partial index has it
            another,
            _before.c.urgency <= deliveries.c.urgency,
            tuple_(_before.c.next_attempt_at, _before.c.id) < tuple_(deliveries.c.next_attempt_at, deliveries.c.id),
        )
        .correlate(deliveries)
    )


_due_in_turn = _due.where(
    _nothing(_earlier_of(_before.c.whose < deliveries.c.whose)),
    _nothing(_earlier_of(_before.c.whose > deliveries.c.whose)),
)
_TAKEN: dict[str, Any] = {"state": "sending", "lease_until": bindparam("lease_until"), "begun_at": None}


def _claims(due: Select[Any]) -> list[Statement[Any]]:
    """By urgency, which is written out: a bound one may be what the condition of some partial index says, and is planned anew."""
    found = [due.where(deliveries.c.urgency == literal_column(str(urgency))) for urgency in (URGENT, NORMAL, LOW)]
    ids = [deliveries.c.id.in_(one.scalar_subquery()) for one in found]
    return [Statement(update(deliveries).where(one).values(_TAKEN).returning(deliveries.c.id)) for one in ids]


CLAIM = _claims(_due)
CLAIM_IN_TURN = _claims(_due_in_turn)
