"""Messages nobody knows to have arrived: which of them are sent once more by themselves, and how any is sent again.

What was sent again stays as it is, marked as followed; the new delivery of the same notification says that it may be a repeat.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, false, func, insert, literal_column, or_, select, update

from core.outbox.cards import bring_up_to_date
from core.outbox.elsewhere import SAID_ELSEWHERE
from core.outbox.last_heard import customer_heard
from core.outbox.tables import deliveries, notifications
from core.people.tables import contact_methods
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

PAUSES = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
"""How long each repeat of a message waits; there are no more than these."""

_d, _n = deliveries.c, notifications.c
_other = deliveries.alias("other")
_SAME = (
    _other.c.notification_id == _d.notification_id,
    _other.c.kind == _d.kind,
    _other.c.channel == _d.channel,
    _other.c.account == _d.account,
    func.coalesce(_other.c.media_id, 0) == func.coalesce(_d.media_id, 0),
    # a changed card is one notification for all its copies; everything else has one recipient on a channel
    (_d.kind != literally("edit")) | (_other.c.target_id == _d.target_id),
)
_repeats = (
    select(func.count()).select_from(_other).where(*_SAME, _other.c.is_repeat).correlate(deliveries).scalar_subquery()
)

_uncertain = (
    select(_d.id)
    .join(notifications, _n.id == _d.notification_id)
    .where(
        _d.state == literally("uncertain"),
        _d.followed_at.is_(None),
        _d.channel == bindparam("channel"),
        _d.settled_at <= bindparam("before"),
        _n.withdrawn_at.is_(None),
        _repeats < literal_column(str(len(PAUSES))),
    )
    .order_by(_d.settled_at)
    .limit(bindparam("limit"))
)
DUE = Statement(_uncertain.where(_d.urgency == literal_column("0")))
DUE_OF_ANY_URGENCY = Statement(_uncertain)
REPEATS = Statement(select(_repeats.label("n")).where(_d.id == bindparam("id")))
FOLLOW = Statement(
    update(deliveries)
    .where(
        _d.id == bindparam("id_"),
        _d.state.in_([literally("failed"), literally("uncertain")]),
        _d.followed_at.is_(None),
        ~SAID_ELSEWHERE,
    )
    .values(followed_at=bindparam("now"))
    .returning(
        *(
            _d[name]
            for name in (
                "id",
                "kind",
                "target_id",
                "notification_id",
                "channel",
                "account",
                "chat",
                "contact_method_id",
            )
        )
    )
)
_decided = select(_other.c.notification_id).where(_other.c.id == bindparam("id_")).scalar_subquery()
DECIDE = Statement(update(deliveries).where(_d.notification_id == _decided).values(state=_d.state))
"""Changes nothing."""
NEWER = Statement(
    select(_d.id)
    .where(
        _d.kind == literally("edit"),
        _d.target_id == bindparam("target_id"),
        _d.id > bindparam("id"),
        _d.state.not_in([literally("failed"), literally("withdrawn")]),
    )
    .limit(1)
)
_ADDRESS = select(contact_methods.c.address).where(contact_methods.c.id == _d.contact_method_id).scalar_subquery()
_COPIED = (
    "notification_id", "kind", "channel", "account", "thread", "visible_to", "target_id", "person_id", "contact_method_id",
    "media_id", "language", "time_zone", "urgency", "whose",
)  # fmt: skip
_NEW: dict[str, Any] = {name: _d[name] for name in _COPIED} | {
    "chat": func.coalesce(_ADDRESS, _d.chat),  # it may have been corrected since
    "heard_at": func.coalesce(bindparam("heard_at", type_=_d.heard_at.type), _d.heard_at),
    "is_repeat": or_(_d.is_repeat, _d.state == literally("uncertain")),
    "as_notice": false(),
    "state": literally("pending"),
    "attempts": bindparam("tried", type_=_d.attempts.type),
    "next_attempt_at": bindparam("at", type_=_d.next_attempt_at.type),
    "created_at": bindparam("now", type_=_d.created_at.type),
}
AGAIN = Statement(
    insert(deliveries)
    .from_select(list(_NEW), select(*_NEW.values()).where(_d.id == bindparam("id_")))
    .returning(_d.id, _d.channel)
)
CARRY = Statement(
    update(deliveries)
    .where(_d.carried_by == bindparam("old"), _d.id != bindparam("old"), _d.state == literally("bundled"))
    .values(carried_by=bindparam("new"))
)
BUNDLE = Statement(update(deliveries).where(_d.id == bindparam("id_")).values(carried_by=bindparam("id_")))
ARRIVED = Statement(
    update(deliveries)
    .where(_d.id == bindparam("id_"), _d.state == literally("uncertain"))
    .values(state="sent", error_code=None, error=None, settled_at=bindparam("now"))
    .returning(_d.id)
)
_first = deliveries.alias("first")
NO_REPEAT = Statement(
    update(deliveries)
    .where(
        _d.state == literally("pending"),
        _d.id.in_(
            select(_other.c.id)
            .join(_first, _first.c.notification_id == _other.c.notification_id)
            .where(
                _first.c.id == bindparam("id_"),
                _other.c.is_repeat | ~_first.c.as_notice,  # the full text follows the notice that arrived
                _other.c.kind == _first.c.kind,
                func.coalesce(_other.c.media_id, 0) == func.coalesce(_first.c.media_id, 0),
                (_first.c.kind != literally("edit")) | (_other.c.target_id == _first.c.target_id),
            )
        ),
    )
    .values(state="withdrawn", settled_at=bindparam("now"))
)


def list_to_repeat(
    reader: Reader, channel: str, before: datetime, limit: int, *, everything: bool = False
) -> list[int]:
    """Urgent ones (or `everything`) that have been uncertain since then at least, the longest first; none that was repeated often
    enough or that nobody needs to hear any more."""
    due = DUE_OF_ANY_URGENCY if everything else DUE
    return [row.id for row in reader.all(due, channel=channel, before=before, limit=limit)]


def decide(uow: UnitOfWork, delivery_id: int) -> None:
    """Whoever decides at the same moment about it, or about another that says the same, waits until this is committed, and then
    reads what became of it."""
    uow.run(DECIDE, id_=delivery_id)


def send_again(uow: UnitOfWork, delivery_id: int, pause: timedelta = timedelta(0), tried: int = 0) -> int | None:
    """A new delivery of the same notification, in its newest state; returns its id. `tried`: so many tries of it count. None when
    there is nothing to send: it is in another state, was sent again already, goes another way, or is a change that a newer one has
    replaced."""
    old = uow.first(FOLLOW, id_=delivery_id, now=uow.now)
    if old is None:
        return None
    if old.kind == "edit" and uow.first(NEWER, target_id=old.target_id, id=old.id):
        return None
    if old.kind == "message":
        bring_up_to_date(uow, old.id, old.notification_id)
    heard_at = customer_heard(uow, old.channel, old.account, old.chat) if old.contact_method_id is None else None
    new = uow.one(AGAIN, id_=old.id, at=uow.now + pause, now=uow.now, tried=tried, heard_at=heard_at)
    if uow.run(CARRY, old=old.id, new=new.id):
        uow.run(BUNDLE, id_=new.id)  # it says what the old one said for others
    uow.announce(f"lane:{new.channel}")
    return int(new.id)


def pause_before(reader: Reader, delivery_id: int) -> timedelta | None:
    """How long its next repeat waits; None: there were enough."""
    repeats = reader.one(REPEATS, id=delivery_id).n
    return PAUSES[repeats] if repeats < len(PAUSES) else None


def arrived(uow: UnitOfWork, delivery_id: int) -> bool:
    """Somebody knows that it did: uncertain -> sent, and its repeat stays here. False in any other state."""
    if uow.first(ARRIVED, id_=delivery_id, now=uow.now) is None:
        return False
    hold_back_repeats(uow, delivery_id)
    return True


def hold_back_repeats(uow: UnitOfWork, delivery_id: int) -> int:
    """What was to say once more what turned out to have arrived, as far as it has not left; returns how many."""
    return uow.run(NO_REPEAT, id_=delivery_id, now=uow.now)
