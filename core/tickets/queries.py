"""Finding tickets: by number, by what people type, by urgency; and what belongs to one."""

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, literal_column, select

from core.audit.record import Subject
from core.errors import Invalid, NotFound
from core.people.tables import Person, units
from core.row_sets import ids_of
from core.statements import Reader, Statement, literally
from core.tickets.rows import Completion, Offer, Ticket, TicketPhoto
from core.tickets.tables import completions, ticket_offers, ticket_photos, tickets

COLUMNS = [tickets.c[name] for name in Ticket.__dataclass_fields__]
OPEN = tickets.c.status.not_in([literally("closed"), literally("cancelled")])
RUNNING_NUMBER = re.compile(r"(?:tkt-?)?\s*#?\s*0*(\d+)", re.IGNORECASE)

BY_ID = Statement(select(*COLUMNS).where(tickets.c.id == bindparam("id")), Ticket)
BY_NUMBER = Statement(
    select(*COLUMNS).where(tickets.c.client_id == bindparam("client_id"), tickets.c.number == bindparam("number")),
    Ticket,
)
BY_EXTERNAL_ID = Statement(
    select(*COLUMNS).where(
        tickets.c.client_id == bindparam("client_id"), tickets.c.external_id == bindparam("external_id")
    ),
    Ticket,
)
OPEN_BY_RUNNING = Statement(
    select(*COLUMNS)
    .where(tickets.c.client_id == bindparam("client_id"), tickets.c.running == bindparam("running"), OPEN)
    .order_by(tickets.c.id),
    Ticket,
)
NOT_BY_CLIENT = literal_column("+tickets.client_id") == bindparam("client_id")
"""The sign keeps SQLite from the index of the whole client (sqlite.org/optoverview.html, 2)."""
_BELOW = tickets.c.unit_id.in_(
    select(units.c.id).where(units.c.client_id == bindparam("client_id"), units.c.path.like(bindparam("below")))
)
_QUEUE = (
    select(*COLUMNS)
    .where(OPEN)
    .order_by(tickets.c.priority, tickets.c.resolution_due_at, tickets.c.id)
    .limit(bindparam("limit"))
)
_HIS = tickets.c.technician_id == bindparam("technician_id")
QUEUE = Statement(_QUEUE.where(tickets.c.client_id == bindparam("client_id")), Ticket)
QUEUE_BELOW = Statement(_QUEUE.where(NOT_BY_CLIENT, _BELOW), Ticket)
QUEUE_OF = Statement(_QUEUE.where(NOT_BY_CLIENT, _HIS), Ticket)
QUEUE_OF_BELOW = Statement(_QUEUE.where(NOT_BY_CLIENT, _HIS, _BELOW), Ticket)
STARTED = Statement(
    select(*COLUMNS)
    .where(tickets.c.technician_id == bindparam("technician_id"), tickets.c.status == literally("in_progress"))
    .order_by(tickets.c.accepted_at, tickets.c.id),
    Ticket,
)
DONE = Statement(
    select(*COLUMNS)
    .where(
        tickets.c.technician_id == bindparam("technician_id"),
        tickets.c.status.in_([literally("completed"), literally("closed")]),
        tickets.c.completed_at >= bindparam("since"),
    )
    .order_by(tickets.c.completed_at.desc(), tickets.c.id.desc())
    .limit(10),
    Ticket,
)
OFFERS_OF = Statement(
    select(*[ticket_offers.c[name] for name in Offer.__dataclass_fields__])
    .where(ticket_offers.c.ticket_id == bindparam("ticket_id"))
    .order_by(ticket_offers.c.id),
    Offer,
)
_COMPLETION_COLUMNS = [completions.c[name] for name in Completion.__dataclass_fields__]
COMPLETION_BY_ID = Statement(select(*_COMPLETION_COLUMNS).where(completions.c.id == bindparam("id")), Completion)
COMPLETIONS_OF = Statement(
    select(*_COMPLETION_COLUMNS)
    .where(completions.c.ticket_id == bindparam("ticket_id"))
    .order_by(completions.c.id.desc()),
    Completion,
)
PHOTOS_OF = Statement(
    select(*[ticket_photos.c[name] for name in TicketPhoto.__dataclass_fields__])
    .where(ticket_photos.c.ticket_id == bindparam("ticket_id"))
    .order_by(ticket_photos.c.id),
    TicketPhoto,
)
_of_these = ids_of("people")
NUMBERS_OF = Statement(
    select(tickets.c.technician_id, tickets.c.number)
    .join(_of_these, _of_these.c.id == tickets.c.technician_id)
    .where(tickets.c.status.in_([literally(status) for status in ("assigned", "in_progress", "completed")]))
    .order_by(tickets.c.id)
)


