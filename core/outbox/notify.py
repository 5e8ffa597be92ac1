"""The one way out: write down who is to be told what. Nothing here knows a platform or renders a word."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from core.audit.subject import Subject
from core.calendars.queries import spread_of, times_of
from core.calendars.reachable import ANY_TIME, leaves_at
from core.outbox.bundling import HELD, join_window
from core.outbox.changes import Digest, replace_unsent
from core.outbox.choosing import list_ways
from core.outbox.new_rows import NEW_DELIVERY, NEW_LINE, NEW_LINE_DELIVERY, NEW_NOTIFICATION
from core.outbox.retry import Tries
from core.outbox.tables import LOW, NORMAL, URGENT, deliveries, notifications
from core.people.queries import BOARD_OF, PERSON_BY_CODE, ZONE_OF, get_person, get_unit, list_holders
from core.people.tables import ContactMethod, Person
from core.quick import quick
from core.statements import NewRow, Statement, literally
from core.unit_of_work import UnitOfWork

__all__ = ["LOW", "NORMAL", "URGENT"]

WITHDRAW = Statement(
    update(deliveries)
    .where(
        deliveries.c.state == literally("pending"),
        deliveries.c.notification_id.in_(
            select(notifications.c.id).where(
                notifications.c.subject_kind == bindparam("kind"),
                notifications.c.subject_id == bindparam("id_"),
                notifications.c.template == bindparam("template"),
            )
        ),
    )
    .values(state="withdrawn", settled_at=bindparam("now"))
)
NO_MORE = Statement(
    update(notifications)
    .where(
        notifications.c.subject_kind == bindparam("kind"),
        notifications.c.subject_id == bindparam("id_"),
        notifications.c.template == bindparam("template_"),
        notifications.c.withdrawn_at.is_(None),
    )
    .values(withdrawn_at=bindparam("now"))
)


_UPDATES_OF = select(notifications.c.id).where(
    notifications.c.subject_kind == bindparam("kind"),
    notifications.c.subject_id == bindparam("id_"),
    notifications.c.digest_key.is_not(None),
    notifications.c.urgency != URGENT,
)
DROP_UPDATES = Statement(
    update(deliveries)
    .where(
        deliveries.c.state == literally("pending"),
        deliveries.c.bundle_key.is_not(None),
        deliveries.c.notification_id.in_(_UPDATES_OF),
    )
    .values(state="withdrawn", settled_at=bindparam("now"))
)
NO_MORE_UPDATES = Statement(
    update(notifications)
    .where(notifications.c.id.in_(_UPDATES_OF), notifications.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("now"))
)


@quick
@dataclass(frozen=True, slots=True)
class Chat:
    """An address as such: a customer's conversation, a board, or wherever a message came from. `quiet_until`: what can wait for it
    leaves then. `client_id`: whose, where that is known."""

    channel: str
    account: str
    chat: str
    thread: str | None = None
    visible_to: str | None = None
    language: str = "en"
    time_zone: str = "UTC"
    heard_at: datetime | None = None  # when they last wrote here: some platforms allow free text only soon after
    contact_method_id: int | None = None
    quiet_until: datetime | None = None
    client_id: int | None = None


@quick
@dataclass(frozen=True, slots=True)
class Notification:
    """What is to be said. `template` names a file under templates/messages (`ticket.card`); `facts` is the snapshot it is
    rendered from when it leaves. With `dedupe_key` the same thing is said at most once, ever; several with one
    `digest_key` for one person may become one message. `photos`: media ids that follow the text. `hastens`: the
    purpose of the climb that waits for this person; when they cannot be reached, its next step is due at once. `digest`: what it
    covers, for the next one of its kind (core/outbox/changes.py). `not_before`: it leaves then at the earliest. `tries`: another
    patience than the usual where a platform fails for a while."""

    template: str
    facts: dict[str, Any]
    subject: Subject | None = None
    urgency: int = NORMAL
    card: bool = False
    dedupe_key: str | None = None
    digest_key: str | None = None
    photos: tuple[int, ...] = ()
    hastens: str | None = None
    digest: Digest | None = None
    not_before: datetime | None = None
    tries: Tries | None = None


def tell_person(uow: UnitOfWork, person_id: int, notification: Notification) -> int | None:
    """Queue it to the person's best contact method; returns the delivery's id, None when already said or unreachable. What is not
    urgent waits for the end of their quiet hours."""
    ways = list_ways(uow, person_id)
    if not ways:
        return None
    if notification.dedupe_key:
        notification = replace(notification, dedupe_key=f"{notification.dedupe_key}:{person_id}")
    return tell_chat(uow, chat_of(uow, get_person(uow, person_id), ways[0]), notification, person_id=person_id)


def chat_of(uow: UnitOfWork, person: Person, way: ContactMethod) -> Chat:
    zone = zone_of(uow, person)
    return Chat(
        way.channel,
        way.account,
        way.address,
        language=person.language,
        time_zone=zone,
        contact_method_id=way.id,
        quiet_until=_quiet_until(uow, person, zone),
        client_id=person.client_id,
    )


def _quiet_until(uow: UnitOfWork, person: Person, zone: str) -> datetime | None:
    times = times_of(uow, person, zone)
    return None if times == ANY_TIME else leaves_at(times, uow.now, person.id, spread_of(uow))


def tell_persons(uow: UnitOfWork, people: Iterable[Person], notification: Notification) -> list[int]:
    told = [tell_person(uow, person.id, notification) for person in people]
    return [delivery for delivery in told if delivery is not None]


def tell_role(uow: UnitOfWork, unit_id: int, role: str, notification: Notification) -> list[int]:
    """To the nearest holders of the role up the management chain."""
    return tell_persons(uow, list_holders(uow, unit_id, role, uow.now.date()), notification)


def tell_named(uow: UnitOfWork, client_id: int, code: str, notification: Notification) -> bool:
    """Somebody by their code. False when they cannot be told, or do not work there any more."""
    person = uow.first(PERSON_BY_CODE, client_id=client_id, code=code.strip().lower())
    return person is not None and person.status != "inactive" and bool(tell_person(uow, person.id, notification))


def tell_board(uow: UnitOfWork, unit_id: int, team: str, notification: Notification) -> int | None:
    """To the group chat of the unit's team (or of the unit above that has one); None when there is no board."""
    board = uow.first(BOARD_OF, unit_id=unit_id, team=team)
    if board is None:
        return None
    unit = get_unit(uow, unit_id)
    chat = Chat(board.channel, board.account, board.chat, time_zone=unit.time_zone, client_id=unit.client_id)
    return tell_chat(uow, chat, notification)


