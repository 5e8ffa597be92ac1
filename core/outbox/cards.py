"""Cards: every copy that was shown, on every channel, changes with the thing it stands for."""

from dataclasses import replace
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.record import Subject
from core.outbox.notify import DELIVERY_VALUES, Chat, Notification, tell_chat, write
from core.outbox.tables import deliveries, notifications
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

SUPERSEDE_EDIT = Statement(
    insert(deliveries)
    .values({name: bindparam(name) for name in DELIVERY_VALUES})
    .on_conflict_do_update(
        index_elements=["target_id"],
        index_where=(deliveries.c.kind == literally("edit")) & (deliveries.c.state == literally("pending")),
        set_={"notification_id": bindparam("notification_id")},
    )
)
REPLACE_FACTS = Statement(
    update(notifications).where(notifications.c.id == bindparam("id_")).values(facts=bindparam("facts"))
)
CARDS_OF = Statement(
    select(
        deliveries.c.id,
        *(deliveries.c[name] for name in DELIVERY_VALUES),
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


def tell_below_cards(uow: UnitOfWork, notification: Notification) -> int:
    """Below every copy of the subject's card that stands on a board (its thread); returns how many boards there are."""
    subject = notification.subject
    assert subject is not None
    on_boards = [card for card in _cards_of(uow, subject) if card.person_id is None]
    for card in on_boards:
        chat = Chat(card.channel, card.account, card.chat, language=card.language, time_zone=card.time_zone)
        tell_chat(uow, chat, replace(notification, below=card.id))
    return len(on_boards)


def refresh_cards(uow: UnitOfWork, subject: Subject, facts: dict[str, Any], *, template: str = "") -> None:
    """Change every copy of the subject's cards (or only those of one template), on every channel, to these facts. A
    change that has not left yet is replaced.

    Facts that belong to one copy (its `audience`) are kept from the card as it was sent.
    """
    written: dict[tuple[str, str], int] = {}
    for card in _cards_of(uow, subject):
        if template and card.template != template:
            continue
        audience = card.facts.get("audience", "")
        if card.state == "pending":
            uow.run(REPLACE_FACTS, id_=card.notification_id, facts=facts | {"audience": audience})
            continue
        if (card.template, audience) not in written:
            merged = facts | {"audience": audience}
            notification = Notification(card.template, merged, subject, card.urgency)
            written[card.template, audience] = int(write(uow, notification) or 0)
        uow.run(
            SUPERSEDE_EDIT,
            **{name: getattr(card, name) for name in DELIVERY_VALUES}
            | {
                "notification_id": written[card.template, audience],
                "kind": "edit",
                "target_id": card.id,
                "held_for": None,
                "bundle_key": None,
                "state": "pending",
                "attempts": 0,
                "next_attempt_at": uow.now,
                "created_at": uow.now,
            },
        )
        uow.announce(f"lane:{card.channel}")


def _cards_of(uow: UnitOfWork, subject: Subject) -> list[Any]:
    """Oldest first; sorted here, because SQLite pays more for sorting such wide rows than for finding them."""
    return sorted(uow.all(CARDS_OF, kind=subject.kind, id=subject.id), key=attrgetter("id"))
