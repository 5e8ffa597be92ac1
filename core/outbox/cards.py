"""Cards: every copy that was shown, on every channel, changes with the thing it stands for."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.subject import Subject
from core.outbox.copies import COPIES_OF, IS_COPY, list_copies
from core.outbox.notify import Chat, Notification, tell_chat, write
from core.outbox.tables import deliveries, notifications
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

_d, _n = deliveries.c, notifications.c
_IN_COMMON = (
    "channel", "account", "chat", "thread", "visible_to", "person_id", "contact_method_id", "language", "time_zone", "urgency",
    "heard_at", "whose",
)  # fmt: skip
_CHANGE: dict[str, Any] = {name: _d[name] for name in _IN_COMMON} | {
    "notification_id": bindparam("notification_id", type_=_n.id.type),
    "target_id": _d.id,
    "kind": literally("edit"),
    "state": literally("pending"),
    "attempts": literal_column("0"),
    "next_attempt_at": bindparam("at", type_=_d.next_attempt_at.type),
    "created_at": bindparam("now", type_=_d.created_at.type),
}
_shown = (
    select(*_CHANGE.values())
    .join(notifications, _n.id == _d.notification_id)
    .where(*IS_COPY, _n.template == bindparam("template"), _d.state != literally("pending"))
    .order_by(_n.id, _d.id)  # in one order: two who change the same copies must not deadlock
)
_changes = insert(deliveries).from_select(list(_CHANGE), _shown)
CHANGE_COPIES = Statement(
    _changes.on_conflict_do_update(
        index_elements=["target_id"],
        index_where=(_d.kind == literally("edit")) & (_d.state == literally("pending")),
        set_={"notification_id": _changes.excluded.notification_id},
    ),
    unseen_by=[COPIES_OF],
)
"""A change of every copy that is shown of one template's cards; one that has not left yet is replaced."""
REPLACE_FACTS = Statement(update(notifications).where(_n.id == bindparam("id_")).values(facts=bindparam("facts")))
FACTS_OF = Statement(select(_n.facts).where(_n.id == bindparam("id")))
LAST_CHANGE = Statement(
    select(_n.facts)
    .join(deliveries, _d.notification_id == _n.id)
    .where(_d.target_id == bindparam("target_id"), _d.kind == literally("edit"))
    .order_by(_d.id.desc())
    .limit(1)
)
OWN = "audience"
"""The fact that belongs to one copy and stays as it is."""


def tell_below_cards(uow: UnitOfWork, notification: Notification, *, of: Subject | None = None) -> int:
    """Below every copy of the subject's card that stands on a board (its thread); returns how many boards there are. `of`: whose
    cards, where the notification is about something of its own."""
    subject = of or notification.subject
    assert subject is not None
    on_boards = [card for card in list_copies(uow, subject) if card.person_id is None]
    for card in on_boards:
        chat = Chat(card.channel, card.account, card.chat, language=card.language, time_zone=card.time_zone)
        tell_chat(uow, chat, notification, below=card.id)
    return len(on_boards)


def list_boards(uow: UnitOfWork, subject: Subject) -> list[Chat]:
    """The boards where a copy of its card stands."""
    return [Chat(card.channel, card.account, card.chat) for card in list_copies(uow, subject) if card.person_id is None]


def places_of(uow: UnitOfWork, subject: Subject) -> set[tuple[str, str, str]]:
    """Channel, account and chat of every copy of its card."""
    return {(card.channel, card.account, card.chat) for card in list_copies(uow, subject)}


def find_card(uow: UnitOfWork, subject: Subject, chat: Chat) -> int | None:
    """The delivery that brought its card to that chat."""
    where = chat.channel, chat.account, chat.chat
    copies = list_copies(uow, subject)
    return next((card.id for card in copies if (card.channel, card.account, card.chat) == where), None)


def stands_in(uow: UnitOfWork, subject: Subject, chat: Chat) -> bool:
    """Whether that chat has a copy of its card."""
    return (chat.channel, chat.account, chat.chat) in places_of(uow, subject)


def refresh_cards(
    uow: UnitOfWork,
    subject: Subject,
    facts: dict[str, Any],
    *,
    template: str = "",
    lasting: bool = False,
    after: timedelta = timedelta(0),
) -> None:
    """Change every copy of the subject's cards (or only those of one template), on every channel: these facts in place of
    those it was sent with. A change that has not left yet is replaced. `lasting`: later changes begin from these facts.
    `after`: what changes again so soon is shown once.

    The notification of a change has only what changes; whoever renders it puts that over the card's own facts.
    """
    changes = {name: value for name, value in facts.items() if name != OWN} if OWN in facts else facts
    shown: dict[str, Any] = {}
    for card in list_copies(uow, subject):
        if template and card.template != template:
            continue
        if lasting or card.state == "pending":
            _replace(uow, card.notification_id, changes)
        if card.state != "pending":
            shown.setdefault(card.template, card)
            uow.announce(f"lane:{card.channel}")
    for name, card in shown.items():
        change = write(uow, Notification(name, changes, subject, card.urgency))
        about = {"kind": subject.kind, "id": subject.id, "template": name}
        uow.run(CHANGE_COPIES, notification_id=change, **about, at=uow.now + after, now=uow.now)


def bring_up_to_date(uow: UnitOfWork, delivery_id: int, notification_id: int) -> None:
    """A card may have been changed since it left; what is sent in its place shows how things stand."""
    change = uow.first(LAST_CHANGE, target_id=delivery_id)
    if change is not None:
        _replace(uow, notification_id, change.facts)


def _replace(uow: UnitOfWork, notification_id: int, changes: dict[str, Any]) -> None:
    uow.run(REPLACE_FACTS, id_=notification_id, facts=uow.one(FACTS_OF, id=notification_id).facts | changes)
