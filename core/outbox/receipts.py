"""What a platform said later about a delivery: sent, delivered, read, failed, in any order and any number of times."""

from datetime import datetime

from sqlalchemy import bindparam, case, func, insert, select, update

from core.outbox.choosing import distrust
from core.outbox.fallback import fall_back
from core.outbox.tables import deliveries, receipts
from core.outbox.uncertain import hold_back_repeats
from core.outbox.windows import send_as_notice
from core.statements import Statement
from core.unit_of_work import UnitOfWork

FIND = Statement(
    select(
        deliveries.c.id,
        deliveries.c.notification_id,
        deliveries.c.channel,
        deliveries.c.account,
        deliveries.c.chat,
        deliveries.c.followed_at,
    ).where(
        (deliveries.c.id == bindparam("delivery_id"))
        | ((deliveries.c.channel == bindparam("channel")) & (deliveries.c.external_id == bindparam("external_id")))
    )
)
NEW_RECEIPT = Statement(insert(receipts).values({c.name: bindparam(c.name) for c in receipts.c if c.name != "id"}))
_RANK = {"sending": 0, "uncertain": 0, "sent": 1, "failed": 2, "delivered": 3, "read": 4}
PROGRESS = Statement(
    update(deliveries)
    .where(
        deliveries.c.id == bindparam("id_"),
        case(_RANK, value=deliveries.c.state, else_=9) < bindparam("rank"),
    )
    .values(
        state=bindparam("state"),
        lease_until=None,
        external_id=func.coalesce(
            deliveries.c.external_id, bindparam("external_id", type_=deliveries.c.external_id.type)
        ),
        error_code=bindparam("code"),
        error=bindparam("reason"),
        settled_at=bindparam("now"),
    )
)


def take_receipt(  # noqa: PLR0913 - what a platform tells
    uow: UnitOfWork,
    channel: str,
    external_id: str,
    state: str,
    at: datetime,
    *,
    delivery_id: int | None = None,
    code: str | None = None,
    reason: str | None = None,
    unreachable: bool = False,
    window_closed: bool = False,
) -> int | None:
    """A later word never undoes a better one: read stays read. Returns the notification's id, None when the message is not ours.
    What failed late goes the person's next way; `unreachable`: nobody can be reached at that address; `window_closed`: only a
    notice can."""
    found = uow.first(FIND, delivery_id=delivery_id, channel=channel, external_id=external_id)
    if found is None:
        return None
    uow.run(NEW_RECEIPT, delivery_id=found.id, state=state, at=at, code=code, reason=reason)
    changed = uow.run(
        PROGRESS,
        id_=found.id,
        rank=_RANK[state],
        state=state,
        external_id=external_id,
        code=code,
        reason=reason,
        now=uow.now,
    )
    if unreachable:
        distrust(uow, found.channel, found.account, found.chat, reason, at)
    if changed and state == "failed":
        if not (window_closed and send_as_notice(uow, found.id, at)):
            fall_back(uow, found.id, code, reason)
    elif changed and found.followed_at:
        hold_back_repeats(uow, found.id)
    return int(found.notification_id)
