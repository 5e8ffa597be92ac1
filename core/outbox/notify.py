"""The one way out: write down who is to be told what. Nothing here knows a platform or renders a word."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject
from core.outbox.tables import NORMAL, URGENT, deliveries, notifications
from core.people.queries import BOARD_OF, CONTACTS_OF, get_person, get_unit, list_holders
from core.people.tables import Person
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

__all__ = ["NORMAL", "URGENT"]

NEW_NOTIFICATION = Statement(
    insert(notifications)
    .values({c.name: bindparam(c.name) for c in notifications.c if c.name != "id"})
    .on_conflict_do_nothing(index_elements=["dedupe_key"])
    .returning(notifications.c.id)
)
_DELIVERY_VALUES = (
    "notification_id", "kind", "channel", "account", "chat", "thread", "visible_to", "target_id", "person_id", "media_id",
    "language", "time_zone", "state", "urgency", "attempts", "next_attempt_at", "created_at",
    "heard_at",
)  # fmt: skip
NEW_DELIVERY = Statement(
    insert(deliveries).values({name: bindparam(name) for name in _DELIVERY_VALUES}).returning(deliveries.c.id)
)
SUPERSEDE_EDIT = Statement(
    insert(deliveries)
    .values({name: bindparam(name) for name in _DELIVERY_VALUES})
    .on_conflict_do_update(
        index_elements=["target_id"],
        index_where=(deliveries.c.kind == literally("edit")) & (deliveries.c.state == literally("pending")),
        set_={"notification_id": bindparam("notification_id")},
    )
)
REPLACE_FACTS = Statement(
    update(notifications).where(notifications.c.id == bindparam("id_")).values(facts=bindparam("facts"))
)
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
CARDS_OF = Statement(
    select(deliveries, notifications.c.facts, notifications.c.template)
    .join(notifications, notifications.c.id == deliveries.c.notification_id)
    .where(
        notifications.c.subject_kind == bindparam("kind"),
        notifications.c.subject_id == bindparam("id"),
        notifications.c.is_card,
        deliveries.c.kind == literally("message"),
        deliveries.c.state.not_in([literally("failed"), literally("withdrawn")]),
    )
)


@dataclass(frozen=True, slots=True)
class Chat:
    """An address as such: a customer's conversation, a board, or wherever a message came from."""

    channel: str
    account: str
    chat: str
    thread: str | None = None
    visible_to: str | None = None
    language: str = "en"
    time_zone: str = "UTC"
    heard_at: datetime | None = (
        None  # when the other side last wrote here: some platforms allow free text only soon after
    )


@dataclass(frozen=True, slots=True)
class Notification:
    """What is to be said. `template` names a file under templates/messages (`ticket.card`); `facts` is the snapshot it is
    rendered from when it leaves. With `dedupe_key` the same thing is said at most once, ever; several with one
    `digest_key` for one person may become one message. `below`: the delivery whose
    message this one answers (a thread in Slack, a quote elsewhere). `photos`: media ids that follow the text."""

    template: str
    facts: dict[str, Any]
    subject: Subject | None = None
    urgency: int = NORMAL
    card: bool = False
    dedupe_key: str | None = None
    digest_key: str | None = None
    below: int | None = None
    photos: tuple[int, ...] = ()


def tell_person(uow: UnitOfWork, person_id: int, notification: Notification) -> int | None:
    """Queue it to the person's best contact method; returns the delivery's id, None when already said or unreachable."""
    methods = uow.all(CONTACTS_OF, person_id=person_id)
    if not methods:
        return None
    person = get_person(uow, person_id)
    best = methods[0]
    chat = Chat(best.channel, best.account, best.address, language=person.language, time_zone=zone_of(uow, person))
    if notification.dedupe_key:
        notification = replace(notification, dedupe_key=f"{notification.dedupe_key}:{person_id}")
    return tell_chat(uow, chat, notification, person_id=person_id)


def tell_persons(uow: UnitOfWork, people: Iterable[Person], notification: Notification) -> list[int]:
    told = [tell_person(uow, person.id, notification) for person in people]
    return [delivery for delivery in told if delivery is not None]


def tell_role(uow: UnitOfWork, unit_id: int, role: str, notification: Notification) -> list[int]:
    """To the nearest holders of the role up the management chain."""
    return tell_persons(uow, list_holders(uow, unit_id, role, uow.now.date()), notification)