def tell_chat(
    uow: UnitOfWork, chat: Chat, notification: Notification, *, person_id: int | None = None, below: int | None = None
) -> int | None:
    """`below`: the delivery whose message this one answers (a thread in Slack, a quote elsewhere)."""
    notification_id = write(uow, notification, person_id)
    if notification_id is None:
        return None
    if notification.digest and person_id is not None:
        replace_unsent(uow, person_id, notification.digest.kind, notification_id)
    row = _delivery(chat, notification_id, notification.urgency, uow, person_id)
    row["target_id"] = below
    row["whose"] = row["whose"] or (notification.subject and notification.subject.client_id) or 0
    if notification.not_before:
        row["next_attempt_at"] = max(row["next_attempt_at"], notification.not_before)
    if notification.digest_key and notification.urgency != URGENT and person_id is not None:
        row = join_window(uow, row, notification.digest_key)
    new = NEW_DELIVERY if notification.card else NEW_LINE_DELIVERY
    return _queue(uow, row, notification.photos, new)


def tell_again(
    uow: UnitOfWork,
    chat: Chat,
    notification_id: int,
    urgency: int,
    *,
    person_id: int | None,
    photos: Iterable[int],
    bundle_key: str | None = None,
) -> int:
    """The same notification to another chat of the person; returns the delivery's id. What was to leave as one message does
    so there, too."""
    row = _delivery(chat, notification_id, urgency, uow, person_id)
    if bundle_key:
        row |= {"bundle_key": bundle_key, "held_for": row["held_for"] or HELD}
    return _queue(uow, row, photos)


