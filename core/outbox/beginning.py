"""Whom we began to write to, outside the window that their own words open: platforms count them by the day."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, literal_column, select

from core.outbox.lanes import tell_admins
from core.outbox.notify import URGENT, Notification
from core.outbox.tables import attempts, deliveries
from core.scheduling.queries import find_kept, keep
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

A_DAY = timedelta(days=1)

_last = func.max(attempts.c.at, type_=attempts.c.at.type)
BEGUN_CORE = (
    select(deliveries.c.chat, _last.label("at"))
    .join(attempts, attempts.c.delivery_id == deliveries.c.id)
    .where(
        attempts.c.at > bindparam("since"),
        attempts.c.outcome.in_([literally("sent"), literally("unknown")]),
        literal_column("deliveries.as_notice"),
        deliveries.c.channel == bindparam("channel"),
        deliveries.c.account == bindparam("account"),
    )
    .group_by(deliveries.c.chat)
)
BEGUN = Statement(BEGUN_CORE.order_by(_last))


def list_begun(reader: Reader, channel: str, account: str, since: datetime) -> list[tuple[str, datetime]]:
    """(chat, when last) of everybody who was sent a notice since then, the longest ago first."""
    return [(row.chat, row.at) for row in reader.all(BEGUN, channel=channel, account=account, since=since)]


def report_full(uow: UnitOfWork, lane: str, most: int, until: datetime) -> None:
    """The admins hear that a lane has written to as many people as it may; once, and again when that lasts for a day."""
    kept = f"recipients:{lane}"
    told_at = find_kept(uow, kept)
    if told_at and uow.now - datetime.fromisoformat(told_at) < A_DAY:
        return
    keep(uow, kept, uow.now.isoformat())
    facts = {"lane": lane, "most": most, "until": until}
    tell_admins(uow, lane.partition(":")[0], Notification("outbox.recipients_full", facts, urgency=URGENT))
