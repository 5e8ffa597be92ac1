"""A technician is not there any more: what they were offered goes to the next, what they have begun to the dispatcher."""

from core.audit.record import record
from core.outbox.notify import URGENT
from core.people.tables import Person
from core.tickets import events
from core.tickets.offering import offer_next, take_back
from core.tickets.queries import get_ticket_by_id, list_queue, subject_of
from core.tickets.rows import Ticket
from core.tickets.telling import changed, line, tell_dispatcher
from core.unit_of_work import UnitOfWork

MOST = 1000


def hand_on(uow: UnitOfWork, person: Person) -> None:
    for ticket in list_queue(uow, person.client_id, technician_id=person.id, limit=MOST):
        if ticket.status == "assigned":
            _offer_again(uow, ticket, person)
        elif ticket.status == "in_progress":
            tell_dispatcher(uow, ticket, line(uow, ticket, "ticket.away", urgency=URGENT, who=person.name))


def _offer_again(uow: UnitOfWork, ticket: Ticket, person: Person) -> None:
    if not take_back(uow, ticket, "withdrawn", person.status.replace("_", " ")):
        return
    record(uow, subject_of(ticket), events.OfferWithdrawn(person.name, person.status))
    offer_next(uow, get_ticket_by_id(uow, ticket.id))
    ticket = changed(uow, ticket.id)
    tell_dispatcher(uow, ticket, line(uow, ticket, "ticket.away", urgency=URGENT, who=person.name))
