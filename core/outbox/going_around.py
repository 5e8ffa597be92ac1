"""Urgent messages do not wait for a lane that is known not to work: they go by the person's next contact method, where one of
another lane is left. What can wait does, and so finds out when the lane works again."""

from sqlalchemy import bindparam, exists, func, literal_column, select, update

from core.outbox.choosing import IN_TROUBLE, ON_LANE
from core.outbox.fallback import fall_back
from core.outbox.tables import URGENT, deliveries, lanes, notifications
from core.people.tables import contact_methods
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

CODE = "lane"
_d, _n, _other = deliveries.c, notifications.c, deliveries.alias("other")
_tried = (
    exists()
    .where(
        _other.c.notification_id == _d.notification_id,
        _other.c.channel == contact_methods.c.channel,
        _other.c.account == contact_methods.c.account,
        _other.c.chat == contact_methods.c.address,
    )
    .correlate(deliveries, contact_methods)
)
_another_way = exists().where(
    contact_methods.c.person_id == _d.person_id,
    contact_methods.c.verified_at.is_not(None),
    contact_methods.c.unreachable_since.is_(None),
    ~exists().where(ON_LANE, IN_TROUBLE),
    ~_tried,
)
TROUBLED = Statement(
    select(lanes.c.name, func.coalesce(lanes.c.broken_reason, lanes.c.paused_reason, "").label("reason")).where(
        IN_TROUBLE
    )
)
WAITING = Statement(
    select(_d.id)
    .select_from(deliveries.join(notifications, _n.id == _d.notification_id))
    .where(
        _d.state == literally("pending"),
        _d.channel == bindparam("channel"),
        _d.account == bindparam("account"),
        _d.urgency == literal_column(str(URGENT)),
        _d.kind == literally("message"),
        _d.contact_method_id.is_not(None),
        _n.withdrawn_at.is_(None),
        _another_way,
    )
    .order_by(_d.id)
    .limit(bindparam("limit"))
)
GIVE_UP = Statement(
    update(deliveries)
    .where(_d.id == bindparam("id_"), _d.state == literally("pending"))
    .values(state="failed", error_code=CODE, error=bindparam("reason"), settled_at=bindparam("now"))
    .returning(_d.id)
)


def list_stranded(reader: Reader, limit: int) -> list[tuple[int, str]]:
    """(delivery, why its lane does not work), so many of each lane, oldest first."""
    found = []
    for lane in reader.all(TROUBLED):
        channel, _, account = lane.name.partition(":")
        waiting = reader.all(WAITING, channel=channel, account=account, limit=limit)
        found += [(row.id, lane.reason) for row in waiting]
    return found


def go_around(uow: UnitOfWork, stranded: list[tuple[int, str]]) -> int:
    """How many go another way; those that have left meanwhile do not."""
    return sum(_go(uow, delivery_id, f"The channel does not work: {reason}") for delivery_id, reason in stranded)


def _go(uow: UnitOfWork, delivery_id: int, reason: str) -> bool:
    if uow.first(GIVE_UP, id_=delivery_id, reason=reason, now=uow.now) is None:
        return False
    fall_back(uow, delivery_id, CODE, reason)
    return True