def _queue(uow: UnitOfWork, row: dict[str, Any], photos: Iterable[int], new: NewRow = NEW_DELIVERY) -> int:
    first = uow.insert(new, **row)
    assert first is not None
    for media_id in photos:
        uow.insert(NEW_DELIVERY, **row | {"kind": "photo", "media_id": media_id, "target_id": first})
    uow.announce(f"lane:{row['channel']}")
    return first


def withdraw(uow: UnitOfWork, subject: Subject, template: str) -> int:
    """Take back what has not left yet, in the same commit as the act that made it pointless; returns how many. What fails later
    goes no other way either."""
    if not uow.run(NO_MORE, kind=subject.kind, id_=subject.id, template_=template, now=uow.now):
        return 0
    uow.announce(withdrawn_topic(subject.kind, subject.id, template, uow.now))
    return uow.run(WITHDRAW, kind=subject.kind, id_=subject.id, template=template, now=uow.now)


WITHDRAWN = "withdrawn"


def withdrawn_topic(kind: str, subject_id: int, template: str, at: datetime) -> str:
    """Tells a dispatcher of this process what it may already have in hand."""
    return f"{WITHDRAWN} {at.isoformat()} {kind} {subject_id} {template}"


def drop_updates(uow: UnitOfWork, subject: Subject) -> int:
    """The thing is done: what was still collected about it need not be said any more; returns how many. What is said about its end
    is queued afterwards."""
    uow.run(NO_MORE_UPDATES, kind=subject.kind, id_=subject.id, now=uow.now)
    return uow.run(DROP_UPDATES, kind=subject.kind, id_=subject.id, now=uow.now)


def zone_of(uow: UnitOfWork, person: Person) -> str:
    """Their own, else that of the unit where they work."""
    return person.time_zone or str(uow.one(ZONE_OF, person_id=person.id).time_zone)


def write(uow: UnitOfWork, notification: Notification, person_id: int | None = None) -> int | None:
    """The notification's id; None when its dedupe key was used before. `person_id`: whom a digest is for."""
    subject, digest = notification.subject, notification.digest
    return uow.insert(
        NEW_NOTIFICATION if notification.card else NEW_LINE,
        client_id=subject.client_id if subject else None,
        template=notification.template,
        facts=notification.facts,
        subject_kind=subject.kind if subject else None,
        subject_id=subject.id if subject else None,
        urgency=notification.urgency,
        is_card=notification.card,
        dedupe_key=notification.dedupe_key,
        digest_key=notification.digest_key,
        hastens=notification.hastens,
        person_id=person_id if digest else None,
        digest_kind=digest.kind if digest else None,
        contents=dict(digest.contents) if digest else None,
        most_attempts=notification.tries.most if notification.tries else None,
        retry_seconds=notification.tries.every_seconds if notification.tries else None,
        created_at=uow.now,
    )


def _delivery(chat: Chat, notification_id: int, urgency: int, uow: UnitOfWork, person_id: int | None) -> dict[str, Any]:
    held = chat.quiet_until if urgency != URGENT else None
    return {
        "notification_id": notification_id,
        "kind": "message",
        "channel": chat.channel,
        "account": chat.account,
        "chat": chat.chat,
        "thread": chat.thread,
        "visible_to": chat.visible_to,
        "target_id": None,
        "person_id": person_id,
        "contact_method_id": chat.contact_method_id,
        "media_id": None,
        "held_for": "quiet" if held else None,
        "language": chat.language,
        "time_zone": chat.time_zone,
        "state": "pending",
        "urgency": urgency,
        "attempts": 0,
        "next_attempt_at": held or uow.now,
        "created_at": uow.now,
        "heard_at": chat.heard_at,
        "bundle_key": None,
        "whose": chat.client_id or uow.actor.client_id or 0,
    }
