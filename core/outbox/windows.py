"""Where free text is taken only soon after the other side wrote: what left as a notice follows in full as soon as they write.

A notice is the approved template of channels/whatsapp/templates.py: one line, and a button that asks for the rest.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select, text, update

from core.conversations.tables import conversations
from core.outbox.cards import bring_up_to_date
from core.outbox.fallback import PHOTOS_OF, WITHDRAW_FOLLOWERS
from core.outbox.last_heard import customer_heard, last_heard
from core.outbox.notify import Chat, tell_again
from core.outbox.tables import ASKED_FOR, KEEPS_ITS_PLACE, Delivery, deliveries, notifications
from core.people.tables import contact_methods
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

FOLLOWED_FOR = timedelta(days=7)
MOST = 5
"""So many follow each as themselves, the others together."""
BUNDLE = "notices"

_d, _n = deliveries.c, notifications.c

UNFOLLOWED = Statement(
    select(deliveries, _n.subject_kind, _n.subject_id, _n.template, _n.is_card)
    .join(notifications, _n.id == _d.notification_id)
    .where(
        literal_column("deliveries.as_notice"),  # as the partial index has it
        _d.followed_at.is_(None),
        _d.chat == bindparam("chat"),
        _d.channel == bindparam("channel"),
        _d.account == bindparam("account"),
        _d.kind == literally("message"),
        _d.state.in_([literally("sent"), literally("delivered"), literally("read"), literally("bundled")]),
        _d.created_at > bindparam("since"),
        _n.withdrawn_at.is_(None),
    )
    .order_by(_d.id)
)
MARK = Statement(
    update(deliveries)
    .where(_d.id == bindparam("id_"), _d.followed_at.is_(None))
    .values(followed_at=bindparam("now"))
    .returning(_d.id)
)
NOT_HEARD = Statement(
    update(contact_methods)
    .where(
        contact_methods.c.channel == bindparam("channel_"),
        contact_methods.c.account == bindparam("account_"),
        contact_methods.c.address == bindparam("chat"),
        contact_methods.c.last_inbound_at <= bindparam("until"),
    )
    .values(last_inbound_at=None)
)
_heard_since = select(func.max(conversations.c.last_inbound_at)).where(
    conversations.c.channel == _d.channel,
    conversations.c.account == _d.account,
    conversations.c.chat == _d.chat,
    conversations.c.last_inbound_at > bindparam("until"),
)
CLOSED = Statement(
    update(deliveries)
    .where(_d.id == bindparam("id_"), _d.heard_at <= bindparam("until"))
    .values(heard_at=_heard_since.scalar_subquery())
)
WAITS_THERE = (
    text("state = 'pending'"),
    text(ASKED_FOR),  # as its index has it
    _d.channel == bindparam("channel_"),
    _d.account == bindparam("account_"),
    _d.chat == bindparam("chat_"),
)
"""For one chat."""
HEARD = Statement(
    update(deliveries)
    .where(
        *WAITS_THERE,
        _d.contact_method_id.is_(None),
        _d.kind == literally("message"),
    )
    .values(heard_at=bindparam("at"))
)
LET_GO = Statement(
    update(deliveries)
    .where(
        text(
            KEEPS_ITS_PLACE
        ),  # as the partial index has it: otherwise everything that is pending in the lane is gone through
        _d.held_for == literally("recipients"),
        _d.channel == bindparam("channel_"),
        _d.account == bindparam("account_"),
        _d.chat == bindparam("chat_"),
    )
    .values(
        next_attempt_at=bindparam("now"),
        heard_at=func.coalesce(bindparam("heard_at", type_=_d.heard_at.type), _d.heard_at),
    )
)
_here = (_d.chat == bindparam("chat"), _d.channel == bindparam("channel"), _d.account == bindparam("account"))
WAITS = Statement(
    select(
        select(literal_column("1"))
        .where(text(KEEPS_ITS_PLACE), _d.held_for == literally("recipients"), *_here)
        .exists(),
        select(literal_column("1"))
        .where(literal_column("deliveries.as_notice"), _d.followed_at.is_(None), *_here)
        .exists(),
    ),
    lambda held, noticed: (bool(held), bool(noticed)),
)


def what_waits(reader: Reader, channel: str, account: str, chat: str) -> tuple[bool, bool]:
    """Whether there is anything to let go, and anything that left as a notice: as a rule there is neither."""
    return reader.one(WAITS, channel=channel, account=account, chat=chat)


def let_go(uow: UnitOfWork, channel: str, account: str, chat: str, heard_at: datetime | None) -> int:
    """Who waits for a place among those we may begin to write to in a day need not any more; `heard_at`: they have written."""
    return uow.run(
        LET_GO, channel_=channel, account_=account, chat_=chat, now=uow.now, heard_at=heard_at
    )  # fmt: skip


def list_unfollowed(reader: Reader, channel: str, account: str, chat: str, now: datetime) -> list[Any]:
    """Rows of deliveries that left as notices and are still of interest, with subject, template and is_card; oldest first."""
    return reader.all(UNFOLLOWED, channel=channel, account=account, chat=chat, since=now - FOLLOWED_FOR)


def follow(uow: UnitOfWork, noticed: list[Any], answered: Collection[int] = ()) -> int:
    """The other side has written: queue the full texts, oldest first; returns how many. Of several cards of one thing only the
    newest is sent. `answered`: ids of those whose full text is the answer to what was written."""
    newest = {_thing(row): row.id for row in noticed if row.is_card}
    followed = [row for row in noticed if _mark(uow, row)]
    wanted = [row for row in followed if row.id not in answered and newest.get(_thing(row), row.id) == row.id]
    alone = [row.id for row in wanted if row.carried_by is None][:MOST]
    for row in wanted:
        urgency = min(one.urgency for one in wanted)  # the same for all keeps them in order
        _send_full(uow, row, urgency, None if row.id in alone else BUNDLE)
    return len(wanted)


def _thing(row: Any) -> tuple[Any, ...]:
    return (row.subject_kind, row.subject_id, row.template) if row.is_card else (row.id,)


def _mark(uow: UnitOfWork, row: Any) -> bool:
    """False when another message of theirs did it at the same time. What has not left for the notice is part of the full text."""
    if uow.first(MARK, id_=row.id, now=uow.now) is None:
        return False
    uow.run(WITHDRAW_FOLLOWERS, id_=row.id, now=uow.now)
    return True


def _send_full(uow: UnitOfWork, row: Any, urgency: int, bundle_key: str | None) -> None:
    bring_up_to_date(uow, row.id, row.notification_id)
    photos = [photo.media_id for photo in uow.all(PHOTOS_OF, id=row.id)] if bundle_key is None else []
    chat = Chat(
        row.channel,
        row.account,
        row.chat,
        language=row.language,
        time_zone=row.time_zone,
        heard_at=uow.now,
        contact_method_id=row.contact_method_id,
        client_id=row.whose,
    )
    tell_again(uow, chat, row.notification_id, urgency, person_id=row.person_id, photos=photos, bundle_key=bundle_key)


def heard(uow: UnitOfWork, channel: str, account: str, chat: str) -> int:
    """Where no contact method says when they last wrote: what waits there knows that they have; returns how many those are."""
    return _heard(uow, channel, account, chat, uow.now)


def _heard(uow: UnitOfWork, channel: str, account: str, chat: str, at: datetime) -> int:
    return uow.run(HEARD, channel_=channel, account_=account, chat_=chat, at=at)


def heard_meanwhile(uow: UnitOfWork, delivery: Delivery) -> None:
    """It is tried again, and a customer who wrote while it was on its way found nothing that waited."""
    if delivery.person_id is not None:
        return
    last = customer_heard(uow, delivery.channel, delivery.account, delivery.chat)
    if last and last > max(delivery.created_at, delivery.heard_at or delivery.created_at):
        _heard(uow, delivery.channel, delivery.account, delivery.chat, last)


def left_as_notice(uow: UnitOfWork, delivery: Delivery) -> None:
    """Somebody who wrote while the notice was on its way opened the window before there was anything to follow."""
    to = {"channel": delivery.channel, "account": delivery.account, "chat": delivery.chat}
    last = last_heard(uow, **to)
    if last and (delivery.heard_at is None or last > delivery.heard_at):
        follow(uow, list_unfollowed(uow, **to, now=uow.now))


def close_window(uow: UnitOfWork, delivery_id: int, to: Any, until: datetime) -> None:
    """The platform says that it is closed, whatever we believed; `until`: what was heard later counts."""
    uow.run(CLOSED, id_=delivery_id, until=until)
    uow.run(NOT_HEARD, channel_=to.channel, account_=to.account, chat=to.chat, until=until)