def tell_board(uow: UnitOfWork, unit_id: int, team: str, notification: Notification) -> int | None:
    """To the group chat of the unit's team (or of the unit above that has one); None when there is no board."""
    board = uow.first(BOARD_OF, unit_id=unit_id, team=team)
    if board is None:
        return None
    zone = get_unit(uow, unit_id).time_zone
    return tell_chat(uow, Chat(board.channel, board.account, board.chat, time_zone=zone), notification)


def tell_below_cards(uow: UnitOfWork, notification: Notification) -> int:
    """Below every copy of the subject's card that stands on a board (its thread); returns how many boards there are."""
    subject = notification.subject
    assert subject is not None
    on_boards = [card for card in _cards_of(uow, subject) if card.person_id is None]
    for card in on_boards:
        chat = Chat(card.channel, card.account, card.chat, language=card.language, time_zone=card.time_zone)
        tell_chat(uow, chat, replace(notification, below=card.id))
    return len(on_boards)


def tell_chat(uow: UnitOfWork, chat: Chat, notification: Notification, *, person_id: int | None = None) -> int | None:
    notification_id = _write(uow, notification)
    if notification_id is None:
        return None
    row = _delivery(chat, notification_id, notification.urgency, uow, person_id)
    first = uow.one(NEW_DELIVERY, **row | {"target_id": notification.below}).id
    for media_id in notification.photos:
        uow.one(NEW_DELIVERY, **row | {"kind": "photo", "media_id": media_id, "target_id": first})
    uow.announce(f"lane:{chat.channel}")
    return int(first)


def refresh_cards(uow: UnitOfWork, subject: Subject, facts: dict[str, Any]) -> None:
    """Change every copy of the subject's cards, on every channel, to these facts. A change that has not left yet is replaced.

    Facts that belong to one copy (its `audience`) are kept from the card as it was sent.
    """
    written: dict[tuple[str, str], int] = {}
    for card in _cards_of(uow, subject):
        audience = card.facts.get("audience", "")
        if card.state == "pending":
            uow.run(REPLACE_FACTS, id_=card.notification_id, facts=facts | {"audience": audience})
            continue
        if (card.template, audience) not in written:
            merged = facts | {"audience": audience}
            notification = Notification(card.template, merged, subject, card.urgency)
            written[card.template, audience] = int(_write(uow, notification) or 0)
        uow.run(
            SUPERSEDE_EDIT,
            **{name: getattr(card, name) for name in _DELIVERY_VALUES}
            | {
                "notification_id": written[card.template, audience],
                "kind": "edit",
                "target_id": card.id,
                "state": "pending",
                "attempts": 0,
                "next_attempt_at": uow.now,
                "created_at": uow.now,
            },
        )
        uow.announce(f"lane:{card.channel}")


def withdraw(uow: UnitOfWork, subject: Subject, template: str) -> int:
    """Take back what has not left yet, in the same commit as the act that made it pointless; returns how many."""
    return uow.run(WITHDRAW, kind=subject.kind, id_=subject.id, template=template, now=uow.now)


def _cards_of(uow: UnitOfWork, subject: Subject) -> list[Any]:
    """Oldest first; sorted here, because SQLite pays more for sorting such wide rows than for finding them."""
    return sorted(uow.all(CARDS_OF, kind=subject.kind, id=subject.id), key=attrgetter("id"))


def zone_of(uow: UnitOfWork, person: Person) -> str:
    return person.time_zone or get_unit(uow, person.client_id).time_zone


def _write(uow: UnitOfWork, notification: Notification) -> int | None:
    subject = notification.subject
    row = uow.first(
        NEW_NOTIFICATION,
        client_id=subject.client_id if subject else None,
        template=notification.template,
        facts=notification.facts,
        subject_kind=subject.kind if subject else None,
        subject_id=subject.id if subject else None,
        urgency=notification.urgency,
        is_card=notification.card,
        dedupe_key=notification.dedupe_key,
        digest_key=notification.digest_key,
        created_at=uow.now,
    )
    return None if row is None else int(row.id)


def _delivery(chat: Chat, notification_id: int, urgency: int, uow: UnitOfWork, person_id: int | None) -> dict[str, Any]:
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
        "media_id": None,
        "language": chat.language,
        "time_zone": chat.time_zone,
        "state": "pending",
        "urgency": urgency,
        "attempts": 0,
        "next_attempt_at": uow.now,
        "created_at": uow.now,
        "heard_at": chat.heard_at,
    }
