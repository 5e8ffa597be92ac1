"""Where copies of a subject's cards stand."""

from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, select

from core.audit.subject import Subject
from core.outbox.tables import deliveries, notifications
from core.statements import Reader, Statement, literally

PLACE = (
    "channel", "account", "chat", "thread", "visible_to", "person_id", "contact_method_id", "language", "time_zone", "urgency",
    "heard_at", "whose",
)  # fmt: skip
"""What a change of a copy has in common with it."""

COPIES_OF = Statement(
    select(
        *(deliveries.c[name] for name in ("id", "state", "notification_id", *PLACE)),
        notifications.c.facts,
        notifications.c.template,
    )
    .join(notifications, notifications.c.id == deliveries.c.notification_id)
    .where(
        notifications.c.subject_kind == bindparam("kind"),
        notifications.c.subject_id == bindparam("id"),
        notifications.c.is_card,
        deliveries.c.kind == literally("message"),
        deliveries.c.state.not_in([literally("failed"), literally("withdrawn")]),
        # neither a line in a bundle nor a notice that the full card has followed
        deliveries.c.carried_by.is_(None),
        deliveries.c.followed_at.is_(None),
    )
)


def list_copies(reader: Reader, subject: Subject) -> list[Any]:
    """Oldest first; sorted here, because SQLite pays more for sorting such wide rows than for finding them."""
    return sorted(reader.all(COPIES_OF, kind=subject.kind, id=subject.id), key=attrgetter("id"))
