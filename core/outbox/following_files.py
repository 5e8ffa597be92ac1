"""Files that are added to what was said already: they follow its message as the others do, behind them."""

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select

from core.outbox.cards import REPLACE_FACTS
from core.outbox.new_rows import DELIVERY_VALUES, NEW_DELIVERY
from core.outbox.tables import deliveries, notifications
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

_d = deliveries.c
MESSAGE_OF = Statement(
    select(_d.id, *(_d[name] for name in DELIVERY_VALUES), notifications.c.facts)
    .join(notifications, notifications.c.id == _d.notification_id)
    .where(_d.notification_id == bindparam("notification_id"), _d.kind == literally("message"))
    .order_by(_d.id.desc())
    .limit(1)
)


def add_files(uow: UnitOfWork, notification_id: int, photos: Sequence[int], names: Mapping[str, str]) -> None:
    """`names`: by media id as text."""
    first = uow.one(MESSAGE_OF, notification_id=notification_id)
    known = first.facts | {"file_names": {**first.facts.get("file_names", {}), **names}}
    uow.run(REPLACE_FACTS, id_=notification_id, facts=known)
    row = {name: getattr(first, name) for name in DELIVERY_VALUES}
    row |= {"kind": "photo", "target_id": first.id, "state": "pending", "attempts": 0, "created_at": uow.now}
    row |= {"next_attempt_at": max(first.next_attempt_at, uow.now), "held_for": None, "bundle_key": None}
    for media_id in photos:
        uow.insert(NEW_DELIVERY, **row | {"media_id": media_id})
    uow.announce(f"lane:{first.channel}")
