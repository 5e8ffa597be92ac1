"""Who hears of a ticket: its dispatcher, its technician, the manager of its branch; and every copy of its card."""

from dataclasses import replace
from typing import Any

from core.outbox.cards import refresh_cards
from core.outbox.notify import NORMAL, URGENT, Notification, drop_updates, tell_named, tell_person, tell_role, withdraw
from core.people.queries import get_person
from core.people.tables import Person
from core.policies.policy import PERSON
from core.statements import Reader
from core.tickets.cards import facts_of
from core.tickets.policy import CHAIN
from core.tickets.queries import get_ticket_by_id, list_photos, subject_of
from core.tickets.rows import Completion, Ticket
from core.unit_of_work import UnitOfWork

ALERTS = ("ticket.answer", "ticket.due", "ticket.unassigned", "ticket.approval_waits")
AREA = "ticket.area"
DIGEST = "ticket"
OVER = ("closed", "cancelled")
DISPATCHERS = ("dispatcher", "owner", "admin")


def line(
    uow: UnitOfWork,
    ticket: Ticket,
    template: str,
    *,
    urgency: int = NORMAL,
    dedupe_key: str | None = None,
    **more: Any,
) -> Notification:
    """A message that is said once and stays as it was, unlike a card. Many that only inform become one."""
    facts = facts_of(uow, ticket) | {"by": uow.actor.name, "by_id": uow.actor.person_id} | more
    digest_key = DIGEST if urgency == NORMAL else None
    return Notification(
        template, facts, subject_of(ticket), urgency=urgency, digest_key=digest_key, dedupe_key=dedupe_key
    )


def card(uow: UnitOfWork, ticket: Ticket, audience: str, photos: tuple[int, ...] = ()) -> Notification:
    facts = facts_of(uow, ticket, audience)
    return Notification("ticket.card", facts, subject_of(ticket), urgency=URGENT, card=True, photos=photos)


def tell(uow: UnitOfWork, ticket: Ticket, whom: str, notification: Notification) -> bool:
    """`whom`: assignee, dispatcher, or a role up the management chain. Returns whether anybody could be told."""
    if whom == "assignee":
        return ticket.technician_id is not None and bool(tell_person(uow, ticket.technician_id, notification))
    if whom == "dispatcher":
        return tell_dispatcher(uow, ticket, notification)
    if whom.startswith(PERSON):
        return tell_named(uow, ticket.client_id, whom.removeprefix(PERSON), notification)
    return bool(tell_role(uow, ticket.unit_id, whom, notification))


def tell_dispatcher(uow: UnitOfWork, ticket: Ticket, notification: Notification) -> bool:
    """Its own dispatcher if at work, else the branch's dispatchers, else whoever can do their job."""
    own = get_person(uow, ticket.dispatcher_id) if ticket.dispatcher_id else None
    if own and own.status == "active" and tell_person(uow, own.id, notification):
        return True
    return any(tell_role(uow, ticket.unit_id, role, notification) for role in DISPATCHERS)


def tell_approver(uow: UnitOfWork, ticket: Ticket, completion: Completion) -> bool:
    """The store manager, else the next above who can be reached."""
    photos = photos_of(uow, ticket, completion)
    asked = card(uow, ticket, f"approver:{completion.id}", photos)
    notification = replace(asked, hastens="approval", facts=asked.facts | {"captions": captions_of(uow, ticket)})
    return any(tell_role(uow, ticket.unit_id, role, notification) for role in (*CHAIN, "admin"))


def photos_of(reader: Reader, ticket: Ticket, completion: Completion) -> tuple[int, ...]:
    """Media ids as one looks at them: before, work, after, each in the order they came."""
    mine = [photo for photo in list_photos(reader, ticket.id) if photo.completion_id == completion.id]
    return tuple(photo.media_id for kind in ("before", "work", "after") for photo in mine if photo.kind == kind)


def captions_of(reader: Reader, ticket: Ticket) -> dict[str, str]:
    """Media id -> what stands below the photo."""
    words = {"before": "Before", "after": "After", "work": "Work"}
    return {
        str(photo.media_id): f"{words[photo.kind]} · {ticket.number}" + (f" · {photo.caption}" if photo.caption else "")
        for photo in list_photos(reader, ticket.id)
    }


def offer_to(uow: UnitOfWork, ticket: Ticket, person: Person) -> None:
    """Put the card before the technician; the dispatcher is told when there is no way to."""
    offer = replace(card(uow, ticket, f"technician:{person.id}"), hastens="response")
    if tell_person(uow, person.id, offer) is None:
        tell_dispatcher(uow, ticket, line(uow, ticket, "ticket.unreached", urgency=URGENT))


def withdraw_alerts(uow: UnitOfWork, ticket: Ticket) -> None:
    for template in ALERTS:
        withdraw(uow, subject_of(ticket), template)


def changed(uow: UnitOfWork, ticket_id: int, **more: Any) -> Ticket:
    """The ticket as it is now; every copy of its card follows. What was still to be said about one that is over is dropped."""
    ticket = get_ticket_by_id(uow, ticket_id)
    if ticket.status in OVER:
        drop_updates(uow, subject_of(ticket))
    facts = facts_of(uow, ticket) | {"by": uow.actor.name, "by_id": uow.actor.person_id} | more
    refresh_cards(uow, subject_of(ticket), facts)
    _follow_parent(uow, ticket)
    return ticket


def tell_of_area(uow: UnitOfWork, ticket: Ticket, *, begins: bool) -> None:
    """One message about all branches with the same fault, when the group begins; whatever joins later is a line more on it."""
    if not begins:
        _follow_parent(uow, ticket)
    elif ticket.parent_id is not None:
        parent = get_ticket_by_id(uow, ticket.parent_id)
        tell_dispatcher(uow, parent, replace(card(uow, parent, "dispatcher"), template=AREA))


def _follow_parent(uow: UnitOfWork, ticket: Ticket) -> None:
    if ticket.parent_id is not None:
        parent = get_ticket_by_id(uow, ticket.parent_id)
        refresh_cards(uow, subject_of(parent), facts_of(uow, parent), template=AREA)
