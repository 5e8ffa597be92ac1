"""Cards: every copy that was shown, on every channel, changes with the thing it stands for."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, literal_column, update
from sqlalchemy.dialects.postgresql import insert  # its ON CONFLICT is understood by both databases

from core.audit.subject import Subject
from core.outbox.copies import COPIES_OF, PLACE, list_copies
from core.outbox.notify import Chat, Notification, tell_chat, write
from core.outbox.tables import deliveries, notifications
from core.statements import Statement, literally
from core.unit_of_work import UnitOfWork

_edit: dict[str, Any] = {
    name: bindparam(name) for name in (*PLACE, "notification_id", "target_id", "next_attempt_at", "created_at")
}
_same = {"kind": literally("edit"), "state": literally("pending"), "attempts": literal_column("0")}
SUPERSEDE_EDIT = Statement(
    insert(deliveries)
    .values(_edit | _same)
    .on_conflict_do_update(
        index_elements=["target_id"],
        index_where=(deliveries.c.kind == literally("edit")) & (deliveries.c.state == literally("pending")),
        set_={"notification_id": bindparam("notification_id")},
    ),
    unseen_by=[COPIES_OF],
)
REPLACE_FACTS = Statement(
    update(notifications).where(notifications.c.id == bindparam("id_")).values(facts=bindparam("facts"))
)


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

    Facts that belong to one copy (its `audience`) stay as they are.
    """
    written: dict[tuple[str, str], int] = {}
    for card in list_copies(uow, subject):
        if template and card.template != template:
            continue
        audience = card.facts.get("audience", "")
        changed = card.facts | facts | {"audience": audience}
        if lasting or card.state == "pending":
            uow.run(REPLACE_FACTS, id_=card.notification_id, facts=changed)
        if card.state == "pending":
            continue
        if (card.template, audience) not in written:
            notification = Notification(card.template, changed, subject, card.urgency)
            written[card.template, audience] = int(write(uow, notification) or 0)
        place = {name: getattr(card, name) for name in PLACE}
        new = {"notification_id": written[card.template, audience], "target_id": card.id}
        uow.run(SUPERSEDE_EDIT, next_attempt_at=uow.now + after, created_at=uow.now, **place, **new)
        uow.announce(f"lane:{card.channel}")
