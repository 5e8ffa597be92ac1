"""New notifications and deliveries. Those that are no card cannot change what copies of cards there are: a unit of work that has
read them need not do so again."""

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.outbox.copies import COPIES_OF
from core.outbox.tables import SAID_ONCE, deliveries, notifications
from core.statements import NewRow

_LATER = ("id", "withdrawn_at", "unreached_at")
_new_notification = (
    insert(notifications)
    .values({c.name: bindparam(c.name) for c in notifications.c if c.name not in _LATER})
    .on_conflict_do_nothing(index_elements=["dedupe_key"], index_where=text(SAID_ONCE))
)
NEW_NOTIFICATION = NewRow(_new_notification)
NEW_LINE = NewRow(_new_notification, unseen_by=[COPIES_OF])
DELIVERY_VALUES = (
    "notification_id", "kind", "channel", "account", "chat", "thread", "visible_to", "target_id", "person_id",
    "contact_method_id", "media_id", "held_for", "language", "time_zone", "state", "urgency", "attempts", "next_attempt_at",
    "created_at", "heard_at", "bundle_key", "whose",
)  # fmt: skip
_new_delivery = insert(deliveries).values({name: bindparam(name) for name in DELIVERY_VALUES})
NEW_DELIVERY = NewRow(_new_delivery)
NEW_LINE_DELIVERY = NewRow(_new_delivery, unseen_by=[COPIES_OF])
