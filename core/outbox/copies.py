"""Where copies of a subject's cards stand."""

from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, select

from core.audit.subject import Subject
from core.outbox.tables import deliveries, notifications
from core.statements import Reader, Statement, literally

_d, _n = deliveries.c, notifications.c
IS_COPY = (
    _n.subject_kind == bindparam("kind"),
    _n.subject_id == bindparam("id"),
    _n.is_card,
    _d.kind == literally("message"),
    _d.state.not_in([literally("failed"), literally("withdrawn")]),
    # neither a line in a bundle nor a notice that the full card has followed
    _d.carried_by.is_(None),
    _d.followed_at.is_(None),
)
COPIES_OF = Statement(
    select(
        _d.id, _d.state, _d.notification_id, _d.channel, _d.account, _d.chat, _d.person_id, _d.language, _d.time_zone, _d.urgency,
        _n.template,
    )
    .join(notifications, _n.id == _d.notification_id)
    .where(*IS_COPY)
)  # fmt: skip


def list_copies(reader: Reader, subject: Subject) -> list[Any]:
    """Oldest first; sorted here, because SQLite pays more for sorting such wide rows than for finding them."""
    return sorted(reader.all(COPIES_OF, kind=subject.kind, id=subject.id), key=attrgetter("id"))
