"""A reply on its way: queued with a moment to take it back, and shown to the agents as far as it has got."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, literal_column, select, update

from core.audit.record import Subject
from core.conversations.handlers import tell_customer, write_message
from core.conversations.queries import get_conversation, get_customer
from core.escalations.queries import get_escalation, subject_of
from core.escalations.reply_tables import COLUMNS, UNSETTLED, EscalationReply, escalation_replies
from core.escalations.tables import Escalation
from core.media.queries import names_of
from core.outbox.cards import refresh_cards, tell_below_cards
from core.outbox.notify import URGENT, Notification
from core.outbox.tables import deliveries
from core.scheduling.queries import find_kept, keep
from core.statements import Reader, Statement, literally
from core.unit_of_work import UnitOfWork

SAID = "conversation.said"
CARD = "escalation.reply"
ABOUT = "reply"
"""What a message is about that is one, or that shows it."""
TAKE_BACK = timedelta(seconds=5)
SETTLES = timedelta(seconds=1)
"""Sent, delivered and read often come within a second: the card changes once."""
WATCHED_FOR = timedelta(days=1)
PHOTO = "📷"
KEPT = "reply_take_back_seconds"

_r, _d = escalation_replies.c, deliveries.c
NEW = Statement(
    insert(escalation_replies)
    .values({c.name: bindparam(c.name) for c in escalation_replies.c if c.name != "id"})
    .returning(*COLUMNS),
    EscalationReply,
)
HAS_NOTIFICATION = Statement(
    update(escalation_replies)
    .where(_r.id == bindparam("id_"))
    .values(notification_id=select(_d.notification_id).where(_d.id == bindparam("delivery_id")).scalar_subquery())
    .returning(*COLUMNS),
    EscalationReply,
)
BY_ID = Statement(select(*COLUMNS).where(_r.id == bindparam("id")), EscalationReply)
BY_NOTIFICATION = Statement(select(*COLUMNS).where(_r.notification_id == bindparam("id")), EscalationReply)
LAST_OF = Statement(
    select(*COLUMNS)
    .where(_r.escalation_id == bindparam("escalation_id"), _r.person_id == bindparam("person_id"))
    .order_by(_r.id.desc())
    .limit(1),
    EscalationReply,
)
LAST_OF_PERSON = Statement(
    select(*COLUMNS).where(_r.person_id == bindparam("person_id")).order_by(_r.id.desc()).limit(1), EscalationReply
)
DUE = Statement(
    select(*COLUMNS)
    .where(literal_column(UNSETTLED), _r.leaves_at <= bindparam("now"), _r.leaves_at > bindparam("since"))
    .order_by(_r.leaves_at)
    .limit(bindparam("limit")),
    EscalationReply,
)
MOVED = Statement(
    update(escalation_replies)
    .where(_r.id == bindparam("id_"), _r.state == bindparam("seen"))
    .values(state=bindparam("state_"))
    .returning(*COLUMNS),
    EscalationReply,
)


@dataclass(frozen=True, slots=True)
class Way:
    """How far the newest message with these words has got. `reason`: what was wrong with it, or with one of its photos."""

    state: str
    at: datetime | None
    reason: str | None


DELIVERY_OF = Statement(
    select(_d.state, _d.attempts, _d.held_for, _d.as_notice, _d.followed_at, _d.settled_at, _d.error)
    .where(_d.notification_id == bindparam("id"), _d.kind == literally("message"))
    .order_by(_d.id.desc())
    .limit(1)
)
FILES_OF = Statement(
    select(func.count(func.distinct(_d.media_id)).label("n")).where(
        _d.notification_id == bindparam("id"), _d.kind == literally("photo")
    )
)
LOST_PHOTO = Statement(
    select(_d.error)
    .where(_d.notification_id == bindparam("id"), _d.kind == literally("photo"), _d.state == literally("failed"))
    .limit(1)
)


def keep_take_back(uow: UnitOfWork, time: timedelta) -> None:
    """How long a reply may be taken back; for every process that uses this database."""
    keep(uow, KEPT, time.total_seconds())


def take_back_time(reader: Reader) -> timedelta:
    kept = find_kept(reader, KEPT)
    return TAKE_BACK if kept is None else timedelta(seconds=kept)


def send_reply(
    uow: UnitOfWork, escalation: Escalation, conversation_id: int, text: str, photos: tuple[int, ...], album: str = ""
) -> EscalationReply:
    """The words are part of the conversation at once; they leave after the time to take them back."""
    conversation = get_conversation(uow, conversation_id)
    ids = [
        write_message(uow, conversation_id, "out", uow.actor.name, text if number == 0 else "", media_id=media_id)
        for number, media_id in enumerate(photos or (None,))
    ]
    leaves_at = uow.now + take_back_time(uow)
    reply = uow.one(
        NEW,
        escalation_id=escalation.id,
        person_id=uow.actor.person_id,
        author=uow.actor.name,
        text=text,
        album=album,
        first_message_id=ids[0],
        last_message_id=ids[-1],
        notification_id=None,
        state="leaving",
        said_at=uow.now,
        leaves_at=leaves_at,
    )
    facts = {"text": text or PHOTO, "file_names": names_of(uow, photos)}
    said = Notification(SAID, facts, subject_of_reply(reply, escalation), URGENT, photos=photos, not_before=leaves_at)
    delivery = tell_customer(uow, conversation, said)
    reply = uow.one(HAS_NOTIFICATION, id_=reply.id, delivery_id=delivery)
    tell_below_cards(uow, card_of_reply(uow, reply), of=subject_of(escalation))
    return reply


def subject_of_reply(reply: EscalationReply, escalation: Escalation) -> Subject:
    return Subject(ABOUT, reply.id, escalation.reference, escalation.client_id, escalation.client_id)


def card_of_reply(reader: Reader, reply: EscalationReply) -> Notification:
    escalation = get_escalation(reader, reply.escalation_id)
    facts = facts_of_reply(reader, reply, escalation)
    return Notification(CARD, facts, subject_of_reply(reply, escalation), urgency=URGENT, card=True)


def facts_of_reply(reader: Reader, reply: EscalationReply, escalation: Escalation) -> dict[str, Any]:
    way = way_of(reader, reply)
    return {
        "reference": escalation.reference,
        "customer": get_customer(reader, escalation.customer_id).name,
        "author": reply.author,
        "text": reply.text,
        "files": reader.one(FILES_OF, id=reply.notification_id).n if reply.notification_id else 0,
        "number": reply.id,
        "state": reply.state,
        "at": way.at,
        "reason": way.reason,
        "seconds": max(round((reply.leaves_at - reply.said_at).total_seconds()), 0),
    }


def way_of(reader: Reader, reply: EscalationReply) -> Way:
    found = reader.first(DELIVERY_OF, id=reply.notification_id) if reply.notification_id else None
    if found is None:
        return Way("leaving", None, None)
    lost = reader.first(LOST_PHOTO, id=reply.notification_id)
    return Way(_state(found), found.settled_at, found.error or (lost.error if lost else None))


def _state(delivery: Any) -> str:
    if delivery.as_notice and delivery.followed_at is None and delivery.state in ("sent", "delivered", "read"):
        return "noticed"
    if delivery.state in ("pending", "sending"):
        return "waiting" if delivery.attempts or delivery.held_for else "leaving"
    return "taken_back" if delivery.state == "withdrawn" else str(delivery.state)


def escalation_of_reply(reader: Reader, about: tuple[str, int]) -> tuple[str, int]:
    """What is about a reply is about its escalation; anything else is what it was."""
    reply = reader.first(BY_ID, id=about[1]) if about[0] == ABOUT else None
    return ("escalation", reply.escalation_id) if reply else about


def follow_due(uow: UnitOfWork, limit: int) -> int:
    """Replies whose moment has come: returns how many have got further."""
    due = uow.all(DUE, now=uow.now, since=uow.now - WATCHED_FOR, limit=limit)
    return sum(follow(uow, reply) for reply in due)


def follow_receipts(uow: UnitOfWork, told: Iterable[Any]) -> None:
    """The platform has said what became of these messages (rows with notification_id and subject_kind)."""
    for notification_id in dict.fromkeys(one.notification_id for one in told if one.subject_kind == ABOUT):
        follow_notification(uow, notification_id)


def follow_notification(uow: UnitOfWork, notification_id: int) -> bool:
    reply = uow.first(BY_NOTIFICATION, id=notification_id)
    return reply is not None and follow(uow, reply)


def follow(uow: UnitOfWork, reply: EscalationReply) -> bool:
    """Every copy of its card says how far it has got; False when they do already."""
    state = way_of(uow, reply).state
    moved = uow.first(MOVED, id_=reply.id, seen=reply.state, state_=state) if state != reply.state else None
    if moved is None:
        return False
    show(uow, moved)
    return True


def show(uow: UnitOfWork, reply: EscalationReply) -> None:
    escalation = get_escalation(uow, reply.escalation_id)
    facts = facts_of_reply(uow, reply, escalation)
    refresh_cards(uow, subject_of_reply(reply, escalation), facts, template=CARD, after=SETTLES)
