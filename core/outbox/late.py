"""Urgent messages that nobody is known to have got within their target, although none of their ways has failed for good."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, exists, literal_column, or_, select, text

from core.outbox.notify import URGENT
from core.outbox.tables import ASKED_FOR, deliveries, notifications
from core.outbox.unreached import ALARM, MARK, report, write_down
from core.people.tables import contact_methods
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

ARRIVED = ("sent", "delivered", "read", "bundled")
LOOKS_BACK = timedelta(days=1)

_d, _n = deliveries.c, notifications.c
_arrived = deliveries.alias("arrived")
_heard_since = exists().where(
    contact_methods.c.id == _d.contact_method_id, contact_methods.c.last_inbound_at >= _d.created_at
)
LATE = Statement(
    select(_n.id)
    .join(deliveries, _d.notification_id == _n.id)
    .where(
        _d.urgency == literal_column(str(URGENT)),
        or_(*(_d.state == literally(state) for state in ("pending", "uncertain", "failed"))),  # as its index says it
        text(f"deliveries.{ASKED_FOR}"),
        _d.created_at <= bindparam("before"),
        _d.created_at > bindparam("since"),
        _d.kind == literally("message"),
        _d.person_id.is_not(None),
        ~and_(_d.state == literally("uncertain"), _heard_since),
        _n.created_at <= bindparam("before"),
        _n.subject_kind.is_not(None),
        _n.template != literally(ALARM),
        _n.unreached_at.is_(None),
        _n.withdrawn_at.is_(None),
        ~exists().where(
            _arrived.c.notification_id == _n.id,
            _arrived.c.kind == literally("message"),
            _arrived.c.state.in_([literally(state) for state in ARRIVED]),
        ),
    )
    .distinct()
    .order_by(_n.id)
    .limit(bindparam("limit"))
)


def list_late(reader: Reader, before: datetime, limit: int) -> list[int]:
    """Urgent notifications to people queued by then (and at most a day earlier) that nobody is known to have got, oldest first."""
    return [row.id for row in reader.all(LATE, before=before, since=before - LOOKS_BACK, limit=limit)]


def late(uow: UnitOfWork, notification_ids: Iterable[int]) -> int:
    """These have not arrived within their target; returns how many of them reached nobody at all."""
    unheard = []
    for notification_id in notification_ids:
        lost = uow.first(MARK, id_=notification_id, now=uow.now)
        tries = write_down(uow, lost) if lost else []
        if lost and not any(one.state in ARRIVED for one in tries):
            unheard.append((lost, tries))
    report(uow, unheard)
    return len(unheard)
