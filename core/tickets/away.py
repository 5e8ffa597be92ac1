"""A technician is not there any more: what they were offered goes to the next, what they have begun to the dispatcher."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import bindparam, exists, or_, select

from core.audit.record import record
from core.outbox.notify import URGENT
from core.people.queries import AWAY, PERSON_COLUMNS
from core.people.tables import Person, persons
from core.statements import Reader, Statement, literally
from core.tickets import events
from core.tickets.offering import offer_next, take_back
from core.tickets.queries import COLUMNS, get_ticket_by_id, list_queue, subject_of
from core.tickets.rows import Ticket
from core.tickets.tables import tickets
from core.tickets.telling import changed, line, tell_dispatcher
from core.unit_of_work import UnitOfWork

MOST = 1000
_OFFERED = tickets.c.status == literally("assigned")
HAVE_OFFERS = Statement(
    select(*PERSON_COLUMNS)
    .where(
        or_(persons.c.status != literally("active"), AWAY),
        exists().where(tickets.c.technician_id == persons.c.id, _OFFERED),
    )
    .order_by(persons.c.id)
    .limit(bindparam("limit")),
    Person,
)
OFFERED_TO = Statement(
    select(*COLUMNS).where(tickets.c.technician_id == bindparam("person_id"), _OFFERED).order_by(tickets.c.id), Ticket
)


def list_away_with_offers(reader: Reader, today: date, limit: int) -> Sequence[Person]:
    """Whose leave has begun, or was said by a file, while they had offers to answer."""
    return reader.all(HAVE_OFFERS, today=today, limit=limit)


def hand_on_offers(uow: UnitOfWork, people: int) -> int:
    """Of at most so many people; returns how many offers went on."""
    away = list_away_with_offers(uow, uow.now.date(), people)
    offers = [(ticket, person) for person in away for ticket in uow.all(OFFERED_TO, person_id=person.id)]
    for ticket, person in offers:
        _offer_again(uow, ticket, person)
    return len(offers)


def hand_on(uow: UnitOfWork, person: Person) -> None:
    for ticket in list_queue(uow, person.client_id, technician_id=person.id, limit=MOST):
        if ticket.status == "assigned":
            _offer_again(uow, ticket, person)
        elif ticket.status == "in_progress":
            tell_dispatcher(uow, ticket, line(uow, ticket, "ticket.away", urgency=URGENT, who=person.name))


def _offer_again(uow: UnitOfWork, ticket: Ticket, person: Person) -> None:
    status = "on_leave" if person.status == "active" else person.status
    if not take_back(uow, ticket, "withdrawn", status.replace("_", " ")):
        return
    record(uow, subject_of(ticket), events.OfferWithdrawn(person.name, status))
    offer_next(uow, get_ticket_by_id(uow, ticket.id))
    ticket = changed(uow, ticket.id)
    tell_dispatcher(uow, ticket, line(uow, ticket, "ticket.away", urgency=URGENT, who=person.name))
