"""Finding somebody for a ticket: the primary technician of the branch, then whoever has not been asked, then the dispatcher."""

from core.audit.record import record
from core.people.queries import list_holders
from core.people.tables import Person
from core.policies import climbing
from core.tickets import events, writes
from core.tickets.policy import alone_steps, offer_steps, within
from core.tickets.queries import get_ticket_by_id, list_offers, subject_of
from core.tickets.refusals import refusal
from core.tickets.rows import Ticket
from core.tickets.subcategories import get_subcategory
from core.tickets.telling import offer_to
from core.unit_of_work import UnitOfWork


def offer_next(uow: UnitOfWork, ticket: Ticket) -> Ticket:
    """Offer it to the next technician who has not been asked; nobody left: it stays new and climbs from now on."""
    asked = {offer.person_id for offer in list_offers(uow, ticket.id)}
    technicians = list_holders(uow, ticket.unit_id, "technician", uow.now.date())
    for person in technicians:
        if person.id not in asked:
            offered = put_before(uow, ticket, person)
            record(uow, subject_of(ticket), events.TicketOffered(person.name))
            offer_to(uow, offered, person)
            return offered
    climbing.start(uow, subject_of(ticket), "response", alone_steps(response_minutes(uow, ticket)))
    return ticket


def put_before(uow: UnitOfWork, ticket: Ticket, person: Person) -> Ticket:
    """From now on it is this person's to answer, with a fresh clock. Raises Conflict when it is too late for that."""
    minutes = response_minutes(uow, ticket)
    due_at = within(minutes, uow.now)
    if uow.first(writes.OFFER, id_=ticket.id, person_id=person.id, due_at=due_at, now=uow.now) is None:
        raise refusal(uow, ticket.id)
    end_offer(uow, ticket, "withdrawn")
    uow.run(writes.NEW_OFFER, ticket_id=ticket.id, person_id=person.id, now=uow.now, due_at=due_at)
    climbing.start(uow, subject_of(ticket), "response", offer_steps(minutes))
    return get_ticket_by_id(uow, ticket.id)


def take_back(uow: UnitOfWork, ticket: Ticket, ended: str, reason: str = "") -> bool:
    """End the offer to the technician it was made to; False when they (or somebody else) were quicker."""
    if uow.first(writes.TAKE_BACK, id_=ticket.id, seen=ticket.technician_id, now=uow.now) is None:
        return False
    end_offer(uow, ticket, ended, reason)
    return True


def end_offer(uow: UnitOfWork, ticket: Ticket, ended: str, reason: str = "") -> None:
    uow.run(writes.SETTLE_OFFER, ticket=ticket.id, ended=ended, because=reason, now=uow.now)


def response_minutes(uow: UnitOfWork, ticket: Ticket) -> int:
    return get_subcategory(uow, ticket.subcategory_id).response_minutes[ticket.priority]
