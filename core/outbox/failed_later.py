"""What a platform took and reports as failed afterwards: what such a failure means at once it means then, too.

What may pass is tried again within the tries of its message, what a limit refused for a day; a free text that came too late goes
out once more as a notice. The one that failed stays as it is, marked as followed.
"""

from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy import bindparam, func, select, update

from core.outbox.retry import LIMITED_FOR, Tries, after_limit, again_at
from core.outbox.tables import deliveries, notifications
from core.outbox.uncertain import send_again
from core.outbox.windows import WAITS_THERE, close_window
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

JITTER = SystemRandom()
_d, _n = deliveries.c, notifications.c
FAILED = Statement(
    select(
        *(_d[name] for name in ("id", "kind", "channel", "account", "chat", "as_notice", "attempts")),
        *(_n[name] for name in ("most_attempts", "retry_seconds", "created_at")),
    )
    .join(notifications, _n.id == _d.notification_id)
    .where(_d.id == bindparam("id"), _n.withdrawn_at.is_(None))
)
TAKE_PHOTOS = Statement(
    update(deliveries)
    .where(_d.target_id == bindparam("old"), _d.kind == literally("photo"))
    .values(target_id=bindparam("new"))
)
LET_REST = Statement(
    update(deliveries)
    .where(*WAITS_THERE, _d.next_attempt_at < bindparam("until"))
    .values(
        next_attempt_at=bindparam("until", type_=_d.next_attempt_at.type),
        held_for=func.coalesce(_d.held_for, literally("limit")),
    )
)


def let_rest(uow: UnitOfWork, channel: str, account: str, chat: str, seconds: float) -> int:
    """What waits for the chat waits for so long; returns how many. What follows stands behind it, but for what is more urgent."""
    until = uow.now + timedelta(seconds=seconds)
    return uow.run(LET_REST, channel_=channel, account_=account, chat_=chat, until=until)


def try_again(uow: UnitOfWork, delivery_id: int, seconds: float, *, untold: bool) -> bool:
    """The same once more. `seconds`: for how long it has to wait for a limit, which is no fault of its own; 0: there is none.
    `untold`: how its last try ended was not written down yet. False: it was tried often enough, or for a day, or nobody needs to
    hear it."""
    failed = uow.first(FAILED, id=delivery_id)
    if failed is None or uow.now - failed.created_at >= LIMITED_FOR:
        return False
    tried = failed.attempts + untold
    if seconds:
        again = after_limit(failed.created_at, uow.now, seconds, JITTER)
    else:
        tries = Tries(failed.most_attempts, failed.retry_seconds) if failed.most_attempts is not None else None
        again = again_at(tried, uow.now, None, JITTER, tries)
    return again is not None and _again(uow, failed.id, again - uow.now, tried) is not None


def send_as_notice(uow: UnitOfWork, delivery_id: int, failed_at: datetime) -> bool:
    """A free text that was refused because the window is closed. False when that was a notice already."""
    failed = uow.first(FAILED, id=delivery_id)
    if failed is None or failed.as_notice:
        return False
    again = _again(uow, failed.id, timedelta(0), 0) if failed.kind == "message" else None
    close_window(uow, again or failed.id, failed, failed_at)
    return True


def _again(uow: UnitOfWork, delivery_id: int, pause: timedelta, tried: int) -> int | None:
    new = send_again(uow, delivery_id, pause, tried)
    if new is not None:
        uow.run(TAKE_PHOTOS, old=delivery_id, new=new)
    return new