def get_ticket(reader: Reader, client_id: int, number: str) -> Ticket:
    found = reader.first(BY_NUMBER, client_id=client_id, number=number.strip().upper())
    if found is None:
        raise NotFound(f"There is no {number.strip().upper()}.")
    return found


def get_ticket_by_id(reader: Reader, ticket_id: int) -> Ticket:
    found = reader.first(BY_ID, id=ticket_id)
    if found is None:
        raise NotFound("There is no such ticket.")
    return found


def find_ticket_by_words(reader: Reader, client_id: int, words: str) -> Ticket | None:
    """The full number, or `12`, `#12`, `TKT-12`: the only open one with that running number. Raises Invalid when several are."""
    by_number = reader.first(BY_NUMBER, client_id=client_id, number=words.strip().upper())
    short = RUNNING_NUMBER.fullmatch(words.strip())
    if by_number or not short or len(short[1]) > 9:
        return by_number
    found = reader.all(OPEN_BY_RUNNING, client_id=client_id, running=int(short[1]))
    if len(found) > 1:
        raise Invalid(f"Which one: {' or '.join(ticket.number for ticket in found)}?", field="ticket")
    return found[0] if found else None


def find_by_external_id(reader: Reader, client_id: int, external_id: str) -> Ticket | None:
    return reader.first(BY_EXTERNAL_ID, client_id=client_id, external_id=external_id)


def list_queue(
    reader: Reader, client_id: int, path: str = "/", *, technician_id: int = 0, limit: int = 50
) -> list[Ticket]:
    """Open tickets at the unit with this path and below (of one technician, if given), the most urgent first."""
    everywhere = path in ("/", f"/{client_id}/")
    person = {"technician_id": technician_id} if technician_id else {}
    if everywhere:
        return reader.all(QUEUE_OF if person else QUEUE, client_id=client_id, limit=limit, **person)
    statement = QUEUE_OF_BELOW if person else QUEUE_BELOW
    return reader.all(statement, client_id=client_id, below=f"{path}%", limit=limit, **person)


def list_started(reader: Reader, technician_id: int) -> list[Ticket]:
    """What the technician has accepted and not completed yet, the longest accepted first."""
    return reader.all(STARTED, technician_id=technician_id)


def list_done(reader: Reader, technician_id: int, since: datetime) -> list[Ticket]:
    """What the technician has completed since then, the latest first; at most ten."""
    return reader.all(DONE, technician_id=technician_id, since=since)


def list_numbers_of_all(reader: Reader, people: Sequence[Person]) -> dict[int, list[str]]:
    """Numbers of the open tickets of these people, the oldest first; by person."""
    found: dict[int, list[str]] = {person.id: [] for person in people}
    for row in reader.all(NUMBERS_OF, people=tuple((one,) for one in found)):
        found[row.technician_id].append(row.number)
    return found


def list_offers(reader: Reader, ticket_id: int) -> list[Offer]:
    """To whom it was offered, in that order."""
    return reader.all(OFFERS_OF, ticket_id=ticket_id)


def get_completion(reader: Reader, completion_id: int) -> Completion:
    found = reader.first(COMPLETION_BY_ID, id=completion_id)
    if found is None:
        raise NotFound("There is no such completion.")
    return found


def find_completion(reader: Reader, ticket_id: int) -> Completion | None:
    """The latest one: those before it were rejected."""
    return reader.first(COMPLETIONS_OF, ticket_id=ticket_id)


def list_photos(reader: Reader, ticket_id: int) -> list[TicketPhoto]:
    """In the order they were given."""
    return reader.all(PHOTOS_OF, ticket_id=ticket_id)


def subject_of(ticket: Ticket) -> Subject:
    return Subject("ticket", ticket.id, ticket.number, ticket.client_id, ticket.unit_id)


def missed_response(ticket: Ticket, now: datetime) -> bool:
    """Whether the service level's promise was broken; derived, never stored."""
    return (ticket.first_response_at or now) > ticket.response_promised_at


def target_of(ticket: Ticket) -> datetime:
    """By when it is to be repaired now."""
    return ticket.rework_due_at or ticket.resolution_due_at
