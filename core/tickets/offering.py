"""Putting a ticket before somebody, taking it back, and what is left when nobody can be asked."""

from core.audit.record import record
from core.outbox.notify import withdraw
from core.people.tables import Person
from core.tickets import events, writes
from core.tickets.candidates import choose
from core.tickets.queries import get_ticket_by_id, list_offers, subject_of
from core.tickets.refusals import refusal
from core.tickets.rows import Ticket
from core.tickets.subcategories import get_subcategory
from core.tickets.targets import target, watch_alone, watch_offer
from core.tickets.telling import offer_to
from core.unit_of_work import UnitOfWork


def offer_next(uow: UnitOfWork, ticket: Ticket, *, own_only: bool = False) -> Ticket:
    """Offer it to the next who was not asked (`own_only`: of the branch). Nobody left: it stays new, and climbs from now on."""
    offered = try_to_offer(uow, ticket, own_only=own_only)
    if offered is None:
        watch_alone(uow, ticket, response_minutes(uow, ticket))
    return offered or ticket


def try_to_offer(uow: UnitOfWork, ticket: Ticket, *, own_only: bool) -> Ticket | None:
    asked = {offer.person_id for offer in list_offers(uow, ticket.id)}
    candidate = choose(uow, ticket, asked, own_only=own_only)
    if candidate is None:
        return None
    offered = put_before(uow, ticket, candidate.person, candidate.because)
    record(uow, subject_of(ticket), events.TicketOffered(candidate.person.name, candidate.because))
    offer_to(uow, offered, candidate.person)
    return offered


def put_before(uow: UnitOfWork, ticket: Ticket, person: Person, because: str) -> Ticket:
    """From now on it is this person's to answer, with a fresh clock. Raises Conflict when it is too late for that."""
    minutes = response_minutes(uow, ticket)
    due_at = target(uow, ticket.unit_id, minutes, uow.now)
    if uow.first(writes.OFFER, id_=ticket.id, person_id=person.id, due_at=due_at, now=uow.now) is None:
        raise refusal(uow, ticket.id)
    end_offer(uow, ticket, "withdrawn")
    offer = {"person_id": person.id, "because": because, "now": uow.now, "due_at": due_at}
    uow.run(writes.NEW_OFFER, ticket_id=ticket.id, **offer)
    watch_offer(uow, ticket, minutes)
    return get_ticket_by_id(uow, ticket.id)


def take_back(uow: UnitOfWork, ticket: Ticket, ended: str, reason: str = "") -> bool:
    """End the offer to the technician it was made to; False when they (or somebody else) were quicker."""
    if uow.first(writes.TAKE_BACK, id_=ticket.id, seen=ticket.technician_id, now=uow.now) is None:
        return False
    end_offer(uow, ticket, ended, reason)
    return True


def end_offer(uow: UnitOfWork, ticket: Ticket, ended: str, reason: str = "") -> None:
    withdraw(uow, subject_of(ticket), "ticket.answer")
    uow.run(writes.SETTLE_OFFER, ticket=ticket.id, ended=ended, because=reason, now=uow.now)


def response_minutes(uow: UnitOfWork, ticket: Ticket) -> int:
    return get_subcategory(uow, ticket.subcategory_id).response_minutes[ticket.priority]
