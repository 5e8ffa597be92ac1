"""Why a command cannot be: where the ticket stands, through whom and since when."""

from core.elapsed import ago
from core.errors import Conflict
from core.people.permissions import ROLES_WITH
from core.people.queries import get_person, get_unit
from core.tickets.queries import find_completion, get_ticket_by_id
from core.tickets.rows import Ticket
from core.unit_of_work import UnitOfWork


def worked_by_actor(uow: UnitOfWork, ticket_id: int) -> Ticket:
    """The ticket, if it is the actor's own or the actor directs its branch. Raises Conflict that says whose it is."""
    ticket = get_ticket_by_id(uow, ticket_id)
    own = ticket.technician_id is not None and ticket.technician_id == uow.actor.person_id
    if own or uow.actor.kind == "system" or directs(uow, ticket):
        return ticket
    raise Conflict(where_it_stands(uow, ticket))


def directs(uow: UnitOfWork, ticket: Ticket) -> bool:
    return uow.actor.covers(get_unit(uow, ticket.unit_id).path, ROLES_WITH["ticket.direct"])


def refusal(uow: UnitOfWork, ticket_id: int, hint: str = "") -> Conflict:
    """For a conditional write that found no row: what is true instead. `{}` in the hint stands for the reference."""
    ticket = get_ticket_by_id(uow, ticket_id)
    return Conflict(f"{where_it_stands(uow, ticket)} {hint.format(ticket.number)}".strip())


def where_it_stands(uow: UnitOfWork, ticket: Ticket) -> str:
    match ticket.status:
        case "new":
            return f"{ticket.number} has no technician yet; it was opened {ago(ticket.created_at, uow.now)}."
        case "assigned":
            to = "you" if ticket.technician_id == uow.actor.person_id else _name(uow, ticket.technician_id)
            return f"{ticket.number} was offered to {to} {ago(ticket.assigned_at, uow.now)}."
        case "in_progress":
            return f"{_name(uow, ticket.technician_id)} accepted {ticket.number} {ago(ticket.accepted_at, uow.now)}."
        case "completed":
            who = _name(uow, ticket.technician_id)
            return f"{who} completed {ticket.number} {ago(ticket.completed_at, uow.now)}; it waits for approval."
        case "closed":
            completion = find_completion(uow, ticket.id)
            who = _name(uow, completion.decided_by if completion else None)
            return f"{who} approved and closed {ticket.number} {ago(ticket.closed_at, uow.now)}."
        case _:
            return f"{ticket.number} was cancelled {ago(ticket.cancelled_at, uow.now)}: {ticket.cancel_reason}"


def _name(uow: UnitOfWork, person_id: int | None) -> str:
    if person_id is None:
        return "Callboard"
    return "You" if person_id == uow.actor.person_id else get_person(uow, person_id).name
